"""The framework matrix: participants by themes, a cell is one's own summary with the segments it rests on."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen

from postil_base.plural import counted
from postil_codebook.values import Theme
from postil_model.counts.framework import Framework, Quote
from postil_model.counts.framework_files import Kind, write_framework
from postil_study.privacy.consent.purposes import short_note
from postil_tui.code.session.prompts import Choice, Choose
from postil_tui.search.painting import shade
from postil_tui.shell.screens.base import PostilScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.text.cells import fitted, shown
from postil_tui.text.fold import folded
from postil_tui.themes.chart import Chart
from postil_tui.themes.painting import prose, quote_lines, quote_row, shown_rows
from postil_tui.themes.state import gathered
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.grid import Grid, Looks
from postil_tui.widgets.memo_pane import MemoPane
from postil_tui.widgets.rows import Line, Rows
from postil_tui.widgets.split import Split

_MEMO_NEEDS = 34  # terminal rows from which grid, quotes and the place to write fit together


class MatrixScreen(PostilScreen):
    """The matrix above; the cell in full and what was said, below."""

    CONTEXT = "matrix"
    AUTO_FOCUS = "#view"
    DEFAULT_CSS = """
    MatrixScreen #cell { background: $panel; }
    MatrixScreen #quotes { background: $panel; }
    MatrixScreen #below { height: 42%; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.chart: Chart | None = None
        self.on_quotes = False
        self._covered = False

    def compose(self) -> ComposeResult:
        """Title, matrix, cell and quotes, status."""
        yield Bar("title")
        yield Grid("view")
        below = Split(Rows("cell", fixed=True), Rows("quotes"), beside_from=110, share=0.58)
        below.id = "below"
        yield below
        yield MemoPane()
        yield Bar("status")

    @property
    def grid(self) -> Grid:
        """The matrix."""
        return self.query_one(Grid)

    @property
    def quote_rows(self) -> Rows:
        """The quotes of the cell."""
        return self.query_one("#quotes", Rows)

    @property
    def place(self) -> tuple[str, Theme] | None:
        """Participant and theme of the cell at the cursor."""
        chart = self.chart
        if chart is None or not chart.matrix.participants or not chart.matrix.themes:
            return None
        return chart.matrix.participants[self.grid.row], chart.matrix.themes[self.grid.column]

    @property
    def quotes(self) -> list[Quote]:
        """What the cell can rest on."""
        place = self.place
        return self.chart.quotes(place[0], place[1].id) if self.chart and place else []

    @property
    def quote(self) -> Quote | None:
        """The highlighted quote, when one is at the quotes."""
        quotes = self.quotes
        return quotes[self.quote_rows.index] if self.on_quotes and self.quote_rows.index < len(quotes) else None

    # --- what is shown -------------------------------------------------------------------------------------------

    def on_screen_suspend(self) -> None:
        """A panel over the screen changes nothing below it."""
        self._covered = isinstance(self.app.screen, ModalScreen)

    def on_screen_resume(self) -> None:
        """Gather anew: something was coded, or themes changed meanwhile."""
        if not self._covered:
            self.gather()
        self._covered = False

    def gather(self, saying: str = "gathering quotes…") -> None:
        """Gather quotes and themes."""
        self.later(lambda: gathered(self.workspace), self._gathered, saying, reads=True)

    def coder_changed(self) -> None:
        """Quotes are gathered anew."""
        self.chart = None
        if self.is_running:
            self.repaint()

    def _gathered(self, matrix: Framework) -> None:
        if self.chart is None:
            self.chart = Chart(self.workspace, matrix)
        self.chart.renew(matrix)
        self.repaint()

    def on_resize(self) -> None:
        """Paint for the new width."""
        self.call_after_refresh(self.repaint)

    def repaint(self) -> None:
        """Paint anew."""
        if not self.is_mounted:
            return
        bar, ink, chart = self.bar_ink, self.ink, self.chart
        left = [(" Framework matrix ", bar.accent)]
        if chart is not None:
            size = len(chart.matrix.participants) * len(chart.matrix.themes)
            left.append((f" {chart.written} of {counted(size, 'cell')} written", bar.quiet))
            if chart.matrix.open:
                left.append(
                    (f" · {counted(len(chart.matrix.open), 'interview')} not finished: your own codings", bar.faint)
                )
        right = [(" coder ", bar.faint), (f"{shown(self.workspace.coder) or '?'} ", bar.strong)]
        self.query_one("#title", Bar).set(left, right, bar.plain)
        looks = Looks(ink.plain, ink.quiet, ink.accent, ink.line)
        themes = chart.matrix.themes if chart else ()
        names = [shown(name) for name in chart.matrix.participants] if chart else []
        self.grid.names, self.grid.headings = names, [()] * len(themes)  # how many there are decides how wide they are
        self.grid.show(names, [self._heading(theme) for theme in themes], self._cell_lines, self._weigh, looks)
        self._show_below()
        self.show_status()

    def _heading(self, theme: Theme) -> list[str]:
        lines = folded(shown(theme.label), max(self.grid.column_width - 2, 8))
        return lines if len(lines) <= 2 else [lines[0], lines[1].rstrip() + "…"]

    def _cell_lines(self, row: int, column: int, chosen: bool, width: int, lines: int) -> list[Line]:
        assert self.chart is not None
        matrix = self.chart.matrix
        participant, theme = matrix.participants[row], matrix.themes[column]
        style, paper = shade(self.ink, chosen and not self.on_quotes), self.ink.paper
        cell = matrix.cell(participant, theme.id)
        look = style()
        if cell.summary:
            words = folded(shown(" ".join(cell.summary.split())), width)
            if len(words) > lines:
                words = [*words[: lines - 1], fitted(words[lines - 1] + " …", width)]
        else:
            count = len(matrix.quotes_of(participant, theme.id))
            words, look = [f"{count} quotes" if count > 1 else "1 quote" if count else "·"], style(paper.faint)
        return [[(fitted(line, width), look)] for line in [*words, *[""] * lines][:lines]]

    def _weigh(self, row: int, width: int) -> int:
        assert self.chart is not None
        matrix, name = self.chart.matrix, self.chart.matrix.participants[row]
        summaries = (matrix.cell(name, theme.id).summary for theme in matrix.themes)
        return max((len(folded(shown(" ".join(words.split())), width)) for words in summaries if words), default=1)

    def _show_below(self) -> None:
        panel, chart, place = self.bar_ink, self.chart, self.place
        quotes = self.quotes
        rests = set(chart.matrix.cell(place[0], place[1].id).segments) if chart and place else set()

        def line(number: int, chosen: bool, width: int) -> Line:
            mark = "✓" if quotes[number].segment in rests else "·"
            return quote_row(quotes[number], chosen and self.on_quotes, width, panel, mark)

        empty: Line = [("  nothing was coded here", panel.faint)] if place else []
        self.quote_rows.show(len(quotes), line, panel.plain, empty=empty)
        pane = self.query_one("#cell", Rows)
        lines = shown_rows(self._about(max(pane.size.width, 20), panel), max(pane.size.height, 3), panel)
        pane.show(len(lines), lambda number, chosen, width: lines[number], panel.plain)

    def _about(self, width: int, panel: object) -> list[Line]:
        ink, chart, place = self.bar_ink, self.chart, self.place
        if chart is None:
            return []
        if place is None:
            return [[(" the matrix needs themes: g a makes them", ink.quiet)]]
        if self.quote is not None:
            return quote_lines(self.quote, width, ink)
        participant, theme = place
        cell = chart.matrix.cell(participant, theme.id)
        head: list[tuple[str, Style]] = [(f" {shown(participant)} · {shown(theme.label)}", ink.accent)]
        lines: list[Line] = [head, *prose(cell.summary, width, ink.plain)]
        if not cell.summary:
            lines += [[(" ⏎ writes the summary · ⇥ then space chooses the quotes it rests on", ink.faint)]]
        lost = chart.lost(participant, theme.id)
        rests = f" rests on {counted(len(cell.segments), 'quote')}" if cell.segments else ""
        gone = f" · {lost} of them not in the coding of record any more" if lost else ""
        return [*lines, [(rests, ink.quiet), (gone, ink.style(ink.paper.warn))]]

    @on(Grid.Moved)
    def _moved(self) -> None:
        self.quote_rows.index = self.quote_rows.top = 0
        self._show_below()

    @on(Rows.Moved)
    def _moved_quote(self) -> None:
        self._show_below()

    # --- going about ---------------------------------------------------------------------------------------------

    def do_cell_left(self) -> None:
        """The theme before."""
        if not self.on_quotes:
            self.grid.move(0, -1)

    def do_cell_right(self) -> None:
        """The next theme."""
        if not self.on_quotes:
            self.grid.move(0, 1)

    def do_down(self) -> None:
        """Down."""
        if self.on_quotes:
            self.quote_rows.move(1)
        else:
            self.grid.move(1, 0)

    def do_up(self) -> None:
        """Up."""
        if self.on_quotes:
            self.quote_rows.move(-1)
        else:
            self.grid.move(-1, 0)

    def do_page_down(self) -> None:
        """A page down."""
        self.grid.move(self.grid.shown_rows, 0)

    def do_page_up(self) -> None:
        """A page up."""
        self.grid.move(-self.grid.shown_rows, 0)

    def do_other_side(self) -> None:
        """From the cells to the quotes, and back."""
        self.on_quotes = not self.on_quotes and bool(self.quotes)
        self.grid.reveal()
        self._show_below()

    def do_back(self) -> None:
        """Back to the cells."""
        if self.on_quotes:
            self.do_other_side()

    def do_memo_participant(self) -> None:
        """Write the memo on the participant."""
        if self.place is not None:
            self.write_memo(f"participant:{self.place[0]}")

    def do_write_cell(self) -> None:
        """At a cell: write its summary. At a quote: go to its place."""
        if self.quote is not None:
            self.app.open_transcript(self.quote.transcript, self.quote.start)
        elif self.chart is not None and self.place is not None:
            self._open_memo(self.chart, *self.place)

    @on(Grid.Opened)
    @on(Rows.Opened)
    def _opened(self) -> None:
        self.do_write_cell()

    def _open_memo(self, chart: Chart, participant: str, theme: Theme) -> None:
        def keep(text: str) -> None:
            self._make_room(False)
            self.attempt(lambda: self._worded(chart, participant, theme, text))

        self._make_room(self.size.height < _MEMO_NEEDS)
        title = f"{participant} · {theme.label} · esc keeps it"
        self.query_one(MemoPane).open(title, chart.matrix.cell(participant, theme.id).summary, keep)

    def _make_room(self, hide_grid: bool) -> None:
        """On a small screen the matrix gives way to quotes and words while one writes."""
        self.grid.display = not hide_grid
        self.query_one("#below").styles.height = "1fr" if hide_grid else "42%"

    def _worded(self, chart: Chart, participant: str, theme: Theme, text: str) -> None:
        before = len(chart.done)
        chart.word(participant, theme.id, text)
        self.repaint()
        if len(chart.done) > before:
            self.say(f"● charts/{participant}.yaml written · {self.keymap.key('undo')} undo", "good")

    def attempt(self, act: Callable[[], object]) -> None:
        """Do something that may fail; then say why."""
        self._guarded(act)

    def do_rest_on(self) -> None:
        """Let the cell rest on the highlighted quote, or no longer; go on to the next."""
        if self.chart is None or self.place is None or self.quote is None:
            self.say("⇥ leads to the quotes; space there says what the cell rests on", "warn")
            return
        participant, theme = self.place
        rests = self.chart.toggle(participant, theme.id, self.quote.segment)
        self.quote_rows.move(1)
        self.repaint()
        self.say(f"● the cell {'rests on it' if rests else 'no longer rests on it'} · u undo", "good")

    def do_empty_cell(self) -> None:
        """Empty the cell; asks once."""
        if self.chart is None or self.place is None:
            return
        chart, (participant, theme) = self.chart, self.place
        if not chart.matrix.cell(participant, theme.id).summary:
            self.say("there is no summary in this cell")
            return

        def empty() -> None:
            chart.empty(participant, theme.id)
            self.repaint()
            self.say(f"● emptied · {self.keymap.key('undo')} undo", "good")

        self.ask(Choose(f"empty the cell {participant} · {theme.label}?", [Choice("y", "yes", empty)]))

    def do_undo(self) -> None:
        """Take the last change of a cell back."""
        said = self.chart.undo() if self.chart else ""
        self.repaint()
        self.say(f"taken back: {said}" if said else "no cell was changed here yet", "good" if said else "")

    def do_export(self) -> None:
        """Write the matrix to a file."""
        kinds: list[tuple[str, str, Kind]] = [
            ("x", "spreadsheet", "xlsx"),
            ("h", "page with the quotes", "html"),
            ("c", "CSV", "csv"),
        ]
        choices = [Choice(key, text, lambda kind=kind: self._export(kind)) for key, text, kind in kinds]  # type: ignore[misc]
        self.ask(Choose("write the matrix as", choices))

    def _export(self, kind: Kind) -> None:
        if self.chart is None:
            return
        matrix, title = self.chart.matrix, self.workspace.study.settings.title or self.workspace.root.name
        root, note = self.workspace.root, short_note(self.workspace.study)
        self.later(
            lambda: write_framework(root, matrix, title, kind),
            lambda path: self.say(f"● written: {path}{note}", "good"),
            "writing…",
        )
