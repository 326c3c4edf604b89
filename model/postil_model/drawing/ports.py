"""Where lines leave and reach the upper and lower sides of boxes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from postil_model.drawing.columns import Place
from postil_model.drawing.layout import Spot
from postil_model.drawing.routes import End, Route
from postil_model.drawing.tracks import spread
from postil_model.drawing.widen import inset


class Ports:
    """Places the ports of boxes whose x is known, and that of the tracks."""

    def __init__(self, spots: Mapping[str, Spot], places: Mapping[str, Place], routes: Sequence[Route]) -> None:
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
            if spot.left + 6 <= step.x <= spot.right - 6 and self._alone(hanging):
                hanging.x = step.x

    def _keep_apart(self) -> None:
        """An upright line from below must not stand on one that comes from above, where neither is straight."""
        above = [(end, route) for route in self.routes for end in (route.source, route.target) if end.side == "bottom"]
        for route in self.routes:
            for end in (route.source, route.target):
                if end.side == "top" and route.area == "upper":
                    spot = self.spots[end.node]
                    taken = [other.x for other, its in above if its is not route]
                    end.x = _free_place(end.x, taken, spot.left + 6, spot.right - 6)

    def _alone(self, end: End) -> bool:
        ends = [e for r in self.routes for e in (r.source, r.target) if e.node == end.node and e.side == end.side]
        return len(ends) == 1


def _free_place(wanted: float, taken: Sequence[float], low: float, high: float) -> float:
    """The place nearest to the wanted one that keeps away from those taken."""
    places = [wanted, *(wanted + sign * step for step in range(2, 60, 2) for sign in (1, -1))]
    return next((x for x in places if low <= x <= high and all(abs(x - t) > 6 for t in taken)), wanted)
