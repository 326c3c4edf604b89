"""Everything by name: type a few letters, enter does it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from textual import events

from postil_tui.code.session.line_edit import LineEdit
from postil_tui.code.session.rank import score
from postil_tui.shell.screens.base import PostilScreen
from postil_tui.shell.screens.names import Named, actions_named, things_named
from postil_tui.shell.screens.panel import PanelScreen
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.widgets.rows import Line

MOST = 200  # entries that are shown


class CommandScreen(PanelScreen[Callable[[], None]]):
    """The actions that can be carried out on the screen below; and, once something is typed, the study's own names."""

    FIXED = False
    WIDTH = 70

    def __init__(self, below: PostilScreen, ink: StyleSheet) -> None:
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

    def head(self) -> Line:
        """The query."""
        accent = self.on_panel(self.ink.paper.accent, bold=True)
        return [(" › ", accent), (shown(self.line.text) + "▏", self.on_panel(bold=True))]

    def lines(self) -> list[Line]:
        """The actions with their keys."""
        paper = self.ink.paper
        width = min(self.WIDTH, self.app.size.width - 4) - 4
        rows: list[Line] = []
        for one in self.found():
            title = fitted(shown(one.title), max(width - cells(one.key) - 4, 10))
            rows.append([(f" {title} ", self.on_panel()), (f"{one.key} ", self.on_panel(paper.accent))])
        return rows

    def on_key(self, event: events.Key) -> None:
        """Letters narrow, arrows go, enter does it."""
        if event.key in ("up", "down", "enter", "escape", "pageup", "pagedown"):
            super().on_key(event)
            return
        event.stop()
        event.prevent_default()
        if self.line.press(event.key, event.character):
            self.rows.index = 0  # the best one
            self.refill()

    def chosen(self, row: int) -> None:
        """Close, and do it."""
        found = self.found()
        self.dismiss(found[row].act if 0 <= row < len(found) else None)
