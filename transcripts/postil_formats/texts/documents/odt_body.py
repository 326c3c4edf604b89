"""Walks the body of an OpenDocument text: paragraphs, tables, comments, notes, as the values Word files become.

What was deleted with tracked changes stands outside the flow in this format, so that it is not met.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from postil_formats.texts.documents.docx_parts import Aside, Comment, Paragraph, Table, TextRun, WordFile
from postil_formats.texts.documents.docx_symbols import symbols
from postil_formats.texts.recognised import TakenOff

if TYPE_CHECKING:
    from lxml import etree

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_SKIPPED = {"tracked-changes", "forms", "script", "number", "note-citation", "title", "desc", "event-listeners"}
_HIDDEN = {"hidden-text", "hidden-paragraph"}
_GROUPS = {"table-header-rows", "table-rows", "table-row-group"}
_MOST = 200  # spaces in a row, and columns
Blocks = list["Paragraph | Table"]


class Styles(NamedTuple):
    """What styles say that matters for words: which hide them, and which are in a font of symbols."""

    hidden: frozenset[str] = frozenset()
    fonts: dict[str, str] = {}  # a tuple's default is never changed


class OdtReader:
    """Reads blocks into lists."""

    def __init__(self, file: WordFile, styles: Styles | None = None) -> None:
        self.file, self.styles = file, styles or Styles()
        self.hidden = self.styles.hidden
        self.comments: dict[str, Comment] = {}
        self.notes: dict[tuple[str, str], str] = {}
        file.comments, file.notes = self.comments, self.notes

    def blocks(self, parent: etree._Element, into: Blocks, *, listed: bool = False) -> None:
        """Read the paragraphs and tables of an element."""
        for child in parent:
            name = local(child)
            if name in ("p", "h"):
                into.append(self.paragraph(child, listed=listed))
            elif name == "table":
                self._table(child, into)
            elif name in ("frame", "custom-shape", "rect"):
                made = Paragraph()
                self._frame(child, made, 0)
                into += [made] if made.asides else []
            elif name not in _SKIPPED and not name.endswith("-decls"):
                self.blocks(child, into, listed=listed or name in ("list-item", "list-header"))

    def paragraph(self, element: etree._Element, *, listed: bool = False) -> Paragraph:
        """A paragraph or a heading."""
        made = Paragraph(heading=local(element) == "h", listed=listed)
        if element.get(f"{TEXT}style-name", "") in self.hidden:
            self.file.counted["hidden text"] += 1
            return made
        pieces = list(self._pieces(element, made, [0]))
        made.runs = [TextRun("".join(pieces))] if pieces else []
        return made

    def _pieces(self, element: etree._Element, made: Paragraph, length: list[int]) -> Iterator[str]:
        """The text of an element in order; ``length`` holds how much there is so far."""
        yield _counted(_plain(element.text), length)
        for child in element:
            name = local(child)
            if name == "s":
                yield _counted(" " * _number(child.get(f"{TEXT}c", "1")), length)
            elif name in ("tab", "line-break"):
                yield _counted("\t" if name == "tab" else "\n", length)
            elif name in ("annotation", "annotation-end", "note", "frame", "custom-shape", "ruby"):
                yield from self._hanging(child, name, made, length)
            elif name in _HIDDEN or child.get(f"{TEXT}style-name", "") in self.hidden:
                self.file.counted["hidden text"] += 1
            elif name not in _SKIPPED and isinstance(child.tag, str):
                font = self.styles.fonts.get(child.get(f"{TEXT}style-name", ""), "")
                inner = self._pieces(child, made, length)
                yield from (symbols(font, piece) for piece in inner) if font else inner
            yield _counted(_plain(child.tail), length)

    def _hanging(self, child: etree._Element, name: str, made: Paragraph, length: list[int]) -> Iterator[str]:
        """Comments, notes, frames and reading aids; only the words below an aid are text."""
        if name == "annotation":
            key = child.get(f"{OFFICE}name", "") or f"#{len(self.comments)}"
            author, date = child.findtext(f"{_DC}creator", ""), child.findtext(f"{_DC}date", "")
            self.comments[key] = Comment(author, date, self._words(child))
            made.comment_starts[key] = length[0]
            made.asides.append(Aside(length[0], "comment", key))
        elif name == "annotation-end":
            made.comment_ends[child.get(f"{OFFICE}name", "")] = length[0]
        elif name == "note":
            kind = "endnote" if child.get(f"{TEXT}note-class") == "endnote" else "footnote"
            body = child.find(f"{TEXT}note-body")
            self.notes[kind, str(len(self.notes))] = self._words(body) if body is not None else ""
            made.asides.append(Aside(length[0], kind, str(len(self.notes) - 1)))
        elif name == "ruby":
            base, aid = child.find(f"{TEXT}ruby-base"), child.findtext(f"{TEXT}ruby-text", "")
            self.file.taken += [TakenOff("reading aid (ruby)", aid)] if aid else []
            yield from self._pieces(base, made, length) if base is not None else ()
        else:
            self._frame(child, made, length[0])

    def _frame(self, element: etree._Element, made: Paragraph, length: int) -> None:
        words = self._words(element)
        if words:
            made.asides.append(Aside(length, "text box", words))
        else:
            self.file.counted["pictures"] += 1

    def _words(self, element: etree._Element) -> str:
        inner: Blocks = []
        OdtReader(WordFile(), self.styles).blocks(element, inner)
        return "\n".join(line for paragraph in _flat(inner) if (line := paragraph.text.strip()))

    def _table(self, element: etree._Element, into: Blocks) -> None:
        """A table; one that only frames other tables is taken off them."""
        rows = [self._row(row) for row in _rows(element)]
        framed = any(isinstance(block, list) for row in rows for cell in row for block in cell)
        if framed and all(len(row) == 1 for row in rows):
            into += [block for row in rows for block in row[0]]
        else:
            into.append([[_flat(cell) for cell in row] for row in rows])

    def _row(self, row: etree._Element) -> list[Blocks]:
        cells: list[Blocks] = []
        for element in row:
            if local(element) in ("table-cell", "covered-table-cell"):
                cells.append([])
                self.blocks(element, cells[-1])
                again = _number(element.get(f"{TABLE}number-columns-repeated", "1"))
                cells += [[] for _ in range(1, again)] if not cells[-1] else []
        return cells


def read_styles(*roots: etree._Element | None) -> Styles:
    """The names of styles that hide their text, and those of symbol fonts with their font."""
    hidden, fonts = set(), {}
    for root in roots:
        for style in root.iter(f"{STYLE}style") if root is not None else ():
            properties = style.find(f"{STYLE}text-properties")
            if properties is None:
                continue
            name, font = style.get(f"{STYLE}name", ""), properties.get(f"{STYLE}font-name", "")
            if properties.get(f"{TEXT}display") == "none":
                hidden.add(name)
            if font.lower().startswith(("wingdings", "symbol", "webdings")):
                fonts[name] = font
    return Styles(frozenset(hidden), fonts)


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if local(child) == "table-row":
            yield child
        elif local(child) in _GROUPS:
            yield from _rows(child)


def _plain(text: str | None) -> str:
    """White space of the file is one space; soft hyphens are not read."""
    return re.sub(r"[ \t\r\n]+", " ", text).replace("\xad", "") if text else ""


def _counted(text: str, length: list[int]) -> str:
    length[0] += len(text)
    return text


def _number(text: str) -> int:
    return min(int(text[:6]), _MOST) if text.isascii() and text.isdigit() else 1


def _flat(blocks: Blocks) -> list[Paragraph]:
    found: list[Paragraph] = []
    for block in blocks:
        found += [block] if isinstance(block, Paragraph) else [p for row in block for cell in row for p in cell]
    return found
