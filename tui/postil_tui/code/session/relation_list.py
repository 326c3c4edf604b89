"""The relations of a layer as a list: in the order of the text, each with what it joins and the words that say so."""

from __future__ import annotations

import msgspec

from postil_model.evidence.relation_modes import Meant, mode_of
from postil_study.text.values import Relation, Segment, Transcript
from postil_tui.code.session.labels import MODE_WORDS, RELATION_SIGNS, RELATION_WORDS
from postil_tui.code.session.record import Records
from postil_tui.text.cells import shown


class RelationEntry(msgspec.Struct, frozen=True):
    """One relation, ready to be shown. ``place`` is where to look at it, None for one on the whole transcript."""

    id: str
    turn: int
    source: str
    sign: str
    target: str
    condition: str
    said: str
    stated: bool
    place: int | None


def entries(transcript: Transcript, records: Records) -> list[RelationEntry]:
    """All relations, by where they start."""
    found = [_entry(transcript, records, relation) for relation in records.relations.values()]
    return sorted(found, key=lambda entry: (entry.place if entry.place is not None else -1, entry.id))


def _entry(transcript: Transcript, records: Records, relation: Relation) -> RelationEntry:
    source, target = records.segments.get(relation.source), records.segments.get(relation.target)
    place = source.start if source is not None else None
    turn = transcript.turn_at(place) if place is not None else None
    how = mode_of(relation, source, target)
    return RelationEntry(
        relation.id,
        turn.index + 1 if turn else 0,
        _end(relation.source_code, source),
        f"{RELATION_SIGNS[relation.type]} {RELATION_WORDS[relation.type]}",
        _end(relation.target_code, target),
        shown(relation.guard),
        _said(transcript, relation, how),
        relation.cue is not None,
        place,
    )


def _end(code: str, segment: Segment | None) -> str:
    """The code at one end; where nobody said which, all that it could be."""
    if code:
        return shown(code)
    return f"{'/'.join(map(shown, segment.code_ids))}?" if segment and segment.codes else "?"


def _said(transcript: Transcript, relation: Relation, how: Meant) -> str:
    """Whether it is stated, and how it is meant where that is not what one would think of the words alone."""
    mode = f"{MODE_WORDS[relation.mode]}, " if relation.mode else ""
    if how.of_end:
        mode = f"supports nothing (d): a passage is {MODE_WORDS[how.mode]}, "
    if relation.cue is None:
        return f"{mode}inferred"
    words = " ".join(transcript.text[slice(*relation.cue)].split())
    return f"{mode}stated: “{shown(words)}”"
