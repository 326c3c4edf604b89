"""Replacements in a text, and where every position of the old text lies in the new one: counted, never searched."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from postil_study.text.units import Span


class Edit(NamedTuple):
    """Characters ``start``:``end`` become ``new``."""

    start: int
    end: int
    new: str


class Edits:
    """Replacements that do not overlap, by position.

    >>> edits = Edits([Edit(3, 7, "E01"), Edit(12, 16, "[place 1]")])
    >>> edits.apply("Hi Jane, of Rome!")
    'Hi E01, of [place 1]!'
    >>> edits.span(9, 12), edits.span(4, 6)
    ((8, 11), (3, 6))
    """

    def __init__(self, edits: Iterable[Edit]) -> None:
        self.edits = sorted(edits)
        self._starts = [edit.start for edit in self.edits]
        grown = [len(edit.new) - (edit.end - edit.start) for edit in self.edits]
        self._shifts = [0, *accumulate(grown)]

    def __bool__(self) -> bool:
        return bool(self.edits)

    def apply(self, text: str) -> str:
        """The new text."""
        pieces: list[str] = []
        last = 0
        for edit in self.edits:
            pieces += (text[last : edit.start], edit.new)
            last = edit.end
        return "".join([*pieces, text[last:]])

    def start(self, position: int) -> int:
        """Where a passage that starts here starts; inside a replaced name at the start of what stands for it."""
        index = bisect_right(self._starts, position) - 1
        if index >= 0 and self.edits[index].start < position < self.edits[index].end:
            return self.edits[index].start + self._shifts[index]
        return position + self._shift(index, position)

    def end(self, position: int) -> int:
        """Where a passage that ends here ends; inside a replaced name at the end of what stands for it."""
        index = bisect_right(self._starts, position) - 1
        if index >= 0 and self.edits[index].start < position < self.edits[index].end:
            return self.edits[index].start + self._shifts[index] + len(self.edits[index].new)
        return position + self._shift(index, position)

    def span(self, start: int, end: int) -> Span:
        """A passage in the new text; one that cuts a replaced name in two holds all that stands for it."""
        return self.start(start), self.end(end)

    def inverse(self, text: str) -> Edits:
        """What takes the new text back to ``text``."""
        pairs = zip(self.edits, self._shifts, strict=False)
        return Edits(
            Edit(edit.start + shift, edit.start + shift + len(edit.new), text[edit.start : edit.end])
            for edit, shift in pairs
        )

    def _shift(self, index: int, position: int) -> int:
        """How far a position outside all names moves; the last edit counts only when it is behind it."""
        if index < 0:
            return 0
        return self._shifts[index + 1] if position >= self.edits[index].end else self._shifts[index]
