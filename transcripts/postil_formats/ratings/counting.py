"""Tables whose cells may count coders by category, as tables for Fleiss' kappa do, instead of being their ratings."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from postil_base.problem import PostilError
from postil_formats.ratings.grid import RatingRow
from postil_formats.ratings.headings import LETTERS_OF_TOTALS, is_number

_MOST = 0.6  # of the rows


def counts_told(rows: Sequence[Sequence[str]], empty: Collection[str]) -> str:
    """What tells that cells may be counts; empty when nothing does.

    Rows of whole numbers that all have the same sum are as many coders each. With other sums, coders missed some units;
    then most rows hold a 0 beside a number above 1, which as ratings would be coders who agree nowhere.

    >>> counts_told([["0", "5"], ["3", "2"], ["5", "0"]], {""})
    'each row adds up to 5'
    >>> counts_told([["0", "5", "0"], ["3", "0", "1"], ["0", "0", "2"]], {""})
    'most rows hold a 0 beside larger numbers, and the rows add up to 2 to 5'
    >>> counts_told([["0", "1"], ["1", "1"], ["0", "0"]], {""}), counts_told([["3", "4"], ["2", "2"], ["1", "0"]], {""})
    ('', '')
    """
    blank = any(cell in empty for row in rows for cell in row)
    zero = any(cell == "0" for row in rows for cell in row)
    if len(rows) < 3 or not all(cell in empty or (cell.isascii() and cell.isdigit()) for row in rows for cell in row):
        return ""
    if blank and zero:
        return ""  # what is empty is missing, for a 0 is written as 0
    values = [tuple(0 if cell in empty else int(cell) for cell in row) for row in rows]
    sums = sorted({sum(row) for row in values})
    if len(set(values)) < 2 or sums == [0] or (blank and max(max(row) for row in values) < 2):
        return ""
    of_two = len({cell for row in values for cell in row}) == 2  # 1 and 0 of two coders, say
    if len(sums) == 1:
        return "" if of_two and sums[0] == len(values[0]) else f"each row adds up to {sums[0]}"
    mixed = sum(1 for row in values if 0 in row and max(row) > 1)
    if blank or mixed < _MOST * len(values):
        return ""
    return f"most rows hold a 0 beside larger numbers, and the rows add up to {sums[0]} to {sums[-1]}"


def last_by_a_letter(
    names: Sequence[str], body: Sequence[RatingRow], empty: Collection[str], file: str
) -> list[RatingRow]:
    """The last row, when it is headed ``N`` and holds how many rated; refused where it may as well be a unit."""
    if len(body) < 3 or names[-1].casefold().rstrip(".") not in LETTERS_OF_TOTALS:
        return []
    if all(len(name) == 1 and name.isalpha() for name in names[:-1]):
        return []  # units are called by letters
    last, above = body[-1], body[:-1]
    columns = [[row.cells[p] for row in above if row.cells[p] not in empty] for p in range(1, len(last.cells))]
    given = [(cell, column) for cell, column in zip(last.cells[1:], columns, strict=True) if cell not in empty]
    counted = all(cell == str(len(column)) for cell, column in given)
    of_words = all(is_number(cell) and not any(map(is_number, column)) for cell, column in given)
    if counted or of_words:
        return [last]
    raise PostilError(
        f"{file}:{last.line}: the row {names[-1]!r} can be read in two ways. If it holds totals, take it out; if it is "
        "a unit, give it a longer name."
    )


def counts_the_row(
    place: int, places: Sequence[int], titles: Sequence[str], body: Sequence[RatingRow], empty: Collection[str]
) -> bool:
    """Whether a column is headed ``N`` and holds how many ratings its row has, beside coders with longer names."""
    others = [p for p in places if p != place]
    ratings = ([row.cells[p] for p in others if row.cells[p] not in empty] for row in body)
    return _by_a_letter(place, others, titles) and all(
        row.cells[place] == str(len(cells)) for row, cells in zip(body, ratings, strict=True)
    )


def sums_the_row(place: int, places: Sequence[int], titles: Sequence[str], body: Sequence[RatingRow]) -> bool:
    """The same of a table that counts coders by category: the column holds the sums."""
    others = [p for p in places if p != place]
    return _by_a_letter(place, others, titles) and all(
        row.cells[place] == str(sum(int(row.cells[p]) for p in others if row.cells[p].isdecimal())) for row in body
    )


def _by_a_letter(place: int, others: Sequence[int], titles: Sequence[str]) -> bool:
    letter = titles[place].casefold().rstrip(".") in LETTERS_OF_TOTALS
    return letter and bool(others) and not all(len(titles[p]) == 1 for p in others)
