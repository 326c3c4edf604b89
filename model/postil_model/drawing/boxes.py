"""Size and content of every box; its measures come from the font's widths alone."""

from __future__ import annotations

from dataclasses import dataclass

from postil_model.drawing.figure import BLACK, BLUE, COLOR, EMPTY, GREY, PURPLE, FigureNode, FigureNote
from postil_model.drawing.rows import ITEM, SMALL, GapRow, ItemRow, Row, RuleRow, StripRow, TextRow, html_table
from postil_model.drawing.text import LINE, block, line_height, width, wrap

LABEL, TITLE = 11.0, 12.5
NOTE_TEXT = 9.0
MOST_CELLS = 30  # above that a strip can't be read: a bar
_BAR = 90
_TEXT_LIMIT = 118.0
_DIAMOND_LIMIT = 92.0


@dataclass(frozen=True, slots=True)
class Box:
    """Outer size in points, the width of what is inside, and the rows of it."""

    width: float
    height: float
    inner: float
    rows: tuple[Row, ...]

    @property
    def label(self) -> str:
        """The rows as a label for Graphviz."""
        return html_table(self.rows)


def node_box(node: FigureNode, on_main_line: bool) -> Box:
    """Box of a node."""
    if node.kind == "decision":
        return _diamond(node)
    rows, (inner, height) = _content(node)
    bare = node.kind == "terminal" and not on_main_line
    wide = inner + (8 if bare else 22)
    return Box(max(wide, 56.0), max(height + (6 if bare else 14), 30.0), inner, tuple(rows))


def note_box(note: FigureNote) -> Box:
    """Box of a note with findings."""
    lines = [line for text in note.texts for line in wrap(text, 196, NOTE_TEXT)]
    inner, height = block(lines, NOTE_TEXT)
    return Box(inner + 22, height + 12, inner, tuple(TextRow(line, NOTE_TEXT, PURPLE) for line in lines))


def _diamond(node: FigureNode) -> Box:
    """A diamond of width a + 1.25 b and height b + a / 1.25 just holds a block of a by b."""
    lines = wrap(node.label, _DIAMOND_LIMIT, LABEL)
    rows: list[Row] = [TextRow(line, LABEL, COLOR[node.tone]) for line in lines]
    inner, height = block(lines, LABEL)
    if node.strip:
        strip = _strip(node, 5)
        rows += [strip, TextRow(f"{node.k}/{len(node.strip)}", SMALL, _count_ink(node))]
        inner, height = max(inner, strip.width), height + 9 + SMALL * LINE
    for item in node.items:
        rows.append(ItemRow(item.label, item.count, COLOR[node.tone], "italic" if item.emphasis else "regular"))
        inner, height = max(inner, _item_width(item.label, item.count)), height + line_height(item.label, ITEM)
    return Box(inner + 1.25 * height + 8, height + inner / 1.25 + 6, inner, tuple(rows))


def _content(node: FigureNode) -> tuple[list[Row], tuple[float, float]]:
    """Rows with their outer size: title, items, strip."""
    rows: list[Row] = []
    inner = height = 0.0
    if not (node.listed and node.items):
        lines = wrap(node.label, _TEXT_LIMIT, LABEL)
        rows += [TextRow(line, LABEL, COLOR[node.tone]) for line in lines]
        inner, height = block(lines, LABEL)
    for place, item in enumerate(node.items):
        ruled = node.kind == "technique"
        if ruled:
            rows.append(RuleRow())
        ink = GREY if item.count == 0 else COLOR[node.tone]
        lines = wrap(item.label, _TEXT_LIMIT, ITEM)
        rows += [
            ItemRow(line, item.count if not at else None, ink, "italic" if item.emphasis else "regular")
            for at, line in enumerate(lines)
        ]
        inner = max(inner, *(_item_width(line, item.count) for line in lines))
        height += block(lines, ITEM)[1] + 2 * len(lines) + (1 if ruled else 0) + (2 if not place else 0)
    if node.strip:
        strip = _strip(node, 7, f"{node.k}/{len(node.strip)}")
        air = 3 if node.items else 0
        rows += [GapRow(air), strip] if air else [strip]
        inner, height = max(inner, strip.whole), height + 13 + air
    return rows, (inner, height)


def _strip(node: FigureNode, cell: int, count: str = "") -> StripRow:
    """One cell a participant, or a bar when there are too many."""
    full = COLOR["unexpected"] if node.tone == "unexpected" else BLUE
    n = len(node.strip)
    if n > MOST_CELLS:
        filled = round(_BAR * node.k / n)
        parts = ((filled, full), (_BAR - filled, EMPTY))
        return StripRow(tuple(part for part in parts if part[0]), 7, 0, count, _count_ink(node))
    cells = tuple((cell, full if on else EMPTY) for on in node.strip)
    return StripRow(cells, cell, 1, count, _count_ink(node))


def _item_width(label: str, count: int | None) -> float:
    return width(label, ITEM) + (0 if count is None else 12 + width(str(count), ITEM))


def _count_ink(node: FigureNode) -> str:
    return BLACK if node.k and node.tone == "plain" else COLOR[node.tone]
