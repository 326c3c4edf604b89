"""What turned one codebook into another: renames, merges, additions, moves, deletions of codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from postil_codebook.values import Codebook


@dataclass(frozen=True, slots=True)
class Operation:
    """What one side did to the tree: rename, merge, add, move or delete a code."""

    kind: str
    code: str
    target: str = ""  # the new id, the code merged into, the parent (empty: the top)


def operations(base: Codebook, other: Codebook) -> Iterator[Operation]:
    """What turned one book into the other, in an order in which it can be done again."""
    names: dict[str, str] = {}  # of base → in other
    renamed: set[str] = set()
    for code in base.codes:
        now = code if code in other.codes else other.resolve(code)
        if now is None:
            continue
        if now != code and now not in base.codes and now not in renamed:
            renamed.add(now)
            yield Operation("rename", code, now)
        elif now != code:
            yield Operation("merge", code, now)
        names[code] = now
    for code, found in other.codes.items():
        if code not in base.codes and code not in renamed:
            yield Operation("add", code, found.parent or "")
    yield from _moves(base, other, names)
    for code in reversed(list(base.codes)):
        if code not in names:
            yield Operation("delete", code)


def _moves(base: Codebook, other: Codebook, names: dict[str, str]) -> Iterator[Operation]:
    """Codes that hang elsewhere; those of a code merged away go along with the merge."""
    for code, now in names.items():
        parent = base.codes[code].parent
        expected = names.get(parent) if parent else None
        if code in names and (now == code or now not in base.codes) and other.codes[now].parent != expected:
            yield Operation("move", now, other.codes[now].parent or "")
