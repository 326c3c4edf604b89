"""The answer of a measure: a value with its standard error and interval, or `undefined` with its reason."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure's answer.

    ``value`` is None exactly when ``undefined`` says why. ``se`` and ``ci95`` are None where the measure has none or
    the data gives none; ``notes`` then says why, and also what makes an interval rough.
    """

    value: float | None
    se: float | None = None
    ci95: Interval | None = None
    undefined: str | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.value is None) != (self.undefined is not None):
            raise ValueError("an estimate has either a value or a reason why it is undefined")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"an estimate is a finite number, not {self.value}")

    def noted(self, *notes: str) -> Estimate:
        """The same answer with further notes, none of them twice."""
        return replace(self, notes=tuple(dict.fromkeys((*self.notes, *notes))))

    def without_interval(self, note: str) -> Estimate:
        """The same value without standard error and interval, and why; notes on the interval go with it."""
        return replace(self, se=None, ci95=None, notes=(note,))


# Measures that are shares, and so never below 0; every coefficient is at least -1.
PROPORTIONS = frozenset(
    (
        "percent_agreement",
        "agreement_krippendorff",
        "jaccard",
        "dice",
        "exact_f1",
        "overlap_f1",
        "specific_agreement",
        "cu_coverage",
        "ku_coverage",
    )
)
NO_WIDTH = "an interval without width says nothing of other {}: all those compared agree alike"
CUT = "the interval is cut at 0: it is rough, as few {} were compared"
BELOW = "the interval reaches below -1, the lowest value: it is rough, as few {} were compared"
TOO_WIDE = "no standard error and interval: too few {} have two ratings (the error exceeds the measure's range)"


def in_range(name: str, estimate: Estimate, resampled: str = "units") -> Estimate:
    """The estimate of a measure with a note where its interval leaves the measure's range or has no width.

    The interval of a share is cut at 0; that of a coefficient stays as its formula gives it, so that it can be compared
    with other programs. A standard error of more than half the range is dropped with its reason. ``resampled`` is what
    the interval is over: units or transcripts.

    >>> in_range("percent_agreement", Estimate(0.5, 0.4, (-0.3, 1.0))).ci95
    (0.0, 1.0)
    """
    if estimate.ci95 is None or estimate.value is None or estimate.se is None:
        return estimate
    floor = 0.0 if name in PROPORTIONS else -1.0
    if estimate.se > (1 - floor) / 2:
        return replace(estimate, se=None, ci95=None).noted(TOO_WIDE.format(resampled))
    low, high = estimate.ci95
    if high - low < 1e-6:  # roots of sums that should be 0
        return estimate.noted(NO_WIDTH.format(resampled))
    if low >= floor:
        return estimate
    if floor == 0:
        return replace(estimate, ci95=(0.0, high)).noted(CUT.format(resampled))
    return estimate.noted(BELOW.format(resampled))


def undefined(reason: str, *notes: str) -> Estimate:
    """The answer where a denominator is 0."""
    return Estimate(None, undefined=reason, notes=notes)


def quotient(numerator: float, denominator: float, reason: str) -> Estimate:
    """``numerator / denominator``, undefined for the reason given where the denominator is 0.

    >>> quotient(1, 2, "nothing was coded").value, quotient(0, 0, "nothing was coded").undefined
    (0.5, 'nothing was coded')
    """
    return undefined(reason) if denominator == 0 else Estimate(float(numerator / denominator))


# Sums of shares such as 0.1 + 0.2 + 0.7 miss 1 by some 1e-16; a real share of a text of 1e9 characters does not.
_ZERO = 1e-13


def beyond_chance(observed: float, expected: float, reason: str) -> Estimate:
    """``(observed - expected) / (1 - expected)``, undefined where chance alone would agree always.

    >>> round(beyond_chance(0.85, 0.78, "").value, 6)
    0.318182
    """
    room = 1 - expected
    return undefined(reason) if abs(room) < _ZERO else Estimate(float((observed - expected) / room))


def student_interval(value: float, se: float, df: float) -> Interval:
    """The 95% interval by Student's t, its upper end cut at 1 (no agreement is above it)."""
    half = _student_975(df) * se
    return (value - half, min(1.0, value + half))


@cache
def _student_975(df: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.975))


NORMAL_975 = 1.959963984540054


def normal_interval(value: float, se: float) -> Interval:
    """The 95% interval by the normal distribution, its upper end cut at 1."""
    return (value - NORMAL_975 * se, min(1.0, value + NORMAL_975 * se))
