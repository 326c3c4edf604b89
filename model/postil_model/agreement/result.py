"""Everything that is computed of the agreement in a study, as one value that all outputs read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from postil_base.problem import PostilError
from postil_model.agreement.measures import binary, presence
from postil_model.agreement.measures.code_measures import (
    NO_CODE,
    CodeResult,
    PairResult,
    measures_of,
    multi_reason,
    pooled_kappas,
    pooled_over_codes,
    pooled_reason,
)
from postil_model.agreement.measures.confusion import Confusion, confusions
from postil_model.agreement.measures.estimate import Estimate, in_range, undefined
from postil_model.agreement.measures.multilabel import LabelSets, label_sets, multilabel_alpha
from postil_model.agreement.measures.ratings import Floats
from postil_model.agreement.measures.relations import specific_agreement
from postil_model.agreement.measures.spans import SpanTable
from postil_model.agreement.measures.tallies import Tallies, tallies
from postil_model.agreement.measures.unitizing import Unitizing, unitizing, unitizing_per_code
from postil_model.agreement.relations_of_study import TYPES, sample_edges
from postil_model.agreement.sample import UNITS, Sample, SampleOptions, Unit, study_sample

if TYPE_CHECKING:
    from postil_study.study import Study

FEW = 5
FEW_NOTE = "no interval: a coder applied the code to fewer than 5 units"


@dataclass(frozen=True)
class UnitResult:
    """All binary measures on one kind of unit."""

    unit: Unit
    table: SpanTable
    codes: Mapping[str, CodeResult]
    pooled: Mapping[str, Estimate]  # over the codes that somebody applied
    pooled_kappa: Mapping[str, Estimate]  # by pair
    sums: Tallies  # those of pairs are not kept: of many coders they would fill the memory
    light: Floats  # [document, code] Light's kappa, which is the one that would need them

    @property
    def compared(self) -> int:
        """Units in transcripts that two or more coders finished."""
        return int(self.table.lengths[self.table.several].sum())

    def of_transcripts(self) -> dict[str, dict[str, dict[str, Estimate]]]:
        """Transcript → code → measure, without intervals; only transcripts of two or more coders."""
        names = np.array(self.table.documents)[self.table.several]
        several = self.table.several
        sums = self.sums if several.all() else Tallies(self.sums.coders, self.sums.sums[several])
        values = {name: binary.closed(name)(sums) for name in binary.PARTS} | {"light_kappa": self.light[several]}
        return {
            str(document): {
                code: {
                    name: _value(float(of[d, c]), multi_reason(name, Tallies(sums.coders, sums.sums[d, c])))
                    for name, of in values.items()
                }
                for c, code in enumerate(self.table.codes)
            }
            for d, document in enumerate(names)
        }

    def of_transcripts_pooled(self) -> dict[str, dict[str, Estimate]]:
        """Transcript → measure, over the codes somebody applied there."""
        found = {}
        for d in np.flatnonzero(self.table.several):
            used = self.sums.coded[d].any(axis=-1)
            sums = Tallies(self.sums.coders, self.sums.sums[d][used])
            found[self.table.documents[d]] = {
                name: _value(float(binary.pooled_over_codes(name)(sums)), pooled_reason(sums))
                if used.any()
                else undefined(NO_CODE)
                for name in binary.PARTS
            }
        return found


def _value(value: float, reason: str) -> Estimate:
    return undefined(reason) if np.isnan(value) else Estimate(value)


@dataclass(frozen=True)
class Headline:
    """The measure declared in study.yaml before the reliability round; ``none`` is why there is none."""

    declared: bool
    measure: str
    unit: Unit
    speakers: str
    reason: str
    none: str
    codes: Mapping[str, Estimate]
    pooled: Estimate | None
    departs: tuple[str, ...]  # in what this run departs from what was declared
    at_least: float | None = None  # the declared threshold for each code
    below: str = ""  # what was declared to follow below it

    def reaches(self, code: str) -> bool | None:
        """Whether a code's value reaches the declared threshold; None without one or where the value is undefined."""
        value = self.codes[code].value
        return None if self.at_least is None or value is None else value >= self.at_least


