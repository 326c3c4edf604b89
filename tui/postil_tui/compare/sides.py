"""The two forms of comparing: one text between two margins, or one text twice, each with its coder's margin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from postil_study.text.values import Layer, Segment, Transcript
from postil_tui.code.session.labels import label_lines
from postil_tui.code.session.record import Records
from postil_tui.compare.differences import CodingDifference
from postil_tui.compare.painter import ColumnPainter, ComparePainter, compare_columns, side_columns
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.lanes import Lanes
from postil_tui.text.margin import Margin, MarginPiece
from postil_tui.text.page import LabelOf, TextPage
from postil_tui.text.spans import SpanIndex
from postil_tui.widgets.transcript_view import TranscriptView

BESIDE_FROM = 170  # columns of the terminal that two texts beside each other need


class Sides:
    """Both layers on the screen: pages and painters, shown in one view or in two that scroll together."""

    def __init__(self, transcript: Transcript, first: Layer, second: Layer, ink: StyleSheet) -> None:
        self._transcript = transcript
        self._layers = (first, second)
        self._ink = ink
        self._codes = {s.id: s.code_ids[0] for layer in self._layers for s in layer.segments if s.codes}
        self.pages: list[TextPage] = []
        self._painters: list[ColumnPainter] = []

    @property
    def page(self) -> TextPage:
        """The page by which one goes about."""
        return self.pages[-1]

    def between(self, view: TranscriptView, width: int) -> None:
        """One text: the first coder's brackets at the left, the second's at the right."""
        first, second = self._layers
        page = TextPage(self._transcript, Records(second), _labels(second), width, compare_columns)
        index = SpanIndex(first.segments)
        lanes = Lanes(page.layout, index, page.geometry.lanes)
        margin = Margin(page.layout, index, lanes, _labels(first), page.geometry.label)
        self.pages, self._painters = [page], [ComparePainter(page, margin, self._ink, self._codes)]
        view.mirror = None
        view.show(page, self._painters[0])

    def beside(self, left: TranscriptView, right: TranscriptView) -> None:
        """The text twice, of the same width so that the rows are the same; both scroll together."""
        width = min(left.size.width, right.size.width)
        views = (left, right)
        self.pages = [
            TextPage(self._transcript, Records(layer), _labels(layer), width, side_columns) for layer in self._layers
        ]
        self._painters = [ColumnPainter(page, self._ink, self._codes, tinted=True) for page in self.pages]
        for view, page, painter in zip(views, self.pages, self._painters, strict=True):
            view.show(page, painter)
        left.mirror, right.mirror = right, left

    def point_at(self, here: CodingDifference) -> None:
        """Select the words of a disagreement and bring its brackets forward, on both sides."""
        for page in self.pages:
            page.selection.select((here.start, here.end), cursor_at_end=False)
            page.moved()
            page.state = msgspec.structs.replace(page.state, focus=frozenset(here.ids))

    def mark_open(self, spans: Iterable[tuple[int, int]]) -> None:
        """Mark the rows with something that is not settled."""
        rows: set[int] = set()
        for start, end in spans:
            rows.update(self.page.layout.rows_over(start, end))
        for painter in self._painters:
            painter.open_rows = rows


def _labels(layer: Layer) -> LabelOf:
    segments: Mapping[str, Segment] = {segment.id: segment for segment in layer.segments}

    def lines(segment_id: str) -> Sequence[Sequence[MarginPiece]]:
        return label_lines(segments[segment_id], [])

    return lines
