"""Help: the keys of where you are, made from the registry of actions."""

from __future__ import annotations

from postil_tui.code.session.labels import MODE_SIGNS, MODE_WORDS, RELATION_SIGNS, RELATION_WORDS
from postil_tui.shell.actions import Action, actions_of, shown_key
from postil_tui.shell.screens.base import PostilScreen
from postil_tui.shell.screens.panel import PanelScreen
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells
from postil_tui.text.fold import folded
from postil_tui.widgets.rows import Line


class HelpScreen(PanelScreen[None]):
    """All keys of a screen, by group."""

    WIDTH = 84

    def __init__(self, below: PostilScreen, ink: StyleSheet) -> None:
        super().__init__(ink)
        self.below = below

    def lines(self) -> list[Line]:
        """A heading for each group, a line for each action."""
        found: list[Line] = []
        group = ""
        for action in actions_of(self.below.CONTEXT):
            if not self.below.can(action):
                continue
            if action.group != group:
                group = action.group
                found += [[(" ", self.on_panel())]] if found else []
                found.append([(f" {group}", self.on_panel(self.ink.paper.accent, bold=True))])
            found += self._lines_of(action)
        if self.below.CONTEXT == "code":
            found += self._signs()
        found.append([(" ", self.on_panel())])
        found.append([(" ↑↓ scroll · esc closes", self.on_panel(self.ink.paper.faint))])
        return found

    def _lines_of(self, action: Action) -> list[Line]:
        """Its keys, and what it does; a long title goes on below."""
        keys = "  ".join(shown_key(key) for key in self.below.keymap.keys(action.id))
        keys = "1 … 9" if action.id == "slot" else keys
        room = max(18 - cells(keys), 1)
        width = min(self.WIDTH, max(self.app.size.width - 4, 20)) - 6
        first, *more = folded(action.title, max(width - max(cells(keys), 18) - 3, 20))
        quiet = self.on_panel(self.ink.paper.quiet)
        head: Line = [(f"   {keys}{' ' * room}", self.on_panel(bold=True)), (first, quiet)]
        return [head, *([(" " * (max(cells(keys), 18) + 3), quiet), (line, quiet)] for line in more)]

    def _signs(self) -> list[Line]:
        plain, quiet = self.on_panel(bold=True), self.on_panel(self.ink.paper.quiet)
        rows = [(MODE_SIGNS[mode].strip(), words) for mode, words in MODE_WORDS.items() if mode != "affirm"]
        rows += [(RELATION_SIGNS[kind], words) for kind, words in RELATION_WORDS.items()]
        rows += [("(→ …)", "inferred: no cue words say so"), ("?", "unsure"), ("✎", "has a memo")]
        rows += [("┆", "another coder's (f shows it)"), ("+2", "labels that found no room")]
        head: list[Line] = [[(" ", plain)], [(" Signs in the margin", self.on_panel(self.ink.paper.accent, bold=True))]]
        return head + [[(f"   {sign:<18}", plain), (words, quiet)] for sign, words in rows]
