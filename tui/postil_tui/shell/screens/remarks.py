"""A list of remarks about codes; enter goes to the code."""

from __future__ import annotations

from collections.abc import Sequence

from postil_tui.shell.screens.panel import PanelScreen
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import shown
from postil_tui.widgets.rows import Line


class RemarksScreen(PanelScreen[str]):
    """Remarks, one a line."""

    FIXED = False

    def __init__(self, remarks: Sequence[tuple[str, str]], ink: StyleSheet) -> None:
        super().__init__(ink)
        self.remarks = remarks

    def lines(self) -> list[Line]:
        """Code and remark."""
        found: list[Line] = []
        for code, remark in self.remarks:
            colour = self.on_panel(self.ink.colour_of(code))
            found.append([(f" {shown(code)} ", colour), (remark, self.on_panel(self.ink.paper.quiet))])
        return found

    def chosen(self, row: int) -> None:
        """Go to the code."""
        self.dismiss(self.remarks[row][0])
