"""Layers as values: changing one record gives a new layer; two people's changes are merged record by record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import msgspec

from postil_base.problem import PostilError
from postil_study.layers.record_merge import as_version, merged_record, only_carried_along
from postil_study.text.values import Layer, LayerHeader, Relation, Segment

Record = Segment | Relation


@dataclass(frozen=True, slots=True)
class Deleted:
    """What stays of a deleted record, so that a colleague's branch cannot bring it back unseen."""

    id: str
    at: str = ""


State = Segment | Relation | Deleted


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record (or a field of the header, named ``header.done``) that two sides changed in different ways."""

    id: str
    mine: State | str | None
    theirs: State | str | None


def segment_order(segment: Segment) -> tuple[int, int, int, str]:
    """The place of a segment in its file: whole-transcript records first, then by start, longest first, id."""
    if segment.start is None or segment.end is None:
        return (0, 0, 0, segment.id)
    return (1, segment.start, -segment.end, segment.id)


def make_layer(
    header: LayerHeader,
    segments: Iterable[Segment] = (),
    relations: Iterable[Relation] = (),
    deleted: Mapping[str, str] | None = None,
    path: str = "",
) -> Layer:
    """A layer with its records in order: relations by the place of their segments, deleted records by id."""
    ordered = tuple(sorted(segments, key=segment_order))
    places = {segment.id: index for index, segment in enumerate(ordered)}
    last = len(ordered)

    def relation_order(relation: Relation) -> tuple[int, int, str]:
        return (places.get(relation.source, last), places.get(relation.target, last), relation.id)

    tombstones = dict(sorted((deleted or {}).items()))
    return Layer(header, ordered, tuple(sorted(relations, key=relation_order)), tombstones, path)


def states(layer: Layer) -> dict[str, State]:
    """Everything a layer knows of each record id, alive or deleted."""
    found: dict[str, State] = {id_: Deleted(id_, at) for id_, at in layer.deleted.items()}
    found.update((record.id, record) for record in records(layer))
    return found


def records(layer: Layer) -> Iterator[Record]:
    """All records that are alive: segments, then relations."""
    yield from layer.segments
    yield from layer.relations


def from_states(header: LayerHeader, found: Iterable[State], path: str = "") -> Layer:
    """The layer of these states: the inverse of `states`."""
    parts: dict[type[State], list[Any]] = {Segment: [], Relation: [], Deleted: []}
    for state in found:
        parts[type(state)].append(state)
    return make_layer(header, parts[Segment], parts[Relation], {d.id: d.at for d in parts[Deleted]}, path)


def with_states(layer: Layer, changes: Mapping[str, State | None]) -> Layer:
    """The layer with some records in another state; None forgets a record altogether."""
    found = states(layer)
    found.update((id_, state) for id_, state in changes.items() if state is not None)
    for id_ in [id_ for id_, state in changes.items() if state is None]:
        found.pop(id_, None)
    return from_states(layer.header, found.values(), layer.path)


def add_segment(layer: Layer, segment: Segment) -> Layer:
    """The layer with one segment more."""
    return _added(layer, segment)


def update_segment(layer: Layer, segment: Segment) -> Layer:
    """The layer with the segment of this id replaced."""
    return _updated(layer, segment)


def remove_segment(layer: Layer, segment_id: str, at: str) -> Layer:
    """The layer without a segment and without the relations that start or end on it; all leave their ids."""
    _alive(layer, segment_id)
    touching = [r.id for r in layer.relations if segment_id in (r.source, r.target)]
    return with_states(layer, {id_: Deleted(id_, at) for id_ in [segment_id, *touching]})


def add_relation(layer: Layer, relation: Relation) -> Layer:
    """The layer with one relation more; both its segments must be there."""
    for end in (relation.source, relation.target):
        if end not in layer.by_id:
            raise PostilError(f"relation {relation.id} needs segment {end}, which is not in this layer.")
    return _added(layer, relation)


def update_relation(layer: Layer, relation: Relation) -> Layer:
    """The layer with the relation of this id replaced."""
    return _updated(layer, relation)


def remove_relation(layer: Layer, relation_id: str, at: str) -> Layer:
    """The layer without a relation, which leaves its id."""
    _alive(layer, relation_id)
    return with_states(layer, {relation_id: Deleted(relation_id, at)})


def with_header(layer: Layer, **changes: Any) -> Layer:
    """The layer with fields of its header replaced (``done``, ``round``, ``codebook`` ...)."""
    return replace(layer, header=replace(layer.header, **changes))


def _added(layer: Layer, record: Record) -> Layer:
    if any(record.id == other.id for other in records(layer)):
        raise PostilError(f"record {record.id} is already in this layer; give the new one an id of its own.")
    return with_states(layer, {record.id: record})


def _updated(layer: Layer, record: Record) -> Layer:
    if not isinstance(_alive(layer, record.id), type(record)):
        raise PostilError(f"record {record.id} is of another kind; delete it and add a new one.")
    return with_states(layer, {record.id: record})


def _alive(layer: Layer, record_id: str) -> Record:
    for record in records(layer):
        if record.id == record_id:
            return record
    raise PostilError(f"record {record_id} is not in this layer any more; it may have been deleted meanwhile.")


def changes_between(before: Layer, after: Layer) -> dict[str, tuple[State | None, State | None]]:
    """What happened to each record between two versions of a layer: its state before and after."""
    old, new = states(before), states(after)
    ids = dict.fromkeys([*old, *new])
    return {id_: (old.get(id_), new.get(id_)) for id_ in ids if old.get(id_) != new.get(id_)}


def merge_layers(base: Layer, mine: Layer, theirs: Layer) -> tuple[Layer, tuple[Conflict, ...]]:
    """Merge two versions that grew from ``base``, by record id.

    A record that only one side changed is taken from that side; one that both changed in different fields gets both
    changes. One that both changed in the same field is a conflict; the merged layer then holds the newer of the two,
    and the caller decides whether that will do.
    """
    states_of = [states(layer) for layer in (base, mine, theirs)]
    conflicts: list[Conflict] = []
    merged: list[State] = []
    for id_ in dict.fromkeys(id_ for known in states_of for id_ in known):
        before, here, there = (known.get(id_) for known in states_of)
        state, clash = _merged_state(before, here, there)
        if clash:
            conflicts.append(Conflict(id_, here, there))
        if state is not None:
            merged.append(state)
    header, header_conflicts = merge_headers(base.header, mine.header, theirs.header)
    return from_states(header, merged, mine.path), (*header_conflicts, *conflicts)


def _merged_state(before: State | None, mine: State | None, theirs: State | None) -> tuple[State | None, bool]:
    state, clash = _three_way(before, mine, theirs, newest)
    if not clash or before is None or isinstance(before, Deleted) or mine is None or theirs is None:
        return state, clash
    for gone, alive in ((mine, theirs), (theirs, mine)):
        if isinstance(gone, Deleted) and not isinstance(alive, Deleted) and only_carried_along(before, alive):
            return gone, False
    if type(before) is type(mine) is type(theirs):
        merged = merged_record(before, mine, theirs)  # type: ignore[type-var]  # all of one type
        if merged is not None:
            return merged, False
    return state, clash


def _three_way(before: Any, mine: Any, theirs: Any, choose: Callable[[Any, Any], Any]) -> tuple[Any, bool]:
    if mine == theirs or theirs == before:
        return mine, False
    if mine == before:
        return theirs, False
    return choose(mine, theirs), True


def newest(one: State | None, other: State | None) -> State | None:
    """Which of two states of a record stands: the newer by ``at``; of equally old ones the one still alive.

    The answer does not depend on the order of the arguments.
    """
    return max(one, other, key=_standing)


def _standing(state: State | None) -> tuple[bool, str, bool, bytes]:
    if state is None:
        return (False, "", False, b"")
    return (True, state.at, not isinstance(state, Deleted), b"" if isinstance(state, Deleted) else encoded(state))


def encoded(record: Record) -> bytes:
    """A record as the bytes of its line."""
    if isinstance(record, Segment) and not record.extra:
        return msgspec.json.encode(record)
    plain: dict[str, Any] = msgspec.to_builtins(record)
    plain.pop("x-postil-extra", None)
    if isinstance(record, Relation):
        plain = {key: plain[key] for key in _RELATION_ORDER if key in plain}
    return msgspec.json.encode({**plain, **{k: v for k, v in record.extra.items() if k not in plain}})


_ENDS = ("from", "from_code", "to", "to_code")
_RELATION_ORDER = ("id", *_ENDS, "type", "guard", "cue", "memo", "mode", "at", "unanchored")


def merge_headers(base: LayerHeader, mine: LayerHeader, theirs: LayerHeader) -> tuple[LayerHeader, list[Conflict]]:
    """Merge two headers field by field. Where both changed ``done``, an open layer beats a finished one."""
    conflicts = []
    merged: dict[str, Any] = {}
    for field in fields(LayerHeader):
        here, there = getattr(mine, field.name), getattr(theirs, field.name)
        value, clash = _three_way(getattr(base, field.name), here, there, _header_value)
        if clash:
            conflicts.append(Conflict(f"header.{field.name}", here, there))
        merged[field.name] = value
    return LayerHeader(**merged), conflicts


def _header_value(mine: Any, theirs: Any) -> Any:
    if isinstance(mine, Mapping):
        return {**theirs, **mine}
    return "" if "" in (mine, theirs) else max(mine, theirs)


def keep_both(states_of_one_id: Iterable[State], taken: Iterable[str] = ()) -> list[State]:
    """Settle several states found for one id: the newest stands; equally new ones are all kept.

    The second of two that are kept gets the id with ``.2`` behind it, always the same, so that reading twice gives
    the same layer.
    """
    unique = sorted({_standing(state): state for state in states_of_one_id}.values(), key=_standing, reverse=True)
    first = unique[0]
    if isinstance(first, Deleted):
        return [first]
    equals = [s for s in unique if s.at == first.at and not isinstance(s, Deleted)]
    kept: dict[str, State] = {first.id: first}
    for state in equals[1:]:
        second = as_version(state, {*taken, *kept})
        kept[second.id] = second
    return list(kept.values())
