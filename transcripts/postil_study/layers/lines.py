"""Layer files that are not as they should be, read line by line: a line gives a record, or a problem and is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import msgspec

from postil_base.problem import Place, Problem, Severity
from postil_study.layers.values import Deleted, State, merge_headers
from postil_study.text.values import LayerHeader, LayerKind, Relation, Segment

SETTLES = "settles"  # of a record of the consensus: the records that were talked about, as `id:code`
_EXTRA = "x-postil-extra"
_SEGMENT_KEYS = frozenset(Segment.__struct_encode_fields__) - {_EXTRA}
_RELATION_KEYS = frozenset(Relation.__struct_encode_fields__) - {_EXTRA}
_ONLY_RELATIONS = frozenset({"from", "to", "from_code", "to_code", "cue", "type", "guard"})
_HEADER_KEYS = ("coder", "transcript", "kind", "text_sha256", "codebook", "round", "done")

_UNKNOWN_BASE = LayerHeader("", "", done="?")  # what both sides came from is not known; ``done`` needs both


class LineReader:
    """Collects what the lines of one file say. ``found`` holds every state seen of each record id."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.header: LayerHeader | None = None
        self.found: dict[str, list[State]] = {}
        self.unread: list[bytes] = []
        self.problems: list[Problem] = []
        self._lines: dict[str, list[int]] = {}
        self._in_base = False  # between ||||||| and =======: what both sides started from

    def read(self, number: int, line: bytes) -> None:
        """Read one line; an empty one says nothing."""
        if not line or self._is_marker(number, line):
            return
        try:
            value = msgspec.json.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            self._keep(number, line, f"this line is not JSON ({error}); correct it or delete it", "json")
            return
        if isinstance(value, dict):
            self._read_object(number, line, value)
        else:
            self._keep(number, line, "a record in braces is expected here; correct the line or delete it", "json")

    def closing_problems(self) -> list[Problem]:
        """What can be said only when all lines are read: a missing header, ids that stand for several things."""
        found = []
        if self.header is None:
            message = 'the header is missing; the first line must be like {"postil":1,"kind":"coder","coder":"ana",…}'
            found.append(self._problem(1, message, "layer-header"))
        for id_, states in self.found.items():
            if len(states) > 1:
                found += self._several(id_, states)
        return found

    def _several(self, id_: str, states: list[State]) -> list[Problem]:
        if all(state == states[0] for state in states):
            return []
        line = self._lines[id_][-1]
        newest = max(state.at for state in states)
        ties = [state for state in states if state.at == newest]
        if len(ties) > 1 and any(state != ties[0] for state in ties):
            message = f"record {id_} stands here in several versions, none newer; all are kept, delete the wrong ones"
            return [self._problem(line, message, "record-twice")]
        message = f"record {id_} stands here in several versions; the newest (at {newest}) is taken"
        return [self._problem(line, message, "record-twice", "warning")]

    def _is_marker(self, number: int, line: bytes) -> bool:
        """Lines that git writes around a conflict, and the common ancestor between them, are no records."""
        if line.startswith(b"<<<<<<<"):
            message = "git left a conflict here; both sides are read. Save the layer in Postil, or edit the file"
            self.problems.append(self._problem(number, message, "git-conflict"))
            return True
        if line.startswith((b"|||||||", b"=======", b">>>>>>>")):
            self._in_base = line.startswith(b"|||||||")
            return True
        return self._in_base

    def _read_object(self, number: int, line: bytes, value: dict[str, Any]) -> None:
        if "postil" in value or ("coder" in value and "id" not in value):
            self._read_header(number, line, value)
            return
        try:
            state = read_state(value)
        except msgspec.ValidationError as error:
            self._keep(number, line, _plain_words(error), "record")
            return
        if complaint := _impossible(state):
            self._keep(number, line, complaint, "record")
            return
        self._report_unknown(number, state)
        self.found.setdefault(state.id, []).append(state)
        self._lines.setdefault(state.id, []).append(number)

    def _report_unknown(self, number: int, state: State) -> None:
        from postil_base.yaml.fields import nearest

        for key in () if isinstance(state, Deleted) else state.extra:
            if not key.startswith("x-") and key != SETTLES:
                known = sorted(_SEGMENT_KEYS if isinstance(state, Segment) else _RELATION_KEYS)
                message = f"it is kept, but there is no key {key[:60]!r} in a record{nearest(key, known)}".rstrip("?")
                self.problems.append(self._problem(number, message, "unknown-key", "warning"))

    def _read_header(self, number: int, line: bytes, value: dict[str, Any]) -> None:
        wrong = [key for key in _HEADER_KEYS if not isinstance(value.get(key, ""), str)]
        if wrong or not value.get("coder") or not value.get("transcript"):
            what = f"{wrong[0]} must be a text" if wrong else "coder and transcript must be named"
            self._keep(number, line, f"header: {what}", "layer-header")
            return
        header = self._header(number, value)
        if self.header is None:
            self.header = header
            if number > 1 and not self.problems:
                self.problems.append(self._problem(number, "the header must be the first line", "layer-header"))
        elif header != self.header:
            self.header, _ = merge_headers(_UNKNOWN_BASE, self.header, header)
            message = "a second header that differs from the first; the layer counts as done only if both say so"
            self.problems.append(self._problem(number, message, "layer-header"))

    def _header(self, number: int, value: dict[str, Any]) -> LayerHeader:
        if value.get("postil") != 1:
            message = (
                f"written by another version of Postil (format {value.get('postil')!r}, known is 1); update Postil"
            )
            self.problems.append(self._problem(number, message, "format-version"))
        known = {key: value[key] for key in _HEADER_KEYS if key in value}
        extra = {key: value[key] for key in value if key not in known and (key != "postil" or value[key] != 1)}
        if known.get("kind", "coder") not in get_args(LayerKind):
            kinds = ", ".join(get_args(LayerKind))
            self.problems.append(self._problem(number, f"kind {known['kind']!r} is none of {kinds}", "layer-header"))
            known["kind"] = "source"  # whatever it is, it does not count as a coder
        return replace(LayerHeader(**known), extra=extra)

    def _keep(self, number: int, line: bytes, message: str, rule: str) -> None:
        self.unread.append(line)
        self.problems.append(self._problem(number, message, rule))

    def _problem(self, number: int, message: str, rule: str, severity: Severity = "error") -> Problem:
        return Problem(Place(self.path, number), f"{message}.", rule, severity)


