"""Which line runs where inside a channel, so that none lies on another and few cross."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Wall = Literal["left", "right"]
_NEVER = 10_000


@dataclass
class Lane:
    """A line along a channel from ``low`` to ``high``; stubs lead from it to a wall, at a place."""

    low: int
    high: int
    stubs: tuple[tuple[int, Wall], ...]
    track: int = 0

    def overlaps(self, other: Lane) -> bool:
        """Whether both would touch on one track."""
        return self.low <= other.high and other.low <= self.high


def share_out(lanes: Sequence[Lane]) -> int:
    """Give every lane a track and return how many there are; track 0 is next to the left wall."""
    lanes = sorted(lanes, key=lambda lane: lane.high - lane.low)
    placed: list[Lane] = []
    for lane in lanes:
        _settle(lane, placed)
        placed.append(lane)
    for _ in range(2):
        for lane in lanes:
            _settle(lane, [other for other in lanes if other is not lane])
    used = sorted({lane.track for lane in lanes})
    for lane in lanes:
        lane.track = used.index(lane.track)
    return len(used)


def _settle(lane: Lane, others: Sequence[Lane]) -> None:
    """The cheapest track: an old one, or a new one before, between or behind them."""
    used = sorted({other.track for other in others})
    for other in others:
        other.track = 2 * used.index(other.track) + 1  # so that there is a new track before, between and behind the old
    candidates = range(2 * len(used) + 1)
    lane.track = min(candidates, key=lambda track: (_cost(lane, track, others), track))


def _cost(lane: Lane, track: int, others: Sequence[Lane]) -> int:
    cost = 5 if track % 2 == 0 else 0  # a new track
    walls = {wall for _, wall in lane.stubs}
    cost += track if walls == {"left"} else 0
    cost -= track if walls == {"right"} else 0
    for other in others:
        cost += _meeting(lane, track, other, other.track)
    return cost


def _meeting(one: Lane, at: int, other: Lane, there: int) -> int:
    """What two lanes cost each other: impossible on top of each other, dear where they cross."""
    if at == there:
        return _NEVER if one.overlaps(other) else 0
    left, right = (one, other) if at < there else (other, one)
    cost = 0
    for row, wall in left.stubs:
        if wall == "right":
            cost += 6 if right.low <= row <= right.high else 0
            cost += _NEVER if (row, "left") in right.stubs else 0
    for row, wall in right.stubs:
        if wall == "left":
            cost += 6 if left.low <= row <= left.high else 0
    return cost
