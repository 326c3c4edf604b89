"""What is wrong with a drawing, told from its outlines, lines and texts alone.

`hard` faults mislead a reader or can't be read, `soft` ones are ugly. Everything is looked at as it is written: rounded
to hundredths of a point. Sizes of texts come from the widths of the font, not from the layout.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from math import hypot

from postil_model.drawing.columns import main_line
from postil_model.drawing.labels import SIZE
from postil_model.drawing.paper import LINK, Drawing, measure
from postil_model.drawing.text import block

Point = tuple[float, float]
Segment = tuple[Point, Point]
ON = 1.0  # points an end may lie beside the outline
APART = 3.0  # points between two ends, or between lines that can be told apart over some length
FAR = 12.0  # points between a text and its own line
JOG, SHORT = 6.0, 8.0
STRETCHED = 1.6


@dataclass(frozen=True, slots=True)
class Shape:
    """A box or a diamond: middle and half of its size."""

    x: float
    y: float
    wide: float
    high: float
    diamond: bool

    def inside(self, point: Point, margin: float) -> bool:
        """Whether a point lies deeper inside than a margin."""
        x, y = abs(point[0] - self.x), abs(point[1] - self.y)
        if self.diamond:
            return self._depth(x, y) > margin
        return x < self.wide - margin and y < self.high - margin

    def off_outline(self, point: Point) -> float:
        """Distance of a point from the outline."""
        x, y = abs(point[0] - self.x), abs(point[1] - self.y)
        if self.diamond:
            return abs(self._depth(x, y))
        if x <= self.wide and y <= self.high:
            return min(self.wide - x, self.high - y)
        return hypot(max(x - self.wide, 0), max(y - self.high, 0))

    def _depth(self, x: float, y: float) -> float:
        return (1 - x / self.wide - y / self.high) * self.wide * self.high / hypot(self.wide, self.high)


@dataclass(frozen=True, slots=True)
class Text:
    """A text on a line, or a title: its rectangle and whose it is."""

    owner: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Text, air: float = 0.5) -> bool:
        """Whether both share more than a rim."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        return wide > air and min(self.bottom, other.bottom) - max(self.top, other.top) > air

    def distance(self, segment: Segment) -> float:
        """Distance from a level or upright line; 0 where it runs through."""
        (x1, y1), (x2, y2) = segment
        across = max(self.left - max(x1, x2), min(x1, x2) - self.right, 0.0)
        return hypot(across, max(self.top - max(y1, y2), min(y1, y2) - self.bottom, 0.0))


@dataclass
class Line:
    """An edge as it is drawn; lines with one bus may lie on each other."""

    id: str
    source: str
    target: str
    points: list[Point]
    bus: str
    directed: bool
    segments: list[Segment] = field(default_factory=list)

    def may_share(self, other: Line) -> bool:
        """Whether both belong to one bus."""
        return bool(self.bus) and self.bus == other.bus


class Picture:
    """A drawing as shapes, lines and texts."""

    def __init__(self, drawing: Drawing) -> None:
        self.width, self.height = drawing.layout.right, drawing.layout.bottom
        self.shapes = {
            name: Shape(round(s.x, 2), round(s.y, 2), s.box.width / 2, s.box.height / 2, s.diamond)
            for name, s in drawing.layout.spots.items()
        }
        natural = measure(drawing.figure, frozenset(main_line(drawing.figure)))
        self.natural = {name: box.width for name, box in natural.items()}
        self.lines = [self._line(route) for route in drawing.layout.routes]
        self.texts = []
        for label in drawing.labels:
            wide, high = block(list(label.lines), SIZE)
            area = (label.x - wide / 2, label.y - high / 2, label.x + wide / 2, label.y + high / 2)
            self.texts.append(Text(label.edge, *area))
        self.titles = [Text(band.stage, *area) for band in drawing.layout.bands for area in band.titles()]

    @staticmethod
    def _line(route) -> Line:  # type: ignore[no-untyped-def]
        points = [(round(x, 2), round(y, 2)) for x, y in route.points]
        edge = route.edge
        bus = " ".join(route.bus) if route.area == "top" and edge.kind == "back" else ""
        line = Line(edge.id, edge.source, edge.target, points, bus, edge.directed and not edge.id.startswith(LINK))
        line.segments = [(a, b) for a, b in pairwise(points) if a != b]
        return line


