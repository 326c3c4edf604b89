"""Where a motion leads and what a unit covers: words, clauses, sentences, turns, exchanges."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import Literal

from postil_study.text.values import Transcript
from postil_tui.text.layout import Block, TextLayout

Unit = Literal["char", "word", "clause", "sentence", "turn", "exchange"]
Span = tuple[int, int]
GROWTH: tuple[Unit, ...] = ("word", "clause", "sentence", "turn", "exchange")
_SPLIT: tuple[Unit, ...] = ("word", "clause", "sentence")


class Units:
    """The units of a transcript, found per turn when they are asked for."""

    def __init__(self, transcript: Transcript, blocks: list[Block], layout: TextLayout) -> None:
        self._transcript = transcript
        self._blocks = blocks
        self.layout = layout
        self._of_block = lru_cache(maxsize=256)(self._split)

    def _split(self, unit: Unit, index: int) -> list[Span]:
        block = self._blocks[index]
        from postil_study.text import units  # its patterns take a while to build: not before the first picture

        splitters = {"word": units.words, "clause": units.clauses, "sentence": units.sentences}
        found = splitters[unit](self._transcript.text, block.start, block.end)
        return found or [(block.start, block.end)]

    def turn(self, offset: int) -> Span:
        """The words of the turn at ``offset``."""
        block = self._blocks[self.layout.block_at(offset)]
        return block.start, block.end

    def exchange(self, offset: int) -> Span:
        """The turns that belong together: the interviewer's words before an answer, and the answer."""
        index = self.layout.block_at(offset)
        first = last = index
        while first > 0 and not (self._asks(first) and not self._asks(first - 1)):
            first -= 1
        while last + 1 < len(self._blocks) and not (self._asks(last + 1) and not self._asks(last)):
            last += 1
        return self._blocks[first].start, self._blocks[last].end

    def _asks(self, index: int) -> bool:
        turn = self._blocks[index].turn
        return turn >= 0 and self._transcript.speaker(self._transcript.turns[turn]).role == "interviewer"

    def at(self, unit: Unit, offset: int) -> Span:
        """The unit that holds ``offset``, or the one before it when ``offset`` stands between two."""
        if unit == "turn":
            return self.turn(offset)
        if unit == "exchange":
            return self.exchange(offset)
        if unit == "char":
            return offset, self.layout.character_end(offset)
        spans = self._of_block(unit, self.layout.block_at(offset))
        index = max(bisect_right(spans, (offset, 1 << 62)) - 1, 0)
        return spans[index]

    def next_start(self, unit: Unit, offset: int) -> int:
        """Where the next unit starts; ``offset`` where there is none."""
        if unit == "char":
            return self.layout.step(offset, 1)
        index = self.layout.block_at(offset)
        if unit in _SPLIT:
            for start, _ in self._of_block(unit, index):
                if start > offset:
                    return start
        if index + 1 >= len(self._blocks):
            return offset
        return self.at(unit, self._blocks[index + 1].start)[0]

    def previous_start(self, unit: Unit, offset: int) -> int:
        """Where the unit before starts, or this one if ``offset`` is inside it; ``offset`` where there is none."""
        if unit == "char":
            return self.layout.step(offset, -1)
        index = self.layout.block_at(offset)
        start = self.at(unit, offset)[0]
        if start < offset:
            return start
        if unit in _SPLIT:
            before = [start for start, _ in self._of_block(unit, index) if start < offset]
            if before:
                return before[-1]
        if index == 0:
            return offset
        return self.at(unit, max(self._blocks[index - 1].end - 1, self._blocks[index - 1].start))[0]

    def free_on(self, unit: Unit, head: int, anchor: int) -> int:
        """Where the moving end of a free selection goes: whole units are taken in, from the left one by one."""
        following = self.next_start(unit, head)
        if head < anchor and following <= anchor:
            return following
        last = self._last(unit, head)
        return last if last > head else max(self._last(unit, following), head)

    def free_back(self, unit: Unit, head: int, anchor: int) -> int:
        """Where the moving end of a free selection goes back to: whole units are given up, or taken in at the left."""
        if head > anchor:
            before = self._last(unit, self.previous_start(unit, self.at(unit, head)[0]))
            if anchor <= before < head:
                return before
        return self.previous_start(unit, head)

    def _last(self, unit: Unit, offset: int) -> int:
        start, end = self.at(unit, offset)
        return max(self.layout.step(end, -1) if end < len(self.layout.text) else end - 1, start)

    def grown(self, start: int, end: int) -> Span:
        """The smallest unit that covers ``start``:``end`` and more; the same span where nothing is larger."""
        for unit in GROWTH:
            first = self.at(unit, start)
            last = self.at(unit, max(end - 1, start))
            found = (first[0], last[1])
            if found[0] <= start and found[1] >= end and found != (start, end):
                return found
        return start, end

    def shrunk(self, start: int, end: int) -> Span:
        """The largest unit at the start of the span that is smaller than the span."""
        for unit in reversed(GROWTH):
            found = self.at(unit, start)
            if found[0] >= start and found[1] <= end and found != (start, end):
                return found
        return start, end
