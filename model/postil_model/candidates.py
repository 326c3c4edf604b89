"""The coders' work list: pairs that order or co-occurrence suggest and nobody related, and relations left unclear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from postil_model.evidence.hints import cooccur_pairs, order_pairs
from postil_model.evidence.rows import Kind, Row
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
    seen = _related(model)
    found: list[tuple[Row, Row, Kind]] = []
    people: dict[frozenset[str], set[str]] = {}
    wanted = frozenset(model.participants)
    for one, other, kind in chain(order_pairs(model.evidence), cooccur_pairs(model.evidence)):
        pair = frozenset((one.object, other.object))
        mark = one.participant, pair
        if mark in seen or kind == "guide-order" or one.mode != "affirm" or one.participant not in wanted:
            continue
        seen.add(mark)
        found.append((one, other, kind))
        people.setdefault(pair, set()).add(one.participant)
    counts = {pair: len(names) for pair, names in people.items()}
    listed = [
        _from_pair(one, other, kind, count)
        for one, other, kind in found
        if (count := counts[frozenset((one.object, other.object))]) >= min_participants
    ]
    listed.sort(key=lambda c: (-c.participants, c.hint != "order", c.source, c.target, c.participant, c.start or 0))
    return [*_unclear(model), *listed]


def _related(model: Model) -> set[tuple[str, frozenset[str]]]:
    found: set[tuple[str, frozenset[str]]] = set()
    for edge in model.edges.values():
        for row in model.evidence.by_object.get(edge.id, ()):
            found.add((row.participant, frozenset(edge.key[:2])))
    return found


def _from_pair(one: Row, other: Row, kind: Kind, participants: int) -> Candidate:
    places = one.parts + other.parts
    return Candidate(
        source=one.object,
        target=other.object,
        hint=kind,
        participant=one.participant,
        transcript=one.transcript,
        turn=one.turn,
        segments=tuple(dict.fromkeys(one.segments + other.segments)),
        start=min(start for start, _ in places),
        end=max(end for _, end in places),
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
