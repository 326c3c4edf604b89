"""Which codes meet: a triangle of the most frequent ones, and the pairs."""

from __future__ import annotations

from collections.abc import Mapping

from postil_base.plural import counted
from postil_model.counts.cooccurrence import JACCARD_OF, Cooccurrence, Mode
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import fitted, shown
from postil_tui.widgets.rows import Line

MODES: tuple[Mode, ...] = ("overlap", "turn", "transcript")
WORDS: Mapping[Mode, str] = {
    "overlap": "segments that share words",
    "turn": "turns with both codes",
    "transcript": "transcripts with both codes",
}
_SHADES = "░▒▓█"
_NAME, _CELL, _PAIRS = 27, 5, 30


def together_lines(found: Cooccurrence, ink: StyleSheet, width: int) -> list[Line]:
    """The triangle, then the pairs that meet most often."""
    pairs = found.pairs()
    if not pairs:
        return [[(f"  no two codes meet ({WORDS[found.mode]})", ink.quiet)]]
    chosen = _chosen(found, max((width - _NAME - 4) // _CELL, 2))
    over = f"   Jaccard of {JACCARD_OF[found.mode]}"
    lines: list[Line] = [
        [(f"  {WORDS[found.mode]}", ink.strong), (over, ink.quiet), ("   o: another way of meeting", ink.faint)],
        [],
    ]
    lines += _triangle(found, chosen, ink)
    lines += [[], [(f"  {'pair':<50} {'together':>8} {'c':>6} {'Jaccard':>8}", ink.faint)]]
    for one, other, count, c, jaccard in pairs[:_PAIRS]:
        name = [("  ", ink.plain), ("■ ", ink.code(one)), (shown(one), ink.plain), (" · ", ink.faint)]
        name += [("■ ", ink.code(other)), (shown(other), ink.plain)]
        used = len(shown(one)) + len(shown(other)) + 9
        lines.append([*name, (f"{' ' * max(52 - used, 1)} {count:>8} {c:>6.2f} {jaccard:>8.2f}", ink.quiet)])
    more = len(pairs) - _PAIRS
    return [*lines, [(f"  and {counted(more, 'pair')} more; w writes all of them", ink.faint)]] if more > 0 else lines


def _chosen(found: Cooccurrence, most: int) -> list[int]:
    """Codes that meet others most often, in the order of the codebook as far as it is known."""
    import numpy as np

    others = found.counts.sum(axis=1) - np.diag(found.counts)
    ranked = sorted(range(len(found.codes)), key=lambda place: -int(others[place]))
    return sorted(place for place in ranked[: min(most, 20)] if others[place])


def _triangle(found: Cooccurrence, chosen: list[int], ink: StyleSheet) -> list[Line]:
    top = max((int(found.counts[i, j]) for i in chosen for j in chosen if i != j), default=1) or 1
    lines: list[Line] = []
    for row, one in enumerate(chosen):
        code = found.codes[one]
        line = [("  ■ ", ink.code(code)), (fitted(shown(code), _NAME - 6), ink.plain)]
        line.append((f"{row + 1:>2}", ink.faint))
        for other in chosen[:row]:
            count = int(found.counts[one, other])
            shade = _SHADES[min(count * len(_SHADES) // (top + 1), len(_SHADES) - 1)] * 2 if count else "  "
            line.append((f" {shade}{count or '·':<2}", ink.accent if count else ink.faint))
        lines.append(line)
    heads = "".join(f"   {number:<2}" for number in range(1, len(chosen)))
    return [*lines, [(f"{' ' * _NAME}{heads}", ink.faint)]]
