"""Random continua: what alignments would come about by chance. Gamma depends on which sampler is used, so name it.

shuffle
    Mathet et al. 2015, section 5.2, as the authors' software does it: each new coder gets the units of a coder drawn at
    random, all shifted by a random whole number and wrapped around; shifts keep half a mean unit's length apart.
statistical
    pygamma-agreement's default: number of units, gaps and lengths drawn from normal distributions with the mean and
    standard deviation of the data, categories by their frequency.

Both follow pygamma-agreement 0.5.9 (MIT), against which they were checked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from postil_model.agreement.measures.gamma_units import GammaUnits
from postil_model.agreement.measures.ratings import Floats

SamplerName = Literal["shuffle", "statistical"]
Sampler = Callable[[np.random.Generator], list[GammaUnits]]


def sampler_of(name: SamplerName, coders: list[GammaUnits]) -> Sampler:
    """The sampler with this name for these units."""
    if name == "shuffle":
        return lambda random: _shuffled(coders, random)
    if name == "statistical":
        drawn = _Statistics(coders)
        return lambda random: drawn.sample(random)
    raise ValueError(f"there is no sampler {name!r}: it is shuffle or statistical")


def _shuffled(coders: list[GammaUnits], random: np.random.Generator) -> list[GammaUnits]:
    low = min(0.0, *(float(units.start.min()) for units in coders if len(units)))  # the text begins at 0
    high = max(float(units.end.max()) for units in coders if len(units))
    lengths = np.concatenate([units.end - units.start for units in coders])
    while True:  # a sample must hold a unit, and coders without any may be drawn
        shifts = _shifts(len(coders), low, high, float(lengths.mean()) / 2, random)
        drawn = [_shifted(coders[random.integers(len(coders))], shift, low, high) for shift in shifts]
        if any(len(units) for units in drawn):
            return drawn


def _shifted(units: GammaUnits, shift: float, low: float, high: float) -> GammaUnits:
    wrap = np.where(units.start + shift > high, shift + low - high, shift)
    return GammaUnits(units.start + wrap, units.end + wrap, units.category)


def _shifts(count: int, low: float, high: float, apart: float, random: np.random.Generator) -> list[float]:
    """Whole numbers between the bounds, ``apart`` from one another while there is room."""
    free = [(low, high)]
    shifts: list[float] = []
    for _ in range(count):
        if not free:
            shifts.append(float(random.uniform(low, high)))
            continue
        sizes = np.array([end - start for start, end in free])
        start, end = free[int(random.choice(len(free), p=sizes / sizes.sum()))]
        shifts.append(float(int(random.uniform(start, end))))
        free = [piece for interval in free for piece in _without(interval, shifts[-1] - apart, shifts[-1] + apart)]
    return shifts


def _without(interval: tuple[float, float], start: float, end: float) -> list[tuple[float, float]]:
    pieces = [(interval[0], min(interval[1], start)), (max(interval[0], end), interval[1])]
    return [(a, b) for a, b in pieces if a < b]


class _Statistics:
    def __init__(self, coders: list[GammaUnits]) -> None:
        self.units = _mean_and_deviation(np.array([len(units) for units in coders], dtype=float))
        self.lengths = _mean_and_deviation(np.concatenate([units.end - units.start for units in coders]))
        self.gaps = _mean_and_deviation(np.array(_gaps(coders)))
        categories = np.concatenate([units.category for units in coders])
        self.share = np.bincount(categories) / len(categories)
        self.coders = len(coders)

    def sample(self, random: np.random.Generator) -> list[GammaUnits]:
        drawn: list[GammaUnits] = []
        for _ in range(self.coders):
            count = abs(int(random.normal(*self.units)))
            if not any(len(units) for units in drawn):
                count = max(1, count)
            gaps, lengths = random.normal(*self.gaps, count), self._lengths(count, random)
            end = np.cumsum(gaps + lengths)
            category = random.choice(len(self.share), count, p=self.share).astype(np.int64)
            order = np.argsort(end - lengths, kind="stable")
            drawn.append(GammaUnits((end - lengths)[order], end[order], category[order]))
        return drawn

    def _lengths(self, count: int, random: np.random.Generator) -> Floats:
        lengths = np.abs(random.normal(*self.lengths, count))
        while (lengths < 1e-6).any():
            short = lengths < 1e-6
            lengths[short] = np.abs(random.normal(*self.lengths, int(short.sum())))
        return lengths


def _mean_and_deviation(values: Floats) -> tuple[float, float]:
    return float(values.mean()), float(values.std())


def _gaps(coders: list[GammaUnits]) -> list[float]:
    """Gaps between a coder's successive units (negative where they overlap) and before the first one."""
    gaps = [0.0]
    for units in coders:
        gaps.extend((units.start[1:] - units.end[:-1]).tolist())
        if len(units) and units.start[0] > 0:
            gaps.append(float(units.start[0]))
    return gaps
