"""A transcript as it lies on the table: rows, margin, cursor and selection, and what changed since last seen."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence

import msgspec

from postil_study.text.values import Role, Segment, Transcript, Turn
from postil_tui.code.session.record import RecordChange, Records
from postil_tui.text.cells import shown
from postil_tui.text.geometry import TextGeometry, geometry, short_labels
from postil_tui.text.lanes import Lanes
from postil_tui.text.layout import Block, TextLayout, blocks_of
from postil_tui.text.margin import Margin, MarginPiece, MarginRow
from postil_tui.text.motion import Units
from postil_tui.text.paint import Look, Span, ViewState, changed_rows, row_runs
from postil_tui.text.selection import Selection
from postil_tui.text.sight import Sight
from postil_tui.text.spans import SpanIndex

_TIME = 7  # cells of a time, as 0:12:34
LabelOf = Callable[[str], Sequence[Sequence[MarginPiece]]]


class TextPage:
    """Everything about one transcript on the screen that is not a screen."""

    def __init__(
        self,
        transcript: Transcript,
        records: Records,
        label_of: LabelOf,
        width: int,
        columns: Callable[[int, int, int], TextGeometry] = geometry,
        is_ready: bool = True,
    ) -> None:
        self.transcript = transcript
        self.records = records
        self._all_blocks: list[Block] = blocks_of(transcript)
        self.blocks: list[Block] = self._all_blocks
        self.sight = Sight()
        self.own: SpanIndex = records.index  # the coder's segments in sight
        self.index: SpanIndex = records.index  # those, and what is shown of others
        self.whose: dict[str, str] = {}  # segment of another coder, or note of the source → that coder or layer
        self.selection = Selection(cursor=self.blocks[0].start)
        self.hits: tuple[Span, ...] = ()
        self.cues: tuple[Span, ...] = ()
        self.labels: dict[int, str] = {}  # rows one can jump to, each with its key
        self.is_ready = is_ready  # before that, nothing marks the sentence that a code would go to
        self._label_of = label_of
        self._columns = columns
        self.short_labels = short_labels(dict.fromkeys(shown(turn.label) for turn in transcript.turns))
        times = _TIME if any(turn.start_ms is not None for turn in transcript.turns) else 0
        self._longest = max((len(turn.label) for turn in transcript.turns), default=0)
        self._longest = max(self._longest, times)
        self._lay_out(width)
        self.state = self._state()

    def _lay_out(self, width: int) -> None:
        self.geometry: TextGeometry = self._columns(width, self._longest, len(self.transcript.turns))
        self.layout = TextLayout(self.transcript.text, self.blocks, self.geometry.text)
        self.units = Units(self.transcript, self.blocks, self.layout)
        self.draw_margin()

    def draw_margin(self) -> None:
        """Give all brackets lanes anew (after a new width, or other records)."""
        self.lanes = Lanes(self.layout, self.index, self.geometry.lanes)
        self.margin = Margin(self.layout, self.index, self.lanes, self._label_of, self.geometry.label)

    def set_width(self, width: int) -> None:
        """Wrap to another width; offsets stay what they are."""
        if width != self.geometry.width:
            self._lay_out(width)

    def set_records(self, records: Records) -> None:
        """Show another layer on the same text."""
        self.records = records
        self.look_at(self.sight)

    def look_at(self, sight: Sight) -> bool:
        """Show more or less of the transcript; False (and nothing changes) where nothing would be left."""
        blocks = sight.blocks(self.transcript, self._all_blocks, self.records.index)
        if not blocks:
            return False
        self.sight, self.blocks = sight, blocks
        self.whose = sight.beside()
        self._index()
        self._lay_out(self.geometry.width)
        self.selection.clear()
        self.selection.cursor = self.layout.clamp(self.selection.cursor)
        return True

    def _index(self) -> None:
        sight = self.sight
        self.own = self.index = self.records.index
        if sight.turns != "all" or sight.codes is not None:
            self.own = self.index = SpanIndex(sight.clipped(self.records.segments.values(), self.blocks))
        if self.whose:
            self.index = SpanIndex([*self.own.segments.values(), *sight.clipped_beside(self.blocks)])

    def segment(self, segment_id: str) -> Segment | None:
        """A segment in sight, whoever coded it."""
        return self.records.segments.get(segment_id) or self.index.segments.get(segment_id)

    def hidden_turns(self, span: Span) -> int:
        """How many turns out of sight a span goes over."""
        if len(self.blocks) == len(self._all_blocks):
            return 0
        over = [block for block in self._all_blocks if block.start < span[1] and span[0] < block.end]
        return len(over) - sum(block in self.blocks for block in over)

    # --- what changed ------------------------------------------------------------------------------------------------

    def _state(self) -> ViewState:
        selection, units = self.selection, self.units
        cursor = selection.cursor
        focus = frozenset(segment.id for segment in self.index.at(cursor))
        return ViewState(
            cursor=cursor,
            char=units.at("char", cursor),
            span=selection.span,
            settled=selection.settled,
            target=selection.target(units) if self.is_ready else (cursor, cursor),
            focus=focus,
            hits=self.hits,
            cues=self.cues or self._cues_of(focus),
        )

    def _cues_of(self, focus: Iterable[str]) -> tuple[Span, ...]:
        """The words that state the relations of the segments under the cursor."""
        found = {one.cue for id_ in focus for one in self.records.touching(id_) if one.cue and not one.unanchored}
        return tuple(sorted(found))

    def moved(self) -> set[int]:
        """Note cursor and selection as they are now; returns the rows that look different for it."""
        before, self.state = self.state, self._state()
        return changed_rows(self.layout, self.index, before, self.state)

    def changed(self, change: RecordChange) -> set[int]:
        """Follow a change of the records; returns the rows that look different for it."""
        rows: set[int] = set()
        for id_, (before, after) in change.states.items():
            rows |= self._follow(id_, before, after)
        return rows | self.moved()

    def _follow(self, id_: str, before: object, after: object) -> set[int]:
        touched = [state for state in (before, after) if isinstance(state, Segment) and state.start is not None]
        self._keep_index(id_, after)
        if isinstance(after, Segment) and id_ in self.index.segments:
            self.lanes.add(self.index.segments[id_])
        elif touched:
            self.lanes.remove(id_)
        else:
            touched = self._ends_of_relation(before, after)
        rows: set[int] = set()
        for segment in touched:
            start, end = segment.start or 0, segment.end or 0
            self.margin.forget(start, end)
            for block in self.layout.blocks_over(start, end):
                rows.update(self.layout.rows_of_block(block))
        return rows

    def _keep_index(self, id_: str, after: object) -> None:
        """Bring a changed segment into what is in sight, or out of it."""
        for index in {id(one): one for one in (self.own, self.index) if one is not self.records.index}.values():
            parts = self.sight.clipped([after], self.blocks) if isinstance(after, Segment) else []
            index.remove(id_)
            for part in parts:
                index.add(part)

    def _ends_of_relation(self, *states: object) -> list[Segment]:
        ids = {getattr(state, "source", "") for state in states}
        found = [self.records.segments[id_] for id_ in ids if id_ in self.records.segments]
        return [segment for segment in found if segment.start is not None]

    def set_hits(self, hits: Sequence[Span]) -> None:
        """Show places that a search found; every row may look different."""
        self.hits = tuple(hits)
        self.state = msgspec.structs.replace(self.state, hits=self.hits)

    # --- what a row shows --------------------------------------------------------------------------------------------

    def runs(self, row: int) -> list[tuple[int, int, Look]]:
        """The words of a row in runs of one look."""
        start, end = self.layout.row_span(row)
        first = max(bisect_right(self.hits, (start, 0)) - 1, 0)
        hits = self.hits[first : bisect_left(self.hits, (end, 0))]
        return row_runs(self.layout, self.own, row, self.state, self.role_of_row(row) == "interviewer", hits)

    def margin_row(self, row: int) -> MarginRow:
        """The margin of a row."""
        return self.margin.row(row)

    def turn_of_row(self, row: int) -> Turn | None:
        """The turn that a row belongs to."""
        index = self.blocks[self.layout.block_of_row(row)].turn
        return self.transcript.turns[index] if index >= 0 else None

    def role_of_row(self, row: int) -> Role:
        """The role of who speaks in a row."""
        turn = self.turn_of_row(row)
        return self.transcript.speaker(turn).role if turn else "other"

    def is_first_row(self, row: int) -> bool:
        """Whether a block begins on this row."""
        return self.layout.first_rows[self.layout.block_of_row(row)] == row

    def segments_here(self) -> list[Segment]:
        """Segments under the selection if there is one, else under the cursor; the shortest first."""
        span, index = self.selection.span, self.records.index
        if span is None:
            found = index.at(self.selection.cursor)
        else:
            start, end = self.trimmed(span)
            found = index.exactly(start, end) or index.over(start, end)
        seen = [segment for segment in found if segment.id in self.own.segments]
        return sorted(seen, key=lambda segment: (segment.end or 0) - (segment.start or 0))

    def trimmed(self, span: Span) -> Span:
        """The span without white space at its ends."""
        words = self.transcript.text[span[0] : span[1]]
        left = len(words) - len(words.lstrip())
        return span[0] + left, span[0] + left + len(words.strip())

    def notes_here(self) -> list[Segment]:
        """The notes of the source under the cursor, as far as they are shown; the shortest first."""
        found = [s for s in self.index.at(self.selection.cursor) if self.whose.get(s.id) in self.sight.notes]
        return sorted(found, key=lambda segment: (segment.end or 0) - (segment.start or 0))

    # --- places ------------------------------------------------------------------------------------------------------

    def turn_number(self, offset: int) -> int:
        """The number of the turn at an offset, from 1; 0 outside all turns."""
        return self.blocks[self.layout.block_at(offset)].turn + 1

    def put_cursor(self, offset: int) -> None:
        """Move the cursor, with what that does to the selection."""
        self.selection.move(self.layout.clamp(offset), self.units)

    def line_motion(self, by: int, column: int | None = None) -> int:
        """The offset ``by`` rows from the cursor, in the same column; blank rows between blocks are stepped over."""
        layout = self.layout
        row = layout.row_of(self.selection.cursor)
        at = layout.column_of(row, self.selection.cursor) if column is None else column
        goal = min(max(row + by, 0), layout.rows - 1)
        while 0 < goal < layout.rows - 1 and layout.is_gap(goal):
            goal += 1 if by > 0 else -1
        if layout.is_gap(goal):
            return self.selection.cursor
        return layout.offset_at(goal, at)
