"""Sharing out room: levels for horizontal lines, positions for ports."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
PADDING = 8.0  # between two lines on one level


def levels(intervals: Mapping[Key, tuple[float, float]]) -> dict[Key, int]:
    """Give every interval a level on which it touches no other: short ones first, so that long ones run outside.

    >>> levels({"long": (0, 90), "short": (10, 30), "beside": (50, 80)})
    {'short': 0, 'beside': 0, 'long': 1}
    """
    rows: list[list[tuple[float, float]]] = []
    found: dict[Key, int] = {}
    for key, (low, high) in sorted(intervals.items(), key=lambda item: (item[1][1] - item[1][0], item[1])):
        level = 0
        while level < len(rows) and any(low < b + PADDING and a - PADDING < high for a, b in rows[level]):
            level += 1
        if level == len(rows):
            rows.append([])
        rows[level].append((low, high))
        found[key] = level
    return found


def spread(wanted: Sequence[float], low: float, high: float, gap: float) -> list[float]:
    """Positions as near as possible to the wanted ones (ascending), ``gap`` apart, between ``low`` and ``high``.

    >>> spread([5, 5, 5], 0, 10, 4)
    [1.0, 5.0, 9.0]
    """
    count = len(wanted)
    if not count:
        return []
    room = max(high - low, 0.0)
    gap = min(gap, room / (count - 1)) if count > 1 else gap
    groups: list[tuple[float, int]] = []  # centre of gravity of wanted starts, size
    for place in wanted:
        groups.append((place, 1))
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < gap * (groups[-2][1] + groups[-1][1]) / 2:
            (a, m), (b, k) = groups[-2:]
            groups[-2:] = [((a * m + b * k) / (m + k), m + k)]
    placed = [centre + (i - (size - 1) / 2) * gap for centre, size in groups for i in range(size)]
    for i in range(count):
        placed[i] = max(placed[i], low + (gap * i if i else 0.0) if count > 1 else low)
    for i in reversed(range(count)):
        placed[i] = min(placed[i], high - gap * (count - 1 - i) if count > 1 else high)
    return [float(place) for place in placed]
