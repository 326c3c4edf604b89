"""Two codebooks whose trees went apart too far to replay one on the other: mine, with all theirs has besides.

Nothing is lost so: every code and every name of either side leads somewhere. What theirs meant otherwise is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from postil_base.problem import PostilError
from postil_base.yaml.edit import delete_entry, set_value
from postil_base.yaml.merge import YamlConflict
from postil_base.yaml.places import load_yaml
from postil_base.yaml.write import Value
from postil_codebook.changes import edit
from postil_codebook.changes.operations import Operation, operations
from postil_codebook.load import load_codebook
from postil_codebook.retired import merge_retired, retired_conflicts, without_retired
from postil_codebook.values import Code, Codebook

_FIELDS = ("label", "definition", "include", "exclude", "memo", "color", "origin")


def union_of(base: str, mine: str, theirs: str, path: str) -> tuple[str, tuple[YamlConflict, ...]]:
    """My book with the codes and names that only theirs has, and the fields that only theirs changed."""
    for side in (base, mine, theirs):
        for problem in load_yaml(side, path)[1]:
            raise PostilError(f"{problem}")
    old, here, there = (load_codebook(side, path)[0] for side in (base, mine, theirs))
    text = without_retired(mine, path)
    for code in there.codes.values():
        book = load_codebook(text, path)[0]
        if book.resolve(code.id) is None and not _gave_up(code.id, old, here) and not _goes_by(code, book, there):
            parent = book.resolve(code.parent) if code.parent else None
            text = edit.add_code(text, path, code.id, _said(code), parent)
    text = with_former_names(text, path, here, there)
    text, conflicts = _with_fields(text, path, old, there)
    merged = load_codebook(text, path)[0]
    undone = [_told(done, merged) for done in operations(old, there) if not _is_done(done, merged)]
    text = merge_retired(text, path, old, (here, there))
    return text, (*conflicts, *undone, *retired_conflicts(old, here, there))


def _gave_up(code: str, old: Codebook, here: Codebook) -> bool:
    """Whether we deleted a code that was there before."""
    return old.resolve(code) is not None and here.resolve(code) is None


def _goes_by(code: Code, book: Codebook, there: Codebook) -> bool:
    """Whether we have the code by a name it had before; both gave it another one, and ours stays."""
    known = (book.resolve(name) for name in reversed(code.formerly))
    return any(found is not None and found not in there.codes for found in known)


def _said(code: Code) -> dict[str, Value]:
    fields = {name: getattr(code, name) for name in _FIELDS}
    fields = {name: value for name, value in fields.items() if value and not (name == "label" and value == code.id)}
    return {**fields, **({} if code.codable else {"codable": False})}


def _with_fields(text: str, path: str, old: Codebook, there: Codebook) -> tuple[str, list[YamlConflict]]:
    conflicts = []
    for code in there.codes.values():
        before = old.codes.get(old.resolve(code.id) or "")
        book = load_codebook(text, path)[0]
        now = book.codes.get(book.resolve(code.id) or "")
        if before is None or now is None:
            continue
        for name in _FIELDS:
            was, mine, theirs = (getattr(found, name) for found in (before, now, code))
            if theirs in (was, mine) or (name == "label" and theirs == code.id):
                continue
            where = (*edit.where_code(book, now.id), name)
            if mine == was:
                text = set_value(text, list(where), theirs, path=path)
            else:
                conflicts.append(YamlConflict(where, mine, theirs))
    return text, conflicts


def _is_done(done: Operation, book: Codebook) -> bool:
    code, target = book.resolve(done.code), book.resolve(done.target) if done.target else None
    if done.kind == "delete":
        return code is None
    if done.kind == "move":
        return code is not None and book.codes[code].parent == target
    return done.kind == "add" or (code is not None and code == target)


def _told(done: Operation, book: Codebook) -> YamlConflict:
    now = book.resolve(done.code)
    stands = "nothing" if now is None else f"{now} below {book.codes[now].parent or 'the top'}"
    return YamlConflict(("codes", done.code), stands, f"{done.kind} {done.code} {done.target}".strip())


def with_former_names(merged: str, path: str, *sides: Codebook) -> str:
    """Whatever name led to a code on one of the sides, the first ones first, leads there in the merged book."""
    book = load_codebook(merged, path)[0]
    wanted: dict[str, list[str]] = {code: [] for code in book.codes}
    for name in _names(book, *sides):
        goal = None if name in book.codes else _goal(name, book, sides) or _by_former(name, book, sides)
        if goal is not None:
            wanted[goal].append(name)
    for code, names in wanted.items():
        if set(names) != set(book.codes[code].formerly):
            where = [*edit.where_code(book, code), "formerly"]
            kept = [name for name in book.codes[code].formerly if name in names]
            names = list(dict.fromkeys([*kept, *names]))
            merged = set_value(merged, where, names, path=path) if names else delete_entry(merged, where, path=path)
    return merged


def _names(*books: Codebook) -> dict[str, None]:
    """All names codes have and had, in the order of the books."""
    return dict.fromkeys(name for book in books for code in book.codes.values() for name in (code.id, *code.formerly))


def _goal(name: str, book: Codebook, sides: tuple[Codebook, ...]) -> str | None:
    """Where a name leads: by one side, or on from where one side leads by what another one made of that."""
    for resolve in _ways(sides):
        found = resolve(name)
        if found in book.codes:
            return found
    return book.resolve(name)


def _by_former(name: str, book: Codebook, sides: tuple[Codebook, ...]) -> str | None:
    """Where the names lead that a code had before it got this one."""
    codes = (side.codes[side.resolve(name) or ""] for side in sides if side.resolve(name))
    return next((book.resolve(old) for code in codes for old in reversed(code.formerly) if book.resolve(old)), None)


def _ways(sides: tuple[Codebook, ...]) -> Iterator[Callable[[str], str | None]]:
    yield from (side.resolve for side in sides)
    for one in sides:
        for other in sides:
            yield lambda name, one=one, other=other: other.resolve(one.resolve(name) or "")  # type: ignore[misc]
