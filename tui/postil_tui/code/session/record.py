"""The records of one layer while they are worked on: changed one by one, whatever the size of the layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from postil_study.layers.values import Deleted, State
from postil_study.text.values import Layer, Relation, Segment
from postil_tui.text.spans import SpanIndex, span_of

Act = Literal["do", "undo", "redo", "outside"]


class RecordChange(msgspec.Struct, frozen=True):
    """What one action did: each record's state before and after, and how to say it."""

    states: Mapping[str, tuple[State | None, State | None]]
    said: str = ""
    act: Act = "do"

    def spans(self) -> list[tuple[int, int]]:
        """The words touched, before and after."""
        found = [span_of(state) for pair in self.states.values() for state in pair if isinstance(state, Segment)]
        return [span for span in found if span is not None]


class Records:
    """Segments and relations of a layer, by id and by place."""

    def __init__(self, layer: Layer) -> None:
        self.segments: dict[str, Segment] = {segment.id: segment for segment in layer.segments}
        self.relations: dict[str, Relation] = {relation.id: relation for relation in layer.relations}
        self.deleted: dict[str, Deleted] = {id_: Deleted(id_, at) for id_, at in layer.deleted.items()}
        self.index = SpanIndex(layer.segments)
        self._whole = {s.id: s for s in layer.segments if s.start is None or s.end is None}
        self._leaving: dict[str, set[str]] = {}
        self._arriving: dict[str, set[str]] = {}
        for relation in layer.relations:
            self._tie(relation)

    def state(self, record_id: str) -> State | None:
        """What is known of a record."""
        alive = self.segments.get(record_id) or self.relations.get(record_id)
        return alive if alive is not None else self.deleted.get(record_id)

    def put(self, record_id: str, state: State | None) -> None:
        """Bring a record into a state."""
        self._take_out(record_id)
        if isinstance(state, Segment):
            self.segments[record_id] = state
            self.index.add(state)
            if state.start is None or state.end is None:
                self._whole[record_id] = state
        elif isinstance(state, Relation):
            self.relations[record_id] = state
            self._tie(state)
        elif isinstance(state, Deleted):
            self.deleted[record_id] = state

    def _take_out(self, record_id: str) -> None:
        if self.segments.pop(record_id, None) is not None:
            self.index.remove(record_id)
            self._whole.pop(record_id, None)
        relation = self.relations.pop(record_id, None)
        if relation is not None:
            self._leaving.get(relation.source, set()).discard(record_id)
            self._arriving.get(relation.target, set()).discard(record_id)
        self.deleted.pop(record_id, None)

    def _tie(self, relation: Relation) -> None:
        self._leaving.setdefault(relation.source, set()).add(relation.id)
        self._arriving.setdefault(relation.target, set()).add(relation.id)

    def leaving(self, segment_id: str) -> list[Relation]:
        """Relations that start at a segment."""
        return [self.relations[id_] for id_ in sorted(self._leaving.get(segment_id, ()))]

    def arriving(self, segment_id: str) -> list[Relation]:
        """Relations that end at a segment."""
        return [self.relations[id_] for id_ in sorted(self._arriving.get(segment_id, ()))]

    def touching(self, segment_id: str) -> list[Relation]:
        """Relations that start or end at a segment."""
        ids = self._leaving.get(segment_id, set()) | self._arriving.get(segment_id, set())
        return [self.relations[id_] for id_ in sorted(ids)]

    def whole(self) -> list[Segment]:
        """Segments that code the whole transcript."""
        return list(self._whole.values())

    def unanchored(self) -> list[Segment]:
        """Segments whose words were not found again."""
        return [segment for segment in self.segments.values() if segment.unanchored]

    def in_order(self) -> Iterator[Segment]:
        """Segments by position, those of the whole transcript first."""
        return iter(sorted(self.segments.values(), key=lambda s: (s.start is not None, s.start or 0, -(s.end or 0))))
