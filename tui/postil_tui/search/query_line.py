"""The line a query is typed on: history, and completion of codes and filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from postil_codebook.values import Codebook
from postil_model.search.evaluate import RELATION_TYPES
from postil_model.search.filters import OF_PLACES, OF_SEGMENTS
from postil_tui.code.session.line_edit import LineEdit
from postil_tui.code.session.rank import ranked

_WORD = re.compile(r"[^\s()\"]*$")
_OPERATORS = ("AND", "OR", "NOT", "NEAR", "NEAR/2turns")


@dataclass
class QueryLine:
    """A query being typed. It takes keys as a prompt does; ``act`` gets the query, ``left`` ends without one."""

    codebook: Codebook
    act: Callable[[str], None]
    left: Callable[[], None]
    changed: Callable[[str], None] = lambda text: None
    attributes: Sequence[str] = ()
    history: list[str] = field(default_factory=list)
    line: LineEdit = field(default_factory=LineEdit)
    finished: bool = False
    _back: int = 0
    _draft: str = ""

    def press(self, key: str, character: str | None) -> bool:
        """Type, ask with enter, complete with tab, earlier queries with the arrows, leave with escape."""
        if key == "enter":
            self.finished = True
            self.act(self.line.text.strip())
        elif key == "escape":
            self.finished = True
            self.left()
        elif key in ("up", "down"):
            self._recall(1 if key == "up" else -1)
        elif key == "tab":
            self._complete()
        elif self.line.press(key, character):
            self.changed(self.line.text)
        return True

    def paste(self, text: str) -> None:
        """Put pasted text into the line."""
        self.line.insert(text)
        self.changed(self.line.text)

    def _recall(self, step: int) -> None:
        """Earlier queries with up, later ones with down; down from what is being typed leads into the list."""
        if self._back == 0 and step < 0:
            self.finished = True
            self.left()
            return
        if self._back == 0:
            self._draft = self.line.text
        self._back = min(max(self._back + step, 0), len(self.history))
        self.line.set(self.history[-self._back] if self._back else self._draft)
        self.changed(self.line.text)

    @property
    def word(self) -> str:
        """The word the cursor stands behind."""
        found = _WORD.search(self.line.text[: self.line.at])
        return found[0] if found else ""

    def candidates(self) -> list[str]:
        """Codes, relations, operators and filters that the word could become, best first."""
        word = self.word
        if not word or self.line.text[: self.line.at].count('"') % 2:
            return []
        key, colon, _ = word.partition(":")
        if colon:
            return []
        book = self.codebook
        codes = ranked(word, [(code, book.code_path(code), book.codes[code].label) for code in book.codes])
        others = [*(name for name in RELATION_TYPES if name.startswith(key))]
        others += [f"{name}:" for name in (*OF_SEGMENTS, *OF_PLACES, *self.attributes) if name.startswith(key)]
        others += [name for name in _OPERATORS if name.startswith(key) and key.isupper()]
        return [
            name for name in dict.fromkeys([*others, *codes] if key.isupper() else [*codes, *others]) if name != word
        ]

    def _complete(self) -> None:
        found = self.candidates()
        if not found:
            return
        line, word = self.line, self.word
        start = line.at - len(word)
        tail = "" if found[0].endswith(":") else " "
        line.text = line.text[:start] + found[0] + tail + line.text[line.at :].lstrip(" ")
        line.at = start + len(found[0]) + len(tail)
        self.changed(line.text)
