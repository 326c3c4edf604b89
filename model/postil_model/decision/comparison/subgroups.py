"""Subgroups side by side by an attribute of the participants, and one test for the whole grouping.

The test permutes the group labels; T = sum over edges of |k1/n1 - k2/n2|. It is exact over all C(n, n1) relabellings
if these are few, else 9,999 seeded draws. No p-value per edge: with many edges some will look different in any random
split (docs/methods.md). Groups below three people get counts only.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from postil_model.counts.proportions import newcombe
from postil_model.decision.model import Model
from postil_study.text.values import Participant

MOST_EXACT = 100_000
DRAWS = 9_999
SMALLEST = 3


@dataclass(frozen=True, slots=True)
class EdgeSplit:
    """An edge in both groups; the difference of shares with Newcombe's interval, None in small groups."""

    edge: str
    route: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    difference: tuple[float, float, float] | None


@dataclass(frozen=True)
class Subgroups:
    """Two groups, their edges, and the test of the grouping (``p`` is None for small groups)."""

    attribute: str
    names: tuple[str, str]
    groups: tuple[tuple[str, ...], tuple[str, ...]]
    edges: tuple[EdgeSplit, ...]
    statistic: float
    p: float | None
    relabellings: int
    exact: bool
    left_out: tuple[str, ...] = ()  # participants without a value


def values_of(participants: Mapping[str, Participant], people: Sequence[str], attribute: str) -> dict[str, str]:
    """The attribute of each participant as text; lists are joined, who has none is left out."""
    found = {}
    for name in people:
        value = participants[name].attributes.get(attribute) if name in participants else None
        if value not in (None, "", []):
            found[name] = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return found


def subgroups(model: Model, values: Mapping[str, str], attribute: str, value: str, seed: int = 1) -> Subgroups:
    """Those with the value against all others who have one."""
    people = [name for name in model.participants if name in values]
    groups = (
        tuple(name for name in people if values[name] == value),
        tuple(name for name in people if values[name] != value),
    )
    kind, t = model.params.evidence, model.params.min_participants
    supporters = [
        (edge.id, frozenset(edge.support[kind].affirm)) for edge in model.edges.values() if edge.support[kind].k >= t
    ]
    statistic = _statistic([people_ for _, people_ in supporters], *map(frozenset, groups))
    small = min(map(len, groups)) < SMALLEST
    p, draws, exact = (
        (None, 0, True) if small else permutation_p([s for _, s in supporters], people, len(groups[0]), statistic, seed)
    )
    return Subgroups(
        attribute=attribute,
        names=(value, "other"),
        groups=groups,
        edges=tuple(_splits(model, supporters, groups, small)),
        statistic=statistic,
        p=p,
        relabellings=draws,
        exact=exact,
        left_out=tuple(name for name in model.participants if name not in values),
    )


def _splits(
    model: Model,
    supporters: Sequence[tuple[str, frozenset[str]]],
    groups: tuple[tuple[str, ...], tuple[str, ...]],
    small: bool,
) -> Iterator[EdgeSplit]:
    for edge, people in supporters:
        first, second = (tuple(name for name in group if name in people) for group in groups)
        counts = len(first), len(groups[0]), len(second), len(groups[1])
        yield EdgeSplit(edge, model.route(edge), first, second, None if small else newcombe(*counts))


def _statistic(supporters: Sequence[frozenset[str]], first: frozenset[str], second: frozenset[str]) -> float:
    if not first or not second:
        return 0.0
    return sum(abs(len(s & first) / len(first) - len(s & second) / len(second)) for s in supporters)


def permutation_p(
    supporters: Sequence[frozenset[str]], people: Sequence[str], size: int, seen: float, seed: int
) -> tuple[float, int, bool]:
    """Share of relabellings with a statistic at least as large; how many were looked at, and whether that is all."""
    everybody = frozenset(people)
    whole = comb(len(people), size)
    exact = whole <= MOST_EXACT
    rng = random.Random(seed)
    firsts = combinations(people, size) if exact else (tuple(rng.sample(list(people), size)) for _ in range(DRAWS))
    at_least = sum(_statistic(supporters, frozenset(f), everybody - frozenset(f)) >= seen - 1e-12 for f in firsts)
    # the drawn case counts the observed labelling itself (Phipson and Smyth 2010)
    return (at_least / whole, whole, True) if exact else ((at_least + 1) / (DRAWS + 1), DRAWS, False)
