"""A laid out figure as a picture: boxes, texts and lines in the order of painting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postil_model.drawing.boxes import TITLE, Box
from postil_model.drawing.columns import NOTE, main_line
from postil_model.drawing.figure import BANDS, BLACK, COLOR, NOTE_FILL, PURPLE, RULE, FigureEdge, FigureNode, made_of
from postil_model.drawing.labels import SIZE, pen, text_height
from postil_model.drawing.layout import Spot
from postil_model.drawing.pages import Page
from postil_model.drawing.paper import LINK, Drawing
from postil_model.drawing.picture import Dash, Form, Group, Head, Outline, Part, Picture, Shape, Stroke, Words
from postil_model.drawing.rows import ITEM, SMALL, GapRow, ItemRow, RuleRow, StripRow, TextRow, row_height
from postil_model.drawing.text import LINE, width, wrap

CAPTION_SIZE, CAPTION_COLOR = 8.5, "#3C4048"
_MARGIN = 10.0


def picture(drawing: Drawing, page: Page | None = None) -> Picture:
    """The whole picture with what it was made of; no larger than its page."""
    wide, high = canvas(drawing)
    scale = page.scale(wide, high) if page else 1.0
    return Picture(drawing.figure.title, wide, high, tuple(shapes(drawing)), made_of(drawing.figure), scale)


def canvas(drawing: Drawing) -> tuple[float, float]:
    """Width and height of the whole picture."""
    layout = drawing.layout
    lines = caption_lines(drawing)
    right = max([layout.right, *(_MARGIN + width(line, CAPTION_SIZE) + _MARGIN for line in lines)])
    return right, layout.bottom + (12 + len(lines) * CAPTION_SIZE * LINE if lines else 0) + 6


def shapes(drawing: Drawing) -> Iterator[Shape]:
    """Everything, from the back to the front; arrows lie on boxes."""
    yield from _bands(drawing)
    yield from _nodes(drawing)
    yield from _notes(drawing)
    yield from _edges(drawing)
    for place, line in enumerate(caption_lines(drawing)):
        y = drawing.layout.bottom + 12 + (place + 0.5) * CAPTION_SIZE * LINE
        yield Group((Words(_MARGIN, y, line, CAPTION_SIZE, CAPTION_COLOR, align="left"),), classes="caption")


def caption_lines(drawing: Drawing) -> list[str]:
    """The caption, broken into lines."""
    wide = max(drawing.layout.right - 24, 320)
    return [line for text in drawing.figure.caption for line in wrap(text, wide, CAPTION_SIZE)]


def _bands(drawing: Drawing) -> Iterator[Group]:
    layout = drawing.layout
    for place, band in enumerate(layout.bands):
        middle = (band.left + band.right) / 2
        y, high = (band.top + band.bottom) / 2, band.bottom - band.top
        ground = Outline("rectangle", middle, y, band.right - band.left, high, BANDS[place % 2])
        yield Group((ground,), f"band-{place + 1}", "band")
        if band.stage:
            lines = tuple(
                Words(band.title_x, (top + bottom) / 2, line, TITLE, BLACK, "bold")
                for line, (_, top, _, bottom) in zip(band.lines, band.titles(), strict=True)
            )
            yield Group(lines, f"stage-{band.stage}", "stage")


def _nodes(drawing: Drawing) -> Iterator[Group]:
    steps = set(main_line(drawing.figure))
    for node in drawing.figure.nodes:
        spot = drawing.layout.spots[node.id]
        parts = (*_outline(node, spot, node.id in steps), *_rows(spot.box, spot))
        classes = f"node k{node.k} {node.tone} {node.kind}"
        yield Group(parts, f"node-{node.id}", classes, node.tooltip or node.label, node.url)


def _outline(node: FigureNode, spot: Spot, on_main_line: bool) -> Iterator[Outline]:
    if node.kind == "terminal" and not on_main_line:
        return
    form: Form = "diamond" if node.kind == "decision" else "rounded"
    dash: Dash = "dashed" if node.kind == "factor" else ""
    yield Outline(form, spot.x, spot.y, spot.box.width, spot.box.height, "#FFFFFF", COLOR[node.tone], dash)


def _notes(drawing: Drawing) -> Iterator[Group]:
    for note in drawing.figure.notes:
        spot = drawing.layout.spots[f"{NOTE}{note.node}"]
        box = spot.box
        paper = Outline("note", spot.x, spot.y, box.width, box.height, NOTE_FILL, PURPLE, pen=1.0)
        yield Group((paper, *_rows(box, spot)), f"finding-{note.node}", "finding", note.tooltip)


def _rows(box: Box, spot: Spot) -> Iterator[Part]:
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


def _strip(row: StripRow, x: float, y: float) -> Iterator[Part]:
    at = x - row.whole / 2 + row.spacing
    for size, color in row.cells:
        yield Outline("rectangle", at + size / 2, y, size, row.height, color)
        at += size + row.spacing
    if row.count:
        yield Words(x + row.whole / 2, y, row.count, SMALL, row.color, align="right")


def _edges(drawing: Drawing) -> Iterator[Group]:
    """Arrows with their labels, grey ones first and the widest last, so that what counts lies on top."""
    rank = {"missing": 0, "hint": 0, "plain": 1, "unexpected": 2, "other": 2}
    labels: dict[str, list[Words]] = {}
    tones = {route.edge.id: COLOR[route.edge.tone] for route in drawing.layout.routes}
    for label in drawing.labels:
        labels.setdefault(label.edge, []).extend(_centred(label.lines, label.x, label.y, tones[label.edge]))
    for route in sorted(drawing.layout.routes, key=lambda r: (rank[r.edge.tone], pen(r.edge))):
        edge = route.edge
        line = _stroke(edge, route.points, drawing)
        if edge.id.startswith(LINK):
            yield Group((line,), classes="finding-link")
        else:
            classes = f"edge k{edge.k} {edge.status} {edge.kind}"
            yield Group((line, *labels.get(edge.id, ())), f"edge-{edge.id}", classes, edge.tooltip, edge.url)


def _stroke(edge: FigureEdge, points: Sequence[tuple[float, float]], drawing: Drawing) -> Stroke:
    if edge.id.startswith(LINK):
        return Stroke(tuple(points), PURPLE, 1.0, "dotted")
    dash: Dash = "dashed" if edge.kind == "influence" else ""
    if edge.fragile:
        dash = "broken dashes" if dash else "broken"
    head: Head = ""
    if edge.directed:
        target = next(node for node in drawing.figure.nodes if node.id == edge.target)
        bare = target.kind == "terminal" and target.id not in main_line(drawing.figure)
        head = "hollow" if edge.one_reader else "circle" if edge.declared and bare else "arrow"
    return Stroke(tuple(points), COLOR[edge.tone], pen(edge), dash, head)


def _centred(lines: Sequence[str], x: float, y: float, color: str) -> Iterator[Words]:
    top = y - text_height(lines) / 2
    for number, line in enumerate(lines):
        yield Words(x, top + (number + 0.5) * SIZE * LINE, line, SIZE, color)
