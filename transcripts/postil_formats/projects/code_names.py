"""The names that codes have in other programs, and which of them are equal.

QualCoder, Taguette and qc know a code by its name: of two codes with one name the second one's codings go astray there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from postil_codebook.values import Codebook
from postil_formats.projects.names import fold

BETWEEN = " > "


def code_names(book: Codebook, *, apart: bool = False) -> dict[str, str]:
    """The name of each code by its id. ``apart`` writes the path of codes that share a name: ``Selection > Price``."""
    names = {id_: str(code.extra.get("x-name", "")) or code.label or id_ for id_, code in book.codes.items()}
    shared = {id_ for ids in equal_names(names).values() for id_ in ids}
    if not apart or not shared:
        return names
    made = {id_: _path(book, id_, names) if id_ in shared else name for id_, name in names.items()}
    counts = Counter(fold(name) for name in made.values())  # two of one name below one parent, or a name like a path
    return {id_: f"{name} ({id_})" if counts[fold(name)] > 1 else name for id_, name in made.items()}


def equal_names(names: Mapping[str, str]) -> dict[str, list[str]]:
    """Names that several codes share (case and white space do not count), with the ids of these codes."""
    found: dict[str, list[str]] = {}
    for id_, name in names.items():
        found.setdefault(fold(name), []).append(id_)
    return {names[ids[0]]: ids for ids in found.values() if len(ids) > 1}


def _path(book: Codebook, id_: str, names: Mapping[str, str]) -> str:
    parts = [names[id_]]
    parent, seen = book.codes[id_].parent, {id_}
    while parent and parent in names and parent not in seen:
        seen.add(parent)
        parts.append(names[parent])
        parent = book.codes[parent].parent
    return BETWEEN.join(reversed(parts))
