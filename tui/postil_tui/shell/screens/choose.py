"""Choosing one of several by arrows, by its digit, or with a click."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from postil_tui.shell.screens.panel import PanelScreen
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import shown
from postil_tui.widgets.rows import Line

Option = tuple[str, str, str]  # what is answered, its words, a note


class ChooseScreen(PanelScreen[str]):
    """A short list over the screen; the answer is "" when it is left."""

    FIXED = False

    def __init__(self, title: str, options: Sequence[Option], ink: StyleSheet, wide: int = PanelScreen.WIDTH) -> None:
        super().__init__(ink)
        self.wide = wide
        self.title_line = title
        self.options = options

    def head(self) -> Line:
        """The question."""
        return [(f" {shown(self.title_line)}", self.on_panel(self.ink.paper.quiet))]

    def lines(self) -> list[Line]:
        """The options with their digits."""
        paper = self.ink.paper
        found: list[Line] = []
        for number, (_, words, note) in enumerate(self.options, 1):
            digit = f" {number if number < 10 else ' '} "
            found.append(
                [(digit, self.on_panel(paper.accent)), (shown(words), self.on_panel()),
                 (f"  {shown(note)}", self.on_panel(paper.faint))]
            )  # fmt: skip
        return found

    def chosen(self, row: int) -> None:
        """Answer with the highlighted option."""
        if 0 <= row < len(self.options):
            self.dismiss(self.options[row][0])

    def pressed(self, event: events.Key) -> None:
        """A digit answers at once."""
        if event.key.isdigit() and 0 < int(event.key) <= len(self.options):
            self.dismiss(self.options[int(event.key) - 1][0])
