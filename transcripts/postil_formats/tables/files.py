"""Tables as files: CSV, XLSX, Markdown, HTML and LaTeX, with every cell made safe for where it goes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from postil_base.numbers import plain_decimals
from postil_base.problem import PostilError
from postil_base.quoting.csv import SUSPECT, clean_cell, csv_cell
from postil_base.quoting.markdown import markdown_cell
from postil_base.quoting.pages import page

if TYPE_CHECKING:
    import pandas

Cell = str | int | float | None
Delimiter = Literal[",", ";", "\t"]
LINES = 1_000  # of a CSV file that are written together
SHORT, MOST_KNOWN = 60, 50_000  # characters of texts that are kept while a file is written, and how many of them


class KOfN(str):
    """So many of so many, as ``11/12``; in CSV as ``11 of 12``, since spreadsheets take ``11/12`` for a day.

    >>> KOfN(11, 12), KOfN(11, 12).in_csv
    ('11/12', '11 of 12')
    """

    __slots__ = ()

    def __new__(cls, k: int, n: int) -> KOfN:
        """Make the text of two counts."""
        return super().__new__(cls, f"{k}/{n}")

    @property
    def in_csv(self) -> str:
        """What no spreadsheet takes for a date."""
        return self.replace("/", " of ")


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


def to_csv(table: Table, delimiter: Delimiter = ",", *, exact: bool = False) -> str:
    """CSV as spreadsheets read it (RFC 4180), LF at line ends; notes are left to the caller.

    Numbers have at most four digits after the point, all of them if ``exact``. With semicolons they have a decimal
    comma: spreadsheets that part cells by semicolons write numbers so, and take ``1.5`` for a day.
    """
    return "".join(csv_pieces(table.headers, table.rows, delimiter, exact=exact))


def csv_pieces(
    headers: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: Delimiter = ",", *, exact: bool = False
) -> Iterator[str]:
    """The same, piece by piece, for rows that are made while they are written."""
    cells = _CsvCells(delimiter, exact)
    lines: list[str] = []
    for row in chain([headers], rows):
        line = delimiter.join(map(cells.__getitem__, row))
        lines.append(line or '""' if row else "")  # a lone empty cell is no empty line
        if len(lines) == LINES:
            yield "\n".join([*lines, ""])
            lines.clear()
    if lines:
        yield "\n".join([*lines, ""])


class _CsvCells(dict[Cell, str]):
    """Each cell as it is written: short texts come again and again, and are made once.

    Quotation marks as in RFC 4180, where they are needed: what `csv.writer` writes, in a quarter of its time.
    """

    def __init__(self, delimiter: Delimiter, exact: bool) -> None:
        super().__init__()
        self.delimiter, self.exact = delimiter, exact

    def __missing__(self, cell: Cell) -> str:
        if type(cell) is int:
            return str(cell)
        if type(cell) is str and cell and cell[0] not in SUSPECT and cell.isprintable():  # nearly all texts
            made = cell
        elif isinstance(cell, str):
            made = cell.in_csv if isinstance(cell, KOfN) else csv_cell(cell)
        else:
            return _number_in_csv(cell, self.delimiter, self.exact)
        if '"' in made:
            made = '"' + made.replace('"', '""') + '"'
        elif self.delimiter in made or "\n" in made:
            made = f'"{made}"'
        if len(cell) < SHORT and not cell[:1].isdigit():  # a count is equal to its text, and is written otherwise
            if len(self) > MOST_KNOWN:
                self.clear()
            self[cell] = made
        return made


def _number_in_csv(cell: int | float | None, delimiter: Delimiter, exact: bool) -> str:
    text = "" if cell is None else repr(cell) if exact else shown(cell)
    return text.replace(".", ",") if delimiter == ";" else text


BOM = "\ufeff"  # by which spreadsheets know UTF-8; without it Excel takes CSV for Windows-1252


def csv_file(table: Table, delimiter: Delimiter = ",", *, exact: bool = False) -> bytes:
    """A CSV file to open in a spreadsheet: UTF-8 with a byte order mark."""
    return (BOM + to_csv(table, delimiter, exact=exact)).encode()


def to_markdown(table: Table) -> str:
    """A pipe table."""

    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(map(markdown_cell, cells))} |"

    body = [line(table.headers), line(["---"] * len(table.headers)), *(line(row) for row in table.strings())]
    return "\n".join([*body, *(["", *table.notes] if table.notes else [])]) + "\n"


TEMPLATES = Path(__file__).resolve().parent


def to_html(tables: Sequence[Table], title: str) -> str:
    """A page of its own, without anything from the network.

    It has one heading of the first level, a region for each table that scrolls by itself on narrow screens, and scopes.
    """
    return page("tables.html", TEMPLATES, title=title, tables=tables)


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
            sheet.append([typed(sheet, cell) for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "B2"
        for column in range(1, len(table.headers) + 1):
            longest = max((len(shown(row[column - 1])) for row in table.rows), default=0)
            sheet.column_dimensions[get_column_letter(column)].width = min(
                max(longest, len(table.headers[column - 1])) + 2, 60
            )
        for line in sheet.iter_rows():
            for cell in line:
                if isinstance(cell.value, str) and csv_cell(cell.value) != cell.value:
                    cell.quotePrefix = True  # stays text when somebody edits it
                if cell.row > 1:
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
        for note in table.notes:
            sheet.append([typed(sheet, note)])
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


def typed(sheet: Any, cell: Cell) -> Any:
    """A cell for a workbook. A text is marked as text: nothing in it is a formula, and it needs no apostrophe."""
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if not isinstance(cell, str):
        return cell
    made: Any = SheetCell(sheet, row=1, column=1, value="text")
    made._value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", clean_cell(cell))[:MOST]
    return made


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
