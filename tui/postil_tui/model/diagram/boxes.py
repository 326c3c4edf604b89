"""A node as a box of characters: label, items with counts, a strip with a cell a participant, k/n in the border."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from postil_codebook.values import NodeKind
from postil_model.drawing.figure import FigureNode, Tone
from postil_tui.model.diagram.canvas import Canvas, Look
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.text.fold import folded

UNDECLARED = "✱"  # stands before whatever is not declared, so that nobody depends on its colour
MOST_LINES = 3  # of a label
FULL, EMPTY = "■", "□"

# corners left-top, right-top, left-bottom, right-bottom, then horizontal and vertical lines
_SQUARE, _ROUND, _DECISION = "┌┐└┘─│", "╭╮╰╯─│", "╱╲╲╱─│"
_DASHED, _DOTTED = "╭╮╰╯╌╎", "┈┊"
_FRAMES: Mapping[NodeKind, str] = {
    "task": _ROUND,
    "terminal": _ROUND,
    "decision": _DECISION,
    "factor": _DASHED,
}


@dataclass(frozen=True, slots=True)
class DiagramBox:
    """What stands in a box. ``extra`` blank rows make room for lines that end at its sides."""

    id: str
    frame: str
    lines: tuple[tuple[str, Look], ...]
    width: int
    foot: str = ""
    tone: Tone = "plain"
    extra: int = 0

    @property
    def inside(self) -> int:
        """Rows between the borders."""
        return len(self.lines) + self.extra

    @property
    def height(self) -> int:
        """Rows with the borders."""
        return self.inside + 2

    def with_room(self, ports: int) -> DiagramBox:
        """The box with at least so many rows inside."""
        return replace(self, extra=max(ports - len(self.lines), 0))


def box_of(node: FigureNode, inner: int, facts: int = 0) -> DiagramBox:
    """The box of a node; ``inner`` is the room for its text."""
    lines: list[tuple[str, Look]] = []
    if not node.listed:
        sign = f"{UNDECLARED} " if node.tone == "unexpected" else ""
        lines += [(line, "title") for line in _label(sign + (node.label or node.id), inner)]
    lines += [(_item(item.label, item.count, inner), "item") for item in node.items]
    if node.strip:
        lines.append((strip(node.strip, inner), "strip"))
    if facts:
        lines.append((f"≡ {facts} measured", "note"))
    return DiagramBox(node.id, frame_of(node), tuple(lines), inner + 4, _foot(node), node.tone)


def frame_of(node: FigureNode) -> str:
    """The characters of the border: declared without evidence is dotted, whatever the kind."""
    frame = _FRAMES.get(node.kind, _SQUARE)
    return frame[:4] + _DOTTED if node.tone == "missing" else frame


def strip(cells_: Sequence[bool], width: int) -> str:
    """A cell a participant; a bar in proportion where there are more participants than cells.

    >>> strip([True, False, True], 10), strip([True] * 15 + [False] * 5, 8)
    ('■□■', '██████░░')
    """
    if len(cells_) <= width:
        return "".join(FULL if cell else EMPTY for cell in cells_)
    full = round(width * sum(cells_) / len(cells_))
    return "█" * full + "░" * (width - full)


def _foot(node: FigureNode) -> str:
    return f"{node.k}/{len(node.strip)}" if node.strip else ""


def _label(text: str, inner: int) -> list[str]:
    lines = folded(shown(" ".join(text.split())), inner)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], fitted(" ".join(lines[MOST_LINES - 1 :]), inner)]
    return lines


def _item(label: str, count: int | None, inner: int) -> str:
    number = "" if count is None else f" {count}"
    return fitted(shown(" ".join(label.split())), inner - len(number)) + number


def draw_box(canvas: Canvas, box: DiagramBox, x: int, y: int) -> None:
    """Put a box on the canvas with its left top corner at a cell."""
    left_top, right_top, left_bottom, right_bottom, across, down = tuple(box.frame)
    line = across * (box.width - 2)
    canvas.put(x, y, left_top + line + right_top, box.id, "border")
    for row in range(box.inside):
        canvas.put(x, y + 1 + row, down + " " * (box.width - 2) + down, box.id, "border")
        if row < len(box.lines):
            text, look = box.lines[row]
            canvas.put(x + 2, y + 1 + row, fitted(text, box.width - 4), box.id, look)
    bottom = y + box.height - 1
    canvas.put(x, bottom, left_bottom + line + right_bottom, box.id, "border")
    if box.foot:
        canvas.put(x + box.width - cells(box.foot) - 4, bottom, f" {box.foot} ", box.id, "count")