@dataclass(frozen=True)
class StudyAgreement:
    """The agreement of a study's coders. What is not declared as headline is a supplement."""

    sample: Sample
    units: Mapping[Unit, UnitResult]
    headline: Headline

    @property
    def coders(self) -> tuple[str, ...]:
        """The coders compared."""
        return self.sample.whole.coders

    @property
    def pairs(self) -> list[str]:
        """Names of the pairs, ``a|b``."""
        return binary.pair_names(self.coders)

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes reported, in the order of the codebook."""
        return self.sample.whole.codes

    @cached_property
    def used(self) -> tuple[str, ...]:
        """Codes that somebody applied in a transcript that two or more coders finished."""
        counts = self.applied
        return tuple(code for code in self.codes if any(counts[code].values()))

    @cached_property
    def applied(self) -> Mapping[str, Mapping[str, int]]:
        """Code → coder → segments, in transcripts that two or more coders finished."""
        counts = span_counts(self.sample.characters)
        return {
            code: {coder: int(counts[c, g]) for g, coder in enumerate(self.coders)} for c, code in enumerate(self.codes)
        }

    @cached_property
    def unitizing(self) -> Unitizing:
        """The unitizing family over all codes."""
        return _ranged_family(unitizing(self.sample.characters))

    @cached_property
    def unitizing_per_code(self) -> Mapping[str, Unitizing]:
        """The unitizing family of each code alone; without interval where a coder has fewer than 5 segments."""
        found = unitizing_per_code(self.sample.characters)
        few = {code for code, times in self.applied.items() if min(times.values()) < FEW}
        return {code: _bare_family(of) if code in few else _ranged_family(of) for code, of in found.items()}

    @cached_property
    def unitizing_groups(self) -> Mapping[str, Unitizing]:
        """The unitizing family over each group of mutually exclusive codes."""
        table = self.sample.characters
        groups = {g.id: g.codes for g in self.sample.study.codebook.groups.values() if g.exclusive}
        chosen = {name: [code for code in codes if code in table.codes] for name, codes in groups.items()}
        return {
            name: _ranged_family(unitizing(table.regrouped({code: [code] for code in codes})))
            for name, codes in chosen.items()
            if codes
        }

    @cached_property
    def _label_sets(self) -> LabelSets:
        return label_sets(self.sample.characters)

    @cached_property
    def multilabel(self) -> Mapping[str, Estimate]:
        """Alpha over the label sets at every character."""
        return _ranged(multilabel_alpha(self.sample.characters, self._label_sets))

    @cached_property
    def presence(self) -> Mapping[str, Mapping[str, Estimate]]:
        """Measures that do not ask where: existence and frequency per transcript, F1 of segments; by pair."""
        table, whole = self.sample.characters, self.sample.whole_transcript
        return {
            "code_existence_agreement": presence.code_existence_agreement(table, whole),
            "code_existence_kappa": presence.code_existence_kappa(table, whole),
            "code_frequency_agreement": presence.code_frequency_agreement(table, whole),
            "exact_f1": presence.exact_f1(table),
            "overlap_f1": presence.overlap_f1(table),
        }

    @cached_property
    def relations(self) -> Mapping[str, Mapping[str, Estimate]]:
        """Positive specific agreement on typed edges between codes: all, without guards, then each type; by pair."""
        edges = sample_edges(self.sample)
        found = {"all": specific_agreement(edges, self.coders)}
        found["all, without guard"] = specific_agreement(edges, self.coders, guards=False)
        found |= {kind: specific_agreement(edges, self.coders, kind) for kind in TYPES}
        return {kind: _ranged(of, "specific_agreement") for kind, of in found.items()}

    @cached_property
    def confusions(self) -> Sequence[Confusion]:
        """Confusion matrices of codes, one per pair of coders."""
        return confusions(self._label_sets, self.sample.characters)


def span_counts(table: SpanTable) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """[code, coder] segments in documents of two or more coders."""
    return presence.coded_counts(table.only_documents(table.several))


def study_agreement(
    study: Study, options: SampleOptions | None = None, units: Iterable[Unit] = (), measure: str = ""
) -> StudyAgreement:
    """Agreement of a study: the declared headline, characters, and whatever other units are asked for."""
    options = options or SampleOptions()
    sample = study_sample(study, options)
    plan = sample.plan
    declared: Unit = _unit(plan.unit) if plan and not plan.none else "turn"
    asked = [_unit(name) for name in units]
    headline_unit: Unit = declared if not asked else asked[0]
    wanted = dict.fromkeys(("char", headline_unit, declared, *asked))
    if "given" in wanted and not sample.given:
        if "given" in asked or headline_unit == "given":
            raise PostilError(
                "given units need a file that says where they are: --units-file FILE.csv (transcript,start,end)"
            )
        del wanted["given"]
    results = {unit: unit_result(sample, unit) for unit in wanted}
    return StudyAgreement(sample, results, _headline(sample, results, options, asked, measure))


def _unit(name: str) -> Unit:
    for unit in UNITS:
        if name == unit:
            return unit
    raise PostilError(f"there is no unit {name!r}; units are {', '.join(UNITS)}.")


def unit_result(sample: Sample, unit: Unit) -> UnitResult:
    """Everything on one kind of unit; codes that a coder applied fewer than 5 times get no interval."""
    table = sample.on(unit)
    sums = tallies(table)
    codes = measures_of(sums, table, sample.interval)
    counts = span_counts(sample.characters) if unit == "char" else None
    honest = {
        code: _honest(
            result, {g: counts[c, i] for i, g in enumerate(table.coders)} if counts is not None else result.coded
        )
        for c, (code, result) in enumerate(codes.items())
    }
    pooled = _ranged(pooled_over_codes(sums, table, sample.interval))
    kappas = _ranged(pooled_kappas(sums, table, sample.interval), "pooled_kappa")
    kept = Tallies(sums.coders, sums.without_pairs.sums.copy())
    return UnitResult(unit, table, honest, pooled, kappas, kept, binary.light_kappa(sums))


def _honest(result: CodeResult, times: Mapping[str, float]) -> CodeResult:
    few = any(count < FEW for count in times.values())
    pairs = {
        name: _honest_pair(pair, [times[coder] for coder in name.split("|")]) for name, pair in result.pairs.items()
    }
    return replace(result, multi=_bare(result.multi) if few else _ranged(result.multi), pairs=pairs)


def _honest_pair(pair: PairResult, times: Sequence[float]) -> PairResult:
    return replace(pair, measures=_bare(pair.measures) if min(times) < FEW else _ranged(pair.measures))


def _ranged(measures: Mapping[str, Estimate], name: str = "") -> dict[str, Estimate]:
    """Measures by their names (or all of one name), each with a remark where its interval leaves its range."""
    return {key: in_range(name or key, estimate, "transcripts") for key, estimate in measures.items()}


FAMILY = ("u_alpha", "bu_alpha", "cu_alpha", "cu_coverage")


def _ranged_family(of: Unitizing) -> Unitizing:
    single = _ranged({name: getattr(of, name) for name in FAMILY})
    return Unitizing(
        **single, ku_alpha=_ranged(of.ku_alpha, "ku_alpha"), ku_coverage=_ranged(of.ku_coverage, "ku_coverage")
    )


def _bare_family(of: Unitizing) -> Unitizing:
    single = _bare({name: getattr(of, name) for name in FAMILY})
    return Unitizing(**single, ku_alpha=_bare(of.ku_alpha), ku_coverage=_bare(of.ku_coverage))


def _bare(measures: Mapping[str, Estimate]) -> dict[str, Estimate]:
    return {name: e if e.value is None else e.without_interval(FEW_NOTE) for name, e in measures.items()}


PAIR_ONLY = ("cohen_kappa", "scott_pi", "jaccard", "dice")
UNITIZING_ONLY = ("u_alpha",)
DECLARABLE = (*binary.MULTI, *PAIR_ONLY, *UNITIZING_ONLY)


def _headline(
    sample: Sample, results: Mapping[Unit, UnitResult], options: SampleOptions, asked: Sequence[Unit], measure: str
) -> Headline:
    plan = sample.plan
    declared = plan is not None
    name = measure or (plan.measure if plan else "krippendorff_alpha")
    if name not in DECLARABLE:
        raise PostilError(f"there is no measure {name!r}; measures are {', '.join(DECLARABLE)}.")
    unit: Unit = asked[0] if asked else (_unit(plan.unit) if plan and not plan.none else "turn")
    if unit not in results:
        unit = "char"
    result = results[unit]
    codes = _declared_codes(sample)
    departs = _departures(sample, options, unit, name)
    values = {code: headline_estimate(sample, result, name, code) for code in codes}
    pooled = result.pooled.get(name)
    if name == "cohen_kappa" and len(result.pooled_kappa) == 1:
        pooled = next(iter(result.pooled_kappa.values()))
    if len(codes) != len(sample.whole.codes) and name in binary.PARTS:
        places = [sample.whole.codes.index(code) for code in codes]
        of_codes = Tallies(result.sums.coders, result.sums.sums[:, places])
        pooled = _ranged(pooled_over_codes(of_codes, result.table, sample.interval))[name]
    reason, none = (plan.reason, plan.none) if plan else ("", "")
    at_least, below = (plan.at_least, plan.below) if plan and not departs else (None, "")
    return Headline(declared, name, unit, sample.speakers, reason, none, values, pooled, departs, at_least, below)


def _declared_codes(sample: Sample) -> tuple[str, ...]:
    plan, codes = sample.plan, sample.whole.codes
    if plan is None or not plan.codes:
        return codes
    book = sample.study.codebook
    below = {code for name in plan.codes if (top := book.resolve(name)) for code in book.subtree(top)}
    return tuple(code for code in codes if code in below) or codes


def _departures(sample: Sample, options: SampleOptions, unit: Unit, measure: str) -> tuple[str, ...]:
    """In what this run is not what was declared."""
    plan = sample.plan
    if plan is None or plan.none:
        return ()
    found = []
    for what, now, then in (
        ("measure", measure, plan.measure),
        ("unit", unit, plan.unit),
        ("speakers", sample.speakers, plan.speakers),
    ):
        if now != then:
            found.append(f"{what} {now} instead of {then}")
    everybody = frozenset(options.coders) == frozenset(sample.study.settings.coders)
    coders = () if everybody else options.coders
    for what, chosen in (("coders", coders), ("codes", options.codes), ("transcripts", options.transcripts)):
        if chosen:
            found.append(f"only {what} {', '.join(chosen)}")
    if options.roll_up != "codes" or options.level is not None:
        found.append("codes rolled up")
    if options.modes:
        found.append("modes told apart")
    return tuple(found)


def headline_estimate(sample: Sample, result: UnitResult, name: str, code: str) -> Estimate:
    """One code's value of a measure; of the only pair, or the mean over pairs, for measures of two coders."""
    of_code = result.codes[code]
    if name in of_code.multi:
        return of_code.multi[name]
    if name in PAIR_ONLY:
        by_pair = {pair: of.measures[name] for pair, of in of_code.pairs.items()}
        if len(by_pair) == 1:
            return next(iter(by_pair.values()))
        return presence.mean_of(by_pair).noted("mean over pairs of coders")
    return _ranged_family(unitizing_per_code(sample.characters)[code]).u_alpha
