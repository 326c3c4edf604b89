"""What something would touch, before it is done: y does it, escape leaves everything as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events

from postil_tui.shell.screens.panel import PanelScreen
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import shown
from postil_tui.text.fold import folded
from postil_tui.widgets.rows import Line

Told = tuple[str, str]  # what is touched, and how: "" in plain words, "warn" what one should think twice about


class ConfirmScreen(PanelScreen[bool]):
    """The question, what would change line by line, and the two answers."""

    WIDTH: ClassVar[int] = 78

    def __init__(self, question: str, told: Sequence[Told], ink: StyleSheet, yes: str = "do it") -> None:
        super().__init__(ink)
        self.question = question
        self.told = told
        self.yes = yes

    def lines(self) -> list[Line]:
        """Question, what it touches, answers."""
        paper = self.ink.paper
        width = min(self.WIDTH, max(self.app.size.width - 4, 20)) - 6
        found: list[Line] = [[(" " + line, self.on_panel(bold=True))] for line in folded(shown(self.question), width)]
        found.append([(" ", self.on_panel())])
        for text, mood in self.told:
            style = self.on_panel(paper.warn if mood else paper.quiet)
            for number, line in enumerate(folded(shown(text), width - 2)):
                found.append([("   " if number == 0 else "     ", style), (line, style)])
        key, quiet = self.on_panel(paper.accent, bold=True), self.on_panel(paper.quiet)
        answers: Line = [(" y ", key), (f"{self.yes}     ", quiet), ("esc ", key), ("leave everything as it is", quiet)]
        return [*found, [(" ", self.on_panel())], answers]

    @property
    def text(self) -> str:
        """What is asked and told, for tests and for reading out."""
        return "\n".join([self.question, *(text for text, _ in self.told)])

    def chosen(self, row: int) -> None:
        """Enter alone does nothing: what touches much is done on purpose."""

    def pressed(self, event: events.Key) -> None:
        """Y does it; n leaves."""
        if event.character == "y":
            self.dismiss(True)
        elif event.character == "n":
            self.dismiss(False)
