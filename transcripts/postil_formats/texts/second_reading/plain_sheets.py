"""Plain readings of tables: all cells, row by row."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from postil_formats.texts.decoding import decode
from postil_formats.texts.recognised import ReadOptions
from postil_formats.texts.second_reading.plain import Part
from postil_formats.texts.tables.sheets import filled_rows

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def csv(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """The text of the table itself: what separates its cells is no word."""
    return [Part(re.sub(r"\Asep=.\n", "", decode(data, name, options.encoding).text))]


def workbook(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """The cells of the first sheet that has any. Times are left to the importer: they are numbers to the program."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    try:
        for sheet in book.worksheets:
            cells = [cell for _, row in filled_rows(sheet) for cell in row if cell is not None]
            if cells:
                return [Part(_written(cell)) for cell in cells]
        return []
    finally:
        book.close()


def _written(cell: object) -> str:
    whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell)) if whole else str(cell) if isinstance(cell, (str, int, float)) else ""  # type: ignore[call-overload]


def ods(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """The paragraphs of all cells that hold text, and of the notes on cells."""
    from postil_formats.texts.containers import Archive

    found = []
    for cell in Archive(data, name).xml("content.xml").iter(f"{_TABLE}table-cell"):
        text = " ".join("".join(map(str, p.itertext())) for p in cell.iter(f"{_TEXT}p"))
        again = cell.get(f"{_TABLE}number-columns-repeated", "1") if text else "1"
        if cell.get(f"{_OFFICE}value-type", "string") == "string":
            found += [Part(text)] * (int(again) if again.isdecimal() and len(again) < 4 else 1)
    return found
