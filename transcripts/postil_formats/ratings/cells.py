"""What the cells of a table mean: missing ratings, numbers, and categories that differ in writing only."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from postil_base.plural import counted
from postil_formats.ratings.numerals import is_numeral, plain_numbers, rough

MISSING_WORDS = frozenset(
    ("NA", "N/A", "n/a", "#N/A", "<NA>", "nan", "NaN", "NAN", "None", "NULL", "null", "NaT", "#NULL!", "#NV", "#N/V")
)
# What stands for a missing rating in some tables and for a category in others; it is told, not dropped. Letters only.
_DOUBTFUL = frozenset(
    (
        "none na nan missing kA keineAngabe fehlt fehlend leer nd sd sindato ndisponible blank empty notcoded uncoded "
        "nichtkodiert nichtcodiert sincodificar noncodé tbd ns noanswer noresponse skipped"
    )
    .casefold()
    .split()
)
_SIGNS_OF_CATEGORIES = frozenset("+±✓✔✗✘☑☒○●")  # a lone sign is doubtful, but for these
_MARK = re.compile(r"-?(9|99|999|9999|[89]8|[89]7|[89]98|997)|-[16789]|-66|-77")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))


@dataclass(frozen=True)
class Cells:
    """Ratings as text (None: missing), with what was done to them."""

    rows: tuple[tuple[str | None, ...], ...]
    how: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    numeric: bool = False  # whether every rating is a number


def missing_of(missing: str, categories: Sequence[str]) -> frozenset[str]:
    """The texts that stand for a missing rating: an empty cell, what the person named (a,b), and the usual words."""
    named = {part.strip() for part in missing.split(",")} if missing.strip(", ") else {missing}
    return frozenset({"", *named, *MISSING_WORDS} - set(categories))


def read_cells(
    rows: Sequence[Sequence[str]],
    missing: frozenset[str],
    *,
    fold: bool,
    decimal: str,
    categories: Sequence[str],
    points_doubtful: bool = False,
) -> Cells:
    """Tell missing ratings from others, read numbers alike however they are written, and warn of near-equal words.

    ``decimal`` is "comma", "point" or "" (by the cells); with ``points_doubtful`` a point may
    part thousands. Raises ValueError where the cells can be read in two ways.
    """
    how, warnings = [], []
    gone = Counter(cell for row in rows for cell in row if cell in missing)
    given = [[None if cell in missing else cell for cell in row] for row in rows]
    if gone:
        how.append(_missing_said(gone))
    used = Counter(cell for row in given for cell in row if cell is not None)
    if fold:
        given, used, folds = _folded(given, used, categories)
        how += folds
    numeric = bool(used) and _all_numbers(used)
    if not fold and (not numeric or categories):
        warnings += _near(used)
    warnings += [*_doubtful(used, categories), *_sets(used)]
    if numeric and not categories:
        names, said = plain_numbers(used, decimal, points_doubtful=points_doubtful)
        given = [[None if cell is None else names[cell] for cell in row] for row in given]
        how += said
    return Cells(tuple(map(tuple, given)), tuple(how), tuple(warnings), numeric)


def _doubtful(used: Counter[str], categories: Sequence[str]) -> list[str]:
    """Cells that may stand for a missing rating: a sign or word among words, a far number among small ones."""
    if _all_numbers(used):
        marks = {cell for cell in used if _MARK.fullmatch(cell)}
        others = [rough(cell) for cell in used if cell not in marks]
        suspects = [cell for cell in used if cell in marks and _far(rough(cell), others)]
    else:
        suspects = [cell for cell in used if _may_be_missing(cell)]
    return [
        f"{cell!r} in {_n_cells(used[cell])} counts as a rating; "
        f"if it stands for a missing one, add --missing {_shell(cell)}"
        for cell in suspects
        if cell not in categories
    ]


def _sets(used: Counter[str]) -> list[str]:
    """Cells that list ratings which stand alone elsewhere."""
    several = [cell for cell in used if any(sign in cell and _split(cell, sign) <= used.keys() for sign in ";,|/")]
    if not several:
        return []
    return [
        f"{several[0]!r} counts as a category of its own ({_n_cells(sum(used[c] for c in several))} like it); "
        "if cells hold several labels, write ; between them and add --sets"
    ]


def _split(cell: str, sign: str) -> set[str]:
    return {part.strip() for part in cell.split(sign)}


def _may_be_missing(cell: str) -> bool:
    letters = "".join(c for c in cell.casefold() if c.isalnum())
    if not letters or cell.startswith("#"):  # a sign, or an error of a spreadsheet
        return cell not in _SIGNS_OF_CATEGORIES
    return letters in _DOUBTFUL or bool(_MARK.fullmatch(cell))


def _far(value: float, others: Sequence[float]) -> bool:
    """Whether a mark of missing ratings lies beyond all other numbers: below 0 where they are not, or far above."""
    if not others:
        return False
    most = max(others)
    return value < 0 <= min(others) or (most > 0 and value >= (most + 2 if value < 10 else 2 * most))


def _all_numbers(used: Iterable[str]) -> bool:
    return all(map(is_numeral, used))


def _missing_said(gone: Counter[str]) -> str:
    parts = [f"{times:,} blank" if not cell else f"{times:,} {cell!r}" for cell, times in sorted(gone.items())]
    total = sum(gone.values())
    return f"{counted(total, 'missing rating')}: {', '.join(parts)}"


def _key(cell: str) -> str:
    """What is left of a word when capitals, accents' forms and spaces of any kind do not count."""
    plain = unicodedata.normalize("NFKC", cell.translate(_INVISIBLE))
    return unicodedata.normalize("NFC", " ".join(plain.split()).casefold())


