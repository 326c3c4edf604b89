"""Taking a step back although its files were changed since: what came later stays, what the step did goes.

A rename of a code is renamed back wherever the code stands by now, in codings made since, too. Every other step is
merged: from what it made of a file, one way to what was before, the other way to what stands there now; layers record
by record, YAML entry by entry. Where both want the same thing differently, nothing is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from postil_base.files.text import decode
from postil_base.problem import ChangedUnderneathError, PostilError, has_errors
from postil_base.yaml.merge import merge_yaml
from postil_codebook.changes.operations import operations
from postil_codebook.load import load_codebook
from postil_study.files.settings import SETTINGS_FILE, load_settings
from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.layers.values import merge_layers

Files = Mapping[str, bytes | None]


class CannotMergeError(ChangedUnderneathError):
    """What came later wants the same thing differently; nothing was done."""


def renamed(root: Path, wanted: Files, made: Files) -> tuple[str, str] | None:
    """The code that is to be called otherwise, and how, when a step did nothing else to the codebook."""
    path = _codebook(root)
    texts = [files.get(path) for files in (made, wanted)]
    if not path or texts[0] is None or texts[1] is None:
        return None
    now, then = (load_codebook(decode(text, path), path)[0] for text in texts if text is not None)
    forth = list(operations(then, now))  # the later name knows the former one, whichever of both that is
    back = list(operations(now, then))
    for found, turned in ((forth, True), (back, False)):
        if len(found) == 1 and found[0].kind == "rename":
            pair = (found[0].target, found[0].code)
            return pair if turned else (found[0].code, found[0].target)
    return None


def used_elsewhere(root: Path, wanted: Files, made: Files) -> str:
    """A code that would be gone, and that a layer carries which the step did not touch; "" if there is none."""
    path = _codebook(root)
    texts = [files.get(path) for files in (made, wanted)]
    if not path or texts[0] is None or texts[1] is None:
        return ""
    now, then = (load_codebook(decode(text, path), path)[0] for text in texts if text is not None)
    gone = [code for code in now.codes if code not in then.codes]
    for file in sorted((root / "codings").glob("*/*.jsonl")) if gone else ():
        path = file.relative_to(root).as_posix()
        data = b"" if path in wanted else file.read_bytes()
        named = [code for code in gone if f'"{code}"'.encode() in data]
        if named:  # perhaps in a line that a later one replaces
            used = {code for segment in read_layer_file(data, path).layer.segments for code in segment.code_ids}
            if found := used.intersection(named):
                return min(found)
    return ""


def merged(root: Path, wanted: Files, made: Files) -> dict[str, bytes | None]:
    """What the files are to be: ``wanted`` where they are still as the step made them, else merged with what is there.

    Raises:
        CannotMergeError: a file was changed since in a way that contradicts.
    """
    found: dict[str, bytes | None] = {}
    for path, goal in wanted.items():
        base = made.get(path)
        there = _read(root, path)
        if there == base:
            found[path] = goal
        elif there != goal:
            found[path] = _one(root, path, base, goal, there)
    return found


def _one(root: Path, path: str, base: bytes | None, goal: bytes | None, there: bytes | None) -> bytes:
    if base is None or goal is None or there is None:
        raise CannotMergeError(f"{path} was made or taken away since.")
    if path.endswith(".jsonl"):
        return _layer(path, base, goal, there)
    if not path.endswith((".yaml", ".yml")):
        raise CannotMergeError(f"{path} was changed since.")
    text, conflicts = merge_yaml(decode(base, path), decode(goal, path), decode(there, path), path)
    if conflicts:
        raise CannotMergeError(f"{path}: {conflicts[0]}")
    if path == _codebook(root) and has_errors(load_codebook(text, path)[1]):
        raise CannotMergeError(f"{path} would no longer be a codebook.")
    return text.encode("utf-8")


def _layer(path: str, base: bytes, goal: bytes, there: bytes) -> bytes:
    files = [read_layer_file(data, path) for data in (base, goal, there)]
    if any(file.unread for file in files):
        raise CannotMergeError(f"{path} has lines that cannot be read.")
    layer, conflicts = merge_layers(*(file.layer for file in files))
    if conflicts:
        ids = ", ".join(conflict.id for conflict in conflicts[:3])
        raise CannotMergeError(f"{path}: {ids} was changed since.")
    return encode_layer(layer, files[2])


def _read(root: Path, path: str) -> bytes | None:
    try:
        return (root / path).read_bytes()
    except FileNotFoundError:
        return None


def _codebook(root: Path) -> str:
    try:
        return load_settings((root / SETTINGS_FILE).read_text("utf-8"), SETTINGS_FILE)[0].codebook
    except (OSError, UnicodeDecodeError, PostilError):
        return ""
