"""Saturation as curves in characters: what each further participant added, beside the expectation over all orders."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from rich.style import Style

from postil_base.plural import counted
from postil_formats.tables.files import Cell, Table
from postil_model.counts.saturation import RATE, Of, Saturation, model_sets, saturation
from postil_model.decision.model import Model
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells, shown
from postil_tui.text.fold import folded
from postil_tui.widgets.rows import Line

HEIGHT = 9  # rows of a curve
EMERGENT = ("pilot", "emergent", "in-vivo")
KINDS: tuple[tuple[str, Of, tuple[str, ...]], ...] = (
    ("all codes", "codes", ()),
    ("codes that came up in the interviews", "codes", EMERGENT),
    ("steps of the model", "nodes", ()),
    ("stated relations", "edges", ()),
)
REACHED, EXPECTED, BOTH, STEM = "●", "○", "◉", "│"


def curves(model: Model) -> list[tuple[str, Saturation]]:
    """The curves that have something to show."""
    found = [(name, saturation(model_sets(model, of, origins), of)) for name, of, origins in KINDS]
    return [(name, curve) for name, curve in found if curve.features]


def curve_rows(curve: Saturation, step: int) -> list[str]:
    """The rows of a curve from top to bottom, a column for each participant.

    >>> from postil_model.counts.saturation import saturation
    >>> rows = curve_rows(saturation({"P1": ["a"], "P2": ["b"]}), 2)
    >>> rows[0], rows[4]
    ('  2 ┤  ◉', '    │◉ │')
    """
    most = max(curve.ordered[-1], 1)

    def row_of(value: float) -> int:
        return HEIGHT - 1 - round(value / most * (HEIGHT - 1))

    rows = []
    for row in range(HEIGHT):
        marks = ""
        for reached, expected in zip(curve.ordered, curve.expected, strict=True):
            here = (row_of(reached) == row, row_of(expected) == row)
            below = STEM if row > row_of(reached) else " "
            mark = {(True, True): BOTH, (True, False): REACHED, (False, True): EXPECTED}.get(here, below)
            marks += mark + " " * (step - 1)
        value = most if row == 0 else 0 if row == HEIGHT - 1 else None
        rows.append(f"{'' if value is None else value:>3} {'│' if value is None else '┤'}{marks[: -step + 1] or marks}")
    return rows


def summary(curve: Saturation) -> str:
    """What the curve amounts to, in numbers."""
    parts = [
        f"{curve.ordered[-1]} from {counted(len(curve.participants), 'participant')}",
        f"{curve.singles} from one alone",
    ]
    if curve.coverage is not None:
        parts.append(f"coverage {curve.coverage:.2f}")
    if curve.chao2 is not None and curve.chao2_interval is not None:
        low, high = curve.chao2_interval
        parts.append(f"Chao2 {curve.chao2:.1f} ({low:.1f} to {high:.1f})")
    reached, why = curve.reached(2), curve.cannot_tell(2)
    under = f"under {RATE:.0%} new from participant {reached} on" if reached else f"never under {RATE:.0%} new"
    parts.append(f"whether under {RATE:.0%} new cannot be told: {why}" if why else under)
    return " · ".join(parts)


def curve_lines(found: Sequence[tuple[str, Saturation]], ink: StyleSheet, width: int) -> list[Line]:
    """All curves, two beside each other where there is room."""
    if not found:
        return [[("  nothing is coded yet, so nothing can be saturated", ink.quiet)]]
    people = len(found[0][1].participants)
    step = 4 if people <= 14 else 2 if people <= 40 else 1
    block = people * step + 8
    blocks = [_block(name, curve, step, ink, min(width - 4, max(block - 2, 52))) for name, curve in found]
    wide = max(cells("".join(text for text, _ in line)) for lines in blocks for line in lines) + 3
    across = 2 if 2 * wide <= width else 1
    lines: list[Line] = []
    for at in range(0, len(blocks), across):
        lines += [_beside(pair, wide, ink) for pair in zip_longest(*blocks[at : at + across], fillvalue=())]
        lines.append([])
    note = (
        f"{REACHED} in the order of the interviews, which is luck · {EXPECTED} expected over all orders · {BOTH} both"
    )
    return [*lines, [(f"  {note}", ink.faint)]]


def _block(name: str, curve: Saturation, step: int, ink: StyleSheet, width: int) -> list[Line]:
    lines: list[Line] = [[("  ", ink.plain), (name, ink.strong)]]
    lines += [[(f"  {line}", ink.quiet)] for line in folded(summary(curve), width)]
    for row in curve_rows(curve, step):
        pieces: Line = [(f"  {row[:5]}", ink.line), *((mark, _style(mark, ink)) for mark in row[5:])]
        lines.append(pieces)
    names = "".join(shown(name)[-3:].ljust(step) for name in curve.participants) if step == 4 else ""
    return [*lines, [(f"      {names or f'1 … {len(curve.participants)}'}", ink.faint)]]


def _style(mark: str, ink: StyleSheet) -> Style:
    return {EXPECTED: ink.quiet, STEM: ink.line}.get(mark, ink.accent)


def _beside(lines: Sequence[Line], wide: int, ink: StyleSheet) -> Line:
    found: list[tuple[str, Style]] = []
    for line in lines:
        used = sum(cells(text) for text, _ in line)
        found += [*line, (" " * max(wide - used, 0), ink.plain)]
    return found


def curve_table(found: Sequence[tuple[str, Saturation]]) -> Table:
    """The curves as numbers."""
    rows: list[tuple[Cell, ...]] = [
        (name, participant, place, reached, reached - before, round(expected, 4))
        for name, curve in found
        for place, (participant, before, reached, expected) in enumerate(
            zip(curve.participants, (0, *curve.ordered), curve.ordered, curve.expected, strict=False), 1
        )
    ]
    notes = tuple(f"{name}: {summary(curve)}" for name, curve in found)
    return Table(("of", "participant", "number", "distinct", "new", "expected"), tuple(rows), "Saturation", notes)
