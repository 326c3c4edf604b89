"""Something unexpected happened: one sentence, the details on a key, and the way out."""

from __future__ import annotations

import traceback

from textual import events

from postil_tui.shell.screens.panel import PanelScreen
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import shown
from postil_tui.text.fold import folded
from postil_tui.widgets.rows import Line


class ErrorScreen(PanelScreen[None]):
    """What happened, and what to do now."""

    def __init__(self, sentence: str, error: Exception, ink: StyleSheet) -> None:
        super().__init__(ink)
        self.sentence = sentence
        self.error = error
        self.details = False
        self.copied = ""

    def lines(self) -> list[Line]:
        """The sentence, the keys, perhaps the details."""
        paper = self.ink.paper
        width = min(self.WIDTH, self.app.size.width - 4) - 6
        found: list[Line] = [[(f" {line}", self.on_panel())] for line in folded(self.sentence, width)]
        keys = [("⏎", "go on"), ("e", "details"), ("c", "copy the report"), ("q", "leave")]
        row = [
            piece
            for key, word in keys
            for piece in ((f" {key} ", self.on_panel(paper.accent, True)), (f"{word}  ", self.on_panel(paper.quiet)))
        ]
        found += [[(" ", self.on_panel())], row]
        if self.copied:
            found.append([(f" {line}", self.on_panel(paper.good)) for line in folded(self.copied, width)])
        if self.details:
            found.append([(" ", self.on_panel())])
            # what happened before where: a small screen ends somewhere in the second
            text = "".join(
                (*traceback.format_exception_only(self.error), *traceback.format_tb(self.error.__traceback__))
            )
            found += [[(f" {shown(line)}", self.on_panel(paper.faint))] for line in text.splitlines()]
        return found

    def on_key(self, event: events.Key) -> None:
        """Go on, look, copy, or leave."""
        if event.key == "q":
            event.stop()
            event.prevent_default()
            self.app.run_worker(self._leave())
        elif event.key == "e":
            event.stop()
            self.details = not self.details
            self.refill()
        elif event.key == "c":
            event.stop()
            self._copy()
        else:
            super().on_key(event)

    def _copy(self) -> None:
        from postil_tui.shell.clipboard import put

        how = put("".join(traceback.format_exception(self.error)), self.app.copy_to_clipboard)
        self.copied = f"The report is copied {how}." if how else "The report is too long to be copied."
        self.refill()

    async def _leave(self) -> None:
        await self.app.action_quit()
