"""Layer files: one JSON record a line, read fast when all is well and line by line when it is not.

Nothing a person wrote is lost on the way: keys that are not known stay in ``extra``, a line that cannot be read is kept
as it is, both sides of git's conflict markers are read, and a record that did not change keeps its very line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

import msgspec

from postil_base.problem import Problem
from postil_study.layers.lines import LineReader
from postil_study.layers.values import (
    Deleted,
    State,
    encoded,
    from_states,
    keep_both,
    make_layer,
    segment_order,
    states,
)
from postil_study.text.values import Layer, LayerHeader, LayerKind, Relation, Segment

FORMAT_VERSION = 1
BOM = b"\xef\xbb\xbf"

_SEGMENTS = msgspec.json.Decoder(Segment)
_RELATIONS = msgspec.json.Decoder(Relation)


class _HeaderLine(msgspec.Struct, forbid_unknown_fields=True):
    coder: str
    transcript: str
    postil: int = 1
    kind: LayerKind = "coder"
    text_sha256: str = ""
    codebook: str = ""
    round: str = ""
    done: str = ""


class _DeletedLine(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    deleted: str


class _IdOnly(msgspec.Struct):
    id: str = ""


_HEADER = msgspec.json.Decoder(_HeaderLine)
_DELETED = msgspec.json.Decoder(_DeletedLine)
_ID = msgspec.json.Decoder(_IdOnly)


@dataclass(frozen=True)
class LayerFile:
    """A layer as it stands on disk: its value, what is wrong with it, and its lines."""

    layer: Layer
    problems: tuple[Problem, ...] = ()
    data: bytes = field(default=b"", repr=False)
    unread: tuple[bytes, ...] = ()  # lines that could not be read; saving keeps them
    headed: bool = True  # whether a header stands in it

    @cached_property
    def line_of(self) -> dict[str, bytes]:
        """The line of each record, without its line feed; ids that stand twice are left out."""
        return {id_: line for id_, (_, line) in self._numbered.items()}

    @cached_property
    def number_of(self) -> dict[str, int]:
        """The number of the line of each record, from 1."""
        return {id_: number for id_, (number, _) in self._numbered.items()}

    @cached_property
    def _numbered(self) -> dict[str, tuple[int, bytes]]:
        found: dict[str, tuple[int, bytes]] = {}
        twice: set[str] = set()
        for number, line in enumerate(self.data.split(b"\n"), 1):
            id_ = _id_of(line)
            if id_ in found:
                twice.add(id_)
            elif id_:
                found[id_] = (number, line.rstrip(b"\r"))
        return {id_: place for id_, place in found.items() if id_ not in twice}


def _id_of(line: bytes) -> str:
    try:
        return _ID.decode(line).id if line.startswith(b"{") else ""
    except msgspec.MsgspecError:
        return ""


def read_layer(data: bytes, path: str) -> tuple[Layer, list[Problem]]:
    """Read a layer; what is wrong comes back as problems, the rest is read. ``path`` is relative to the study.

    >>> data = b'''{"postil":1,"coder":"ana","transcript":"I01"}
    ... {"id":"k3m9x0q2ab","start":0,"end":5,"codes":["find-ptm"],"quote":"Hello"}'''
    >>> layer, problems = read_layer(data, "codings/ana/I01.jsonl")
    >>> layer.header.coder, layer.segments[0].code_ids, problems
    ('ana', ('find-ptm',), [])
    """
    file = read_layer_file(data, path)
    return file.layer, list(file.problems)


def read_layer_file(data: bytes, path: str) -> LayerFile:
    """The same with the file's lines, for saving and for places in messages."""
    try:
        return LayerFile(_read_fast(data, path), (), data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, _OddLayerError):
        return _read_with_care(data, path)


class _OddLayerError(Exception):
    """A file that decodes, but not to a layer in order: to be read line by line."""


