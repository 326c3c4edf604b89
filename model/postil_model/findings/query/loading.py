"""Data files into the tables of a database that is locked afterwards: no file, no network, no setting can be reached.

Cells stay what the file says. A column of a csv or tsv file is a number, a truth value or a date only when all of its
cells that are not empty can be read as one, so that no cell is lost to a guess; empty cells are missing values.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from postil_model.findings.query.statement import first_line
from postil_model.findings.query.values import DataSource, Loaded

# The kinds of files, by the ending.
ENDINGS = (".csv", ".tsv", ".json", ".ndjson", ".jsonl", ".parquet", ".xlsx", ".sqlite", ".sqlite3", ".db")
AS_VIEW = 50_000_000  # bytes of a Parquet file from which on it is read by each query instead of loaded
_SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "python_scan_all_frames": "false",
    "memory_limit": "'1GB'",
    "threads": "2",
    "temp_directory": "''",
    "max_temp_directory_size": "'0KB'",
    "max_execution_time": "10000",
    "allow_extension_repositories": "forbidden",
    "max_expression_depth": "250",
}
_GROUPED = r"^[+-]?\d{1,3}(,\d{3})+$"
_DATE = r"\d{4}-\d{2}-\d{2}"


class LoadingError(ValueError):
    """A data file that cannot be read as a table; the message names it."""


def connect() -> Any:
    """A database in memory that installs nothing and keeps nothing."""
    import duckdb

    connection = duckdb.connect(":memory:")
    for name, value in _SETTINGS.items():
        connection.execute(f"SET {name}={value if value[0] in chr(39) + '0123456789' else repr(value)}")
    return connection


def load(connection: Any, tables: Mapping[str, DataSource]) -> dict[str, Loaded]:
    """Make the tables; afterwards call `lock`."""
    import duckdb

    loaded = {}
    for name, source in tables.items():
        try:
            loaded[name] = _load(connection, name, source)
        except (duckdb.Error, OSError, ValueError, KeyError, sqlite3.Error) as error:
            raise LoadingError(f"{Path(source.path).name} could not be read: {first_line(error)}") from error
    return loaded


def lock(connection: Any, tables: Mapping[str, DataSource]) -> None:
    """Nothing but the tables can be reached from now on, and no setting can be changed back."""
    views = [source.path for source in tables.values() if _is_view(source)]
    if views:
        connection.execute(f"SET allowed_paths=[{', '.join(map(_text, views))}]")
    else:
        connection.execute("SET disabled_filesystems='LocalFileSystem'")
    connection.execute("SET enable_external_access=false")
    connection.execute("SET lock_configuration=true")


def _load(connection: Any, name: str, source: DataSource) -> Loaded:
    ending = Path(source.path).suffix.lower()
    remarks: tuple[str, ...] = ()
    if ending in (".csv", ".tsv"):
        remarks = _load_text(connection, name, source, "\t" if ending == ".tsv" else "")
    elif ending in (".json", ".ndjson", ".jsonl"):
        how = "array" if ending == ".json" else "newline_delimited"
        call = f"read_json({_text(source.path)}, format={_text(how)}, sample_size=-1, maximum_object_size=50000000)"
        connection.execute(f"CREATE TABLE {_name(name)} AS SELECT * FROM {call}")
    elif ending == ".parquet":
        kind = "VIEW" if _is_view(source) else "TABLE"
        connection.execute(f"CREATE {kind} {_name(name)} AS SELECT * FROM read_parquet({_text(source.path)})")
    elif ending == ".xlsx":
        _insert(connection, name, *_sheet(source))
    elif ending in (".sqlite", ".sqlite3", ".db"):
        _insert(connection, name, *_sqlite(source))
    else:
        raise ValueError(f"data files are {', '.join(ENDINGS)}")
    described = connection.execute(f"DESCRIBE {_name(name)}").fetchall()
    count = connection.execute(f"SELECT count(*) FROM {_name(name)}").fetchone()[0]
    return Loaded(count, {str(row[0]): str(row[1]) for row in described}, remarks)


def _is_view(source: DataSource) -> bool:
    path = Path(source.path)
    return path.suffix.lower() == ".parquet" and path.stat().st_size > AS_VIEW


def _load_text(connection: Any, name: str, source: DataSource, delimiter: str) -> tuple[str, ...]:
    """A file of cells: everything as text first, then each column as what all of its cells are."""
    options = ["all_varchar=true", "sample_size=-1", "strict_mode=true", "null_padding=false"]
    options.append(f"header={'false' if source.columns else 'true'}")
    if source.columns:
        options.append(f"names=[{', '.join(map(_text, source.columns))}]")
    if delimiter:
        options.append(f"delim={_text(delimiter)}")
    raw = _name(f"{name} as it stands")
    connection.execute(f"CREATE TABLE {raw} AS SELECT * FROM read_csv({_text(source.path)}, {', '.join(options)})")
    columns = [str(row[0]) for row in connection.execute(f"DESCRIBE {raw}").fetchall()]
    chosen, remarks = [], []
    for column in columns:
        expression, remark = _typed(connection, raw, _name(column), column)
        chosen.append(f"{expression} AS {_name(column)}")
        remarks += [remark] if remark else []
    connection.execute(f"CREATE TABLE {_name(name)} AS SELECT {', '.join(chosen)} FROM {raw}")
    connection.execute(f"DROP TABLE {raw}")
    return tuple(remarks)


def _typed(connection: Any, raw: str, column: str, called: str) -> tuple[str, str]:
    """How a column of text is read, and what is to be said of it."""
    cell = f"nullif(trim({column}), '')"
    plain = f"CASE WHEN regexp_full_match({cell}, '{_GROUPED}') THEN replace({cell}, ',', '') ELSE {cell} END"
    tests = {
        "filled": f"count({cell})",
        "BIGINT": f"count(try_cast({plain} AS BIGINT)) FILTER (WHERE regexp_full_match({plain}, '[+-]?[0-9]+'))",
        "DOUBLE": f"count(try_cast({plain} AS DOUBLE))",
        "BOOLEAN": f"count(*) FILTER (WHERE lower({cell}) IN ('true', 'false'))",
        "DATE": f"count(try_cast({cell} AS DATE)) FILTER (WHERE regexp_full_match({cell}, '{_DATE}'))",
        "grouped": f"count(*) FILTER (WHERE regexp_full_match({cell}, '{_GROUPED}'))",
        "leading": f"count(*) FILTER (WHERE regexp_full_match({cell}, '[+-]?0[0-9]+'))",
    }
    row = connection.execute(f"SELECT {', '.join(tests.values())} FROM {raw}").fetchone()
    found = dict(zip(tests, row, strict=True))
    filled, grouped = found["filled"], found["grouped"]
    if not filled or found["leading"]:  # 007 is a name
        return cell, ""
    for kind in ("BIGINT", "DOUBLE", "BOOLEAN", "DATE"):
        if found[kind] == filled:
            number = kind in ("BIGINT", "DOUBLE")
            of = plain if number else cell
            told = f"{called}: {grouped} of {filled} cells have commas between thousands"
            said = told if grouped and number else ""
            return f"CAST({of} AS {kind})", said
    if found["DOUBLE"] >= 0.9 * filled:
        odd = filled - found["DOUBLE"]
        return cell, f"{called}: {odd} of {filled} cells cannot be read as numbers, so the column is text"
    return cell, ""


def _sheet(source: DataSource) -> tuple[list[str], list[list[Any]]]:
    import openpyxl

    book = openpyxl.load_workbook(source.path, read_only=True, data_only=True)
    if source.table and source.table not in book.sheetnames:
        raise ValueError(f"there is no sheet {source.table!r}; there is {', '.join(book.sheetnames)}")
    rows = (list(row) for row in book[source.table or book.sheetnames[0]].iter_rows(values_only=True))
    headings = list(source.columns) or [str(cell) for cell in next(rows, [])]
    return headings, [row for row in rows if any(cell is not None for cell in row)]


def _sqlite(source: DataSource) -> tuple[list[str], list[list[Any]]]:
    connection = sqlite3.connect(f"file:{source.path}?mode=ro", uri=True)
    try:
        known = [
            row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        chosen = source.table or (known[0] if len(known) == 1 else "")
        if chosen not in known:
            raise ValueError(f"say which table: `table: NAME`; there is {', '.join(known) or 'none'}")
        found = connection.execute(f"SELECT * FROM {_name(chosen)}")
        return [str(column[0]) for column in found.description], [list(row) for row in found]
    finally:
        connection.close()


def _insert(connection: Any, name: str, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows of Python values; a column of several kinds is text."""
    cells = [[_plain(row[at]) if at < len(row) else None for row in rows] for at in range(len(headings))]
    kinds = [_kind(column) for column in cells]
    made = ", ".join(f"{_name(heading)} {kind}" for heading, kind in zip(headings, kinds, strict=True))
    connection.execute(f"CREATE TABLE {_name(name)} ({made})")
    columns = [
        [None if cell is None else str(cell) for cell in column] if kind == "VARCHAR" else column
        for column, kind in zip(cells, kinds, strict=True)
    ]
    if rows:
        each = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in kinds)
        connection.execute(f"INSERT INTO {_name(name)} SELECT {each}", columns)


def _plain(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell.strip() or None
    return cell if isinstance(cell, (int, float, bool)) or cell is None else str(cell)


def _kind(cells: Iterable[Any]) -> str:
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {bool}:
        return "BOOLEAN"
    if kinds == {int}:
        return "BIGINT"
    return "DOUBLE" if kinds and kinds <= {int, float} else "VARCHAR"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
