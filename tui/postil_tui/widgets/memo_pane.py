"""A place to write below the text. The editor inside is made when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import TextArea

from postil_tui.widgets.bars import Bar

if TYPE_CHECKING:
    from postil_tui.shell.screens.base import PostilScreen

_LEAVING = ("escape", "ctrl+s")


class TypedAhead:
    """A prompt that keeps what is typed until the editor is there, so that no letter is taken for a command."""

    def __init__(self) -> None:
        self.text = ""
        self.finished = False
        self.left = False  # leaving was asked for already

    def press(self, key: str, character: str | None) -> bool:
        """Keep a key."""
        if key in _LEAVING:
            self.left = True
        elif key == "enter":
            self.text += "\n"
        elif key == "backspace":
            self.text = self.text[:-1]
        elif character and character.isprintable():
            self.text += character
        return True

    def paste(self, text: str) -> None:
        """Keep pasted text."""
        self.text += text


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
        self._ahead = TypedAhead()

    def open(self, title: str, text: str, keep: Callable[[str], None]) -> None:
        """Show a text for writing; ``keep`` gets it at the end."""
        self._keep = keep
        self._before = self.screen.focused
        self.display = True
        self._ahead = TypedAhead()
        self._screen.ask(self._ahead)
        self.run_worker(self._show(title, text), exclusive=True)

    @property
    def _screen(self) -> PostilScreen:
        from postil_tui.shell.screens.base import PostilScreen

        screen = self.screen
        assert isinstance(screen, PostilScreen)
        return screen

    async def _show(self, title: str, text: str) -> None:
        if not self.query(TextArea):
            await self.mount(Bar("memo-title"), TextArea("", id="memo-text"))
        screen = self._screen
        self.query_one(Bar).set([(f" {title}", screen.ink.accent)], ground=screen.ink.plain)
        area = self.query_one(TextArea)
        area.load_text(text + self._ahead.text)
        area.move_cursor(area.document.end)
        area.focus()
        if screen.prompt is self._ahead:
            screen.prompt = None
            screen.show_status()
        if self._ahead.left:
            self.close()

    def on_key(self, event: events.Key) -> None:
        """Leaving keeps the text: nothing that was written gets lost."""
        if event.key in (*_LEAVING, "tab", "shift+tab"):  # tabs would give the keys to what lies behind
            event.stop()
            event.prevent_default()
        if event.key == "tab":
            self.query_one(TextArea).insert("    ")
        if event.key in _LEAVING:
            self.close()

    def close(self) -> None:
        """Give the text back and hide."""
        area = self.query(TextArea)
        if not self.display or not area:
            return
        self.display = False
        text = area.first().text
        keep, self._keep = self._keep, None
        self.screen.set_focus(self._before)
        if keep:
            keep(text)
