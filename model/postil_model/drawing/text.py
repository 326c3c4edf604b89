"""Widths of text in the shipped font, and line breaking; the same on every machine."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Literal
from unicodedata import category, combining, east_asian_width

Style = Literal["regular", "bold", "italic"]
FONTS = Path(__file__).resolve().parents[1] / "fonts"
LINE = 1.2  # line height in em
_TALL = 1.5  # of lines in scripts the shipped font does not hold
_OTHER = 620  # width in 1/1000 em of a character that the shipped font does not hold: a generous guess


@lru_cache(maxsize=1)
def _widths() -> dict[str, dict[int, int]]:
    styles = json.loads((FONTS / "widths.json").read_text(encoding="utf-8"))
    return {
        style: {first + place: width for first, widths in runs for place, width in enumerate(widths)}
        for style, runs in styles.items()
    }


def width(text: str, size: float, style: Style = "regular") -> float:
    """Width of one line of text in points.

    >>> round(width("Find a PTM", 11), 1)
    56.8
    """
    table = _widths()[style]
    return sum(table.get(ord(char)) or _guess(char) for char in text) * size / 1000


def _guess(char: str) -> int:
    if combining(char) or category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 1000 if east_asian_width(char) in "WF" else _OTHER


def in_font(text: str) -> bool:
    """Tell whether the shipped font holds every character, so that no font of the machine is needed."""
    table = _widths()["regular"]
    return all(ord(char) in table or char in "\n\t" for char in text)


def block(lines: list[str], size: float, style: Style = "regular") -> tuple[float, float]:
    """Width and height of some lines."""
    wide = max((width(line, size, style) for line in lines), default=0.0)
    return wide, sum(line_height(line, size) for line in lines)


def line_height(line: str, size: float) -> float:
    """Height of a line."""
    return size * (LINE if in_font(line) else _TALL)


def wrap(text: str, limit: float, size: float, style: Style = "regular") -> list[str]:
    """Break text into lines of at most ``limit`` points: at spaces, inside words only where there is no other way.

    Scripts without spaces break between any two characters.

    >>> wrap("Portability of the model", 60, 11)
    ['Portability', 'of the', 'model']
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(" ".join(paragraph.split())):
            if line.strip() and width((line + piece).rstrip(), size, style) > limit:
                lines.append(line.rstrip())
                line = ""
            for part in _fitting(piece.lstrip() if not line else piece, limit, size, style):
                if line and width((line + part).rstrip(), size, style) > limit:
                    lines.append(line.rstrip())
                    line = part
                else:
                    line += part
        lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> list[str]:
    """What may not be broken: words with the space before them, single wide characters, parts after a hyphen."""
    pieces: list[str] = []
    word = ""
    for char in text:
        if char == " " or east_asian_width(char) in "WF":
            pieces.append(word)
            word = char
        else:
            if word and (east_asian_width(word[-1]) in "WF" or word[-1] in "-/") and not word.endswith(" "):
                pieces.append(word)
                word = ""
            word += char
    pieces.append(word)
    return [piece for piece in pieces if piece]


def _fitting(piece: str, limit: float, size: float, style: Style) -> list[str]:
    """A piece cut into parts that fit; nearly always the piece itself."""
    if width(piece, size, style) <= limit:
        return [piece]
    parts = [""]
    for char in piece:
        if parts[-1] and width(parts[-1] + char, size, style) > limit:
            parts.append("")
        parts[-1] += char
    return parts


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut at a space and marked.

    >>> shorten("a long statement of facts", 12)
    'a long…'
    """
    clean = " ".join(text.split())
    if len(clean) <= limit:
        return clean
    cut = clean[: limit - 1]
    head = cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] or " " in cut else cut
    return head.rstrip(" ,;:.") + "…"
