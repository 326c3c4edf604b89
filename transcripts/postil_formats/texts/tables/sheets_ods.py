"""OpenDocument spreadsheets (.ods) as rows of text, with the notes on their cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from postil_base.problem import PostilError
from postil_formats.texts.containers import Archive
from postil_formats.texts.decoding import check_size
from postil_formats.texts.recognised import ReadOptions, Recognised
from postil_formats.texts.tables.sheet_notes import CellNote
from postil_formats.texts.tables.sheets import MAX_COLUMNS, MAX_ROWS, Sheets, read_sheets

if TYPE_CHECKING:
    from lxml import etree

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?")


def read(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read a transcript in the first sheet of an .ods file that has rows."""
    sheets, notes = ods_sheets(data, name)
    return read_sheets(sheets, name, options, notes)


def ods_sheets(data: bytes, name: str) -> tuple[Sheets, list[CellNote]]:
    """Title and rows of each sheet, as text, and the notes on cells."""
    check_size(data, name)
    body = Archive(data, name).xml("content.xml").find(f"{_OFFICE}body/{_OFFICE}spreadsheet")
    if body is None:
        raise PostilError(f"{name} is not an OpenDocument spreadsheet (.ods).")
    sheets: Sheets = []
    notes: list[CellNote] = []
    for table in body.iter(f"{_TABLE}table"):
        title = table.get(f"{_TABLE}name", "")
        sheets.append((title, _rows(table, title, name, notes)))
    return sheets, notes


def _rows(table: etree._Element, title: str, name: str, notes: list[CellNote]) -> list[list[str]]:
    rows: list[list[str]] = []
    empty = 0
    for element in table.iter(f"{_TABLE}table-row"):
        row = list(_cells(element, title, len(rows) + empty, notes))
        while row and not row[-1]:
            row.pop()
        again = _repeated(element, "rows")
        if not row:
            empty += again  # thousands of empty rows stand below every sheet
            continue
        rows += [[] for _ in range(min(empty, MAX_ROWS))] + [row] * min(again, MAX_ROWS)
        empty = 0
        if len(rows) > MAX_ROWS:
            raise PostilError(f"{name} has more than {MAX_ROWS} rows; no transcript has that many.")
    return rows


def _cells(row: etree._Element, title: str, number: int, notes: list[CellNote]) -> Iterator[str]:
    count = 0
    for element in row.iter(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        for note in element.findall(f"{_OFFICE}annotation"):
            author, date = note.findtext(f"{_DC}creator", ""), note.findtext(f"{_DC}date", "")
            notes.append(CellNote(title, number, author, _words(note), date))
        text = _value(element)
        for _ in range(min(_repeated(element, "columns"), MAX_COLUMNS - count)):
            count += 1
            yield text


def _value(element: etree._Element) -> str:
    """What a cell says: a time as a clock, a date and a number as they are stored, anything else as it is shown."""
    kind = element.get(f"{_OFFICE}value-type", "")
    if kind == "time":
        match = _DURATION.fullmatch(element.get(f"{_OFFICE}time-value", ""))
        if match is not None:
            hours, minutes, seconds, part = match.groups()
            whole = f"{int(hours or 0):02d}:{int(minutes or 0):02d}:{int(seconds or 0):02d}"
            return f"{whole}.{part[:3]}" if part and int(part) else whole
    if kind == "date":
        return element.get(f"{_OFFICE}date-value", "").replace("T", " ")
    if kind == "float":
        return element.get(f"{_OFFICE}value", "").removesuffix(".0")
    return _words(element)


def _words(element: etree._Element) -> str:
    """The paragraphs of a cell or a note."""
    from postil_formats.texts.documents.open_document import paragraph_text

    return "\n".join(paragraph_text(paragraph) for paragraph in element.findall(f"{_TEXT}p")).strip()


def _repeated(element: etree._Element, what: str) -> int:
    text = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(text[:7]) if text.isascii() and text.isdigit() else 1
