"""The team: who codes what in which round, how far everybody is, and what is to be looked at again."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.message import Message

from postil_tui.shell.screens.list_screen import ListScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.team.painting import column_at, head_line, plan_lines, round_tabs, team_line
from postil_tui.team.plan import Team, latest_round, team
from postil_tui.team.rounds import TeamRounds
from postil_tui.text.cells import shown
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.memo_pane import MemoPane
from postil_tui.widgets.rows import Line, Rows


class CellRows(Rows):
    """Rows that tell where in the row they were clicked."""

    @dataclass
    class Clicked(Message):
        """A place in a row was clicked."""

        x: int

    def on_click(self, event: events.Click) -> None:
        """Say where; the row itself is highlighted as in every list."""
        self.post_message(self.Clicked(event.x))


class TeamScreen(ListScreen):
    """Transcripts by coders in one round at a time; below, what is known of the round and what comes next."""

    CONTEXT = "team"
    AUTO_FOCUS = "#cells"
    DEFAULT_CSS = """
    TeamScreen #plan { background: $panel; height: 12; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.round_id: str | None = None
        self.team: Team | None = None
        self.column = 0
        self.steps = TeamRounds(self)

    def compose(self) -> ComposeResult:
        """Title, rounds, table, plan, memo, status."""
        yield Bar("title")
        yield Bar("rounds")
        yield CellRows("cells")
        yield Rows("plan", fixed=True)
        yield MemoPane()
        yield Bar("status")

    def parts(self) -> list[object]:
        """The steps of a round are a part of its own."""
        return [self.steps]

    @property
    def rows(self) -> Rows:
        """The transcripts."""
        return self.query_one("#cells", Rows)

    @property
    def transcript(self) -> str:
        """The highlighted transcript; "" without any."""
        return self.team.transcripts[self.rows.index] if self.team and self.team.transcripts else ""

    @property
    def coder(self) -> str:
        """The coder of the highlighted column."""
        return self.team.coders[self.column] if self.team and self.column < len(self.team.coders) else ""

    # --- what is shown -------------------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        """Read anew: something was coded meanwhile."""
        self.gather()

    def coder_changed(self) -> None:
        """Another pair of eyes."""
        self.team = None
        if self.is_running:
            self.repaint()

    def gather(self, saying: str = "reading the rounds…") -> None:
        """Read rounds and layers."""
        workspace = self.workspace

        def read() -> Team:
            workspace.flush()
            workspace.study.refresh()
            study = workspace.study
            if self.round_id is None or (self.round_id and self.round_id not in study.rounds):
                self.round_id = latest_round(study)
            return team(study, workspace.coders, self.round_id, workspace.hidden())

        self.later(read, self._gathered, saying, reads=True)

    def _gathered(self, found: Team) -> None:
        if self.team is None and self.workspace.coder in found.coders:
            self.column = found.coders.index(self.workspace.coder)
        self.team = found
        self.column = min(self.column, max(len(found.coders) - 1, 0))
        self.repaint()

    def on_resize(self) -> None:
        """Paint for the new width; what is known of the round gives way."""
        self.query_one("#plan").styles.height = 6 if self.size.height < 30 else 12
        self.call_after_refresh(self.repaint)

    def repaint(self) -> None:
        """Paint anew."""
        if not self.is_mounted:
            return
        bar, workspace = self.bar_ink, self.workspace
        title = workspace.study.settings.title or workspace.root.name
        right = [(" coder ", bar.faint), (f"{shown(workspace.coder) or '?'} ", bar.strong)]
        self.query_one("#title", Bar).set([(" Team ", bar.accent), (f" {shown(title)}", bar.strong)], right, bar.plain)
        rounds = [(plan.id, plan.state) for plan in workspace.study.rounds.values()]
        tabs = round_tabs([*rounds, ("", "")], self.round_id or "", self.ink)
        self.query_one("#rounds", Bar).set(tabs, (), self.ink.plain)
        self._show_cells()
        self._show_plan()
        self.show_status()

    def _show_cells(self) -> None:
        found, ink = self.team, self.ink
        count = len(found.transcripts) if found else 0
        empty: Line = [("   No transcripts yet: F2, then i takes them in" if found else "", ink.quiet)]
        header: Line = head_line(found, self.column, self.workspace.coder, self.rows.size.width, ink) if found else ()
        self.rows.show(count, self._line, ink.plain, header, empty)

    def _line(self, row: int, chosen: bool, width: int) -> Line:
        assert self.team is not None
        return team_line(self.team, row, self.column, chosen, width, self.ink)

    def _show_plan(self) -> None:
        panel, rows = self.bar_ink, self.query_one("#plan", Rows)
        lines = plan_lines(self.team, self.workspace.coder, max(rows.size.width, 20), panel) if self.team else []
        shown_lines: list[Line] = [[], *lines] if self.size.height >= 30 else lines
        rows.show(len(shown_lines), lambda row, chosen, width: shown_lines[row], panel.plain)

    # --- going about ---------------------------------------------------------------------------------------------

    def _go_column(self, column: int) -> None:
        if self.team is not None:
            self.column = min(max(column, 0), max(len(self.team.coders) - 1, 0))
            self._show_cells()

    def do_cell_left(self) -> None:
        """The coder before."""
        self._go_column(self.column - 1)

    def do_cell_right(self) -> None:
        """The next coder."""
        self._go_column(self.column + 1)

    @on(CellRows.Clicked)
    def _clicked(self, event: CellRows.Clicked) -> None:
        column = column_at(event.x, self.team, self.column, self.rows.size.width) if self.team else None
        if column is not None:
            self._go_column(column)

    @on(Bar.Pressed, "#rounds")
    def _round_pressed(self, event: Bar.Pressed) -> None:
        """A click on a round shows it."""
        wanted = {**{shown(name): name for name in self.workspace.study.rounds}, "no round": ""}.get(
            event.words(event.number)
        )
        if wanted is not None:
            self.round_id = wanted
            self.gather()

    @on(Rows.Opened)
    def do_open(self) -> None:
        """Open the transcript, to code it as oneself."""
        if self.transcript:
            self.app.open_transcript(self.transcript)

    def _turn(self, by: int) -> None:
        ids = [*self.workspace.study.rounds, ""]
        here = ids.index(self.round_id) if self.round_id in ids else 0
        self.round_id = ids[(here + by) % len(ids)]
        self.gather()

    def do_next_round(self) -> None:
        """The next round."""
        self._turn(1)

    def do_previous_round(self) -> None:
        """The round before."""
        self._turn(-1)

    def do_recode(self) -> None:
        """Walk through what is to be looked at again."""
        self.app.go("recode")
