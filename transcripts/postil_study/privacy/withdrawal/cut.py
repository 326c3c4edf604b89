"""One layer without some passages of its text: what lies in them goes, what reaches into them shrinks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from postil_base.problem import PostilError
from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.layers.values import make_layer, records
from postil_study.privacy.pseudonyms.edits import Edits
from postil_study.privacy.pseudonyms.layer_names import TextChange
from postil_study.text.values import Layer, Relation, Segment


def layer_without(data: bytes, path: str, change: TextChange, at: str) -> tuple[bytes, set[str]]:
    """The layer on the shorter text, and the ids of the records that are gone; they stay noted as deleted."""
    file = read_layer_file(data, path)
    if file.problems:
        raise PostilError(f"{file.problems[0]} Repair the layer first; nothing was written.")
    layer = file.layer
    if layer.header.text_sha256 not in ("", change.old_sha):
        raise PostilError(f"{path} was made on another text; run postil reanchor {change.old_id}, then do this again.")
    kept = {segment.id: made for segment in layer.segments if (made := _segment(segment, change)) is not None}
    found = (_relation(relation, kept, change.edits) for relation in layer.relations)
    relations = [relation for relation in found if relation is not None]
    alive = {*kept, *(relation.id for relation in relations)}
    gone = {record.id for record in records(layer)} - alive
    sha = layer.header.text_sha256 and change.new_sha
    header = replace(layer.header, text_sha256=sha)
    new: Layer = make_layer(header, kept.values(), relations, {**layer.deleted, **dict.fromkeys(gone, at)}, path)
    return encode_layer(new, file), gone


def _segment(segment: Segment, change: TextChange) -> Segment | None:
    if segment.start is None or segment.end is None:
        return segment
    if segment.unanchored:
        return None  # nobody can tell whose words they were
    start, end = change.edits.span(segment.start, segment.end)
    words = change.new[start:end]
    if not words.strip():
        return None
    if (words, change.old[segment.start : segment.end]) == (segment.quote, segment.quote):
        return msgspec.structs.replace(segment, start=start, end=end)
    start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
    return msgspec.structs.replace(segment, start=start, end=end, quote=change.new[start:end] if segment.quote else "")


def _relation(relation: Relation, kept: Mapping[str, Segment], edits: Edits) -> Relation | None:
    if relation.source not in kept or relation.target not in kept or relation.unanchored:
        return None
    if relation.cue is None:
        return relation
    touched = any(edit.start < relation.cue[1] and relation.cue[0] < edit.end for edit in edits.edits)
    return None if touched else msgspec.structs.replace(relation, cue=edits.span(*relation.cue))
