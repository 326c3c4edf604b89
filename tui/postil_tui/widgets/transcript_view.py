"""The transcript on the screen: paints rows of a `TextPage`, repaints only those that changed, listens to the mouse.

It scrolls by itself: a first row and a height are all it takes, and no scrollbar widget is redrawn with every page.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Literal

from rich.segment import Segment as Cell
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from postil_tui.code.session.record import RecordChange
from postil_tui.style.row_painter import RowPainter
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells
from postil_tui.text.margin import Shape
from postil_tui.text.page import TextPage

Place = Literal["text", "gutter", "margin"]
ScreenCell = tuple[int, int]  # column and row of the screen
_NEAR = 3  # rows kept between the cursor and the edge
_WHEEL = 3


class TranscriptView(Widget, can_focus=True):
    """Rows of a page, with a cursor."""

    DEFAULT_CSS = "TranscriptView { height: 1fr; width: 1fr; }"
    ALLOW_SELECT = False

    class Pressed(Message):
        """A mouse button went down on a place of the text."""

        def __init__(self, place: Place, offset: int, segment: str, chain: int, button: int, cell: ScreenCell) -> None:
            super().__init__()
            self.place, self.offset, self.segment = place, offset, segment
            self.chain, self.button, self.cell = chain, button, cell

    class Dragged(Message):
        """The mouse was moved over the text with its button down."""

        def __init__(self, offset: int) -> None:
            super().__init__()
            self.offset = offset

    class EndDragged(Message):
        """The end of a bracket is dragged: to which row, and to which character if the mouse is over the words."""

        def __init__(self, segment: str, end: Shape, row: int, offset: int | None) -> None:
            super().__init__()
            self.segment, self.end, self.row, self.offset = segment, end, row, offset

    class EndReleased(Message):
        """The end of a bracket was let go."""

        def __init__(self, segment: str) -> None:
            super().__init__()
            self.segment = segment

    class Resized(Message):
        """The view has another width or height."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(id=name)
        self.page: TextPage | None = None
        self.top = 0
        self.mirror: TranscriptView | None = None  # a view of the same rows that scrolls along
        self._painter: RowPainter | None = None
        self._rows: dict[int, list[Cell]] = {}
        self._pressed = False
        self._end: tuple[str, Shape] | None = None  # the end of a bracket that is being dragged
        self._end_moved = False

    # --- what it shows -----------------------------------------------------------------------------------------------

    def show(self, page: TextPage, painter: RowPainter, top: int = 0) -> None:
        """Show a page from a row on."""
        self.page = page
        self._painter = painter
        self.top = top
        self.repaint()

    def set_ink(self, ink: StyleSheet) -> None:
        """Paint in other colours."""
        if self._painter:
            self._painter.ink = ink
            self.repaint()

    def repaint(self) -> None:
        """Paint every row anew."""
        self._rows.clear()
        self.top = self._allowed(self.top)
        self.refresh()

    def repaint_rows(self, rows: Iterable[int]) -> None:
        """Paint these rows anew, if they are on the screen."""
        height = self.size.height
        dirty = sorted(rows)
        for row in dirty:
            self._rows.pop(row, None)
        seen = [row - self.top for row in dirty if 0 <= row - self.top < height]
        for first, last in _runs(seen):
            self.refresh(Region(0, first, self.size.width, last - first + 1))

    def follow(self, change: RecordChange) -> None:
        """Show a change of the records."""
        if self.page:
            self.repaint_rows(self.page.changed(change))

    def moved(self, reveal: bool = True, jump: bool = False) -> None:
        """Show cursor and selection as they are now, scrolling if need be."""
        if not self.page:
            return
        self.repaint_rows(self.page.moved())
        if reveal:
            self.reveal(jump=jump)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All there is."""
        return container.width

    def render_line(self, y: int) -> Strip:
        """One row, painted if it is not at hand."""
        width = self.size.width
        if self._painter is None or self.page is None:
            return Strip.blank(width, self.rich_style)
        row = self.top + y
        painted = self._rows.get(row)
        if painted is None:
            known = row < self.page.layout.rows
            painted = self._painter.row(row) if known else self._painter.blank()
            if len(self._rows) > 2000:
                self._rows.clear()
            self._rows[row] = painted
        return Strip([*painted, self._position(y)], width)

    def _position(self, y: int) -> Cell:
        """The last column: where in the transcript the screen is."""
        assert self._painter and self.page
        ink = self._painter.ink
        rows, height = self.page.layout.rows, self.size.height
        if rows <= height:
            return Cell(" ", ink.plain)
        size = max(height * height // rows, 1)
        start = round((height - size) * self.top / max(rows - height, 1))
        return Cell("▐" if start <= y < start + size else " ", ink.line)

    # --- scrolling ---------------------------------------------------------------------------------------------------

    def _allowed(self, top: int) -> int:
        rows = self.page.layout.rows if self.page else 0
        return max(min(top, rows - self.size.height), 0)

    def scroll_rows(self, by: int) -> None:
        """Scroll without moving the cursor."""
        self.set_top(self.top + by)

    def set_top(self, top: int) -> None:
        """Make ``top`` the first row on the screen."""
        top = self._allowed(top)
        if top != self.top:
            self.top = top
            self.refresh()
            if self.mirror is not None:
                self.mirror.set_top(top)

    def reveal(self, jump: bool = False) -> None:
        """Bring the cursor (and what is selected, if it fits) onto the screen.

        ``jump`` leaves room to read on below, so that working through sentences does not scroll with every key.
        """
        if not self.page or not self.size.height:
            return
        row = self.page.layout.row_of(self.page.state.cursor)
        height = self.size.height
        near = min(_NEAR, max((height - 1) // 2, 0))
        if self.top + near <= row <= self.top + height - 1 - near:
            return
        if row < self.top + near:
            self.set_top(row - (height // 2 if jump else near))
        else:
            self.set_top(row - (height // 3 if jump else height - 1 - near))

    def on_resize(self, event: events.Resize) -> None:
        """Wrap to the new width; the row on top keeps its words."""
        if not self.page or not event.size.width:
            return
        offset = self.page.layout.row_span(min(self.top, self.page.layout.rows - 1))[0]
        if event.size.width != self.page.geometry.width:
            self.page.set_width(event.size.width)
            self.page.moved()
            self.top = self.page.layout.row_of(offset)
        self.repaint()
        self.reveal()
        self.post_message(self.Resized())

    # --- keys and mouse ----------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Hand keys to the screen at once, without the way through bindings."""
        press = getattr(self.screen, "press", None)
        if press is not None and press(event):
            event.stop()
            event.prevent_default()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls; the cursor stays where it is."""
        event.stop()
        self.scroll_rows(_WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls; the cursor stays where it is."""
        event.stop()
        self.scroll_rows(-_WHEEL)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Tell what was pressed on."""
        if not self.page:
            return
        event.stop()
        self.focus()
        place, offset, segment = self._under(event.x, event.y)
        self._pressed = event.button == 1 and place == "text"
        self._end = self._end_at(event.x, event.y) if event.button == 1 and place == "margin" else None
        self._end_moved = False
        if self._pressed or self._end:
            self.capture_mouse()
        cell = (int(event.screen_x), int(event.screen_y))
        self.post_message(self.Pressed(place, offset, segment, 1, event.button, cell))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag out a selection; at the edges the text scrolls along."""
        if not (self._pressed or self._end) or not self.page:
            return
        event.stop()
        if event.y < 0 or event.y >= self.size.height:
            self.scroll_rows(-1 if event.y < 0 else 1)
        place, offset, _ = self._under(event.x, event.y)
        if self._end:
            row = min(max(self.top + event.y, 0), self.page.layout.rows - 1)
            self._end_moved = True
            self.post_message(self.EndDragged(*self._end, row, offset if place == "text" else None))
        else:
            self.post_message(self.Dragged(offset))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End of a drag."""
        if self._pressed or self._end:
            self.release_mouse()
            if self._end and self._end_moved:
                self.post_message(self.EndReleased(self._end[0]))
            self._pressed, self._end = False, None

    def on_click(self, event: events.Click) -> None:
        """Second and third click of a chain; the first is told when the button goes down."""
        event.stop()
        if event.chain > 1 and self.page:
            place, offset, segment = self._under(event.x, event.y)
            cell = (int(event.screen_x), int(event.screen_y))
            self.post_message(self.Pressed(place, offset, segment, event.chain, event.button, cell))

    def _under(self, x: int, y: int) -> tuple[Place, int, str]:
        """What is at a cell: the place, the nearest offset, and the segment of a bracket or label."""
        assert self.page
        page = self.page
        row = min(max(self.top + y, 0), page.layout.rows - 1)
        geometry = page.geometry
        if page.layout.is_gap(row) and row > 0:
            offset = page.layout.clamp(page.layout.row_span(row - 1)[1] - 1)
        else:
            offset = page.layout.offset_at(row, x - geometry.text_at)
        if x < geometry.text_at - 1:
            return "gutter", offset, ""
        if x < geometry.lanes_at:
            return "text", offset, ""
        return "margin", offset, self._segment_at(row, x)

    def _end_at(self, x: int, y: int) -> tuple[str, Shape] | None:
        """The end of a bracket at a cell: its segment, and which end."""
        assert self.page
        row, lane = self.top + y, x - self.page.geometry.lanes_at
        if row >= self.page.layout.rows or not 0 <= lane < self.page.geometry.lanes:
            return None
        cell = self.page.margin_row(row).lanes[lane]
        return (cell.segment, cell.shape) if cell.shape in ("top", "bottom", "single") else None

    def _segment_at(self, row: int, x: int) -> str:
        assert self.page
        margin = self.page.margin_row(row)
        lane = x - self.page.geometry.lanes_at
        if lane < len(margin.lanes):
            return margin.lanes[lane].segment
        at = self.page.geometry.label_at
        for piece in margin.label:
            at += cells(piece.text)
            if x < at:
                return piece.segment
        return ""


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers as first and last."""
    if not numbers:
        return []
    breaks = [i for i, (a, b) in enumerate(pairwise(numbers), 1) if b != a + 1]
    return [(numbers[a], numbers[b - 1]) for a, b in pairwise([0, *breaks, len(numbers)])]
