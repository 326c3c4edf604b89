"""One line of text being typed, with the keys every line editor has."""

from __future__ import annotations

import msgspec

from postil_tui.text.cells import graphemes


class LineEdit(msgspec.Struct):
    """A line and the place in it where typing goes."""

    text: str = ""
    at: int = 0
    past: list[tuple[str, int]] = []
    undone: list[tuple[str, int]] = []

    def press(self, key: str, character: str | None) -> bool:
        """Take a key; tells whether it was one of the editor's. It has an undo of its own."""
        if key in ("ctrl+z", "ctrl+y"):
            self._step(*((self.past, self.undone) if key == "ctrl+z" else (self.undone, self.past)))
            return True
        before = (self.text, self.at)
        taken = self._press(key, character)
        if self.text != before[0]:
            self.past.append(before)
            self.undone.clear()
        return taken

    def _step(self, back: list[tuple[str, int]], forth: list[tuple[str, int]]) -> None:
        if back:
            forth.append((self.text, self.at))
            self.text, self.at = back.pop()

    def _press(self, key: str, character: str | None) -> bool:
        if key in _KEYS:
            _KEYS[key](self)
            return True
        if character and character.isprintable() and not key.startswith(("ctrl+", "alt+")):
            self.insert(character)
            return True
        return False

    def insert(self, text: str) -> None:
        """Put text in, as one line."""
        clean = " ".join(text.split("\n"))
        self.text = self.text[: self.at] + clean + self.text[self.at :]
        self.at += len(clean)

    def set(self, text: str) -> None:
        """Begin anew with ``text``."""
        self.text, self.at = text, len(text)

    def left(self) -> None:
        """One character left."""
        self.at = max((start for start, end, _ in graphemes(self.text) if end <= self.at), default=0)

    def right(self) -> None:
        """One character right."""
        self.at = min((end for start, end, _ in graphemes(self.text) if start >= self.at), default=len(self.text))

    def home(self) -> None:
        """To the start."""
        self.at = 0

    def end(self) -> None:
        """To the end."""
        self.at = len(self.text)

    def backspace(self) -> None:
        """Delete the character before."""
        at = self.at
        self.left()
        self.text = self.text[: self.at] + self.text[at:]

    def delete(self) -> None:
        """Delete the character here."""
        at = self.at
        self.right()
        self.text, self.at = self.text[:at] + self.text[self.at :], at

    def delete_word(self) -> None:
        """Delete the word before."""
        kept = self.text[: self.at].rstrip()
        cut = max(kept.rfind(" "), kept.rfind("/")) + 1
        self.text, self.at = self.text[:cut] + self.text[self.at :], cut

    def clear(self) -> None:
        """Delete what stands before."""
        self.text, self.at = self.text[self.at :], 0


_KEYS = {
    "left": LineEdit.left,
    "right": LineEdit.right,
    "home": LineEdit.home,
    "end": LineEdit.end,
    "ctrl+a": LineEdit.home,
    "ctrl+e": LineEdit.end,
    "backspace": LineEdit.backspace,
    "delete": LineEdit.delete,
    "ctrl+w": LineEdit.delete_word,
    "ctrl+u": LineEdit.clear,
}
