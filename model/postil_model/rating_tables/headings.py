"""What headings of tables of ratings tell: units, coders, ratings, totals, or a series of names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise


# Words in headings, folded: letters and digits only, no capitals.
def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


UNITS = _words(
    "unit units unitid item items itemid id ids subject subjects case cases caseid segment segments segmentid object",
    "row line nr no num number index document doc docid file text transcript interview passage quote quotation excerpt",
    "utterance sentence turn post tweet comment response participant question stimulus article target",
    "einheit einheiten fall fälle nummer textstelle segmentnr unité unidad unità",
)
CODERS = _words("coder coders rater raters annotator judge reviewer observer worker kodierer codierer codeur")
VALUES = _words("rating ratings value code codes category label score kategorie wert judgement judgment")
OTHERS = _words(
    "note notes comment comments remark remarks bemerkung bemerkungen kommentar notiz agree agreed agreement match",
    "diff difference total totals sum summe mean average median mode max min consensus final date time timestamp",
    "start end page url source speaker file document doc text transcript interview quote quotation passage",
)
TOTALS = _words("total totals sum summe gesamt mean average mittelwert median sd agreement subtotal grandtotal")


def folded(word: str) -> str:
    """A heading as it is compared: letters and digits only, without capitals.

    >>> folded("Unit ID"), folded("Coder_1")
    ('unitid', 'coder1')
    """
    return "".join(c for c in word.casefold() if c.isalnum())


def is_number(cell: str) -> bool:
    """Whether a cell is a number, with a point or a comma."""
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def one_series(titles: Sequence[str]) -> bool:
    """Whether two headings count on from one another: c1 and c2, Rater A and Rater B.

    >>> one_series(["r0", "r1"]), one_series(["a", "b"]), one_series(["unit", "a"])
    (True, True, False)
    """
    one, other = (re.fullmatch(r"(.*?)(\d+|\w)", title.strip().casefold()) for title in titles)
    if not one or not other or one[1] != other[1]:
        return False
    if one[2].isdigit() and other[2].isdigit():
        return int(other[2]) == int(one[2]) + 1
    return len(one[2]) == len(other[2]) == 1 and ord(other[2]) == ord(one[2]) + 1


def counts_up(cells: Sequence[str]) -> bool:
    """1, 2, 3, … or another row of whole numbers in steps of one."""
    if len(cells) < 2 or not all(cell.isascii() and cell.isdigit() for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    return all(b - a == 1 for a, b in pairwise(numbers))
