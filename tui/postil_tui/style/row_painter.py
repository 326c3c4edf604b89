"""Rows of a page as Rich segments of an exact width: gutter, words, brackets, labels."""

from __future__ import annotations

from rich.segment import Segment as Cell
from rich.style import Style

from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.text.margin import MarginRow
from postil_tui.text.page import TextPage
from postil_tui.text.paint import Look

_LIGHT = {"top": "┌", "mid": "│", "bottom": "└", "single": "╶", "": " "}
_HEAVY = {"top": "┏", "mid": "┃", "bottom": "┗", "single": "╺", "": " "}
_OTHERS = {"top": "┌", "mid": "┆", "bottom": "└", "single": "╶", "": " "}  # of another coder
_EDGE = "▌"


class RowPainter:
    """Paints the rows of one page in one ink."""

    def __init__(self, page: TextPage, ink: StyleSheet) -> None:
        self.page = page
        self.ink = ink

    def row(self, row: int) -> list[Cell]:
        """The segments of a row, all but the last column."""
        page = self.page
        geometry = page.geometry
        found: list[Cell] = []
        self._gutter(row, found)
        used = self._words(row, found)
        gap = geometry.lanes_at - geometry.text_at - used
        if gap > 0:
            found.append(Cell(" " * gap, self.ink.plain))
        self._margin(page.margin_row(row), found)
        return found

    def blank(self) -> list[Cell]:
        """What stands beyond the last row."""
        return [Cell(" " * (self.page.geometry.width - 1), self.ink.plain)]

    def _gutter(self, row: int, found: list[Cell]) -> None:
        page, ink = self.page, self.ink
        geometry = page.geometry
        if geometry.pad:
            self.left(row, found)
        label = page.labels.get(row)
        found.append(Cell(label or (_EDGE if self.is_target(row) else " "), ink.jump if label else ink.accent))
        number, speaker, style = self._who(row)
        if geometry.number:
            found.append(Cell(f"{number:>{geometry.number - 1}} "[-geometry.number :], ink.faint))
        short = page.short_labels.get(speaker, speaker) if geometry.speaker <= 4 else speaker
        found.append(Cell(fitted(short, geometry.speaker) + " ", style))

    def left(self, row: int, found: list[Cell]) -> None:
        """What stands left of everything: nothing, on the code screen."""
        found.append(Cell(" " * self.page.geometry.pad, self.ink.plain))

    def is_target(self, row: int) -> bool:
        """Whether the edge marks the row: it shows what a code would be put on."""
        state = self.page.state
        if state.settled:
            return False
        low, high = state.span or state.target
        start, end = self.page.layout.row_span(row)
        return start < end and low < end and start < high

    def _who(self, row: int) -> tuple[str, str, Style]:
        """Turn number, speaker and style on a turn's first row; the time on its second."""
        page, ink = self.page, self.ink
        turn = page.turn_of_row(row)
        if turn is None:
            return "", "", ink.faint
        first = page.layout.first_rows[page.layout.block_of_row(row)]
        if row == first:
            style = ink.quiet if page.role_of_row(row) == "interviewer" else ink.strong
            return str(turn.index + 1), shown(turn.label), style
        if row == first + 1 and turn.start_ms is not None and page.geometry.speaker >= 7:
            return "", clock(turn.start_ms), ink.faint
        return "", "", ink.faint

    def runs(self, row: int) -> list[tuple[int, int, Look]]:
        """The words of a row in runs of one look."""
        return self.page.runs(row)

    def _words(self, row: int, found: list[Cell]) -> int:
        """The words in runs; returns the cells they take."""
        page, ink = self.page, self.ink
        text = page.layout.text
        limit = page.geometry.text + 1
        used = 0
        for start, end, look in self.runs(row):
            words = text[start:end].replace("\n", " ")
            size = len(words) if page.layout.narrow else cells(words)
            if used + size > limit:
                words = words[: limit - used] if page.layout.narrow else fitted(words, limit - used)
                size = limit - used
            if size:
                found.append(Cell(words, ink.run(look)))
                used += size
        return used

    def _margin(self, margin: MarginRow, found: list[Cell]) -> None:
        ink = self.ink
        leader = self.leader_style(margin)
        page_whose = self.page.whose
        for lane, cell in enumerate(margin.lanes):
            focused = cell.segment in self.page.state.focus
            if cell.shape:
                own = _OTHERS if cell.segment in page_whose else _LIGHT
                glyph = (_HEAVY if focused and own is _LIGHT else own)[cell.shape]
                if lane == margin.leader and cell.shape in ("mid", "bottom"):
                    glyph = {"mid": "┣" if focused else "├", "bottom": "┗" if focused else "└"}[cell.shape]
                found.append(Cell(glyph, ink.code(self.code_of(cell.segment), focused)))
            else:
                found.append(Cell("─" if leader and lane > margin.leader else " ", leader or ink.plain))
        if self.page.geometry.label:
            found.append(Cell("─ " if leader else "  ", leader or ink.plain))
            self._label(margin, found)
        geometry = self.page.geometry
        right = geometry.width - geometry.label_at - geometry.label - 1
        if right > 0:
            found.append(Cell(" " * right, ink.plain))

    def leader_style(self, margin: MarginRow) -> Style | None:
        """The style of the line from a bracket to its label, None where there is none."""
        if margin.leader < 0 or not margin.label:
            return None
        segment = margin.lanes[margin.leader].segment
        return self.ink.code(self.code_of(segment), segment in self.page.state.focus)

    def code_of(self, segment_id: str) -> str:
        """A segment's first code."""
        segment = self.page.segment(segment_id)
        return segment.code_ids[0] if segment and segment.codes else ""

    def _label(self, margin: MarginRow, found: list[Cell]) -> None:
        room = self.page.geometry.label
        for piece in margin.label:
            size = cells(piece.text)
            text = piece.text if size <= room else fitted(piece.text, room)
            room -= min(size, room)
            if text:
                found.append(Cell(text, self.ink.code(piece.code, piece.segment in self.page.state.focus)))
        if room:
            found.append(Cell(" " * room, self.ink.plain))


def clock(milliseconds: int) -> str:
    """Hours, minutes and seconds of a time in a recording.

    >>> clock(754000)
    '0:12:34'
    """
    minutes, second = divmod(milliseconds // 1000, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}"
