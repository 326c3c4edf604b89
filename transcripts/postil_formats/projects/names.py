"""Ids for what other programs call by any name: readable, in our alphabet, and never the same twice."""

from __future__ import annotations

import unicodedata
from collections.abc import Container

from postil_base.ids import is_name, suggest_name

LONGEST = 60
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i"})


def slug(name: str) -> str:
    """The readable part of an id; empty for a name without a letter or digit of ours.

    >>> slug("1. Észlelt fogékonyság"), slug("trust – or not"), slug("日本語コード")
    ('1-eszlelt-fogekonysag', 'trust-or-not', '')
    """
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    word = suggest_name("".join(c for c in plain if not unicodedata.combining(c)).replace(". ", " "))
    if len(word) > LONGEST:
        word = word[:LONGEST].rsplit("-", 1)[0].strip("-.")
    return word if is_name(word) else ""


def free_id(wanted: str, above: str, kind: str, taken: Container[str]) -> str:
    """An id nobody has: the wanted one, else with what is above in front, else with a number.

    >>> free_id("fun", "school", "code", {"fun"}), free_id("", "", "code", {"code-1"})
    ('school.fun', 'code-2')
    """
    if wanted and wanted not in taken:
        return wanted
    if wanted and above and f"{above}.{wanted}" not in taken:
        return f"{above}.{wanted}"
    number = 2 if wanted else 1
    stem = wanted or kind
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def fold(name: str) -> str:
    """A name for comparing: case and white space do not count."""
    return " ".join(name.casefold().split())
