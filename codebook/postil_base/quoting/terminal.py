r"""Text of other people on a terminal: nothing in it may move the cursor, change colours or the direction of reading.

Every character becomes exactly one character, so offsets into the text stay offsets into what is shown.
"""

from __future__ import annotations

_BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_LINE_ENDS = [0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029]


def _table() -> dict[int, str]:
    shown = {code: chr(0x2400 + code) for code in range(0x20)}
    shown |= {0x09: " ", 0x7F: "\u2421", 0xFEFF: "\ufffd"}
    shown |= dict.fromkeys([*range(128, 160), *_BIDI, *range(55296, 57344), *range(65529, 65532)], "�")
    return shown


_SHOWN = _table()


def terminal(text: str, newline: str = "⏎") -> str:
    r"""Make ``text`` safe to print: control characters and direction marks become visible, line ends ``newline``.

    >>> terminal("red \x1b[31m alert\nnext\tcell")
    'red ␛[31m alert⏎next cell'
    >>> terminal("one\ntwo", newline="\n")
    'one\ntwo'
    """
    return text.translate(_SHOWN | dict.fromkeys(_LINE_ENDS, newline))
