"""How many cells a character takes, and what stands for characters that must not reach a terminal."""

from __future__ import annotations

import re

from rich.cells import split_graphemes

# Characters that are surely one cell wide, so that a text made of them is wrapped by counting characters alone. A test
# holds them against Rich's tables.
_ONE_CELL_RANGES = (
    (0x20, 0x7E),
    (0xA1, 0xAC),
    (0xAE, 0x2FF),
    (0x370, 0x377),
    (0x384, 0x38A),
    (0x38E, 0x3A1),
    (0x3A3, 0x482),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x205E),
    (0x20A0, 0x20BF),
    (0x2190, 0x21FF),
    (0x2500, 0x25FC),
)
ONE_CELL = frozenset(chr(code) for first, last in _ONE_CELL_RANGES for code in range(first, last + 1)) | {"\xa0"}

_PICTURES = {code: chr(0x2400 + code) for code in range(32) if code != 10}
_C1 = dict.fromkeys([*range(0x80, 0xA0)], "\ufffd")
# Marks that turn the direction of what follows, separators that a terminal may take for a line break.
_DIRECTIONS = dict.fromkeys([0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF], "\ufffd")
_SEPARATORS = {0x2028: "\u240a", 0x2029: "\u2424", 0xAD: "-"}
_STAND_INS = {**_PICTURES, 9: " ", 0x7F: "\u2421", **_C1, **_DIRECTIONS, **_SEPARATORS}
_JOINER = "\u200d"
_JOINS_NOTHING = re.compile("(?<!\\S)\u200d|\u200d(?=\\s|\u200d|$)")  # it would swallow a space that fills the row
_MUST_NOT = frozenset(map(chr, _STAND_INS))
_PLAIN = bytes([10, *range(0x20, 0x7F)])


def _unusual(text: str) -> str:
    """The characters of ``text`` that a typewriter does not have: the few that are worth a look."""
    return text.encode("utf-8", "surrogatepass").translate(None, _PLAIN).decode("utf-8", "surrogatepass")


def shown(text: str) -> str:
    """``text`` with a visible character in place of each that must not reach a terminal, position by position.

    >>> shown("a\\x1b[31m\\tb")
    'a␛[31m b'
    """
    unusual = _unusual(text)
    if _JOINER in unusual:
        text = _JOINS_NOTHING.sub("\ufffd", text)
    return text if _MUST_NOT.isdisjoint(unusual) else text.translate(_STAND_INS)


def all_one_cell(text: str) -> bool:
    """Whether every character takes one cell (line feeds aside); a test at C speed.

    >>> all_one_cell("“Déjà vu”…\\n"), all_one_cell("模型")
    (True, False)
    """
    return text.isascii() or ONE_CELL.issuperset(_unusual(text))


def graphemes(text: str) -> list[tuple[int, int, int]]:
    """Start, end and cells of what a person sees as one character; together they cover the text.

    >>> graphemes("e\\u0301!")
    [(0, 2, 1), (2, 3, 1)]
    """
    return split_graphemes(text)[0]


def cells(text: str) -> int:
    """Cells the text takes in a row."""
    if text.isascii() or ONE_CELL.issuperset(text):
        return len(text)
    return sum(width for _, _, width in graphemes(text))


def fitted(text: str, width: int) -> str:
    """``text`` cut or filled to exactly ``width`` cells; what is cut is shown by an ellipsis.

    >>> fitted("coping/avoidance", 8), fitted("ab", 4)
    ('coping/…', 'ab  ')
    """
    if width <= 0:
        return ""
    size = cells(text)
    if size <= width:
        return text + " " * (width - size)
    kept = ""
    room = width - 1
    for start, end, wide in graphemes(text):
        if wide > room:
            break
        kept += text[start:end]
        room -= wide
    return kept + "…" + " " * room
