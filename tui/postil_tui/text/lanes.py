"""Lanes of the margin: which column each bracket is drawn in, so that no two share a cell."""

from __future__ import annotations

import sys

from postil_study.text.values import Segment
from postil_tui.text.layout import TextLayout
from postil_tui.text.spans import SpanIndex

Rows = tuple[int, int]  # first and last row, both included


class Lanes:
    """A lane for every segment, given once in text order; a segment added later moves no other."""

    def __init__(self, layout: TextLayout, index: SpanIndex, count: int) -> None:
        self._layout = layout
        self._index = index
        self.count = count
        self.lane: dict[str, int] = {}  # a segment without a lane is counted in words
        self.rows: dict[str, Rows] = {}
        self._give_all()

    def _give_all(self) -> None:
        taken_to = [-1] * self.count
        starts = [*self._layout.starts, sys.maxsize]
        first = 0
        for segment in self._index.in_order():  # by position, so the rows are walked through once
            start, end = segment.start or 0, segment.end or 0
            while starts[first + 1] <= start:
                first += 1
            last = first
            while starts[last + 1] < end:
                last += 1
            self.rows[segment.id] = (first, last)
            for lane, taken in enumerate(taken_to):
                if taken < first:
                    taken_to[lane] = last
                    self.lane[segment.id] = lane
                    break

    def add(self, segment: Segment) -> None:
        """Give a lane to a segment that is new or has new borders; it keeps its old lane if that is free."""
        old = self.lane.get(segment.id)
        self.remove(segment.id)
        start, end = segment.start or 0, segment.end or 0
        over = self._layout.rows_over(start, end)
        self.rows[segment.id] = (over[0], over[-1])
        taken = self._taken(segment.id, over[0], over[-1])
        choices = ([] if old is None else [old]) + list(range(self.count))
        for lane in choices:
            if lane not in taken:
                self.lane[segment.id] = lane
                return

    def _taken(self, but: str, first: int, last: int) -> set[int]:
        start = self._layout.row_span(first)[0]
        end = max(self._layout.row_span(last)[1], start + 1)
        return {
            self.lane[other.id]
            for other in self._index.over(start, end)
            if other.id != but and other.id in self.lane and self._meets(other.id, first, last)
        }

    def _meets(self, segment_id: str, first: int, last: int) -> bool:
        other_first, other_last = self.rows[segment_id]
        return other_first <= last and first <= other_last

    def remove(self, segment_id: str) -> None:
        """Forget a segment."""
        self.lane.pop(segment_id, None)
        self.rows.pop(segment_id, None)
