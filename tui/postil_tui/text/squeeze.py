"""Making words fit a line of the screen, so that no answer and no cursor falls off its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from postil_tui.text.cells import cells, fitted, graphemes

Style = TypeVar("Style")
_CAPS = range(40, 1, -1)


def squeezed(pieces: Sequence[tuple[str, Style]], width: int) -> list[tuple[str, Style]]:
    """The pieces with their longest words cut as far as is needed for all of them to be seen.

    >>> squeezed([(" which code?  ", 1), (" 1 ", 2), ("missing-attributes ", 3), (" 2 ", 2), ("trust ", 3)], 39)
    [(' which code?  ', 1), (' 1 ', 2), ('missing-att… ', 3), (' 2 ', 2), ('trust ', 3)]
    """
    found = list(pieces)
    for cap in _CAPS:
        if sum(cells(text) for text, _ in found) <= width:
            break
        found = [(_cut(text, cap), style) for text, style in pieces]
    return found


def _cut(text: str, cap: int) -> str:
    words = text.strip()
    if cells(words) <= cap:
        return text
    start, end = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{start}{fitted(words, cap).rstrip()}{end}"


def end_of(text: str, width: int) -> str:
    """The end of a text that fits a width, so that what is typed last stays in sight.

    >>> end_of("the popular ones", 8), end_of("ones", 8)
    ('…ar ones', 'ones')
    """
    if cells(text) <= width:
        return text
    room, start = max(width, 2) - 1, len(text)
    for first, _, size in reversed(graphemes(text)):
        room -= size
        if room < 0:
            break
        start = first
    return f"…{text[start:]}"
