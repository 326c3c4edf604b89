"""A place to write below the text. The editor inside is made when it is first needed."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import TextArea

from postil_tui.widgets.bars import Bar


class MemoPane(Vertical):
    """Opens with a text, gives it back when it is left."""

    DEFAULT_CSS = """
    MemoPane { height: 9; display: none; border-top: solid $panel; }
    MemoPane TextArea, MemoPane TextArea:focus { border: none; padding: 0 2; height: 1fr; background: $background; }
    """

    def __init__(self) -> None:
        super().__init__(id="memo-pane")
        self._keep: Callable[[str], None] | None = None
        self._before: Widget | None = None  # what had the keys before

    def open(self, title: str, text: str, keep: Callable[[str], None]) -> None:
        """Show a text for writing; ``keep`` gets it at the end."""
        self._keep = keep
        self._before = self.screen.focused
        self.display = True
        self.run_worker(self._show(title, text), exclusive=True)

    async def _show(self, title: str, text: str) -> None:
        if not self.query(TextArea):
            await self.mount(Bar("memo-title"), TextArea("", id="memo-text"))
        from postil_tui.screens.base import PostilScreen

        screen = self.screen
        assert isinstance(screen, PostilScreen)
        self.query_one(Bar).set([(f" {title}", screen.ink.accent)], ground=screen.ink.plain)
        area = self.query_one(TextArea)
        area.load_text(text)
        area.move_cursor(area.document.end)
        area.focus()

    def on_key(self, event: events.Key) -> None:
        """Leaving keeps the text: nothing that was written gets lost."""
        if event.key in ("escape", "ctrl+s"):
            event.stop()
            event.prevent_default()
            self.close()

    def close(self) -> None:
        """Give the text back and hide."""
        if not self.display:
            return
        self.display = False
        text = self.query_one(TextArea).text
        keep, self._keep = self._keep, None
        self.screen.set_focus(self._before)
        if keep:
            keep(text)
