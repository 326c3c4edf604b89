"""The finished drawing: characters, and where each box and each arrow is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from postil_model.drawing.figure import Figure
from postil_tui.model.diagram.boxes import draw_box
from postil_tui.model.diagram.canvas import Canvas
from postil_tui.model.diagram.layout import DiagramLayout, lay_out
from postil_tui.model.diagram.strokes import CellStroke, stroke_of
from postil_tui.model.diagram.wires import Side, Wire, WireEnd
from postil_tui.text.cells import cells, fitted

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of cells."""

    x: int
    y: int
    width: int
    height: int


@dataclass
class DiagramDrawing:
    """The model in characters. ``sides`` has the arrows at each side of each box, in the order one sees them."""

    canvas: Canvas
    columns: bool
    boxes: dict[str, Rect] = field(default_factory=dict)
    labels: dict[str, Rect] = field(default_factory=dict)
    ends: dict[str, tuple[str, str]] = field(default_factory=dict)  # edge → source, target
    sides: dict[tuple[str, Side], list[str]] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Columns."""
        return self.canvas.width

    @property
    def height(self) -> int:
        """Rows."""
        return self.canvas.height

    def place(self, name: str) -> Rect | None:
        """Where a box stands, or the label of an arrow."""
        return self.boxes.get(name) or self.labels.get(name)


def draw(figure: Figure, width: int, columns: bool | None = None) -> DiagramDrawing:
    """Draw a figure for a terminal of ``width`` columns; it may come out wider, then one scrolls."""
    layout = lay_out(figure, width, columns)
    drawing = DiagramDrawing(Canvas(max(layout.width, 1), max(layout.height, 1)), layout.columns)
    for name in layout.names:
        drawing.canvas.put(name.x, name.y, fitted(name.text, name.room).rstrip(), "", "stage")
    for id_, stands in layout.plan.standing.items():
        draw_box(drawing.canvas, stands.box, stands.x, stands.y)
        drawing.boxes[id_] = Rect(stands.x, stands.y, stands.box.width, stands.box.height)
    _draw_arrows(drawing, layout)
    for (node, side), ends in layout.plan.at.items():
        ordered = sorted(ends, key=lambda pair: (pair[1].row, pair[1].column))
        drawing.sides[node, side] = list(dict.fromkeys(wire.edge.id for wire, _ in ordered))
    return drawing


def _draw_arrows(drawing: DiagramDrawing, layout: DiagramLayout) -> None:
    """Lines across first, then lines down over them: where two cross, the one that goes down is in front."""
    pens = [Pen(drawing.canvas, wire, way(layout, wire)) for wire in layout.plan.wires]
    for part in (Pen.across, Pen.down, Pen.corners, Pen.ends):
        for pen in pens:
            part(pen)
    for pen in pens:
        edge = pen.wire.edge
        drawing.labels[edge.id] = pen.label()
        drawing.ends[edge.id] = (edge.source, edge.target)


def way(layout: DiagramLayout, wire: Wire) -> list[Point]:
    """The corners of an arrow, from the cell beside its source to the cell beside its target."""
    first, last = (_beside(layout, end) for end in wire.ends)
    if wire.form == "gap" or (first[1] == last[1] and not wire.goes_around):
        return [first, last]
    one, other = (layout.column_of(wire, end) for end in wire.ends)
    if wire.goes_around:
        return [first, (one, first[1]), (one, wire.around), (other, wire.around), (other, last[1]), last]
    return [first, (one, first[1]), (one, last[1]), last]


def _beside(layout: DiagramLayout, end: WireEnd) -> Point:
    """The cell outside a box where an arrow touches it."""
    stands = layout.plan.standing[end.node]
    return {
        "left": (stands.x - 1, end.row),
        "right": (stands.x + stands.box.width, end.row),
        "top": (end.column, stands.y - 1),
        "bottom": (end.column, stands.y + stands.box.height),
    }[end.side]


class Pen:
    """Draws one arrow."""

    def __init__(self, canvas: Canvas, wire: Wire, points: list[Point]) -> None:
        self.canvas, self.wire, self.points = canvas, wire, points
        self.stroke: CellStroke = stroke_of(wire.edge)

    def _put(self, point: Point, text: str) -> None:
        self.canvas.put(*point, text, self.wire.edge.id, "line")

    def _pieces(self) -> Iterator[tuple[Point, Point]]:
        return zip(self.points, self.points[1:], strict=False)

    def across(self) -> None:
        """The parts that run left or right."""
        for (x, y), (to, row) in self._pieces():
            if y == row:
                for column in range(min(x, to), max(x, to) + 1):
                    self._put((column, y), self.stroke.across)

    def down(self) -> None:
        """The parts that run up or down."""
        for (x, y), (column, to) in self._pieces():
            if x == column and y != to:
                for row in range(min(y, to), max(y, to) + 1):
                    self._put((x, row), self.stroke.down)

    def corners(self) -> None:
        """Where it turns."""
        for before, here, after in zip(self.points, self.points[1:], self.points[2:], strict=False):
            self._put(here, self.stroke.corner(_step(before, here), _step(here, after)))

    def ends(self) -> None:
        """The head at the target, and where the line leaves the source."""
        self._put(self.points[-1], self.stroke.head(self.wire.target.side))
        x, y = self.points[0]
        dx, dy = {"left": (1, 0), "right": (-1, 0), "top": (0, 1), "bottom": (0, -1)}[self.wire.source.side]
        self._put((x + dx, y + dy), self.stroke.leaving(self.wire.source.side))

    def label(self) -> Rect:
        """Write the label on the line and tell where it is; without one, where the line begins."""
        x, y = self._label_at()
        text = self.wire.label
        if not text:
            return Rect(*self.points[0], 1, 1)
        if self.wire.form != "gap":
            self._put((x - 1, y), " ")
            self._put((x + cells(text), y), " ")
        self.canvas.put(x, y, text, self.wire.edge.id, "label")
        return Rect(x, y, cells(text), 1)

    def _label_at(self) -> Point:
        size = cells(self.wire.label)
        if self.wire.form == "gap":
            return self.points[0][0] + 2, min(self.points[0][1], self.points[-1][1])
        if self.wire.goes_around:
            return self._free_stretch(size), self.wire.around
        for end, point in zip(self.wire.ends, (self.points[0], self.points[-1]), strict=True):
            if end.side == "right":
                return point[0] + 2, point[1]
        return self.points[0][0] - 1 - size, self.points[0][1]

    def _free_stretch(self, size: int) -> int:
        """Where on the lane around no other line comes down, as near to its middle as may be."""
        y = self.wire.around
        left, right = sorted(point[0] for point in self.points[2:4])
        middle = (left + right - size) // 2
        for x in sorted(range(left + 2, max(right - size - 1, left + 3)), key=lambda x: abs(x - middle)):
            if all(self.canvas.at(column, y) == self.wire.edge.id for column in range(x - 1, x + size + 1)):
                return x
        return middle


def _step(one: Point, other: Point) -> Point:
    def sign(value: int) -> int:
        return (value > 0) - (value < 0)

    return sign(other[0] - one[0]), sign(other[1] - one[1])
