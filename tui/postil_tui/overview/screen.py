"""The study as a whole: progress, codes, saturation, co-occurrence, agreement. One key writes a view to files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from rich.style import Style
from textual import on
from textual.app import ComposeResult

from postil_tui.overview.values import Overview, overview
from postil_tui.shell.screens.list_screen import ListScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.text.cells import shown
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.rows import Line, Rows

if TYPE_CHECKING:
    from postil_model.counts.cooccurrence import Cooccurrence
    from postil_tui.model.diagram.source import DiagramSource

VIEWS = ("progress", "codes", "new codes", "saturation", "together", "agreement", "model")


class OverviewScreen(ListScreen):
    """One view at a time; what takes a while is worked out in a thread when its view is first shown."""

    CONTEXT = "overview"
    AUTO_FOCUS = "Rows"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.view = 0
        self.meeting = 0  # which way of meeting is shown
        self.found: dict[str, Any] = {}  # what was worked out, by what it is
        self._begun: set[str] = set()
        self._lines: list[Line] = []

    def compose(self) -> ComposeResult:
        """Title, tabs, view, status."""
        yield Bar("title")
        yield Bar("tabs")
        yield Rows("overview", fixed=True)
        yield Bar("status")

    @property
    def rows(self) -> Rows:
        """The lines of the view."""
        return self.query_one(Rows)

    @property
    def data(self) -> Overview | None:
        """The plain counts, once they were read."""
        found: Overview | None = self.found.get("data")
        return found

    @property
    def view_name(self) -> str:
        """The view that is shown."""
        return VIEWS[self.view]

    def on_screen_resume(self) -> None:
        """Read anew: something was coded meanwhile."""
        self.found.clear()
        self._begun.clear()
        self.repaint()

    def coder_changed(self) -> None:
        """Counts are made anew."""
        self.found.clear()
        self._begun.clear()
        self._lines = []
        if self.is_running:
            self.rows.show(0, lambda row, chosen, width: [], self.ink.plain)

    def on_resize(self) -> None:
        """Draw for the new width."""
        self._show()

    # --- working things out ------------------------------------------------------------------------------------------

    def need(self, what: str, work: Callable[[], Any], saying: str) -> Any:
        """What was worked out; None while it is being worked out."""
        if what not in self.found and what not in self._begun:
            self._begun.add(what)
            self.later(work, lambda result: self._worked_out(what, result), saying, reads=True)
        return self.found.get(what)

    def _worked_out(self, what: str, result: Any) -> None:
        if what in self._begun:  # else the study was read anew meanwhile
            self.found[what] = result
            self.say("")
            self._show()

    def _overview(self) -> Overview | None:
        workspace = self.workspace

        def read() -> Overview:
            workspace.flush()
            workspace.study.refresh()
            return overview(workspace.study, workspace.coder, workspace.hidden())

        found: Overview | None = self.need("data", read, "reading the study…")
        return found

    def _source(self) -> DiagramSource | None:
        workspace = self.workspace

        def read() -> DiagramSource:
            from postil_tui.model.diagram.source import read_source

            workspace.flush()
            return read_source(workspace.root, workspace.coder)

        found: DiagramSource | None = self.need("source", read, "gathering the evidence…")
        return found

    # --- painting ----------------------------------------------------------------------------------------------------

    def repaint(self) -> None:
        """Paint anew."""
        bar, ink = self.bar_ink, self.ink
        title = self.workspace.study.settings.title or self.workspace.root.name
        right = [(" coder ", bar.faint), (f"{self.workspace.coder} ", bar.strong)]
        self.query_one("#title", Bar).set(
            [(" Overview ", bar.accent), (f" {shown(title)}", bar.strong)], right, bar.plain
        )
        tabs: list[tuple[str, Style]] = [(" ", ink.plain)]
        for name in VIEWS:
            here = name == self.view_name
            style = ink.style(ink.paper.accent, bold=True, underline=True) if here else ink.quiet
            tabs += [(f" {name} ", style), (" ", ink.plain)]
        self.query_one("#tabs", Bar).set(tabs, (), ink.plain)
        self._show()
        self.show_status()

    def _show(self) -> None:
        if not self.is_mounted:
            return
        makers: dict[str, Callable[[], Iterable[Line]]] = {
            "saturation": self._curves,
            "together": self._together,
            "agreement": self._agreement,
            "model": self._model,
        }
        self._lines = [[], *makers.get(self.view_name, self._counts)()]
        self.rows.show(len(self._lines), lambda row, chosen, width: self._lines[row], self.ink.plain)

    def _counts(self) -> list[Line]:
        from postil_tui.overview import views

        data = self._overview()
        if data is None:
            return []
        if self.view_name == "codes":
            return views.heat_lines(data, self.workspace.codebook, self.ink, self.size.width)
        if self.view_name == "progress":
            return views.progress_lines(data, self.ink, self.size.width, self._last_places())
        return views.saturation_lines(data, self.ink)

    def _last_places(self) -> dict[str, str]:
        """Where this coder stopped in each transcript."""
        workspace = self.workspace
        offsets = workspace.remembered.places
        places = {id_: offsets.get(f"{workspace.coder}/{id_}") for id_ in workspace.study.transcripts}
        turns = {id_: workspace.transcript(id_).turn_at(at) for id_, at in places.items() if at is not None}
        return {id_: f"turn {turn.index + 1} of {len(workspace.transcript(id_).turns)}" for id_, turn in turns.items()
                if turn is not None}  # fmt: skip

    def _curves(self) -> list[Line]:
        from postil_tui.overview.curves import curve_lines, curves

        source = self._source()
        if source is None:
            return []
        found = self.need("curves", lambda: curves(source.model(source.params)), "counting what was new…")
        return [*curve_lines(found, self.ink, self.size.width), *self._blind()] if found is not None else []

    def _together(self) -> list[Line]:
        from postil_tui.overview.together import MODES, together_lines

        source = self._source()
        if source is None:
            return []

        def work() -> Cooccurrence:
            from postil_model.counts.cooccurrence import cooccurrence

            codes = [*source.study.codebook.codes]
            return cooccurrence(source.evidence.rows, mode, codes, source.evidence.transcripts)

        mode = MODES[self.meeting]
        found = self.need(f"together {mode}", work, "looking which codes meet…")
        return [*together_lines(found, self.ink, self.size.width), *self._blind()] if found is not None else []

    def _agreement(self) -> list[Line]:
        from postil_tui.overview.agreement import agreement_lines, agreement_of, agreement_rows

        if self.workspace.hidden():
            rounds = ", ".join(sorted(set(self.workspace.hidden().values())))
            return [[(f"  round {rounds} is blind: agreement is shown when it is revealed", self.ink.quiet)]]
        found = self.need("agreement", lambda: agreement_of(self.workspace.study), "comparing the coders…")
        return agreement_lines(*agreement_rows(found), self.ink) if found is not None else []

    def _model(self) -> list[Line]:
        from postil_tui.overview.model import model_lines

        source = self._source()
        if source is None:
            return []
        found = self.need("model", lambda: source.model(source.params), "counting who says what…")
        return [*model_lines(found, self.ink), *self._blind()] if found is not None else []

    def _blind(self) -> list[Line]:
        source: DiagramSource | None = self.found.get("source")
        if source is None or not source.study.blind_rounds:
            return []
        rounds = ", ".join(source.study.blind_rounds)
        return [[], [(f"  round {rounds} is blind: what others code in it is left out", self.ink.quiet)]]

    # --- actions -----------------------------------------------------------------------------------------------------

    def _turn(self, by: int) -> None:
        self.view = (self.view + by) % len(VIEWS)
        self.rows.top = 0
        self.say("")
        self.repaint()

    def do_next_view(self) -> None:
        """Next view."""
        self._turn(1)

    def do_previous_view(self) -> None:
        """View before."""
        self._turn(-1)

    @on(Bar.Pressed, "#tabs")
    def _tab_pressed(self, event: Bar.Pressed) -> None:
        """A click on a view shows it."""
        name = event.words(event.number)
        if name in VIEWS:
            self._turn(VIEWS.index(name) - self.view)

    def do_walk(self) -> None:
        """Walk through the decision model, where the quotes are behind every box and arrow."""
        self.app.go("model")

    def do_other_way(self) -> None:
        """Another way in which codes meet."""
        from postil_tui.overview.together import MODES

        if self.view_name == "together":
            self.meeting = (self.meeting + 1) % len(MODES)
            self.rows.top = 0
            self._show()
        else:
            self.say("there is one way to look at this; together has three", "warn")

    def do_write_view(self) -> None:
        """Write the view as text, its numbers as CSV, and its picture where there is one."""
        from postil_tui.overview.files import files_of, write_files
        from postil_tui.overview.views import as_text

        name, found, root = self.view_name, dict(self.found), self.workspace.root
        codes = [*self.workspace.codebook.codes]
        text, meeting = as_text(self._lines), self.meeting

        def write() -> list[str]:
            files = {f"overview-{name.replace(' ', '-')}.txt": text.encode("utf-8")}
            return write_files(root, {**files, **files_of(name, found, codes, meeting)})

        self.later(write, lambda paths: self.say(f"written: {', '.join(paths)}", "good"), "writing…")
