"""The codes that imported codings name: found in the codebook by id, path, former id or label, or added to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from postil_base.ids import is_name, suggest_name
from postil_base.problem import PostilError
from postil_base.yaml_write import Value
from postil_codebook.edit import add_code
from postil_codebook.load import load_codebook
from postil_codebook.types import Codebook
from postil_codebook.write import code_fields

IMPORTED = "imported"


class CodeNames:
    """Looks codes up and remembers what was not found."""

    def __init__(self, book: Codebook) -> None:
        self.book = book
        self.unknown: Counter[str] = Counter()
        self._labels = _unique({code.label.casefold(): code.id for code in book.codes.values()}, book)

    def find(self, name: str) -> str | None:
        """The id of the code meant; None for an unknown one, which is counted."""
        found = self.book.resolve(name) or self._labels.get(name.casefold())
        found = found or self.book.resolve(suggest_name(name) or name)
        if found is None:
            self.unknown[name] += 1
        return found


def _unique(labels: Mapping[str, str], book: Codebook) -> dict[str, str]:
    """Labels that one code alone has."""
    counts = Counter(code.label.casefold() for code in book.codes.values())
    return {label: id_ for label, id_ in labels.items() if counts[label] == 1}


def with_new_codes(text: str, path: str, names: Iterable[str]) -> str:
    """A codebook's text with these codes below the heading ``imported``."""
    book, _ = load_codebook(text, path)
    for name in names:
        code = name if is_name(name) else suggest_name(name)
        if not is_name(code):
            raise PostilError(f"the code {name!r} cannot be added: nothing of it can be an id. Add a code by hand.")
        if book.resolve(code) is not None:
            continue
        if IMPORTED not in book.codes:
            heading: dict[str, Value] = {"label": "Imported", "codable": False}
            text = add_code(text, path, IMPORTED, heading)
        fields: dict[str, Value] = {"label": name} if name != code else {}
        text = add_code(text, path, code, fields, IMPORTED)
        book, _ = load_codebook(text, path)
    return text


def with_codebook(text: str, path: str, other: Codebook) -> str:
    """A codebook's text with what another book has more, each code below the heading it has there."""
    for code in other.codes.values():
        book, _ = load_codebook(text, path)
        if book.resolve(code.id) is None:
            parent = code.parent if code.parent is not None and book.resolve(code.parent) is not None else None
            text = add_code(text, path, code.id, code_fields(code), parent)
    return text
