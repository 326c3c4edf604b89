"""Two versions of a layer's file made one, as git asks for it: record by record, on the same text, nothing lost.

When one side corrected the transcript, the other side's records are first brought onto the corrected text: positions
mean nothing on another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from postil_base.problem import PostilError
from postil_study.anchoring.reanchor import reanchor
from postil_study.layers.file import LayerFile, encode_layer, read_layer_file
from postil_study.layers.record_merge import as_version
from postil_study.layers.values import Conflict, Deleted, State, from_states, merge_layers, states, with_states
from postil_study.text.values import Layer, Relation, Segment

TextOf = Callable[[str], str | None]  # the text of the transcript that has this sha256; None if nobody knows it


@dataclass(frozen=True)
class MergedLayer:
    """The merged file, the records both sides changed in different ways, and what a person should know."""

    data: bytes
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()


def merge_layer_data(base: bytes, mine: bytes, theirs: bytes, path: str, text_of: TextOf) -> MergedLayer:
    """Merge two versions of a layer's file that grew from ``base`` (empty: both made it)."""
    files = [read_layer_file(data, path) for data in (mine, theirs)]
    for file in files:
        if any(problem.rule == "format-version" for problem in file.problems):
            raise PostilError(f"{path} was written by a newer Postil on one side; update Postil and merge again.")
    old = read_layer_file(base, path).layer if base else _nothing(files[0].layer)
    old, here, there, notes = _on_one_text(old, files[0].layer, files[1].layer, text_of)
    merged, conflicts = merge_layers(old, here, there)
    known = {conflict.id for conflict in conflicts}
    conflicts = (*conflicts, *(one for one in _older(old, here, there) if one.id not in known))
    clashes = tuple(conflict for conflict in conflicts if not conflict.id.startswith("header."))
    merged = with_both_versions(merged, clashes)
    unread = dict.fromkeys([*files[0].unread, *files[1].unread])
    data = encode_layer(merged, replace(_lines_of(files, merged), unread=tuple(unread)))
    return MergedLayer(data, tuple(c for c in clashes if _alive(c)), (*notes, *_said(clashes)))


def _older(old: Layer, mine: Layer, theirs: Layer) -> Iterator[Conflict]:
    """Records of which one side has a version from before the common one: branches merged both ways, or a revert.

    It may not simply win over what was written later.
    """
    before, here, there = (states(layer) for layer in (old, mine, theirs))
    for id_, was in before.items():
        one, other = here.get(id_), there.get(id_)
        if one is None or other is None or isinstance(one, Deleted) or isinstance(other, Deleted):
            continue
        if min(one.at, other.at) < was.at <= max(one.at, other.at) and _words_of(one) != _words_of(other):
            yield Conflict(id_, one, other)


def _words_of(record: Segment | Relation) -> tuple[object, ...]:
    """What a person wrote of a record, apart from codes, which a renaming changes, too."""
    said = (record.memo, record.extra)
    return (*said, record.quote, record.unsure) if isinstance(record, Segment) else (*said, record.guard, record.mode)


def with_both_versions(layer: Layer, conflicts: tuple[Conflict, ...]) -> Layer:
    """Of records changed on both sides: mine under its id, theirs beside it, marked as its second version."""
    known = states(layer)
    kept: dict[str, State | None] = {}
    for conflict in conflicts:
        mine, *others = _versions(conflict)
        kept[conflict.id] = mine
        for other in others:
            second = as_version(other, {*known, *kept})
            kept[second.id] = second
    return with_states(layer, kept)


def _versions(conflict: Conflict) -> list[Any]:
    sides: tuple[Any, Any] = (conflict.mine, conflict.theirs)
    alive = [side for side in sides if isinstance(side, (Segment, Relation))]
    gone = [side for side in sides if isinstance(side, Deleted)]
    return alive or [max(gone, key=lambda side: side.at)]


def _alive(conflict: Conflict) -> bool:
    return len(_versions(conflict)) > 1


def _said(conflicts: tuple[Conflict, ...]) -> list[str]:
    """A record that one side deleted and the other one changed stays, and that is said."""
    return [f"{c.id} was removed on one side and changed on the other; it stays" for c in conflicts if not _alive(c)]


def _nothing(like: Layer) -> Layer:
    return from_states(replace(like.header, done="", round="", extra={}), (), like.path)


def _on_one_text(old: Layer, mine: Layer, theirs: Layer, text_of: TextOf) -> tuple[Layer, Layer, Layer, list[str]]:
    """All three layers on one text: the corrected one; where both corrected it, mine."""
    before, here, there = (layer.header.text_sha256 for layer in (old, mine, theirs))
    if here == there:
        return (old if before == here else _follow(old, here, text_of)[0]), mine, theirs, []
    goal = there if here == before else here
    moved = [_follow(layer, goal, text_of) for layer in (old, mine, theirs)]
    notes = [note for _, note in moved[1:] if note]
    return moved[0][0], moved[1][0], moved[2][0], notes


def _follow(layer: Layer, goal: str, text_of: TextOf) -> tuple[Layer, str]:
    """The layer on another text. What was not edited since keeps its time, so that it counts as unchanged."""
    if layer.header.text_sha256 == goal or not goal:
        return layer, ""
    new = text_of(goal)
    if new is None:
        return layer, "the corrected text is not in git yet, so codings may stand at wrong places; run postil merge"
    moved, report = reanchor(layer, text_of(layer.header.text_sha256), new)
    look = f"{len(report.warnings)} codings to be looked at on the corrected text" if report.warnings else ""
    return moved, look


def _lines_of(files: list[LayerFile], merged: Layer) -> LayerFile:
    """The file whose lines are kept where a record is the same: mine, with theirs for what it does not have."""
    mine, theirs = files
    lines = {**theirs.line_of, **mine.line_of}
    known = {**states(theirs.layer), **states(mine.layer)}
    data = b"\n".join([b"", *(lines[id_] for id_ in known if id_ in lines)])
    return LayerFile(from_states(merged.header, known.values(), merged.path), (), data)
