"""The coders' work list: pairs that order or co-occurrence suggest and nobody related, and relations left unclear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from postil_model.evidence.edges import EdgeBook
from postil_model.evidence.hints import cooccur_rows, order_rows
from postil_model.evidence.rows import Row
from postil_model.graph import Model

_WHY = {
    "code": "the segment has several codes; say which one is meant",
    "guard": "several declared edges fit; give the relation a guard",
    "participant": "the two segments are not the words of one participant",
    "segment": "one of its segments does not exist",
    "unmapped": "no node of the process claims one of its codes",
    "same node": "both codes belong to one node",
    "unanchored": "the words of a segment or cue are gone from the transcript",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing to look at. ``hint`` is order, cooccur or unclear, ``participants`` how many people suggest it."""

    source: str
    target: str
    hint: str
    participant: str
    transcript: str
    turn: int
    segments: tuple[str, ...]
    start: int | None
    end: int | None
    participants: int
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """As plain values; turns are counted from 1, 0 is unknown."""
        return {
            "source": self.source,
            "target": self.target,
            "hint": self.hint,
            "participant": self.participant,
            "transcript": self.transcript,
            "turn": self.turn + 1,
            "segments": list(self.segments),
            "start": self.start,
            "end": self.end,
            "participants": self.participants,
            "why": self.why,
        }


def candidates(model: Model, min_participants: int = 1) -> list[Candidate]:
    """Pairs suggested for at least so many participants, without a relation of that participant; most people first.

    Order goes before co-occurrence: a pair that order suggests is not listed again for standing in one answer.
    """
    related = _related(model)
    book = EdgeBook(model.process)
    found: dict[tuple[str, frozenset[str]], Row] = {}
    pairs: dict[frozenset[str], set[str]] = {}
    for rows in (order_rows(model.evidence, book), cooccur_rows(model.evidence, book)):
        for row in rows:
            pair = frozenset(book.keys[row.object][:2])
            if row.kind == "guide-order" or row.mode != "affirm" or row.participant not in model.participants:
                continue
            if (row.participant, pair) not in related:
                found.setdefault((row.participant, pair), row)
                pairs.setdefault(pair, set()).add(row.participant)
    listed = [
        _from_row(row, book, len(pairs[pair]))
        for (_, pair), row in found.items()
        if len(pairs[pair]) >= min_participants
    ]
    listed.sort(key=lambda c: (-c.participants, c.hint != "order", c.source, c.target, c.participant, c.start or 0))
    return [*_unclear(model), *listed]


def _related(model: Model) -> set[tuple[str, frozenset[str]]]:
    found: set[tuple[str, frozenset[str]]] = set()
    for edge in model.edges.values():
        for row in model.evidence.by_object.get(edge.id, ()):
            found.add((row.participant, frozenset(edge.key[:2])))
    return found


def _from_row(row: Row, book: EdgeBook, participants: int) -> Candidate:
    key = book.keys[row.object]
    return Candidate(
        source=key.source,
        target=key.target,
        hint=row.kind,
        participant=row.participant,
        transcript=row.transcript,
        turn=row.turn,
        segments=row.segments,
        start=row.start,
        end=row.end,
        participants=participants,
    )


def _unclear(model: Model) -> Iterator[Candidate]:
    for item in model.evidence.unclear:
        if item.reason == "same node":
            continue  # nothing to do about it; it is counted under the figure
        transcript = model.evidence.transcripts.get(item.transcript)
        turn = transcript.turn_at(item.start) if transcript and item.start is not None else None
        yield Candidate(
            source=item.source,
            target=item.target,
            hint="unclear",
            participant=item.participant,
            transcript=item.transcript,
            turn=turn.index if turn else -1,
            segments=item.segments,
            start=item.start,
            end=item.end,
            participants=1,
            why=f"relation {item.relation}: {_WHY[item.reason]}",
        )
