"""Tables as files: CSV, XLSX, Markdown, HTML and LaTeX, with every cell made safe for where it goes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from postil_base.numbers import plain_decimals
from postil_base.problem import PostilError
from postil_base.quoting.csv import csv_cell
from postil_base.quoting.html import html

if TYPE_CHECKING:
    import pandas

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a title and notes below it; ``None`` is an empty cell."""

    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    notes: tuple[str, ...] = ()

    def strings(self) -> list[list[str]]:
        """The rows as text, for a terminal."""
        return [[shown(cell) for cell in row] for row in self.rows]

    def frame(self) -> pandas.DataFrame:
        """As a pandas DataFrame."""
        import pandas

        return pandas.DataFrame(list(self.rows), columns=list(self.headers))


def shown(cell: Cell) -> str:
    """A cell as text; numbers with at most four digits after the point.

    >>> shown(0.5), shown(12), shown(None), shown(1 / 3)
    ('0.5', '12', '', '0.3333')
    """
    if cell is None:
        return ""
    return plain_decimals(cell) if isinstance(cell, float) else str(cell)


def whole_number(value: int) -> str:
    """A whole number as it is printed: thousands parted from 10,000 on, so that years stay years.

    >>> whole_number(2026), whole_number(63182)
    ('2026', '63,182')
    """
    return str(value) if abs(value) < 10_000 else f"{value:,}"


def to_csv(table: Table) -> str:
    """CSV as spreadsheets read it (RFC 4180), LF at line ends; notes are left to the caller."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([csv_cell(header) for header in table.headers])
    for row in table.rows:
        writer.writerow([csv_cell(cell) if isinstance(cell, str) else shown(cell) for cell in row])
    return out.getvalue()


def to_markdown(table: Table) -> str:
    """A pipe table."""

    def line(cells: Iterable[str]) -> str:
        return (
            "| "
            + " | ".join(cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ") for cell in cells)
            + " |"
        )

    body = [line(table.headers), line(["---"] * len(table.headers)), *(line(row) for row in table.strings())]
    return "\n".join([*body, *(["", *table.notes] if table.notes else [])]) + "\n"


_STYLE = (
    "body{font:15px/1.45 system-ui,sans-serif;margin:2rem;color:#1a1a1a}table{border-collapse:collapse}"
    "th,td{border:1px solid #d5d8de;padding:.35rem .6rem;text-align:left;vertical-align:top;white-space:pre-line}"
    "th{background:#f4f5f9;position:sticky;top:0}caption{text-align:left;font-weight:bold;padding:.5rem 0}"
)


def to_html(tables: Sequence[Table], title: str) -> str:
    """A page of its own, without anything from the network."""
    body = "\n".join(_html_table(table) for table in tables)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{html(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _html_table(table: Table) -> str:
    head = "".join(f'<th scope="col">{html(header)}</th>' for header in table.headers)
    rows = "\n".join("<tr>" + "".join(f"<td>{html(cell)}</td>" for cell in row) + "</tr>" for row in table.strings())
    caption = f"<caption>{html(table.title)}</caption>" if table.title else ""
    notes = "".join(f"<p>{html(note)}</p>\n" for note in table.notes)
    return f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n{notes}"


def to_xlsx(tables: Sequence[Table]) -> bytes:
    """A workbook with one sheet a table; the same tables give the same bytes."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for number, table in enumerate(tables, 1):
        sheet: Any = book.create_sheet(_sheet_title(table.title, number))
        for row in (table.headers, *table.rows):
            sheet.append([_cell(cell) for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "B2"
        for column in range(1, len(table.headers) + 1):
            longest = max((len(shown(row[column - 1])) for row in table.rows), default=0)
            sheet.column_dimensions[get_column_letter(column)].width = min(
                max(longest, len(table.headers[column - 1])) + 2, 60
            )
        for line in sheet.iter_rows(min_row=2):
            for cell in line:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        for note in table.notes:
            sheet.append([_cell(note)])
    return _same_bytes(book)


MOST = 32_000  # characters in a cell of a spreadsheet


def cut_cells(tables: Iterable[Table]) -> int:
    """How many cells are longer than a spreadsheet holds, and are cut in it."""
    return sum(1 for t in tables for row in t.rows for cell in row if isinstance(cell, str) and len(cell) > MOST)


def to_parquet(table: Table) -> bytes:
    """A Parquet file, with columns of numbers where all cells are numbers; needs the extra ``postil[parquet]``."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise PostilError(
            "Parquet files need pyarrow, which is not installed. Install it with: pip install 'postil[parquet]' "
            "(or write csv, which every program reads)."
        ) from error
    columns = {name: [row[place] for row in table.rows] for place, name in enumerate(table.headers)}
    arrays = [pyarrow.array(cells, _arrow_type(cells, pyarrow)) for cells in columns.values()]
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(arrays, names=list(columns)), out)
    return out.getvalue()


def _arrow_type(cells: Sequence[Cell], pyarrow: Any) -> Any:
    """Numbers stay numbers; a column without any cell, or of both kinds, is one of texts."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds and kinds <= {int}:
        return pyarrow.int64()
    return pyarrow.float64() if kinds and kinds <= {int, float} else pyarrow.string()


def _cell(cell: Cell) -> Cell:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return csv_cell(ILLEGAL_CHARACTERS_RE.sub("\ufffd", cell))[:MOST] if isinstance(cell, str) else cell


def _sheet_title(title: str, number: int) -> str:
    clean = "".join(" " if char in "[]:*?/\\" else char for char in title).strip()
    return clean[:31] or f"Sheet {number}"


def _same_bytes(book: Any) -> bytes:
    """The workbook without the time of writing."""
    import datetime
    import zipfile

    book.properties.created = book.properties.modified = datetime.datetime(2000, 1, 1)
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _without_time(data)
            target.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _without_time(data: bytes) -> bytes:
    import re

    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", data)
