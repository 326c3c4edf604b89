"""The shape of a table of ratings: heading row, unit column, coders, and what is neither.

What can be read in two ways is refused with both readings and the option that decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_formats.ratings.counting import counts_the_row, counts_told, last_by_a_letter, sums_the_row
from postil_formats.ratings.grid import RatingGrid, RatingRow
from postil_formats.ratings.headings import (
    CODERS,
    OTHERS,
    UNITS,
    VALUES,
    counts_up,
    folded,
    is_number,
    is_total,
    one_series,
)
from postil_formats.ratings.long_format import read_long
from postil_formats.ratings.margins import inner_rows, refuse_second_table
from postil_formats.ratings.roles import alone, is_extra, several_codes


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person said of the shape; None and "" leave it to the table."""

    heading: bool | None = None  # whether the first row names the columns
    unit_column: bool | None = None  # whether the first column names the units
    layout: str = ""  # "", "columns" (a coder a column), "rows" (a coder a row), "counts" or "long"
    coders: tuple[str, ...] = ()  # only these columns


@dataclass(slots=True)
class Shaped:
    """Units by coders as text, with the line of each unit, and what was recognised and left out."""

    coders: list[str]
    units: list[str]
    rows: list[list[str]]
    lines: list[int]
    how: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    categories: tuple[str, ...] = ()  # of a table whose cells count coders by category


def shaped(grid: RatingGrid, name: str, asked: Asked, empty: frozenset[str]) -> Shaped:
    """Recognise the shape of a table; ``empty`` are the texts that stand for a missing rating."""
    rows = list(grid.rows)
    if not rows:
        raise PostilError(
            f"{name}: it is empty; a table of ratings has a row for each unit and a column for each coder."
        )
    table = _Columns(rows, name, asked, empty)
    if asked.layout == "long" or (not asked.layout and table.is_long()):
        return table.long()
    if asked.layout == "rows":
        return _Columns(_turned(table), name, Asked(True, True, "columns", asked.coders), empty).by_coder(
            "coders in rows, as --transposed says"
        )
    if not asked.layout:
        table.refuse_coders_in_rows()
        table.refuse_counts()
    return table.by_category() if asked.layout == "counts" else table.by_coder()


