"""Where every character of a transcript stands on the screen: rows of a given width, and the way back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from postil_study.text.values import Transcript
from postil_tui.text.cells import all_one_cell, graphemes, shown
from postil_tui.text.wrap import wrap

Grapheme = tuple[int, int, int]


class Block(msgspec.Struct, frozen=True):
    """A stretch of words shown together: a turn, or text that belongs to none (``turn`` is then -1)."""

    start: int
    end: int
    turn: int


def blocks_of(transcript: Transcript) -> list[Block]:
    """The turns in order, and before them whatever stands before the first label line."""
    blocks = [Block(turn.start, turn.end, turn.index) for turn in transcript.turns]
    first = transcript.turns[0].label_start if transcript.turns else len(transcript.text)
    preamble = transcript.text[:first].rstrip("\n")
    if preamble or not blocks:
        blocks.insert(0, Block(0, len(preamble), -1))
    return blocks


class TextLayout:
    """Rows of a transcript at one width. A blank row closes every block; rows are counted from 0.

    Rows cover each block without gaps: the space at which a row breaks belongs to it, though it is not shown when it
    falls beyond the width.
    """

    def __init__(self, text: str, blocks: list[Block], width: int) -> None:
        self.text = shown(text)
        self.blocks = blocks
        self.width = max(width, 2)
        self.narrow = all_one_cell(self.text)
        self.starts: list[int] = []
        self.first_rows: list[int] = []
        self._block_starts = [block.start for block in blocks]
        for block in blocks:
            self.first_rows.append(len(self.starts))
            wrap(self.text, block.start, block.end, self.width, self.starts, self.narrow)
            self.starts.append(block.end)
        self._graphemes = lru_cache(maxsize=512)(self._graphemes_of_row)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.starts)

    def block_of_row(self, row: int) -> int:
        """Index of the block that ``row`` belongs to."""
        return bisect_right(self.first_rows, row) - 1

    def block_at(self, offset: int) -> int:
        """Index of the block that holds ``offset`` (a label line counts with the block before it)."""
        return max(bisect_right(self._block_starts, offset) - 1, 0)

    def rows_of_block(self, index: int) -> range:
        """The rows of a block, its closing blank row included."""
        last = self.first_rows[index + 1] if index + 1 < len(self.first_rows) else len(self.starts)
        return range(self.first_rows[index], last)

    def is_gap(self, row: int) -> bool:
        """Whether ``row`` is the blank row that closes a block."""
        return row == self.rows_of_block(self.block_of_row(row))[-1]

    def row_span(self, row: int) -> tuple[int, int]:
        """Start and end offset of a row; a blank row is empty."""
        start = self.starts[row]
        if row + 1 >= len(self.starts):
            return start, start
        index = bisect_right(self.first_rows, row + 1) - 1
        if self.first_rows[index] == row + 1:  # the next row starts another block, so this one is the blank row
            return start, start
        return start, self.starts[row + 1]

    def row_of(self, offset: int) -> int:
        """The row that shows the character at ``offset``."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def rows_over(self, start: int, end: int) -> range:
        """The rows that show a character of ``start``:``end``."""
        if end <= start:
            row = self.row_of(start)
            return range(row, row + 1)
        first = self.row_of(start)
        return range(first, max(self.row_of(end - 1), first) + 1)

    def first_row_from(self, offset: int) -> int:
        """The first row that starts at ``offset`` or later."""
        return bisect_left(self.starts, offset)

    def row_graphemes(self, row: int) -> list[Grapheme] | None:
        """The row's graphemes (start and end offset, cells), or None where every character is one cell."""
        return None if self.narrow else self._graphemes(row)

    def _graphemes_of_row(self, row: int) -> list[Grapheme]:
        start, end = self.row_span(row)
        return [(start + a, start + b, size) for a, b, size in graphemes(self.text[start:end].rstrip("\n"))]

    def column_of(self, row: int, offset: int) -> int:
        """The column (in cells, from 0) where the character at ``offset`` starts in ``row``."""
        start, _ = self.row_span(row)
        parts = self.row_graphemes(row)
        if parts is None:
            return max(offset - start, 0)
        return sum(size for _, end, size in parts if end <= offset)

    def offset_at(self, row: int, column: int) -> int:
        """The offset of the character at ``column`` of ``row``; beyond the end the row's last character."""
        row = min(max(row, 0), len(self.starts) - 1)
        start, end = self.row_span(row)
        parts = self.row_graphemes(row)
        last = max(end - 1, start)
        if parts is None:
            return min(start + max(column, 0), last)
        at = 0
        for first, _, size in parts:
            if column < at + size:
                return first
            at += size
        return last

    def blocks_over(self, start: int, end: int) -> Iterator[int]:
        """Indexes of blocks that show a character of ``start``:``end``."""
        index = self.block_at(start)
        while index < len(self.blocks) and self.blocks[index].start < max(end, start + 1):
            yield index
            index += 1

    def step(self, offset: int, by: int) -> int:
        """The offset one grapheme on (``by`` > 0) or back; label lines are stepped over."""
        index = self.block_at(offset)
        block = self.blocks[index]
        if by > 0:
            following = self._grapheme_end(offset, block)
            if following < block.end:
                return following
            return self.blocks[index + 1].start if index + 1 < len(self.blocks) else offset
        if offset > block.start:
            return self._grapheme_start(offset - 1, block)
        return max(self.blocks[index - 1].end - 1, self.blocks[index - 1].start) if index else offset

    def character_end(self, offset: int) -> int:
        """Where what a person sees as one character, begun at ``offset``, ends."""
        return max(self._grapheme_end(offset, self.blocks[self.block_at(offset)]), offset + 1)

    def _grapheme_end(self, offset: int, block: Block) -> int:
        if self.narrow:
            return offset + 1
        parts = graphemes(self.text[offset : min(offset + 40, block.end)])
        return offset + parts[0][1] if parts else offset + 1

    def _grapheme_start(self, offset: int, block: Block) -> int:
        if self.narrow:
            return offset
        row = self.row_of(offset)
        for start, end, _ in self.row_graphemes(row) or []:
            if start <= offset < end:
                return start
        return max(offset, block.start)

    def clamp(self, offset: int) -> int:
        """The nearest offset that stands on a shown character."""
        offset = min(max(offset, 0), len(self.text))
        index = self.block_at(offset)
        block = self.blocks[index]
        if block.start <= offset < max(block.end, block.start + 1):
            return self._grapheme_start(offset, block)
        if offset < block.start or index + 1 >= len(self.blocks):
            return block.start if offset < block.start else max(block.end - 1, block.start)
        return self.blocks[index + 1].start
