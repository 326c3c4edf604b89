"""Tables with a row for each rating (unit, coder, rating), turned into units by coders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_formats.ratings.grid import RatingRow
from postil_formats.ratings.headings import CODERS, UNITS, VALUES, folded


@dataclass(slots=True)
class Long:
    """Units by coders, with the first line of each unit; ``said`` names the columns that were used."""

    coders: list[str]
    units: list[str]
    rows: list[list[str]]
    lines: list[int]
    said: str
    warnings: list[str] = field(default_factory=list)


def read_long(titles: Sequence[str], body: Sequence[RatingRow], name: str) -> Long:
    """Units by coders; a coder who rates a unit twice, and otherwise, is refused with both lines."""
    units, coder, value = _places(titles, body, name)
    cells: dict[tuple[str, str], tuple[int, str]] = {}
    again: list[int] = []
    for row in body:
        key = (_unit(row, units), row.cells[coder])
        if key in cells and cells[key][1] != row.cells[value]:
            raise PostilError(
                f"{name}:{row.line}: {key[1]} rates unit {key[0]} again, and otherwise than in line "
                f"{cells[key][0]}. Keep one rating of each coder and unit."
            )
        if key in cells:
            again.append(row.line)
        cells.setdefault(key, (row.line, row.cells[value]))
    names, coders = list(dict.fromkeys(u for u, _ in cells)), list(dict.fromkeys(c for _, c in cells))
    first: dict[str, int] = {}
    for (each, _), (line, _) in cells.items():
        first.setdefault(each, line)
    used = {*units, coder, value}
    left = [titles[p] or str(p + 1) for p in range(len(titles)) if p not in used]
    said = f"long format: {', '.join(repr(titles[p] or p + 1) for p in (*units, coder, value))}"
    warnings = [f"not used: {', '.join(left)}"] if left else []
    if again:
        where = ", ".join(map(str, again[:5])) + (", …" if len(again) > 5 else "")
        warnings.append(
            f"{counted(len(again), 'rating')} given again by the same coder to the same unit (lines {where})"
        )
    if "" in coders:
        raise PostilError(
            f"{name}:{next(r.line for r in body if not r.cells[coder])}: no coder is named for this rating."
        )
    rows = [[cells.get((u, c), (0, ""))[1] for c in coders] for u in names]
    return Long(coders, names, rows, [first[u] for u in names], said, warnings)


def _unit(row: RatingRow, places: Sequence[int]) -> str:
    return " ".join(row.cells[p] for p in places)


def _places(titles: Sequence[str], body: Sequence[RatingRow], name: str) -> tuple[list[int], int, int]:
    """The columns that name the unit together, the coder, and the rating."""
    names = [folded(title) for title in titles]
    coder, value = (next((p for p, n in enumerate(names) if n in known), None) for known in (CODERS, VALUES))
    units = [p for p, n in enumerate(names) if n in UNITS and p not in (coder, value)]
    if not units or coder is None or value is None:
        if len(titles) == 3:
            return [0], 1, 2
        raise PostilError(
            f"{name}: a table with a row for each rating needs columns headed unit, coder and rating; "
            f"these are {', '.join(titles)}."
        )
    return _naming(units, coder, body), coder, value


def _naming(candidates: Sequence[int], coder: int, body: Sequence[RatingRow]) -> list[int]:
    """The first column that names units which several rows share, and further ones while a coder has a unit twice."""
    shared = [p for p in candidates if len({row.cells[p] for row in body}) < len(body)]
    if not shared:
        return [candidates[0]]
    chosen = shared[:1]
    for place in shared[1:]:
        before, after = (_twice(body, places, coder) for places in (chosen, [*chosen, place]))
        if after < before:
            chosen = [*chosen, place]
    return chosen


def _twice(body: Sequence[RatingRow], units: Sequence[int], coder: int) -> int:
    """Rows beyond the first of each coder and unit."""
    return sum(n - 1 for n in Counter((_unit(row, units), row.cells[coder]) for row in body).values())
