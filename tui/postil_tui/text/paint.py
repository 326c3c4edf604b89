"""A row cut into runs that look alike. Which colours that means is decided elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from postil_study.text.values import Segment
from postil_tui.text.layout import TextLayout
from postil_tui.text.spans import SpanIndex

Span = tuple[int, int]


class ViewState(msgspec.Struct, frozen=True):
    """Everything about cursor, selection and finding that changes how rows look."""

    cursor: int = 0
    char: Span = (0, 0)  # the character under the cursor
    span: Span | None = None
    settled: bool = False
    target: Span = (0, 0)
    focus: frozenset[str] = frozenset()
    hits: tuple[Span, ...] = ()
    cues: tuple[Span, ...] = ()


class Look(msgspec.Struct, frozen=True):
    """How a run looks: the codes on it (one for each segment, first code first), and what lies over them."""

    quiet: bool = False
    codes: tuple[str, ...] = ()
    layers: int = 0  # how many segments lie over it
    focused: bool = False
    cursor: bool = False
    selected: bool = False
    settled: bool = False
    target: bool = False
    hit: bool = False
    cue: bool = False


def row_runs(
    layout: TextLayout, index: SpanIndex, row: int, state: ViewState, quiet: bool, hits: Sequence[Span]
) -> list[tuple[int, int, Look]]:
    """The runs of a row, as start and end offset and look; together they cover what is shown of the row."""
    start, end = layout.row_span(row)
    if start == end:
        return []
    lies = _Lies(layout, row, index.over(start, end), state, quiet, hits)
    edges = {start, end}
    for low, high in lies.borders():
        if start < low < end:
            edges.add(low)
        if start < high < end:
            edges.add(high)
    last = end - 1
    if layout.text[last] in " \n":  # the space at a break carries no code: tints end with the words
        edges.add(last)
    cuts = sorted(edges)
    runs = [(a, b, lies.look(a)) for a, b in pairwise(cuts)]
    if last in edges and layout.text[last] in " \n":
        runs[-1] = (last, end, Look(quiet=quiet, cursor=runs[-1][2].cursor))
    return runs


class _Lies:
    """What lies over a row: spans of segments, selection, hits and cues, cut at what a person sees as characters."""

    def __init__(
        self, layout: TextLayout, row: int, segments: list[Segment], state: ViewState, quiet: bool, hits: Sequence[Span]
    ) -> None:
        self._graphemes = layout.row_graphemes(row)
        self._state, self._quiet = state, quiet
        self._segments = [(self._whole((one.start or 0, one.end or 0)), one) for one in segments]
        self._span = self._whole(state.span) if state.span is not None else None
        self._target = self._whole(state.target)
        self._hits = [self._whole(span) for span in hits]
        self._cues = [self._whole(span) for span in state.cues]

    def _whole(self, span: Span) -> Span:
        """The span with the characters it begins or ends in the middle of."""
        if self._graphemes is None:
            return span
        low, high = span
        for start, end, _ in self._graphemes:
            low = start if start < span[0] < end else low
            high = end if start < span[1] < end else high
        return low, high

    def borders(self) -> list[Span]:
        """Where the look of the row may change."""
        spans = [span for span, _ in self._segments]
        return [*spans, self._state.char, self._span or (0, 0), self._target, *self._hits, *self._cues]

    def look(self, at: int) -> Look:
        """How the character at an offset looks."""
        state = self._state
        over = [segment for (low, high), segment in self._segments if low <= at < high]
        selected = self._span is not None and self._span[0] <= at < self._span[1]
        return Look(
            quiet=self._quiet,
            codes=tuple(code for segment in over for code in segment.code_ids),
            layers=len(over),
            focused=any(segment.id in state.focus for segment in over),
            cursor=state.char[0] <= at < state.char[1],
            selected=selected,
            settled=selected and state.settled,
            target=self._span is None and self._target[0] <= at < self._target[1],
            hit=any(low <= at < high for low, high in self._hits),
            cue=any(low <= at < high for low, high in self._cues),
        )


def changed_rows(layout: TextLayout, index: SpanIndex, before: ViewState, after: ViewState) -> set[int]:
    """The rows that look different after a change of state; the rows of hits are not among them."""
    rows: set[int] = set()
    if before.char != after.char:
        rows.update(_rows(layout, before.char), _rows(layout, after.char))
    if before.span != after.span or before.settled != after.settled:
        rows |= _difference(layout, before.span, after.span, whole=before.settled != after.settled)
    for one, other in ((before, after), (after, before)):  # the target shows while nothing is selected
        if one.span is None and (other.span is not None or one.target != other.target):
            rows.update(_rows(layout, one.target))
    for segment_id in before.focus ^ after.focus:
        segment = index.segments.get(segment_id)
        if segment is not None:
            rows.update(_rows(layout, (segment.start or 0, segment.end or 0)))
            # its label may stand a row or two below its bracket
            last = layout.row_of(max((segment.end or 1) - 1, segment.start or 0))
            rows.update((last + 1, last + 2))
    if before.cues != after.cues:
        for span in {*before.cues} ^ {*after.cues}:
            rows.update(_rows(layout, span))
    return {row for row in rows if row < layout.rows}


def _rows(layout: TextLayout, span: Span) -> range:
    return layout.rows_over(*span) if span[1] > span[0] else range(layout.row_of(span[0]), layout.row_of(span[0]) + 1)


def _difference(layout: TextLayout, one: Span | None, other: Span | None, whole: bool) -> set[int]:
    if one is None or other is None or whole:
        return {row for span in (one, other) if span for row in _rows(layout, span)}
    rows: set[int] = set()
    for low, high in ((min(one[0], other[0]), max(one[0], other[0])), (min(one[1], other[1]), max(one[1], other[1]))):
        if low != high:
            rows.update(layout.rows_over(low, high))
    if one[1] <= other[0] or other[1] <= one[0]:
        rows.update(_rows(layout, one), _rows(layout, other))
    return rows
