"""What stands around a table of ratings in its file: a title above, a remark below, a second table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_formats.ratings.grid import RatingRow
from postil_formats.ratings.headings import CODERS, UNITS, folded, is_number


def inner_rows(rows: Sequence[RatingRow]) -> tuple[list[RatingRow], list[str]]:
    """The rows of the table itself, without empty columns at its sides; what was left out, in sentences."""
    how: list[str] = []
    rows, said = _without_remarks(rows)
    how += said
    filled = [place for row in rows for place, cell in enumerate(row.cells) if cell]
    width, first, last = max(len(row.cells) for row in rows), min(filled), max(filled) + 1
    if last < width:
        how.append(f"{counted(width - last, 'empty column')} at the right left out")
    if first:
        how.append(f"{counted(first, 'empty column')} at the left left out")
    return [RatingRow(row.line, row.cells[first:last]) for row in rows], how


def _without_remarks(rows: Sequence[RatingRow]) -> tuple[Sequence[RatingRow], list[str]]:
    """Without lines of one cell above the table, and below a gap or with fewer cells than the table has."""
    end = len(rows)
    run = next((i for i, row in enumerate(rows) if _filled(row) > 1), 0)
    start = run if run < end - 1 and all(_is_remark(rows, i) for i in range(run)) else 0
    while end > start + 2 and _is_remark(rows, end - 1) and _stands_apart(rows, end - 1):
        end -= 1
    left = [*rows[:start], *rows[end:]]
    if not left:
        return rows, []
    where = "; ".join(f"line {row.line} ({_short(next(filter(None, row.cells)))})" for row in left[:3])
    return rows[start:end], [f"{counted(len(left), 'line')} outside the table left out: {where}"]


def _is_remark(rows: Sequence[RatingRow], place: int) -> bool:
    """Whether the only filled cell of a row is a text that stands nowhere else."""
    cells = [cell for cell in rows[place].cells if cell]
    if len(cells) != 1 or is_number(cells[0]) or max(map(_filled, rows)) < 2:
        return False
    return not any(cells[0] in row.cells for i, row in enumerate(rows) if i != place)


def _stands_apart(rows: Sequence[RatingRow], place: int) -> bool:
    row, above = rows[place], rows[place - 1]
    return row.line > above.line + 1 or len(row.cells) == 1 < len(above.cells)


def _filled(row: RatingRow) -> int:
    return sum(map(bool, row.cells))


def refuse_second_table(name: str, titles: Sequence[str], body: Sequence[RatingRow], empty: frozenset[str]) -> None:
    """Refuse a heading that comes again, beside the table or below it, and a heading of two rows."""
    words = [folded(title) for title in titles]
    first = words[0] if words else ""
    if first in UNITS and first in words[1:]:
        raise PostilError(
            f"{name}: two columns are called {titles[0]!r}, as if two tables stood side by side. Keep one table in "
            "the file, or name the columns of the coders with --coders."
        )
    for before, row in zip([None, *body], body, strict=False):
        again = tuple(row.cells[: len(titles)]) == tuple(titles)
        word = folded(row.cells[0])
        gap = before is not None and row.line > before.line + 1
        below = word in UNITS | CODERS and (gap or word == first)
        if again or (below and not any(is_number(cell) for cell in row.cells if cell)):
            raise PostilError(
                f"{name}:{row.line}: a heading stands below the table ({_short(', '.join(filter(None, row.cells)))}), "
                "as if a second table began there. Keep one table in the file."
            )
    if len(body) > 2 and _is_heading(body[0], body[1:], empty):
        raise PostilError(
            f"{name}:{body[0].line}: this row looks like a second heading ({_short(', '.join(body[0].cells))}): its "
            "cells stand in no other row. Keep one heading row."
        )


def _is_heading(row: RatingRow, others: Sequence[RatingRow], empty: frozenset[str]) -> bool:
    """Whether a row has words that occur nowhere else, where all else is numbers or occurs again."""
    cells = [cell for cell in row.cells[1:] if cell not in empty]
    if len(cells) < 2 or len(set(cells)) < len(cells) or any(map(is_number, cells)):
        return False
    rest = Counter(cell for other in others for cell in other.cells[1:] if cell not in empty)
    if not rest or any(cell in rest for cell in cells):
        return False
    unnamed = not row.cells[0] and all(other.cells[0] for other in others)
    told = folded(row.cells[0]) in UNITS | CODERS
    return unnamed or told or all(map(is_number, rest))


def _short(text: str, most: int = 60) -> str:
    plain = " ".join(text.split())
    return repr(plain if len(plain) <= most else plain[: most - 1] + "…")
