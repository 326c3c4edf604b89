"""An SQLite file of a stranger: loaded into memory, read only, with limits; nothing in it is carried out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid5

from postil_base.problem import PostilError

MAGIC = b"SQLite format 3\x00"
TAGUETTE_ID = 0x54677474
_LONGEST = 32 * 1024 * 1024  # of one cell
_MOST = 128 * 1024 * 1024  # of all cells that are read
_OURS = UUID("6b1f0d0a-6a0b-5c3e-9d5e-0b8f5a2f6c11")

Row = Mapping[str, Any]


class _RecordRow(dict[str, Any]):
    """A row that says so when a column is asked for that it must have."""

    def __init__(self, cells: Mapping[str, Any], where: str) -> None:
        super().__init__(cells)
        self.where = where

    def __missing__(self, column: str) -> Any:
        raise PostilError(f"{self.where} has no column {column!r}, without which it cannot be read. Nothing was read.")


class Database:
    """The tables of a database."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self.name = name
        self._connection = connection
        connection.row_factory = sqlite3.Row
        self._read: dict[str, list[Row]] = {}
        self._size = 0
        self._by_key: dict[tuple[str, str], dict[object, list[Row]]] = {}
        self.tables = self._tables()

    def _tables(self) -> frozenset[str]:
        """Real tables only: a view could be a query without end."""
        query = "select name from sqlite_master where type = 'table' and sql not like 'create virtual%'"
        return frozenset(str(row["name"]) for row in self._run(query))

    @property
    def application(self) -> int:
        """The id by which programs mark their databases."""
        return int(next(iter(self._run("pragma application_id")))[0])

    def rows(self, table: str) -> list[Row]:
        """All rows of a table; none when there is no such table, as in older versions."""
        if table not in self.tables:
            return []
        if table not in self._read:
            self._read[table] = list(self._rows(table))
        return self._read[table]

    def _rows(self, table: str) -> Iterator[Row]:
        """Row by row, within a limit for all of them: a column can be computed, and so larger than the whole file."""
        where = f"{self.name}: its table {table}"
        for row in self._run(f'select * from "{table}"'):  # names of ours alone
            made = _RecordRow(dict(row), where)
            self._size += sum(len(cell) for cell in made.values() if isinstance(cell, str | bytes))
            if self._size > _MOST:
                raise PostilError(f"{where} holds more than {_MOST >> 20} MB of text. Nothing was read.")
            yield made

    def loose(self, table: str, key: str, owner: str) -> int:
        """How many rows of a table belong to no row of another."""
        known = {row.get("id") for row in self.rows(owner)}
        return sum(row.get(key) not in known for row in self.rows(table))

    def rows_of(self, table: str, key: str, value: object) -> list[Row]:
        """The rows of a table in which a column has a value."""
        index = self._by_key.setdefault((table, key), {})
        if not index:
            for row in self.rows(table):
                index.setdefault(row.get(key), []).append(row)
        return index.get(value, [])

    def _run(self, query: str) -> Iterator[sqlite3.Row]:
        try:
            yield from self._connection.execute(query)
        except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
            raise PostilError(
                f"{self.name} is damaged or not what its name says: {error}. Nothing was read."
            ) from error


@contextmanager
def opened(data: bytes, name: str) -> Iterator[Database]:
    """Open a database from its bytes."""
    if not data.startswith(MAGIC):
        raise PostilError(f"{name} is no SQLite database, so it is no project of Taguette, QualCoder or qc.")
    connection = sqlite3.connect(":memory:")
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        connection.set_progress_handler(_Patience().spent, 10_000)
        try:
            connection.deserialize(_without_log(data))
            connection.execute("pragma query_only = on")
            connection.execute("pragma trusted_schema = off")
        except (sqlite3.Error, OverflowError) as error:
            raise PostilError(f"{name} is a damaged database: {error}. Nothing was read.") from error
        yield Database(connection, name)
    finally:
        connection.close()


class _Patience:
    """Stops a database that keeps the reader busy on purpose."""

    def __init__(self) -> None:
        self._left = 50_000  # times 10,000 instructions

    def spent(self) -> int:
        """1 to stop."""
        self._left -= 1
        return int(self._left < 0)


def _without_log(data: bytes) -> bytes:
    """A database in write-ahead mode can be opened from memory only when its header says otherwise."""
    return data if len(data) < 20 or data[18:20] == b"\x01\x01" else data[:18] + b"\x01\x01" + data[20:]


def made_guid(*parts: object) -> str:
    """A GUID that is the same each time, for what has none."""
    return str(uuid5(_OURS, "/".join(str(part) for part in parts))).upper()


def text(value: Any) -> str:
    """A cell as text; nothing is nothing."""
    if value is None:
        return ""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def whole(value: Any) -> int | None:
    """A cell as a whole number; None if it is none."""
    return value if isinstance(value, int) else None


def utc(value: Any) -> str:
    """A time as programs store it (``2024-03-03 10:00:00.123``) in the standard's form; empty if it is none.

    >>> utc("2024-03-03 10:00:00.123456"), utc("yesterday")
    ('2024-03-03T10:00:00Z', '')
    """
    from re import match

    found = match(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)", text(value))
    return f"{found[1]}T{found[2]}Z" if found else ""
