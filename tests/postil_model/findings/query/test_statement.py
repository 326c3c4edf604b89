"""A query from a stranger can read the tables that were loaded, and do nothing else."""

from __future__ import annotations

from typing import Any

import pytest

duckdb = pytest.importorskip("duckdb")

from postil_model.findings.query.loading import connect  # noqa: E402
from postil_model.findings.query.statement import LONGEST, RefusedError, check  # noqa: E402


@pytest.fixture(scope="module")
def connection() -> Any:
    made = connect()
    made.execute("CREATE TABLE data AS SELECT 1 AS a, 'x;y' AS names, 2 AS downloads")
    return made


GOOD = """
SELECT count(*) FILTER (WHERE a IS NULL) AS numerator, count(*) AS denominator FROM data
WITH top AS (SELECT downloads FROM data ORDER BY downloads DESC LIMIT 10) SELECT sum(downloads) AS value FROM top
SELECT sum(a) FILTER (WHERE r <= 10) / sum(a) FROM (SELECT *, rank() OVER (ORDER BY downloads) r FROM data)
SELECT count(*) FROM data WHERE list_contains(string_split(names, ';'), 'x')
SELECT count(DISTINCT n) FROM (SELECT unnest(string_split(names, ';')) AS n FROM data)
SELECT median(downloads), quantile_cont(downloads, 0.9), stddev(downloads) FROM data
SELECT count(*) FROM data WHERE names LIKE 'x%' AND a BETWEEN 1 AND 3 OR names ILIKE '%y' OR NOT a IN (1, 2)
SELECT CASE WHEN count(*) > 2 THEN 1 ELSE 0 END FROM data GROUP BY names HAVING count(*) > 0
SELECT count(*) FROM data d JOIN data e USING (a) LEFT JOIN data f ON f.a = d.a
SELECT count(*) FROM (SELECT a FROM data UNION ALL SELECT a FROM data)
SELECT try_cast(names AS BIGINT), CAST(a AS DECIMAL(10, 2)), coalesce(a, 0), year(DATE '2024-01-02') FROM data
SELECT count(*) FROM data WHERE regexp_matches(names, '^x')
SELECT a FROM data QUALIFY row_number() OVER (PARTITION BY names ORDER BY a) = 1
SELECT count(*) FROM data WHERE a = (SELECT max(a) FROM data) AND EXISTS (SELECT 1 FROM data)
VALUES (1)
SELECT count_if(a = 1), max_by(names, downloads) FROM data
""".strip().splitlines()

