"""Marks of the guide as values: which passage answers which question. Each change gives a new layer.

A mark is a segment of the layer ``codings/_guide/<transcript>.jsonl`` whose code is the question. It starts with the
answer, not with the question, and runs to the last answer before the interviewer turns to another question. While
somebody is still looking through a transcript, the header says ``"open": true``: then what is not marked is unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from postil_base.ids import new_id
from postil_base.problem import PostilError
from postil_study.anchoring.guide_match import answer_after, question_turn
from postil_study.layers.values import Deleted, State, with_header, with_states
from postil_study.text.values import Layer, Segment, Transcript

OPEN = "open"


def is_open(layer: Layer | None) -> bool:
    """Whether it is not known yet what else was asked: no marks, or not looked through."""
    return layer is None or bool(layer.header.extra.get(OPEN))


def with_open(layer: Layer, still: bool) -> Layer:
    """The layer as not looked through yet, or as looked through."""
    extra = {key: value for key, value in layer.header.extra.items() if key != OPEN}
    return with_header(layer, extra={**extra, OPEN: True} if still else extra)


def starts(transcript: Transcript, layer: Layer | None) -> dict[int, Segment]:
    """The marks by the interviewer's turn that each answers; marks before any question stand under turn -1."""
    found: dict[int, Segment] = {}
    for segment in layer.segments if layer else ():
        if segment.start is not None and segment.codes and not segment.unanchored:
            turn = question_turn(transcript, segment.start)
            found.setdefault(-1 if turn is None else turn, segment)
    return found


def questions_asked(layer: Layer | None) -> frozenset[str]:
    """The questions that have a mark."""
    return frozenset(question for segment in (layer.segments if layer else ()) for question in segment.code_ids)


def mark(transcript: Transcript, layer: Layer, chosen: Mapping[int, str], others: Collection[int], at: str) -> Layer:
    """Say which questions the turns of ``chosen`` ask. ``others`` are turns at which another question begins anyway.

    A turn that has a mark already keeps it, under its new question. A mark in which a chosen turn lies ends before it.
    """
    there = starts(transcript, layer)
    breaks = sorted({*there, *others, *chosen})
    for turn, question in sorted(chosen.items()):
        known = there.get(turn)
        if known is not None:
            layer = _put(layer, msgspec.structs.replace(known, codes=(question,), at=at))
            continue
        until = next((other for other in breaks if other > turn), None)
        span = answer_after(transcript, turn, until)
        if span is None:
            raise PostilError(f"nobody answers turn {turn + 1}, so there is no passage to mark.")
        layer = _cut(transcript, layer, turn, span[0], at)
        layer = _put(layer, _segment(transcript, layer, span, question, at))
    return layer


def unmark(layer: Layer, segment_id: str, at: str) -> Layer:
    """Take a mark out; the passage then answers no question of the guide."""
    return with_states(layer, {segment_id: Deleted(segment_id, at)})


def join(transcript: Transcript, layer: Layer, turn: int, at: str) -> Layer:
    """Let the passage after a turn belong to the question before it: the turn only followed up."""
    there = starts(transcript, layer)
    before = max((other for other in there if other < turn), default=None)
    if before is None:
        raise PostilError("there is no question above that this could belong to.")
    here, above = there.get(turn), there[before]
    until = next((other for other in sorted(there) if other > turn), None)
    span = (here.start, here.end) if here else answer_after(transcript, turn, until)
    end = max(above.end or 0, (span[1] if span else 0) or 0)
    quote = transcript.text[above.start or 0 : end]
    changes: dict[str, State | None] = {above.id: msgspec.structs.replace(above, end=end, quote=quote, at=at)}
    if here is not None:
        changes[here.id] = Deleted(here.id, at)
    return with_states(layer, changes)


def _put(layer: Layer, segment: Segment) -> Layer:
    return with_states(layer, {segment.id: segment})


def _segment(transcript: Transcript, layer: Layer, span: tuple[int, int], question: str, at: str) -> Segment:
    taken = {*layer.by_id, *layer.deleted}
    return Segment(new_id(taken), span[0], span[1], (question,), quote=transcript.text[span[0] : span[1]], at=at)


def _cut(transcript: Transcript, layer: Layer, turn: int, start: int, at: str) -> Layer:
    """Let marks that run over a turn end with the last answer before it."""
    changes: dict[str, State | None] = {}
    for other in layer.segments:
        if other.start is None or other.end is None or not other.start < start < other.end:
            continue
        first = transcript.turn_at(other.start)
        kept = answer_after(transcript, first.index - 1 if first else -1, turn)
        if kept is not None and kept[1] > other.start:
            quote = transcript.text[other.start : kept[1]]
            changes[other.id] = msgspec.structs.replace(other, end=kept[1], quote=quote, at=at)
    return with_states(layer, changes) if changes else layer
