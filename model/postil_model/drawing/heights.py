"""Heights, row by row: the main line, the levels of lines above and below it, and the boxes that hang from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence

from postil_model.drawing.boxes import TITLE
from postil_model.drawing.columns import Column
from postil_model.drawing.layout import Layout, Spot
from postil_model.drawing.routes import End, Route
from postil_model.drawing.text import block
from postil_model.drawing.tracks import levels

STEP_TOP, STEP_UPPER, STEP_LANE = 21.0, 13.0, 19.0
STACK_GAP = 22.0
_HEAD = 8.0  # above a title
_SIDE = 0.72  # of a diamond's height is its left or right side, the rest is above or below
_STEP = 9.0  # points; a smaller step in a line looks like a mistake

Spans = dict[Hashable, tuple[float, float]]


class Heights:
    """Places everything whose x is known."""

    def __init__(self, columns: Sequence[Column], layout: Layout, air: float = 0.0) -> None:
        self.air = air  # points more between boxes
        self.columns, self.layout, self.routes = columns, layout, layout.routes
        self.rows = max((column.row for column in columns), default=0) + 1
        self.row_of = {name: column.row for column in columns for name in column.everything}
        self.roomy = {route.bus or (route.edge.id,): route.text[1] for route in self.routes if route.roomy}

    def place(self) -> None:
        """Every row below the one before, with a corridor between them; then the ports' y."""
        y = 0.0
        for row in range(self.rows):
            bottom = self._row(row, y)
            for band in self.layout.bands:
                if band.row == row:
                    band.top, band.bottom, band.title_y = y, bottom, y + _HEAD
            self.layout.bottom = bottom
            y = self._corridor(row, bottom)
        self._ports_y()

    def _row(self, row: int, y: float) -> float:
        """Everything in a row that begins at a height; returns where it ends."""
        spots = self.layout.spots
        columns = [column for column in self.columns if column.row == row]
        routes = [route for route in self.routes if route.row == row]
        titles = [block(band.lines, TITLE, "bold")[1] for band in self.layout.bands if band.stage and band.row == row]
        start = y + _HEAD + max(titles, default=0.0) + (10 if titles else 2)
        above, height = self._levels(routes, "top", STEP_TOP)
        drop = 25.0 if any(route.edge.kind == "back" and route.edge.count for route in routes) else 9.0
        first = start + (drop + height + 4 if above else 6)
        half = max((spots[column.main].box.height / 2 for column in columns if column.main), default=0.0)
        for column in columns:
            if column.main:
                spots[column.main].y = first + half
        for route in routes:
            if route.area == "top":
                route.level_y = first - drop - above[route.bus]
        bottom = self._stacks_y(columns, self._upper(row, columns, first + 2 * half))
        lanes, height = self._levels(routes, "lanes", STEP_LANE)
        for route in routes:
            if route.area == "lanes":
                route.level_y = bottom + 20 + lanes[route.bus]
        return bottom + (14 if not lanes else 20 + height + 16)

    def _corridor(self, row: int, bottom: float) -> float:
        """Heights of the lines between a row and the next; returns where the next begins."""
        spans: Spans = {}
        for route in self.routes:
            if route.area == "corridor":
                margin = route.margin.x if route.margin else _run_x(route.target)
                if route.row == row:
                    spans[route.bus] = _ordered(_run_x(route.source), margin)
                if route.margin and route.last_row == row:
                    spans[*route.bus, "last"] = _ordered(margin, _run_x(route.target))
        found, height = self._offsets(levels(spans), STEP_LANE, above=False)
        for route in self.routes:
            if route.area == "corridor":
                if route.row == row:
                    route.level_y = bottom + 20 + found[route.bus]
                if route.margin and route.last_row == row:
                    route.last_y = bottom + 20 + found[*route.bus, "last"]
        return bottom + (20 + height + 16 if found else 20)

    def _upper(self, row: int, columns: Sequence[Column], start: float) -> float:
        """Heights in the upper channel: routes and jogs; returns where hanging boxes begin."""
        spans: Spans = {}
        upright = 0.0  # height of texts beside the upright parts of lines
        ends = [end for route in self.routes for end in (route.source, route.target) if self.row_of[end.node] == row]
        routes = [route for route in self.routes if route.area == "upper" and route.row == row]
        for route in routes:
            if abs(_run_x(route.source) - _run_x(route.target)) > 0.5:
                spans[route.bus] = _ordered(_run_x(route.source), _run_x(route.target))
            if route.roomy:
                upright = max(upright, route.text[1])
        for end in ends:
            if end.jog and end.track:
                spans[id(end)] = _ordered(end.x, end.track.x)
        found, height = self._offsets(levels(spans), STEP_UPPER, above=False)
        start += min(upright, 8.0)
        for route in routes:
            route.level_y = start + 20 + found.get(route.bus, 0.0)
        for end in ends:
            end.jog_y = start + 20 + found.get(id(end), 0.0)
        anything = any(column.everything[1 if column.main else 0 :] for column in columns)
        more = self.air + (upright + 4 if upright else 0.0)
        if not found:
            return start + (max(30.0, 20 + more) if anything else 0.0)
        return start + max(40.0, 20 + height + 18 + more)

    def _stacks_y(self, columns: Sequence[Column], start: float) -> float:
        between = {
            frozenset((route.source.node, route.target.node)): route.text[1] + 14
            for route in self.routes
            if route.roomy and route.straight
        }
        lowest = start
        for column in columns:
            for _, stack in column.stacks:
                y, above = start, ""
                for name in stack:
                    spot = self.layout.spots[name]
                    gap = self.air + max(STACK_GAP, between.get(frozenset((above, name)), 0.0)) if above else 0.0
                    spot.y = y + gap + spot.box.height / 2
                    y, above = spot.bottom, name
                    lowest = max(lowest, y)
        return lowest

    def _levels(self, routes: Sequence[Route], area: str, step: float) -> tuple[dict[Hashable, float], float]:
        spans: Spans = {}
        for route in routes:
            if route.area == area:
                low, high = _ordered(_run_x(route.source), _run_x(route.target))
                before = spans.get(route.bus, (low, high))
                spans[route.bus] = min(low, before[0]), max(high, before[1])
        return self._offsets(levels(spans), step, above=area == "top")

    def _offsets(self, found: Mapping[Hashable, int], step: float, above: bool) -> tuple[dict[Hashable, float], float]:
        """How far each line is from the first, and the height of all: lines whose texts found no place get more room.

        ``above``: levels are counted upwards; texts stand above their lines in any case.
        """
        count = max(found.values(), default=-1) + 1
        more = [0.0] * (count + 1)
        for key, level in found.items():
            if isinstance(key, tuple) and key in self.roomy:
                more[level] = max(more[level], self.roomy[key] + 9 - step if level or above else self.roomy[key] - 11)
        offsets: list[float] = []
        at = 0.0
        for level in range(count):
            at += (step if level else 0.0) + max(0.0, more[level - 1 if above else level] if level or not above else 0)
            offsets.append(at)
        height = (offsets[-1] if offsets else 0.0) + (max(0.0, more[count - 1]) if above and count else 0.0)
        return {key: offsets[level] for key, level in found.items()}, height

    def _ports_y(self) -> None:
        sides: dict[tuple[str, str], list[tuple[End, Route]]] = defaultdict(list)
        for route in self.routes:
            for end in (route.source, route.target):
                spot = self.layout.spots[end.node]
                if end.side in ("top", "bottom"):
                    end.y = _edge_y(spot, end)
                else:
                    end.x = spot.left if end.side == "left" else spot.right
                    end.y = spot.y
                    sides[end.node, end.side].append((end, route))
        for (name, _), ends in sides.items():
            self._side_y(self.layout.spots[name], ends)
        for route in self.routes:
            if route.area is None and route.source.track and route.source.track is route.target.track:
                self._level(route, sides)

    def _level(self, route: Route, sides: Mapping[tuple[str, str], list[tuple[End, Route]]]) -> None:
        """Two ports that nearly face each other take one height where there is room."""
        ends = (route.source, route.target)
        if not 0.01 < abs(ends[0].y - ends[1].y) < _STEP or ends[0].side == ends[1].side:
            return
        for end, other in (ends, ends[::-1]):
            spot = self.layout.spots[end.node]
            taken = [e.y for e, _ in sides[end.node, end.side] if e is not end]
            if abs(other.y - spot.y) <= spot.box.height / 2 - 7 and all(abs(other.y - y) >= 7 for y in taken):
                end.y = other.y
                if spot.diamond:
                    end.x = _side_x(spot, end)
                return

    def _side_y(self, spot: Spot, ends: list[tuple[End, Route]]) -> None:
        """Ports of a left or right side: the straight one in the middle, those that go up above, the others below."""
        straight = [end for end, route in ends if route.straight]
        bent = sorted((self._turn(spot, end, route), at) for at, (end, route) in enumerate(ends) if not route.straight)
        up = [ends[at][0] for key, at in bent if key[0] == 0]
        down = [ends[at][0] for key, at in bent if key[0] == 1]
        high = spot.box.height * (_SIDE if spot.diamond else 1.0)
        if straight:
            places = [(end, -high / 2 * (len(up) - i) / (len(up) + 1)) for i, end in enumerate(up)]
            places += [(end, high / 2 * (i + 1) / (len(down) + 1)) for i, end in enumerate(down)]
        else:
            every = [*up, *down]
            places = [(end, high * ((i + 1) / (len(every) + 1) - 0.5)) for i, end in enumerate(every)]
        for end, away in places:
            end.y = spot.y + away
            if spot.diamond:  # on to its outline
                end.x = _side_x(spot, end)

    def _turn(self, spot: Spot, end: End, route: Route) -> tuple[int, float]:
        """Whether a line turns up (0) or down (1) at its track, and its place among them: none crosses another."""
        other = route.target if end is route.source else route.source
        way = self.layout.spots[other.node].y
        if route.area is not None:
            way = route.last_y if route.margin and end is route.target else route.level_y
        far = abs(end.track.x - spot.x) if end.track else 0.0
        same = abs(way - spot.y) < 0.01  # two boxes that face each other: their ports in one order
        return (0, far) if way < spot.y - 0.01 or (same and end.side == "right") else (1, -far)


def _edge_y(spot: Spot, end: End) -> float:
    half = spot.box.height / 2
    if spot.diamond:
        half *= max(0.0, 1 - abs(end.x - spot.x) / (spot.box.width / 2))
    return spot.y - half if end.side == "top" else spot.y + half


def _side_x(spot: Spot, end: End) -> float:
    """x of a port on the left or right outline of a diamond."""
    half = spot.box.width / 2 * (1 - abs(end.y - spot.y) / (spot.box.height / 2))
    return spot.x - half if end.side == "left" else spot.x + half


def _run_x(end: End) -> float:
    """Where the end meets its horizontal run."""
    return end.track.x if end.track else end.x


def _ordered(a: float, b: float) -> tuple[float, float]:
    return (a, b) if a <= b else (b, a)
