"""Heights: the main line, the levels of lines above and below it, and the boxes that hang from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from postil_model.drawing.boxes import TITLE
from postil_model.drawing.columns import Column
from postil_model.drawing.layout import Layout, Spot
from postil_model.drawing.routes import End
from postil_model.drawing.text import LINE
from postil_model.drawing.tracks import levels

STEP_TOP, STEP_UPPER, STEP_LANE = 21.0, 13.0, 19.0
STACK_GAP = 22.0


class Heights:
    """Places everything whose x is known."""

    def __init__(self, columns: Sequence[Column], layout: Layout) -> None:
        self.columns, self.layout, self.routes = columns, layout, layout.routes

    def place(self) -> None:
        """Main line, hanging boxes, levels of routes, and the ports' y."""
        layout, spots = self.layout, self.layout.spots
        titles = max((len(band.lines) for band in layout.bands if band.stage), default=0)
        layout.title_y = 8.0
        head = 8.0 + titles * TITLE * LINE + (10 if titles else 2)
        above = self._levels("top")
        half = max((spots[column.main].box.height / 2 for column in self.columns if column.main), default=0.0)
        count = _count(above)
        drop = 25.0 if any(route.edge.kind == "back" and route.edge.count for route in self.routes) else 9.0
        first = head + (drop + STEP_TOP * (count - 1) + 4 if count else 6)
        middle = first + half
        for column in self.columns:
            if column.main:
                spots[column.main].y = middle
        for route in self.routes:
            if route.area == "top":
                route.level_y = first - drop - STEP_TOP * above[route.bus]
        hanging = self._upper(middle + half)
        bottom = self._stacks_y(hanging)
        lanes = self._levels("lanes")
        for route in self.routes:
            if route.area == "lanes":
                route.level_y = bottom + 20 + STEP_LANE * lanes[route.bus]
        layout.bottom = bottom + (14 if not lanes else 20 + STEP_LANE * (_count(lanes) - 1) + 16)
        self._ports_y()

    def _upper(self, start: float) -> float:
        """Heights in the upper channel: routes and jogs; returns where hanging boxes begin."""
        spans: dict[object, tuple[float, float]] = {}
        for route in self.routes:
            if route.area == "upper" and abs(_run_x(route.source) - _run_x(route.target)) > 0.5:
                spans[route.bus] = _ordered(_run_x(route.source), _run_x(route.target))
            for end in (route.source, route.target):
                if end.jog and end.track:
                    spans[id(end)] = _ordered(end.x, end.track.x)
        found = levels(spans)
        for route in self.routes:
            if route.area == "upper":
                route.level_y = start + 20 + STEP_UPPER * found.get(route.bus, 0)
            for end in (route.source, route.target):
                end.jog_y = start + 20 + STEP_UPPER * found.get(id(end), 0)
        anything = any(column.everything[1 if column.main else 0 :] for column in self.columns)
        if not found:
            return start + (30.0 if anything else 0.0)
        return start + max(40.0, 20 + STEP_UPPER * _count(found) + 5)

    def _stacks_y(self, start: float) -> float:
        lowest = start
        for column in self.columns:
            for _, stack in column.stacks:
                y = start
                for name in stack:
                    spot = self.layout.spots[name]
                    spot.y = y + spot.box.height / 2
                    y = spot.bottom + STACK_GAP
                    lowest = max(lowest, spot.bottom)
        return lowest

    def _levels(self, area: str) -> dict[tuple[str, ...], int]:
        spans: dict[tuple[str, ...], tuple[float, float]] = {}
        for route in self.routes:
            if route.area == area:
                low, high = _ordered(_run_x(route.source), _run_x(route.target))
                before = spans.get(route.bus, (low, high))
                spans[route.bus] = min(low, before[0]), max(high, before[1])
        return levels(spans)

    def _ports_y(self) -> None:
        sides: dict[tuple[str, str], list[End]] = defaultdict(list)
        for route in self.routes:
            for end in (route.source, route.target):
                spot = self.layout.spots[end.node]
                if end.side in ("top", "bottom"):
                    end.y = _edge_y(spot, end)
                else:
                    end.x = spot.left if end.side == "left" else spot.right
                    end.y = spot.y
                    if not route.straight:
                        sides[end.node, end.side].append(end)
        for (name, _), ends in sides.items():
            spot = self.layout.spots[name]
            for place, end in enumerate(ends):
                end.y = spot.top + spot.box.height * (place + 1) / (len(ends) + 1)


def _edge_y(spot: Spot, end: End) -> float:
    half = spot.box.height / 2
    if spot.diamond:
        half *= max(0.0, 1 - abs(end.x - spot.x) / (spot.box.width / 2))
    return spot.y - half if end.side == "top" else spot.y + half


def _run_x(end: End) -> float:
    """Where the end meets its horizontal run."""
    return end.track.x if end.track else end.x


def _ordered(a: float, b: float) -> tuple[float, float]:
    return (a, b) if a <= b else (b, a)


def _count(found: Mapping[Any, int]) -> int:
    return max(found.values(), default=-1) + 1
