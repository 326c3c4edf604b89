"""Are two models different at all? Edges only in one, structural Hamming distance, differences, one permutation test.

* **Hamming**: edges in exactly one of both at the threshold; on the ends alone an edge that is turned counts once
  (Tsamardinos, Brown & Aliferis 2006, Machine Learning 65:31).
* **Differences** p1 - p2 of each edge with Newcombe's interval: hybrid score (1998, Stat. Med. 17:873, method 10), or
  that for pairs (17:2635, method 10) where the same people are in both.
* **One test** over all edges, T = sum of (p1 - p2)^2: labels of people are permuted, of pairs each person's two lists
  are swapped. Exact where all relabellings can be counted, else p = (b + 1)/(B + 1) of seeded draws (Phipson & Smyth
  2010). No p for each edge: with many edges some differ in any split.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb
from typing import NamedTuple

import numpy as np

from postil_model.counts.proportions import newcombe, newcombe_paired
from postil_model.validation.draws import Floats
from postil_model.validation.incidence import Bools

SMALLEST = 3  # people in a group below which there are counts only
MOST_EXACT, DRAWS = 20_000, 9_999
BATCH = 2_000_000  # labels looked at together
Key = tuple[str, str, str, str]  # source, target, type, guard


@dataclass(frozen=True, slots=True)
class Difference:
    """An edge in both models: the people behind it, and the difference of shares with its interval."""

    key: Key
    first: tuple[str, ...]
    second: tuple[str, ...]
    difference: tuple[float, float, float] | None  # None in small groups


class Test(NamedTuple):
    """The permutation test: statistic, p, how many relabellings, whether these are all."""

    statistic: float
    p: float
    relabellings: int
    exact: bool


@dataclass(frozen=True)
class TwoModels:
    """The comparison. ``test`` is None in small groups; ``left_out`` are people who are in one of two paired models."""

    names: tuple[str, str]
    people: tuple[tuple[str, ...], tuple[str, ...]]
    thresholds: tuple[int, int]
    edges: tuple[Difference, ...]
    paired: bool
    test: Test | None
    left_out: tuple[str, ...] = ()

    def present(self, edge: Difference) -> tuple[bool, bool]:
        """Whether the edge reaches the threshold in each model."""
        return len(edge.first) >= self.thresholds[0], len(edge.second) >= self.thresholds[1]

    def only(self, which: int) -> list[Difference]:
        """Edges of the first (0) or the second (1) model alone."""
        return [e for e in self.edges if (found := self.present(e))[which] and not found[1 - which]]

    @property
    def hamming(self) -> int:
        """Edges (source, target, type, guard) in exactly one of both."""
        return len(self.only(0)) + len(self.only(1))

    @property
    def hamming_of_ends(self) -> int:
        """The same on (source, target); a turned edge counts once."""
        sides = [{e.key[:2] for e in self.edges if self.present(e)[which]} for which in (0, 1)]
        return hamming_of_ends(*sides)


def hamming_of_ends(first: Iterable[tuple[str, str]], second: Iterable[tuple[str, str]]) -> int:
    """Edges to add, to take away or to turn.

    >>> hamming_of_ends([("a", "b"), ("b", "c")], [("b", "a"), ("b", "c"), ("c", "d")])
    2
    """
    one, other = set(first), set(second)
    alone, there = one - other, other - one
    turned = {(a, b) for a, b in alone if (b, a) in there}
    return len(alone) + len(there) - len(turned)


def two_models(
    keys: Sequence[Key],
    names: tuple[str, str],
    people: tuple[Sequence[str], Sequence[str]],
    stated: tuple[Bools, Bools],
    thresholds: tuple[int, int],
    paired: bool = False,
    left_out: Sequence[str] = (),
    seed: int = 1,
) -> TwoModels:
    """Compare; ``stated`` has people x ``keys`` for each model, in pairs row by row if ``paired``."""
    small = min(len(people[0]), len(people[1])) < SMALLEST
    edges = []
    for column, key in enumerate(keys):
        one, other = stated[0][:, column], stated[1][:, column]
        if one.any() or other.any():
            who = tuple(
                tuple(person for person, says in zip(names_, side, strict=True) if says)
                for names_, side in zip(people, (one, other), strict=True)
            )
            edges.append(Difference(key, who[0], who[1], None if small else _difference(one, other, paired)))
    test = None if small else permutation_test(*stated, paired, seed)
    return TwoModels(
        names, (tuple(people[0]), tuple(people[1])), thresholds, tuple(edges), paired, test, tuple(left_out)
    )


def _difference(one: Bools, other: Bools, paired: bool) -> tuple[float, float, float]:
    if not paired:
        return newcombe(int(one.sum()), len(one), int(other.sum()), len(other))
    both, alone, there = (int((a & b).sum()) for a, b in ((one, other), (one, ~other), (~one, other)))
    return newcombe_paired(both, alone, there, len(one) - both - alone - there)


def permutation_test(first: Bools, second: Bools, paired: bool, seed: int = 1) -> Test:
    """One test over all columns, T = sum of squared differences of shares."""
    return _swapped(first, second, seed) if paired else _relabelled(first, second, seed)


def _relabelled(first: Bools, second: Bools, seed: int) -> Test:
    table = np.vstack([first, second]).astype(np.float64)
    n, n1 = len(table), len(first)
    whole, sums = comb(n, n1), table.sum(axis=0)

    def statistics(labels: Floats) -> Floats:
        ones = labels @ table
        return np.asarray((((ones / n1) - (sums - ones) / (n - n1)) ** 2).sum(axis=1))

    seen = float(statistics(np.arange(n)[None] < n1)[0])  # type: ignore[arg-type]
    if whole <= MOST_EXACT:
        labels = np.zeros((whole, n))
        for row, chosen in enumerate(combinations(range(n), n1)):
            labels[row, list(chosen)] = 1
        return _exact(seen, statistics(labels))
    rng = np.random.default_rng(seed)
    base = (np.arange(n) < n1).astype(np.float64)
    found = [statistics(rng.permuted(np.tile(base, (rows, 1)), axis=1)) for rows in _batches(n)]
    return _drawn(seen, np.concatenate(found))


def _swapped(first: Bools, second: Bools, seed: int) -> Test:
    table = first.astype(np.float64) - second
    n = len(table)

    def statistics(signs: Floats) -> Floats:
        return np.asarray((((signs @ table) / n) ** 2).sum(axis=1))

    seen = float(statistics(np.ones((1, n)))[0])
    moving = np.flatnonzero(np.abs(table).sum(axis=1))  # whose two lists differ: swapping the others changes nothing
    if 2 ** len(moving) <= MOST_EXACT:
        signs = np.ones((2 ** len(moving), n))
        signs[:, moving] = np.array(list(product((1, -1), repeat=len(moving)))).reshape(len(signs), len(moving))
        return _exact(seen, statistics(signs))
    rng = np.random.default_rng(seed)
    return _drawn(seen, np.concatenate([statistics(rng.choice((-1.0, 1.0), (rows, n))) for rows in _batches(n)]))


def _batches(n: int) -> list[int]:
    size = max(1, BATCH // n)
    return [min(size, DRAWS - start) for start in range(0, DRAWS, size)]


def _exact(seen: float, found: Floats) -> Test:
    return Test(seen, int((found >= seen - 1e-12).sum()) / len(found), len(found), True)


def _drawn(seen: float, found: Floats) -> Test:
    return Test(seen, (int((found >= seen - 1e-12).sum()) + 1) / (len(found) + 1), len(found), False)
