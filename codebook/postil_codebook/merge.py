"""Two versions of a codebook made one: renames, merges, moves and deletions of either side are carried over.

Whatever one side did to the tree is done to the other one too, and to what both came from; then only fields differ,
and those are merged entry by entry. The result always is a codebook that reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from postil_base.problem import PostilError
from postil_base.yaml_edit import delete_entry, set_value
from postil_base.yaml_merge import YamlConflict, merge_yaml
from postil_base.yaml_places import YamlMap, YamlNode, load_yaml, plain
from postil_base.yaml_write import Value
from postil_codebook import edit
from postil_codebook.load import load_codebook
from postil_codebook.types import Codebook


@dataclass(frozen=True, slots=True)
class Operation:
    """What one side did to the tree: rename, merge, add, move or delete a code."""

    kind: str
    code: str
    target: str = ""  # the new id, the code merged into, the parent (empty: the top)


def merge_codebooks(base: str, mine: str, theirs: str, path: str) -> tuple[str, tuple[YamlConflict, ...]]:
    """Merge two versions of a codebook's text that grew from ``base``."""
    books = {side: load_codebook(text, path)[0] for side, text in (("base", base), ("mine", mine), ("theirs", theirs))}
    replay = _Replay({"base": base, "mine": mine, "theirs": theirs}, path, books["base"])
    for operation in operations(books["base"], books["theirs"]):
        replay.carry_over(operation, "theirs", "mine")
    for operation in operations(books["base"], books["mine"]):
        replay.carry_over(operation, "mine", "theirs")
    replay.align()
    texts = replay.texts
    merged, conflicts = merge_yaml(texts["base"], texts["mine"], texts["theirs"], path)
    merged = _with_former_names(merged, replay.book("mine"), replay.book("theirs"), path)
    return _readable(merged, mine, path), (*replay.conflicts, *conflicts)


def _with_former_names(merged: str, mine: Codebook, theirs: Codebook, path: str) -> str:
    """Whatever name led to a code on our side, else on theirs, leads there in the merged book, and nowhere else."""
    book = load_codebook(merged, path)[0]
    wanted: dict[str, list[str]] = {code: [] for code in book.codes}
    for name in _names(book, mine, theirs):
        for side in (mine, theirs):
            goal = side.resolve(name)
            if goal in wanted and name not in book.codes:
                wanted[goal].append(name)
                break
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


def _readable(merged: str, mine: str, path: str) -> str:
    before = {problem.rule for problem in load_codebook(mine, path)[1] if problem.severity == "error"}
    for problem in load_codebook(merged, path)[1]:
        if problem.severity == "error" and problem.rule not in before:
            raise PostilError(
                f"{problem.message} The two codebooks cannot be merged; take one, redo the other's change."
            )
    return merged


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


