"""Tables without headings: words in one column, codes in another, told by what is in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postil_study.text.vocabulary import ROLES

_SPEAKER = re.compile(r"[A-Z]{1,3}\d{0,3}:?")  # I, P07, INT
_LONG = 6  # words; a cell of codes has no more for each code


def with_headings(rows: Sequence[Sequence[str]]) -> tuple[list[list[str]] | None, str]:
    """The rows below headings of their own and what was made of the columns; None where the cells do not tell.

    The wordiest column holds the words; a column of short cells is one of codes when some of its cells are empty and
    most of the others differ, or list several. One that is filled everywhere, has few values or names roles may as well
    say who speaks, and is not guessed at.
    """
    width = max((len(row) for row in rows), default=0)
    if not 2 <= width <= 5 or len(rows) < 3:
        return None, ""
    cells = [[row[c].strip() if c < len(row) else "" for row in rows] for c in range(width)]
    words = [sum(len(cell.split()) for cell in column) for column in cells]
    text = words.index(max(words))
    if words[text] < 3 * sum(1 for cell in cells[text] if cell):
        return None, ""
    codes = [c for c in range(width) if c != text and _may_be_codes(cells[c])]
    if len(codes) != 1:
        return None, ""
    names = ["text" if c == text else "codes" if c == codes[0] else "" for c in range(width)]
    told = f"no headings: column {text + 1} was read as the words, column {codes[0] + 1} as codes"
    return [names, *(list(row) for row in rows)], told


def _may_be_codes(column: Sequence[str]) -> bool:
    filled = [cell for cell in column if cell]
    pieces = [piece.strip() for cell in filled for piece in cell.replace("\n", ";").split(";") if piece.strip()]
    short = all(len(piece.split()) <= _LONG for piece in pieces)
    lettered = any(character.isalpha() for cell in filled for character in cell)
    speaks = any(_SPEAKER.fullmatch(cell) or cell.rstrip(":").lower() in ROLES for cell in filled)
    speaks = speaks or (bool(column[0]) and all(map(_like_name, filled)))
    if not filled or len(filled) == len(column) or not (short and lettered) or speaks:
        return False
    return len(pieces) > len(filled) or 2 * len(set(filled)) > len(filled)


def _like_name(cell: str) -> bool:
    """Whether a cell may be somebody's name: one or two words with capitals."""
    parts = cell.rstrip(":").split()
    return len(parts) <= 2 and all(part[0].isupper() for part in parts)
