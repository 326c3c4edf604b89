"""Choosing a code by typing, as a value: the query, the list that fits, the row that is highlighted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from postil_base.ids import suggest_name
from postil_codebook.values import Codebook
from postil_tui.code.session.line_edit import LineEdit
from postil_tui.code.session.rank import loosely, ranked

ROWS = 10


class NewCode(msgspec.Struct, frozen=True):
    """A code to be made: its id, its label, the code above it ("" for none)."""

    id: str
    label: str
    parent: str = ""


@dataclass
class Pick:
    """A choice of codes that is going on. It takes keys as a prompt does."""

    title: str
    codebook: Codebook
    act: Callable[[str], None]
    create: Callable[[NewCode], None] | None = None
    recent: Sequence[str] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    present: frozenset[str] = frozenset()  # codes already on the selection
    among: Sequence[str] | None = None  # only these codes
    pin: Callable[[str], None] | None = None
    line: LineEdit = field(default_factory=LineEdit)
    index: int = 0
    finished: bool = False

    def __post_init__(self) -> None:
        codes = self.codebook.codes
        wanted = [code for code in (self.among if self.among is not None else codes) if code in codes]
        usable = [code for code in wanted if codes[code].codable or self.among is not None]
        self._firm = 0  # so many of what is found hold what is typed, or begin so
        self._codes = [(code, self.codebook.code_path(code), codes[code].label) for code in usable]
        self.find()

    def find(self) -> None:
        """List what fits what is typed."""
        query = self.line.text.strip()
        if query.startswith("="):
            self.found: list[str] = []
        else:
            self.found = ranked(query, self._codes, self.recent)
        names = {code: (path, label) for code, path, label in self._codes}
        self._firm = sum(not loosely(query, code, *names[code]) for code in self.found)
        self.index = 0

    @property
    def new(self) -> NewCode | None:
        """The code that could be made of what is typed; None if there is one of that name already."""
        typed = self.line.text.strip().removeprefix("=").strip()
        parent, _, name = typed.rpartition("/")
        made = suggest_name(name)
        above = self.codebook.resolve(parent) if parent else ""
        if self.create is None or not made or made in self.codebook.codes or above is None:
            return None
        return NewCode(made, name.strip(), above)

    @property
    def rows(self) -> int:
        """How many rows there are, the one for a new code included."""
        return len(self.found) + (self.new is not None)

    def code_at(self, row: int) -> str | None:
        """The code of a row; None on the row for a new code.

        That row stands behind the codes that begin as was typed or hold it, and before those in which the letters only
        stand in order: enter never takes one of these for a new name.
        """
        if self.new is None or row < self._firm:
            return self.found[row] if row < len(self.found) else None
        return self.found[row - 1] if self._firm < row <= len(self.found) else None

    @property
    def highlighted(self) -> str | None:
        """The code of the highlighted row; None on the row for a new code."""
        return self.code_at(self.index)

    @property
    def enter(self) -> str:
        """What enter would do."""
        if (code := self.highlighted) is not None:
            return f"⏎ {code}"
        return f"⏎ new code {self.new.id}" if self.new is not None else ""

    def window(self, rows: int) -> range:
        """The rows to show, so that the highlighted one is among them."""
        first = min(max(self.index - rows + 1, 0), max(self.rows - rows, 0))
        return range(first, min(first + rows, self.rows))

    def press(self, key: str, character: str | None) -> bool:
        """Type to narrow, arrows to go, enter to choose, tab to go on below a code, escape to leave."""
        if key == "escape":
            self.finished = True
        elif key in ("down", "ctrl+n"):
            self.index = min(self.index + 1, max(self.rows - 1, 0))
        elif key in ("up", "ctrl+p"):
            self.index = max(self.index - 1, 0)
        elif key == "pagedown":
            self.index = min(self.index + ROWS, max(self.rows - 1, 0))
        elif key == "pageup":
            self.index = max(self.index - ROWS, 0)
        elif key == "enter":
            self._choose()
        elif key == "tab":
            self._complete()
        elif character == "*" and self.pin and self.highlighted:
            self.pin(self.highlighted)
        elif self.line.press(key, character):
            self.find()
        return True

    def paste(self, text: str) -> None:
        """Put pasted text into the line."""
        self.line.insert(text)
        self.find()

    def take(self, row: int) -> None:
        """Choose the row that was clicked."""
        if row < self.rows:
            self.index = row
            self._choose()

    def _choose(self) -> None:
        new = self.new
        if self.highlighted is not None:
            self.finished = True
            self.act(self.highlighted)
        elif new is not None and self.create is not None:
            self.finished = True
            self.create(new)

    def _complete(self) -> None:
        code = self.highlighted
        if code is not None:
            self.line.set(self.codebook.code_path(code) + "/")
            self.find()
