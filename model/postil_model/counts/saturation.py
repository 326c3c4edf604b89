"""Saturation: what each further participant added, in the order of the interviews and over all orders.

Saturation by interview order is luck; the expectation over all orders is printed beside it (docs/methods.md).
Formulas: expected distinct after m of n, S(m) = sum_f [1 - C(n-k_f, m)/C(n, m)] (Hurlbert 1971; Colwell 2012);
coverage of the sample by incidences, see `sample_coverage` (Chao and Jost 2012); Chao2 = S + ((n-1)/n) f1^2/(2 f2)
(Chao 1987), bias-corrected S + ((n-1)/n) f1 (f1-1)/2 if f2 = 0, with its log-normal interval, see `chao2_interval`;
new-information rate of Guest, Namey and Chen 2020 (base b, run r, threshold).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, sqrt
from typing import Literal

from postil_base.plural import counted
from postil_model.counts.proportions import Z95
from postil_model.decision.model import Model

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
    chao2_interval: tuple[float, float] | None  # 95%
    runs: tuple[RunCheck, ...]
    base: int = BASE

    @property
    def singles(self) -> int:
        """Features of one participant only (f1)."""
        return sum(1 for people in self.features.values() if len(people) == 1)

    @property
    def doubles(self) -> int:
        """Features of exactly two participants (f2)."""
        return sum(1 for people in self.features.values() if len(people) == 2)

    def cannot_tell(self, run: int) -> str:
        """Why the new-information rate of a run says nothing here; empty if it does."""
        people, needed = len(self.participants), self.base + run
        if people < needed:
            return f"{people} participant{'' if people == 1 else 's'}, at least {needed} are needed"
        return (
            ""
            if self.ordered[self.base - 1]
            else f"nothing in the first {counted(self.base, 'participant')} to compare with"
        )

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
        expected=tuple(rarefaction(counts, len(people))),
        coverage=sample_coverage(counts, len(people)),
        chao2=chao2(counts, len(people)),
        chao2_interval=chao2_interval(counts, len(people)),
        runs=tuple(check for run in RUNS for check in run_checks(curve, base, run)),
        base=base,
    )


def rarefaction(counts: Sequence[int], n: int) -> list[float]:
    """Expected number of distinct features after 1, 2, … n participants, over all orders.

    sum_k (1 - C(n-k, m) / C(n, m)) over the features, k of n participants having one. The binomials are taken by their
    logarithms (lgamma), since those of thousands of participants have thousands of digits. Source: Hurlbert 1971,
    Ecology 52:577, for samples; Colwell, Mao and Chang 2004, Ecology 85:2717, for incidences.

    >>> [round(value, 9) for value in rarefaction([1, 2], 2)]
    [1.5, 2.0]
    """
    times = Counter(counts)
    logs = [lgamma(i + 1) for i in range(n + 1)]  # of i!
    found = []
    for m in range(1, n + 1):
        whole = logs[n - m] - logs[n]
        missed = (exp(logs[n - k] - logs[n - k - m] + whole) * many for k, many in times.items() if n - k >= m)
        found.append(float(len(counts) - sum(missed)))
    return found


def sample_coverage(counts: Sequence[int], n: int) -> float | None:
    """Share of all incidences (a feature of a participant) in the population that belong to features already seen.

    C = 1 - (f1/U) (n-1) f1 / ((n-1) f1 + 2 f2), U the incidences seen; without doubles
    C = 1 - (f1/U) (n-1)(f1-1) / ((n-1)(f1-1) + 2). Source: Chao and Jost 2012, Ecology 93:2533, for incidences; iNEXT
    (Hsieh, Ma and Chao 2016). None without features, and for one participant, of whom every feature is a single.

    >>> round(sample_coverage([1] * 16 + [2] * 7 + [5] * 16 + [6] * 4, 12), 3)
    0.889
    """
    if not counts or n < 2:
        return None
    f1, f2 = _singles_and_doubles(counts)
    if not f1:
        return 1.0
    seen, twice = (f1, 2 * f2) if f2 else (f1 - 1, 2)
    return 1 - f1 / sum(counts) * (n - 1) * seen / ((n - 1) * seen + twice)


def _singles_and_doubles(counts: Sequence[int]) -> tuple[int, int]:
    return sum(1 for k in counts if k == 1), sum(1 for k in counts if k == 2)


def chao2(counts: Sequence[int], n: int) -> float | None:
    """Estimated number of features in the population of such interviews, a lower bound; None below two participants.

    >>> round(chao2([1] * 16 + [2] * 7 + [3] * 20, 12), 2)
    59.76
    """
    if n < 2:
        return None
    f1, f2 = _singles_and_doubles(counts)
    unseen = f1 * f1 / (2 * f2) if f2 else f1 * (f1 - 1) / 2
    return len(counts) + (n - 1) / n * unseen


def chao2_variance(counts: Sequence[int], n: int) -> float | None:
    """Variance of Chao2; None below two participants. With A = (n-1)/n and r = f1/f2:

    f2 (A r^2/2 + A^2 r^3 + A^2 r^4/4); without doubles A f1(f1-1)/2 + A^2 f1(2 f1-1)^2/4 - A^2 f1^4/(4 Chao2); where
    nothing is estimated to be unseen, S (e^(-U/S) - e^(-2U/S)). Source: Chao 1987, Biometrics 43:783, with the factor
    A as in Colwell's EstimateS 9 User's Guide, appendix B, and in specpool of the R package vegan.

    Barro Colorado Island (50 plots; 225 species, 21 in one plot, 19 in two) has 6.5436 as its root:

    >>> round(chao2_variance([1] * 21 + [2] * 19 + [3] * 185, 50) ** 0.5, 4)
    6.5436
    """
    estimate = chao2(counts, n)
    if estimate is None or not counts:
        return None
    f1, f2 = _singles_and_doubles(counts)
    a = (n - 1) / n
    if estimate == len(counts):
        never = exp(-sum(counts) / len(counts))
        return len(counts) * never * (1 - never)
    if f2:
        r = f1 / f2
        return f2 * (a * r**2 / 2 + a**2 * r**3 + a**2 * r**4 / 4)
    return a * f1 * (f1 - 1) / 2 + a**2 * f1 * (2 * f1 - 1) ** 2 / 4 - a**2 * f1**4 / (4 * estimate)


def chao2_interval(counts: Sequence[int], n: int) -> tuple[float, float] | None:
    """The 95% interval of Chao2: log-normal, so never below the S features seen. None where there is no Chao2.

    (S + T/K, S + T K) with T = Chao2 - S and K = exp(1.96 sqrt(log(1 + var/T^2))); where T is 0,
    S/(1-P) -+ 1.96 sqrt(S P)/(1-P) with P = e^(-U/S), not below S. Source: as for `chao2_variance`.

    >>> [round(bound, 1) for bound in chao2_interval([1] * 21 + [2] * 19 + [3] * 185, 50)]
    [229.0, 257.4]
    """
    estimate, variance = chao2(counts, n), chao2_variance(counts, n)
    if estimate is None or variance is None:
        return None
    seen = len(counts)
    unseen = estimate - seen
    if not unseen:
        never = exp(-sum(counts) / seen)
        middle, half = seen / (1 - never), Z95 * sqrt(seen * never) / (1 - never)
        return max(float(seen), middle - half), middle + half
    k = exp(Z95 * sqrt(log(1 + variance / unseen**2)))
    return seen + unseen / k, seen + unseen * k


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
