"""Gamma, gamma-cat and gamma-k: agreement on position and category of units that may overlap, by best alignment.

    gamma = 1 - observed / expected disorder

observed: disorder of the best alignment; expected: its mean over random continua. gamma-cat and gamma-k ask for the
categories of aligned units alone (of one category in gamma-k). Sources: Mathet, Widlöcher & Métivier 2015; Mathet 2017,
The agreement measure gamma-cat, Computational Linguistics 43:3. Alignments are exact; the expected part is a sample, so
state sampler, alpha, beta, number of samples and seed. Units without a partner count in gamma-cat and gamma-k as in
pygamma-agreement 0.5.9.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from postil_model.agreement.measures.estimate import Estimate, undefined
from postil_model.agreement.measures.gamma_align import NONE, best_alignment, disorder
from postil_model.agreement.measures.gamma_samplers import SamplerName, sampler_of
from postil_model.agreement.measures.gamma_units import Alignment, Dissimilarity, GammaUnit, GammaUnits, from_spans
from postil_model.agreement.measures.ratings import Floats

NO_UNITS = "fewer than two coders have a unit"
NO_CHANCE = "random continua have no disorder to expect"


@dataclass(frozen=True)
class Gamma:
    """The gamma family of one continuum, with all that must be said beside it."""

    gamma: Estimate
    gamma_cat: Estimate
    gamma_k: Mapping[str, Estimate]
    observed: float | None
    expected: float | None
    sampler: SamplerName
    samples: int
    seed: int
    dissimilarity: Dissimilarity


def gamma(
    spans: Mapping[str, Sequence[GammaUnit]],
    dissimilarity: Dissimilarity | None = None,
    sampler: SamplerName = "shuffle",
    samples: int = 30,
    seed: int = 1,
) -> Gamma:
    """The family for one continuum; ``spans[coder]`` are (start, end, category). Undefined if fewer than two coders
    have a unit."""
    d = dissimilarity or Dissimilarity()
    if samples < 1:
        raise ValueError("gamma needs at least one random sample")
    coders, categories = from_spans(spans)
    if sum(len(units) > 0 for units in coders) < 2:
        no = undefined(NO_UNITS)
        return Gamma(no, no, dict.fromkeys(categories, no), None, None, sampler, samples, seed, d)
    random = np.random.default_rng(seed)
    draw = sampler_of(sampler, coders)
    best = _Aligned(coders, d)
    chance = [_Aligned(draw(random), d) for _ in range(samples)]
    expected = float(np.mean([aligned.disorder for aligned in chance]))
    return Gamma(
        _beyond(best.disorder, expected),
        _by_category(best, chance, None),
        {name: _by_category(best, chance, number) for number, name in enumerate(categories)},
        best.disorder,
        expected,
        sampler,
        samples,
        seed,
        d,
    )


def observed_disorder(spans: Mapping[str, Sequence[GammaUnit]], dissimilarity: Dissimilarity | None = None) -> float:
    """The disorder of the best alignment alone."""
    d = dissimilarity or Dissimilarity()
    return _Aligned(from_spans(spans)[0], d).disorder


class _Aligned:
    """A continuum with its best alignment, and the parts of its categorical disorder."""

    def __init__(self, coders: list[GammaUnits], d: Dissimilarity) -> None:
        self.alignment: Alignment = best_alignment(coders, d)
        self.disorder = disorder(self.alignment, coders, d)
        self._collect(coders, d)

    def _collect(self, coders: list[GammaUnits], d: Dissimilarity) -> None:
        """For every pair of units that are aligned: weight, whether categories differ, both categories."""
        weight, differs, one, other = [], [], [], []
        together = (self.alignment != NONE).sum(axis=1)
        for i, j in combinations(range(len(coders)), 2):
            a, b = self.alignment[:, i], self.alignment[:, j]
            some = (a != NONE) | (b != NONE)
            a, b, k = a[some], b[some], together[some]
            first, second = _categories(coders[i], a), _categories(coders[j], b)
            both = (a != NONE) & (b != NONE)
            base = np.where(both, 1 / np.maximum(k - 1, 1), d.empty)
            base[both] *= np.maximum(0.0, 1 - d.alpha * _positions(coders[i], coders[j], a[both], b[both]) * d.empty)
            weight.append(base)
            differs.append(np.where(both, first != second, 1) * d.empty)
            one.append(first)
            other.append(second)
        self.weight, self.differs = np.concatenate(weight), np.concatenate(differs)
        self.one, self.other = np.concatenate(one), np.concatenate(other)

    def categorical(self, category: int | None) -> float:
        """Disorder of categories over aligned units (Mathet 2017); of the pairs that hold ``category``, if given."""
        keep = np.ones(len(self.weight), dtype=bool)
        if category is not None:
            keep = (self.one == category) | (self.other == category)
        if not (keep & (self.one != NONE) & (self.other != NONE)).any():
            return 0.0 if keep.any() else 1.0
        crossing = float((self.weight * self.differs)[keep].sum())
        return crossing / float(self.weight[keep].sum()) if crossing else 0.0


def _categories(units: GammaUnits, numbers: Alignment) -> Alignment:
    if not len(units):
        return np.full(len(numbers), NONE)
    return np.where(numbers != NONE, units.category[numbers], NONE)


def _positions(one: GammaUnits, other: GammaUnits, a: Alignment, b: Alignment) -> Floats:
    apart = np.abs(one.start[a] - other.start[b]) + np.abs(one.end[a] - other.end[b])
    return np.asarray((apart / (one.end[a] - one.start[a] + other.end[b] - other.start[b])) ** 2)


def _beyond(observed: float, expected: float) -> Estimate:
    return undefined(NO_CHANCE) if expected <= 0 else Estimate(1 - observed / expected)


def _by_category(best: _Aligned, chance: list[_Aligned], category: int | None) -> Estimate:
    return _beyond(best.categorical(category), float(np.mean([aligned.categorical(category) for aligned in chance])))
