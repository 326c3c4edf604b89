"""What became of each question of the guide: asked, not asked, unknown; its topics: prompted, spontaneous, silent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from postil_codebook.values import Codebook
from postil_study.files.guide_marks import is_open, questions_asked
from postil_study.text.values import GuideQuestion, Layer, Segment

Asked = Literal["asked", "not asked", "unknown"]
Topic = Literal["prompted", "spontaneous", "silent", "not asked", "unknown", "said"]


def asked(question: str, marks: Layer | None) -> Asked:
    """Whether a question was asked in a transcript. Without marks, or before they are looked through, nobody knows."""
    if question in questions_asked(marks):
        return "asked"
    return "unknown" if is_open(marks) else "not asked"


def topics(
    question: GuideQuestion,
    guide: Iterable[GuideQuestion],
    marks: Layer | None,
    coding: Layer | None,
    codebook: Codebook,
) -> list[tuple[str, Topic]]:
    """For each code the question names, how it came up: *said* means coded, but unknown whether prompted."""
    known = [codebook.resolve(name) for name in question.names]
    guide = list(guide)
    return [(code, _topic(code, question, guide, marks, coding, codebook)) for code in known if code]


def _topic(
    code: str,
    question: GuideQuestion,
    guide: list[GuideQuestion],
    marks: Layer | None,
    coding: Layer | None,
    codebook: Codebook,
) -> Topic:
    said = list(_said(code, coding, codebook))
    naming = {q.id for q in guide if code in {codebook.resolve(name) for name in q.names}}
    inside = [_in_answer(segment, naming, marks) for segment in said]
    if any(inside):
        return "prompted"
    state = asked(question.id, marks)
    if state == "unknown":
        return "said" if said else "unknown"
    if said:
        return "spontaneous"
    return "silent" if state == "asked" else "not asked"


def _said(code: str, coding: Layer | None, codebook: Codebook) -> Iterator[Segment]:
    below = set(codebook.subtree(code))
    for segment in coding.segments if coding else ():
        if not below.isdisjoint(segment.code_ids):
            yield segment


def _in_answer(segment: Segment, naming: set[str], marks: Layer | None) -> bool:
    if segment.start is None or segment.end is None:
        return False
    return any(
        mark.start is not None
        and mark.end is not None
        and mark.start < segment.end
        and segment.start < mark.end
        and not naming.isdisjoint(mark.code_ids)
        for mark in (marks.segments if marks else ())
    )