BAD = """
SELECT * FROM read_csv('/etc/passwd')
SELECT * FROM '/etc/passwd'
SELECT * FROM 'https://example.org/x.csv'
SELECT * FROM read_text('/etc/passwd')
SELECT * FROM read_blob('/etc/passwd')
SELECT * FROM glob('/**')
SELECT * FROM sniff_csv('/etc/passwd')
SELECT * FROM parquet_metadata('/tmp/x')
SELECT * FROM sqlite_scan('/tmp/x', 't')
SELECT * FROM query('SELECT 1')
SELECT * FROM query_table('data')
SELECT * FROM range(1000000000)
SELECT * FROM generate_series(1, 1000000000)
SELECT * FROM repeat_row(1, num_rows=1000000000)
SELECT * FROM duckdb_settings()
SELECT * FROM duckdb_secrets()
SELECT * FROM pragma_version()
SELECT * FROM information_schema.tables
SELECT * FROM pg_catalog.pg_tables
SELECT * FROM sqlite_master
SELECT * FROM duckdb_tables
SELECT * FROM main.data
SELECT * FROM memory.main.data
SELECT * FROM system.information_schema.tables
WITH sqlite_master AS (SELECT 1) SELECT * FROM sqlite_master
WITH data AS (SELECT 1) SELECT * FROM data
WITH read_csv AS (SELECT 1) SELECT * FROM read_csv
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT * FROM t
SELECT getenv('HOME')
SELECT random()
SELECT uuid()
SELECT gen_random_uuid()
SELECT now()
SELECT today()
SELECT current_date
SELECT CURRENT_TIMESTAMP
SELECT get_current_timestamp()
SELECT user
SELECT current_user
SELECT setseed(0.5)
SELECT nextval('s')
SELECT repeat('x', 1000000000)
SELECT lpad('x', 1000000000, 'y')
SELECT rpad('x', 1000000000, 'y')
SELECT printf('%1000000000d', 1)
SELECT format('{:1000000000}', 1)
SELECT range(1000000000)
SELECT generate_series(1, 1000000000)
SELECT bar(1, 0, 10, 1000000000)
SELECT list(a) FROM data
SELECT string_agg(names) FROM data
SELECT array_agg(a) FROM data
SELECT list_transform([1], x -> x)
SELECT list_transform([1], lambda x: x)
SELECT [x FOR x IN [1, 2]]
SELECT current_setting('threads')
SELECT write_log('x')
SELECT txid_current()
SELECT version()
SELECT query('SELECT 1')
SELECT count(*) FROM data TABLESAMPLE 10%
SELECT count(*) FROM data USING SAMPLE 5
SELECT count(*) FROM data AT (VERSION => 1)
SELECT $1
SELECT ?
SELECT $name
SELECT 1; SELECT 2
INSERT INTO data VALUES (1, 'z', 3)
DELETE FROM data
UPDATE data SET a = 2
DROP TABLE data
CREATE TABLE t AS SELECT 1
COPY data TO '/tmp/x.csv'
COPY (SELECT 1) TO '/tmp/x.csv'
EXPORT DATABASE '/tmp/x'
ATTACH '/tmp/x.db'
INSTALL httpfs
LOAD httpfs
SET memory_limit='100GB'
PRAGMA database_list
CALL pragma_version()
EXPLAIN SELECT 1
DESCRIBE data
SHOW TABLES
SUMMARIZE data
PIVOT data ON a USING count(*)
FROM data SELECT COLUMNS(*)::BLOB
SELECT CAST('x' AS BLOB)
SELECT a::no_such_type FROM data
WITH x AS (DELETE FROM data RETURNING a) SELECT * FROM x
WITH x AS (INSERT INTO data VALUES (9, 'q', 9) RETURNING a) SELECT * FROM x
SELECT main.count(a) FROM data
""".strip().splitlines()


@pytest.mark.parametrize("sql", GOOD)
def test_what_one_asks_of_a_table_may_run(connection: Any, sql: str) -> None:
    assert connection.execute(check(sql, connection, ("data",))).fetchall() is not None


@pytest.mark.parametrize("sql", BAD)
def test_what_reaches_beyond_the_tables_or_cannot_be_repeated_is_refused(connection: Any, sql: str) -> None:
    with pytest.raises(RefusedError):
        check(sql, connection, ("data",))
    assert connection.execute("SELECT count(*), sum(a) FROM data").fetchall() == [(1, 1)]


def test_a_column_may_be_called_like_a_word_that_answers_by_itself() -> None:
    made = connect()
    made.execute('CREATE TABLE data AS SELECT 7 AS "user"')
    assert made.execute(check("SELECT user FROM data", made, ("data",))).fetchall() == [(7,)]


def test_a_refusal_says_which_part_and_what_may_stand_there(connection: Any) -> None:
    for sql, says in (
        ("SELECT contain(names, 'x') FROM data", r"contain\(\) cannot be used; there are contains"),
        ("SELECT a FROM dta", "FROM dta: there is no such table; there is data"),
        ("SELECT", "Parser Error|syntax error"),
        ("SELECT " + "1 + " * LONGEST + "1", "more than 4,000 characters"),
    ):
        with pytest.raises(RefusedError, match=says):
            check(sql, connection, ("data",))
