"""Sums of hypergeometric draws: the null of a prediction, exactly and without simulation.

A person states n of the N objects that anybody states, of which the prediction holds K. Under the null the n are drawn
without replacement, so the hits are hypergeometric (Johnson, Kotz & Kemp 1992, ch. 6); those of several people are
added by convolution.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
NEGLIGIBLE = 1e-40  # of the whole probability at an end of a sum; keeps sums over a thousand people short
SMALLEST = 1e-30  # a smaller probability is given as this one: so far the ends that were cut cannot matter
LONG = 400  # values from which ends are cut


class Draw(NamedTuple):
    """``drawn`` objects of ``whole``, of which ``marked`` count as hits."""

    drawn: int
    marked: int
    whole: int


@dataclass(frozen=True, eq=False)
class Distribution:
    """Probabilities of ``first``, ``first`` + 1, …"""

    first: int
    chances: Floats

    def at_least(self, value: int) -> float:
        """Probability of ``value`` or more."""
        return _probability(self.chances[max(value - self.first, 0) :])

    def at_most(self, value: int) -> float:
        """Probability of ``value`` or less."""
        return _probability(self.chances[: max(value - self.first + 1, 0)])

    def two_sided(self, value: int) -> float:
        """Twice the smaller tail, at most 1."""
        return min(1.0, 2 * min(self.at_least(value), self.at_most(value)))


def _probability(chances: Floats) -> float:
    return max(SMALLEST, min(1.0, float(chances.sum())))


def mean(draws: Sequence[Draw]) -> float:
    """Expected hits: the sum of n K / N.

    >>> mean([Draw(5, 3, 10), Draw(2, 5, 10)])
    2.5
    """
    return sum(draw.drawn * draw.marked / draw.whole for draw in draws if draw.whole)


def hits(draws: Sequence[Draw]) -> Distribution:
    """The distribution of the sum of the hits of all draws.

    >>> [round(float(chance), 4) for chance in hits([Draw(1, 1, 2), Draw(1, 1, 2)]).chances]
    [0.25, 0.5, 0.25]
    """
    logs = _log_factorials(max((draw.whole for draw in draws), default=0))
    known: dict[Draw, Distribution] = {}
    order = count()
    heap = [(0, next(order), Distribution(0, np.ones(1)))]
    for draw in draws:
        if draw not in known:
            known[draw] = _one(draw, logs)
        heap.append((len(known[draw].chances), next(order), known[draw]))
    heapq.heapify(heap)
    while len(heap) > 1:  # the shortest first, so that the sum grows evenly
        one, other = heapq.heappop(heap)[2], heapq.heappop(heap)[2]
        both = _cut(Distribution(one.first + other.first, np.convolve(one.chances, other.chances)))
        heapq.heappush(heap, (len(both.chances), next(order), both))
    return heap[0][2]


def _one(draw: Draw, logs: Floats) -> Distribution:
    n, marked, whole = draw
    low, high = max(0, n + marked - whole), min(n, marked)
    x = np.arange(low, high + 1)
    log = logs[marked] - logs[x] - logs[marked - x] + logs[whole - marked] - logs[n - x]
    log = log - logs[whole - marked - n + x] - (logs[whole] - logs[n] - logs[whole - n])
    chances = np.exp(log)
    return Distribution(low, chances / chances.sum())


def _log_factorials(most: int) -> Floats:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1, dtype=float)))])


def _cut(found: Distribution) -> Distribution:
    if len(found.chances) < LONG:
        return found
    low = int(np.searchsorted(np.cumsum(found.chances), NEGLIGIBLE))
    high = len(found.chances) - int(np.searchsorted(np.cumsum(found.chances[::-1]), NEGLIGIBLE))
    return Distribution(found.first + low, found.chances[low:high])
