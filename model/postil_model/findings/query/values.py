"""What goes to the child process that queries data, and what comes back."""

from __future__ import annotations

import msgspec

Value = str | int | float | bool | None


class DataSource(msgspec.Struct, frozen=True):
    """A table to load: its file, and what the file does not say itself."""

    path: str  # absolute
    columns: tuple[str, ...] = ()  # of a csv or tsv file without a row of headings
    table: str = ""  # of an SQLite file or the sheet of a workbook


class QueryRequest(msgspec.Struct, frozen=True):
    """Queries over the same tables."""

    tables: dict[str, DataSource]
    queries: tuple[str, ...]
    most_rows: int = 1


class Loaded(msgspec.Struct, frozen=True):
    """What was loaded: rows, the type of each column, and what had to be decided on the way."""

    rows: int
    columns: dict[str, str]
    remarks: tuple[str, ...] = ()


class QueryAnswer(msgspec.Struct, frozen=True):
    """The rows of one query, or why there are none."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Value, ...], ...] = ()
    error: str = ""


class QueryResponse(msgspec.Struct, frozen=True):
    """All answers, in the order of the queries; ``error`` when the data could not be loaded."""

    tables: dict[str, Loaded] = {}
    answers: tuple[QueryAnswer, ...] = ()
    error: str = ""
    engine: str = ""
