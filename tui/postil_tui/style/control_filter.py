"""The last gate before the terminal: whatever a widget painted, no control character of a text goes through."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment as Cell
from textual.color import Color
from textual.filter import LineFilter

from postil_tui.text.cells import shown


@lru_cache(maxsize=4096)
def _shown(text: str) -> str:
    return shown(text).replace("\n", "\u240a")  # within a painted line, a line feed would move the cursor


class OnlyText(LineFilter):
    """Makes control characters visible; Textual's own control segments stay."""

    def apply(self, segments: list[Cell], background: Color) -> list[Cell]:
        """The segments with visible characters in place of those that must not reach a terminal."""
        return [
            cell if cell.control or cell.text.isprintable() else Cell(_shown(cell.text), cell.style)
            for cell in segments
        ]
