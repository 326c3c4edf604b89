"""Agreement as JSON: names and shapes of the known-answer cases, so that other programs can be held against it.

An undefined value is null, and its reason stands beside it: in the estimate's own ``undefined``, or, where values are
plain numbers, in a map ``undefined`` of the same object.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from postil_model.agreement.measures.code_measures import CodeResult, PairResult
from postil_model.agreement.measures.confusion import Confusion
from postil_model.agreement.measures.estimate import Estimate
from postil_model.agreement.measures.resample import errors_of
from postil_model.agreement.measures.unitizing import Unitizing
from postil_model.agreement.result import StudyAgreement, UnitResult
from postil_study.text.units import UNITS_VERSION

Json = dict[str, Any]


def estimate_json(estimate: Estimate) -> Json:
    """``{"value", "se", "ci95", "undefined"}``, with notes where there are any.

    >>> estimate_json(Estimate(0.5))
    {'value': 0.5, 'se': None, 'ci95': None, 'undefined': None}
    """
    found: Json = {
        "value": estimate.value,
        "se": estimate.se,
        "ci95": list(estimate.ci95) if estimate.ci95 else None,
        "undefined": estimate.undefined,
    }
    return found | ({"notes": list(estimate.notes)} if estimate.notes else {})


def estimates_json(estimates: Mapping[str, Estimate]) -> Json:
    """A mapping of estimates."""
    return {name: estimate_json(estimate) for name, estimate in estimates.items()}


def plain(estimates: Mapping[str, Estimate]) -> Json:
    """Plain numbers or null, with the reasons in ``undefined`` where there are any."""
    reasons = {name: estimate.undefined for name, estimate in estimates.items() if estimate.undefined}
    values: Json = {name: estimate.value for name, estimate in estimates.items()}
    return values | ({"undefined": reasons} if reasons else {})


def agreement_json(result: StudyAgreement) -> Json:
    """Everything, under the names of the known-answer cases."""
    characters = result.units["char"]
    return {
        "data": data_json(result),
        "headline": headline_json(result),
        "codes": {code: code_json(result, code) for code in result.codes},
        "pooled": {unit: estimates_json(of.pooled) for unit, of in result.units.items()},
        **{f"pooled_kappa_{unit}": plain(of.pooled_kappa) for unit, of in result.units.items()},
        "unitizing": unitizing_json(result.unitizing),
        "unitizing_groups": {name: unitizing_json(of) for name, of in result.unitizing_groups.items()},
        "multilabel_char": estimates_json(result.multilabel),
        **{name: plain(by_pair) for name, by_pair in result.presence.items()},
        **_means(result),
        "jackknife_docs_krippendorff_alpha_char": {
            code: _jackknife(of) for code, of in characters.codes.items() if len(of.left_out) > 1
        },
        "relations": {kind: estimates_json(by_pair) for kind, by_pair in result.relations.items()},
        "confusion": [confusion_json(confusion) for confusion in result.confusions],
        "transcripts": transcripts_json(result),
    }


def data_json(result: StudyAgreement) -> Json:
    """What was compared, and what not."""
    sample, round_ = result.sample, result.sample.round
    return {
        "source": sample.source,
        "reportable": round_ is not None,
        "round": round_.id if round_ else None,
        "purpose": round_.purpose if round_ else None,
        "blind": round_.blind if round_ else None,
        "coders": list(result.coders),
        "transcripts": {
            document: [coder for coder, seen in zip(result.coders, row, strict=True) if seen]
            for document, row in zip(sample.whole.documents, sample.whole.present.tolist(), strict=True)
        },
        "speakers": sample.speakers,
        "units": {unit: of.compared for unit, of in result.units.items()},
        "units_version": UNITS_VERSION,
        "interval": sample.interval,
        "notes": list(sample.notes),
    }


def headline_json(result: StudyAgreement) -> Json:
    """The declared measure with its values."""
    headline = result.headline
    return {
        "declared": headline.declared and not headline.none,
        "none": headline.none or None,
        "measure": headline.measure,
        "unit": headline.unit,
        "speakers": headline.speakers,
        "reason": headline.reason or None,
        "departs": list(headline.departs),
        "pooled": estimate_json(headline.pooled) if headline.pooled else None,
        "codes": estimates_json(headline.codes),
        "at_least": headline.at_least,
        "below": headline.below or None,
        "reaches": {code: headline.reaches(code) for code in headline.codes} if headline.at_least is not None else None,
    }


def code_json(result: StudyAgreement, code: str) -> Json:
    """One code on every unit, and its unitizing family."""
    units: Json = {unit: _unit_json(of.codes[code]) for unit, of in result.units.items()}
    return {
        "label": result.sample.labels[code],
        "segments": dict(result.applied[code]),
        **units,
        "unitizing": unitizing_json(result.unitizing_per_code[code], alone=True),
    }


def _unit_json(of: CodeResult) -> Json:
    multi = {name: estimate_json(estimate) for name, estimate in of.multi.items() if name != "light_kappa"}
    light = of.multi["light_kappa"]
    return {
        "multi": multi,
        "pairs": {name: pair_json(pair) for name, pair in of.pairs.items()},
        "light_kappa": light.value,
        **({"light_kappa_undefined": light.undefined} if light.undefined else {}),
        "coded": {coder: int(count) for coder, count in of.coded.items()},
        "coded_share": {coder: of.coded_share(coder) for coder in of.coded},
    }


def pair_json(pair: PairResult) -> Json:
    """Counts as whole numbers, measures as plain numbers, errors and intervals beside them."""
    counts: Json = {name: int(getattr(pair, name)) for name in ("n11", "n10", "n01", "n00")}
    return counts | plain(pair.measures) | _spread(pair.measures)


def _spread(estimates: Mapping[str, Estimate]) -> Json:
    """Errors and intervals of plain numbers, where there are any."""
    errors = {name: e.se for name, e in estimates.items() if e.se is not None}
    intervals = {name: list(e.ci95) for name, e in estimates.items() if e.ci95 is not None}
    return {"se": errors, "ci95": intervals} if errors else {}


def unitizing_json(of: Unitizing, alone: bool = False) -> Json:
    """The family as plain numbers; of one code alone only u-alpha says something of its own."""
    single = {"u_alpha": of.u_alpha, "bu_alpha": of.bu_alpha}
    if alone:
        return plain(single) | _spread(single)
    whole = single | {"cu_alpha": of.cu_alpha, "cu_coverage": of.cu_coverage}
    values = plain(whole) | _spread(whole)
    return values | {"ku_alpha": plain(of.ku_alpha), "ku_coverage": plain(of.ku_coverage)}


def _means(result: StudyAgreement) -> Json:
    from postil_model.agreement.measures.presence import mean_of

    means = {f"{name}_mean": mean_of(result.presence[name]) for name in ("exact_f1", "overlap_f1")}
    return plain(means)


def _jackknife(of: CodeResult) -> Json:
    left_out = [None if value != value else value for value in of.left_out.tolist()]
    error = float(errors_of(of.left_out))
    return {"leave_one_out": left_out, "se": None if error != error else error}


def confusion_json(confusion: Confusion) -> Json:
    """Only cells that hold text: ``{first's code: {second's code: characters}}``; "" is nothing."""
    names = [*confusion.codes, ""]
    cells = {
        row: {column: int(cell) for column, cell in zip(names, line, strict=True) if cell}
        for row, line in zip(names, confusion.lengths.tolist(), strict=True)
    }
    return {
        "first": confusion.first,
        "second": confusion.second,
        "characters": {row: line for row, line in cells.items() if line},
    }


def transcripts_json(result: StudyAgreement) -> Json:
    """Values per transcript, of each unit: pooled over codes, and of every code that somebody applied."""
    by_unit = {unit: (of.of_transcripts_pooled(), of.of_transcripts()) for unit, of in result.units.items()}
    names = [name for name, several in zip(*_documents(result.units["char"]), strict=True) if several]
    return {
        name: {
            unit: {"pooled": plain(pooled[name]), "codes": {c: plain(codes[name][c]) for c in result.used}}
            for unit, (pooled, codes) in by_unit.items()
        }
        for name in names
    }


def _documents(of: UnitResult) -> tuple[tuple[str, ...], list[bool]]:
    return of.table.documents, of.table.several.tolist()
