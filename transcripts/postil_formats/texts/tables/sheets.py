"""Reading CSV and XLSX into rows of text, within limits."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from postil_base.problem import PostilError
from postil_formats.texts.containers import Archive, check_xml
from postil_formats.texts.decoding import check_size, decode
from postil_formats.texts.recognised import ReadOptions, Recognised, TakenOff
from postil_formats.texts.tables.rows import read_rows, read_table

if TYPE_CHECKING:
    from postil_formats.texts.tables.sheet_notes import CellNote

Sheets = list[tuple[str, list[list[str]]]]
"""Titles and rows of the sheets of a workbook."""

MAX_ROWS, MAX_COLUMNS = 200_000, 500


def read_csv(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read a transcript in a .csv or .tsv file."""
    rows, encoding, warnings = csv_rows(data, name, options.encoding)
    made = read_rows(rows, name, "CSV rows", options)
    return _told(made, encoding, warnings)


def read_xlsx(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read a transcript in the first sheet of a workbook that has rows."""
    from postil_formats.texts.tables.sheet_notes import xlsx_notes

    return read_sheets(_all_rows(data, name), name, options, xlsx_notes(data, name))


def read_sheets(sheets: Sheets, name: str, options: ReadOptions, notes: Sequence[CellNote]) -> Recognised:
    """A transcript in the first sheet that has rows, with the notes on its cells; other sheets are named."""
    from postil_formats.texts.tables.sheet_notes import placed

    title, rows = next(((t, r) for t, r in sheets if any(map(any, r))), ("", []))
    filled = [number for number, row in enumerate(rows) if any(row)]
    others = [(t, r) for t, r in sheets if t != title and any(map(any, r))]
    made = read_table([rows[number] for number in filled], name, "spreadsheet rows", options)
    on_cells, lost = placed([note for note in notes if note.sheet == title], made, filled)
    known = made.spoken.recognised
    taken = [TakenOff(f"sheet {t}, not read", text) for t, r in others for row in r for text in row if text]
    full = replace(known, notes=(*known.notes, *on_cells), taken=(*known.taken, *taken))
    return _told(full, "", (*(f"the sheet {t!r} was not read" for t, _ in others), *lost))


def _told(made: Recognised, encoding: str, warnings: Sequence[str]) -> Recognised:
    return replace(made, encoding=encoding, warnings=(*warnings, *made.warnings))


def csv_rows(data: bytes, name: str, encoding: str = "") -> tuple[list[list[str]], str, tuple[str, ...]]:
    """The rows of a CSV file, whatever separates the cells; with its encoding and what there is to say about it."""
    decoded = decode(data, name, encoding)
    before = csv.field_size_limit(16 * 1024 * 1024)
    try:
        told = re.match(r"sep=([,;|\t])[ \t]*\n", decoded.text)  # a line by which Excel tells itself the separator
        text = decoded.text[told.end() :] if told else decoded.text
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=told[1] if told else _delimiter(text))
        rows = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise PostilError(f"{name} is not a sound CSV file: {error}. Save it as CSV UTF-8 again.") from error
    finally:
        csv.field_size_limit(before)
    if not rows:
        raise PostilError(f"{name} holds no rows; nothing to import.")
    return rows, decoded.encoding, decoded.warnings


def _delimiter(text: str) -> str:
    """The separator that splits the opening lines into most cells, counted outside quotes."""
    sample = text[:20_000]

    def cells(delimiter: str) -> float:
        try:
            rows = [row for row in csv.reader(io.StringIO(sample), delimiter=delimiter) if row][:20]
        except csv.Error:
            return 0
        return max((len(row) for row in rows[:1]), default=0) + sum(len(row) == len(rows[0]) for row in rows) / 100

    return max(",;\t|", key=cells)


def xlsx_sheets(data: bytes, name: str) -> Sheets:
    """Title and rows of each sheet of a workbook, as text, without the empty ones."""
    return [(title, [row for row in rows if row]) for title, rows in _all_rows(data, name)]


def _all_rows(data: bytes, name: str) -> Sheets:
    """Title and rows of each sheet, as text; an empty row is an empty list."""
    check_size(data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise PostilError(f"{name} is in Excel's old .xls format (or locked by a password). Save it as .xlsx.")
    formulas = _refuse_traps(data, name)
    try:
        sheets = _sheets(data, name, values=True)
        return _with_formulas(sheets, _sheets(data, name, values=False)) if formulas else sheets
    except PostilError:
        raise
    except Exception as error:  # openpyxl lets every kind of error through on damaged files
        raise PostilError(f"{name} is damaged or no workbook: {error}. Save it as .xlsx or .csv again.") from error


def _sheets(data: bytes, name: str, *, values: bool) -> Sheets:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=values)
    try:
        return [(str(sheet.title), _rows(sheet, name)) for sheet in book.worksheets]
    finally:
        book.close()


def _with_formulas(values: Sheets, formulas: Sheets) -> Sheets:
    """Words that start with ``=`` are a formula without a value to the program that wrote them; they are kept."""
    return [
        (title, [_filled(*pair) for pair in zip(rows, texts, strict=True)] if len(rows) == len(texts) else texts)
        for (title, rows), (_, texts) in zip(values, formulas, strict=True)
    ]


def _filled(row: list[str], written: list[str]) -> list[str]:
    values = [*row, *[""] * (len(written) - len(row))]
    return [value or formula for value, formula in zip(values, written, strict=True)]


def _refuse_traps(data: bytes, name: str) -> bool:
    """Look at the parts the workbook reader will parse: sizes, no document types. Tells whether there are formulas."""
    formulas = False
    archive = Archive(data, name)
    parts = [part for part in archive.names if part.startswith("xl/") and part.endswith(".xml")]
    if "[Content_Types].xml" not in archive or not parts:
        raise PostilError(f"{name} is not a workbook (.xlsx).")
    for part in parts:
        content = archive.read(part)
        formulas = formulas or b"<f>" in content or b"<f " in content
        check_xml(content, f"{name} ({part})")
    return formulas


def filled_rows(sheet: Any, most_columns: int | None = None) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Number (from 1) and values of each row of a sheet that has a value.

    One cell far below makes a million rows of nothing between; openpyxl hands out one tuple for all of them.
    """
    nothing: tuple[Any, ...] | None = None
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=most_columns), 1):
        if values is nothing:
            continue
        if all(value is None for value in values):
            nothing = values
        else:
            yield number, values


def _rows(sheet: Any, name: str) -> list[list[str]]:
    rows: list[list[str]] = []
    filled = 0
    for number, values in filled_rows(sheet, MAX_COLUMNS):
        row = [_text(value) for value in values]
        while row and not row[-1]:
            row.pop()
        rows.extend([[]] * (number - 1 - len(rows)))
        rows.append(row)
        filled += bool(row)
        if filled > MAX_ROWS:
            raise PostilError(f"{name} has more than {MAX_ROWS} rows; no transcript has that many.")
    return rows


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, timedelta):
        return _clock(value.total_seconds())
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time(0) else value.date().isoformat()
    if isinstance(value, time):
        return value.isoformat("milliseconds")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")


def _clock(seconds: float) -> str:
    whole = max(int(seconds), 0)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
