"""The coders' work list: pairs that order or co-occurrence suggest and nobody related, and relations left unclear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from postil_model.decision.model import Model
from postil_model.evidence.hints import cooccur_pairs, order_pairs
from postil_model.evidence.rows import EvidenceRow, Kind

_WHY = {
    "code": "the segment has several codes; say which one is meant",
    "guard": "several declared edges fit; give the relation a guard",
    "participant": "the two segments are not the words of one participant",
    "segment": "one of its segments does not exist",
    "unmapped": "no node of the process claims one of its codes",
    "same node": "both codes belong to one node, and the process declares no such loop there; declare it to count it",
    "unanchored": "the words of a segment or cue are gone from the transcript",
    "mode": "one of its passages is not affirmed, so it supports nothing; if the speaker affirms the relation all the "
    "same, give the relation itself the mode affirm",
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


@dataclass(frozen=True)
class WorkList:
    """The first candidates, and how many there are."""

    first: list[Candidate]
    total: int


Suggestion = tuple[EvidenceRow, EvidenceRow, Kind]


def candidates(model: Model, min_participants: int = 1) -> list[Candidate]:
    """The whole work list; see `work_list`."""
    return work_list(model, min_participants).first


def work_list(model: Model, min_participants: int = 1, most: int = 0) -> WorkList:
    """Pairs suggested for at least so many participants, without a relation of that participant; most people first.

    Order goes before co-occurrence: a pair that order suggests is not listed again for standing in one answer.
    ``most``: so many items (0: all); the rest is counted only, for a large study suggests more than anybody can read.
    """
    unclear = list(_unclear(model))
    pairs = [pair for pair in suggested(model).values() if len(pair) >= min_participants]
    pairs.sort(key=lambda pair: (-len(pair), _places(pair[0])))
    listed: list[Candidate] = []
    for number, pair in enumerate(pairs):
        if most and len(unclear) + len(listed) >= most and len(pair) < len(pairs[number - 1]):
            break
        listed += [_from_pair(*suggestion, len(pair)) for suggestion in pair]
    listed.sort(key=lambda c: (-c.participants, c.hint != "order", c.source, c.target, c.participant, c.start or 0))
    found = [*unclear, *listed]
    return WorkList(found[:most] if most else found, len(unclear) + sum(map(len, pairs)))


def _places(suggestion: Suggestion) -> list[str]:
    return sorted((suggestion[0].object, suggestion[1].object))


def suggested(model: Model) -> dict[tuple[str, str], list[Suggestion]]:
    """For each pair of nodes what suggests it, once for each participant who has not related it; order goes first."""
    done = _related(model)
    found: dict[tuple[str, str], list[Suggestion]] = {}
    for suggestion in chain(order_pairs(model.evidence), cooccur_pairs(model.evidence)):
        one, other, kind = suggestion
        its = done.get(one.participant)
        pair = (one.object, other.object) if one.object < other.object else (other.object, one.object)
        if its is None or pair in its or kind == "guide-order" or one.mode != "affirm":
            continue
        its.add(pair)
        if pair in found:
            found[pair].append(suggestion)
        else:
            found[pair] = [suggestion]
    return found


def _related(model: Model) -> dict[str, set[tuple[str, str]]]:
    """Pairs of nodes that each participant relates, as far as the model's participants go."""
    found: dict[str, set[tuple[str, str]]] = {participant: set() for participant in model.participants}
    for edge in model.edges.values():
        source, target = edge.key[:2]
        pair = (source, target) if source < target else (target, source)
        for row in model.evidence.by_object.get(edge.id, ()):
            if row.participant in found:
                found[row.participant].add(pair)
    return found


def _from_pair(one: EvidenceRow, other: EvidenceRow, kind: Kind, participants: int) -> Candidate:
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
