"""Themes: what the codes add up to, with the quotes at hand. Codes go under themes and out again by keys."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import ModalScreen

from postil_base.plural import counted
from postil_model.counts.framework import Framework, Quote
from postil_tui.shell.screens.list_screen import ListScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.text.cells import shown
from postil_tui.themes.editing import ThemesEditing
from postil_tui.themes.painting import (
    bench_header,
    bench_row,
    code_lines,
    quote_lines,
    quote_row,
    shown_rows,
    theme_lines,
)
from postil_tui.themes.state import ThemeRow, ThemesState, gathered
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.memo_pane import MemoPane
from postil_tui.widgets.picker import Picker
from postil_tui.widgets.rows import Line, Rows
from postil_tui.widgets.split import Split


class ThemesScreen(ListScreen):
    """Themes and codes at one side; what the highlighted one means and what was said under it at the other."""

    CONTEXT = "themes"
    AUTO_FOCUS = "#view"
    DEFAULT_CSS = """
    ThemesScreen { layers: base over; }
    ThemesScreen #about { background: $panel; height: 6; }
    ThemesScreen #quotes { background: $panel; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.bench: ThemesState | None = None
        self.listed: list[ThemeRow] = []
        self.on_quotes = False
        self._covered = False
        self.editing = ThemesEditing(self)

    def compose(self) -> ComposeResult:
        """Title, themes, what is under them, status."""
        yield Bar("title")
        yield Split(
            Rows("view", drags=True), Container(Rows("about", fixed=True), Rows("quotes")), beside_from=110, share=0.5
        )
        yield MemoPane()
        yield Bar("status")
        yield Picker(self.ink)

    def parts(self) -> list[object]:
        """Changing themes is a part of its own."""
        return [self.editing]

    def open_picker(self) -> Picker | None:
        """The code picker."""
        return self.query_one(Picker)

    @property
    def rows(self) -> Rows:
        """The list of themes and codes."""
        return self.query_one("#view", Rows)

    @property
    def quote_rows(self) -> Rows:
        """The quotes under what is highlighted."""
        return self.query_one("#quotes", Rows)

    @property
    def row(self) -> ThemeRow | None:
        """The highlighted theme or code."""
        return self.listed[self.rows.index] if self.rows.index < len(self.listed) else None

    @property
    def quotes(self) -> list[Quote]:
        """What was said under the highlighted theme or code."""
        row = self.row
        return self.bench.quotes(row) if self.bench and row and row.kind != "heading" else []

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
        """Gather anew: something was coded meanwhile."""
        if not self._covered:
            self.gather()
        self._covered = False

    def gather(self, saying: str = "gathering quotes…") -> None:
        """Gather quotes and themes."""
        self.later(lambda: gathered(self.workspace), self._gathered, saying, reads=True)

    def _gathered(self, matrix: Framework) -> None:
        if self.bench is None:
            self.bench = ThemesState(self.workspace, matrix)
        self.bench.renew(matrix)
        self.repaint()

    def coder_changed(self) -> None:
        """Quotes are gathered anew."""
        self.bench = None
        if self.is_running:
            self.repaint()

    def on_resize(self) -> None:
        """Paint for the new width."""
        self.call_after_refresh(self.repaint)

    def repaint(self, keep: ThemeRow | None = None) -> None:
        """Paint anew; ``keep`` is the row to highlight, wherever it stands now."""
        if not self.is_mounted:
            return
        bench, bar = self.bench, self.bar_ink
        left = [(" Themes ", bar.accent), (f" {counted(len(bench.themes), 'theme')}" if bench else "", bar.quiet)]
        open_ones = bench.matrix.open if bench else ()
        if open_ones:
            left.append((f" · {counted(len(open_ones), 'interview')} not finished: your own codings", bar.faint))
        right = [(" coder ", bar.faint), (f"{shown(self.workspace.coder) or '?'} ", bar.strong)]
        self.query_one("#title", Bar).set(left, right, bar.plain)
        self.listed = bench.rows() if bench else []
        if keep in self.listed:
            self.rows.go(self.listed.index(keep))
        empty: Line = [("   No themes yet: n makes the first" if bench else "", self.ink.quiet)]
        header = bench_header(self.rows.size.width, self.ink) if self.listed else ()
        self.rows.show(len(self.listed), self._line, self.ink.plain, header, empty)
        self._show_side()
        self.show_status()

    def _number(self, theme: str) -> int:
        ids = [one.id for one in self.bench.themes] if self.bench else []
        return ids.index(theme) + 1 if theme in ids else 99

    def _line(self, row: int, chosen: bool, width: int) -> Line:
        assert self.bench is not None
        one = self.listed[row]
        return bench_row(self.bench, one, self._number(one.theme), chosen and not self.on_quotes, width, self.ink)

    def _show_side(self) -> None:
        """Definition and quotes of what is highlighted; at the quotes, the highlighted one in full."""
        quotes, panel = self.quotes, self.bar_ink
        rows = self.quote_rows

        def line(number: int, chosen: bool, width: int) -> Line:
            return quote_row(quotes[number], chosen and self.on_quotes, width, panel)

        empty: Line = [("  nothing was coded here yet", panel.faint)] if self.row else []
        rows.show(len(quotes), line, panel.plain, empty=empty)
        about = self.query_one("#about", Rows)
        width = max(about.size.width, 20)
        lines = shown_rows(self._about(width), max(self._room() // 2, 4), panel)
        about.styles.height = len(lines) + 1
        about.show(len(lines), lambda number, chosen, width: lines[number], panel.plain)

    def _room(self) -> int:
        return about.size.height if isinstance(about := self.quote_rows.parent, Container) else 10

    def _about(self, width: int) -> list[Line]:
        bench, row, panel = self.bench, self.row, self.bar_ink
        if bench is None or row is None:
            return []
        if self.quote is not None:
            return quote_lines(self.quote, width, panel)
        theme = bench.theme(row.theme) if row.kind == "theme" else None
        if theme is not None:
            return theme_lines(theme, width, panel)
        if row.kind == "code":
            return code_lines(bench, row.code, width, panel)
        return [[(" a puts the highlighted code under a theme, so does the theme's digit", panel.quiet)]]

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        if not self.on_quotes:
            self.quote_rows.index = self.quote_rows.top = 0
        self._show_side()

    # --- going about ---------------------------------------------------------------------------------------------

    @property
    def moving(self) -> Rows:
        """Themes and codes, or the quotes."""
        return self.quote_rows if self.on_quotes else self.rows

    def do_other_side(self) -> None:
        """From the themes to the quotes, and back."""
        self.on_quotes = not self.on_quotes and bool(self.quotes)
        self.rows.refresh()
        self._show_side()

    def do_back(self) -> None:
        """Back to the themes."""
        if self.on_quotes:
            self.do_other_side()

    def do_jump_to(self) -> None:
        """At a quote: go to its place. At a theme: fold it. At a code: its quotes."""
        row = self.row
        if self.quote is not None:
            self.app.open_transcript(self.quote.transcript, self.quote.start)
        elif row is not None and row.kind == "theme" and self.bench is not None:
            self.bench.folded ^= {row.theme}
            self.repaint(row)
        elif row is not None:
            self.do_other_side()

    @on(Rows.Dragged)
    def _dragged(self, event: Rows.Dragged) -> None:
        """A code is dragged onto a theme, or out of it to the loose ones."""
        if max(event.row, event.over) < len(self.listed):
            self._guarded(lambda: self.editing.drag(self.listed[event.row], self.listed[event.over], event.dropped))

    @on(Rows.Opened)
    def _opened(self) -> None:
        self.do_jump_to()
