"""Notes on the cells of a spreadsheet, as notes on the words of their row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from postil_formats.texts.containers import Archive
from postil_formats.texts.recognised import SourceNote
from postil_formats.texts.tables.rows import RowsRead

if TYPE_CHECKING:
    from lxml import etree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_THREADS = re.compile(r"\[Threaded comment\].*?(?:Comment|Kommentar|Commentaire|Comentario):\s*", re.S)


class CellNote(NamedTuple):
    """A note on a cell: the sheet's title, the row counted from 0, who wrote it and when."""

    sheet: str
    row: int
    author: str
    text: str
    date: str = ""


def placed(notes: Sequence[CellNote], made: RowsRead, filled: Sequence[int]) -> tuple[list[SourceNote], list[str]]:
    """The notes on the words of their rows; ``filled`` are the sheet's rows that were read, in order."""
    place = {number: index for index, number in enumerate(filled)}
    found: list[SourceNote] = []
    lost: list[str] = []
    for note in notes:
        spots = made.words(place[note.row]) if note.row in place else None
        if spots is None:
            lost.append(f"a note in row {note.row + 1} is on no words of a turn; it is kept for the whole transcript")
        first, last = spots or (None, None)
        found.append(SourceNote(note.text, first, last, None, note.author, note.date, "cell-notes"))
    return found, lost


def xlsx_notes(data: bytes, name: str) -> list[CellNote]:
    """The notes of all sheets of a workbook (.xlsx), in the order of the file."""
    archive = Archive(data, name)
    if not any("comments" in part.lower() for part in archive.names) or "xl/workbook.xml" not in archive:
        return []
    book, links = archive.xml("xl/workbook.xml"), archive.targets("xl/workbook.xml")
    found: list[CellNote] = []
    for sheet in book.iter(f"{_MAIN}sheet"):
        part = links.get(sheet.get(_LINK, ""), ("", ""))[1]
        for kind, target in archive.targets(part).values():
            if kind == "comments" and target in archive:
                found += _notes(archive.xml(target), sheet.get("name", ""))
    return found


def _notes(root: etree._Element, sheet: str) -> Iterator[CellNote]:
    authors = [author.text or "" for author in root.iter(f"{_MAIN}author")]
    for comment in root.iter(f"{_MAIN}comment"):
        row = re.fullmatch(r"\$?[A-Z]{1,3}\$?(\d{1,7})", comment.get("ref", ""))
        text = "".join(t.text or "" for t in comment.iter(f"{_MAIN}t")).strip()
        number = comment.get("authorId", "")
        author = authors[int(number)] if number.isascii() and number.isdigit() and int(number) < len(authors) else ""
        told = author and text.startswith(f"{author}:")  # Excel writes the author into the note as well
        plain = _THREADS.sub("", text.removeprefix(f"{author}:") if told else text).strip()
        if plain:
            yield CellNote(sheet, int(row[1]) - 1 if row else -1, "" if author.startswith("tc=") else author, plain)
