"""The codes that imported codings name: found in the codebook by id, path, former id or label, or added to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count

from postil_base.ids import is_name, suggest_name
from postil_base.problem import PostilError
from postil_base.yaml.write import Value
from postil_codebook.changes.edit import add_code
from postil_codebook.load import load_codebook
from postil_codebook.values import Code, Codebook
from postil_codebook.write import code_fields
from postil_formats.codings.sources.rows import mode_of

IMPORTED = "imported"


_SURE = re.compile(r"\s*(?:>|\\+|::|→|»)\s*")  # signs that stand in no code's own name
_PREFIXED = re.compile(r"([^:]{2,60}):\s+(?=[^:]*[^\W\d])(\S[^:]{0,60})")
_DOTTED = re.compile(r"(?<=\w)\.(?=[^\W\d_])")
_ROOTS = frozenset(("nodes", "codes", "code system", "codesystem"))  # what NVivo and MAXQDA call the top
_COMMA = re.compile(r"\s*[,，、]\s*")


def code_parts(name: str) -> tuple[str, ...]:
    """The levels of a code's name as programs write them, the last is the code itself.

    >>> code_parts("Selection > Price"), code_parts("Selection: Advice"), code_parts("process.comparison")
    (('Selection', 'Price'), ('Selection', 'Advice'), ('process', 'comparison'))
    >>> code_parts("Codes\\\\Selection\\\\Price"), code_parts("speed/accuracy"), code_parts("v1.2")
    (('Selection', 'Price'), ('speed/accuracy',), ('v1.2',))
    """
    parts = [part for part in _SURE.split(name.strip()) if part]
    if len(parts) > 1 and parts[0].casefold() in _ROOTS:
        parts = parts[1:]
    if len(parts) == 1 and (prefixed := _PREFIXED.fullmatch(parts[0])):
        parts = [prefixed[1].strip(), prefixed[2].strip()]
    if len(parts) == 1 and all(len(piece) > 2 for piece in _DOTTED.split(parts[0])):
        parts = _DOTTED.split(parts[0])
    return tuple(parts) or (name,)


class CodeNames:
    """Looks codes up and remembers what was not found.

    ``commas``: whether a comma separates codes ("separate"), is part of a name ("keep"), or is asked about ("").
    ``meanings``: what the person said names stand for.
    """

    def __init__(self, book: Codebook, commas: str = "", meanings: Mapping[str, str] | None = None) -> None:
        self.book, self.commas = book, commas
        self.meanings = {name.casefold(): meaning for name, meaning in (meanings or {}).items()}
        self.meant: set[str] = set()  # names of ``meanings`` that were met
        self.beside: frozenset[str] = frozenset()  # names that the files have alone, without any sign
        self.unknown: Counter[str] = Counter()
        self.hints: dict[str, str] = {}  # unknown name → which codes it may mean
        self._by_label: dict[str, list[str]] = {}
        for code in book.codes.values():
            self._by_label.setdefault(code.label.casefold(), []).append(code.id)

    def find(self, name: str) -> str | None:
        """The id of the code meant; None for an unknown one, which is counted."""
        found = self._known(name)
        if found is None:
            self.unknown[name] += 1
        return found

    def knows(self, name: str) -> bool:
        """Whether the codebook has a code of this name."""
        return self._known(mode_of(name)[0]) is not None

    def calls(self, name: str) -> bool:
        """Whether a code is called so, sign for sign, or by a path whose levels are."""
        if self.book.resolve(name) or name.casefold() in self._by_label or name.casefold() in self.beside:
            return True
        parts = code_parts(name)
        return len(parts) > 1 and all(part.casefold() in self._by_label or self.book.resolve(part) for part in parts)

    def _known(self, name: str) -> str | None:
        labelled = self._by_label.get(name.casefold(), [])
        found = self.book.resolve(name) or (labelled[0] if len(labelled) == 1 else None)
        if found is not None:
            return found
        if labelled:  # several codes have this label: the one at the top is meant, or it is a question
            tops = [code for code in labelled if self.book.codes[code].parent in (None, IMPORTED)]
            self.hints[name] = f"{len(labelled)} codes have this label: {', '.join(map(self.book.code_path, labelled))}"
            return tops[0] if len(tops) == 1 else None
        parts = code_parts(name)
        if len(parts) == 1 and parts[0] != name:
            return self._known(parts[0])
        return self._by_path(name, parts) if len(parts) > 1 else self.book.resolve(suggest_name(name) or name)

    def _by_path(self, name: str, parts: Sequence[str]) -> str | None:
        """The one code of this name below codes of these names; one elsewhere is no more than a hint."""
        last = [code.id for code in self.book.codes.values() if is_called(code, parts[-1])]
        above = list(reversed(parts[:-1]))
        fitting = [
            code
            for code in last
            if len(chain := self.book.ancestors(code)) >= len(above)
            and all(is_called(self.book.codes[id_], part) for id_, part in zip(chain, above, strict=False))
        ]
        if len(fitting) == 1:
            return fitting[0]
        if last:
            self.hints[name] = f"the codebook has {', '.join(map(self.book.code_path, fitting or last))}"
            return None
        return self.book.resolve(suggest_name(name) or name)

    def said(self, name: str) -> str | None:
        """What the person said a name stands for, codes with ``;`` between them; None when nothing was said."""
        found = self.meanings.get(name.strip().casefold())
        if found is not None:
            self.meant.add(name.strip().casefold())
        return found

    def parts(self, name: str) -> tuple[str, ...] | None:
        """The codes a name with a comma stands for; None where it can be read in two ways."""
        pieces = tuple(filter(None, _COMMA.split(name)))
        if len(pieces) < 2 or self.commas == "keep" or self._known(mode_of(name)[0]) is not None:
            return (name,)
        known = all(self._known(mode_of(piece)[0]) is not None for piece in pieces)
        return pieces if known or self.commas == "separate" else None


def is_called(code: Code, name: str) -> bool:
    """Whether a code has this label or id, in whatever case."""
    return name.casefold() == code.label.casefold() or suggest_name(name) == code.id


def with_new_codes(text: str, path: str, names: Iterable[str]) -> str:
    """A codebook's text with these codes below the heading ``imported``, or below the code their name says."""
    listed = sorted(names, key=lambda name: len(code_parts(name)))  # a plain name has the first claim on its id
    used = {tuple(part.casefold() for part in code_parts(name)) for name in listed}
    for name in listed:
        book, _ = load_codebook(text, path)
        parent: str | None = None
        parts = code_parts(name)
        if len(parts) == 1 and book.resolve(_id_of(parts[0])) is not None:
            continue
        for depth, part in enumerate(parts, 1):
            book, _ = load_codebook(text, path)
            there = _child(book, parent, part, len(parts) > 1)
            if there is None:
                codable = tuple(p.casefold() for p in parts[:depth]) in used
                text, there = _added(text, path, book, part, parent, codable)
            parent = there
    return text


