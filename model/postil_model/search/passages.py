"""Hits as a person reads them: the words, who says them where, what was asked, and what stands around."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from postil_model.search.corpus import Corpus, GuideMark, participants_in
from postil_model.search.hits import Hit
from postil_study.study import Study
from postil_study.text.values import Layer, Transcript, Turn


@dataclass(frozen=True, slots=True)
class Passage:
    """A found passage in its place. ``turn`` counts from 1; ``asked`` is the interviewer's turn before it."""

    transcript: str
    start: int
    end: int
    turn: int
    speaker: str
    participants: tuple[str, ...]
    text: str
    before: str
    after: str
    asked: str
    codes: tuple[str, ...]
    coders: tuple[str, ...]
    segments: tuple[str, ...]


def corpus_of(
    study: Study, coders: Sequence[str] = (), record_only: bool = False, hidden: Collection[tuple[str, str]] = ()
) -> Corpus:
    """What of a study is searched: all coders' layers, those of some, or the coding of record alone.

    ``hidden`` are coder and transcript of layers that the person who asks must not see (see ``blind``).
    """
    layers = _layers(study, coders, record_only)
    return Corpus(
        study.transcripts,
        tuple(layer for layer in layers if (layer.header.coder, layer.header.transcript) not in hidden),
        study.codebook,
        study.settings.participants,
        {name: _marks(study.guide_layer(name)) for name in study.transcripts},
    )


def _layers(study: Study, coders: Sequence[str], record_only: bool) -> Iterable[Layer]:
    if record_only:
        found = (study.record_layer(name) for name in study.transcripts)
        return (layer for layer in found if layer is not None)
    wanted = set(coders)
    return (
        layer
        for layer in study.layers()
        if layer.header.kind in ("coder", "consensus") and (not wanted or layer.header.coder in wanted)
    )


def _marks(layer: Layer | None) -> tuple[GuideMark, ...]:
    if layer is None:
        return ()
    return tuple(
        GuideMark(segment.start, segment.end, question)
        for segment in layer.segments
        if segment.start is not None and segment.end is not None
        for question in segment.code_ids
    )


def passage(hit: Hit, corpus: Corpus, context: int = 0) -> Passage:
    """Set a hit in its place, with ``context`` characters on either side, widened to whole words."""
    transcript = corpus.transcripts[hit.transcript]  # looked up once: there may be millions of hits
    turns = list(transcript.turns_over(hit.start, hit.end))
    turn = turns[0] if turns else transcript.turn_at(hit.start)
    before, after = _beside(transcript, turns, hit.start, hit.end, context)
    text = transcript.text
    return Passage(
        hit.transcript,
        hit.start,
        hit.end,
        turn.index + 1 if turn else 0,
        turn.label if turn else "",
        tuple(participants_in(transcript, turns)),
        text[hit.start : hit.end],
        before,
        after,
        asked(transcript, turn),
        hit.codes,
        hit.coders,
        tuple(dict.fromkeys(use.segment.id for use in hit.uses)),
    )


def around(transcript: Transcript, start: int, end: int, context: int) -> tuple[str, str]:
    """So many characters on either side, within the turns and widened to whole words."""
    return _beside(transcript, list(transcript.turns_over(start, end)), start, end, context)


def _beside(transcript: Transcript, turns: Sequence[Turn], start: int, end: int, context: int) -> tuple[str, str]:
    if not context or not turns:
        return "", ""
    text = transcript.text
    first = _word_start(text, start - context, min(turns[0].start, start))
    return text[first:start], text[end : _word_end(text, end + context, max(turns[-1].end, end))]


def asked(transcript: Transcript, turn: Turn | None) -> str:
    """The interviewer's turn that a participant's turn answers; empty for turns of others and at the start."""
    if turn is None or transcript.speaker(turn).role != "participant":
        return ""
    before = transcript.question_before(turn)
    return transcript.text[before.start : before.end] if before is not None else ""


def _word_start(text: str, position: int, low: int) -> int:
    position = max(position, low)
    while position > low and not text[position - 1].isspace():
        position -= 1
    return position


def _word_end(text: str, position: int, high: int) -> int:
    position = min(position, high)
    while position < high and not text[position].isspace():
        position += 1
    return position
