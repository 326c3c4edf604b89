"""Agreement of any table of ratings: a file's rows and columns as units and coders, and all measures of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_formats.ratings.cells import Cells, missing_of, read_cells
from postil_formats.ratings.grid import read_grid
from postil_formats.ratings.numerals import number
from postil_formats.ratings.shape import Asked, Shaped, shaped
from postil_formats.tables.files import Cell, Table
from postil_model.agreement.definitions import MEASURES, label_of
from postil_model.agreement.document import estimates_json, plain
from postil_model.agreement.measures import multi
from postil_model.agreement.measures.estimate import Estimate, in_range
from postil_model.agreement.measures.item_measures import (
    Measure,
    bootstrapped,
    count_measures,
    measures_of_scale,
    nominal_measures,
    pair_measures,
)
from postil_model.agreement.measures.ratings import Ratings, from_items
from postil_model.agreement.measures.scales import Scale
from postil_model.agreement.measures.sets import from_set_items, measures_of_sets
from postil_model.agreement.tables import remarks, with_interval

MOST_CATEGORIES = 2000  # of a nominal table; more are comments or numbers of units, not ratings
EMPTY_SETS = ("{}", "[]", "∅")


@dataclass(frozen=True)
class RatingsOptions:
    """How a table of ratings is read, and what is computed of it."""

    sets: bool = False
    missing: str = ""
    categories: tuple[str, ...] = ()
    scale: Scale = "nominal"
    fold: bool = False  # capitals, accents' forms and spaces do not tell categories apart
    decimal: str = ""  # "comma", "point", or as the cells tell
    encoding: str = ""
    shape: Asked = field(default_factory=Asked)
    interval: Literal["analytic", "bootstrap"] = "analytic"
    seed: int = 1


@dataclass(frozen=True)
class Read:
    """What was read of a file: in sentences, how and with which doubts, and the share that is missing."""

    file: str
    units: int
    units_with_two: int
    coders: tuple[str, ...]
    categories: int
    missing: int
    how: tuple[str, ...]
    warnings: tuple[str, ...]

    def lines(self) -> list[str]:
        """The lines that stand above every output."""
        head = (
            f"Read {self.file}: {counted(self.units, 'unit')} ({self.units_with_two:,} with two or more ratings), "
            f"{counted(len(self.coders), 'coder')} ({_some(self.coders)}), {counted(self.categories, 'category')}, "
            f"{counted(self.missing, 'empty cell')}."
        )
        how = [f"How: {'; '.join(self.how)}."] if self.how else []
        return [head, *how, *(f"Warning: {warning}." for warning in self.warnings)]


@dataclass(frozen=True)
class RatingsResult:
    """All item measures of a table."""

    ratings: Ratings
    options: RatingsOptions
    read: Read
    measures: dict[str, Estimate]
    by_category: dict[str, Estimate]
    pairs: dict[str, dict[str, Estimate]]


def ratings_result(data: bytes | str, path: str, options: RatingsOptions) -> RatingsResult:
    """Read a table (a CSV file's bytes or text, an .xlsx, an .ods) and compute everything.

    What is wrong with it, or can be read in two ways, is a PostilError that names the file and mostly the line.
    """
    raw = data.encode("utf-8") if isinstance(data, str) else data
    missing = missing_of(options.missing, options.categories)
    if options.sets:
        missing = frozenset({options.missing})
    grid = read_grid(raw, path, options.encoding, sets=options.sets)
    table = shaped(grid, path, options.shape, missing)
    cells = _cells_of(table, missing, path, options, semicolons=grid.separator == ";")
    try:
        ratings = _ratings(table, cells, options, path)
        named = _measures(ratings, table, options)
        measures = (
            bootstrapped(ratings, named, seed=options.seed)
            if options.interval == "bootstrap"
            else {name: in_range(name, measure(ratings)) for name, measure in named.items()}
        )
    except ValueError as error:
        raise PostilError(f"{path}: {error}.") from None
    read = Read(
        path,
        len(table.units),
        int((ratings.raters >= 2).sum()),
        tuple(table.coders),
        ratings.q,
        sum(cell is None for row in cells.rows for cell in row) if not table.categories else 0,
        (*grid.how, *table.how, *cells.how),
        (*grid.warnings, *table.warnings, *cells.warnings),
    )
    alone = options.sets or table.categories or options.scale != "nominal"
    pairs = {} if options.sets or table.categories else pair_measures(ratings, options.scale)
    return RatingsResult(
        ratings,
        options,
        read,
        measures,
        {} if alone else multi.fleiss_kappa_category(ratings),
        {f"{a}|{b}": {name: in_range(name, e) for name, e in of.items()} for (a, b), of in pairs.items()},
    )


def _cells_of(table: Shaped, missing: frozenset[str], path: str, options: RatingsOptions, *, semicolons: bool) -> Cells:
    for line, row in zip(table.lines, table.rows, strict=True):
        formula = next((cell for cell in row if re.match(r"=\s*[\w(+-]", cell)), None)
        if formula is not None and formula not in options.categories:
            raise PostilError(
                f"{path}:{line}: {formula!r} is a formula without its value. Open the file in a spreadsheet "
                "program and save it, or write the values."
            )
    if options.sets:
        return Cells(tuple(tuple(None if cell in missing else cell for cell in row) for row in table.rows))
    try:
        cells = read_cells(
            table.rows,
            missing,
            fold=options.fold,
            decimal=options.decimal,
            categories=options.categories,
            points_doubtful=semicolons,
        )
    except ValueError as error:
        raise PostilError(f"{path}: {error}.") from None
    different = {cell for row in cells.rows for cell in row if cell is not None}
    if len(different) > MOST_CATEGORIES and options.scale == "nominal":
        if cells.numeric:
            raise PostilError(
                f"{path}: {len(different):,} different numbers are too many for categories. If they are measurements, "
                "add --scale interval (or ratio); if a column holds no ratings, name the coders with --coders."
            )
        raise PostilError(
            f"{path}: {len(different):,} different ratings; is one of the columns ({', '.join(table.coders[:6])}) no "
            "rating? Name the columns of the coders with --coders."
        )
    return cells


def _ratings(table: Shaped, cells: Cells, options: RatingsOptions, path: str) -> Ratings:
    if options.sets:
        items = [[None if cell is None else _labels(cell) for cell in row] for row in cells.rows]
        return from_set_items(items, table.coders)
    categories = options.categories or table.categories or None
    if categories:
        known = ", ".join(categories)
        for line, row in zip(table.lines, cells.rows, strict=True):
            wrong = next((cell for cell in row if cell is not None and cell not in categories), None)
            if wrong is not None:
                raise ValueError(f"line {line}: {wrong!r} is not one of the declared categories {known}")
    elif options.scale != "nominal":
        categories = _in_order(cells, options.scale)
    if options.scale in ("interval", "ratio"):
        for category in categories or ():
            number(category)
    return from_items(cells.rows, categories, table.coders)


def _in_order(cells: Cells, scale: Scale) -> tuple[str, ...]:
    used = {cell for row in cells.rows for cell in row if cell is not None}
    word = next((cell for cell in sorted(used) if not _is_number(cell)), None)
    if word is None:
        return tuple(sorted(used, key=number))
    if scale == "ordinal":
        raise ValueError(
            f"{word!r} is not a number, so the order is unknown; declare the words from the lowest to the highest: "
            f"--categories {','.join(sorted(used))}"
        )
    raise ValueError(f"the scale {scale} needs numbers, and {word!r} is none")


def _is_number(cell: str) -> bool:
    try:
        number(cell)
    except ValueError:
        return False
    return True


def _labels(cell: str) -> list[str]:
    if cell in EMPTY_SETS:
        return []
    return [label for part in cell.split(";") if (label := part.strip())]


def _measures(ratings: Ratings, table: Shaped, options: RatingsOptions) -> Mapping[str, Measure]:
    if options.sets:
        return measures_of_sets(ratings)
    if options.scale != "nominal":
        named = measures_of_scale(ratings, options.scale)
    else:
        named = nominal_measures(len(ratings.coders))
    if table.categories:  # who chose a category is not known
        return {name: measure for name, measure in named.items() if name in {*count_measures(), "gwet_ac2"}}
    return named


def only(result: RatingsResult, measure: str) -> RatingsResult:
    """The result with one measure alone; the name as JSON has it, or its short form."""
    wanted = measure.casefold().replace("-", "_").replace(" ", "_")
    known = {alias: name for name in result.measures for alias in _aliases(name)}
    if wanted not in known:
        raise PostilError(f"no measure of this table is called {measure!r}; there are: {', '.join(result.measures)}.")
    name = known[wanted]
    pairs = {pair: {name: of[name]} for pair, of in result.pairs.items() if name in of}
    by_category = result.by_category if name == "fleiss_kappa" else {}
    return replace(result, measures={name: result.measures[name]}, pairs=pairs, by_category=by_category)


def _aliases(name: str) -> tuple[str, ...]:
    short = MEASURES[name].short if name in MEASURES else name
    return name, *(part.casefold().replace("'", "").replace(" ", "_") for part in (label_of(name), short))


def ratings_json(result: RatingsResult) -> dict[str, Any]:
    """``{"read": {…}, "measures": {name: {"value", "se", "ci95", "undefined"}}, …}``."""
    ratings, read = result.ratings, result.read
    found: dict[str, Any] = {
        "read": {
            "file": read.file,
            "units": read.units,
            "coders": len(read.coders),
            "categories": read.categories,
            "empty_cells": read.missing,
            "how": list(read.how),
            "warnings": list(read.warnings),
        },
        "units": int(ratings.times.sum()),
        "units_with_two_ratings": int(((ratings.raters >= 2) * ratings.times).sum()),
        "coders": list(ratings.coders),
        "categories": [_category(category) for category in ratings.categories],
        "scale": "sets" if result.options.sets else result.options.scale,
        "interval": result.options.interval,
        "measures": estimates_json(result.measures),
    }
    if result.by_category:
        found["fleiss_kappa_category"] = plain(result.by_category)
    if result.pairs:
        found["pairs"] = {pair: plain(measures) for pair, measures in result.pairs.items()}
    return found


def _category(category: object) -> object:
    return sorted(str(label) for label in category) if isinstance(category, frozenset) else str(category)


def ratings_tables(result: RatingsResult, by: str = "") -> list[Table]:
    """All measures; by category; by pair. ``by`` ("category" or "pair") puts that table first."""
    headers = ("measure", "value", "SE", "95% low", "95% high", "remarks")
    rows = [(label_of(name), *with_interval(e), remarks([e])) for name, e in result.measures.items()]
    tables = [Table(headers, tuple(rows), "Measures")]
    if result.by_category:
        by_category = [(name, *with_interval(e)[:1], remarks([e])) for name, e in result.by_category.items()]
        tables.append(Table(("category", "Fleiss' kappa", "remarks"), tuple(by_category), "Categories"))
    if len(result.pairs) > 1 or (by == "pair" and result.pairs):
        tables.append(_pairs(result))
    wanted = {"category": "Categories", "pair": "Pairs"}.get(by)
    if wanted and all(table.title != wanted for table in tables):
        raise PostilError(f"this table of ratings has no view by {by}: {_why_no_view(result)}.")
    return sorted(tables, key=lambda table: table.title != wanted) if wanted else tables


def _why_no_view(result: RatingsResult) -> str:
    if result.options.sets:
        return "cells are label sets"
    return "coders are not told apart" if not result.pairs else "the categories are points of a scale"


def _pairs(result: RatingsResult) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (pair.replace("|", " and "), label_of(name), *with_interval(e), remarks([e]))
        for pair, measures in result.pairs.items()
        for name, e in measures.items()
    ]
    return Table(("coders", "measure", "value", "SE", "95% low", "95% high", "remarks"), tuple(rows), "Pairs")


def read_table(result: RatingsResult) -> Table:
    """What was read, as a table of its own for workbooks and pages."""
    return Table(("read",), tuple((line,) for line in result.read.lines()), "Read")


def ratings_definitions(result: RatingsResult) -> Table:
    """The measures of the table and how they are defined."""
    from postil_model.agreement.definitions import REFERENCES

    known = [MEASURES[name] for name in result.measures if name in MEASURES]
    rows = tuple((d.label, d.text, REFERENCES.get(d.reference, "")) for d in known)
    return Table(("term", "definition", "reference"), rows, "Definitions")


def _some(names: Sequence[str], most: int = 8) -> str:
    shown = ", ".join(names[:most])
    return f"{shown}, …" if len(names) > most else shown
