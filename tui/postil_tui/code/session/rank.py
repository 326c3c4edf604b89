"""Finding a code while typing: prefix before start of a word before anywhere before letters in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

Name = TypeVar("Name", bound=str)
LOOSE = 4  # the fit of letters that stand in order, but anywhere
_WORD_STARTS = re.compile(r"(?<![a-z0-9])[a-z0-9]")


def fold(text: str) -> str:
    """Small letters, with what separates words made equal."""
    return text.casefold().replace("_", "-").replace(" ", "-")


def score(query: str, name: str, path: str = "", label: str = "") -> int | None:
    """How well ``query`` fits a code (smaller is better), or None.

    >>> [score("ma", name) for name in ("maintenance", "find-many", "summary", "model-data", "trust")]
    [0, 1, 2, 4, None]
    """
    wanted, folded = fold(query), fold(name)
    if folded.startswith(wanted):
        return 0
    if f"-{wanted}" in f"-{folded}" or fold(label).startswith(wanted):
        return 1
    if wanted in folded or wanted in fold(path) or wanted in fold(label):
        return 2
    initials = "".join(_WORD_STARTS.findall(folded))
    if initials.startswith(wanted.replace("-", "")):
        return 3
    return LOOSE if len(wanted) > 1 and _in_order(wanted, folded) else None


def _in_order(wanted: str, text: str) -> bool:
    at = 0
    for letter in wanted:
        at = text.find(letter, at) + 1
        if at == 0:
            return False
    return True


def loosely(query: str, code: str, path: str, label: str) -> bool:
    """Whether a code fits by its letters in order alone.

    >>> loosely("trust", "report-robustness", "", ""), loosely("trust", "trust-maker", "", "")
    (True, False)
    """
    return bool(query) and score(query, code, path, label) == LOOSE


def ranked(
    query: str, codes: Iterable[tuple[str, str, str]], recent: Sequence[str] = (), limit: int = 200
) -> list[str]:
    """Ids of the codes (given as id, path, label) that fit, best first; recent ones first among equals.

    >>> ranked("tr", [("trust", "trust", ""), ("in-trouble", "x/in-trouble", ""), ("training", "t/training", "")])
    ['trust', 'training', 'in-trouble']
    """
    place = {code: number for number, code in enumerate(recent)}
    found: list[tuple[int, int, int, str]] = []
    for order, (code, path, label) in enumerate(codes):
        fit = score(query, code, path, label) if query else 0
        if fit is not None:
            found.append((fit, place.get(code, len(place)), order, code))
    return [code for *_, code in sorted(found)[:limit]]
