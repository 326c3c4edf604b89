"""What vanished from a file: was there when it was read, is gone now, and nobody in Postil took it away.

Postil leaves the id of what is deleted (a tombstone in a layer, ``retired:`` in the codebook, ``formerly:`` of a
renamed code). What is gone without one was cut off, emptied, put back to an older state or removed from outside, or is
just being written. It is never taken over in silence. Neither is a record that was changed once more since: with an
older time and other words it went back, which nothing in Postil does (undo is an edit of its own, with a new time).
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

import msgspec

from postil_base.files.text import unix_lines
from postil_base.yaml.places import load_yaml
from postil_codebook.load import load_codebook
from postil_study.layers.file import LayerFile
from postil_study.layers.values import Deleted, State, states, with_states
from postil_study.text.values import Layer, Relation, Segment

HEADER = "header"  # stands for a header that is gone


def vanished(wanted: Layer, before: Layer, there: LayerFile | None) -> tuple[str, ...]:
    """Ids that are alive in ``before`` and in ``wanted`` and of which the file knows nothing, or an older version.

    `HEADER` is among them when the whole header is gone; a file that is not there has lost everything.
    """
    known = states(there.layer) if there is not None else {}
    alive, now = states(before), states(wanted)
    gone = [
        id_
        for id_, state in alive.items()
        if not isinstance(state, Deleted)
        and not isinstance(now.get(id_), Deleted)
        and (id_ not in known or _is_older(known[id_], state))
    ]
    headless = there is not None and not there.headed and bool(before.header.text_sha256 or before.header.done)
    return (*gone, *([HEADER] if headless else []))


def _is_older(there: State, before: State) -> bool:
    """Whether a file has a record as it was before its last edit; an older time alone loses nothing."""
    return there.at < before.at and (type(there) is not type(before) or _timeless(there) != _timeless(before))


def _timeless(state: State) -> State:
    return state if isinstance(state, Deleted) else msgspec.structs.replace(state, at="")


def with_tombstones_of(there: Layer, before: Layer) -> Layer:
    """The layer with the tombstones it lost: forgetting that something was deleted is no change anybody made."""
    known = states(there)
    return with_states(there, {id_: Deleted(id_, at) for id_, at in before.deleted.items() if id_ not in known})


def vanished_entries(before: bytes, there: bytes | None, path: str, codebook: bool = False) -> tuple[str, ...]:
    """What is gone from a YAML file or a memo, in words; nothing if it is whole, whatever was changed in it."""
    if there == before or not before.strip():
        return ()
    if there is None:
        return ("the whole file",)
    if not there.strip():
        return ("all that stood in it",)
    if len(there.rstrip()) < len(before.rstrip()) and before.startswith(there.rstrip()):
        return ("its end",)
    if not path.endswith((".yaml", ".yml")):
        return ()
    old, new = (unix_lines(data.decode("utf-8", "replace")) for data in (before, there))
    if _is_broken(new, path) and not _is_broken(old, path):
        return ("it cannot be read any more",)
    return tuple(_codes(old, new, path) if codebook else _entries(_data(old, path), _data(new, path), ()))


def _is_broken(text: str, path: str) -> bool:
    node, problems = load_yaml(text, path)
    return node is None or any(problem.severity == "error" for problem in problems)


def _data(text: str, path: str) -> Any:
    from postil_base.yaml.splices import as_data  # writing YAML is no matter when the app starts

    return as_data(load_yaml(text, path)[0])


def _codes(old: str, new: str, path: str) -> Iterator[str]:
    """Codes that lead nowhere, and what was said of those that are there."""
    before, after = load_codebook(old, path)[0], load_codebook(new, path)[0]
    for code in before.codes.values():
        now = after.codes.get(after.resolve(code.id) or "")
        if now is None:
            if code.id not in after.retired:
                yield code.id
        elif now.id == code.id:
            yield from (f"{code.id}: {name}" for name in _FIELDS if getattr(code, name) and not getattr(now, name))
    yield from (group for group in before.groups if group not in after.groups)
    yield from (name for name in before.retired if name not in after.retired and after.resolve(name) is None)


_FIELDS = ("definition", "include", "exclude", "examples", "memo")


def _entries(old: Any, new: Any, where: tuple[str, ...]) -> Iterator[str]:
    """Keys that are gone, and things of a list that are known by an id."""
    old, new = _by_id(old), _by_id(new)
    if isinstance(old, Mapping) and old:
        if not isinstance(new, Mapping):
            yield "/".join(where) or "all that stood in it"
            return
        for key, value in old.items():
            here = (*where, str(key))
            if key in new:
                yield from _entries(value, new[key], here)
            elif value not in (None, "", {}, []):
                yield "/".join(here)


def _by_id(value: Any) -> Any:
    if isinstance(value, list) and value and all(isinstance(item, dict) and "id" in item for item in value):
        return {str(item["id"]): item for item in value}
    return value


def words_of(layer: Layer, ids: tuple[str, ...], older: Container[str] = ()) -> Iterator[str]:
    """Records in words a person knows them by; of those in ``older`` the file has an older version."""
    known = states(layer)
    for id_ in ids:
        record, mark = known.get(id_), "older in the file: " if id_ in older else ""
        if isinstance(record, Segment):
            words = " ".join(record.quote.split()) or "the whole transcript"
            yield f"{mark}{', '.join(record.code_ids) or 'no code'}: {words}"
        elif isinstance(record, Relation):
            yield f"{mark}relation {record.source_code} {record.type} {record.target_code}"
        else:
            yield "the header, with who coded and whether it is done"
