"""Rich Text as tokens, and what its control words say of characters: code pages of fonts, named characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])|"
    r"(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)",
    re.S,
)
CHARACTERS = {
    "tab": "\t", "line": "\n", "page": "\n", "column": "\n", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "endash": "–", "emdash": "—", "enspace": "\u2002", "emspace": "\u2003",
    "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c", "ltrmark": "\u200e", "rtlmark": "\u200f",
}  # fmt: skip
SIGNS = {"~": "\xa0", "_": "\u2011", "-": "", "\\": "\\", "{": "{", "}": "}", "\t": "\t"}
SYMBOLS = 2  # the charset of fonts that hold pictures
_CODE_PAGES = {
    77: "mac-roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip


class Token(NamedTuple):
    """A control word with its number, a sign, a brace, a byte or a stretch of text; one of them is filled."""

    word: str = ""
    number: int | None = None
    sign: str = ""
    brace: str = ""
    text: str = ""


class Font(NamedTuple):
    """A font of the table: its name and its charset."""

    name: str = ""
    charset: int = 0


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a file that was decoded byte by byte (latin-1); binary data is passed over."""
    at = 0
    while (match := _TOKEN.search(text, at)) is not None:
        at = match.end()
        number = int(match["number"]) if match["number"] else None
        if match["word"] == "bin":
            length = max(number or 0, 0)
            at += length if at + length <= len(text) else 0  # a count beyond the end would swallow the words behind it
        elif match["byte"]:
            yield Token(text=chr(int(match["byte"], 16)), sign="'")
        else:
            yield Token(match["word"] or "", number, match["sign"] or "", match["brace"] or "", match["text"] or "")


def code_page(data: bytes) -> str:
    """The code page that the file says it is in."""
    match = re.search(rb"\\ansicpg(\d{3,5})", data[:2000])
    if match is None:
        return "mac-roman" if re.match(rb"\s*\{\\rtf\d?\\mac\b", data) else "cp1252"
    return {b"10000": "mac-roman", b"65001": "utf-8"}.get(match[1], f"cp{match[1].decode()}")


def page_of(font: Font | None, page: str) -> str:
    """The code page of a font's bytes; that of the file where the font has none of its own."""
    return _CODE_PAGES.get(font.charset, page) if font is not None else page


def whole(text: str) -> str:
    """Text with characters beyond the first plane put together from their halves."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def date_of(number: str) -> str:
    """The date of a comment, which is packed into a number of 32 bits; empty for what is none.

    >>> date_of("669775309"), date_of("1")
    ('2026-11-30T23:13', '')
    """
    if not re.fullmatch(r"-?\d{1,10}", number.strip()):
        return ""
    bits = int(number) & 0xFFFFFFFF
    minute, hour, day = bits & 63, bits >> 6 & 31, bits >> 11 & 31
    month, year = bits >> 16 & 15, 1900 + (bits >> 20 & 511)
    if not (minute < 60 and hour < 24 and 1 <= day <= 31 and 1 <= month <= 12):
        return ""
    return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}"
