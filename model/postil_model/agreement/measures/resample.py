"""Intervals over documents, jackknife and bootstrap, and `Estimate` values with the reason where undefined.

Characters, and turns of one talk, are not independent of one another; what is resampled are whole documents that two
or more coders saw. Jackknife: t_(d) the measure without document d of D, SE = sqrt((D-1)/D sum (t_(d) - mean)^2),
Student's t with D-1 degrees of freedom, upper end cut at 1. Bootstrap: percentiles 2.5 and 97.5 of replicates in which
D documents are drawn with replacement, from a fixed seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from postil_model.agreement.measures.estimate import NO_WIDTH, Estimate, student_interval, undefined
from postil_model.agreement.measures.ratings import Floats
from postil_model.agreement.measures.tallies import Tallies

ROUGH_BELOW = 8
ONE_DOCUMENT = "no interval: it would take two or more transcripts of two or more coders"
REPLICATE_UNDEFINED = "no interval: without some of the transcripts the measure is undefined"
ROUGH = "the interval is rough: fewer than 8 transcripts were compared"
NO_SPREAD = NO_WIDTH.format("transcripts")

DEFINED = 0.95  # share of bootstrap replicates in which a measure must be defined to have an interval

Measure = Callable[[Tallies], Floats]
Method = Literal["jackknife", "bootstrap"]


@dataclass(frozen=True)
class Resampled:
    """A measure over documents: pooled values, those with one document left out, standard errors (NaN: undefined).

    ``limits`` are the ends of bootstrap intervals [2, ...]; without them intervals are Student's.
    """

    values: Floats  # [...]
    left_out: Floats  # [document, ...]
    errors: Floats  # [...]
    limits: Floats | None = None

    def lean(self) -> Resampled:
        """What estimates need, without the replicates: of many pairs of coders they would fill the memory."""
        return replace(self, left_out=np.empty((self.documents, 0)))

    @property
    def documents(self) -> int:
        """How many documents were left out in turn."""
        return len(self.left_out)

    def estimate(self, reason: str, *at: int) -> Estimate:
        """The estimate at a place of the arrays; ``reason`` is why it is undefined, if it is."""
        value, error = float(self.values[at]), float(self.errors[at])
        found = estimate_of(value, error, self.documents, reason)
        if self.limits is None or found.ci95 is None:
            return found
        return replace(found, ci95=(float(self.limits[(0, *at)]), float(self.limits[(1, *at)])))


class Resampler:
    """Documents that several coders saw, left out in turn or drawn anew: from a measure to its interval."""

    def __init__(self, sums: Tallies, several: NDArray[np.bool_], method: Method = "jackknife") -> None:
        self.pooled = sums.pooled()
        left_out = sums.sums[several]
        self.left_out = Tallies(sums.coders, np.subtract(self.pooled.sums[None], left_out, out=left_out))
        self.drawn = sums.weighted(draws(several)) if method == "bootstrap" else None

    def __call__(self, measure: Measure) -> Resampled:
        """The measure of the pooled sums, and of each set of documents."""
        values, left_out = measure(self.pooled), measure(self.left_out)
        if self.drawn is None or len(left_out) < 2:
            return Resampled(values, left_out, errors_of(left_out))
        replicates = measure(self.drawn)
        defined = (~np.isnan(replicates)).mean(axis=0) >= DEFINED
        filled = np.where(defined, replicates, 0.0)
        errors = np.where(defined, np.nanstd(filled, axis=0, ddof=1), np.nan)
        return Resampled(values, left_out, errors, np.nanpercentile(filled, [2.5, 97.5], axis=0))


def joined(parts: Sequence[Resampled]) -> Resampled:
    """A measure of all codes from that of some after others; codes are the last axis."""
    limits = [part.limits for part in parts if part.limits is not None]
    return Resampled(
        np.concatenate([part.values for part in parts], axis=-1),
        np.concatenate([part.left_out for part in parts], axis=-1),
        np.concatenate([part.errors for part in parts], axis=-1),
        np.concatenate(limits, axis=-1) if limits else None,
    )


def jackknife(sums: Tallies, several: NDArray[np.bool_], measure: Measure) -> Resampled:
    """The measure of the pooled sums, and of the sums without each document that several coders saw."""
    return Resampler(sums, several)(measure)


def errors_of(left_out: Floats) -> Floats:
    """Jackknife standard errors along the first axis; NaN with fewer than two documents or an undefined replicate."""
    count = len(left_out)
    if count < 2:
        return np.full(left_out.shape[1:], np.nan)
    spread = ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)
    return np.asarray(np.sqrt((count - 1) / count * spread))


def draws(several: NDArray[np.bool_], replicates: int = 1000, seed: int = 1) -> Floats:
    """How often each document is drawn in each replicate; documents that one coder saw alone stay as they are."""
    places = np.flatnonzero(several)
    weights = np.ones((replicates, len(several)))
    if len(places):
        shares = np.full(len(places), 1 / len(places))
        weights[:, places] = np.random.default_rng(seed).multinomial(len(places), shares, replicates)
    return weights


def bootstrap(
    sums: Tallies, several: NDArray[np.bool_], measure: Measure, replicates: int = 1000, seed: int = 1
) -> Floats:
    """The measure in each replicate, [replicate, ...]."""
    return measure(sums.weighted(draws(several, replicates, seed)))


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
