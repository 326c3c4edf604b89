"""A panel over the screen: lines painted in the middle, keys taken until it closes."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells
from postil_tui.widgets.rows import Line, Rows

Result = TypeVar("Result")


class PanelScreen(ModalScreen[Result]):
    """Lines in a box. Subclasses say which lines, and what keys do."""

    DEFAULT_CSS = """
    PanelScreen { align: center middle; background: $background 60%; }
    PanelScreen > Rows { width: 76; height: auto; background: $panel; border: round $border; padding: 0 1; }
    """
    WIDTH: ClassVar[int] = 76
    FIXED: ClassVar[bool] = True

    def __init__(self, ink: StyleSheet) -> None:
        super().__init__()
        self.ink = ink
        self.wide = self.WIDTH

    def compose(self) -> ComposeResult:
        """The box."""
        yield Rows("panel", fixed=self.FIXED)

    @property
    def rows(self) -> Rows:
        """The list in the box."""
        return self.query_one(Rows)

    def head(self) -> Line:
        """What stays in sight above the lines."""
        return ()

    def lines(self) -> list[Line]:
        """The lines of the panel."""
        return []

    def on_mount(self) -> None:
        """Fill the box."""
        self.refill()

    def on_resize(self) -> None:
        """Fit the box to the screen."""
        self.refill()

    def refill(self) -> None:
        """Paint the lines anew."""
        lines, head = self.lines(), self.head()
        rows = self.rows
        rows.styles.width = min(self.wide, max(self.app.size.width - 4, 20))
        rows.styles.height = min(len(lines) + 2 + bool(head), max(self.app.size.height - 2, 5))
        rows.show(len(lines), lambda row, chosen, width: self.paint(lines, row, chosen, width), self.on_panel(), head)

    def paint(self, lines: list[Line], row: int, chosen: bool, width: int) -> Line:
        """One line, marked if it is the one chosen."""
        if not chosen:
            return lines[row]
        ground = self.ink.paper.raised if self.ink.depth == "true" else None
        marked = [
            (text, style + Style(bgcolor=ground, bold=True, reverse=ground is None)) for text, style in lines[row]
        ]
        used = sum(cells(text) for text, _ in marked)
        return [*marked, (" " * max(width - used, 0), Style(bgcolor=ground, reverse=ground is None))]

    def on_panel(self, colour: str | None = None, bold: bool = False) -> Style:
        """A style on the panel's ground."""
        paper = self.ink.paper
        return self.ink.style(colour or paper.ink, paper.panel, bold=bold)

    def on_key(self, event: events.Key) -> None:
        """Scroll, choose, close."""
        event.stop()
        event.prevent_default()
        step = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": 10, "space": 10, "pageup": -10}.get(event.key)
        if step is not None:
            self.rows.move(step)
        elif event.key == "enter":
            self.chosen(self.rows.index)
        elif event.key in ("escape", "q", "f1", "question_mark"):
            self.dismiss()
        else:
            self.pressed(event)

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """A row was clicked twice."""
        self.chosen(event.row)

    def chosen(self, row: int) -> None:
        """Enter was pressed on a row."""
        self.dismiss()

    def pressed(self, event: events.Key) -> None:
        """Any other key."""