def _groups(used: Counter[str]) -> list[list[str]]:
    found: dict[str, list[str]] = {}
    for cell in used:
        found.setdefault(_key(cell), []).append(cell)
    return [sorted(group, key=lambda c: (-used[c], c)) for group in found.values() if len(group) > 1]


def _near(used: Counter[str]) -> list[str]:
    return [
        f"{_forms(group)} count as {counted(len(group), 'category')} "
        f"({_n_cells(sum(used[c] for c in group))}), but differ only "
        f"in {_difference(group)}; --fold counts them as one"
        for group in _groups(used)
    ]


def _folded(
    rows: Sequence[Sequence[str | None]], used: Counter[str], categories: Sequence[str]
) -> tuple[list[list[str | None]], Counter[str], list[str]]:
    """Near-equal words as one: the declared form, else the commonest."""
    declared = {_key(category): category for category in categories}
    names = {cell: declared.get(_key(cell), cell) for cell in used}
    said = []
    for group in _groups(used):
        name = declared.get(_key(group[0]), group[0])
        names |= dict.fromkeys(group, name)
        said.append(f"{_forms(group)} counted as {name!r} ({_n_cells(sum(used[c] for c in group))})")
    folded = [[None if cell is None else names[cell] for cell in row] for row in rows]
    return folded, Counter(c for row in folded for c in row if c is not None), said


def _forms(group: Sequence[str]) -> str:
    return " and ".join(map(visible, group))


def visible(cell: str) -> str:
    """A cell in quotation marks, with spaces and marks nobody sees written out.

    >>> visible("ja\\xa0"), visible("ja")
    ("'ja\\\\xa0'", "'ja'")
    """
    plain = cell == unicodedata.normalize("NFC", cell) and not any(c in _STRANGE for c in cell)
    return repr(cell) if plain else ascii(cell)


_STRANGE = frozenset(map(chr, _INVISIBLE)) | {"\xa0", "\u202f", "\u2009", "\u2007"}


def _difference(group: Sequence[str]) -> str:
    if len({c.casefold() for c in group}) == 1:
        return "capitals"
    if len({unicodedata.normalize("NFC", c) for c in group}) == 1:
        return "how an accent is stored"
    return "spaces or invisible characters"


def _n_cells(number: int) -> str:
    return counted(number, "cell")


def _shell(word: str) -> str:
    return f"'{word}'" if re.search(r"[^\w.-]", word) else word