def _id_of(name: str) -> str:
    code = name if is_name(name) else suggest_name(name)
    if not is_name(code):
        raise PostilError(f"the code {name!r} cannot be added: nothing of it can be an id. Add a code by hand.")
    return code


def _child(book: Codebook, parent: str | None, part: str, in_path: bool) -> str | None:
    """The code of this name below a parent; at the top also below ``imported``."""
    levels = (parent,) if parent is not None else (None, IMPORTED) if in_path else ()
    found = [id_ for level in levels for id_ in book.children(level) if is_called(book.codes[id_], part)]
    return found[0] if found else None


def _added(text: str, path: str, book: Codebook, name: str, parent: str | None, codable: bool) -> tuple[str, str]:
    """The text with one more code, and its id: of the name alone, with its parent's before it, or with a number."""
    if parent is None and IMPORTED not in book.codes:
        heading: dict[str, Value] = {"label": "Imported", "codable": False}
        text = add_code(text, path, IMPORTED, heading)
    plain = _id_of(name)
    numbered = (f"{plain}-{number}" for number in count(2))
    code = next(id_ for id_ in chain([plain, f"{parent or IMPORTED}-{plain}"], numbered) if book.resolve(id_) is None)
    fields: dict[str, Value] = {"label": name} if name != code else {}
    return add_code(text, path, code, fields | ({} if codable else {"codable": False}), parent or IMPORTED), code


def new_code_paths(text: str, path: str, before: Codebook) -> list[str]:
    """The paths of the codes that a codebook's text has more than a book, in its order; headings are none."""
    book, _ = load_codebook(text, path)
    return [book.code_path(code.id) for code in book.codes.values() if code.id not in before.codes and code.codable]


def with_codebook(text: str, path: str, other: Codebook) -> str:
    """A codebook's text with what another book has more, each code below the heading it has there."""
    for code in other.codes.values():
        book, _ = load_codebook(text, path)
        if book.resolve(code.id) is None:
            parent = code.parent if code.parent is not None and book.resolve(code.parent) is not None else None
            text = add_code(text, path, code.id, code_fields(code), parent)
    return text
