"""Questions asked in the status line: one key out of several, or a line of text. They take keys until answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from postil_tui.code.session.line_edit import LineEdit


class Prompt(Protocol):
    """Something that takes keys before the screen does."""

    finished: bool

    def press(self, key: str, character: str | None) -> bool:
        """Take a key; False lets the screen have it."""
        ...

    def paste(self, text: str) -> None:
        """Take pasted text."""
        ...


class Choice(msgspec.Struct, frozen=True):
    """One answer: its key, its words, the code whose colour it takes; ``short`` where there is little room."""

    key: str
    text: str
    act: Callable[[], None]
    code: str = ""
    short: str = ""


class Choose(msgspec.Struct):
    """One key out of several; escape leaves everything as it is."""

    question: str
    choices: Sequence[Choice]
    finished: bool = False
    left: Callable[[], None] | None = None  # called when it is over, answered or not
    quiet: bool = False  # the answers are shown elsewhere
    short: str = ""  # the question where there is little room

    def press(self, key: str, character: str | None) -> bool:
        """Answer with a key; other keys are ignored, so that nothing happens by mistake."""
        chosen = next((choice for choice in self.choices if choice.key in (key, character)), None)
        self.finished = key == "escape" or chosen is not None
        if self.finished and self.left:
            self.left()
        if chosen is not None:
            chosen.act()
        return True

    def paste(self, text: str) -> None:
        """Pasting answers nothing."""


class Ask(msgspec.Struct):
    """A line of text; ``changed`` hears of every key, ``act`` gets the line, ``left`` is called on escape."""

    question: str
    act: Callable[[str], None]
    line: LineEdit = msgspec.field(default_factory=LineEdit)
    changed: Callable[[str], None] | None = None
    left: Callable[[], None] | None = None
    note: str = ""
    extra: dict[str, Callable[[], None]] = {}
    finished: bool = False

    def press(self, key: str, character: str | None) -> bool:
        """Type, answer with enter, leave with escape."""
        if key == "escape":
            self.finished = True
            if self.left:
                self.left()
        elif key == "enter":
            self.finished = True
            self.act(self.line.text)
        elif key in self.extra:
            self.extra[key]()
        elif self.line.press(key, character) and self.changed:
            self.changed(self.line.text)
        return True

    def paste(self, text: str) -> None:
        """Put pasted text into the line."""
        self.line.insert(text)
        if self.changed:
            self.changed(self.line.text)


class PromptStage(msgspec.Struct):
    """A task that goes on while the person moves about: some keys belong to it, all others do what they always do."""

    question: str
    keys: dict[str, Callable[[], None]]
    left: Callable[[], None] | None = None
    finished: bool = False
    closed: bool = False  # all other keys do nothing

    def press(self, key: str, character: str | None) -> bool:
        """Take the stage's own keys only."""
        if key == "escape":
            self.finished = True
            if self.left:
                self.left()
            return True
        act = self.keys.get(key) or self.keys.get(character or "")
        if act is None:
            return self.closed
        act()
        return True

    def paste(self, text: str) -> None:
        """Nothing to paste into."""
