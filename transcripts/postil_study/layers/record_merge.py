"""One record that two people changed: merged field by field where that is possible, kept in two versions where not."""

from __future__ import annotations

from collections.abc import Container, Mapping
from itertools import count
from typing import Any, TypeVar

import msgspec

from postil_study.text.values import Relation, Segment

Record = TypeVar("Record", Segment, Relation)
VERSION_OF = "x-version-of"  # stands in the second version of a record, until somebody has decided

# fields that say one thing together, and are therefore taken from one side together
_SEGMENT = (("start", "end", "quote", "unanchored"), ("memo",), ("unsure",))
_RELATION = (
    ("source", "source_code"),
    ("target", "target_code"),
    ("type",),
    ("guard",),
    ("cue", "unanchored"),
    ("memo",),
    ("mode",),
)
_NEWER = ("at", "checked")
_MISSING: Any = object()


def merged_record(before: Record, mine: Record, theirs: Record) -> Record | None:
    """The record with both sides' changes; None when both changed the same thing in different ways."""
    fields: dict[str, Any] = {name: max(getattr(mine, name), getattr(theirs, name)) for name in _NEWER[: _times(mine)]}
    fields["extra"] = _three_maps(before.extra, mine.extra, theirs.extra)
    if isinstance(before, Segment) and isinstance(mine, Segment) and isinstance(theirs, Segment):
        fields["codes"] = _codes(before, mine, theirs)
    for names in _SEGMENT if isinstance(mine, Segment) else _RELATION:
        values = _three(*(tuple(getattr(side, name) for name in names) for side in (before, mine, theirs)))
        fields.update(zip(names, values if values is not _MISSING else [_MISSING] * len(names), strict=True))
    return None if _MISSING in fields.values() else msgspec.structs.replace(mine, **fields)


def _times(record: Segment | Relation) -> int:
    return 2 if isinstance(record, Segment) else 1


def only_carried_along(before: Segment | Relation, after: Segment | Relation) -> bool:
    """Whether nobody edited the record itself: a renamed code changes it, but not the time of its last edit."""
    return before.at == after.at


def as_version(record: Segment | Relation, taken: Container[str]) -> Segment | Relation:
    """The record as a second (third …) version beside the first, which keeps the id."""
    first = version_of(record) or record.id
    id_ = next(name for number in count(2) if (name := f"{first}.{number}") not in taken)
    return msgspec.structs.replace(record, id=id_, extra={**record.extra, VERSION_OF: first})


def version_of(record: Segment | Relation) -> str:
    """The id of the record this is a second version of; empty for a record of its own."""
    found = record.extra.get(VERSION_OF, "")
    return found if isinstance(found, str) else ""


def _three(before: Any, mine: Any, theirs: Any) -> Any:
    if mine == theirs or theirs == before:
        return mine
    return theirs if mine == before else _MISSING


def _three_maps(before: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Any:
    merged = {}
    for key in dict.fromkeys([*mine, *theirs]):
        value = _three(*(side.get(key, None) for side in (before, mine, theirs)))
        if value is _MISSING:
            return _MISSING
        if value is not None:
            merged[key] = value
    return merged


def _codes(before: Segment, mine: Segment, theirs: Segment) -> Any:
    """Codes put on and taken off by either side; a code whose mode both changed is a conflict."""
    simple = _three(before.codes, mine.codes, theirs.codes)
    if simple is not _MISSING:
        return simple
    if before.at == mine.at == theirs.at:  # a code renamed on both sides, in different ways: ours stays, as in the book
        return mine.codes
    sides = [{use.code: use for use in side.uses} for side in (before, mine, theirs)]
    kept = {}
    for code in dict.fromkeys([*sides[0], *sorted({*sides[1], *sides[2]})]):
        use = _three(*(side.get(code) for side in sides))
        if use is _MISSING:
            return _MISSING
        if use is not None:
            kept[code] = use if use.mode != "affirm" else use.code
    return tuple(kept.values())
