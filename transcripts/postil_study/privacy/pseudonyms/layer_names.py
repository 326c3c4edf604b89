"""One layer on a text with replaced names: positions counted on, words taken from the new text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from postil_base.problem import PostilError
from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.layers.values import make_layer
from postil_study.privacy.pseudonyms.edits import Edits
from postil_study.text.values import Relation, Segment


@dataclass(frozen=True)
class TextChange:
    """A transcript before and after."""

    old_id: str
    new_id: str
    old: str
    new: str
    old_sha: str
    new_sha: str
    edits: Edits

    @property
    def is_none(self) -> bool:
        """Whether nothing about it changes."""
        return self.old == self.new and self.old_id == self.new_id


def layer_with_names(data: bytes, path: str, change: TextChange, rename: Callable[[str], str]) -> bytes:
    """The layer's file on the new text; ``rename`` puts pseudonyms into notes and guards."""
    file = read_layer_file(data, path)
    if file.problems:
        raise PostilError(f"{file.problems[0]} Repair the layer first; nothing was written.")
    layer = file.layer
    if layer.header.text_sha256 not in ("", change.old_sha):
        raise PostilError(
            f"{path} was made on another text of {change.old_id}; run postil reanchor {change.old_id}, then do this "
            "again. Nothing was written."
        )
    sha = layer.header.text_sha256 and change.new_sha
    extra = {key: _renamed(value, rename) for key, value in layer.header.extra.items()}
    header = replace(layer.header, transcript=change.new_id, text_sha256=sha, extra=extra)
    segments = [_segment(segment, change, rename) for segment in layer.segments]
    relations = [_relation(relation, change, rename) for relation in layer.relations]
    return encode_layer(make_layer(header, segments, relations, layer.deleted, path), file)


def _segment(segment: Segment, change: TextChange, rename: Callable[[str], str]) -> Segment:
    start, end, quote = segment.start, segment.end, segment.quote
    if start is not None and end is not None and not segment.unanchored:
        is_text = quote == change.old[start:end]
        start, end = change.edits.span(start, end)
        quote = change.new[start:end] if is_text else rename(quote)
    else:
        quote = rename(quote)
    return msgspec.structs.replace(
        segment, start=start, end=end, quote=quote, memo=rename(segment.memo), extra=_extra(segment.extra, rename)
    )


def _relation(relation: Relation, change: TextChange, rename: Callable[[str], str]) -> Relation:
    cue = relation.cue
    if cue is not None and not relation.unanchored:
        cue = change.edits.span(*cue)
    return msgspec.structs.replace(
        relation,
        cue=cue,
        guard=rename(relation.guard),
        memo=rename(relation.memo),
        extra=_extra(relation.extra, rename),
    )


def _extra(extra: Mapping[str, Any], rename: Callable[[str], str]) -> dict[str, Any]:
    return {key: _renamed(value, rename) for key, value in extra.items()}


def _renamed(value: Any, rename: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return rename(value)
    if isinstance(value, list):
        return [_renamed(item, rename) for item in value]
    return {k: _renamed(v, rename) for k, v in value.items()} if isinstance(value, dict) else value
