"""The corners of a line, from port to port."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from postil_model.drawing.layout import Spot
from postil_model.drawing.routes import End, Route


def path(route: Route, spots: Mapping[str, Spot]) -> list[tuple[float, float]]:
    """The corners of a route, from port to port."""
    source, target = route.source, route.target
    if route.straight:
        if source.side in ("top", "bottom") and abs(source.x - target.x) > 0.01:  # no room to face each other
            middle = (source.y + target.y) / 2
            return [(source.x, source.y), (source.x, middle), (target.x, middle), (target.x, target.y)]
        return [(source.x, source.y), (target.x, target.y)]
    out, back = _leave(source), _leave(target)
    if route.area is not None:
        out.append((out[-1][0], route.level_y))
        if route.margin is not None:
            out += [(route.margin.x, route.level_y), (route.margin.x, route.last_y)]
        back.append((back[-1][0], route.last_y if route.margin is not None else route.level_y))
    return tidy([*out, *reversed(back)])


_ROUND = 7.5  # a little more than corners are round
_RANK = {"missing": 0, "hint": 0, "plain": 1, "unexpected": 2, "other": 2}


def clip_shared(routes: Iterable[Route]) -> None:
    """On a shared bus only the strongest tone runs along the whole of it; the others begin where they branch off.

    Graphviz paints lines in an order of its own: a grey one would lie on the black one.
    """
    buses: dict[tuple[str, ...], list[Route]] = {}
    for route in routes:
        if route.area == "top" and route.bus and len(route.points) == 4:
            buses.setdefault(route.bus, []).append(route)
    for shared in buses.values():
        strongest = max(_RANK[route.edge.tone] for route in shared)
        ends = [route.points[2][0] for route in shared if _RANK[route.edge.tone] == strongest]
        for route in shared:
            if _RANK[route.edge.tone] < strongest:
                route.points = _branch(route.points, ends)


def _branch(points: Sequence[tuple[float, float]], ends: Sequence[float]) -> list[tuple[float, float]]:
    """The part of a route that no line to one of ``ends`` covers."""
    _, (start, level), (x, _), target = points
    covered = [end for end in ends if (end - start) * (x - start) > 0]  # in the same direction
    if not covered:
        return list(points)
    farthest = max(covered, key=lambda end: abs(end - start))
    before_its_corner = farthest + (_ROUND if start > farthest else -_ROUND)
    joint = x if abs(farthest - start) >= abs(x - start) else before_its_corner
    return tidy([(joint, level), (x, level), target])


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
