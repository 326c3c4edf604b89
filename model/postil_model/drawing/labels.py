"""Texts on edges, each where nothing else is: along its own line, tested against boxes, lines and other texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from postil_model.drawing.figure import FigureEdge
from postil_model.drawing.layout import Layout
from postil_model.drawing.routes import Route
from postil_model.drawing.text import LINE, block, wrap

SIZE = 9.0
Slot = Literal["label", "taillabel", "xlabel"]  # count, guard, text: Graphviz has a position for each of the three


class Area(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Area) -> float:
        """Shared area."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide * high if wide > 0 and high > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Label:
    """A text in its place (centre)."""

    edge: str
    slot: Slot
    lines: tuple[str, ...]
    x: float
    y: float


def pen(edge: FigureEdge) -> float:
    """Line width: it grows with k, and from 12 participants on with the share."""
    return 0.9 + 0.24 * edge.k * min(1.0, 12 / edge.n) if edge.n else 1.1


def edge_texts(edge: FigureEdge, first_of_bus: bool = True) -> list[tuple[Slot, list[str]]]:
    """What is written on an edge: guard, count and the declared text. A guard is printed once for a bus."""
    texts: list[tuple[Slot, list[str]]] = []
    guard = edge.guard[:1].upper() + edge.guard[1:]
    said = [line for line in wrap(edge.label, 74, SIZE) if line]
    if guard and edge.label.casefold() == guard.casefold():
        said = []
    count = edge.count + (f" (−{edge.denied})" if edge.denied else "")
    on_line = edge.kind != "back" and guard
    if count or on_line:
        short = on_line and len(guard) <= 12
        lines = wrap(guard, 92, SIZE) if on_line and not short else []
        texts.append(
            ("label", [*lines, *([f"{guard}  {count}".strip() if short else count] if count or short else [])])
        )
    if guard and not on_line and first_of_bus:
        texts.append(("taillabel", wrap(guard, 100, SIZE)))
    if said:
        texts.append(("xlabel", said))
    return texts


def room_needed(edge: FigureEdge) -> float:
    """Gap between two steps that holds the texts of the straight edge between them."""
    widest = max((block(lines, SIZE)[0] for _, lines in edge_texts(edge)), default=0.0)
    return widest + _head(edge)[0] + 13 if widest else 26.0


def _head(edge: FigureEdge) -> tuple[float, float]:
    """Length of an arrow head and half its breadth: it grows with the line."""
    return 7 + 1.6 * pen(edge), 2.6 + 0.75 * pen(edge)


def place_labels(layout: Layout) -> list[Label]:
    """Find a place for every text; the edges with the least choice first."""
    taken = _Obstacles(layout)
    labels: list[Label] = []
    seen: set[tuple[str, ...]] = set()
    for route in sorted(layout.routes, key=lambda r: (not r.straight, r.area == "lanes", -r.edge.k)):
        first = not route.bus or route.bus not in seen
        seen.add(route.bus)
        for slot, lines in edge_texts(route.edge, first):
            wide, high = block(lines, SIZE)
            x, y = taken.best(_candidates(route, slot, wide + 3, high), wide + 3, high)
            labels.append(Label(route.edge.id, slot, tuple(lines), x, y))
    return labels


_CELL = 120.0  # points; texts are smaller, so a place touches few cells
_LINE_WEIGHT = 3.0  # a line through a text is worse than a text near a rim


class _Obstacles:
    """What texts must keep off, in a grid, so that a place is compared with its neighbourhood only."""

    def __init__(self, layout: Layout) -> None:
        self.cells: dict[tuple[int, int], list[tuple[int, Area, float]]] = defaultdict(list)
        self.count = 0
        for spot in layout.spots.values():
            half = spot.box.width / (3.4 if spot.diamond else 2)
            self.add(Area(spot.x - half, spot.top, spot.x + half, spot.bottom), 1.0)
        for route in layout.routes:
            for area in _line_areas(route):
                self.add(area, _LINE_WEIGHT)

    def add(self, area: Area, weight: float) -> None:
        """Remember an obstacle in every cell it touches."""
        self.count += 1
        for cell in _cells(area):
            self.cells[cell].append((self.count, area, weight))

    def cost(self, area: Area) -> float:
        """How much of a place is covered."""
        near = {number: (other, weight) for cell in _cells(area) for number, other, weight in self.cells.get(cell, ())}
        return sum(weight * area.overlap(other) for other, weight in near.values())

    def best(self, candidates: Iterable[tuple[float, float]], wide: float, high: float) -> tuple[float, float]:
        """The first free place, else the one that covers least; the place is taken then."""
        least, chosen = float("inf"), (0.0, 0.0)
        for place in candidates:
            cost = self.cost(_around(place, wide, high))
            if cost < least:
                least, chosen = cost, place
            if not cost:
                break
        self.add(_around(chosen, wide, high), 1.0)
        return chosen


