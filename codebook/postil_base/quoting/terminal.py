r"""Text of other people on a terminal: nothing in it may move the cursor, change colours or the direction of reading.

Every character becomes exactly one character, so offsets into the text stay offsets into what is shown.
"""

from __future__ import annotations

import re

from postil_base.late import LatePattern

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
    if text.isprintable():  # most cells of most tables; none of the characters below is
        return text
    return text.translate(_SHOWN | dict.fromkeys(_LINE_ENDS, newline))


_ON_SCREEN = {**_SHOWN, **{ord(end): chr(0x2400 + ord(end)) for end in "\v\f\r"}, 0x85: "�", 0x2028: "�", 0x2029: "�"}
del _ON_SCREEN[0x09], _ON_SCREEN[0x0A]
# long outputs seldom have any, and looking takes a tenth of the time of going through every character
_NOT_ON_SCREEN = LatePattern(f"[{''.join(map(chr, _ON_SCREEN))}]")


def on_screen(text: str) -> str:
    r"""What a whole output may send to a terminal: lines and tabs as they are, every other control made visible.

    >>> on_screen("one\ttwo\r\nred \x1b[31m")
    'one\ttwo\nred ␛[31m'
    """
    plain = text.replace("\r\n", "\n")
    return plain.translate(_ON_SCREEN) if _NOT_ON_SCREEN.search(plain) else plain


_CONTROLS = {code: sign for code, sign in _ON_SCREEN.items() if code < 0xA0}
_CONTROL = re.compile(f"[{''.join(map(chr, _CONTROLS))}]")


def without_controls(text: str) -> str:
    r"""Text for a file or a pipe, from where it may come to a terminal after all; marks of direction stay.

    >>> without_controls("one\r\nred \x1b[31m")
    'one\r\nred ␛[31m'
    """
    if not _CONTROL.search(text):
        return text
    return "\r\n".join(part.translate(_CONTROLS) for part in text.split("\r\n"))


_HIDDEN = re.compile("[\x7f-\x9f\u2028\u2029" + "".join(map(chr, _BIDI)) + "]")


def json_safe(encoded: str) -> str:
    r"""JSON text in which what a terminal would obey is written as ``\uXXXX``: the same data, and nothing happens.

    >>> json_safe('{"said": "\x9b31m"}')
    '{"said": "\\u009b31m"}'
    """
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", encoded)