class _Columns:
    """A table cut into heading, body and columns."""

    def __init__(self, rows: Sequence[RatingRow], name: str, asked: Asked, empty: frozenset[str]) -> None:
        self.name, self.asked, self.empty = name, asked, empty
        self.warnings: list[str] = []
        rows, self.how = inner_rows(rows)
        self.width = max(len(row.cells) for row in rows)
        self.heading = self._heading(rows)
        self.body = list(rows if self.heading is None else rows[1:])
        self.titles = list(self.heading.cells) if self.heading else [""] * self.width
        self._even()
        if self.heading:
            refuse_second_table(name, self.titles, self.body, empty)

    # ------------------------------------------------------------------ heading

    def _heading(self, rows: Sequence[RatingRow]) -> RatingRow | None:
        first, body = rows[0], rows[1:]
        if self.asked.heading is not None:
            if not self.asked.heading:
                self.how.append("no heading row, as --no-heading says")
            return first if self.asked.heading else None
        if self._names(first, body):
            return first
        self.how.append(f"no heading row: line {first.line} looks like ratings")
        return None

    def _names(self, first: RatingRow, body: Sequence[RatingRow]) -> bool:
        """Whether the first row names the columns instead of rating a unit."""
        cells = first.cells
        used = {cell for row in body for cell in row.cells[len(cells) > 2 :] if cell not in self.empty}
        if not body or not cells[0] or (folded(cells[0]) in UNITS | CODERS and cells[0] not in used):
            return True
        series = len(cells) > 1 and len(set(cells)) == len(cells) and all(one_series(pair) for pair in pairwise(cells))
        if series and len(cells) == 2 and set(cells) <= used:
            self.warnings.append(
                f"line {first.line} ({', '.join(cells)}) counts as ratings; if it names the coders, add --heading"
            )
            return False
        if not series and all(is_number(cell) for cell in cells if cell):
            return False
        known = [cell in used for cell in (cells[1:] if len(cells) > 2 else cells) if cell]
        if not any(known) or any(folded(c) in UNITS | CODERS | OTHERS for c in cells if c not in used):
            return True
        if all(known) and not series:
            return False
        raise PostilError(
            f"{self.name}:{first.line}: the first row can be read in two ways. If it names the columns, add --heading; "
            "if it holds ratings, add --no-heading."
        )

    def _even(self) -> None:
        """Every row as wide as the heading; a row that lacks a cell or has one too many is refused."""
        width = len(self.titles) if self.heading else self.width
        ragged_file = self.name.lower().endswith((".xlsx", ".xlsm", ".ods"))
        made = []
        for row in self.body:
            if not ragged_file and (len(row.cells) < width or any(row.cells[width:])):
                against = f"the header has {width}" if self.heading else f"the widest row has {width}"
                raise PostilError(f"{self.name}:{row.line}: {counted(len(row.cells), 'cell')}, but {against}.")
            cells = (*row.cells, *[""] * (width - len(row.cells)))[: max(width, len(row.cells))]
            made.append(RatingRow(row.line, cells))
        self.width = max([width, *(len(row.cells) for row in made)])
        self.titles += [""] * (self.width - len(self.titles))
        self.body = [RatingRow(row.line, (*row.cells, *[""] * (self.width - len(row.cells)))) for row in made]

    # ------------------------------------------------------------------ unit column

    def column(self, place: int) -> list[str]:
        """The cells of a column that are not missing."""
        return [row.cells[place] for row in self.body if row.cells[place] not in self.empty]

    @cached_property
    def unit(self) -> bool:
        """Whether the first column names the units."""
        if self.asked.unit_column is not None:
            return self.asked.unit_column
        if self.width < 3 and not (self.heading and folded(self.titles[0]) in UNITS):
            return False
        if self.heading and (folded(self.titles[0]) in UNITS | CODERS or not self.titles[0]):
            return True
        if self.heading and one_series(self.titles[:2]):
            self.how.append(f"no unit column: {self.titles[0]!r} is a coder like {self.titles[1]!r}")
            return False
        first, others = self.column(0), {c for place in range(1, self.width) for c in self.column(place)}
        shared = set(first) & others
        if len(set(first)) < len(first) and shared:
            self.how.append("no unit column: the first column holds ratings")
            return False
        names = counts_up(first) or not (shared or all(map(is_number, first)))
        if names and len(set(first)) == len(first) and not set(first) <= others:
            return True
        title = f" ({self.titles[0]!r})" if self.titles[0] else ""
        raise PostilError(
            f"{self.name}: the first column{title} can be read in two ways. If it names the units, add --unit-column; "
            "if it holds the ratings of a coder, add --no-unit-column."
        )

    # ------------------------------------------------------------------ other layouts

    def is_long(self) -> bool:
        """Whether there is a row for each rating: columns for unit, coder and rating."""
        names = [folded(title) for title in self.titles]
        kinds = [sum(n in known for n in names) for known in (UNITS, CODERS, VALUES)]
        return bool(self.heading) and kinds[0] >= 1 and kinds[1] == 1 and kinds[2] >= 1

    def long(self) -> Shaped:
        """A row for each rating, turned into units by coders."""
        made = read_long(self.titles, self.body, self.name)
        self.how.append(made.said)
        self.warnings += made.warnings
        shape = Shaped(made.coders, made.units, made.rows, made.lines, self.how, self.warnings)
        return self._kept(shape)

    def refuse_coders_in_rows(self) -> None:
        """Refuse a table whose rows look like coders, or that is many times wider than it is long."""
        rows_named = bool(self.heading) and folded(self.titles[0]) in CODERS
        units = self.width - self.unit
        wide = units > 8 and units >= 3 * len(self.body)
        unsaid = units > len(self.body) > 1 and units > 3 and self.unit and folded(self.titles[0]) not in UNITS
        if self.asked.coders or not (rows_named or wide or unsaid):
            return
        raise PostilError(
            f"{self.name}: {counted(len(self.body), 'row')} and "
            f"{counted(units, 'column')} can be read in two ways. If a row holds the "
            "ratings of a coder, add --transposed; if a column does, add --columns."
        )

    def refuse_counts(self) -> None:
        """Refuse a table that may count coders by category."""
        told = counts_told([row.cells[self.unit :] for row in self.body], self.empty)
        if told:
            raise PostilError(
                f"{self.name}: {told}, so the table can be read in two ways. If its cells count how many coders chose "
                "each category, add --counts; if they are ratings, add --columns."
            )

    def by_category(self) -> Shaped:
        """Units by categories, each cell the number of coders who chose the category."""
        self._drop_totals()
        first = int(self.unit)
        places = [p for p in range(first, self.width) if not is_total(self.titles[p])]
        sums_of = [p for p in places if sums_the_row(p, places, self.titles, self.body)]
        places = [p for p in places if p not in sums_of]
        if len(places) < self.width - first:
            sums = [t for p, t in enumerate(self.titles) if p >= first and p not in places]
            self.how.append(f"columns of totals left out: {_listed(sums)}")
        categories = [self.titles[p] or str(p + 1) for p in places]
        rows: list[list[str]] = []
        for row in self.body:
            counts = [row.cells[p] or "0" for p in places]
            wrong = next((c for c in counts if not (c.isascii() and c.isdigit())), None)
            if wrong is not None:
                raise PostilError(f"{self.name}:{row.line}: {wrong!r} is not a number of coders.")
            chosen = [k for k, count in zip(categories, counts, strict=True) for _ in range(min(int(count), 10_000))]
            rows.append(chosen)
        most = max((len(row) for row in rows), default=0)
        if most < 2:
            raise PostilError(f"{self.name}: no row counts two or more coders.")
        self.how.append(f"counts of coders in {counted(len(categories), 'category')}: coders are not told apart")
        padded = [row + [""] * (most - len(row)) for row in rows]
        coders = [str(g + 1) for g in range(most)]
        made = Shaped(coders, self._unit_names(), padded, [r.line for r in self.body], self.how, self.warnings)
        made.categories = tuple(categories)
        return made

    # ------------------------------------------------------------------ a coder a column

    def by_coder(self, said: str = "") -> Shaped:
        """Units by coders, without totals and columns that are no coder's."""
        if said:
            self.how.append(said)
        self._drop_totals()
        self._warn_of_repeated_units()
        places = self._coder_places()
        coders = [self.titles[p] or str(p - self.unit + 1) for p in places]
        twice = [name for name, times in Counter(coders).items() if times > 1]
        if twice:
            line = self.heading.line if self.heading else 1
            raise PostilError(
                f"{self.name}:{line}: two columns are called {twice[0]!r}; every coder needs a name of their own."
            )
        if len(coders) < 2:
            line = self.heading.line if self.heading else 1
            raise PostilError(
                f"{self.name}:{line}: it needs two or more coders, a column each; found: {_listed(coders) or 'none'}."
            )
        rows = [[row.cells[p] for p in places] for row in self.body]
        return Shaped(coders, self._unit_names(), rows, [r.line for r in self.body], self.how, self.warnings)

    def _unit_names(self) -> list[str]:
        return [row.cells[0] if self.unit else str(number) for number, row in enumerate(self.body, 1)]

    @cached_property
    def _naming(self) -> list[int]:
        """The columns that name a unit together: the first, and others headed document, segment, turn …"""
        further = [p for p in range(1, self.width) if folded(self.titles[p]) in UNITS]
        return [0, *further] if self.unit else []

    def _drop_totals(self) -> None:
        """Leave out rows that a word names as totals, and numbers below words that no unit is named for."""
        first = [next((row.cells[p] for p in self._naming or [0] if row.cells[p]), "") for row in self.body]
        totals = [row for row, name in zip(self.body, first, strict=True) if is_total(name)]
        totals += last_by_a_letter(first, self.body, self.empty, self.name) if self.unit and not totals else []
        if totals and len(totals) < len(self.body):
            self.body = [row for row in self.body if row not in totals]
            where = ", ".join(f"line {row.line} ({next(filter(None, row.cells))!r})" for row in totals)
            self.how.append(f"{counted(len(totals), 'row')} of totals left out: {where}")
        if len(self.body) < 3 or not self.unit:
            return
        last, above = self.body[-1], {c for row in self.body[:-1] for c in row.cells[1:] if c not in self.empty}
        numbers = [cell for cell in last.cells[1:] if cell not in self.empty]
        if last.cells[0] or not all(row.cells[0] for row in self.body[:-1]) or not all(map(is_number, numbers)):
            return
        if numbers and not any(map(is_number, above)):
            self.body.pop()
            self.how.append(f"1 row of totals left out: line {last.line} (numbers below words, and no unit)")
        else:
            self.warnings.append(f"line {last.line} names no unit and counts as one; if it holds totals, take it out")

    def _warn_of_repeated_units(self) -> None:
        lines: dict[str, list[int]] = {}
        for row in self.body:
            name = " ".join(row.cells[p] for p in self._naming if row.cells[p])
            if name:
                lines.setdefault(name, []).append(row.line)
        twice = {unit: at for unit, at in lines.items() if len(at) > 1}
        if twice:
            shown = "; ".join(f"{unit!r} in lines {_listed(at)}" for unit, at in list(twice.items())[:3])
            more = f"; and {len(twice) - 3} more" if len(twice) > 3 else ""
            self.warnings.append(f"{counted(len(twice), 'unit')} named more than once, each row counted: {shown}{more}")

    def _coder_places(self) -> list[int]:
        places = list(range(int(self.unit), self.width))
        if self.asked.coders:
            return self._asked_places(places)
        columns = {p: self.column(p) for p in places}
        empty = [p for p, cells in columns.items() if not cells]
        columns = {p: cells for p, cells in columns.items() if cells}
        extra = [p for p in columns if is_extra(p, self.titles, columns, len(self.body))]
        extra += [p for p in columns if counts_the_row(p, list(columns), self.titles, self.body, self.empty)]
        if empty:
            self.how.append(f"left out, as no unit is rated in it: {_listed(map(self._title, empty))}")
        if extra:
            self.warnings.append(
                f"not read as a coder: {_listed(map(self._title, extra))}; to count it, name all coders with --coders"
            )
        kept = {p: cells for p, cells in columns.items() if p not in extra}
        self._doubt(kept)
        return list(kept)

    def _doubt(self, columns: dict[int, list[str]]) -> None:
        """Warn of a column unlike the others, and refuse columns that may be none of one rating by several coders."""
        for place in columns:
            if alone(place, self.titles, columns) and not all(map(is_number, columns[place])):
                self.warnings.append(
                    f"{self._title(place)} shares no rating with the other coders; if it is none, use --coders"
                )
        if self.asked.layout:
            return
        doubt = several_codes([self.titles[p] for p in columns]) if self.heading else ""
        if doubt:
            raise PostilError(f"{self.name}: {doubt}")
        full = all(len(cells) == len(self.body) for cells in columns.values())
        if len(columns) != 2 or not full or len(self.body) < 3 or one_series([self.titles[p] for p in columns]):
            return
        (first, a), (second, b) = columns.items()
        if not set(map(folded, a)) & set(map(folded, b)) and not all(map(is_number, [*a, *b])):
            raise PostilError(
                f"{self.name}: {self._title(first)} and {self._title(second)} have no rating in common, so the table "
                "can be read in two ways. If a row holds one rating (unit, coder, rating), add --long; if these "
                "are two coders, add --columns."
            )

    def _title(self, place: int) -> str:
        return self.titles[place] or f"column {place + 1}"

    def _asked_places(self, places: Sequence[int]) -> list[int]:
        known = {self.titles[p] or str(p - self.unit + 1): p for p in places}
        unknown = [name for name in self.asked.coders if name not in known]
        if unknown:
            raise PostilError(f"{self.name}: no column is called {unknown[0]!r}; there are {_listed(known)}.")
        left = [name for name in known if name not in self.asked.coders]
        if left:
            self.how.append(f"left out by --coders: {_listed(left)}")
        return [known[name] for name in self.asked.coders]

    def _kept(self, made: Shaped) -> Shaped:
        """Only the coders asked for."""
        if not self.asked.coders:
            return made
        unknown = [name for name in self.asked.coders if name not in made.coders]
        if unknown:
            raise PostilError(f"{self.name}: no coder is called {unknown[0]!r}; there are {_listed(made.coders)}.")
        places = [made.coders.index(name) for name in self.asked.coders]
        made.rows = [[row[p] for p in places] for row in made.rows]
        made.coders = list(self.asked.coders)
        return made


def _turned(table: _Columns) -> list[RatingRow]:
    """Columns as rows: the first column (or numbers) names the coders."""
    first = int(table.unit)
    names = [row.cells[0] if first else str(i) for i, row in enumerate(table.body, 1)]
    rows = [RatingRow(1, ("unit", *names))]
    for place in range(first, table.width):
        rows.append(
            RatingRow(place + 1, (table.titles[place] or str(place - first + 1), *(r.cells[place] for r in table.body)))
        )
    return rows


def _listed(names: Iterable[object]) -> str:
    return ", ".join(str(name) for name in names)
