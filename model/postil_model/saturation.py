"""Saturation: what each further participant added, in the order of the interviews and over all orders.

Saturation by interview order is luck; the expectation over all orders is printed beside it (docs/methods.md).
Formulas: expected distinct after m of n, S(m) = sum_f [1 - C(n-k_f, m)/C(n, m)] (Hurlbert 1971; Colwell 2012);
sample coverage 1 - f1/sum k_f (Good 1953); Chao2 = S + ((n-1)/n) f1^2/(2 f2) (Chao 1987), bias-corrected
S + ((n-1)/n) f1 (f1-1)/2 if f2 = 0; new-information rate of Guest, Namey and Chen 2020 (base b, run r, threshold).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import Literal

from postil_model.graph import Model

Of = Literal["codes", "nodes", "edges"]
BASE, RUNS, RATE = 4, (2, 3), 0.05


@dataclass(frozen=True, slots=True)
class RunCheck:
    """New features in a run of participants after the base, as a share of those in the base."""

    run: int
    upto: int  # the run's last participant, counted from 1
    new: int
    share: float


@dataclass(frozen=True)
class Saturation:
    """The two curves and what they rest on. ``features`` maps each feature to the participants who have it."""

    of: str
    participants: tuple[str, ...]
    features: Mapping[str, tuple[str, ...]]
    ordered: tuple[int, ...]  # distinct features after each participant, in the order of the interviews
    expected: tuple[float, ...]  # the same over all orders
    coverage: float | None
    chao2: float | None
    runs: tuple[RunCheck, ...]

    @property
    def singles(self) -> int:
        """Features of one participant only (f1)."""
        return sum(1 for people in self.features.values() if len(people) == 1)

    @property
    def doubles(self) -> int:
        """Features of exactly two participants (f2)."""
        return sum(1 for people in self.features.values() if len(people) == 2)

    def reached(self, run: int, rate: float = RATE) -> int | None:
        """The participant (from 1) at which the new-information rate first falls to the threshold; None if never."""
        return next((check.upto for check in self.runs if check.run == run and check.share <= rate), None)


def saturation(sets: Mapping[str, Iterable[str]], of: str = "codes", base: int = BASE) -> Saturation:
    """Saturation of features, given the set of each participant in the order of the interviews."""
    people = tuple(sets)
    features: dict[str, list[str]] = {}
    curve: list[int] = []
    for participant in people:
        for feature in dict.fromkeys(sets[participant]):
            features.setdefault(feature, []).append(participant)
        curve.append(len(features))
    counts = [len(found) for found in features.values()]
    return Saturation(
        of=of,
        participants=people,
        features={name: tuple(found) for name, found in features.items()},
        ordered=tuple(curve),
        expected=tuple(expected_after(counts, len(people), m) for m in range(1, len(people) + 1)),
        coverage=sample_coverage(counts),
        chao2=chao2(counts, len(people)),
        runs=tuple(check for run in RUNS for check in run_checks(curve, base, run)),
    )


def expected_after(counts: Sequence[int], n: int, m: int) -> float:
    """Expected number of distinct features after ``m`` of ``n`` participants, over all orders.

    >>> expected_after([1, 2], 2, 1)
    1.5
    """
    orders = comb(n, m)
    return sum(1 - comb(n - k, m) / orders for k in counts)


def sample_coverage(counts: Sequence[int]) -> float | None:
    """Share of what is said that belongs to features already seen (Good's estimate); None without features."""
    return 1 - sum(1 for k in counts if k == 1) / sum(counts) if counts else None


def chao2(counts: Sequence[int], n: int) -> float | None:
    """Estimated number of features in the population of such interviews, a lower bound.

    >>> round(chao2([1] * 16 + [2] * 7 + [3] * 20, 12), 2)
    59.76
    """
    if not n:
        return None
    f1, f2 = (sum(1 for k in counts if k == times) for times in (1, 2))
    unseen = f1 * f1 / (2 * f2) if f2 else f1 * (f1 - 1) / 2
    return len(counts) + (n - 1) / n * unseen


def run_checks(curve: Sequence[int], base: int, run: int) -> list[RunCheck]:
    """Guest, Namey and Chen: new features in each run after the base, divided by the features of the base."""
    if len(curve) < base or not curve[base - 1]:
        return []
    found = []
    for upto in range(base + run, len(curve) + 1):
        new = curve[upto - 1] - curve[upto - run - 1]
        found.append(RunCheck(run, upto, new, new / curve[base - 1]))
    return found


def model_sets(model: Model, of: Of = "codes", origins: Iterable[str] = ()) -> dict[str, list[str]]:
    """The features of each participant: codes used, nodes or stated edges affirmed.

    ``origins`` keeps only codes of these origins: a curve of the framework's own codes says little, that of emergent
    codes says whether anything new came up.
    """
    wanted = frozenset(origins)
    what = {"nodes": "node", "edges": "edge"}.get(of)
    sets: dict[str, dict[str, None]] = {participant: {} for participant in model.participants}
    for row in model.evidence.rows:
        if row.participant not in sets:
            continue
        if what is None and row.what != "edge" and _of_origin(model, row.code, wanted):
            sets[row.participant][row.code] = None
        if what == row.what and row.mode == "affirm" and row.kind == "stated":
            sets[row.participant][row.object] = None
    return {participant: list(found) for participant, found in sets.items()}


def _of_origin(model: Model, code: str, origins: frozenset[str]) -> bool:
    known = model.codebook.codes.get(code)
    return not origins or (known is not None and known.origin in origins)
