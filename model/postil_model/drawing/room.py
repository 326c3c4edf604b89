"""Free room for texts: what a place covers, and whether another line is nearer to it than its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from postil_model.drawing.figure import FigureEdge
from postil_model.drawing.layout import Layout, Spot
from postil_model.drawing.routes import Route

_CELL = 120.0  # points; texts are smaller, so a place touches few cells
_LINE_WEIGHT = 3.0  # a line through a text is worse than a text near a rim
AIR = 1.5  # at either end of a text
_NEARER = 0.2  # points by which a foreign line may be nearer
EDGE, OUTSIDE = 3.0, 2.0  # points to the page's edge; better outside, where the page can grow, than on a line
_FAR = 11.0  # points between a text and its line


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

    def distance(self, other: Area) -> float:
        """Room between both; 0 where they touch."""
        wide = max(self.left - other.right, other.left - self.right, 0.0)
        high = max(self.top - other.bottom, other.top - self.bottom, 0.0)
        return float((wide * wide + high * high) ** 0.5)


def head(pen: float) -> tuple[float, float]:
    """Length of an arrow head and half its breadth: it grows with the line."""
    return 7 + 1.6 * pen, 2.6 + 0.75 * pen


class Room:
    """What texts must keep off, in a grid, so that a place is compared with its neighbourhood only."""

    def __init__(self, layout: Layout, pen: Callable[[FigureEdge], float]) -> None:
        self.right = layout.right
        self.covered: dict[tuple[int, int], list[tuple[int, Area, float]]] = defaultdict(list)
        self.diamonds = [spot for spot in layout.spots.values() if spot.diamond]
        self.lines: dict[tuple[int, int], list[tuple[tuple[str, ...], Area]]] = defaultdict(list)
        self.count = 0
        for spot in layout.spots.values():
            if not spot.diamond:
                self.add(Area(spot.left, spot.top, spot.right, spot.bottom), 1.0)
        for band in layout.bands:
            for title in band.titles():
                self.add(Area(*title), 1.0)
        for route in layout.routes:
            for area in _line_areas(route, pen(route.edge)):
                self.add(area, _LINE_WEIGHT)
            for area in _segments(route):
                for cell in _cells(area):
                    self.lines[cell].append((_owner(route), area))

    def add(self, area: Area, weight: float) -> None:
        """Remember an obstacle in every cell it touches."""
        self.count += 1
        for cell in _cells(area):
            self.covered[cell].append((self.count, area, weight))

    def best(
        self, candidates: Iterable[tuple[float, float]], route: Route, wide: float, high: float
    ) -> tuple[tuple[float, float], float]:
        """The first good place, else the best of the bad ones, with what is wrong about it; it is taken then."""
        least, chosen = float("inf"), (0.0, 0.0)
        own = [*_segments(route)]
        for place in candidates:
            area = _around(place, wide, high)
            cost = self._covers(area)
            if cost < least:
                text = Area(area.left + AIR, area.top, area.right - AIR, area.bottom)
                cost += self._belongs(text, own, _owner(route))
            if cost < least:
                least, chosen = cost, place
            if not cost:
                break
        self.add(_around(chosen, wide, high), 1.0)
        return chosen, least

    def _covers(self, area: Area) -> float:
        """How much of a place is covered, and whether it is outside the page."""
        near = {number: (other, weight) for cell in _cells(area) for number, other, weight in self.covered[cell]}
        cost = sum(weight * area.overlap(other) for other, weight in near.values())
        cost += sum(40.0 for spot in self.diamonds if _on_diamond(area, spot))
        return cost + (OUTSIDE if area.left < EDGE or area.right > self.right - EDGE or area.top < EDGE else 0.0)

    def _belongs(self, area: Area, own: list[Area], owner: tuple[str, ...]) -> float:
        """What is wrong with a place that is far from its own line, or nearer to another."""
        shared = [other for cell in _cells(_wider(area)) for name, other in self.lines[cell] if name == owner]
        mine = min(area.distance(other) for other in (own + shared))
        cost = 20.0 + 4 * (mine - _FAR) if mine > _FAR else 0.0
        foreign = [area.distance(other) for cell in _cells(_wider(area)) for name, other in self.lines[cell]
                   if name != owner]  # fmt: skip
        nearest = min(foreign, default=float("inf"))
        return cost + (30.0 + 4 * (mine - nearest) if nearest < mine - _NEARER else 0.0)


def _owner(route: Route) -> tuple[str, ...]:
    """Who a line belongs to: edges of one bus own their lines together."""
    return route.bus if route.shares else (route.edge.id,)


def _wider(area: Area) -> Area:
    return Area(area.left - _FAR, area.top - _FAR, area.right + _FAR, area.bottom + _FAR)


def _cells(area: Area) -> Iterator[tuple[int, int]]:
    for column in range(int(area.left // _CELL), int(area.right // _CELL) + 1):
        for row in range(int(area.top // _CELL), int(area.bottom // _CELL) + 1):
            yield column, row


def _around(place: tuple[float, float], wide: float, high: float) -> Area:
    return Area(place[0] - wide / 2, place[1] - high / 2, place[0] + wide / 2, place[1] + high / 2)


def _on_diamond(area: Area, spot: Spot) -> bool:
    """Whether a rectangle meets a diamond: by its point that is nearest to the middle."""
    x, y = min(max(spot.x, area.left), area.right), min(max(spot.y, area.top), area.bottom)
    return abs(x - spot.x) / (spot.box.width / 2) + abs(y - spot.y) / (spot.box.height / 2) < 1


def _segments(route: Route) -> Iterator[Area]:
    for (x1, y1), (x2, y2) in pairwise(route.points):
        yield Area(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def _line_areas(route: Route, pen: float) -> Iterator[Area]:
    half = pen / 2 + 0.6
    for area in _segments(route):
        yield Area(area.left - half, area.top - half, area.right + half, area.bottom + half)
    (x1, y1), (x2, y2) = route.points[-2:]
    long, broad = head(pen)
    long = min(long, abs(x1 - x2) + abs(y1 - y2))
    back = (x2 + (x1 > x2) * long - (x1 < x2) * long, y2 + (y1 > y2) * long - (y1 < y2) * long)
    aside = (broad, 0.0) if x1 == x2 else (0.0, broad)
    low, high = (min(x2, back[0]), min(y2, back[1])), (max(x2, back[0]), max(y2, back[1]))
    yield Area(low[0] - aside[0], low[1] - aside[1], high[0] + aside[0], high[1] + aside[1])
