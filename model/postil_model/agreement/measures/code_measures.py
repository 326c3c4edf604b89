"""All binary measures of every code on one kind of unit: of all coders together and of each pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from postil_model.agreement.measures import binary
from postil_model.agreement.measures.estimate import Estimate, undefined
from postil_model.agreement.measures.ratings import Floats
from postil_model.agreement.measures.resample import Method, Resampled, Resampler, joined
from postil_model.agreement.measures.spans import SpanTable
from postil_model.agreement.measures.tallies import ONES, RATINGS, Tallies, tallies

NO_OVERLAP = "no text was seen by two coders"
NEITHER = "nobody applied the code"
NEITHER_OF_TWO = "neither coder applied the code"
EVERYWHERE = "every coder applied the code everywhere, so chance alone would agree always"
PAIR_UNDEFINED = "Cohen's kappa of a pair of coders is undefined"
NOWHERE_SHARED = "in the text that two coders saw, nobody applied the code"
EVERYWHERE_SHARED = (
    "in the text that two coders saw, every coder applied the code everywhere, so chance alone would agree always"
)
NO_VARIATION = "in the text that two coders saw, the code is applied nowhere or everywhere"
NO_CODE = "nobody applied any code"
NO_CODE_OF_TWO = "no code was applied by either coder"
NO_CODE_SHARED = "in the text that two coders saw, nobody applied any code"
ALL_EVERYWHERE = "every coder applied each of these codes everywhere, so chance alone would agree always"
ALL_OR_NONE = "each code was applied everywhere or nowhere by both, so chance alone would agree always"
EMPTY_CODER = "a coder saw none of this text"


@dataclass(frozen=True)
class PairResult:
    """Two coders and one code: counts of units and measures."""

    n11: float
    n10: float
    n01: float
    n00: float
    measures: Mapping[str, Estimate]


@dataclass(frozen=True)
class CodeResult:
    """One code on one kind of unit."""

    multi: Mapping[str, Estimate]
    pairs: Mapping[str, PairResult]
    coded: Mapping[str, float]  # coder → units coded, in documents that two or more coders saw
    seen: Mapping[str, float]  # coder → units seen there
    left_out: Floats  # Krippendorff's alpha without each document

    def coded_share(self, coder: str) -> float | None:
        """Share of the units the coder saw that they coded; None where they saw none."""
        return self.coded[coder] / self.seen[coder] if self.seen[coder] else None


def code_measures(table: SpanTable, method: Method = "jackknife") -> dict[str, CodeResult]:
    """Every measure of every code of the table, with intervals over documents."""
    return measures_of(tallies(table), table, method)


def measures_of(sums: Tallies, table: SpanTable, method: Method = "jackknife") -> dict[str, CodeResult]:
    """The same from sums that are there already."""
    pooled = sums.pooled()
    multi = _multi(sums, table, method)
    pairs = _pairs(sums, table, method)
    compared = Tallies(sums.coders, sums.without_pairs.sums[table.several].sum(axis=0))
    return {code: _code(c, pooled, compared, multi, pairs) for c, code in enumerate(table.codes)}


_AT_ONCE = 8_000_000  # sums that are copied for their replicates


def _multi(sums: Tallies, table: SpanTable, method: Method) -> dict[str, Resampled]:
    """Every measure of all coders; some codes after others, since replicates are as large as the sums."""
    documents, codes, each = sums.sums.shape
    step = max(1, _AT_ONCE // max(documents * each, 1))
    parts: dict[str, list[Resampled]] = {name: [] for name in binary.MULTI}
    for low in range(0, max(codes, 1), step):
        over_documents = Resampler(Tallies(sums.coders, sums.sums[:, low : low + step]), table.several, method)
        for name, measure in binary.MULTI.items():
            parts[name].append(over_documents(measure))
    return {name: joined(of) for name, of in parts.items()}


Pairs = dict[str, tuple[Floats, dict[str, Resampled]]]


def _pairs(sums: Tallies, table: SpanTable, method: Method) -> Pairs:
    """By pair: counts [code, 4] and every pair measure, over the documents both saw."""
    found: Pairs = {}
    for number, ((i, j), name) in enumerate(zip(sums.pairs, binary.pair_names(sums.coders), strict=True)):
        over_documents = Resampler(_of_pair(sums, number), table.present[:, i] & table.present[:, j], method)
        measures = {
            label: over_documents(lambda s, m=measure: m(s.sums)).lean()  # type: ignore[misc]
            for label, measure in binary.PAIR.items()
        }
        found[name] = (over_documents.pooled.sums, measures)
    return found


def _of_pair(sums: Tallies, number: int) -> Tallies:
    """The counts of one pair alone: a few of many sums, of which the others need not be resampled."""
    return Tallies(sums.coders, np.ascontiguousarray(sums.pair_counts(number)))


def _code(c: int, pooled: Tallies, compared: Tallies, multi: Mapping[str, Resampled], pairs: Pairs) -> CodeResult:
    at = Tallies(pooled.coders, pooled.sums[c])
    estimates = {name: of.estimate(multi_reason(name, at), c) for name, of in multi.items()}
    coders = pooled.coders
    return CodeResult(
        estimates,
        {name: _pair(counts[c], measures, c) for name, (counts, measures) in pairs.items()},
        {coder: float(compared.coded[c, g]) for g, coder in enumerate(coders)},
        {coder: float(compared.seen[c, g]) for g, coder in enumerate(coders)},
        multi["krippendorff_alpha"].left_out[:, c],
    )


def _pair(counts: Floats, measures: Mapping[str, Resampled], c: int) -> PairResult:
    reason = pair_reason(counts)
    estimates = {name: of.estimate(reason, c) for name, of in measures.items()}
    n11, n10, n01, n00 = counts.tolist()
    return PairResult(n11, n10, n01, n00, estimates)


def pair_reason(counts: Floats) -> str:
    """Why a measure of two coders has no value."""
    if not counts.sum():
        return NO_OVERLAP
    return EVERYWHERE if counts[0] == counts.sum() else NEITHER_OF_TWO


def multi_reason(name: str, sums: Tallies) -> str:
    """Why a measure of one code has no value."""
    if not sums.sums[RATINGS]:
        return NO_OVERLAP
    if not sums.coded.any():
        return NEITHER
    if (sums.coded == sums.seen).all():
        return EVERYWHERE
    if name == "conger_kappa" and not sums.seen.all():
        return EMPTY_CODER
    if name == "light_kappa":
        return PAIR_UNDEFINED
    ones, ratings = sums.sums[ONES], sums.sums[RATINGS]
    return NOWHERE_SHARED if not ones else EVERYWHERE_SHARED if ones == ratings else NO_VARIATION


def pooled_kappas(sums: Tallies, table: SpanTable, method: Method = "jackknife") -> dict[str, Estimate]:
    """Pooled kappa over codes of each pair of coders (de Vries et al. 2008), with intervals over documents."""
    found = {}
    for number, ((i, j), name) in enumerate(zip(sums.pairs, binary.pair_names(sums.coders), strict=True)):
        both = table.present[:, i] & table.present[:, j]
        over_documents = Resampler(_of_pair(sums, number), both, method)
        of = over_documents(lambda s: binary.pooled_kappa(s.sums))
        counts = over_documents.pooled.sums
        applied = bool(counts[..., :3].sum())
        found[name] = of.estimate(ALL_OR_NONE if applied else NO_CODE_OF_TWO if counts.sum() else NO_OVERLAP)
    return found


def pooled_reason(sums: Tallies) -> str:
    """Why a measure over all codes that somebody applied (the leading axis) has no value."""
    ones, ratings = sums.sums[..., ONES], sums.sums[..., RATINGS]
    if not ratings.size or not sums.coded.any():
        return NO_CODE
    if not ratings.sum():
        return NO_OVERLAP
    if not ones.sum():
        return NO_CODE_SHARED
    return ALL_EVERYWHERE if (ones == ratings).all() else NO_VARIATION.replace("the code is", "each code is")


def pooled_over_codes(sums: Tallies, table: SpanTable, method: Method = "jackknife") -> dict[str, Estimate]:
    """Every measure over all codes that somebody applied: 1 - mean disagreement / mean room, with intervals."""
    used = np.flatnonzero(sums.pooled().coded.any(axis=-1))
    of_used = Tallies(sums.coders, sums.without_pairs.sums[:, used])
    if not len(used):
        return {name: undefined(NO_CODE) for name in binary.PARTS}
    over_documents = Resampler(of_used, table.several, method)
    resampled = {name: over_documents(binary.pooled_over_codes(name)) for name in binary.PARTS}
    reason = pooled_reason(over_documents.pooled)
    return {name: of.estimate(reason) for name, of in resampled.items()}