def _read_fast(data: bytes, path: str) -> Layer:
    """Read a file in which all is well: header, then segments, relations and deleted records as blocks."""
    body = data.find(b"\n") + 1 or len(data)
    header = _header(_HEADER.decode(data[:body]))
    relations_at, deleted_at = _blocks(data, body)
    view = memoryview(data)
    segments = _SEGMENTS.decode_lines(view[body:relations_at])
    relations = _RELATIONS.decode_lines(view[relations_at:deleted_at]) if relations_at < deleted_at else []
    deleted = _DELETED.decode_lines(view[deleted_at:]) if deleted_at < len(data) else []
    in_order = _check_segments(segments)
    ids = {s.id for s in segments}.union((r.id for r in relations), (d.id for d in deleted))
    if len(ids) != len(segments) + len(relations) + len(deleted) or "" in ids:
        raise _OddLayerError
    if in_order and not relations:
        return Layer(header, tuple(segments), (), {d.id: d.deleted for d in deleted}, path)
    return make_layer(header, segments, relations, {d.id: d.deleted for d in deleted}, path)


def _blocks(data: bytes, body: int) -> tuple[int, int]:
    """Where the blocks of relations and of deleted records start; a last line that is a segment says: nowhere.

    Inside a string the quotes would be escaped, so that a hit is a key.
    """
    size = len(data)
    last_line = data[data.rfind(b"\n", body, size - 1) + 1 :]
    if b'"from":' not in last_line and b'"deleted":' not in last_line:
        return size, size
    deleted_at = _line_with(data, b'"deleted":', body)
    return min(_line_with(data, b'"from":', body), deleted_at), deleted_at


def _header(line: _HeaderLine) -> LayerHeader:
    if line.postil != FORMAT_VERSION:
        raise _OddLayerError
    return LayerHeader(line.coder, line.transcript, line.kind, line.text_sha256, line.codebook, line.round, line.done)


def _line_with(data: bytes, key: bytes, body: int) -> int:
    at = data.find(key, body)
    return len(data) if at < 0 else max(data.rfind(b"\n", 0, at) + 1, body)


def _check_segments(segments: list[Segment]) -> bool:
    """Whether the segments are in order; positions that cannot be are an odd layer."""
    last, in_order = -1, True
    for segment in segments:
        start, end = segment.start, segment.end
        if start is None or end is None:
            if start is not end:
                raise _OddLayerError
            in_order = in_order and segment is segments[0]
        elif start >= end or start < 0:
            raise _OddLayerError
        else:
            in_order = in_order and start > last
            last = start
    return in_order


def _read_with_care(data: bytes, path: str) -> LayerFile:
    reader = LineReader(path)
    for number, line in enumerate(data.removeprefix(BOM).split(b"\n"), 1):
        reader.read(number, line.strip())
    header = reader.header or _header_of_path(path)
    settled = [state for same_id in reader.found.values() for state in keep_both(same_id, reader.found)]
    layer = from_states(header, settled, path)
    return LayerFile(
        layer, (*reader.problems, *reader.closing_problems()), data, tuple(reader.unread), reader.header is not None
    )


def _header_of_path(path: str) -> LayerHeader:
    where = PurePosixPath(path)
    return LayerHeader(where.parent.name, where.stem)


def encode_layer(layer: Layer, previous: LayerFile | None = None) -> bytes:
    """The bytes of a layer's file. Records that are as they were in ``previous`` keep their very line."""
    lines = [encode_header(layer.header)]
    old = states(previous.layer) if previous else {}
    old_lines = previous.line_of if previous else {}
    for id_, state in _in_order(layer):
        keep = old_lines.get(id_) if old.get(id_) == state else None
        lines.append(keep or encode_state(state))
    if previous:
        lines += [line for line in previous.unread if line]
    return b"\n".join(lines) + b"\n"


def _in_order(layer: Layer) -> list[tuple[str, State]]:
    segments: list[tuple[str, State]] = [(s.id, s) for s in sorted(layer.segments, key=segment_order)]
    relations: list[tuple[str, State]] = [(r.id, r) for r in layer.relations]
    return segments + relations + [(id_, Deleted(id_, at)) for id_, at in sorted(layer.deleted.items())]


def encode_state(state: State) -> bytes:
    """One line, without its line feed."""
    if isinstance(state, Deleted):
        return msgspec.json.encode({"id": state.id, "deleted": state.at})
    return encoded(state)


def encode_header(header: LayerHeader) -> bytes:
    """The first line of a layer's file, without its line feed."""
    known: dict[str, Any] = {"postil": FORMAT_VERSION, "kind": header.kind, "coder": header.coder}
    known["transcript"] = header.transcript
    for key in ("text_sha256", "codebook", "round", "done"):
        if value := getattr(header, key):
            known[key] = value
    return msgspec.json.encode({**known, **{k: v for k, v in header.extra.items() if k not in known}})
