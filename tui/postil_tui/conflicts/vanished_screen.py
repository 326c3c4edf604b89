"""What vanished from files outside Postil, file by file, before one says what is to become of it."""

from __future__ import annotations

from postil_study.layers.holdings import Loss
from postil_tui.shell.losses import lines_of
from postil_tui.shell.screens.panel import PanelScreen
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import fitted, shown
from postil_tui.text.fold import folded
from postil_tui.widgets.rows import Line


class VanishedScreen(PanelScreen[None]):
    """The list; closing it asks again."""

    WIDTH = 90

    def __init__(self, lost: list[Loss], head: str, ink: StyleSheet) -> None:
        super().__init__(ink)
        self.lost = lost
        self.moved = head.removeprefix("; ")

    def head(self) -> Line:
        """What this is."""
        older = any(loss.older for loss in self.lost)
        more = ", or older there" if older else ""
        return [(f" In memory, and not in the file any more{more}", self.on_panel(bold=True))]

    def lines(self) -> list[Line]:
        """Each file, and below it what vanished from it."""
        paper = self.ink.paper
        width = min(self.WIDTH, max(self.app.size.width - 4, 20)) - 9
        found: list[Line] = [
            [(f" {shown(line)}", self.on_panel(paper.warn))] for line in folded(self.moved, width) if self.moved
        ]
        for title, gone in lines_of(self.lost):
            found.append([(f" {shown(title)}", self.on_panel(paper.accent))])
            found += [[(f"   {fitted(shown(line), width)}", self.on_panel())] for line in gone]
        return [*found, [(" esc: back to the question", self.on_panel(paper.faint))]]
