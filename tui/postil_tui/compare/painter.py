"""One text between two margins: the first coder's mirrored at the left, the second's at the right."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from rich.segment import Segment as Cell

from postil_tui.style.row_painter import RowPainter
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells, fitted
from postil_tui.text.geometry import MEASURE, TextGeometry
from postil_tui.text.margin import Margin, MarginRow
from postil_tui.text.page import TextPage
from postil_tui.text.paint import Look

_MIRRORED = {"top": "┐", "mid": "│", "bottom": "┘", "single": "╴", "": " "}
_HEAVY = {"top": "┓", "mid": "┃", "bottom": "┛", "single": "╸", "": " "}


def compare_columns(width: int, longest_label: int, turns: int) -> TextGeometry:
    """The columns: the left margin takes the place of the padding.

    >>> compare_columns(120, 11, 40).text, compare_columns(80, 11, 40).label
    (71, 0)
    """
    if width < 100:
        speaker, lanes, label = 3, 3, 0
    else:
        speaker, lanes, label = (3, 3, 15) if width < 150 else (min(longest_label, 11), 4, 22)
    left = lanes + 1 + (label + 2 if label else 0)
    fixed = left + 1 + speaker + 1 + 2 + lanes + (2 if label else 0) + label + 1
    text = min(MEASURE, width - fixed)
    return TextGeometry(width, left, 0, speaker, text, lanes, label)


def side_columns(width: int, longest_label: int, turns: int) -> TextGeometry:
    """The columns of one of two texts beside each other: short speakers, and labels all the same.

    >>> side_columns(85, 11, 40).text, side_columns(110, 11, 40).label
    (50, 22)
    """
    speaker, lanes, label = 3, 3, 22
    fixed = 1 + speaker + 1 + 2 + lanes + 2 + label + 1
    return TextGeometry(width, 0, 0, speaker, max(min(MEASURE, width - fixed), 10), lanes, label)


class ColumnPainter(RowPainter):
    """Paints the rows of one coder: what is not settled is marked at the edge. ``codes``: segment → its first code."""

    def __init__(self, page: TextPage, ink: StyleSheet, codes: Mapping[str, str], tinted: bool = False) -> None:
        super().__init__(page, ink)
        self.codes = codes
        self.tinted = tinted
        self.open_rows: set[int] = set()  # rows with something unsettled

    def runs(self, row: int) -> list[tuple[int, int, Look]]:
        """What is talked about stands out from the words; what is coded does, where there is one coder alone."""
        found = []
        for start, end, look in self.page.runs(row):
            plain = msgspec.structs.replace(look, target=False, cursor=False)
            found.append((start, end, plain if self.tinted else msgspec.structs.replace(plain, codes=(), layers=0)))
        return found

    def is_target(self, row: int) -> bool:
        """The edge marks what is not settled."""
        return row in self.open_rows

    def code_of(self, segment_id: str) -> str:
        """A segment's first code, whoever coded it."""
        return self.codes.get(segment_id, "")


class ComparePainter(ColumnPainter):
    """Paints rows with two margins. ``page`` carries the second coder's, ``margin`` the first one's."""

    def __init__(self, page: TextPage, margin: Margin, ink: StyleSheet, codes: Mapping[str, str]) -> None:
        super().__init__(page, ink, codes)
        self.margin = margin

    def left(self, row: int, found: list[Cell]) -> None:
        """The first coder's margin, mirrored."""
        geometry, ink = self.page.geometry, self.ink
        margin = self.margin.row(row)
        style = self.leader_style(margin)
        if geometry.label:
            self._left_label(margin, found)
            found.append(Cell(" ─" if style else "  ", style or ink.plain))
        for lane in range(len(margin.lanes) - 1, -1, -1):
            cell = margin.lanes[lane]
            if not cell.shape:
                found.append(Cell("─" if style and lane > margin.leader else " ", style or ink.plain))
                continue
            focused = cell.segment in self.page.state.focus
            glyph = (_HEAVY if focused else _MIRRORED)[cell.shape]
            if lane == margin.leader and cell.shape == "mid":
                glyph = "┫" if focused else "┤"
            found.append(Cell(glyph, ink.code(self.code_of(cell.segment), focused)))
        found.append(Cell(" ", ink.plain))

    def _left_label(self, margin: MarginRow, found: list[Cell]) -> None:
        room = self.page.geometry.label
        pieces: list[Cell] = []
        for piece in margin.label:
            size = cells(piece.text)
            text = piece.text if size <= room else fitted(piece.text, room)
            room -= min(size, room)
            if text:
                pieces.append(Cell(text, self.ink.code(piece.code, piece.segment in self.page.state.focus)))
        if room:
            found.append(Cell(" " * room, self.ink.plain))
        found += pieces
