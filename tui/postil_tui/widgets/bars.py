"""One-line bars: title, quick slots, status. Setting the same text again paints nothing."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment as Cell
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from postil_tui.text.cells import cells, fitted, shown

Pieces = Sequence[tuple[str, Style]]


def _readable(pieces: Pieces) -> tuple[tuple[str, Style], ...]:
    return tuple((shown(text), style) for text, style in pieces)


class Bar(Widget):
    """A line with pieces at the left and pieces at the right; the left ones give way."""

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; }"
    ALLOW_SELECT = False

    class Pressed(Message):
        """A piece was clicked: its number and the pieces of its side."""

        def __init__(self, bar: Bar, pieces: Pieces, number: int, is_right: bool, button: int) -> None:
            super().__init__()
            self.bar, self.pieces, self.number = bar, pieces, number
            self.is_right, self.button = is_right, button

        @property
        def control(self) -> Bar:
            """The bar, so that its id picks the handler."""
            return self.bar

        def words(self, number: int) -> str:
            """The words of a piece, "" where there is none."""
            return self.pieces[number][0].strip() if 0 <= number < len(self.pieces) else ""

    def __init__(self, name: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=name, classes=classes)
        self._left: tuple[tuple[str, Style], ...] = ()
        self._right: tuple[tuple[str, Style], ...] = ()
        self._ground = Style()

    def set(self, left: Pieces, right: Pieces = (), ground: Style | None = None) -> None:
        """Show these pieces."""
        wanted = (_readable(left), _readable(right), ground or self._ground)
        if wanted != (self._left, self._right, self._ground):
            self._left, self._right, self._ground = wanted
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
        right = self._shown_right()
        room = width - _size(right)
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

    def _shown_right(self) -> list[tuple[str, Style]]:
        """The pieces at the right, as many from the last as there is room for."""
        width = self.size.width
        right = list(self._right)
        while right and _size(right) > max(width - 20, width // 2):
            right.pop(0)
        return right

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Tell which piece was clicked."""
        event.stop()
        right = self._shown_right()
        start = self.size.width - _size(right)
        pieces, at = (right, start) if event.x >= start else (list(self._left), 0)
        for number, (text, _) in enumerate(pieces):
            at += cells(text)
            if event.x < at:
                self.post_message(self.Pressed(self, pieces, number, event.x >= start, event.button))
                return


def _size(pieces: Pieces) -> int:
    return sum(cells(text) for text, _ in pieces)
