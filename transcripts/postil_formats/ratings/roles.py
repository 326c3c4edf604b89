"""Which columns of a table hold a coder's ratings, and which name units, hold notes or count something."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from postil_formats.ratings.headings import UNITS, factors, folded, is_number, is_other


def beside(title: str) -> bool:
    """Whether a heading says that a column, not the first, is no coder's."""
    return is_other(title) or folded(title) in UNITS


def is_extra(place: int, titles: Sequence[str], columns: Mapping[int, Sequence[str]], rows: int) -> bool:
    """Whether a column is no coder's: by its heading, or as its cells are unlike those that the others share.

    ``columns`` are the cells of each column that are not missing. Unlike are numbers beside words, a text of its own in
    each row, remarks in few rows, and formulas without values.
    """
    own = columns[place]
    parts = set(re.split(r"\s*[-−+=/]\s*", titles[place]))  # a-b, a = b
    if len(parts) > 1 and parts <= {titles[p] for p in columns if p != place}:
        return True
    if beside(titles[place]) or all(cell.startswith("=") for cell in own):
        return True
    if not alone(place, titles, columns):
        return False
    others = [set(c) for p, c in columns.items() if p != place and not beside(titles[p])]
    numbers = {all(map(is_number, column)) for column in others}
    if numbers == {not all(map(is_number, own))}:
        return True
    remarks = 2 * len(own) <= rows or not titles[place] or any(" " in cell for cell in own)
    return numbers == {False} and (len(set(own)) == rows > 3 or (remarks and len(own) < rows))


def alone(place: int, titles: Sequence[str], columns: Mapping[int, Sequence[str]]) -> bool:
    """Whether a column shares no cell with the others, two or more, which share some with each other."""
    others = [set(c) for p, c in columns.items() if p != place and not beside(titles[p])]
    own = set(columns[place])
    if len(others) < 2 or any(own & other for other in others):
        return False
    return all(any(a & b for b in others if b is not a) for a in others)


def several_codes(titles: Sequence[str]) -> str:
    """Why columns may be those of several codes, each rated by the same coders; "" where nothing says so."""
    crossed = factors(titles)
    if crossed is None:
        return ""
    first, second = (", ".join(names) for names in crossed)
    return (
        f"the columns cross {first} with {second}, so they can be read in two ways. If they are coders by codes, name "
        f"the columns of one code with --coders {titles[0]},…; if each is a coder, add --columns."
    )
