"""A table whose cells hold a few lines of prose. The cursor is a cell; what does not fit is scrolled to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.segment import Segment as Piece
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from postil_tui.text.cells import cells, fitted
from postil_tui.widgets.rows import Line

CellPaint = Callable[[int, int, bool, int, int], Sequence[Line]]  # row, column, chosen, width, lines → the lines
Weigh = Callable[[int, int], int]  # row, width of a column → lines that its longest cell takes
_HEAD = 2  # lines of a column's heading
_NARROWEST = 20
_WIDEST = 44


@dataclass(frozen=True)
class Looks:
    """Styles of what stands around the cells."""

    ground: Style
    heading: Style
    here: Style  # heading of the row and column of the cursor
    rule: Style


class Grid(Widget, can_focus=True):
    """Rows and columns with headings. Keys come through the screen; a click moves the cursor, a second one opens."""

    DEFAULT_CSS = "Grid { height: 1fr; width: 1fr; }"
    ALLOW_SELECT = False

    class Moved(Message):
        """The cursor is at another cell."""

    class Resized(Message):
        """There is another size."""

    class Opened(Message):
        """The cell of the cursor was clicked twice."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(id=name)
        self.names: Sequence[str] = ()
        self.headings: Sequence[Sequence[str]] = ()
        self.row = self.column = 0
        self.top = self.left = 0
        self._paint: CellPaint = lambda row, column, chosen, width, lines: []
        self._weigh: Weigh = lambda row, width: 1
        self._heights: dict[int, int] = {}
        self._plan: list[tuple[int, int]] = []  # line of the screen → row and line in it
        self._looks = Looks(Style(), Style(), Style(), Style())
        self._cells: dict[tuple[int, int], Sequence[Line]] = {}

    def show(
        self, names: Sequence[str], headings: Sequence[Sequence[str]], paint: CellPaint, weigh: Weigh, looks: Looks
    ) -> None:
        """Show rows of these names below these headings (each up to two lines)."""
        self.names, self.headings, self._looks = names, headings, looks
        self._paint, self._weigh = paint, weigh
        self._heights.clear()
        self.go(self.row, self.column, quiet=True)

    # --- measures ------------------------------------------------------------------------------------------------

    @property
    def name_width(self) -> int:
        """Cells of the names at the left."""
        return min(max((cells(name) for name in self.names), default=4), 14) + 3

    @property
    def shown_columns(self) -> int:
        """How many columns fit."""
        room = max(self.size.width - self.name_width, 1)
        return max(min(room // _NARROWEST, len(self.headings)), 1)

    @property
    def column_width(self) -> int:
        """Cells of a column, the rule before it included."""
        return min(max((self.size.width - self.name_width) // self.shown_columns, 4), _WIDEST)

    @property
    def lines(self) -> int:
        """The most lines a cell gets: more where there is room."""
        return 3 if self.size.height < 18 else 4 if self.size.height < 26 else 6

    def height_of(self, row: int) -> int:
        """Lines of a row: those of its longest cell, within limits."""
        if row not in self._heights:
            self._heights[row] = min(max(self._weigh(row, self.column_width - 2), 1), self.lines)
        return self._heights[row]

    @property
    def shown_rows(self) -> int:
        """How many rows are in sight as a whole."""
        return max(sum(inner == self.height_of(row) for row, inner in self._plan[: self.size.height - _HEAD]), 1)

    def _planned(self) -> list[tuple[int, int]]:
        """Row and line for every line of the screen; the line after the last of a row is its rule."""
        plan: list[tuple[int, int]] = []
        row = self.top
        while row < len(self.names) and len(plan) < self.size.height - _HEAD:
            plan += [(row, inner) for inner in range(self.height_of(row) + 1)]
            row += 1
        return plan

    # --- going about ---------------------------------------------------------------------------------------------

    def move(self, rows: int, columns: int) -> None:
        """Move the cursor."""
        self.go(self.row + rows, self.column + columns)

    def go(self, row: int, column: int, quiet: bool = False) -> None:
        """Put the cursor on a cell and bring it into sight."""
        before = (self.row, self.column)
        self.row = min(max(row, 0), max(len(self.names) - 1, 0))
        self.column = min(max(column, 0), max(len(self.headings) - 1, 0))
        self.reveal()
        if not quiet and before != (self.row, self.column):
            self.post_message(self.Moved())

    def reveal(self) -> None:
        """Scroll so that the cursor is in sight; paint anew."""
        self.left = min(max(self.left, self.column - self.shown_columns + 1), self.column)
        self.top = min(self.top, self.row)
        room = max(self.size.height - _HEAD, 1)
        while self.top < self.row and self._lines_to_cursor() > room:
            self.top += 1
        self._cells.clear()
        self._plan = self._planned()
        self.refresh()

    def _lines_to_cursor(self) -> int:
        return sum(self.height_of(row) + 1 for row in range(self.top, self.row + 1)) - 1

    def on_resize(self) -> None:
        """Keep the cursor in sight; headings have to be folded anew."""
        self._heights.clear()
        self.reveal()
        self.post_message(self.Resized())

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All there is."""
        return container.width

    # --- painting ------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """A line of headings, of cells, or a rule."""
        width = self.size.width
        if not self.headings or not self.names:
            return Strip([Piece(" " * width, self._looks.ground)], width)
        if y < _HEAD:
            return self._strip(self._heading(y), width)
        if y - _HEAD >= len(self._plan):
            return self._strip([], width)
        row, inner = self._plan[y - _HEAD]
        if inner == self.height_of(row):
            return self._strip(
                [("─" * (self.name_width + self.column_width * self.shown_columns), self._looks.rule)], width
            )
        return self._strip(self._row(row, inner), width)

    def _columns(self) -> range:
        return range(self.left, min(self.left + self.shown_columns, len(self.headings)))

    def _heading(self, y: int) -> Line:
        more = "‹ " if self.left and not y else "  "
        line: list[tuple[str, Style]] = [(more + " " * (self.name_width - 2), self._looks.here)]
        for column in self._columns():
            words = self.headings[column][y] if y < len(self.headings[column]) else ""
            look = self._looks.here if column == self.column else self._looks.heading
            line += [("  ", self._looks.ground), (fitted(words, self.column_width - 2), look)]
        if self._columns().stop < len(self.headings) and not y:
            line.append(("›", self._looks.here))
        return line

    def _row(self, row: int, inner: int) -> Line:
        here = row == self.row
        name = self.names[row] if inner == 0 else ""
        look = self._looks.here if here else self._looks.heading
        line: list[tuple[str, Style]] = [(" " + fitted(name, self.name_width - 1), look)]
        for column in self._columns():
            line += self._cell_line(row, column, inner)
        return line

    def _cell_line(self, row: int, column: int, inner: int) -> Line:
        chosen = (row, column) == (self.row, self.column)
        width = self.column_width - 2
        if (row, column) not in self._cells:
            self._cells[row, column] = self._paint(row, column, chosen, width, self.height_of(row))
        found = self._cells[row, column]
        sign = ("▌ " if chosen else "│ ", self._looks.here if chosen else self._looks.rule)
        return [sign, *(found[inner] if inner < len(found) else [(" " * width, self._looks.ground)])]

    def _strip(self, line: Line, width: int) -> Strip:
        pieces: list[Piece] = []
        room = width
        for text, style in line:
            size = cells(text)
            if size > room:
                text, size = fitted(text, room), room
            if text:
                pieces.append(Piece(text, style))
            room -= size
        if room > 0:
            pieces.append(Piece(" " * room, self._looks.ground))
        return Strip(pieces, width)

    # --- mouse ---------------------------------------------------------------------------------------------------

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Down a row."""
        event.stop()
        self.move(1, 0)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Up a row."""
        event.stop()
        self.move(-1, 0)

    def on_click(self, event: events.Click) -> None:
        """Go to the cell; a second click opens it."""
        line = event.y - _HEAD
        column = self.left + (event.x - self.name_width) // self.column_width
        if not 0 <= line < len(self._plan) or event.x < self.name_width or column >= len(self.headings):
            return
        row = self._plan[line][0]
        event.stop()
        if event.chain > 1 and (row, column) == (self.row, self.column):
            self.post_message(self.Opened())
        self.go(row, column)
