"""A laid out figure as shapes, for pictures that need no Graphviz: boxes, texts and lines in the order of painting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from postil_model.drawing.boxes import TITLE, Box
from postil_model.drawing.columns import NOTE, main_line
from postil_model.drawing.figure import BANDS, BLACK, COLOR, NOTE_FILL, PURPLE, RULE, FigureEdge, FigureNode
from postil_model.drawing.labels import SIZE, pen, text_height
from postil_model.drawing.layout import Spot
from postil_model.drawing.paper import LINK, Drawing
from postil_model.drawing.rows import ITEM, SMALL, GapRow, ItemRow, RuleRow, StripRow, TextRow, row_height
from postil_model.drawing.text import LINE, Style, wrap

CAPTION_SIZE, CAPTION_COLOR = 8.5, "#3C4048"
Form = Literal["rectangle", "rounded", "diamond", "note"]
Dash = Literal["", "dashed", "dotted"]
Head = Literal["", "arrow", "circle"]


@dataclass(frozen=True, slots=True)
class Outline:
    """A filled shape around a centre; without a line where ``line`` is empty."""

    form: Form
    x: float
    y: float
    width: float
    height: float
    fill: str
    line: str = ""
    dash: Dash = ""
    pen: float = 1.1
    id: str = ""
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; ``y`` is its middle, ``x`` its start, middle or end."""

    x: float
    y: float
    text: str
    size: float
    color: str
    style: Style = "regular"
    align: Literal["left", "centre", "right"] = "centre"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line with round corners; the head's tip lies on the last point."""

    points: tuple[tuple[float, float], ...]
    color: str
    pen: float
    dash: Dash = ""
    head: Head = ""
    id: str = ""
    tooltip: str = ""


Shape = Outline | Words | Stroke


def canvas(drawing: Drawing) -> tuple[float, float]:
    """Width and height of the whole picture."""
    layout = drawing.layout
    caption = len(caption_lines(drawing))
    return layout.right, layout.bottom + (12 + caption * CAPTION_SIZE * LINE if caption else 0) + 6


def shapes(drawing: Drawing) -> Iterator[Shape]:
    """Everything, from the back to the front; lines lie on boxes, as Graphviz draws them."""
    yield from _bands(drawing)
    yield from _nodes(drawing)
    yield from _notes(drawing)
    yield from _edges(drawing)
    for place, line in enumerate(caption_lines(drawing)):
        y = drawing.layout.bottom + 12 + (place + 0.5) * CAPTION_SIZE * LINE
        yield Words(10, y, line, CAPTION_SIZE, CAPTION_COLOR, align="left")


def caption_lines(drawing: Drawing) -> list[str]:
    """The caption, broken into lines."""
    wide = max(drawing.layout.right - 24, 320)
    return [line for text in drawing.figure.caption for line in wrap(text, wide, CAPTION_SIZE)]


def _bands(drawing: Drawing) -> Iterator[Shape]:
    layout = drawing.layout
    for place, band in enumerate(layout.bands):
        middle = (band.left + band.right) / 2
        wide = band.right - band.left
        yield Outline("rectangle", middle, layout.bottom / 2, wide, layout.bottom, BANDS[place % 2])
        for number, line in enumerate(band.lines if band.stage else ()):
            yield Words(middle, layout.title_y + (number + 0.5) * TITLE * LINE, line, TITLE, BLACK, "bold")


def _nodes(drawing: Drawing) -> Iterator[Shape]:
    steps = set(main_line(drawing.figure))
    for node in drawing.figure.nodes:
        spot = drawing.layout.spots[node.id]
        yield from _outline(node, spot, node.id in steps)
        yield from _rows(spot.box, spot)


def _outline(node: FigureNode, spot: Spot, on_main_line: bool) -> Iterator[Outline]:
    if node.kind == "terminal" and not on_main_line:
        return
    form: Form = "diamond" if node.kind == "decision" else "rounded"
    dash: Dash = "dashed" if node.kind == "factor" else ""
    box, color, name = spot.box, COLOR[node.tone], f"node-{node.id}"
    yield Outline(
        form, spot.x, spot.y, box.width, box.height, "#FFFFFF", color, dash, id=name, tooltip=node.tooltip or node.label
    )


def _notes(drawing: Drawing) -> Iterator[Shape]:
    for note in drawing.figure.notes:
        spot = drawing.layout.spots[f"{NOTE}{note.node}"]
        box, name = spot.box, f"finding-{note.node}"
        yield Outline(
            "note", spot.x, spot.y, box.width, box.height, NOTE_FILL, PURPLE, pen=1.0, id=name, tooltip=note.tooltip
        )
        yield from _rows(box, spot)


def _rows(box: Box, spot: Spot) -> Iterator[Shape]:
    """What stands in a box, in the middle of it."""
    y = spot.y - sum(row_height(row) for row in box.rows) / 2
    left, right = spot.x - box.inner / 2, spot.x + box.inner / 2
    for row in box.rows:
        high = row_height(row)
        middle = y + high / 2
        match row:
            case TextRow():
                yield Words(spot.x, middle, row.text, row.size, row.color, row.style)
            case ItemRow():
                yield Words(left, middle, row.text, ITEM, row.color, row.style, "left")
                if row.count is not None:
                    yield Words(right, middle, str(row.count), ITEM, row.color, align="right")
            case RuleRow():
                yield Outline("rectangle", spot.x, middle, box.inner, 0.8, RULE)
            case StripRow():
                yield from _strip(row, spot.x, middle)
            case GapRow():
                pass
        y += high


def _strip(row: StripRow, x: float, y: float) -> Iterator[Shape]:
    at = x - row.whole / 2 + row.spacing
    for size, color in row.cells:
        yield Outline("rectangle", at + size / 2, y, size, row.height, color)
        at += size + row.spacing
    if row.count:
        yield Words(x + row.whole / 2, y, row.count, SMALL, row.color, align="right")


def _edges(drawing: Drawing) -> Iterator[Shape]:
    rank = {"missing": 0, "plain": 1, "unexpected": 2}
    tones = {route.edge.id: COLOR[route.edge.tone] for route in drawing.layout.routes}
    for route in sorted(drawing.layout.routes, key=lambda r: (rank[r.edge.tone], pen(r.edge))):
        yield _stroke(route.edge, route.points, drawing)
    for label in drawing.labels:
        yield from _centred(label.lines, label.x, label.y, tones[label.edge])


def _stroke(edge: FigureEdge, points: Sequence[tuple[float, float]], drawing: Drawing) -> Stroke:
    if edge.id.startswith(LINK):
        return Stroke(tuple(points), PURPLE, 1.0, "dotted")
    dash: Dash = "dashed" if edge.kind == "influence" else ""
    head: Head = ""
    if edge.directed:
        target = next(node for node in drawing.figure.nodes if node.id == edge.target)
        bare = target.kind == "terminal" and target.id not in main_line(drawing.figure)
        head = "circle" if edge.declared and bare else "arrow"
    return Stroke(tuple(points), COLOR[edge.tone], pen(edge), dash, head, f"edge-{edge.id}", edge.tooltip)


def _centred(lines: Sequence[str], x: float, y: float, color: str) -> Iterator[Words]:
    top = y - text_height(lines) / 2
    for number, line in enumerate(lines):
        yield Words(x, top + (number + 0.5) * SIZE * LINE, line, SIZE, color)
