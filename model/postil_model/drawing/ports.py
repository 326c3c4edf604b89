"""Where lines leave and reach the upper and lower sides of boxes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from postil_model.drawing.columns import ColumnPlace
from postil_model.drawing.layout import Spot
from postil_model.drawing.routes import End, Route
from postil_model.drawing.tracks import spread
from postil_model.drawing.widen import inset

_CLOSE = 8.0  # points between two ports
_STEP = 9.0  # points; a smaller step in a line looks like a mistake


class Ports:
    """Places the ports of boxes whose x is known, and that of the tracks."""

    def __init__(self, spots: Mapping[str, Spot], places: Mapping[str, ColumnPlace], routes: Sequence[Route]) -> None:
        self.spots, self.places, self.routes = spots, places, routes

    def place(self) -> None:
        """Give every end on an upper or lower side its x."""
        sides: dict[tuple[str, str], list[tuple[End, Route]]] = defaultdict(list)
        for route in self.routes:
            for end in (route.source, route.target):
                sides[end.node, end.side].append((end, route))
        for (name, side), ends in sides.items():
            if side in ("top", "bottom"):
                self._horizontal_side(self.spots[name], side, ends)
        self._align()
        self._keep_apart()
        self._straighten()

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
        groups = sorted(shared.values(), key=lambda group: self._order(spot, group))
        gap = 36.0 if side == "top" or any(route.area == "upper" and route.edge.count for _, route in free) else 16.0
        gap = max(gap, *(route.text[0] + 12 if route.roomy else 0.0 for _, route in free)) if free else gap
        if fixed:
            inner = [end.x for end in fixed]
            before = [group for group in groups if self._approach(*group[0]) < spot.x]
            after = groups[len(before) :]
            ends_at, begins_at = min(inner) - _CLOSE, max(inner) + _CLOSE
            self._set(before, min(low, max(spot.left + 4, ends_at - _CLOSE * (len(before) - 1))), ends_at, gap)
            self._set(after, begins_at, max(high, min(spot.right - 4, begins_at + _CLOSE * (len(after) - 1))), gap)
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
        for place, group in zip(spread(sorted(near), low, high, gap), groups, strict=True):
            for end, _ in group:
                end.x = place

    def _straight_up(self, group: list[tuple[End, Route]]) -> bool:
        """Whether the other end hangs right below or above, so that a straight line is possible."""
        end, route = group[0]
        other = route.target if end is route.source else route.source
        return self.places[end.node].column == self.places[other.node].column and not end.jog

    def _order(self, spot: Spot, group: list[tuple[End, Route]]) -> tuple[int, float]:
        """The place among the ports of a side. Short lines run nearest to the box: the far ones leave further inside.

        Only what hangs below a step sees it the other way round: there the longest line is the nearest.
        """
        end, route = group[0]
        ways = [self._approach(end, route) - spot.x for end, route in group]
        way = max(ways, key=abs)
        side = (way > 0.5) - (way < -0.5)
        turned = end.side == "top" and route.area == "upper"
        return side, way if turned else -way

    def _approach(self, end: End, route: Route) -> float:
        """From where the edge comes, for the order of ports."""
        if end.jog and end.track:
            return end.track.x
        other = route.target if end is route.source else route.source
        if other is not end and other.node == end.node:  # a loop: leaves right, comes back left
            return self.spots[end.node].x + (1 if end is route.source else -1)
        return other.track.x if other.track and route.area is None else self.spots[other.node].x

    def _align(self) -> None:
        """Ports of one straight line, or of nearly one, take the same x."""
        for route in self.routes:
            source, target = route.source, route.target
            if {source.side, target.side} != {"top", "bottom"} or source.track or target.track:
                continue
            hanging, step = (source, target) if source.side == "top" else (target, source)
            spot = self.spots[hanging.node]
            away = _corner(spot)
            if spot.left + away <= step.x <= spot.right - away and self._alone(hanging):
                hanging.x = step.x

    def _keep_apart(self) -> None:
        """An upright line from below must not stand on one that comes from above, where neither is straight."""
        above = [(end, route) for route in self.routes for end in (route.source, route.target) if end.side == "bottom"]
        between = [(end, route) for route in self.routes for end in (route.source, route.target)
                   if route.area == "corridor"]  # fmt: skip
        self._tracks_apart(between)
        for route in self.routes:
            for end in (route.source, route.target):
                if end.side == "top" and route.area in ("upper", "corridor"):
                    others = above if route.area == "upper" else between
                    taken = [x for other, its in others if its is not route for x in _upright(other)]
                    end.x = self._free_place(end, taken)

    def _free_place(self, end: End, taken: Sequence[float]) -> float:
        """The place nearest to its own that keeps away from lines of others and from other ports."""
        places = [end.x, *(end.x + sign * step for step in range(2, 60, 2) for sign in (1, -1))]
        return next((x for x in places if all(abs(x - t) > 6 for t in taken) and self._free(end, x)), end.x)

    def _tracks_apart(self, between: Sequence[tuple[End, Route]]) -> None:
        """Upright lines of two rows that reach one corridor do not meet in it: the one below gives way a little."""
        xs = [(end.track.x if end.track else end.x, route) for end, route in between]
        for end, route in between:
            if end.track is None or end.side == "top":
                continue
            taken = [x for x, its in xs if its is not route]
            x = end.track.x
            if any(abs(x - other) < 2.5 for other in taken):
                steps = (sign * step for step in (3, 4, 5) for sign in (1, -1))
                end.track.x = next((x + s for s in steps if all(abs(x + s - other) >= 2.5 for other in taken)), x)
                xs = [(end.track.x if end.track else end.x, route) for end, route in between]

    def _straighten(self) -> None:
        """Two ports that nearly face each other take one x where there is room, so that no line makes a small step."""
        for route in self.routes:
            ends = [route.source, route.target]
            stacked = route.straight and {end.side for end in ends} == {"top", "bottom"}
            if (route.area != "upper" and not stacked) or any(end.track for end in ends):
                continue
            apart = abs(ends[0].x - ends[1].x)
            if apart < 0.01 or (apart >= _STEP and not stacked):
                continue
            for end, other in (ends, ends[::-1]):
                if self._free(end, other.x):
                    end.x = other.x
                    break
            else:
                self._meet(ends[0], ends[1]) if stacked else None

    def _meet(self, end: End, other: End) -> None:
        """One x for both ends of a line between two boxes that stand on each other."""
        one, two = self.spots[end.node], self.spots[other.node]
        middle = (end.x + other.x) / 2
        low, high = max(one.left, two.left), min(one.right, two.right)
        for x in sorted((low + step for step in range(int(high - low) + 1)), key=lambda x: abs(x - middle)):
            if self._free(end, x) and self._free(other, x):
                end.x = other.x = x
                return

    def _free(self, end: End, x: float) -> bool:
        """Whether a port can stand there: on its side, away from the others."""
        spot = self.spots[end.node]
        away = _corner(spot)
        others = (e.x for r in self.routes for e in (r.source, r.target) if e is not end and e.node == end.node
                  and e.side == end.side)  # fmt: skip
        return spot.left + away <= x <= spot.right - away and all(abs(x - taken) >= _CLOSE for taken in others)

    def _alone(self, end: End) -> bool:
        ends = [e for r in self.routes for e in (r.source, r.target) if e.node == end.node and e.side == end.side]
        return len(ends) == 1


def _upright(end: End) -> tuple[float, ...]:
    """x of the upright lines from a port on."""
    return (end.x, end.track.x) if end.track else (end.x,)


def _corner(spot: Spot) -> float:
    """How far ports stay from the corners of a box."""
    return spot.box.width * inset(diamond=True) if spot.diamond else 6.0
