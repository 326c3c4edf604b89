"""A framework matrix in a spreadsheet: participants by themes, the cells' lines as bullets."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from postil_base.plural import subject
from postil_base.problem import PostilError

# a mark or a number in front of a line; a minus before a digit is a minus
_MARK = re.compile(r"(?:[-–](?!\d)|[•*·▪◦]|\d{1,2}[.)](?=\s))\s*")


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What one cell says, word for word and bullet by bullet."""

    row: str  # the participant as the file names it
    column: str  # the theme as the file names it
    text: str
    bullets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatrixTable:
    """All cells of a file that hold something, row by row."""

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[MatrixCell, ...]
    warnings: tuple[str, ...] = ()


def bullets(text: str) -> tuple[str, ...]:
    """The lines of a cell without their marks.

    >>> bullets("- cost\\n\\n2. speed\\n5.5 GB, -3 degrees")
    ('cost', 'speed', '5.5 GB, -3 degrees')
    """
    lines = (line.strip() for line in text.splitlines())
    found = (_MARK.sub("", line, count=1).strip() if _MARK.match(line) else line for line in lines)
    return tuple(line for line in found if line)


def read_matrix(data: bytes, name: str, is_participant: Callable[[str], bool], *, encoding: str = "") -> MatrixTable:
    """Read a matrix; one that has its participants in the first row is turned round."""
    rows, warnings = _rows(data, name, encoding)
    width = max(len(row) for row in rows)
    grid = [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in rows]
    down = sum(is_participant(row[0]) for row in grid[1:])
    across = sum(map(is_participant, grid[0][1:]))
    if across > down:
        grid = [list(column) for column in zip(*grid, strict=True)]
    elif not down:
        heads = ", ".join(repr(row[0]) for row in grid[1:6])
        raise PostilError(
            f"{name}: no row is named for a participant of the study (found {heads}). Say who is meant with "
            "--row NAME=PARTICIPANT, or import the transcripts first."
        )
    return _table(name, grid, warnings)


def _rows(data: bytes, name: str, encoding: str) -> tuple[list[list[str]], tuple[str, ...]]:
    from postil_formats.texts.tables.sheets import csv_rows, xlsx_sheets

    suffix = PurePath(name).suffix.lower()
    if suffix in (".csv", ".tsv"):
        rows, _, warnings = csv_rows(data, name, encoding)
        return rows, warnings
    if suffix != ".xlsx":
        raise PostilError(f"{name}: a framework matrix is read from .xlsx or .csv files.")
    filled = [(title, rows) for title, rows in xlsx_sheets(data, name) if len(rows) > 1]
    if not filled:
        raise PostilError(f"{name} holds no rows below a heading; nothing to import.")
    return filled[0][1], tuple(f"the sheet {title!r} was not read" for title, _ in filled[1:])


def _table(name: str, grid: Sequence[Sequence[str]], warnings: Sequence[str]) -> MatrixTable:
    columns = _unique(grid[0][1:], name)
    rows = [row for row in grid[1:] if row[0]]
    nameless = sum(1 for row in grid[1:] if not row[0] and any(row))
    said = [f"{subject(nameless, 'row', 'has')} no participant and were not read"] if nameless else []
    cells = [
        MatrixCell(row[0], column, text, bullets(text))
        for row in rows
        for column, text in zip(columns, row[1:], strict=True)
        if column and bullets(text)
    ]
    stray = sum(1 for row in rows for column, text in zip(columns, row[1:], strict=True) if text and not column)
    said += [f"{subject(stray, 'cell', 'stands')} in a column without a heading and were not read"] if stray else []
    return MatrixTable(
        name, tuple(row[0] for row in rows), tuple(filter(None, columns)), tuple(cells), (*warnings, *said)
    )


def _unique(columns: Sequence[str], name: str) -> list[str]:
    """Headings on one line; two of the same name would fall into one theme."""
    found = [" ".join(column.split()) for column in columns]
    twice = next((column for column in found if column and found.count(column) > 1), "")
    if twice:
        raise PostilError(f"{name} has two columns {twice!r}; give each theme a heading of its own.")
    return found
