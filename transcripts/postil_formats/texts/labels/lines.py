"""Lines of a source put together into turns, remembering where each piece of text came from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from postil_formats.texts.labels.times import ordered
from postil_formats.texts.recognised import SourceSpot, TakenOff
from postil_study.text.turns import RawTurn


class SourceLine(NamedTuple):
    """A line of a source. ``glued``: it belongs to the paragraph of the line before; ``wrapped``: to its sentence.

    ``quoted``: it is an item of a list or a quotation, where a word with a colon is no speaker. ``strong``: so many
    letters at its start are bold. ``clock``: from when to when it was said, if the format knows (milliseconds).
    """

    text: str
    glued: bool = False
    wrapped: bool = False
    heading: bool = False
    quoted: bool = False
    strong: int = 0
    clock: tuple[int | None, int | None] = (None, None)


class SourcePiece(NamedTuple):
    """A stretch of a source line, and where it stands in the words of a turn."""

    line: int
    start: int
    end: int
    turn: int
    offset: int


class SourceMap:
    """From places in source lines to places in the turns' words."""

    def __init__(self, pieces: Sequence[SourcePiece]) -> None:
        self._pieces = sorted(pieces, key=lambda piece: (piece.line, piece.start))
        self._starts = [(piece.line, piece.start) for piece in self._pieces]
        self._ends = [(piece.line, piece.end) for piece in self._pieces]

    def start(self, line: int, offset: int) -> SourceSpot | None:
        """The first kept character at or after a place; None when nothing is kept there."""
        index = bisect_right(self._ends, (line, offset))
        if index == len(self._pieces):
            return None
        piece = self._pieces[index]
        inside = max(offset - piece.start, 0) if piece.line == line else 0
        return SourceSpot(piece.turn, piece.offset + inside)

    def end(self, line: int, offset: int) -> SourceSpot | None:
        """Just behind the last kept character before a place; None when nothing is kept before it."""
        index = bisect_left(self._starts, (line, offset)) - 1
        if index < 0:
            return None
        piece = self._pieces[index]
        stop = min(offset, piece.end) if piece.line == line else piece.end
        return SourceSpot(piece.turn, piece.offset + stop - piece.start)

    def span(self, start: tuple[int, int], end: tuple[int, int]) -> tuple[SourceSpot, SourceSpot] | None:
        """The kept characters between two places of the source; None when there are none."""
        first, last = self.start(*start), self.end(*end)
        if first is None or last is None or (last.turn, last.offset) <= (first.turn, first.offset):
            return None
        return first, last


class TurnBuilder:
    """Collects turns piece by piece; white space around a piece is left out."""

    def __init__(self, lines: Sequence[SourceLine]) -> None:
        self._lines = lines
        self._labels: list[tuple[str, int | None, int | None]] = []
        self._texts: list[list[str]] = []
        self._lengths: list[int] = []
        self._pieces: list[SourcePiece] = []
        self._taken: list[tuple[str, str, int, int]] = []

    def __len__(self) -> int:
        return len(self._labels)

    def turn(self, label: str, start_ms: int | None = None, end_ms: int | None = None) -> None:
        """Start a turn."""
        self._labels.append((label, start_ms, end_ms))
        self._texts.append([])
        self._lengths.append(0)

    @property
    def label(self) -> str:
        """The label of the last turn."""
        return self._labels[-1][0] if self._labels else ""

    def ends(self, end_ms: int | None) -> None:
        """Say when the last turn ends."""
        label, start_ms, _ = self._labels[-1]
        self._labels[-1] = (label, *ordered(start_ms, end_ms))

    @property
    def is_open(self) -> bool:
        """Whether the last turn has neither words nor a time yet."""
        return bool(self._labels) and not self._lengths[-1] and self._labels[-1][1] is None

    def starts(self, start_ms: int | None, end_ms: int | None) -> None:
        """Say when the last turn starts, and perhaps ends."""
        self._labels[-1] = (self._labels[-1][0], *ordered(start_ms, end_ms))

    def takes_off(self, kind: str, text: str) -> None:
        """Note what stands here in the source and is no words of anybody."""
        if text.strip():
            turn = len(self._labels) - 1
            self._taken.append((kind, text.strip(), turn, self._lengths[turn] if turn >= 0 else 0))

    def add(self, line: int, start: int = 0, end: int | None = None, joint: str = "\n") -> None:
        """Add a stretch of a source line to the last turn, with ``joint`` between it and what is there."""
        text = self._lines[line].text[start:end]
        kept = text.strip()
        if not kept:
            return
        start += len(text) - len(text.lstrip())
        if self._lengths[-1]:
            self._append(joint)
        self._pieces.append(SourcePiece(line, start, start + len(kept), len(self._labels) - 1, self._lengths[-1]))
        self._append(kept)

    def _append(self, text: str) -> None:
        self._texts[-1].append(text)
        self._lengths[-1] += len(text)

    @property
    def taken(self) -> tuple[TakenOff, ...]:
        """What was taken off, by the numbers of the turns that have words."""
        spoken = self._spoken()
        number = {index: place for place, index in enumerate(spoken)}
        return tuple(
            TakenOff(kind, text, number[turn], offset)
            if turn in number
            else TakenOff(kind, text, bisect_left(spoken, max(turn, 0)))
            for kind, text, turn, offset in self._taken
        )

    def place(self, turn: int) -> int:
        """The number of a turn, counted without the turns that have no words."""
        return bisect_left(self._spoken(), turn)

    def _spoken(self) -> list[int]:
        return [index for index, length in enumerate(self._lengths) if length]

    def finish(self) -> tuple[tuple[RawTurn, ...], SourceMap]:
        """The turns that have words, and the map of where these came from."""
        spoken = self._spoken()
        number = {index: place for place, index in enumerate(spoken)}
        turns = tuple(self._turn(index) for index in spoken)
        pieces = [SourcePiece(p.line, p.start, p.end, number[p.turn], p.offset) for p in self._pieces]
        return turns, SourceMap(pieces)

    def _turn(self, index: int) -> RawTurn:
        label, start_ms, end_ms = self._labels[index]
        return RawTurn(label, "".join(self._texts[index]), start_ms, end_ms)
