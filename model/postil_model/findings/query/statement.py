"""The list of what a query may hold: one SELECT over the tables that were loaded, the same in every run.

The statement is parsed by the database, never by us, and its tree is walked: what is not listed is refused, so that a
later version's new parts are refused, too. Functions that read files, grow without bound, or give another answer each
time (random, now, sample) are not on the list.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterator
from typing import Any

from postil_study.text.vocabulary import words

LONGEST = 4000  # characters
CLASSES = words(
    "COLUMN_REF CONSTANT FUNCTION OPERATOR COMPARISON CONJUNCTION CAST CASE BETWEEN STAR SUBQUERY WINDOW TYPE"
)
NODES = words("SELECT_NODE SET_OPERATION_NODE")
RELATIONS = words("BASE_TABLE JOIN SUBQUERY EMPTY TABLE_FUNCTION EXPRESSION_LIST")
MODIFIERS = words("ORDER_MODIFIER LIMIT_MODIFIER LIMIT_PERCENT_MODIFIER DISTINCT_MODIFIER")
TYPES = words(
    """BIGINT INTEGER INT SMALLINT TINYINT HUGEINT DOUBLE FLOAT REAL DECIMAL NUMERIC VARCHAR TEXT STRING BOOLEAN BOOL
    DATE TIME TIMESTAMP LIST ARRAY"""
)
_STATISTICS = """count count_star count_if countif sum avg mean min max median mode quantile_cont quantile_disc stddev
    stddev_samp stddev_pop variance var_samp var_pop corr covar_samp covar_pop regr_slope regr_intercept regr_r2
    bool_and bool_or arg_max arg_min max_by min_by product entropy skewness kurtosis mad kurtosis_pop geomean
    geometric_mean percentile_cont percentile_disc fsum kahan_sum sum_no_overflow sem favg"""
_WINDOWS = """rank dense_rank rank_dense percent_rank cume_dist ntile row_number lag lead first_value last_value
    nth_value"""
_TEXTS = """lower lcase upper ucase trim ltrim rtrim length len strlen char_length contains starts_with ends_with prefix
    suffix substr substring left right replace split_part string_split str_split split string_to_array regexp_matches
    regexp_full_match regexp_extract concat concat_ws || ~~ !~~ ~~* !~~* ~~~ like_escape not_like_escape ilike_escape
    not_ilike_escape strip_accents instr position strpos reverse nfc_normalize ascii unicode levenshtein jaccard
    damerau_levenshtein hamming jaro_similarity jaro_winkler_similarity"""
_NUMBERS = """+ - * / // % ** ^ add subtract multiply divide mod abs @ round floor ceil ceiling trunc sqrt cbrt ln log
    log10 log2 exp power pow sign greatest least isnan isinf isfinite even factorial gcd lcm pi ifnull nullif if"""
_LISTS = """list_value list_contains list_has array_contains array_has list_has_any list_has_all list_position
    list_distinct array_distinct list_unique array_unique array_length list_extract array_extract element_at list_sort
    array_sort list_count list_sum list_avg list_min list_max cardinality unnest struct_extract struct_extract_at"""
_DATES = """year month day hour minute second quarter week dayofweek dayofyear date_part datepart date_trunc datetrunc
    date_diff datediff make_date strptime try_strptime strftime epoch last_day monthname dayname"""
FUNCTIONS = words(" ".join((_STATISTICS, _WINDOWS, _TEXTS, _NUMBERS, _LISTS, _DATES)))
# Words that are no columns but answer by themselves, unless a table has a column of that name.
_BY_THEMSELVES = words(
    """current_date current_time current_timestamp localtime localtimestamp current_user session_user user current_role
    current_catalog current_schema today now"""
)
_TAKEN = """SELECT 1 FROM duckdb_functions() WHERE lower(function_name) = $name
    UNION ALL SELECT 1 FROM duckdb_views() WHERE lower(view_name) = $name
    UNION ALL SELECT 1 FROM duckdb_tables() WHERE lower(table_name) = $name"""


class RefusedError(ValueError):
    """A query that may not run; the message says which part, and what may stand there."""


def check(sql: str, connection: Any, tables: Collection[str]) -> str:
    """The statement to run; `RefusedError` unless it is one SELECT made of what is listed here.

    Args:
        sql: what the study says.
        connection: the database that parses it; nothing is executed in it but the parsing.
        tables: the names of the tables that were loaded.
    """
    import duckdb

    if len(sql) > LONGEST:
        raise RefusedError(f"the query has more than {LONGEST:,} characters")
    try:
        found = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise RefusedError(first_line(error)) from error
    if len(found) != 1:
        raise RefusedError(f"one SELECT is expected, there are {len(found)} statements")
    statement = found[0]
    if statement.type != duckdb.StatementType.SELECT:
        raise RefusedError(f"only SELECT can be asked, not {statement.type.name.replace('_', ' ')}")
    if statement.named_parameters:
        raise RefusedError("a query has no parameters")
    row = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [statement.query]).fetchone()
    tree = json.loads(row[0])
    if tree.get("error"):
        raise RefusedError(str(tree.get("error_message", "it could not be read")))
    if len(tree["statements"]) != 1:
        raise RefusedError("one SELECT is expected")
    _Walk(tables, connection).statement(tree["statements"][0])
    return str(statement.query)


class _Walk:
    """Goes through a parsed statement and stops at the first part that is not listed."""

    def __init__(self, tables: Collection[str], connection: Any) -> None:
        self._tables = {name.casefold() for name in tables}
        self._known = tables
        self._connection = connection
        asked = "SELECT DISTINCT lower(column_name) FROM duckdb_columns() WHERE NOT internal"
        self._columns = {str(row[0]) for row in connection.execute(asked).fetchall()}
        self._named: set[str] = set()  # by WITH

    def statement(self, tree: dict[str, Any]) -> None:
        """One statement."""
        for name in _names_of_with(tree):
            self._check_name(name)
            self._named.add(name.casefold())
        self._part(tree.get("node"))

    def _check_name(self, name: str) -> None:
        folded = name.casefold()
        if folded in self._tables or self._connection.execute(_TAKEN, {"name": folded}).fetchone():
            raise RefusedError(f"WITH {name}: the name is taken; choose another")

    def _part(self, part: Any) -> None:
        if isinstance(part, list):
            for one in part:
                self._part(one)
        elif isinstance(part, dict):
            self._dict(part)

    def _dict(self, part: dict[str, Any]) -> None:
        if "class" in part:
            self._expression(part)
        elif "table_name" in part or "ref_type" in part or part.get("type") in RELATIONS:
            self._relation(part)
        elif "select_list" in part or str(part.get("type", "")).endswith("_NODE"):
            self._listed(part.get("type"), NODES, "a query")
        elif str(part.get("type", "")).endswith("_MODIFIER"):
            self._listed(part["type"], MODIFIERS, "a query")
        if part.get("sample") is not None:
            raise RefusedError("a sample gives another answer each time; ask for all rows")
        if part.get("at_clause") is not None or part.get("catalog_name") or part.get("schema_name"):
            raise RefusedError("a table is named by its name alone")
        for value in part.values():
            self._part(value)

    def _expression(self, part: dict[str, Any]) -> None:
        self._listed(part["class"], CLASSES, "an expression")
        if "function_name" in part:
            self._function(part, str(part["function_name"]).casefold())
        elif part["class"] == "COLUMN_REF":
            name = str(part.get("column_names", ("",))[-1]).casefold()
            if name in _BY_THEMSELVES and name not in self._columns:
                raise RefusedError(f"{name} gives another answer each time; write the value out")
        elif part["class"] == "TYPE":
            name = str(part.get("type_name", ""))
            if name.upper() not in TYPES or part.get("schema") or part.get("catalog"):
                raise RefusedError(f"the type {name} cannot be used")

    def _function(self, part: dict[str, Any], name: str) -> None:
        path = part.get("qualified_name", {}).get("path", [name])
        if part.get("schema") or part.get("catalog") or len(path) != 1:
            raise RefusedError(f"{name}: a function is named by its name alone")
        if name not in FUNCTIONS:
            near = difflib.get_close_matches(name, sorted(FUNCTIONS), 3)
            raise RefusedError(f"{name}() cannot be used" + (f"; there are {', '.join(near)}" if near else ""))

    def _relation(self, part: dict[str, Any]) -> None:
        kind = part.get("type")
        self._listed(kind, RELATIONS, "FROM")
        if kind == "TABLE_FUNCTION" and str(part.get("function", {}).get("function_name", "")).casefold() != "unnest":
            raise RefusedError(f"FROM {part.get('function', {}).get('function_name', '?')}(): only tables and unnest")
        if kind == "BASE_TABLE":
            path = part.get("qualified_name", {}).get("path", [])
            name = str(part.get("table_name", ""))
            if len(path) != 1 or str(path[0]) != name or name.casefold() not in self._tables | self._named:
                raise RefusedError(f"FROM {name}: there is no such table; there is {', '.join(sorted(self._known))}")

    def _listed(self, name: object, listed: Collection[str], where: str) -> None:
        if name not in listed:
            said = str(name).replace("_NODE", "").replace("_", " ").lower()
            raise RefusedError(f"{where} cannot hold this ({said})")


def _names_of_with(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _names_of_with(one)
    elif isinstance(part, dict):
        for entry in (part.get("cte_map") or {}).get("map", ()):
            yield str(entry["key"])
        for value in part.values():
            yield from _names_of_with(value)


def first_line(error: Exception) -> str:
    """What a database says, without the picture of the query below it."""
    return str(error).split("\n\n")[0].split("\nLINE ")[0].replace("\n", " ").strip()
