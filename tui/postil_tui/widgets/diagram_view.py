"""The drawing of the model on the screen: scrolled so that where one stands is seen, lit, and clickable."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment as Cell
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from postil_model.drawing.figure import Tone
from postil_tui.model.diagram.canvas import CellRun
from postil_tui.model.diagram.drawing import DiagramDrawing
from postil_tui.model.diagram.walk import Focus
from postil_tui.style.colours import HUES
from postil_tui.style.style_sheet import StyleSheet


class DiagramView(Widget, can_focus=True):
    """Keys come through the screen; a click stands on a box or an arrow, a second one opens it."""

    DEFAULT_CSS = "DiagramView { height: 1fr; width: 1fr; }"
    ALLOW_SELECT = False

    @dataclass
    class Clicked(Message):
        """Somebody clicked on a box or an arrow; ``again`` if it was clicked twice."""

        name: str
        again: bool

    def __init__(self, name: str | None = None) -> None:
        super().__init__(id=name)
        self.drawing: DiagramDrawing | None = None
        self.at: Focus | None = None
        self.left = 0
        self.top = 0
        self._ink: StyleSheet | None = None
        self._tones: dict[str, Tone] = {}

    def show(self, drawing: DiagramDrawing, tones: dict[str, Tone], ink: StyleSheet, at: Focus | None) -> None:
        """Show a drawing; ``tones`` says of nodes and edges how they are drawn."""
        self.drawing, self._tones, self._ink = drawing, tones, ink
        self.stand(at)

    def stand(self, at: Focus | None) -> None:
        """Light up where one stands, and bring it into sight."""
        self.at = at
        if self.drawing and at:
            self._reveal(self.drawing, at)
        self.refresh()

    def _reveal(self, drawing: DiagramDrawing, at: Focus) -> None:
        for name in (at.entered_from, at.at):  # the last one counts most
            rect = drawing.place(name)
            if rect:
                self.left = _into_sight(rect.x, rect.width, self.left, self.size.width, drawing.width, 6)
                self.top = _into_sight(rect.y, rect.height, self.top, self.size.height, drawing.height, 2)

    def on_resize(self) -> None:
        """Keep in sight where one stands."""
        self.stand(self.at)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All there is."""
        return container.width

    # --- painting ----------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """A row of the drawing."""
        width, ink = self.size.width, self._ink
        if self.drawing is None or ink is None:
            return Strip([Cell(" " * width, Style())], width)
        pad = self._pad()
        line = [Cell(" " * pad, ink.plain)] if pad else []
        used = pad
        for run in self.drawing.canvas.runs(y + self.top, self.left, width - pad):
            line.append(Cell(run.text, self._style(run, ink)))
        used += min(self.drawing.width - self.left, width - pad) if self._has_row(y) else 0
        if used < width:
            line.append(Cell(" " * (width - used), ink.plain))
        return Strip(line, width)

    def _has_row(self, y: int) -> bool:
        return self.drawing is not None and 0 <= y + self.top < self.drawing.height

    def _pad(self) -> int:
        """A drawing narrower than the screen stands in the middle."""
        return max(self.size.width - self.drawing.width, 0) // 2 if self.drawing else 0

    def _style(self, run: CellRun, ink: StyleSheet) -> Style:
        paper = ink.paper
        column = 0 if paper.dark else 1
        orange, blue, violet = (HUES[name][column] for name in ("orange", "sky", "violet"))
        if not run.owner:
            return ink.accent if run.look == "stage" else ink.plain
        tone = self._tones.get(run.owner, "plain")
        colour = {"plain": paper.ink, "missing": paper.faint, "unexpected": orange}[tone]
        if run.look == "border":
            colour = {"plain": paper.quiet, "missing": paper.faint, "unexpected": orange}[tone]
        elif run.look == "strip" and tone != "unexpected":
            colour = blue
        elif run.look == "note":
            colour = violet
        elif run.look in ("line", "count", "item") and tone == "plain":
            colour = paper.ink if run.look == "line" else paper.quiet
        return self._lit(run, colour, ink) or ink.style(colour, bold=run.look == "title")

    def _lit(self, run: CellRun, colour: str, ink: StyleSheet) -> Style | None:
        """How it looks where one stands, and beside it; None for all the rest."""
        at, paper = self.at, ink.paper
        if at is None or self.drawing is None:
            return None
        here = run.owner == at.at
        if here and run.owner in self.drawing.boxes:
            ground = paper.raised if ink.depth == "true" else None
            if run.look == "border":
                return ink.style(paper.accent, ground, bold=True)
            return ink.style(colour, ground, bold=run.look == "title", reverse=run.look == "title" and ground is None)
        if here:
            return ink.style(paper.accent, bold=True, reverse=run.look == "label")
        ends = self.drawing.ends.get(at.at, ())
        if run.owner in ends and run.look == "border":
            return ink.style(paper.accent)
        if at.at in self.drawing.ends.get(run.owner, ()):
            return ink.style(colour, bold=True)
        return None

    # --- mouse -------------------------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """Stand where it was clicked."""
        if self.drawing is None:
            return
        name = self.drawing.canvas.at(event.x - self._pad() + self.left, event.y + self.top)
        if name:
            event.stop()
            self.post_message(self.Clicked(name, event.chain > 1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll."""
        event.stop()
        self.scroll_rows(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll."""
        event.stop()
        self.scroll_rows(-3)

    def scroll_rows(self, by: int) -> None:
        """Scroll up or down, without going elsewhere."""
        if self.drawing:
            self.top = max(min(self.top + by, self.drawing.height - self.size.height), 0)
            self.refresh()


def _into_sight(start: int, size: int, first: int, room: int, all_: int, margin: int) -> int:
    """The first row (or column) to show, so that something and a margin around it are seen."""
    if room <= 0:
        return first
    low, high = start - margin, start + size + margin
    if size + 2 * margin > room:
        margin = max((room - size) // 2, 0)
        low, high = start - margin, min(start + size + margin, start - margin + room)
    first = low if low < first else max(first, high - room)
    return max(min(first, all_ - room), 0)
