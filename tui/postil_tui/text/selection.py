"""What is selected: a cursor, and perhaps a span that motions and unit keys change. Offsets only."""

from __future__ import annotations

import msgspec

from postil_tui.text.motion import Span, Unit, Units


class Selection(msgspec.Struct):
    """The cursor and the span selected. ``free`` means that motions move the span's end; ``settled`` that the span has
    been coded, so that the next unit key begins a new one behind it."""

    cursor: int = 0
    anchor: int | None = None
    span: Span | None = None
    free: bool = False
    settled: bool = False
    steps: list[int] = []  # ends before each extension, for taking one back

    @property
    def active(self) -> bool:
        """Whether something is selected."""
        return self.span is not None

    def clear(self) -> None:
        """Select nothing; the cursor stays."""
        self.span = self.anchor = None
        self.free = self.settled = False
        self.steps.clear()

    def move(self, offset: int, units: Units) -> None:
        """Put the cursor at ``offset``; in free mode the span follows, else the selection is gone."""
        self.cursor = offset
        if self.free and self.anchor is not None:
            self._span_to(units)
        else:
            self.clear()

    def _span_to(self, units: Units) -> None:
        assert self.anchor is not None
        low, high = sorted((self.anchor, self.cursor))
        self.span = (low, units.at("char", high)[1])
        block = units.turn(high)
        if high < block[1] < self.span[1]:
            self.span = (low, block[1])

    def extend(self, offset: int, units: Units) -> None:
        """Select from where the selection began (or the cursor is) to ``offset``, both characters included."""
        if self.anchor is None or self.settled:
            start = self.cursor if self.span is None or self.settled else self.span[0]
            self.anchor = start
        self.settled = False
        self.cursor = offset
        self._span_to(units)

    def start_free(self, units: Units) -> None:
        """Begin (or end) free selection."""
        if self.free:
            self.clear()
            return
        self.anchor = self.span[0] if self.span and not self.settled else self.cursor
        self.free, self.settled = True, False
        self._span_to(units)

    def swap_ends(self, units: Units) -> None:
        """Let motions move the other end of the span."""
        if self.span is None:
            return
        low, high = self.span
        last = max(units.layout.step(high, -1) if high < len(units.layout.text) else high - 1, low)
        self.anchor, self.cursor = (last, low) if self.cursor != low else (low, last)
        self.free = True

    def select(self, span: Span, cursor_at_end: bool = True) -> None:
        """Select ``span``; the cursor goes to its last character, or its first."""
        self.clear()
        self.span = span
        self.anchor = span[0]
        self.cursor = max(span[1] - 1, span[0]) if cursor_at_end else span[0]

    def add_unit(self, unit: Unit, units: Units) -> None:
        """Select the unit under the cursor; with a selection, add what is missing of its last unit, or the next."""
        if self.span is None or self.settled:
            self.select(units.at(unit, self._fresh_start(unit, units)))
            return
        start, end = self.span
        last = units.at(unit, max(end - 1, start))
        new_end = last[1] if last[1] > end else units.at(unit, units.next_start(unit, max(end - 1, start)))[1]
        steps = [*self.steps, end]
        self.select((min(start, units.at(unit, start)[0]), max(new_end, end)))
        self.steps = steps

    def _fresh_start(self, unit: Unit, units: Units) -> int:
        """The cursor; or what comes behind a coded span, if the span covers its last unit whole."""
        if self.span is None:
            return self.cursor
        start, end = self.span
        last = max(end - 1, start)
        return units.next_start(unit, last) if units.at(unit, last)[0] >= start else last

    def take_back(self, unit: Unit, units: Units) -> None:
        """Undo the last extension; without one, give up the last unit of the span."""
        if self.span is None:
            return
        start, end = self.span
        steps = list(self.steps)
        shorter = steps.pop() if steps else self._without_last(unit, units, start, end)
        if shorter <= start:
            self.clear()
            return
        self.select((start, shorter))
        self.steps = steps

    @staticmethod
    def _without_last(unit: Unit, units: Units, start: int, end: int) -> int:
        last = units.at(unit, max(end - 1, start))[0]
        return start if last <= start else units.at(unit, units.previous_start(unit, last))[1]

    def resize(self, span: Span) -> None:
        """Select ``span`` without losing track of where the selection began."""
        if self.span != span:
            self.select(span)

    def target(self, units: Units) -> Span:
        """What a code would be applied to: the selection, else the sentence under the cursor."""
        return self.span or units.at("sentence", self.cursor)
