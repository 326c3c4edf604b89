"""Data files as tables: every cell counted, missing ones missing; and a child that cannot be kept busy for ever."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from postil_base.problem import PostilError
from postil_model.findings.query.running import run
from postil_model.findings.query.values import DataSource, QueryAnswer, QueryRequest, QueryResponse
from tests.shared_data import SHARED, needs_shared

pytest.importorskip("duckdb")

ROWS = [("a", 10, True, "mit"), ("b", 2, False, None), ("c", None, True, "mit"), ("d", 5, False, None)]
COUNTS = "SELECT count(*), count(license), sum(n), count(*) FILTER (WHERE card) FROM data"
BY_HAND = (4, 2, 17, 2)


def ask(path: Path, *sql: str, columns: tuple[str, ...] = (), table: str = "", most: int = 100) -> QueryResponse:
    return run(QueryRequest({"data": DataSource(str(path), columns, table)}, sql, most))


def rows(answer: QueryAnswer) -> tuple[tuple[object, ...], ...]:
    assert not answer.error, answer.error
    return answer.rows


def text(value: object) -> str:
    return "" if value is None else str(value)


def write(folder: Path, kind: str) -> Path:
    path = folder / f"models.{kind}"
    records = [dict(zip(("id", "n", "card", "license"), row, strict=True)) for row in ROWS]
    if kind in ("csv", "tsv"):
        mark = "," if kind == "csv" else "\t"
        lines = [mark.join(("id", "n", "card", "license")), *(mark.join(map(text, row)) for row in ROWS)]
        path.write_text("\n".join(lines) + "\n", "utf-8")
    elif kind == "json":
        path.write_text(json.dumps(records), "utf-8")
    elif kind == "ndjson":
        path.write_text("\n".join(map(json.dumps, records)), "utf-8")
    elif kind == "parquet":
        duckdb = pytest.importorskip("duckdb")
        (folder / "p.json").write_text(json.dumps(records), "utf-8")
        duckdb.connect().execute(f"COPY (SELECT * FROM '{folder / 'p.json'}') TO '{path}' (FORMAT parquet)")
    elif kind == "xlsx":
        book = openpyxl.Workbook()
        sheet: Any = book.active
        for row in (("id", "n", "card", "license"), *ROWS):
            sheet.append(row)
        book.save(path)
    else:
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE models (id TEXT, n INTEGER, card INTEGER, license TEXT)")
        connection.executemany("INSERT INTO models VALUES (?, ?, ?, ?)", ROWS)
        connection.commit()
        connection.close()
    return path


@pytest.mark.parametrize("kind", ["csv", "tsv", "json", "ndjson", "parquet", "xlsx", "sqlite"])
def test_every_kind_of_file_gives_the_counts_made_by_hand(tmp_path: Path, kind: str) -> None:
    sql = COUNTS.replace("WHERE card", "WHERE card = 1") if kind == "sqlite" else COUNTS
    told = ask(write(tmp_path, kind), sql)
    assert rows(told.answers[0]) == (BY_HAND,)
    assert told.tables["data"].rows == 4 and told.engine.startswith("duckdb 2.")


def test_a_cell_is_never_lost_to_a_guess(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text('n,zip,odd,big\n1,01234,5,"1,000"\n2,99999,six,20\n,,7,\n', "utf-8")
    loaded = ask(path, "SELECT 1 FROM data").tables["data"]
    assert loaded.columns == {"n": "BIGINT", "zip": "VARCHAR", "odd": "VARCHAR", "big": "BIGINT"}
    assert loaded.remarks == ("big: 1 of 2 cells have commas between thousands",)
    assert rows(ask(path, "SELECT sum(big), min(zip), max(odd), count(n) FROM data").answers[0]) == (
        (1020, "01234", "six", 2),
    )


def test_a_file_without_headings_keeps_its_first_row(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("5,x\n7,y\n", "utf-8")
    assert rows(ask(path, "SELECT sum(n) FROM data", columns=("n", "name")).answers[0]) == ((12,),)


def test_one_query_that_fails_leaves_the_others_alone(tmp_path: Path) -> None:
    told = ask(write(tmp_path, "csv"), "SELECT licence FROM data", "DROP TABLE data", COUNTS)
    assert "not found" in told.answers[0].error and '"license"' in told.answers[0].error
    assert "only SELECT" in told.answers[1].error
    assert rows(told.answers[2]) == (BY_HAND,)


def test_what_runs_too_long_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("n\n" + "\n".join(map(str, range(5000))) + "\n", "utf-8")
    bomb = "SELECT count(*) FROM data a, data b, data c, data d WHERE a.n + b.n + c.n + d.n = 1"
    with pytest.raises(PostilError, match="took more than 2 seconds and were stopped"):
        run(QueryRequest({"data": DataSource(str(path))}, (bomb,)), seconds=2)


def test_a_file_that_is_no_table_is_said(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text("{broken", "utf-8")
    with pytest.raises(PostilError, match=r"d\.json could not be read"):
        ask(tmp_path / "d.json", "SELECT 1 FROM data")
    path = write(tmp_path, "sqlite")
    with pytest.raises(PostilError, match=r"say which table: `table: NAME`; there is models"):
        ask(path, "SELECT 1 FROM data", table="nope")


@needs_shared
def test_the_registry_gives_the_published_facts() -> None:
    registry = SHARED / "registry"
    told = ask(
        registry / "models1000.csv",
        "SELECT count(*) FILTER (WHERE license IS NULL), count(*) FILTER (WHERE dataset IS NULL), "
        "count(*) FILTER (WHERE NOT card), count(*) FILTER (WHERE model_index), count(*) FROM data",
    )
    assert rows(told.answers[0]) == ((447, 681, 242, 32, 1000),)
    top = (
        "SELECT registry, sum(n) FILTER (WHERE r <= 10), sum(n) FROM (SELECT *, rank() OVER (PARTITION BY registry "
        "ORDER BY n DESC) AS r FROM data) GROUP BY registry ORDER BY registry"
    )
    told = ask(registry / "package_downloads.csv", top, columns=("n", "registry", "name"))
    assert rows(told.answers[0]) == (
        ("huggingface", 114166557, 256474854),
        ("npm", 5536252000, 14331594392),
        ("pypi", 2392175482, 17316833166),
    )
    assert told.tables["data"].rows == 59_632
