"""OpenDocument text (.odt): paragraphs, headings and comments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from postil_base.problem import PostilError
from postil_transcripts.importers.containers import Archive
from postil_transcripts.importers.decoding import check_size
from postil_transcripts.importers.lines import Line
from postil_transcripts.importers.recognised import Options, Recognised, SourceNote
from postil_transcripts.importers.speech import Spoken, read_lines, with_notes

if TYPE_CHECKING:
    from lxml import etree

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_SKIPPED = {"tracked-changes", "sequence-decls", "note", "frame", "bookmark", "variable-decls", "forms"}


@dataclass(slots=True)
class _Comment:
    text: str
    author: str
    date: str
    start: tuple[int, int]
    end: tuple[int, int] | None = None


@dataclass(slots=True)
class _Document:
    lines: list[Line] = field(default_factory=list)
    comments: dict[str, _Comment] = field(default_factory=dict)
    left_out: int = 0


def read(data: bytes, name: str, options: Options) -> Recognised:
    """Read an .odt file."""
    check_size(data, name)
    root = Archive(data, name).xml("content.xml")
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise PostilError(f"{name} is not an OpenDocument text (.odt).")
    table = _table_rows(body)
    if table:
        return _read_table(body, table, name)
    document = _Document()
    for element in body.iter(f"{_TEXT}p", f"{_TEXT}h"):
        if not any(_name(above) in _SKIPPED or _name(above) == "annotation" for above in element.iterancestors()):
            _paragraph(element, document)
    spoken = read_lines(document.lines, "OpenDocument", told=options.labels)
    left_out = [f"left out: {document.left_out} footnotes or frames"] if document.left_out else []
    return with_notes(spoken, list(_notes(document, spoken)), *left_out)


def _table_rows(body: etree._Element) -> list[list[str]]:
    """The rows of the tables, when most words stand in tables of two columns or more; nothing otherwise."""
    rows = [[_cell(cell) for cell in row.iter(f"{_TABLE}table-cell")] for row in body.iter(f"{_TABLE}table-row")]
    rows = [row for row in rows if len(row) >= 2]
    inside = sum(len(cell.split()) for row in rows for cell in row)
    total = sum(len("".join(str(t) for t in p.itertext()).split()) for p in body.iter(f"{_TEXT}p", f"{_TEXT}h"))
    return rows if len(rows) >= 2 and inside > total - inside else []


def _read_table(body: etree._Element, rows: list[list[str]], name: str) -> Recognised:
    """A transcript in a table; what stands above or below is a header."""
    from postil_transcripts.importers.rows import read_rows

    made = read_rows(rows, name, "OpenDocument table")
    paragraphs = body.iter(f"{_TEXT}p", f"{_TEXT}h")
    outside = (p for p in paragraphs if not any(_name(above) == "table" for above in p.iterancestors()))
    lines = ("".join(_texts(p, _Document(), [0, 0])).strip() for p in outside)
    return replace(made, header=(*filter(None, lines), *made.header))


def _cell(cell: etree._Element) -> str:
    return "\n".join("".join(_texts(p, _Document(), [0, 0])).strip() for p in cell.iter(f"{_TEXT}p", f"{_TEXT}h"))


def _notes(document: _Document, spoken: Spoken) -> Iterator[SourceNote]:
    for comment in document.comments.values():
        start = comment.start if comment.end else (comment.start[0], 0)
        spots = spoken.map.span(start, comment.end or comment.start)
        first, last = spots or (None, None)
        yield SourceNote(comment.text, first, last, None, comment.author, comment.date, "comments")


def _paragraph(element: etree._Element, document: _Document) -> None:
    number = len(document.lines)
    text = "".join(_texts(element, document, [number, 0]))
    heading = _name(element) == "h"
    listed = any(_name(above) == "list-item" for above in element.iterancestors())
    for index, part in enumerate(text.split("\n")):
        document.lines.append(Line(part, glued=index > 0, heading=heading, quoted=listed))


def _texts(element: etree._Element, document: _Document, here: list[int]) -> Iterator[str]:
    """The text of an element in order; ``here`` is the line and offset reached."""
    yield _counted(element.text, here)
    for child in element:
        name = _name(child)
        if name == "annotation":
            _comment(child, document, here)
        elif name == "annotation-end":
            known = document.comments.get(child.get(f"{_OFFICE}name", ""))
            if known is not None:
                known.end = (here[0], here[1])
        elif name in _SKIPPED:
            document.left_out += name in ("note", "frame")
        elif name == "s":
            count = child.get(f"{_TEXT}c", "1")
            yield _counted(" " * (min(int(count), 200) if count.isascii() and count.isdigit() else 1), here)
        elif name in ("tab", "line-break"):
            yield _counted("\t" if name == "tab" else "\n", here, literal=True)
        else:
            yield from _texts(child, document, here)
        yield _counted(child.tail, here)


def _counted(text: str | None, here: list[int], *, literal: bool = False) -> str:
    made = text or ""
    if not literal:
        made = made.replace("\n", " ").replace("\t", " ")
    if made == "\n":
        here[0], here[1] = here[0] + 1, 0
    else:
        here[1] += len(made)
    return made


def _comment(element: etree._Element, document: _Document, here: list[int]) -> None:
    key = element.get(f"{_OFFICE}name", "") or f"#{len(document.comments)}"
    text = "\n".join("".join(str(part) for part in p.itertext()) for p in element.iter(f"{_TEXT}p"))
    author, date = element.findtext(f"{_DC}creator", ""), element.findtext(f"{_DC}date", "")
    document.comments[key] = _Comment(text.strip(), author, date, (here[0], here[1]))


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
