"""From plan to points: column widths, ports, tracks, levels. Points are PostScript points, y running down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from postil_model.drawing.boxes import TITLE, Box
from postil_model.drawing.columns import Column, Place
from postil_model.drawing.routes import End, Route, Track
from postil_model.drawing.text import LINE, block, width, wrap
from postil_model.drawing.tracks import levels, spread
from postil_model.drawing.widen import STEP_TRACK, inset, middle_width, track_room

STEP_TOP, STEP_UPPER, STEP_LANE = 21.0, 13.0, 19.0
STACK_GAP = 22.0
MARGIN = 16.0


@dataclass
class Spot:
    """A box in its place: centre and size."""

    x: float
    y: float
    box: Box
    diamond: bool = False

    @property
    def left(self) -> float:
        """x of the left side."""
        return self.x - self.box.width / 2

    @property
    def right(self) -> float:
        """x of the right side."""
        return self.x + self.box.width / 2

    @property
    def top(self) -> float:
        """y of the upper side."""
        return self.y - self.box.height / 2

    @property
    def bottom(self) -> float:
        """y of the lower side."""
        return self.y + self.box.height / 2


@dataclass
class Band:
    """The background of a stage."""

    stage: str
    lines: list[str]
    left: float = 0.0
    right: float = 0.0


@dataclass
class Layout:
    """Everything in its place."""

    spots: dict[str, Spot] = field(default_factory=dict)
    bands: list[Band] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    top: float = 0.0
    title_y: float = 0.0
    bottom: float = 0.0
    left: float = 0.0
    right: float = 0.0


class Geometry:
    """Lays out columns and routes."""

    def __init__(
        self,
        columns: Sequence[Column],
        places: Mapping[str, Place],
        boxes: Mapping[str, Box],
        diamonds: frozenset[str],
        routes: list[Route],
        titles: Mapping[str, str],
        gaps: Mapping[tuple[str, str], float],
    ) -> None:
        self.columns, self.places, self.boxes, self.routes = columns, places, boxes, routes
        self.titles, self.gaps = titles, gaps
        self.layout = Layout(routes=routes)
        self.layout.spots = {name: Spot(0, 0, boxes[name], name in diamonds) for name in places}
        self.tracks: dict[tuple[str, int], list[Track]] = defaultdict(list)
        for track in dict.fromkeys(end.track for route in routes for end in (route.source, route.target) if end.track):
            self.tracks[track.channel].append(track)
        self.room = track_room(routes)
        self.middles = [0.0] * len(columns)
        self.gutters: list[tuple[float, float]] = []

    def run(self) -> Layout:
        """All steps, in the order in which each needs the one before."""
        self._columns_x()
        self._stacks_x()
        self._tracks_x()
        self._ports_x()
        self._rows_y()
        for route in self.routes:
            route.points = path(route, self.layout.spots)
        return self.layout

    # -- across

    def _columns_x(self) -> None:
        x, previous = MARGIN, None
        bands = self._bands()
        for index, column in enumerate(self.columns):
            gutter = self._gutter_width(index)
            low, high = self._extents(index)
            band, first, last = bands[index]
            missing = max(0.0, _title_width(band) - self._band_width(band, bands)) / 2
            low += missing if first else 0.0
            high += missing if last else 0.0
            centre = x + gutter + low
            if column.main and previous:
                spot = self.layout.spots[previous]
                needed = self.gaps.get((previous, column.main), 26.0)
                centre = max(centre, spot.right + needed + self.boxes[column.main].width / 2)
            left = centre - low
            if first:
                band.left = x if not index else (x + left) / 2
                if index:
                    bands[index - 1][0].right = band.left
            band.right = centre + high + MARGIN
            self.middles[index] = centre
            if column.main:
                self.layout.spots[column.main].x = centre
                previous = column.main
            self.gutters.append((x, left))
            x = centre + high
        end = self._gutter_width(len(self.columns))
        self.gutters.append((x, x + end))
        self.layout.bands = list({id(band): band for band, _, _ in bands}.values())
        if self.layout.bands:
            self.layout.bands[0].left = 0.0
            self.layout.bands[-1].right = x + end + MARGIN
        self.layout.right = x + end + MARGIN

    def _bands(self) -> list[tuple[Band, bool, bool]]:
        """The band of each column, and whether the column is its first or last."""
        found: list[Band] = []
        for index, column in enumerate(self.columns):
            if not index or column.stage != self.columns[index - 1].stage:
                found.append(Band(column.stage, wrap(self.titles.get(column.stage, column.stage), 240, TITLE, "bold")))
            else:
                found.append(found[-1])
        return [
            (band, not i or found[i - 1] is not band, i == len(found) - 1 or found[i + 1] is not band)
            for i, band in enumerate(found)
        ]

    def _band_width(self, band: Band, bands: Sequence[tuple[Band, bool, bool]]) -> float:
        inside = [index for index, (other, _, _) in enumerate(bands) if other is band]
        return sum(sum(self._extents(index)) for index in inside) + sum(self._gutter_width(index) for index in inside)

    def _gutter_width(self, index: int) -> float:
        tracks = self.tracks.get(("gutter", index), ())
        if index in (0, len(self.columns)) and not tracks:
            return 0.0
        return max(24.0, self._room(tracks) + STEP_TRACK + 6)

    def _middle_width(self, index: int) -> float:
        return middle_width(index, self.routes)

    def _room(self, tracks: Iterable[Track]) -> float:
        """Width that tracks need; those with a text beside them need more."""
        return sum(self.room.get(id(track), STEP_TRACK) for track in tracks)

    def _extents(self, index: int) -> tuple[float, float]:
        """How far a column reaches left and right of its middle."""
        column, middle = self.columns[index], self._middle_width(index) / 2
        main = self.boxes[column.main].width / 2 if column.main else 0.0
        centre = max((self.boxes[name].width / 2 for name in column.centre), default=0.0)
        left = max((middle + self.boxes[name].width for name in column.left), default=0.0)
        right = max((middle + self.boxes[name].width for name in column.right), default=0.0)
        return max(main, centre, left, 20.0), max(main, centre, right, 20.0)

    def _stacks_x(self) -> None:
        for index, column in enumerate(self.columns):
            middle, half = self.middles[index], self._middle_width(index) / 2
            for part, stack in column.stacks:
                widest = max((self.boxes[name].width for name in stack), default=0.0) / 2
                offset = {"left": -half - widest, "right": half + widest}.get(part, 0.0)
                for name in stack:
                    self.layout.spots[name].x = middle + offset

    def _tracks_x(self) -> None:
        for (kind, index), tracks in self.tracks.items():
            if kind == "gutter":
                low, high = self.gutters[index]
            else:
                half = self._middle_width(index) / 2
                low, high = self.middles[index] - half, self.middles[index] + half
            stretch = (high - low) / (self._room(tracks) + STEP_TRACK)
            for track in sorted(tracks, key=lambda track: track.rank):
                room = self.room.get(id(track), STEP_TRACK) * stretch
                track.x = low + (room / 2 if room > STEP_TRACK * stretch else room)
                low += room

    # -- ports

    def _ports_x(self) -> None:
        sides: dict[tuple[str, str], list[tuple[End, Route]]] = defaultdict(list)
        for route in self.routes:
            for end in (route.source, route.target):
                sides[end.node, end.side].append((end, route))
        for (name, side), ends in sides.items():
            if side in ("top", "bottom"):
                self._horizontal_side(self.layout.spots[name], side, ends)
        self._align()

    def _horizontal_side(self, spot: Spot, side: str, ends: list[tuple[End, Route]]) -> None:
        """Ports of an upper or lower side: tracks in the middle fix theirs, the others come as near as they can."""
        away = spot.box.width * inset(spot.diamond)
        low, high = spot.left + away, spot.right - away
        for end, _ in ends:  # a track beside the box is reached by a jog
            end.jog = end.jog or (end.track is not None and not low <= end.track.x <= high)
        fixed = [end for end, _ in ends if end.track and end.track.channel[0] == "middle" and not end.jog]
        for end in fixed:
            end.x = end.track.x if end.track else spot.x
        free = [(end, route) for end, route in ends if end not in fixed]
        shared: dict[object, list[tuple[End, Route]]] = defaultdict(list)
        for end, route in free:  # the edges of a bus leave through one port
            shared[route.bus if route.area == "top" and end is route.source else id(end)].append((end, route))
        groups = sorted(shared.values(), key=lambda group: self._approach(*group[0]))
        gap = 36.0 if side == "top" or any(route.area == "upper" and route.edge.count for _, route in free) else 16.0
        if fixed:
            inner = [end.x for end in fixed]
            before = [group for group in groups if self._approach(*group[0]) < spot.x]
            after = groups[len(before) :]
            self._set(before, low, min(inner) - 8, gap)
            self._set(after, max(inner) + 8, high, gap)
        else:
            self._set(groups, low, high, gap)

    def _set(self, groups: list[list[tuple[End, Route]]], low: float, high: float, gap: float) -> None:
        middle = (low + high) / 2
        top = bool(groups) and groups[0][0][0].side == "top" and groups[0][0][1].area == "top"
        near = [middle if top else min(max(self._approach(*group[0]), low), high) for group in groups]
        if not top:
            near = [
                place if self._straight_up(group) else (place + middle) / 2
                for place, group in zip(near, groups, strict=True)
            ]
        for place, group in zip(spread(near, low, high, gap), groups, strict=True):
            for end, _ in group:
                end.x = place

    def _straight_up(self, group: list[tuple[End, Route]]) -> bool:
        """Whether the other end hangs right below or above, so that a straight line is possible."""
        end, route = group[0]
        other = route.target if end is route.source else route.source
        return self.places[end.node].column == self.places[other.node].column and not end.jog

    def _approach(self, end: End, route: Route) -> float:
        """From where the edge comes, for the order of ports."""
        if end.jog and end.track:
            return end.track.x
        other = route.target if end is route.source else route.source
        if other is not end and other.node == end.node:  # a loop: leaves right, comes back left
            return self.layout.spots[end.node].x + (1 if end is route.source else -1)
        return other.track.x if other.track and route.area is None else self.layout.spots[other.node].x

    def _align(self) -> None:
        """Ports of one straight line, or of nearly one, take the same x."""
        for route in self.routes:
            source, target = route.source, route.target
            if {source.side, target.side} != {"top", "bottom"} or source.track or target.track:
                continue
            hanging, step = (source, target) if source.side == "top" else (target, source)
            spot = self.layout.spots[hanging.node]
            if spot.left + 6 <= step.x <= spot.right - 6 and self._alone(hanging):
                hanging.x = step.x

        self._keep_apart()

    def _keep_apart(self) -> None:
        """An upright line from below must not stand on one that comes from above, where neither is straight."""
        above = [(end, route) for route in self.routes for end in (route.source, route.target) if end.side == "bottom"]
        for route in self.routes:
            for end in (route.source, route.target):
                if end.side == "top" and route.area == "upper":
                    spot = self.layout.spots[end.node]
                    taken = [other.x for other, its in above if its is not route]
                    end.x = _free_place(end.x, taken, spot.left + 6, spot.right - 6)

    def _alone(self, end: End) -> bool:
        ends = [e for r in self.routes for e in (r.source, r.target) if e.node == end.node and e.side == end.side]
        return len(ends) == 1

    # -- down

    def _rows_y(self) -> None:
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


def _free_place(wanted: float, taken: Sequence[float], low: float, high: float) -> float:
    """The place nearest to the wanted one that keeps away from those taken."""
    places = [wanted, *(wanted + sign * step for step in range(2, 60, 2) for sign in (1, -1))]
    return next((x for x in places if low <= x <= high and all(abs(x - t) > 6 for t in taken)), wanted)


def path(route: Route, spots: Mapping[str, Spot]) -> list[tuple[float, float]]:
    """The corners of a route, from port to port."""
    source, target = route.source, route.target
    if route.straight:
        return [(source.x, source.y), (target.x, target.y)]
    out, back = _leave(source), _leave(target)
    if route.area is not None:
        out.append((out[-1][0], route.level_y))
        back.append((back[-1][0], route.level_y))
    return tidy([*out, *reversed(back)])


def _leave(end: End) -> list[tuple[float, float]]:
    points = [(end.x, end.y)]
    if end.track is None:
        return points
    if end.side in ("left", "right"):
        points.append((end.track.x, end.y))
    elif abs(end.track.x - end.x) > 0.5:
        points += [(end.x, end.jog_y), (end.track.x, end.jog_y)]
    return points


def tidy(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without doubles and corners that are none."""
    kept: list[tuple[float, float]] = []
    for point in points:
        if kept and abs(kept[-1][0] - point[0]) < 0.01 and abs(kept[-1][1] - point[1]) < 0.01:
            continue
        while len(kept) > 1 and _in_line(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return kept


def _in_line(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    return any(abs(a[axis] - b[axis]) < 0.01 and abs(b[axis] - c[axis]) < 0.01 for axis in (0, 1))


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


def _title_width(band: Band) -> float:
    return block(band.lines, TITLE, "bold")[0] + 24 if band.stage else 0.0


def label_size(text: str, size: float) -> tuple[float, float]:
    """Room for a one-line label, with a little air."""
    return width(text, size) + 4, size * LINE
