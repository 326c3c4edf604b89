"""The margin beside a block: brackets in lanes, and each label on a row of its own where there is room.

A label is led to its bracket by a line, so that overlapping codes are told apart without colour. Where several
brackets begin on one row the innermost keeps its row; the others' labels come off further down, or share a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from postil_tui.text.cells import cells, fitted
from postil_tui.text.lanes import Lanes
from postil_tui.text.layout import TextLayout
from postil_tui.text.spans import SpanIndex

Shape = Literal["", "top", "mid", "bottom", "single"]


class MarginPiece(msgspec.Struct, frozen=True):
    """A piece of a label: words, the code whose colour they take ("" for none) and the segment they belong to."""

    text: str
    code: str
    segment: str


class LaneCell(msgspec.Struct, frozen=True):
    """One lane on one row."""

    shape: Shape = ""
    segment: str = ""


class MarginRow(msgspec.Struct):
    """What the margin shows beside one row. ``leader`` is the lane from which a line leads to the label, or -1."""

    lanes: list[LaneCell]
    label: list[MarginPiece] = []
    leader: int = -1

    def width(self) -> int:
        """Cells of the label."""
        return _size(self.label)


EMPTY = LaneCell()
LabelLines = Callable[[str], Sequence[Sequence[MarginPiece]]]  # a segment's label, line by line


class Margin:
    """The margin of a layer, worked out per block when it is first seen."""

    def __init__(self, layout: TextLayout, index: SpanIndex, lanes: Lanes, lines: LabelLines, label_width: int) -> None:
        self._layout = layout
        self._index = index
        self._lanes = lanes
        self._lines = lines
        self._width = label_width
        self._blocks: dict[int, list[MarginRow]] = {}

    def row(self, row: int) -> MarginRow:
        """The margin beside ``row``."""
        block = self._layout.block_of_row(row)
        rows = self._blocks.get(block)
        if rows is None:
            rows = self._blocks[block] = self._work_out(block)
        return rows[row - self._layout.first_rows[block]]

    def forget(self, start: int, end: int) -> None:
        """Work out anew the blocks that show ``start``:``end``."""
        for block in self._layout.blocks_over(start, end):
            self._blocks.pop(block, None)

    def _work_out(self, block: int) -> list[MarginRow]:
        numbers = self._layout.rows_of_block(block)
        rows = [MarginRow([EMPTY] * self._lanes.count) for _ in numbers]
        ends = self._layout.blocks[block]
        starting: list[tuple[int, int, str]] = []
        for segment in self._index.over(ends.start, max(ends.end, ends.start + 1)):
            lane = self._lanes.lane.get(segment.id, -1)
            first, last = self._lanes.rows[segment.id]
            if lane >= 0:
                self._draw(rows, numbers[0], lane, first, last, segment.id)
            if first in numbers:
                starting.append((first, -lane if lane >= 0 else 1, segment.id))
        if self._width:
            self._label(rows, numbers[0], sorted(starting))
        return rows

    @staticmethod
    def _draw(rows: list[MarginRow], top: int, lane: int, first: int, last: int, segment: str) -> None:
        for row in range(max(first, top), min(last, top + len(rows) - 1) + 1):
            shape: Shape = "single" if first == last else "top" if row == first else "bottom" if row == last else "mid"
            rows[row - top].lanes[lane] = LaneCell(shape, segment)

    def _label(self, rows: list[MarginRow], top: int, starting: list[tuple[int, int, str]]) -> None:
        left_over = 0
        for first, _, segment in starting:
            lane = self._lanes.lane.get(segment, -1)
            last = self._lanes.rows[segment][1]
            lines = [list(line) for line in self._lines(segment)]
            if len(lines) > sum(not row.label for row in rows[first - top : last - top + 1]):
                lines = _packed(lines, self._width)
            for line in lines:
                left_over += not self._place(rows, line, lane, first - top, last - top)
        if left_over:
            self._count(rows, left_over)

    def _place(self, rows: list[MarginRow], line: list[MarginPiece], lane: int, first: int, last: int) -> bool:
        for number in range(first, min(last + 1, len(rows))):
            if not rows[number].label:
                rows[number].label = line
                rows[number].leader = lane
                return True
        size = _size(line)
        for number in range(first, min(last + 1, len(rows))):
            if rows[number].width() + 3 + size <= self._width:
                rows[number].label = [*rows[number].label, MarginPiece(" · ", "", ""), *line]
                return True
        for number in range(last + 1, min(last + 3, len(rows))):
            if not rows[number].label and all(cell.shape not in ("top", "single") for cell in rows[number].lanes):
                rows[number].label = line
                return True
        return False

    def _count(self, rows: list[MarginRow], left_over: int) -> None:
        """Say on the last row with a label how many labels found no room."""
        number = max(index for index, row in enumerate(rows) if row.label)
        count = f" +{left_over}"
        kept: list[MarginPiece] = []
        room = self._width - len(count)
        for piece in rows[number].label:
            size = cells(piece.text)
            kept.append(piece if size <= room else MarginPiece(fitted(piece.text, room), piece.code, piece.segment))
            room -= size
            if room <= 0:
                break
        rows[number].label = [*kept, MarginPiece(count, "", "")]


def _packed(lines: list[list[MarginPiece]], width: int) -> list[list[MarginPiece]]:
    """Lines put together where two fit side by side; a relation (of no code) follows the code it starts at."""
    packed: list[list[MarginPiece]] = []
    for line in lines:
        last = packed[-1] if packed else None
        between = " · " if line[0].code else " "
        if last is not None and _size(last) + len(between) + _size(line) <= width:
            packed[-1] = [*last, MarginPiece(between, "", ""), *line]
        else:
            packed.append(line)
    return packed


def _size(line: list[MarginPiece]) -> int:
    return sum(cells(piece.text) for piece in line)
