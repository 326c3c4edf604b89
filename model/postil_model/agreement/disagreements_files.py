"""Disagreements as rows, JSON and text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from postil_formats.tables.files import Cell, Table
from postil_model.agreement.disagreements import KINDS, Disagreement, UseOfCode
from postil_model.agreement.document import confusion_json, data_json, estimate_json
from postil_model.agreement.result import StudyAgreement
from postil_study.privacy.consent.copied_words import FreeWords, free_words
from postil_study.privacy.consent.purposes import WITHHELD, Consent, not_quoted
from postil_study.study import Study


def as_allowed(found: Sequence[Disagreement], study: Study) -> list[Disagreement]:
    """Passages as they may be written out: the words of people who must not be quoted are withheld."""
    held = held_transcripts(study, {each.transcript for each in found})
    free = free_words(study, not_quoted(study))
    return [_told(each, free) if each.transcript in held else each for each in found]


def held_transcripts(study: Study, transcripts: Collection[str]) -> frozenset[str]:
    """Those in which somebody speaks who must not be quoted; one that is in a frozen round alone may be anybody's."""
    consent = Consent(study)
    texts = study.transcripts
    kept = {id_ for id_ in transcripts if id_ in texts and consent.quotes(texts[id_], 0, len(texts[id_].text))}
    return frozenset(transcripts) - kept if consent.refused else frozenset()


def _told(each: Disagreement, free: FreeWords) -> Disagreement:
    """No words at all of a transcript in which such a person speaks: a copy of a round may have other positions."""

    def without(uses: tuple[UseOfCode, ...]) -> tuple[UseOfCode, ...]:
        return tuple(replace(use, quote=WITHHELD, memo=free.text(use.memo)) for use in uses)

    return replace(each, a=without(each.a), b=without(each.b), before="", after="")


def disagreements_json(result: StudyAgreement, found: Sequence[Disagreement]) -> dict[str, Any]:
    """What was compared, the codes worst first, the passages, and the confusion matrices."""
    return {
        "data": data_json(result),
        "codes": codes_json(result, found),
        "disagreements": [disagreement_json(each) for each in found],
        "confusion": [confusion_json(confusion) for confusion in result.confusions],
    }


def codes_json(result: StudyAgreement, found: Sequence[Disagreement]) -> list[dict[str, Any]]:
    """Per code, worst first: how many passages of each kind, and the declared measure."""
    counts: dict[str, Counter[str]] = {}
    for each in found:
        counts.setdefault(each.code, Counter())[each.kind] += 1
    return [
        {
            "code": code,
            "label": result.sample.labels[code],
            "passages": sum(kinds.values()),
            **{kind: kinds[kind] for kind in KINDS},
            **_measured(result, code),
        }
        for code, kinds in counts.items()
    ]


def _measured(result: StudyAgreement, code: str) -> dict[str, Any]:
    """The declared measure of a code; nothing in a study that reports no coefficient."""
    headline = result.headline
    if headline.none:
        return {}
    return {headline.measure: estimate_json(headline.codes[code]) if code in headline.codes else None}


def disagreement_json(each: Disagreement) -> dict[str, Any]:
    """One passage with both sides."""
    return {
        "transcript": each.transcript,
        "code": each.code,
        "kind": each.kind,
        "start": each.start,
        "end": each.end,
        "differs": each.differs,
        "speaker": each.speaker,
        "before": each.before,
        "after": each.after,
        "a": {"coder": each.coder_a, "segments": [use_json(use) for use in each.a]},
        "b": {"coder": each.coder_b, "segments": [use_json(use) for use in each.b]},
        "other_codes": list(each.other_codes),
        "settled": each.settled,
    }


def use_json(use: UseOfCode) -> dict[str, Any]:
    """One side's segment."""
    found: dict[str, Any] = {
        "id": use.segment,
        "code": use.code,
        "start": use.start,
        "end": use.end,
        "quote": use.quote,
    }
    return found | ({"memo": use.memo} if use.memo else {}) | ({"unsure": True} if use.unsure else {})


def disagreements_table(found: Sequence[Disagreement]) -> Table:
    """One row a passage, both quotes side by side."""
    headers = (
        "code",
        "kind",
        "transcript",
        "speaker",
        "coder a",
        "a: code",
        "a: quote",
        "coder b",
        "b: code",
        "b: quote",
    )
    rows: list[tuple[Cell, ...]] = [
        (
            each.code,
            each.kind,
            each.transcript,
            each.speaker,
            each.coder_a,
            ", ".join(dict.fromkeys(use.code for use in each.a)),
            _quotes(each.a),
            each.coder_b,
            ", ".join(dict.fromkeys(use.code for use in each.b)),
            _quotes(each.b),
            each.before,
            each.after,
            each.differs,
            each.start,
            each.end,
            "yes" if each.settled else "",
        )
        for each in found
    ]
    more = ("before", "after", "characters apart", "start", "end", "settled")
    return Table((*headers, *more), tuple(rows), "Disagreements")


def _quotes(uses: Sequence[UseOfCode]) -> str:
    return " … ".join(dict.fromkeys(use.quote for use in uses))


def summary_table(result: StudyAgreement, found: Sequence[Disagreement]) -> Table:
    """Per code, worst first: passages of each kind."""
    rows, none = [], result.headline.none
    for each in codes_json(result, found):
        estimate = result.headline.codes.get(each["code"])
        value: Cell = None if estimate is None else "undefined" if estimate.value is None else estimate.value
        measured = () if none else (value,)
        rows.append((each["code"], each["label"], *measured, *(each[kind] for kind in KINDS), each["passages"]))
    headers = ("code", "label", *(() if none else (result.headline.measure,)), *KINDS, "all")
    return Table(headers, tuple(rows), "Codes, worst first")
