"""Tables without headings: words in one column, codes in another, told by what is in them."""

from __future__ import annotations

from collections.abc import Sequence

_LONG = 6  # words; a cell of codes has no more for each code


def with_headings(rows: Sequence[Sequence[str]]) -> tuple[list[list[str]] | None, str]:
    """The rows below headings of their own and what was made of the columns; None where the cells do not tell.

    The wordiest column holds the words; a column of short cells is one of codes when some of its cells are empty or
    hardly any come back. One that is filled everywhere with few values says who speaks.
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
    pieces = [piece for cell in filled for piece in cell.replace("\n", ";").split(";") if piece.strip()]
    short = all(len(piece.split()) <= _LONG for piece in pieces)
    lettered = any(character.isalpha() for cell in filled for character in cell)
    speaks = len(filled) == len(column) and len(set(filled)) <= max(2, len(filled) // 2)
    return bool(filled) and short and lettered and not speaks
