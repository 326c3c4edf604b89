"""Agreement of any table of units by coders, read from CSV: the first column names the unit, the others are coders."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from postil_base.problem import PostilError
from postil_model.agreement import multi
from postil_model.agreement.estimate import Estimate
from postil_model.agreement.item_measures import item_measures, pair_measures, scaled_measures
from postil_model.agreement.ratings import Ratings, from_items
from postil_model.agreement.scales import Scale
from postil_model.agreement.sets import from_set_items, set_measures
from postil_model.agreement_definitions import MEASURES, label_of
from postil_model.agreement_json import estimates_json, plain
from postil_model.agreement_tables import remarks, with_interval
from postil_model.tables import Cell, Table

MOST_CATEGORIES = 2000  # more are comments or numbers of units, not ratings


@dataclass(frozen=True)
class RatingsOptions:
    """How a table of ratings is read."""

    sets: bool = False
    missing: str = ""
    categories: tuple[str, ...] = ()
    scale: Scale = "nominal"


@dataclass(frozen=True)
class RatingsResult:
    """All item measures of a table."""

    ratings: Ratings
    options: RatingsOptions
    measures: dict[str, Estimate]
    by_category: dict[str, Estimate]
    pairs: dict[str, dict[str, Estimate]]


def ratings_result(text: str, path: str, options: RatingsOptions) -> RatingsResult:
    """Read a table and compute everything; what is wrong with it is a PostilError that names the line."""
    coders, rows = read_rows(text, path)
    different = {cell for _, row in rows for cell in row}
    if len(different) > MOST_CATEGORIES:
        raise PostilError(
            f"{path}: {len(different):,} different ratings; is one of the columns ({', '.join(coders[:6])}) no rating? "
            "The first column names the unit, each further one is a coder."
        )
    try:
        ratings = _sets(rows, coders, options) if options.sets else _nominal(rows, coders, options)
        if options.sets:
            return RatingsResult(ratings, options, set_measures(ratings), {}, {})
        measures = item_measures(ratings) if options.scale == "nominal" else scaled_measures(ratings, options.scale)
    except ValueError as error:
        raise PostilError(f"{path}: {error}.") from None
    pairs = {f"{a}|{b}": of for (a, b), of in pair_measures(ratings).items()}
    by_category = multi.fleiss_kappa_category(ratings)
    return RatingsResult(ratings, options, measures, by_category, pairs)


def read_rows(text: str, path: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Coders from the header row, then rows with their line; cells without white space around them.

    >>> read_rows("unit,a,b\\n1,x,\\n", "t.csv")
    (['a', 'b'], [(2, ['x', ''])])
    """
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    try:
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise PostilError(f"{path}:{reader.line_num}: this is no CSV: {error}.") from None
    lines = [(number, row) for number, row in lines if any(row)]
    if not lines:
        raise PostilError(f"{path}: it is empty; a table of ratings has a header row: unit, then one column per coder.")
    (_, header), *body = lines
    coders = header[1:]
    if len(coders) < 2:
        raise PostilError(
            f"{path}:1: it needs two or more coders: the first column names the unit, each further one is a coder."
        )
    twice = next((name for name in coders if coders.count(name) > 1), None)
    if twice is not None:
        raise PostilError(f"{path}:1: two columns are called {twice!r}; every coder needs a name of their own.")
    for number, row in body:
        if len(row) != len(header):
            raise PostilError(f"{path}:{number}: {len(row)} cells, but the header has {len(header)}.")
    return coders, [(number, row[1:]) for number, row in body]


def _delimiter(text: str) -> str:
    """Comma, or the semicolon or tab that spreadsheets write in some countries, by the header row."""
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count) if first.count(",") == 0 else ","


def _nominal(rows: Sequence[tuple[int, list[str]]], coders: Sequence[str], options: RatingsOptions) -> Ratings:
    items = [[None if cell == options.missing else cell for cell in row] for _, row in rows]
    known = options.categories or None
    if known is not None:
        for number, row in rows:
            for cell in row:
                if cell != options.missing and cell not in known:
                    raise ValueError(
                        f"line {number}: {cell!r} is not one of the declared categories {', '.join(known)}"
                    )
    if known is None and options.scale != "nominal":
        known = tuple(sorted({cell for row in items for cell in row if cell is not None}, key=_number))
    if options.scale != "nominal":
        for category in known or ():
            _number(category)
    return from_items(items, known, coders)


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise ValueError(f"a coded scale needs numbers, and {cell!r} is none; declare ranks as numbers") from None


def _sets(rows: Sequence[tuple[int, list[str]]], coders: Sequence[str], options: RatingsOptions) -> Ratings:
    """Labels separated by ``;``. With an empty cell as missing (the default), ``{}`` is the empty set."""
    items = [[None if cell == options.missing else _labels(cell) for cell in row] for _, row in rows]
    return from_set_items(items, coders)


def _labels(cell: str) -> list[str]:
    if cell in ("{}", "[]", "∅"):
        return []
    return [label for part in cell.split(";") if (label := part.strip())]


def ratings_json(result: RatingsResult) -> dict[str, Any]:
    """``{"measures": {name: {"value", "se", "ci95", "undefined"}}, …}``."""
    ratings = result.ratings
    found: dict[str, Any] = {
        "units": int(ratings.times.sum()),
        "units_with_two_ratings": int(((ratings.raters >= 2) * ratings.times).sum()),
        "coders": list(ratings.coders),
        "categories": [_category(category) for category in ratings.categories],
        "scale": "sets" if result.options.sets else result.options.scale,
        "measures": estimates_json(result.measures),
    }
    if result.by_category:
        found["fleiss_kappa_category"] = plain(result.by_category)
    if result.pairs:
        found["pairs"] = {pair: plain(measures) for pair, measures in result.pairs.items()}
    return found


def _category(category: object) -> object:
    return sorted(str(label) for label in category) if isinstance(category, frozenset) else str(category)


def ratings_tables(result: RatingsResult) -> list[Table]:
    """All measures; by category; by pair; definitions."""
    headers = ("measure", "value", "SE", "95% low", "95% high", "remarks")
    rows = [(label_of(name), *with_interval(e), remarks([e])) for name, e in result.measures.items()]
    tables = [Table(headers, tuple(rows), "Measures")]
    if result.by_category:
        by_category = [(name, *with_interval(e)[:1], remarks([e])) for name, e in result.by_category.items()]
        tables.append(Table(("category", "Fleiss' kappa", "remarks"), tuple(by_category), "Categories"))
    if len(result.pairs) > 1:
        tables.append(_pairs(result))
    return tables


def _pairs(result: RatingsResult) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (pair.replace("|", " and "), label_of(name), *with_interval(e), remarks([e]))
        for pair, measures in result.pairs.items()
        for name, e in measures.items()
    ]
    return Table(("coders", "measure", "value", "SE", "95% low", "95% high", "remarks"), tuple(rows), "Pairs")


def ratings_definitions(result: RatingsResult) -> Table:
    """The measures of the table and how they are defined."""
    from postil_model.agreement_definitions import REFERENCES

    known = [MEASURES[name] for name in result.measures if name in MEASURES]
    rows = tuple((d.label, d.text, REFERENCES.get(d.reference, "")) for d in known)
    return Table(("term", "definition", "reference"), rows, "Definitions")
