"""From coding layers to evidence rows (docs/file-formats.md, docs/methods.md).

* A coded segment is evidence for the node that claims its code, once for each participant who speaks in it.
* A relation is evidence for an edge: *stated* if its cue lies in the participant's words, else *inferred*.
* What does not become evidence is listed with its reason, never dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from postil_model.evidence.edges import EdgeBook
from postil_model.evidence.guide import Guide, GuideMarks
from postil_model.evidence.passages import EVERY_TURN, Passages
from postil_model.evidence.relation_modes import Meant, meant, mode_of
from postil_model.evidence.rows import (
    EdgeKey,
    Elicited,
    Evidence,
    EvidenceRow,
    Interview,
    Kind,
    Span,
    Unclear,
    UnclearReason,
)
from postil_model.evidence.speaker_index import SpeakerIndex
from postil_study.text.values import Layer, Relation, Segment


@dataclass(frozen=True, slots=True)
class CodingContext:
    """What codings are read against: which node and item claims a code, the declared edges, the guide."""

    node_of: Mapping[str, str] = field(default_factory=dict)
    item_of: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    edges: EdgeBook = field(default_factory=lambda: EdgeBook(None))
    guide: Guide = field(default_factory=Guide)
    nodes: tuple[str, ...] = ()
    unclaimed: tuple[str, ...] = ()


def gather(
    interviews: Iterable[Interview], frame: CodingContext, order: Iterable[str] = (), missing: Iterable[str] = ()
) -> Evidence:
    """Build the evidence table. ``order`` is that of participants in strips and lists, ``missing`` is what is open."""
    collector = _Collector(frame)
    coded = list(interviews)
    for interview in coded:
        collector.read(interview)
    by_object = collector.by_object()
    unmapped = _unmapped(by_object.pop("", ()))
    passages = collector.passages
    seen = dict.fromkeys(p for interview in coded for p in interview.transcript.participants)
    ordered = [p for p in order if p in seen]
    return Evidence(
        rows=collector.rows,
        by_object=by_object,
        sums=passages.sums.of,
        participants=tuple(dict.fromkeys([*ordered, *seen])),
        transcripts={interview.transcript.id: interview.transcript for interview in coded},
        coders=tuple(sorted({layer.header.coder for interview in coded for layer in interview.layers})),
        coders_of=_coders_of(coded),
        unclear=tuple(collector.unclear),
        unmapped=unmapped,
        unclaimed=tuple(dict.fromkeys([*frame.unclaimed, *unmapped])),
        missing=tuple(missing),
        outside=passages.outside,
        unanchored=passages.unanchored,
        asked=_asked(coded),
        names=frame.guide.naming,
        guide=tuple(question.id for question in frame.guide.questions),
        order_questions=frame.guide.order_questions,
        marks={interview.transcript.id: GuideMarks(interview.guide).spans for interview in coded if interview.guide},
        nodes=frame.nodes,
    )


def _asked(interviews: Iterable[Interview]) -> dict[str, frozenset[str]]:
    """Questions asked of each participant; a participant with an unmarked interview is left out: unknown."""
    asked: dict[str, set[str]] = {}
    unknown: set[str] = set()
    for interview in interviews:
        marks = GuideMarks(interview.guide)
        for participant in interview.transcript.participants:
            asked.setdefault(participant, set()).update(marks.questions)
            if not marks.marked:
                unknown.add(participant)
    return {participant: frozenset(found) for participant, found in asked.items() if participant not in unknown}


def _coders_of(interviews: Iterable[Interview]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for interview in interviews:
        for participant in interview.transcript.participants:
            found.setdefault(participant, set()).update(layer.header.coder for layer in interview.layers)
    return {participant: frozenset(coders) for participant, coders in found.items()}


def _unmapped(rows: Iterable[EvidenceRow]) -> dict[str, int]:
    """Codes that no node claims, with the number of segments that have them."""
    return dict(sorted(Counter(code for code, _ in {(row.code, row.segments) for row in rows}).items()))


class _Collector:
    def __init__(self, frame: CodingContext) -> None:
        self.frame = frame
        self.passages = Passages(frame.node_of, frame.item_of, frame.guide)
        self.rows: list[EvidenceRow] = []
        self.unclear: list[Unclear] = []

    def read(self, interview: Interview) -> None:
        voices = SpeakerIndex(interview.transcript)
        marks = GuideMarks(interview.guide)
        for layer in interview.layers:
            self.rows += self.passages.read(layer, voices, marks)
            reader = _Relations(self.frame, layer, voices, marks)
            for relation in layer.relations:
                for found in reader.read(relation):
                    if isinstance(found, Unclear):
                        self.unclear.append(found)
                    else:
                        self.rows.append(found)

    def by_object(self) -> dict[str, list[EvidenceRow]]:
        """The rows of each node and edge; under an empty name those of codes that no node claims."""
        found: dict[str, list[EvidenceRow]] = {}
        for row in self.rows:
            if row.object in found:
                found[row.object].append(row)
            else:
                found[row.object] = [row]
        return found


class _Relations:
    """Reads the relations of one layer."""

    def __init__(self, frame: CodingContext, layer: Layer, voices: SpeakerIndex, marks: GuideMarks) -> None:
        self.frame, self.layer, self.voices, self.marks = frame, layer, voices, marks
        self.segments = layer.by_id if layer.relations else {}

    def read(self, relation: Relation) -> Sequence[EvidenceRow | Unclear]:
        """Rows of evidence; where there are none, or none that supports anything, the reason."""
        first, second = self.segments.get(relation.source), self.segments.get(relation.target)
        if first is None or second is None:
            return self._unclear(relation, "segment")
        if relation.unanchored or first.unanchored or second.unanchored:
            return self._unclear(relation, "unanchored")
        return self._between(relation, first, second)

    def _between(self, relation: Relation, first: Segment, second: Segment) -> Sequence[EvidenceRow | Unclear]:
        codes = meant(relation.source_code, first), meant(relation.target_code, second)
        if not (codes[0] and codes[1]):
            return self._unclear(relation, "code", first, second)
        source, target = self.frame.node_of.get(codes[0], ""), self.frame.node_of.get(codes[1], "")
        if not source or not target:
            return self._unclear(relation, "unmapped", first, second, *codes)
        key = self._key(relation, source, target)
        if key is None:
            return self._unclear(relation, "guard", first, second, source, target)
        if source == target and key not in self.frame.edges.declared:
            return self._unclear(relation, "same node", first, second, source, target)
        starts, ends = self.voices.of(first), self.voices.of(second)
        both = [(participant, a + b) for participant, a in starts for other, b in ends if participant == other]
        if not both:
            return self._unclear(relation, "participant", first, second, source, target)
        how = mode_of(relation, first, second)
        rows = [self._row(relation, how, key, codes, (first, second), p, spans) for p, spans in both]
        return [*rows, *self._unclear(relation, "mode", first, second, source, target)] if how.of_end else rows

    def _key(self, relation: Relation, source: str, target: str) -> EdgeKey | None:
        if relation.type == "excludes":
            return self.frame.edges.denied(source, target, relation.guard)
        return self.frame.edges.resolve(source, target, relation.type, relation.guard)

    def _row(
        self,
        relation: Relation,
        how: Meant,
        key: EdgeKey,
        codes: tuple[str, str],
        ends: tuple[Segment, Segment],
        participant: str,
        spans: tuple[Span, ...],
    ) -> EvidenceRow:
        first, second = ends
        question = self.marks.question(first.start)
        # by position: naming the fields would cost half as much again
        return EvidenceRow(
            self.frame.edges.id(key), "edge", self._kind(relation, participant), participant,
            (first.id,) if first is second else (first.id, second.id), codes[0], "", how.mode,
            self.layer.header.coder, self.layer.header.transcript,
            EVERY_TURN if first.start is None else self.voices.turn_index(first.start), union(spans),
            question, self._elicited(question, codes), first.unsure or second.unsure, relation.memo,
            codes[1], key.guard, relation.cue, how.of_end,
        )  # fmt: skip

    def _elicited(self, question: str, codes: tuple[str, str]) -> Elicited:
        """A relation is prompted as soon as the question named one of its ends."""
        if not self.marks.marked:
            return "unknown"
        named = self.frame.guide.named_codes.get(question, ())
        return "prompted" if any(code in named for code in codes) else "spontaneous"

    def _kind(self, relation: Relation, participant: str) -> Kind:
        if relation.cue is None:
            return "inferred"
        speakers = self.voices.parts(*relation.cue)
        return "stated" if any(speaker == participant for speaker, _ in speakers) else "inferred"

    def _unclear(
        self,
        relation: Relation,
        reason: UnclearReason,
        first: Segment | None = None,
        second: Segment | None = None,
        source: str = "",
        target: str = "",
    ) -> list[Unclear]:
        segments = [segment for segment in (first, second) if segment]
        places = [span for s in segments for _, spans in self.voices.of(s) for span in spans]
        speakers = [participant for s in segments for participant, _ in self.voices.of(s)]
        return [
            Unclear(
                relation=relation.id,
                transcript=self.layer.header.transcript,
                coder=self.layer.header.coder,
                reason=reason,
                source=source,
                target=target,
                participant=speakers[0] if speakers else "",
                segments=tuple(dict.fromkeys(s.id for s in segments)) or (relation.source, relation.target),
                start=min((start for start, _ in places), default=None),
                end=max((end for _, end in places), default=None),
            )
        ]


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Overlapping spans as one, in order.

    >>> union([(5, 9), (0, 3), (2, 4)])
    ((0, 4), (5, 9))
    """
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
