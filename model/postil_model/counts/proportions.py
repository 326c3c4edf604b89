"""Intervals and tests for shares. Participants are a purposive sample: every interval is for orientation only."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, sqrt

Z95 = 1.959963984540054


def wilson(k: float, n: float, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval: centre (p + z^2/2n)/(1 + z^2/n), half-width z sqrt(p(1-p)/n + z^2/4n^2)/(1 + z^2/n).

    Source: Wilson 1927, JASA 22:209. The share of verified organizations of the published study:

    >>> [round(100 * bound, 2) for bound in wilson(199, 6243)]
    [2.78, 3.65]
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share")
    if not n:
        return 0.0, 1.0
    p = k / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def newcombe(k1: int, n1: int, k2: int, n2: int) -> tuple[float, float, float]:
    """Difference of two shares with Newcombe's hybrid score interval (1998, Statistics in Medicine 17:873, method 10).

    >>> [round(value, 2) for value in newcombe(2, 5, 6, 7)]
    [-0.46, -0.76, 0.07]
    """
    p1, p2 = k1 / n1, k2 / n2
    (l1, u1), (l2, u2) = wilson(k1, n1), wilson(k2, n2)
    d = p1 - p2
    return d, d - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2), d + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)


def newcombe_paired(both: int, first: int, second: int, neither: int) -> tuple[float, float, float]:
    """Difference of two shares of the same people with Newcombe's interval (1998, Stat. Med. 17:2635, method 10).

    ``both``, ``first`` alone, ``second`` alone, ``neither``: how many people. Square-and-add on Wilson's limits, with
    the correlation phi, whose numerator is corrected for continuity where it is positive.

    >>> [round(value, 4) for value in newcombe_paired(36, 12, 2, 0)]
    [0.2, 0.0569, 0.3404]
    """
    n = both + first + second + neither
    p1, p2 = (both + first) / n, (both + second) / n
    (l1, u1), (l2, u2) = wilson(both + first, n), wilson(both + second, n)
    margins = (both + first) * (second + neither) * (both + second) * (first + neither)
    cross = both * neither - first * second
    phi = 0.0
    if margins:
        phi = (max(cross - n / 2, 0.0) if cross > 0 else cross) / sqrt(margins)
    d = (first - second) / n
    down = (p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2
    up = (u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p2 - l2) + (p2 - l2) ** 2
    return d, d - sqrt(max(down, 0.0)), d + sqrt(max(up, 0.0))


def fisher(k1: int, n1: int, k2: int, n2: int) -> float:
    """Fisher's exact test, two-sided: the probability of all tables as rare as this one or rarer.

    >>> round(fisher(2, 5, 6, 7), 4)
    0.2222
    """
    k, total = k1 + k2, comb(n1 + n2, k1 + k2)
    chances = [comb(n1, a) * comb(n2, k - a) for a in range(max(0, k - n2), min(k, n1) + 1)]
    seen = comb(n1, k1) * comb(n2, k2)
    return sum(chance for chance in chances if chance <= seen) / total


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjustment for several tests (1979, Scandinavian Journal of Statistics 6:65).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = highest
    return adjusted
