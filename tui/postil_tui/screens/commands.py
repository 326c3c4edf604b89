"""Everything by name: type a few letters, enter does it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from textual import events

from postil_tui.coding.line_edit import LineEdit
from postil_tui.coding.rank import score
from postil_tui.ink import Ink
from postil_tui.screens.base import PostilScreen
from postil_tui.screens.names import Named, actions_named, things_named
from postil_tui.screens.panel import PanelScreen
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.widgets.rows import Line

_HEAD = 2
MOST = 200  # entries that are shown


class CommandScreen(PanelScreen[Callable[[], None]]):
    """The actions that can be carried out on the screen below; and, once something is typed, the study's own names."""

    FIXED = False
    WIDTH = 70

    def __init__(self, below: PostilScreen, ink: Ink) -> None:
        super().__init__(ink)
        self.below = below
        self.line = LineEdit()

    @cached_property
    def _actions(self) -> list[Named]:
        return actions_named(self.below)

    @cached_property
    def _things(self) -> list[Named]:
        return list(things_named(self.below))

    def found(self) -> list[Named]:
        """What fits the words typed, best first; an action before a thing that fits as well."""
        query = self.line.text.strip()
        if not query:
            return self._actions
        fits = [(score(query, one.title, one.words), n, one) for n, one in enumerate([*self._actions, *self._things])]
        return [one for _, _, one in sorted((f, n, o) for f, n, o in fits if f is not None)][:MOST]

    def lines(self) -> list[Line]:
        """The query, then the actions with their keys."""
        paper = self.ink.paper
        head: Line = [(" › ", self.on_panel(paper.accent, bold=True)), (self.line.text + "▏", self.on_panel(bold=True))]
        width = min(self.WIDTH, self.app.size.width - 4) - 4
        rows: list[Line] = []
        for one in self.found():
            title = fitted(shown(one.title), max(width - cells(one.key) - 4, 10))
            rows.append([(f" {title} ", self.on_panel()), (f"{one.key} ", self.on_panel(paper.accent))])
        return [head, [(" ", self.on_panel())], *rows]

    def on_mount(self) -> None:
        """The first action is highlighted."""
        super().on_mount()
        self._first()

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
            self._first()

    def _first(self) -> None:
        """Highlight the first action; what is typed stays in sight above it."""
        self.rows.index = _HEAD
        self.rows.top = 0
        self.rows.refresh()

    def chosen(self, row: int) -> None:
        """Close, and do it."""
        found = self.found()
        self.dismiss(found[row - _HEAD].act if _HEAD <= row < len(found) + _HEAD else None)
