"""The corners of a line, from port to port."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from postil_model.drawing.layout import Spot
from postil_model.drawing.routes import End, Route


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
