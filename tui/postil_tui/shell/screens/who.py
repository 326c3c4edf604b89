"""Who codes? Asked when it is not known; work never lands under another name unnoticed."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from postil_base.ids import is_name, suggest_name
from postil_tui.code.session.line_edit import LineEdit
from postil_tui.shell.screens.panel import PanelScreen
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.widgets.rows import Line


class WhoScreen(PanelScreen[str]):
    """The coders of the study, and a line for a new one. Nothing is chosen until somebody chooses."""

    FIXED = False
    WIDTH = 52

    def __init__(self, coders: Sequence[str], ink: StyleSheet) -> None:
        super().__init__(ink)
        self.coders = list(coders)
        self.line = LineEdit()

    def lines(self) -> list[Line]:
        """One line a coder, digits to choose."""
        paper = self.ink.paper
        plain, key = self.on_panel(), self.on_panel(paper.accent, bold=True)
        title: Line = [(" Who codes?", self.on_panel(bold=True))]
        gap: Line = [(" ", plain)]
        people: list[Line] = [[(f"  {n} ", key), (f" {coder}", plain)] for n, coder in enumerate(self.coders, 1)]
        new: Line = [("  a new coder: ", self.on_panel(paper.quiet)), (self.line.text + "▏", plain)]
        hint: Line = [(" a digit chooses · or type a new name, ⏎", self.on_panel(paper.faint))]
        return [title, gap, *people, new, gap, hint]

    def pressed(self, event: events.Key) -> None:
        """Digits choose, letters are a new name."""
        if not self.line.text and event.character and event.character.isdigit():
            number = int(event.character)
            if 1 <= number <= len(self.coders):
                self.dismiss(self.coders[number - 1])
            return
        if self.line.press(event.key, event.character):
            self.rows.index = len(self.coders) + 2
            self.refill()

    def on_key(self, event: events.Key) -> None:
        """While a name is typed, letters belong to it."""
        if self.line.text and event.key not in ("enter", "escape", "up", "down"):
            event.stop()
            event.prevent_default()
            self.pressed(event)
            return
        if event.character and event.character in "jkq" and not self.line.text:
            event.stop()
            event.prevent_default()
            self.pressed(event)
            return
        super().on_key(event)

    def chosen(self, row: int) -> None:
        """A coder of the list, or the name typed."""
        if self.line.text:
            name = self.line.text.strip()
            name = name if is_name(name) else suggest_name(name)
            if name:
                self.dismiss(name)
        elif 2 <= row < len(self.coders) + 2:
            self.dismiss(self.coders[row - 2])
