"""A list of rows, each painted when it is seen; one is highlighted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.segment import Segment as Cell
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from postil_tui.text.cells import cells, fitted
from postil_tui.text.fold import folded

Line = Sequence[tuple[str, Style]]
Paint = Callable[[int, bool, int], Line]  # number of the row, whether it is highlighted, width


class Rows(Widget, can_focus=True):
    """Rows of one line each. Keys come through the screen; the mouse highlights, a second click opens."""

    DEFAULT_CSS = "Rows { height: 1fr; width: 1fr; }"
    ALLOW_SELECT = False

    @dataclass
    class Opened(Message):
        """A row was clicked that was highlighted already."""

        row: int

    @dataclass
    class Moved(Message):
        """Another row is highlighted."""

        row: int

    class Resized(Message):
        """There is another width."""

    @dataclass
    class Dragged(Message):
        """A row is held with the mouse over another; ``dropped`` when it was let go there."""

        row: int
        over: int
        dropped: bool = False

    def __init__(self, name: str | None = None, fixed: bool = False, drags: bool = False) -> None:
        super().__init__(id=name)
        self.drags = drags  # rows can be taken with the mouse and put onto others
        self._held: int | None = None
        self._over: int | None = None
        self._folded_to = 0
        self._paint: Paint = lambda row, chosen, width: []
        self._ground = Style()
        self.count = 0
        self.index = 0
        self.top = 0
        self.fixed = fixed  # no row is highlighted; moving scrolls
        self.header: Line = ()
        self.empty: Line = ()

    def show(self, count: int, paint: Paint, ground: Style, header: Line = (), empty: Line = ()) -> None:
        """Show ``count`` rows."""
        self.count, self._paint, self._ground = count, paint, ground
        self.header, self.empty = header, empty
        self.index = min(self.index, max(count - 1, 0))
        self._reveal()
        self.refresh()

    @property
    def room(self) -> int:
        """Rows that fit."""
        return max(self.size.height - bool(self.header), 1)

    def move(self, by: int) -> None:
        """Highlight a row further down or up."""
        self.go(self.index + by)

    def go(self, index: int) -> None:
        """Highlight a row."""
        if self.fixed:
            self.top = max(min(self.top + index - self.index, self.count - self.room), 0)
            self.refresh()
            return
        index = min(max(index, 0), max(self.count - 1, 0))
        if index != self.index:
            self.index = index
            self._reveal()
            self.refresh()
            self.post_message(self.Moved(index))

    def _reveal(self) -> None:
        if self.fixed:
            self.top = max(min(self.top, self.count - self.room), 0)
            return
        self.top = min(max(self.top, self.index - self.room + 1), self.index)
        self.top = max(min(self.top, self.count - self.room), 0)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All there is."""
        return container.width

    def on_resize(self) -> None:
        """Keep the highlighted row in sight; text that was folded has to be folded anew."""
        self._reveal()
        if self.size.width != self._folded_to:
            self._folded_to = self.size.width
            self.post_message(self.Resized())

    def render_line(self, y: int) -> Strip:
        """A row."""
        width = self.size.width
        if self.header and y == 0:
            return self._strip(self.header, width)
        row = self.top + y - bool(self.header)
        if not self.count and row >= 1:
            return self._strip(self._nothing(row - 1, width), width)
        if row >= self.count:
            return self._strip((), width)
        return self._strip(self._paint(row, row == self.index and not self.fixed, width), width)

    def _nothing(self, row: int, width: int) -> Line:
        """A row of what is said where there are no rows; words that are too wide go on below."""
        if len(self.empty) != 1 or sum(cells(text) for text, _ in self.empty) <= width:
            return self.empty if row == 0 else ()
        text, style = self.empty[0]
        indent = " " * (len(text) - len(text.lstrip()))
        lines = folded(text.strip(), max(width - 2 * len(indent), 10))
        return [(indent + lines[row], style)] if row < len(lines) else ()

    def _strip(self, line: Line, width: int) -> Strip:
        found: list[Cell] = []
        room = width
        ground = self._ground
        for text, style in line:
            size = cells(text)
            if size > room:
                text, size = fitted(text, room), room
            if text:
                found.append(Cell(text, style))
                ground = Style(bgcolor=style.bgcolor) if style.bgcolor else self._ground
            room -= size
        if room > 0:
            found.append(Cell(" " * room, ground))
        return Strip(found, width)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll."""
        event.stop()
        self._scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll."""
        event.stop()
        self._scroll(-3)

    def _scroll(self, by: int) -> None:
        self.top = max(min(self.top + by, self.count - self.room), 0)
        self.refresh()

    def _row_at(self, y: int) -> int | None:
        row = self.top + y - bool(self.header)
        return row if 0 <= row < self.count else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of a row."""
        self._held = self._row_at(event.y) if self.drags and event.button == 1 else None
        self._over = self._held

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell over which row one is held."""
        over = self._row_at(event.y)
        if self._held is not None and over is not None and over != self._over:
            self._over = over
            self.post_message(self.Dragged(self._held, over))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go: onto another row, or where it was, which is a click."""
        held, over = self._held, self._row_at(event.y)
        self._held = None
        if held is not None and over is not None and over != held:
            self.post_message(self.Dragged(held, over, dropped=True))

    def on_leave(self) -> None:
        """A row that is taken out of the list is let go."""
        self._held = None

    def on_click(self, event: events.Click) -> None:
        """Highlight, or open what is highlighted; what was dragged is no click."""
        row = self._row_at(event.y)
        if row is None or self._over not in (None, row) or (self.drags and self._over != row):
            return
        event.stop()
        if row == self.index and event.chain > 1:
            self.post_message(self.Opened(row))
        else:
            self.go(row)