def hard(drawing: Drawing) -> list[str]:
    """Faults that mislead or can't be read."""
    picture = Picture(drawing)
    return [
        *_shapes(picture),
        *_ends(picture),
        *_through(picture),
        *_shared(picture),
        *_texts(picture),
        *_page(picture),
    ]


def soft(drawing: Drawing) -> list[str]:
    """Faults that are ugly."""
    picture = Picture(drawing)
    found = [f"{name} is stretched" for name, shape in picture.shapes.items()
             if 2 * shape.wide > STRETCHED * picture.natural[name]]  # fmt: skip
    for line in picture.lines:
        found += [f"{line.id} is slanted" for a, b in line.segments if min(abs(a[0] - b[0]), abs(a[1] - b[1])) > 0.5]
        found += [f"{line.id} makes a small step" for _ in _jogs(line)]
        if line.directed and len(line.segments) > 1 and _length(line.segments[-1]) < SHORT:
            found.append(f"{line.id} ends with a short part")
    return found


def crossings(drawing: Drawing) -> int:
    """How often lines cross; those of one bus never do."""
    found = 0
    for one, other in combinations(Picture(drawing).lines, 2):
        if one.may_share(other):
            continue
        places = {place for s in one.segments for t in other.segments if (place := _crossing(s, t))}
        found += len(places - {_rounded(p) for line in (one, other) for p in (line.points[0], line.points[-1])})
    return found


def _shapes(picture: Picture) -> Iterator[str]:
    for (name, one), (second, other) in combinations(picture.shapes.items(), 2):
        away = abs(one.x - other.x), abs(one.y - other.y)
        if away[0] >= one.wide + other.wide - 1.5 or away[1] >= one.high + other.high - 1.5:
            continue
        points = [
            (one.x + one.wide * i / 20, one.y + one.high * j / 20) for i in range(-20, 21) for j in range(-20, 21)
        ]
        if any(one.inside(point, 0.75) and other.inside(point, 0.75) for point in points):
            yield f"{name} and {second} overlap"


def _ends(picture: Picture) -> Iterator[str]:
    ends: list[tuple[str, Point, Line]] = []
    for line in picture.lines:
        for name, point in ((line.source, line.points[0]), (line.target, line.points[-1])):
            if line.bus and point is line.points[0]:
                continue  # edges of a bus may begin where they branch off
            ends.append((name, point, line))
            off = picture.shapes[name].off_outline(point)
            if off > ON:
                yield f"{line.id} ends {off:.1f} beside the outline of {name}"
    for (name, point, line), (other_name, other_point, other) in combinations(ends, 2):
        near = hypot(point[0] - other_point[0], point[1] - other_point[1]) < APART
        if name == other_name and near and not line.may_share(other):
            yield f"{line.id} and {other.id} share an end at {name}"


def _through(picture: Picture) -> Iterator[str]:
    for line in picture.lines:
        for a, b in line.segments:
            for name, shape in picture.shapes.items():
                margin = 1.5 if name in (line.source, line.target) else 0.75
                steps = max(2, int(_length((a, b))))
                inside = sum(
                    shape.inside((a[0] + (b[0] - a[0]) * i / steps, a[1] + (b[1] - a[1]) * i / steps), margin)
                    for i in range(steps + 1)
                ) if _near(shape, (a, b)) else 0  # fmt: skip
                if inside > 2:
                    yield f"{line.id} runs through {name}"


def _near(shape: Shape, segment: Segment) -> bool:
    (x1, y1), (x2, y2) = segment
    across = min(x1, x2) < shape.x + shape.wide and max(x1, x2) > shape.x - shape.wide
    return across and min(y1, y2) < shape.y + shape.high and max(y1, y2) > shape.y - shape.high


