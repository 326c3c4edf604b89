"""Intervals over documents, jackknife and bootstrap, and `Estimate` values with the reason where undefined.

Characters, and turns of one talk, are not independent of one another; what is resampled are whole documents that two
or more coders saw. Jackknife: t_(d) the measure without document d of D, SE = sqrt((D-1)/D sum (t_(d) - mean)^2),
Student's t with D-1 degrees of freedom, upper end cut at 1. Bootstrap: percentiles 2.5 and 97.5 of replicates in which
D documents are drawn with replacement, from a fixed seed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from postil_model.agreement.estimate import Estimate, Interval, student_interval, undefined
from postil_model.agreement.ratings import Floats
from postil_model.agreement.tallies import Tallies

ROUGH_BELOW = 8
ONE_DOCUMENT = "no interval: it would take two or more transcripts of two or more coders"
REPLICATE_UNDEFINED = "no interval: leaving out one transcript leaves the measure undefined"
ROUGH = "the interval is rough: fewer than 8 transcripts were compared"
NO_SPREAD = "an interval without width says nothing of other transcripts: all those compared agree alike"

Measure = Callable[[Tallies], Floats]


@dataclass(frozen=True)
class Resampled:
    """A measure over documents: pooled values, those with one document left out, standard errors (NaN: undefined)."""

    values: Floats  # [...]
    left_out: Floats  # [document, ...]
    errors: Floats  # [...]

    @property
    def documents(self) -> int:
        """How many documents were left out in turn."""
        return len(self.left_out)


def jackknife(sums: Tallies, several: NDArray[np.bool_], measure: Measure) -> Resampled:
    """The measure of the pooled sums, and of the sums without each document that several coders saw."""
    pooled = sums.pooled()
    rest = Tallies(sums.coders, pooled.sums[None] - sums.sums[several])
    left_out = measure(rest)
    return Resampled(measure(pooled), left_out, errors_of(left_out))


def errors_of(left_out: Floats) -> Floats:
    """Jackknife standard errors along the first axis; NaN with fewer than two documents or an undefined replicate."""
    count = len(left_out)
    if count < 2:
        return np.full(left_out.shape[1:], np.nan)
    spread = ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)
    return np.asarray(np.sqrt((count - 1) / count * spread))


def bootstrap(
    sums: Tallies, several: NDArray[np.bool_], measure: Measure, replicates: int = 1000, seed: int = 1
) -> Floats:
    """The measure in each replicate, [replicate, ...]; documents that one coder saw alone are kept as they are."""
    drawn_from = np.flatnonzero(several)
    random = np.random.default_rng(seed)
    weights = np.ones((replicates, len(several)))
    if len(drawn_from):
        weights[:, drawn_from] = random.multinomial(
            len(drawn_from), np.full(len(drawn_from), 1 / len(drawn_from)), replicates
        )
    return measure(sums.weighted(weights))


def percentile_interval(values: Floats) -> Interval | None:
    """The 95% percentile interval of the defined values; None if there are none."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        return None
    low, high = np.percentile(defined, [2.5, 97.5])
    return (float(low), float(high))


def estimate_of(value: float, error: float, documents: int, reason: str) -> Estimate:
    """An estimate from a jackknife: ``reason`` is why the value is undefined if it is NaN."""
    if np.isnan(value):
        return undefined(reason)
    if np.isnan(error):
        return Estimate(float(value), notes=(ONE_DOCUMENT if documents < 2 else REPLICATE_UNDEFINED,))
    interval = student_interval(float(value), float(error), documents - 1)
    notes = [ROUGH] if documents < ROUGH_BELOW else []
    notes += [NO_SPREAD] if error < 1e-12 else []
    return Estimate(float(value), float(error), interval, notes=tuple(notes))
