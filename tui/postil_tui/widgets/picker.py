"""The code picker on the screen: near the selection, so that the words stay in sight. It is there from the start."""

from __future__ import annotations

from rich.segment import Segment as Cell
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from postil_tui.code.session.pick import ROWS, Pick
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells, fitted, shown

_DEFINITION_ROWS = 3
WIDTH = 62


class Picker(Widget):
    """Paints a `Pick`; the keys reach it through the screen."""

    DEFAULT_CSS = """
    Picker { layer: over; width: 62; height: 16; display: none; }
    """
    ALLOW_SELECT = False

    def __init__(self, ink: StyleSheet) -> None:
        super().__init__(id="picker")
        self.pick: Pick | None = None
        self.ink = ink
        self.slot_of: dict[str, int] = {}

    def open(self, pick: Pick, ink: StyleSheet, x: int, y: int, slots: dict[str, int]) -> None:
        """Show a choice, its upper left corner at a cell of the screen."""
        self.pick, self.ink, self.slot_of = pick, ink, slots
        self.styles.offset = (x, y)
        self.display = True
        self.refresh()

    def close(self) -> None:
        """Hide."""
        self.pick = None
        self.display = False

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Input, rows, definition, borders."""
        return ROWS + _DEFINITION_ROWS + 3

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        event.stop()
        row = event.y - 2
        if self.pick and 0 <= row < ROWS:
            window = self.pick.window(ROWS)
            if row < len(window):
                self.pick.take(window[row])
                self.screen.picked()  # type: ignore[attr-defined]

    def render_line(self, y: int) -> Strip:
        """Line 0 title, 1 input, then rows, a rule, the definition."""
        width = self.size.width
        if self.pick is None:
            return Strip.blank(width)
        if y == 0:
            line = self._title(self.pick, width)
        elif y == 1:
            line = self._input(self.pick)
        elif y < 2 + ROWS:
            line = self._row(self.pick, y - 2)
        else:
            line = self._definition(self.pick, y - 2 - ROWS)
        return self._filled(line, width)

    def _style(self, colour: str, bold: bool = False, reverse: bool = False) -> Style:
        paper = self.ink.paper
        background = paper.raised if self.ink.depth == "true" else paper.paper
        return self.ink.style(colour, background, bold=bold, reverse=reverse)

    def _filled(self, line: list[Cell], width: int) -> Strip:
        used = sum(cells(cell.text) for cell in line)
        ground = self._style(self.ink.paper.ink)
        bar = Cell("▎", self._style(self.ink.paper.accent))
        out = [bar]
        room = width - 1
        for cell in line:
            text = cell.text if cells(cell.text) <= room else fitted(cell.text, room)
            room -= cells(text)
            if text:
                out.append(Cell(text, cell.style))
        if room > 0 and used < width:
            out.append(Cell(" " * room, ground))
        return Strip(out, width)

    def _title(self, pick: Pick, width: int) -> list[Cell]:
        paper = self.ink.paper
        count = f"{len(pick.found)} code{'' if len(pick.found) == 1 else 's'} " if pick.found or pick.line.text else ""
        title = fitted(f" {shown(pick.title)}", width - 1 - len(count))
        return [Cell(title, self._style(paper.quiet)), Cell(count, self._style(paper.faint))]

    def _input(self, pick: Pick) -> list[Cell]:
        paper = self.ink.paper
        text, at = shown(pick.line.text) + " ", pick.line.at
        plain, cursor = self._style(paper.ink, bold=True), self._style(paper.ink, reverse=True)
        line = [Cell(" › ", self._style(paper.accent, bold=True)), Cell(text[:at], plain), Cell(text[at], cursor)]
        rest = text[at + 1 :]
        if not pick.line.text:
            hint = "type to find" + (", or a new name" if pick.create else "")
            return [*line, Cell(hint, self._style(paper.faint))]
        told = shown(pick.enter)
        gap = WIDTH - 2 - sum(cells(cell.text) for cell in line) - cells(rest) - cells(told)
        says = [Cell(" " * gap + told, self._style(paper.quiet))] if told and gap > 1 else []
        return [*line, Cell(rest, plain), *says]

    def _row(self, pick: Pick, number: int) -> list[Cell]:
        window = pick.window(ROWS)
        if number >= len(window):
            empty = number == 0 and pick.rows == 0
            return [Cell("   no code fits" if empty else "", self._style(self.ink.paper.faint))]
        index = window[number]
        chosen = index == pick.index
        code = pick.code_at(index)
        return self._new_row(pick, chosen) if code is None else self._code_row(pick, code, chosen)

    def _new_row(self, pick: Pick, chosen: bool) -> list[Cell]:
        paper = self.ink.paper
        new = pick.new
        assert new is not None
        below = f" below {new.parent}" if new.parent else ""
        return [
            Cell(" ▸ " if chosen else "   ", self._style(paper.accent, bold=True)),
            Cell("＋".replace("＋", "+") + f" new code {new.id}", self._style(paper.good, bold=chosen)),
            Cell(below, self._style(paper.quiet)),
        ]

    def _code_row(self, pick: Pick, code: str, chosen: bool) -> list[Cell]:
        paper, ink = self.ink.paper, self.ink
        slot = self.slot_of.get(code)
        count = pick.counts.get(code, 0)
        mark = "✓" if code in pick.present else "■"
        path = pick.codebook.code_path(code).rpartition("/")[0]
        name = fitted(shown(code), 30) if cells(code) > 30 else shown(code)
        line = [
            Cell(" ▸ " if chosen else "   ", self._style(paper.accent, bold=True)),
            Cell(f"{mark} ", self._style(ink.colour_of(code))),
            Cell(name, self._style(paper.ink, bold=chosen)),
            Cell(f"  {shown(path)}" if path else "", self._style(paper.faint)),
        ]
        used = sum(cells(cell.text) for cell in line)
        tail = f"{count or ''!s:>5} {slot or ' '} "
        room = WIDTH - 1 - used - len(tail)
        if room < 0:
            line[-1] = Cell(fitted(line[-1].text, max(cells(line[-1].text) + room, 0)), line[-1].style)
            room = 0
        return [*line, Cell(" " * room, self._style(paper.ink)), Cell(tail, self._style(paper.quiet))]

    def _definition(self, pick: Pick, number: int) -> list[Cell]:
        paper = self.ink.paper
        if number == 0:
            return [Cell(" " + "─" * (WIDTH - 3), self._style(paper.line))]
        code = pick.codebook.codes.get(pick.highlighted or "")
        if code is None:
            hint = "⏎ makes the code   parent/name puts it below parent" if pick.new else ""
            return [Cell(f" {hint}" if number == 1 else "", self._style(paper.quiet))]
        words = shown(" ".join((code.definition or "no definition yet").split()))
        rows = _broken(words, WIDTH - 3, _DEFINITION_ROWS)
        text = rows[number - 1] if number - 1 < len(rows) else ""
        return [Cell(f" {text}", self._style(paper.quiet if code.definition else paper.faint))]


def _broken(text: str, width: int, rows: int) -> list[str]:
    from postil_tui.text.wrap import wrap

    starts: list[int] = []
    wrap(text, 0, len(text), width, starts, narrow=False)
    ends = [*starts[1:], len(text)]
    lines = [text[a:b].rstrip() for a, b in zip(starts, ends, strict=True)]
    if len(lines) > rows:
        lines[rows - 1] = fitted(lines[rows - 1] + " …", width).rstrip()
    return lines[:rows]