def _shared(picture: Picture) -> Iterator[str]:
    for one, other in combinations(picture.lines, 2):
        if not one.may_share(other) and sum(_common(s, t) for s in one.segments for t in other.segments) > APART:
            yield f"{one.id} and {other.id} lie on each other"


def _common(one: Segment, other: Segment) -> float:
    """Length over which two level or upright lines run on each other."""
    for along, across in ((0, 1), (1, 0)):
        if max(abs(p[across] - one[0][across]) for p in (*one, *other)) <= 1.0:
            low = max(min(p[along] for p in one), min(p[along] for p in other))
            return max(0.0, min(max(p[along] for p in one), max(p[along] for p in other)) - low)
    return 0.0


def _texts(picture: Picture) -> Iterator[str]:
    for one, other in combinations([*picture.texts, *picture.titles], 2):
        if one.meets(other):
            yield f"texts of {one.owner} and {other.owner} overlap"
    for text in (*picture.texts, *picture.titles):
        for name, shape in picture.shapes.items():
            nearest = min(max(shape.x, text.left + 1), text.right - 1), min(max(shape.y, text.top + 1), text.bottom - 1)
            if shape.inside(nearest, 0.5):
                yield f"the text of {text.owner} lies on {name}"
    for title in picture.titles:
        for line in picture.lines:
            if any(title.distance(segment) < 1 for segment in line.segments):
                yield f"{line.id} runs through the title of {title.owner}"
    by_id = {line.id: line for line in picture.lines}
    for text in picture.texts:
        yield from _belongs(text, by_id[text.owner], picture)


def _belongs(text: Text, own: Line, picture: Picture) -> Iterator[str]:
    near = {line.id: min((text.distance(s) for s in line.segments), default=999.0) for line in picture.lines}
    mine = min(near[line.id] for line in picture.lines if line is own or line.may_share(own))
    if mine > FAR:
        yield f"the text of {text.owner} is far from its line"
    inner = Text("", text.left + 0.75, text.top + 0.75, text.right - 0.75, text.bottom - 0.75)
    for line in picture.lines:
        if any(not inner.distance(segment) for segment in line.segments):
            yield f"{line.id} runs through the text of {text.owner}"
        elif line is not own and not line.may_share(own) and near[line.id] < mine - 0.5:
            yield f"the text of {text.owner} is nearer to {line.id}"


def _page(picture: Picture) -> Iterator[str]:
    def outside(left: float, top: float, right: float, bottom: float) -> bool:
        return left < -1 or top < -1 or right > picture.width + 1 or bottom > picture.height + 1

    for name, s in picture.shapes.items():
        if outside(s.x - s.wide, s.y - s.high, s.x + s.wide, s.y + s.high):
            yield f"{name} stands outside"
    for line in picture.lines:
        if any(outside(x, y, x, y) for x, y in line.points):
            yield f"{line.id} runs outside"
    for text in (*picture.texts, *picture.titles):
        if outside(text.left, text.top, text.right, text.bottom):
            yield f"the text of {text.owner} stands outside"


def _jogs(line: Line) -> Iterator[Segment]:
    """Middle parts of S-bends that are too short to be meant."""
    for before, middle, after in zip(line.segments, line.segments[1:], line.segments[2:], strict=False):
        if _length(middle) < JOG and _turn(before, middle) * _turn(middle, after) < 0:
            yield middle


def _turn(one: Segment, other: Segment) -> float:
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = other
    return (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)


def _length(segment: Segment) -> float:
    (x1, y1), (x2, y2) = segment
    return hypot(x1 - x2, y1 - y2)


def _crossing(one: Segment, other: Segment) -> Point | None:
    """Where a level and an upright line meet."""
    for (a, b), (c, d) in ((one, other), (other, one)):
        across = a[1] == b[1] and c[0] == d[0] and min(a[0], b[0]) <= c[0] <= max(a[0], b[0])
        if across and min(c[1], d[1]) <= a[1] <= max(c[1], d[1]):
            return _rounded((c[0], a[1]))
    return None


def _rounded(point: Point) -> Point:
    return round(point[0], 1), round(point[1], 1)
