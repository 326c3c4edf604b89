"""The process that queries: ``python -I -m postil_model.findings.query.child``.

It reads a `QueryRequest` from stdin and writes a `QueryResponse` to stdout. It is started with an empty environment,
and limits itself before it reads anything; the parent kills it when it takes too long.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from postil_model.findings.query.values import QueryAnswer, QueryRequest, QueryResponse, Value

MEMORY = 4_000_000_000  # bytes of addresses; macOS does not hold to it, the kill does
SECONDS = 20  # of processor


def limit() -> None:
    """No more than so much memory and time, and no file may be written."""
    with suppress(ImportError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CPU, SECONDS),
            (resource.RLIMIT_CORE, 0),
        ):
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (most, most))


def main() -> None:
    """Answer one `QueryRequest`."""
    limit()
    import msgspec

    from postil_model.findings.query.values import QueryRequest, QueryResponse

    ask = msgspec.json.decode(sys.stdin.buffer.read(), type=QueryRequest)
    try:
        told = answered(ask)
    except MemoryError:
        told = QueryResponse(error="there is not enough memory for this")
    sys.stdout.buffer.write(msgspec.json.encode(told))


def answered(ask: QueryRequest) -> QueryResponse:
    """Load, lock, and answer query by query."""
    import duckdb

    from postil_model.findings.query.loading import LoadingError, connect, load, lock
    from postil_model.findings.query.values import QueryResponse

    connection = connect()
    try:
        loaded = load(connection, ask.tables)
    except LoadingError as error:
        return QueryResponse(error=str(error))
    lock(connection, ask.tables)
    answers = tuple(_answer(connection, sql, ask) for sql in ask.queries)
    return QueryResponse(loaded, answers, engine=f"duckdb {duckdb.__version__}")


def _answer(connection: Any, sql: str, ask: QueryRequest) -> QueryAnswer:
    import duckdb

    from postil_model.findings.query.statement import RefusedError, check, first_line
    from postil_model.findings.query.values import QueryAnswer

    try:
        found = connection.execute(check(sql, connection, ask.tables.keys()))
        columns = tuple(str(column[0]) for column in found.description)
        rows = found.fetchmany(ask.most_rows + 1)
    except RefusedError as error:
        return QueryAnswer(error=str(error))
    except duckdb.Error as error:
        return QueryAnswer(error=first_line(error))

    return QueryAnswer(columns, tuple(tuple(map(_plain, row)) for row in rows))


def _plain(cell: object) -> Value:
    import datetime
    import decimal

    if isinstance(cell, decimal.Decimal):
        return float(cell)
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    return cell if isinstance(cell, (str, int, float, bool)) or cell is None else str(cell)


if __name__ == "__main__":
    main()
