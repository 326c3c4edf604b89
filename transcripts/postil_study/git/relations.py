"""Relations a merge left hanging: one side took the code or the segment away that the other side related."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from postil_base.clock import Clock, utc_now
from postil_study.files.codings import layer_path
from postil_study.layers.store import LayerStore
from postil_study.layers.values import Deleted, State, with_states
from postil_study.study import Study
from postil_study.text.values import Layer, Relation


@dataclass(frozen=True, slots=True)
class Hanging:
    """A relation that names a code its segment does not have."""

    path: str
    relation: Relation
    missing: tuple[tuple[str, str], ...]  # segment and code

    @property
    def said(self) -> str:
        """In words."""
        found = self.relation
        ends = " and ".join(f"{code} is not on segment {segment} any more" for segment, code in self.missing)
        return (
            f"relation {found.id} ({found.source_code} {found.type} {found.target_code}): {ends}; mine takes the "
            "relation out, theirs puts the code back on"
        )


def hanging_relations(study: Study) -> Iterator[Hanging]:
    """Relations to decide about: their segment is there, the code they name is not on it."""
    for layer in study.layers():
        for relation in layer.relations:
            missing = tuple(_missing(layer, relation))
            if missing and {relation.source, relation.target} <= layer.by_id.keys():
                yield Hanging(layer_path(layer.header.coder, layer.header.transcript), relation, missing)


def _missing(layer: Layer, relation: Relation) -> Iterator[tuple[str, str]]:
    for segment_id, code in ((relation.source, relation.source_code), (relation.target, relation.target_code)):
        segment = layer.by_id.get(segment_id)
        if segment is not None and code and code not in segment.code_ids:
            yield segment_id, code


def without_segment(layer: Layer) -> dict[str, State | None]:
    """Relations whose segment was deleted on the other side go with it, as they do where it was deleted."""
    gone: dict[str, State | None] = {}
    for relation in layer.relations:
        times = [layer.deleted[end] for end in (relation.source, relation.target) if end in layer.deleted]
        if times:
            gone[relation.id] = Deleted(relation.id, max(*times, relation.at))
    return gone


def settle_relation(study: Study, hanging: Hanging, put_back: bool, clock: Clock) -> None:
    """Put the codes back on, or take the relation out."""
    store, parts = LayerStore(study.root, study.codebook, clock), Path(hanging.path)
    layer = store.read(parts.parent.name, parts.stem)
    if layer is None:
        return
    now = utc_now(clock)
    changes: dict[str, State | None] = {}
    if put_back:
        for segment_id, code in hanging.missing:
            changed = changes.get(segment_id)
            segment = changed if changed is not None else layer.by_id[segment_id]
            assert not isinstance(segment, (Deleted, Relation))
            changes[segment_id] = msgspec.structs.replace(segment, codes=(*segment.codes, code), at=now)
    else:
        changes[hanging.relation.id] = Deleted(hanging.relation.id, now)
    store.save(layer, with_states(layer, changes))