def _cells(area: Area) -> Iterator[tuple[int, int]]:
    for column in range(int(area.left // _CELL), int(area.right // _CELL) + 1):
        for row in range(int(area.top // _CELL), int(area.bottom // _CELL) + 1):
            yield column, row


def _around(place: tuple[float, float], wide: float, high: float) -> Area:
    return Area(place[0] - wide / 2, place[1] - high / 2, place[0] + wide / 2, place[1] + high / 2)


def _line_areas(route: Route) -> Iterator[Area]:
    half = pen(route.edge) / 2 + 0.6
    for (x1, y1), (x2, y2) in pairwise(route.points):
        yield Area(min(x1, x2) - half, min(y1, y2) - half, max(x1, x2) + half, max(y1, y2) + half)
    (x1, y1), (x2, y2) = route.points[-2:]
    long, broad = _head(route.edge)
    long = min(long, abs(x1 - x2) + abs(y1 - y2))
    back = (x2 + (x1 > x2) * long - (x1 < x2) * long, y2 + (y1 > y2) * long - (y1 < y2) * long)
    aside = (broad, 0.0) if x1 == x2 else (0.0, broad)
    low, high = (min(x2, back[0]), min(y2, back[1])), (max(x2, back[0]), max(y2, back[1]))
    yield Area(low[0] - aside[0], low[1] - aside[1], high[0] + aside[0], high[1] + aside[1])


Place = tuple[float, float]


def _candidates(route: Route, slot: Slot, wide: float, high: float) -> Iterator[Place]:
    """Places in order of preference; at last, anywhere along the line."""
    yield from _preferred(route, slot, wide, high)
    air = pen(route.edge) / 2 + 1.5
    segments = list(pairwise(route.points))
    for gap in (air, air + 5):
        yield from _along([s for s in segments if _level(s)], wide, high, gap)
        yield from _beside([s for s in segments if not _level(s)], wide, high, gap, from_end=False)


def _level(segment: tuple[Place, Place]) -> bool:
    return abs(segment[0][1] - segment[1][1]) < 0.01


def _preferred(route: Route, slot: Slot, wide: float, high: float) -> list[Place]:
    segments = list(pairwise(route.points))
    air = pen(route.edge) / 2 + 1.5
    level = [s for s in segments if _level(s)]
    upright = [s for s in segments if not _level(s)]
    if slot == "taillabel":  # the guard stands where the edge leaves
        return _beside(upright[:1], wide, high, air, from_end=True) + _along(level[:1], wide, high, air)
    if route.straight and level:
        below = slot == "xlabel"
        (x1, y), (x2, _) = level[0]
        side = 1 if below else -1
        long = _head(route.edge)[0]
        return [((x1 + x2 - long) / 2 + shift, y + side * (high / 2 + air)) for shift in (0, -3, 3, -6, 6)]
    if route.area == "top" and route.edge.kind == "back":
        beside_head = _head(route.edge)[1] + 0.5  # a text above the line that edges share would belong to all of them
        last = upright[-1:]
        near = [place for gap in (air, beside_head) for place in _beside(last, wide, high, gap, from_end=False)]
        return near + _along(level, wide, high, air)
    if route.area == "lanes" or route.area == "top":
        longest = sorted(level, key=lambda s: -abs(s[0][0] - s[1][0]))
        return _along(longest, wide, high, air) + _beside(upright, wide, high, air, from_end=False)
    return _beside(upright, wide, high, air, from_end=False) + _along(level, wide, high, air)


def _along(segments: list[tuple[Place, Place]], wide: float, high: float, air: float) -> list[Place]:
    """Above the line, from the middle outwards; then below."""
    found: list[Place] = []
    for (x1, y), (x2, _) in segments:
        middle, reach = (x1 + x2) / 2, max(abs(x1 - x2) / 2 - wide / 2 - 4, 0)
        steps = [0.0] + [sign * step * 9.0 for step in range(1, int(reach / 9) + 1) for sign in (1, -1)]
        found += [(middle + step, y - high / 2 - air + 0.5) for step in steps]
        found += [(middle + step, y + high / 2 + air - 0.5) for step in steps]
    return found


def _beside(segments: list[tuple[Place, Place]], wide: float, high: float, air: float, from_end: bool) -> list[Place]:
    """Right of the line, then left; from its middle outwards, or beginning at its end."""
    found: list[Place] = []
    for (x, y1), (_, y2) in segments:
        span = abs(y1 - y2)
        middle = (y1 + y2) / 2
        reach = max(span / 2 - high / 2 - 2, 0)
        steps = [0.0] + [sign * step * 4.0 for step in range(1, int(reach / 4) + 1) for sign in (1, -1)]
        if from_end:
            steps = sorted(steps, key=lambda step: abs(middle + step - y2))
        sides = (-1, 1) if from_end else (1, -1)
        found += [(x + side * (wide / 2 + air + 1), middle + step) for side in sides for step in steps]
    return found


def text_height(lines: Iterable[str]) -> float:
    """Height of some lines of label text."""
    return sum(1 for _ in lines) * SIZE * LINE
