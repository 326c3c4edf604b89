"""Signs in ASCII, for terminals and fonts without the others: every strip is rewritten, sign by sign, before it is
painted. Each sign takes one cell and so does what stands for it; words keep their letters.
"""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment as Cell
from textual.color import Color
from textual.filter import LineFilter

_ASCII = {
    "-": "─━┈╌╍┄┅╴╶╸╺▔−",
    "|": "│┃┆┇╎╏┊┋▌▐▎▏",
    "+": "┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╭╮╰╯✱",
    "#": "█■",
    ":": "▓▒",
    ".": "░·",
    "*": "●◉",
    "o": "○□◇☆",
    ">": "→▸▶▷›↷↳⇥",
    "<": "↩↶◀◁‹⇤←⇠⏎",
    "^": "↑▲△",
    "v": "↓▼▽▾✓",
    "x": "✗",
    "!": "⊘",
    "~": "⇢≡…",
    "&": "✎",
    '"': "❝",
    "/": "╱",
    "\\": "╲",
}
TABLE = str.maketrans({sign: plain for plain, signs in _ASCII.items() for sign in signs})


@lru_cache(maxsize=4096)
def plain_signs(text: str) -> str:
    """``text`` with ASCII in place of signs.

    >>> plain_signs("├── → find-ptm ✎"), plain_signs("“déjà vu”")
    ('+-- > find-ptm &', '“déjà vu”')
    """
    return text if text.isascii() else text.translate(TABLE)


class PlainSigns(LineFilter):
    """Rewrites what a widget painted."""

    def apply(self, segments: list[Cell], background: Color) -> list[Cell]:
        """The segments with their signs in ASCII."""
        return [Cell(plain_signs(text), style, control) for text, style, control in segments]
