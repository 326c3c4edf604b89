"""Counting crossings: what a layout is judged by before texts are placed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, pairwise

from postil_model.drawing.routes import Route

Line = tuple[float, float, float, int]  # place across, begin and end along, owner
_APART = 3.2  # points between two ends
_SAME = 2.0  # points between two lines that can't be told apart
_WORSE = 25  # crossings that one line on another is as bad as


def crossings(routes: Sequence[Route]) -> int:
    """Number of crossings; lines that lie on each other count as many."""
    level, upright = _lines(routes)
    heights = [line[0] for line in level]
    found = 0
    for x, top, bottom, owner in upright:
        for _, left, right, other in level[bisect_left(heights, top - 0.01) : bisect_right(heights, bottom + 0.01)]:
            if left - 0.01 <= x <= right + 0.01 and other != owner:
                found += 1
    return found + _WORSE * (_on_each_other(level) + _on_each_other(upright))


def overlaps(routes: Sequence[Route]) -> int:
    """Number of lines that can't be told apart: they lie on each other or share an end."""
    level, upright = _lines(routes)
    ends: dict[str, list[tuple[float, float, Route]]] = defaultdict(list)
    for route in routes:
        for end in (route.source, route.target):
            ends[end.node].append((end.x, end.y, route))
    shared = sum(
        abs(x - other_x) < _APART and abs(y - other_y) < _APART and not (route.shares and route.bus == other.bus)
        for found in ends.values()
        for (x, y, route), (other_x, other_y, other) in combinations(found, 2)
    )
    return _on_each_other(level) + _on_each_other(upright) + shared


def _lines(routes: Sequence[Route]) -> tuple[list[Line], list[Line]]:
    """Level and upright parts in order."""
    level: list[Line] = []
    upright: list[Line] = []
    owners: dict[object, int] = {}
    for route in routes:
        owner = owners.setdefault(route.bus if route.shares else id(route), len(owners))
        for (x1, y1), (x2, y2) in pairwise(route.points):
            if abs(y1 - y2) < 0.01:
                level.append((y1, min(x1, x2), max(x1, x2), owner))
            else:
                upright.append((x1, min(y1, y2), max(y1, y2), owner))
    return sorted(level), sorted(upright)


def _on_each_other(lines: Sequence[Line]) -> int:
    found = 0
    for at, (place, low, high, owner) in enumerate(lines):
        for other_place, other_low, other_high, other in lines[at + 1 :]:
            if other_place - place > _SAME:
                break
            if other != owner and min(high, other_high) - max(low, other_low) > 2:
                found += 1
    return found
