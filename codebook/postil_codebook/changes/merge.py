"""Two versions of a codebook made one: renames, merges, moves and deletions of either side are carried over.

Whatever one side did to the tree is done to the other one too, and to what both came from; then only fields differ,
and those are merged entry by entry. The result always is a codebook that reads.
"""

from __future__ import annotations

from contextlib import suppress

from postil_base.problem import PostilError
from postil_base.yaml.merge import YamlConflict, merge_yaml
from postil_base.yaml.places import YamlMap, YamlNode, load_yaml, plain
from postil_base.yaml.write import Value
from postil_codebook.changes import edit
from postil_codebook.changes.merge_union import union_of, with_former_names
from postil_codebook.changes.operations import Operation, operations
from postil_codebook.load import load_codebook
from postil_codebook.retired import merge_retired, retired_conflicts, without_retired
from postil_codebook.values import Codebook


def merge_codebooks(base: str, mine: str, theirs: str, path: str) -> tuple[str, tuple[YamlConflict, ...]]:
    """Merge two versions of a codebook's text that grew from ``base``."""
    try:
        return _replayed(base, mine, theirs, path)
    except PostilError as error:
        with suppress(PostilError):
            return union_of(base, mine, theirs, path)
        raise PostilError(
            f"{str(error).removesuffix('.')}. The two codebooks cannot be merged; take one, redo the other's change."
        ) from error


def _replayed(base: str, mine: str, theirs: str, path: str) -> tuple[str, tuple[YamlConflict, ...]]:
    texts = {"base": base, "mine": mine, "theirs": theirs}
    books = {side: load_codebook(text, path)[0] for side, text in texts.items()}
    replay = _Replay({side: without_retired(text, path) for side, text in texts.items()}, path, books["base"])
    for operation in operations(books["base"], books["theirs"]):
        replay.carry_over(operation, "theirs", "mine")
    for operation in operations(books["base"], books["mine"]):
        replay.carry_over(operation, "mine", "theirs")
    replay.align()
    texts = {side: without_retired(text, path) for side, text in replay.texts.items()}
    merged, conflicts = merge_yaml(texts["base"], texts["mine"], texts["theirs"], path)
    merged = with_former_names(merged, path, replay.book("mine"), replay.book("theirs"), books["mine"], books["theirs"])
    merged = merge_retired(merged, path, books["base"], (books["mine"], books["theirs"]))
    _check(merged, mine, books, path)
    asked = retired_conflicts(books["base"], books["mine"], books["theirs"])
    return merged, (*replay.conflicts, *(one for one in asked if one.where not in _places(replay)), *conflicts)


def _places(replay: _Replay) -> set[tuple[str, ...]]:
    return {conflict.where for conflict in replay.conflicts}


def _check(merged: str, mine: str, books: dict[str, Codebook], path: str) -> None:
    """A merged book must read as well as mine, and every code that nobody gave up must be in it."""
    book, problems = load_codebook(merged, path)
    known = {problem.rule for problem in load_codebook(mine, path)[1]}
    for problem in problems:
        if problem.severity == "error" and problem.rule not in known:
            raise PostilError(problem.message)
    for side, other in (("mine", "theirs"), ("theirs", "mine")):
        for code in books[side].codes:
            gone = books["base"].resolve(code) is not None and books[other].resolve(code) is None
            if not gone and book.resolve(code) is None:
                raise PostilError(f"the code {code!r} of {side} would be lost.")


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
