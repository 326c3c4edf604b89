"""One-line bars: title, quick slots, status. Setting the same text again paints nothing."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment as Cell
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from postil_tui.text.cells import cells, fitted

Pieces = Sequence[tuple[str, Style]]


class Bar(Widget):
    """A line with pieces at the left and pieces at the right; the left ones give way."""

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; }"
    ALLOW_SELECT = False

    def __init__(self, name: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=name, classes=classes)
        self._left: tuple[tuple[str, Style], ...] = ()
        self._right: tuple[tuple[str, Style], ...] = ()
        self._ground = Style()

    def set(self, left: Pieces, right: Pieces = (), ground: Style | None = None) -> None:
        """Show these pieces."""
        shown = (tuple(left), tuple(right), ground or self._ground)
        if shown != (self._left, self._right, self._ground):
            self._left, self._right, self._ground = shown
            self.refresh()

    @property
    def text(self) -> str:
        """What the bar says, for tests and for reading out."""
        return "".join(text for text, _ in (*self._left, *self._right))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All there is."""
        return container.width

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.size.width
        right = list(self._right)
        while right and sum(cells(text) for text, _ in right) > max(width - 20, width // 2):
            right.pop(0)
        room = width - sum(cells(text) for text, _ in right)
        line: list[Cell] = []
        for text, style in self._left:
            size = cells(text)
            if size > room:
                text, size = fitted(text, room), room
            if text:
                line.append(Cell(text, style))
            room -= size
        if room > 0:
            line.append(Cell(" " * room, self._ground))
        line += [Cell(text, style) for text, style in right]
        return Strip(line, width)