def read_state(value: dict[str, Any]) -> State:
    """What a JSON object says of a record; keys that are not known go to ``extra``. Raises ValidationError."""
    if "deleted" in value:
        return Deleted(msgspec.convert(value.get("id"), str), msgspec.convert(value["deleted"], str))
    is_relation = not _ONLY_RELATIONS.isdisjoint(value) and "codes" not in value and "start" not in value
    keys = _RELATION_KEYS if is_relation else _SEGMENT_KEYS
    known = {key: value[key] for key in value if key in keys}
    known[_EXTRA] = {key: value[key] for key in value if key not in keys}
    return msgspec.convert(known, Relation) if is_relation else msgspec.convert(known, Segment)


def _impossible(state: State) -> str:
    """Why a record that decodes cannot be one; empty if it can."""
    if not state.id:
        return "a record needs an id; give it one that is not used in the study"
    if not isinstance(state, Segment):
        return ""
    if (state.start is None) != (state.end is None):
        return f"segment {state.id} has only one of start and end; give both, or none for the whole transcript"
    if state.start is not None and state.end is not None and not 0 <= state.start < state.end:
        return f"segment {state.id} cannot reach from {state.start} to {state.end}; start must be before end"
    return ""


def _plain_words(error: msgspec.ValidationError) -> str:
    """What msgspec says, without the marks of a program."""
    message = str(error).replace("`", "").replace(" - at $.", ", at ").replace("$.", "")
    return f"this record cannot be read ({message}); correct the line or delete it"
