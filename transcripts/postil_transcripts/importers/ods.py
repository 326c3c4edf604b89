"""Reading OpenDocument spreadsheets (.ods) into rows of text, within limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from postil_base.problem import PostilError
from postil_transcripts.importers.containers import Archive
from postil_transcripts.importers.decoding import check_size

if TYPE_CHECKING:
    from lxml import etree

MAX_ROWS, MAX_COLUMNS = 200_000, 500
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def ods_sheets(data: bytes, name: str) -> list[tuple[str, list[list[str]]]]:
    """Title and rows of each sheet, as text; empty rows and cells at the ends are dropped.

    Numbers come with a point and all their digits, whatever the sheet shows. Hidden rows are read: what a spreadsheet
    hides is data all the same.
    """
    check_size(data, name)
    body = Archive(data, name).xml("content.xml").find(f"{_OFFICE}body/{_OFFICE}spreadsheet")
    if body is None:
        raise PostilError(f"{name} is not an OpenDocument spreadsheet (.ods).")
    return [(t.get(f"{_TABLE}name", ""), _rows(t, name)) for t in body.iterchildren(f"{_TABLE}table")]


def _rows(table: etree._Element, name: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for element in table.iter(f"{_TABLE}table-row"):
        row = list(_cells(element))
        while row and not row[-1]:
            row.pop()
        if not row:
            continue
        rows += [row] * _repeated(element, "rows", MAX_ROWS)
        if len(rows) > MAX_ROWS:
            raise PostilError(f"{name} has more than {MAX_ROWS} rows; save the part that is wanted.")
    return rows


def _cells(row: etree._Element) -> Iterator[str]:
    left = MAX_COLUMNS
    for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        text = _text(cell)
        for _ in range(min(left, _repeated(cell, "columns", MAX_COLUMNS))):
            yield text
            left -= 1


def _text(cell: etree._Element) -> str:
    number = cell.get(f"{_OFFICE}value", "")
    if cell.get(f"{_OFFICE}value-type") == "float" and number:
        return number
    return "\n".join("".join(map(str, p.itertext())) for p in cell.iterchildren(f"{_TEXT}p"))


def _repeated(element: etree._Element, what: str, most: int) -> int:
    told = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return min(int(told), most) if told.isascii() and told.isdigit() else 1
