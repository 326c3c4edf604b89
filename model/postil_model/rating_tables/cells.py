"""What the cells of a table mean: missing ratings, numbers, and categories that differ in writing only."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from postil_base.plural import counted

MISSING_WORDS = frozenset(
    ("NA", "N/A", "n/a", "#N/A", "<NA>", "nan", "NaN", "NAN", "None", "NULL", "null", "NaT", "#NULL!")
)
# Signs that stand for a missing rating in some programs and for a category in others; they are told, not dropped.
_DOUBTFUL = frozenset((".", "-", "--", "–", "?", "none", "na", "missing"))
_MARKS = frozenset(("9", "99", "999", "-1", "-9", "-99", "-999"))
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))


@dataclass(frozen=True)
class Cells:
    """Ratings as text (None: missing), with what was done to them."""

    rows: tuple[tuple[str | None, ...], ...]
    how: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    numeric: bool = False  # whether every rating is a number


def missing_of(missing: str, categories: Sequence[str]) -> frozenset[str]:
    """The texts that stand for a missing rating: an empty cell, what the person named, else the usual words."""
    words = {missing} if missing else MISSING_WORDS
    return frozenset({"", *words} - set(categories))


def read_cells(
    rows: Sequence[Sequence[str]], missing: frozenset[str], *, fold: bool, decimal: str, categories: Sequence[str]
) -> Cells:
    """Tell missing ratings from others, read numbers alike however they are written, and warn of near-equal words.

    ``decimal`` is "comma", "point" or "" (by the cells). Raises ValueError where the cells can be read in two ways.
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
    else:
        warnings += _near(used)
    warnings += _doubtful(used, categories)
    numeric = bool(used) and _all_numbers(used)
    if numeric and not categories:
        given, said = _numbers(given, used, decimal)
        how += said
    return Cells(tuple(map(tuple, given)), tuple(how), tuple(warnings), numeric)


def _doubtful(used: Counter[str], categories: Sequence[str]) -> list[str]:
    """Cells that may stand for a missing rating: a sign or word among words, a far number among small ones."""
    if _all_numbers(used):
        values = {cell: number(cell) for cell in used}
        suspects = [c for c in used if c in _MARKS and _far(values[c], [v for k, v in values.items() if k != c])]
    else:
        suspects = [cell for cell in used if cell in _DOUBTFUL or cell in _MARKS]
    return [
        f"{cell!r} in {_n_cells(used[cell])} counts as a rating; "
        f"if it stands for a missing one, add --missing {_shell(cell)}"
        for cell in suspects
        if cell not in categories
    ]


def _far(value: float, others: Sequence[float]) -> bool:
    return bool(others) and (value < 0 <= min(others) or value > 4 * max(others) > 0)


def number(cell: str) -> float:
    """A number with a point or a comma before its decimals; ValueError for anything else."""
    if not _NUMBER.fullmatch(cell):
        raise ValueError(f"{cell!r} is not a number")
    return float(cell.replace(",", "."))


def written(value: float) -> str:
    """A number as a category is named: 1 and 1.0 alike."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _all_numbers(used: Iterable[str]) -> bool:
    return all(_NUMBER.fullmatch(cell) for cell in used)


def _missing_said(gone: Counter[str]) -> str:
    parts = [f"{times:,} blank" if not cell else f"{times:,} {cell!r}" for cell, times in sorted(gone.items())]
    total = sum(gone.values())
    return f"{counted(total, 'missing rating')}: {', '.join(parts)}"


def _numbers(
    rows: Sequence[Sequence[str | None]], used: Counter[str], decimal: str
) -> tuple[list[list[str | None]], list[str]]:
    commas = [cell for cell in used if "," in cell]
    if commas and any("." in cell for cell in used) and decimal != "comma":
        raise ValueError("some numbers have a point and some a comma; write all of them with a point")
    if commas and not decimal and all(re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", cell) for cell in commas):
        raise ValueError(
            f"{commas[0]!r} can be read in two ways. If the comma stands before decimals, add --decimal comma; "
            "if it parts thousands, write the numbers without it"
        )
    names = {cell: written(number(cell)) for cell in used}
    alike = Counter(names.values())
    several = [name for name, times in alike.items() if times > 1]
    said = ["decimal commas"] if commas else []
    if several:
        forms = sorted(cell for cell, name in names.items() if name == several[0])
        said.append(f"{' and '.join(forms)} are one category, as every rating is a number")
    return [[None if cell is None else names[cell] for cell in row] for row in rows], said


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
        f"{_forms(group)} count as {len(group)} categories ({_n_cells(sum(used[c] for c in group))}), but differ only "
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
