"""Everything by name: type a few letters, enter does it."""

from __future__ import annotations

from textual import events

from postil_tui.actions import Action, actions_of
from postil_tui.coding.line_edit import LineEdit
from postil_tui.coding.rank import score
from postil_tui.ink import Ink
from postil_tui.screens.base import PostilScreen
from postil_tui.screens.panel import PanelScreen
from postil_tui.text.cells import cells
from postil_tui.widgets.rows import Line

_HEAD = 2


class CommandScreen(PanelScreen[str]):
    """The actions that can be carried out on the screen below."""

    FIXED = False
    WIDTH = 70

    def __init__(self, below: PostilScreen, ink: Ink) -> None:
        super().__init__(ink)
        self.below = below
        self.line = LineEdit()

    def found(self) -> list[Action]:
        """The actions that fit what is typed, best first."""
        usable = [a for a in actions_of(self.below.CONTEXT) if self.below.can(a) and a.id not in ("commands", "slot")]
        query = self.line.text.strip()
        if not query:
            return usable
        fits = [(score(query, action.title, action.group), n, action) for n, action in enumerate(usable)]
        return [action for fit, _, action in sorted((f, n, a) for f, n, a in fits if f is not None)]

    def lines(self) -> list[Line]:
        """The query, then the actions with their keys."""
        paper = self.ink.paper
        head: Line = [(" › ", self.on_panel(paper.accent, bold=True)), (self.line.text + "▏", self.on_panel(bold=True))]
        width = min(self.WIDTH, self.app.size.width - 4) - 4
        rows: list[Line] = []
        for action in self.found():
            key = self.below.keymap.key(action.id)
            room = max(width - cells(action.title) - cells(key) - 3, 1)
            rows.append([(f" {action.title}{' ' * room}", self.on_panel()), (f"{key} ", self.on_panel(paper.accent))])
        return [head, [(" ", self.on_panel())], *rows]

    def on_mount(self) -> None:
        """The first action is highlighted."""
        super().on_mount()
        self.rows.go(_HEAD)

    def on_key(self, event: events.Key) -> None:
        """Letters narrow, arrows go, enter does it."""
        if event.key in ("up", "down", "enter", "escape", "pageup", "pagedown"):
            super().on_key(event)
            self.rows.go(max(self.rows.index, _HEAD))
            return
        event.stop()
        event.prevent_default()
        if self.line.press(event.key, event.character):
            self.refill()
            self.rows.index = _HEAD
            self.rows.top = 0
            self.rows.refresh()

    def chosen(self, row: int) -> None:
        """Close, and let the screen below do it."""
        found = self.found()
        self.dismiss(found[row - _HEAD].id if _HEAD <= row < len(found) + _HEAD else "")
