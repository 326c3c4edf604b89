"""The views as lines of styled text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from postil_base.plural import counted
from postil_codebook.values import Codebook
from postil_tui.overview.values import Overview, new_codes
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.widgets.rows import Line

_BAR = 8
_SHADES = " ░▒▓█"


def progress_lines(
    data: Overview, ink: StyleSheet, width: int = 160, places: Mapping[str, str] | None = None
) -> list[Line]:
    """Transcripts by coders: share of the participants' words that is coded, and what is finished; one's last place."""
    head = "".join(fitted(f"  {shown(coder)}", _BAR + 9) for coder in data.coders)
    roomy = places is not None and 16 + cells(head) + 22 <= width
    lines: list[Line] = [[(f"  {'':14}{head}{'  your last place' if roomy else ''}", ink.faint)]]
    for transcript_id in data.transcripts:
        line = [(f"  {fitted(shown(transcript_id), 14)}", ink.plain)]
        for coder in data.coders:
            at = data.progress.get((coder, transcript_id))
            if at is None:
                line.append((fitted("  ·", _BAR + 9), ink.faint))
                continue
            full = round(at.share * _BAR)
            line += [("  " + "━" * full, ink.accent), ("─" * (_BAR - full), ink.line)]
            line += [(f" {at.share:>4.0%}", ink.quiet), (" ✓" if at.done else "  ", ink.style(ink.paper.good))]
        line += [(f"  {(places or {}).get(transcript_id, '')}", ink.quiet)] if roomy else []
        lines.append(line)
    finished = sum(bool(at.done) for at in data.progress.values())
    lines += [
        [],
        [(f"  {finished} of {counted(len(data.progress), 'layer')} finished   · not begun   ✓ finished", ink.faint)],
    ]
    return lines + _blind(data, ink)


def heat_lines(data: Overview, book: Codebook, ink: StyleSheet, width: int = 160) -> list[Line]:
    """Codes by transcripts: the darker, the more segments; the sum and in how many transcripts at the right."""
    used = [code for code in book.codes.values() if any(data.counts[t][code.id] for t in data.transcripts)]
    most = max((data.counts[t][code.id] for code in used for t in data.transcripts), default=1)
    name, cell = _heat_columns(len(data.transcripts), width)
    heads = "".join(f"{shown(t)[-min(cell - 1, 4) :]:>{cell}}" for t in data.transcripts)
    lines: list[Line] = [[(f"  {'':{name + 3}}", ink.faint), (heads if cell > 2 else "", ink.faint)]]
    for code in used:
        style = ink.code(code.id)
        counts = [data.counts[t][code.id] for t in data.transcripts]
        line = [("  ■ ", style), (fitted(shown(code.id), name), ink.plain)]
        line += [(_heat(count, most, cell), style if count else ink.faint) for count in counts]
        line.append((f"  {sum(counts):>4}  in {sum(1 for c in counts if c):>2}", ink.quiet))
        lines.append(line)
    whose = ", ".join(dict.fromkeys(coder for coder in data.counted.values() if coder)) or "nobody"
    lines += [[], [(f"  segments of the coding of record, else your own ({whose})", ink.faint)]]
    return lines + _blind(data, ink)


def _heat_columns(transcripts: int, width: int) -> tuple[int, int]:
    """Cells for the name of a code and for each transcript, as many as there is room for."""
    for name, cell in ((24, 6), (24, 4), (20, 4), (20, 3), (16, 3)):
        if name + 18 + cell * transcripts <= width:
            return name, cell
    return 16, 2


def _heat(count: int, most: int, cell: int) -> str:
    shade = _shade(count, most)
    if cell >= 6:
        return f"  {shade}{count or '·':<2}"
    number = str(count or "·")
    return f" {shade[:1]}{number:<2}"[:cell] if cell > 2 else f" {shade[:1] if count else '·'}"


def _shade(count: int, most: int) -> str:
    return _SHADES[min(1 + count * (len(_SHADES) - 2) // most, len(_SHADES) - 1)] * 2 if count else "  "


def saturation_lines(data: Overview, ink: StyleSheet) -> list[Line]:
    """How many codes each transcript brought that none before it had."""
    rows = new_codes(data)
    most = max((total for _, _, total in rows), default=1) or 1
    lines: list[Line] = [[(f"  {'':14}{'new':>5}{'so far':>8}", ink.faint)]]
    for transcript_id, new, total in rows:
        before = round((total - new) / most * 40)
        added = round(total / most * 40) - before
        line = [(f"  {fitted(shown(transcript_id), 14)}{new:>5}{total:>8}   ", ink.plain)]
        lines.append([*line, ("━" * before, ink.line), ("━" * added, ink.accent)])
    lines += [[], [("  codes by transcript, in the order of the study", ink.faint)]]
    return lines + _blind(data, ink)


def _blind(data: Overview, ink: StyleSheet) -> list[Line]:
    if not data.rounds:
        return []
    rounds = ", ".join(map(shown, data.rounds))
    return [[(f"  round {rounds} is blind: what others code in it is not shown", ink.style(ink.paper.warn))]]


def as_text(lines: Iterable[Line]) -> str:
    """The lines without colours, for a file."""
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines) + "\n"
