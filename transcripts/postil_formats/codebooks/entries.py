"""Codes as other programs and people list them, put together into a codebook: ids, parents, order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from postil_base.ids import is_name, suggest_name
from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_codebook.load import ORIGINS
from postil_codebook.references import MAX_LABEL
from postil_codebook.values import Code, Codebook, CodeGroup


@dataclass(frozen=True)
class CodebookEntry:
    """One code of a list. ``parent`` is a name, an id or a path; ``depth`` counts where the order of rows says it."""

    row: int
    name: str
    id: str = ""  # as the file has it; numbers only link rows
    parent: str = ""
    depth: int | None = None
    texts: Mapping[str, str] = field(default_factory=dict)  # definition, include, exclude, memo, origin, color
    examples: tuple[str, ...] = ()
    codable: bool = True


@dataclass(frozen=True)
class BookRead:
    """A codebook that was read, and what there is to say about it."""

    book: Codebook
    warnings: tuple[str, ...] = ()


def codebook_of(
    entries: Sequence[CodebookEntry],
    file: str,
    *,
    title: str = "",
    version: str = "",
    warnings: Iterable[str] = (),
    groups: Mapping[str, tuple[Sequence[str], bool]] | None = None,
) -> BookRead:
    """Put a list together; parents that have no row of their own become headings."""
    if not entries:
        raise PostilError(f"{file} holds no codes; nothing was written.")
    maker = _CodeMaker(file)
    maker.add([_named(entry, file) for entry in entries])
    made = Codebook(title, version, maker.in_order(), _groups(groups or {}, maker.codes))
    return BookRead(made, (*warnings, *maker.told))


def _named(entry: CodebookEntry, file: str) -> CodebookEntry:
    """The entry with its name on one line; what is too long for a name is refused."""
    name = " ".join(entry.name.split())
    if len(name) > MAX_LABEL:
        raise PostilError(
            f"{file}, row {entry.row}: a name of {counted(len(name), 'character')} "
            "is none; is it a definition? Put names into a "
            "column `label` and definitions into a column `definition`. Nothing was written."
        )
    return replace(entry, name=name, parent=" ".join(entry.parent.split())[:MAX_LABEL])


def _groups(groups: Mapping[str, tuple[Sequence[str], bool]], codes: Mapping[str, Code]) -> dict[str, CodeGroup]:
    """Groups whose codes are named by their labels; those that more than one code has are left out."""
    labels: dict[str, list[str]] = {}
    for code in codes.values():
        labels.setdefault(code.label, []).append(code.id)
    made: dict[str, CodeGroup] = {}
    for label, (names, exclusive) in groups.items():
        found = [labels[name][0] for name in names if len(labels.get(name, ())) == 1]
        if len(found) > 1:
            id_ = suggest_name(label) or f"group-{len(made) + 1}"
            made[id_] = CodeGroup(id_, tuple(found), exclusive, label)
    return made


class _CodeMaker:
    def __init__(self, file: str) -> None:
        self.file = file
        self.codes: dict[str, Code] = {}
        self.told: list[str] = []
        self._of: dict[str, str] = {}  # what a code may be called in the file → its id here
        self._rows: dict[tuple[str, str], int] = {}

    def add(self, entries: Sequence[CodebookEntry]) -> None:
        parents = [self._parent_name(number, entries) for number in range(len(entries))]
        ids = self._ids(entries, parents)
        for entry, id_ in zip(entries, ids, strict=True):
            for name in (entry.name, entry.id, id_):
                if name:
                    self._of.setdefault(name.casefold(), id_)
        for number, (entry, id_) in enumerate(zip(entries, ids, strict=True)):
            parent = self._parent(number, entries, ids, parents[number])
            self._once(entry, parent or "")
            self.codes[id_] = _code(entry, id_, parent)
        self._check_circles()

    def _parent_name(self, number: int, entries: Sequence[CodebookEntry]) -> str:
        """The parent's name: given, or the nearest row above that stands less deep."""
        entry = entries[number]
        if entry.parent or not entry.depth:
            return entry.parent
        above = (other for other in reversed(entries[:number]) if other.depth is not None)
        return next((other.name for other in above if (other.depth or 0) < (entry.depth or 0)), "")

    def _ids(self, entries: Sequence[CodebookEntry], parents: Sequence[str]) -> list[str]:
        """An id for each: the file's, made of the name, with the parent's before it, or with a number."""
        taken: set[str] = set()
        made = []
        for number, (entry, parent) in enumerate(zip(entries, parents, strict=True), 1):
            own = entry.id if is_name(entry.id) and not entry.id.isdigit() else ""
            plain = suggest_name(entry.name)
            wanted = [own, plain, f"{suggest_name(parent)}-{plain}" if parent and plain else "", f"code-{number}"]
            numbered = (f"{plain or 'code'}-{n}" for n in range(2, len(entries) + 3))
            id_ = next(name for name in (*wanted, *numbered) if is_name(name) and name not in taken)
            taken.add(id_)
            made.append(id_)
        return made

    def _parent(self, number: int, entries: Sequence[CodebookEntry], ids: Sequence[str], name: str) -> str | None:
        """The parent's id; of several of that name the nearest above."""
        if not name:
            return None
        last = name.rsplit("/", 1)[-1]
        path = [part.casefold() for part in re.split(r"\s*[>\\]\s*", name) if part.strip()]
        if len(path) > 1:  # the parent by its path
            under = [n for n, e in enumerate(entries) if n != number and e.name.casefold() == path[-1]]
            under = [n for n in under if re.split(r"\s*[>\\]\s*", entries[n].parent.casefold())[-1] == path[-2]]
            if len(under) == 1:
                return ids[under[0]]
        same = [
            n for n, e in enumerate(entries) if n != number and name.casefold() in (e.name.casefold(), e.id.casefold())
        ]
        if same:
            return ids[max((n for n in same if n < number), default=same[0])]
        if (found := self._of.get(last.casefold())) is not None and found != ids[number]:
            return found
        return self._heading(name)

    def _heading(self, name: str) -> str:
        """A parent without a row."""
        plain = suggest_name(name) or f"heading-{len(self.codes) + 1}"
        id_ = plain if plain not in self._of.values() else f"{plain}-heading"
        self.codes[id_] = Code(id_, name, codable=False)
        self._of[name.casefold()] = id_
        self.told.append(f"{name!r} is named as a parent and has no row of its own; it becomes a heading")
        return id_

    def _once(self, entry: CodebookEntry, parent: str) -> None:
        key = (entry.name.casefold(), parent)
        if key in self._rows:
            raise PostilError(
                f"{self.file}: the code {entry.name!r} is there twice (rows {self._rows[key]} and {entry.row}). "
                "Rename one of the two, or join them. Nothing was written."
            )
        self._rows[key] = entry.row

    def _check_circles(self) -> None:
        for code in self.codes.values():
            seen, above = {code.id}, code.parent
            while above is not None and above in self.codes:
                if above in seen:
                    raise PostilError(f"{self.file}: {code.label!r} stands below itself. Nothing was written.")
                seen.add(above)
                above = self.codes[above].parent

    def in_order(self) -> dict[str, Code]:
        """Parents before their children, else in the file's order."""
        placed: dict[str, Code] = {}

        def place(code: Code) -> None:
            if code.parent is not None and code.parent not in placed:
                place(self.codes[code.parent])
            placed.setdefault(code.id, code)

        for code in self.codes.values():
            place(code)
        return placed


def _code(entry: CodebookEntry, id_: str, parent: str | None) -> Code:
    texts = {key: text.strip() for key, text in entry.texts.items()}
    if texts.get("origin", "") not in ("", *ORIGINS):  # somebody's own word for it
        texts["memo"] = "\n".join(filter(None, (texts.get("memo", ""), f"Origin: {texts.pop('origin')}")))
    return Code(
        id_,
        entry.name,
        parent,
        definition=texts.get("definition", ""),
        include=texts.get("include", ""),
        exclude=texts.get("exclude", ""),
        examples=entry.examples,
        origin=texts.get("origin", ""),
        color=texts.get("color", ""),
        codable=entry.codable,
        memo=texts.get("memo", ""),
    )
