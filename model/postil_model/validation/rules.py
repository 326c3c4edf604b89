"""Rules that assign each participant their way: the smallest set of conjunctions over what is known of them.

A rule is a conjunction of at most two conditions (a criterion holds, or it fails) that leads to one way; at most three
rules make a set. A criterion that a participant is silent about satisfies neither condition: silence is no "no". Rules
may meet, as long as they lead to the same way (DMN's hit policy *any*; with different ways the participant counts as an
error). Who meets no rule is an error too. Sets are searched through whole: fewest errors first, then fewest rules, then
fewest conditions; sets that are equally good are all kept. Form and test: Gladwin 1989, *Ethnographic Decision Tree
Modeling*, ch. 2 and 3; hit policies: OMG, *Decision Model and Notation* 1.3, 8.2.8.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from postil_model.validation.incidence import Bools

MOST_CRITERIA, MOST_CONDITIONS, MOST_RULES = 10, 2, 3
MOST_SETS = 3_000_000  # of three rules; where there would be more, sets have at most two
SHUFFLES, FEWEST, MOST_TRIED = 199, 39, 30_000_000  # shuffles, and words of sets that they look at together
MOST_TIES = 50  # sets of rules that are spelled out
Ints = npt.NDArray[np.int_]
Words = npt.NDArray[np.uint64]


class Condition(NamedTuple):
    """A criterion, by its place, that holds (or fails)."""

    criterion: int
    holds: bool


class Rule(NamedTuple):
    """Conditions that must all be met, and the way they lead to."""

    conditions: tuple[Condition, ...]
    way: int


@dataclass(frozen=True, slots=True)
class Fit:
    """The best sets of rules. ``sets`` are equally good, the first of them if there are more than `MOST_TIES`.

    ``rules`` is how many rules a set may have. ``correct`` is by participant under the first set; ``left_out`` the
    share of the best sets of everybody else that assign each participant rightly; ``shuffled_p`` how often shuffled
    ways are fitted as well, (b + 1)/(B + 1).
    """

    errors: int
    sets: tuple[tuple[Rule, ...], ...]
    ties: int
    correct: tuple[bool, ...]
    left_out: tuple[float, ...]
    shuffled_p: float
    shuffles: int
    rules: int = MOST_RULES

    @property
    def accuracy(self) -> float | None:
        """Leave-one-out accuracy: None without participants."""
        return sum(self.left_out) / len(self.left_out) if self.left_out else None


def fit_rules(holds: Bools, fails: Bools, ways: Sequence[int], shuffles: int = SHUFFLES, seed: int = 1) -> Fit:
    """Search the rules. ``holds`` and ``fails``: participants x criteria; both False where somebody is silent.

    ``ways``: each participant's way as a number from 0.
    """
    way = np.asarray(ways, dtype=int)
    masks = _Masks(holds, fails)
    search = _Search(masks, way)
    best = search.cost.min()
    winners = np.flatnonzero(search.cost == best)
    sets, ties = search.spelled(winners)
    first = search.correct_of(winners[:1])[0]
    errors = int(best // _PER_ERROR)
    rng = np.random.default_rng(seed)
    shuffles = min(shuffles, max(FEWEST, MOST_TRIED // search.correct.size))
    tried = (_Search(masks, rng.permutation(way), search.most, prune=True) for _ in range(shuffles))
    as_well = sum(int(each.cost.min() // _PER_ERROR) <= errors for each in tried)
    return Fit(
        errors=errors,
        sets=tuple(sets),
        ties=ties,
        correct=tuple(bool(x) for x in first),
        left_out=tuple(search.left_out()),
        shuffled_p=(as_well + 1) / (shuffles + 1),
        shuffles=shuffles,
        rules=search.most,
    )


_PER_RULE, _PER_ERROR = 10, 1_000  # at most three rules of two conditions: 36 points below one error


class _Masks:
    """All conjunctions, those that the same participants meet put together, with the fewest conditions first."""

    def __init__(self, holds: Bools, fails: Bools) -> None:
        self.n = len(holds)
        literals = [
            (Condition(place, wanted), column[:, place])
            for place in range(holds.shape[1])
            for wanted, column in ((True, holds), (False, fails))
        ]
        found: dict[bytes, list[tuple[Condition, ...]]] = {}
        self.rows: list[Bools] = []
        for conditions, met in _conjunctions(literals):
            if not met.any():
                continue
            known = found.setdefault(met.tobytes(), [])
            if not known:
                self.rows.append(met)
            if not known or len(known[0]) == len(conditions):  # the longer one says the same with more words
                known.append(conditions)
        self.conjunctions = list(found.values())
        self.sizes = np.array([len(each[0]) for each in self.conjunctions], dtype=int)
        met = np.array(self.rows, dtype=bool).reshape(len(self.rows), self.n)
        self.alike, inverse = np.unique(met, axis=1, return_inverse=True)  # conjunctions x people who meet the same
        self.of = inverse.reshape(-1)  # participant → column of `alike`


def _conjunctions(
    literals: Sequence[tuple[Condition, Bools]],
) -> Iterator[tuple[tuple[Condition, ...], Bools]]:
    for condition, met in literals:
        yield (condition,), met
    for (one, first), (other, second) in combinations(literals, MOST_CONDITIONS):
        if one.criterion != other.criterion:
            yield (one, other), first & second


class _Search:
    """The cost of every set of at most three rules, for given ways."""

    def __init__(self, masks: _Masks, way: Ints, most: int = 0, prune: bool = False) -> None:
        """``most`` rules in a set, by their number if 0; ``prune``: only the fewest errors are asked for."""
        self.masks = masks
        ways = int(way.max(initial=0)) + 1
        # people who meet the same conjunctions and take the same way are counted as one kind
        kinds, self.kind, people = np.unique(masks.of * ways + way, return_inverse=True, return_counts=True)
        self.kinds, self.people = len(kinds), _tables(people)
        own, columns = kinds % ways, masks.alike[:, kinds // ways]
        self.rules: list[tuple[int, int]] = []  # conjunction, way
        good, bad = [], []
        for place, met in enumerate(columns):
            for each in sorted(set(own[met].tolist())):
                self.rules.append((place, each))
                good.append(met & (own == each))
                bad.append(met & (own != each))
        shape = (len(self.rules), self.kinds)
        self.good, self.bad = (_packed(np.array(side, dtype=bool).reshape(shape)) for side in (good, bad))
        self.most = most or (MOST_RULES if len(self.rules) ** 3 / 6 <= MOST_SETS else MOST_RULES - 1)
        if prune:
            self._prune()
        self.sizes = masks.sizes[[place for place, _ in self.rules]] if self.rules else np.zeros(0, dtype=int)
        self.index = self._indices()
        self.correct = self._correct(self.index)
        self.fixed = self._fixed(self.index)
        self.cost = (masks.n - self._right(self.correct)) * _PER_ERROR + self.fixed

    def _right(self, words: Words) -> Ints:
        """How many people the kinds of each row are."""
        octets = words.view(np.uint8).reshape(len(words), words.shape[1] * 8)
        counts = np.zeros(len(words), dtype=int)
        for place, table in enumerate(self.people):
            counts += table[octets[:, place]]
        return counts

    def _prune(self) -> None:
        """Leave out rules that another one of the same way makes needless: right where they are, wrong nowhere else."""
        ways = np.array([way for _, way in self.rules])
        kept = np.ones(len(self.rules), dtype=bool)
        for place in range(len(self.rules)):
            better = (ways == ways[place]) & kept
            better &= ((self.good[place] & ~self.good) == 0).all(axis=1) & ((self.bad & ~self.bad[place]) == 0).all(
                axis=1
            )
            better[place] = False
            kept[place] = not better.any()
        self.rules = [rule for rule, keep in zip(self.rules, kept, strict=True) if keep]
        self.good, self.bad = self.good[kept], self.bad[kept]

    def _indices(self) -> Ints:
        """Places of rules, padded by the last: singles, pairs, triples; and no rule at all."""
        count = len(self.rules)
        none = np.full((1, MOST_RULES), count)
        if not count:
            return none
        singles = np.full((count, MOST_RULES), count)
        singles[:, 0] = np.arange(count)
        one, other = np.triu_indices(count, 1)
        pairs = np.full((len(one), MOST_RULES), count)
        pairs[:, 0], pairs[:, 1] = one, other
        return np.vstack([none, singles, pairs, *self._triples(one, other, count)])

    def _triples(self, one: Ints, other: Ints, count: int) -> Iterator[Ints]:
        """A third rule behind each pair, where no pair assigns everybody rightly."""
        if self.most < MOST_RULES:
            return
        good = self.good[one] | self.good[other]
        bad = self.bad[one] | self.bad[other]
        if self._right(good & ~bad).max(initial=0) == self.masks.n:
            return
        reach = count - 1 - other
        yield np.column_stack([np.repeat(one, reach), np.repeat(other, reach), _ranges(other + 1, reach)])

    def _correct(self, index: Ints) -> Words:
        words = self.good.shape[1]
        none = np.zeros((1, words), dtype=np.uint64)
        good, bad = np.vstack([self.good, none]), np.vstack([self.bad, none])
        a, b, c = index.T
        return np.asarray((good[a] | good[b] | good[c]) & ~(bad[a] | bad[b] | bad[c]))

    def _fixed(self, index: Ints) -> Ints:
        sizes = np.append(self.sizes, 0)
        rules = (index < len(self.rules)).sum(axis=1)
        return np.asarray(rules * _PER_RULE + sizes[index].sum(axis=1))

    def correct_of(self, sets: Ints) -> Bools:
        """Sets x participants: who is assigned rightly."""
        return _unpacked(self.correct[sets], self.kinds)[:, self.kind]

    def left_out(self) -> list[float]:
        """For each participant: of the sets that are best for all others, the share that assigns this one rightly."""
        shares = [self._share_without(kind) for kind in range(self.kinds)]
        return [shares[kind] for kind in self.kind.tolist()]

    def _share_without(self, place: int) -> float:
        """The same for one of a kind."""
        own = ((self.correct[:, place // 64] >> np.uint64(place % 64)) & np.uint64(1)).astype(bool)
        cost = np.where(own, self.cost, self.cost - _PER_ERROR)  # an error that does not count when left out
        return float(own[cost == cost.min()].mean())

    def spelled(self, sets: Ints) -> tuple[list[tuple[Rule, ...]], int]:
        """Sets as rules, each conjunction in all its equal wordings; and how many there are."""
        found: list[tuple[Rule, ...]] = []
        ties = 0
        for row in self.index[sets]:
            rules = [self.rules[place] for place in row if place < len(self.rules)]
            wordings: list[tuple[Rule, ...]] = [()]
            count = 1
            for conjunction, way in rules:
                choices = self.masks.conjunctions[conjunction]
                count *= len(choices)
                wordings = [(*words, Rule(each, way)) for words in wordings for each in choices][:MOST_TIES]
            ties += count
            found += wordings[: max(0, MOST_TIES - len(found))]
        return found, ties


def _ranges(starts: Ints, lengths: Ints) -> Ints:
    """The numbers from each start on, as many as its length, one behind the other.

    >>> _ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    ends = np.cumsum(lengths)
    return np.asarray(np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths - starts, lengths))


def _packed(rows: Bools) -> Words:
    """Rows of participants as bits, 64 to a word."""
    words = -(-max(rows.shape[1], 1) // 64)
    padded = np.zeros((len(rows), words * 64), dtype=bool)
    padded[:, : rows.shape[1]] = rows
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


def _unpacked(words: Words, n: int) -> Bools:
    return np.unpackbits(np.ascontiguousarray(words).view(np.uint8), axis=1, bitorder="little")[:, :n].astype(bool)


def _tables(people: Ints) -> Ints:
    """For each octet of kinds and each of its values, how many people these are (octets x 256)."""
    octets = -(-len(people) // 8)
    padded = np.zeros(octets * 8, dtype=int)
    padded[: len(people)] = people
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little")
    return np.asarray(padded.reshape(octets, 8) @ bits.T)
