"""A grid of characters that knows what each of them belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from postil_tui.text.cells import graphemes, shown

Look = Literal["", "line", "label", "border", "title", "item", "strip", "count", "note", "stage"]
BEHIND_WIDE = ""  # the second cell of a wide character


@dataclass(frozen=True, slots=True)
class CellRun:
    """Neighbouring characters of one thing in one look."""

    text: str
    owner: str  # id of a node or edge; "" for what is neither
    look: Look


class Canvas:
    """Characters by row and column, each with its owner and its look."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._text = [[" "] * width for _ in range(height)]
        self._of = [[("", "")] * width for _ in range(height)]

    def put(self, x: int, y: int, text: str, owner: str, look: Look) -> None:
        """Write text from a cell to the right; what does not fit is cut."""
        text = shown(text)
        for start, end, wide in graphemes(text):
            if not wide:
                continue
            if 0 <= y < self.height and x >= 0 and x + wide <= self.width:
                self._set(x, y, text[start:end], owner, look)
                if wide == 2:
                    self._set(x + 1, y, BEHIND_WIDE, owner, look)
            x += wide

    def _set(self, x: int, y: int, text: str, owner: str, look: Look) -> None:
        self._text[y][x] = text
        self._of[y][x] = (owner, look)

    def at(self, x: int, y: int) -> str:
        """Whose cell this is."""
        return self._of[y][x][0] if 0 <= y < self.height and 0 <= x < self.width else ""

    def look(self, x: int, y: int) -> str:
        """The look of a cell."""
        return self._of[y][x][1]

    def runs(self, y: int, left: int = 0, width: int | None = None) -> Iterator[CellRun]:
        """A row, or the part of it that begins at ``left``; a wide character that is cut in two becomes blank."""
        right = self.width if width is None else min(left + width, self.width)
        if not 0 <= y < self.height or left >= right:
            return
        texts = self._text[y][left:right]
        if texts[0] == BEHIND_WIDE:
            texts[0] = " "
        if right < self.width and self._text[y][right] == BEHIND_WIDE:
            texts[-1] = " "
        cells = zip(self._of[y][left:right], texts, strict=True)
        for (owner, look), group in groupby(cells, key=lambda cell: cell[0]):
            yield CellRun("".join(text for _, text in group), owner, look)

    def text(self) -> str:
        """All of it as plain text, without blanks at the ends of lines."""
        return "\n".join("".join(row).rstrip() for row in self._text).rstrip("\n") + "\n"