class _Replay:
    """Does what one side did to the other side, too, and then to the common version."""

    def __init__(self, texts: dict[str, str], path: str, old: Codebook) -> None:
        self.texts = texts
        self._old = old  # what both came from
        self.path = path
        self.conflicts: list[YamlConflict] = []

    def book(self, side: str) -> Codebook:
        """The book of a side as it is by now."""
        return load_codebook(self.texts[side], self.path)[0]

    def carry_over(self, operation: Operation, done_by: str, other: str) -> None:
        """Carry an operation of one side over; what the other side has nothing to do with stays for the fields."""
        do = getattr(self, f"_{operation.kind}")
        try:
            if do(operation, other, done_by):
                do(operation, "base", done_by)
        except PostilError as error:
            self._clash(operation, done_by, str(error).rsplit(": ", 1)[-1])

    def _clash(self, operation: Operation, done_by: str, why: str) -> None:
        said = f"{operation.kind} {operation.code} {operation.target}".strip()
        mine, theirs = (said, why) if done_by == "mine" else (why, said)
        self.conflicts.append(YamlConflict(("codes", operation.code), mine, theirs))

    def _rename(self, operation: Operation, side: str, done_by: str) -> bool:
        now = self.book(side).resolve(operation.code)
        if now is None:
            self._clash(operation, done_by, f"delete {operation.code}")
            return False
        if now == operation.target:
            return True
        elsewhere = now != operation.code and now in self._old.codes  # it was merged into another code
        if elsewhere or (now != operation.code and side == "mine"):
            # ours stays; theirs is brought to it when ours is carried over
            self._clash(operation, done_by, f"rename {operation.code} {now}")
            return False
        self.texts[side] = edit.rename_code(self.texts[side], self.path, now, operation.target)
        return True

    def _merge(self, operation: Operation, side: str, done_by: str) -> bool:
        now, target = (self.book(side).resolve(code) for code in (operation.code, operation.target))
        if now is None or now == target:
            return now is not None
        if now != operation.code:
            self._clash(operation, done_by, f"{operation.code} became {now}")
            return False
        self.texts[side] = edit.merge_codes(self.texts[side], self.path, [operation.code], operation.target)
        return True

    def _add(self, operation: Operation, side: str, done_by: str) -> bool:
        """A code that the other side does not have; one that both made is merged field by field."""
        book, parent = self.book(side), operation.target or None
        if book.resolve(operation.code) or (parent is not None and book.resolve(parent) is None):
            return False
        fields = self.fields(operation.code, done_by)
        self.texts[side] = edit.add_code(self.texts[side], self.path, operation.code, fields, parent)
        return True

    def _move(self, operation: Operation, side: str, done_by: str) -> bool:
        book = self.book(side)
        now, parent = book.resolve(operation.code), book.resolve(operation.target) if operation.target else None
        if now is None or (parent is None and operation.target):
            return False
        if side != "base" and book.codes[now].parent not in (parent, self._old_parent(now)):
            self._clash(operation, done_by, f"move {now} {book.codes[now].parent or 'the top'}")
            return False
        if book.codes[now].parent != parent:
            self.texts[side] = edit.move_code(self.texts[side], self.path, now, parent)
        return True

    def _old_parent(self, code: str) -> str | None:
        book = self.book("base")
        now = book.resolve(code)
        return book.codes[now].parent if now else None

    def _delete(self, operation: Operation, side: str, done_by: str) -> bool:
        """A deletion is carried over if the other side left the code, and what is below it, alone."""
        book, code = self.book(side), operation.code
        if code not in book.codes:
            if (now := book.resolve(code)) is not None:
                self._clash(operation, done_by, f"{code} became {now}")
            return book.resolve(code) is None
        if side != "base" and (book.children(code) or self.fields(code, side) != self.fields(code, "base")):
            return False
        self.texts[side] = edit.delete_code(self.texts[side], self.path, code)
        return True

    def fields(self, code: str, side: str) -> dict[str, Value]:
        """What a side says of a code, without what is below it."""
        root, _ = load_yaml(self.texts[side], self.path)
        node = _code_node(root, self.book(side), code)
        entries = node if isinstance(node, YamlMap) else ()
        return {key.text: plain(value) for key, value in entries if key.text != "children"}

    def align(self) -> None:
        """A code that hangs at different places still is brought to mine; its fields are merged there."""
        for code in [code for code in self.book("theirs").codes if code in self.book("mine").codes]:
            mine, theirs = self.book("mine").codes[code].parent, self.book("theirs").codes[code].parent
            if mine == theirs:
                continue
            if code not in self._old.codes:
                self.conflicts.append(YamlConflict(("codes", code, "parent"), mine or "the top", theirs or "the top"))
            for side in ("theirs", "base"):
                if code in self.book(side).codes and (mine is None or mine in self.book(side).codes):
                    with suppress(PostilError):
                        self.texts[side] = edit.move_code(self.texts[side], self.path, code, mine)


def _code_node(root: YamlNode | None, book: Codebook, code: str) -> YamlNode | None:
    node = root.get("codes") if isinstance(root, YamlMap) else None
    for above in reversed(book.ancestors(code)):
        inner = node.get(above) if isinstance(node, YamlMap) else None
        node = inner.get("children") if isinstance(inner, YamlMap) else None
    return node.get(code) if isinstance(node, YamlMap) else None
