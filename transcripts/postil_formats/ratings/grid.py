"""Rows of cells of a CSV file or a workbook, each with its line, and how the file was read."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from postil_base.problem import PostilError
from postil_formats.texts.decoding import decode
from postil_formats.texts.tables.sheets import xlsx_sheets
from postil_formats.texts.tables.sheets_ods import ods_sheets

SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas"}


@dataclass(frozen=True, slots=True)
class RatingRow:
    """A row that is not empty: its line in the file (row in a sheet), and its cells without white space around them."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RatingGrid:
    """The rows of a file; ``how`` says in words what was recognised, ``warnings`` what may be wrong."""

    rows: tuple[RatingRow, ...]
    how: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    separator: str = ""  # between the cells of a text file

    @property
    def width(self) -> int:
        """Cells of the longest row."""
        return max((len(row.cells) for row in self.rows), default=0)


def read_grid(data: bytes, name: str, encoding: str = "", *, sets: bool = False) -> RatingGrid:
    """Read the cells of a file by its content; with ``sets`` a semicolon is no separator if another one fits."""
    if data.startswith(b"PK\x03\x04") or PurePath(name).suffix.lower() in (".xlsx", ".xlsm", ".ods", ".xls"):
        return _workbook(data, name)
    decoded = decode(data, name, encoding)
    how = [] if decoded.encoding == "utf-8" else [f"encoding {decoded.encoding}"]
    told = re.match(
        r"(?i)\ufeff?\"?sep=([,;|\t])\"?[ \t,;]*\n", decoded.text
    )  # by which Excel tells itself the separator
    text = decoded.text[told.end() :] if told else decoded.text
    separator = told[1] if told else _separator(text, sets)
    rows = tuple(_csv_rows(text, separator, name, 1 if told else 0))
    if separator:
        how.append(f"{SEPARATORS[separator]} between cells" + (" (as its line sep= says)" if told else ""))
    else:
        how.append("spaces between cells")
    warnings = tuple(w for w in decoded.warnings if not w.startswith("no byte order mark"))
    if separator == "|":
        rows = tuple(
            row for row in rows if not all(re.fullmatch(r":?-{2,}:?|", cell) for cell in row.cells)
        )  # Markdown
    return RatingGrid(rows, tuple(how), warnings, separator)


def _csv_rows(text: str, separator: str, name: str, above: int) -> Iterator[RatingRow]:
    if not separator:
        for number, line in enumerate(text.split("\n"), 1 + above):
            if line.strip():
                yield RatingRow(number, tuple(map(_clean, line.split())))
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            cleaned = tuple(map(_clean, cells))
            if any(cleaned):
                yield RatingRow(reader.line_num + above, cleaned)
    except csv.Error as error:
        raise PostilError(f"{name}:{reader.line_num + above}: this is not CSV: {error}.") from None


def _clean(cell: str) -> str:
    """Spaces around a cell are dropped; a cell of nothing but spaces of any kind is empty."""
    return cell.strip(" \t\r\n") if cell.strip() else ""


def _separator(text: str, sets: bool) -> str:
    """The separator that stands in every line and gives rows of one width; "" for columns parted by spaces."""
    lines = [line for line in text.split("\n")[:200] if line.strip(" \t,;|\r")]
    order = [",", "\t", "|", ";"] if sets else list(SEPARATORS)
    scores = {separator: _evenness(lines, separator) for separator in order}
    best = max(order, key=lambda separator: scores[separator])
    if scores[best] > 0:
        return best
    widths = {len(line.split()) for line in lines}
    return "" if len(widths) == 1 and widths != {1} else ","


def _evenness(lines: Sequence[str], separator: str) -> float:
    """Share of rows with the commonest width, 0 if most rows have one cell."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    width, times = Counter(widths).most_common(1)[0]
    return times / len(widths) if width > 1 else 0.0


def _workbook(data: bytes, name: str) -> RatingGrid:
    is_ods = PurePath(name).suffix.lower() == ".ods"
    sheets = ods_sheets(data, name)[0] if is_ods else xlsx_sheets(data, name)
    filled = [(title, rows) for title, rows in sheets if rows]
    if not filled:
        return RatingGrid(())
    title, rows = filled[0]
    cells = (tuple(_clean(cell) for cell in row) for row in rows)
    kept = tuple(RatingRow(number, row) for number, row in enumerate(cells, 1) if any(row))
    others = tuple(f"the sheet {other!r} was not read" for other, _ in filled[1:])
    return RatingGrid(kept, (f"sheet {title!r}",), others)
