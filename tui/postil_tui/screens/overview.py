"""The study as a whole: progress, codes by transcript, agreement, new codes. Each view can be written to a file."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult

from postil_tui.overview.values import Overview, overview
from postil_tui.screens.base import PostilScreen
from postil_tui.text.cells import shown
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.rows import Line, Rows
from postil_tui.workspace import Workspace

_VIEWS = ("progress", "codes", "new codes", "agreement")


class OverviewScreen(PostilScreen):
    """One view at a time."""

    CONTEXT = "overview"
    AUTO_FOCUS = "Rows"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.view = 0
        self.data: Overview | None = None
        self.agreement: tuple[str, list[tuple[str, str, str, str]]] | None = None
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

    def on_screen_resume(self) -> None:
        """Read anew."""
        self.agreement = None
        self.repaint()
        self.later(self._read, self._read_done, "reading the study…")

    def _read(self) -> Overview:
        self.workspace.flush()
        self.workspace.study.refresh()
        return overview(self.workspace.study, self.workspace.coder, self.workspace.hidden())

    def _read_done(self, data: Overview) -> None:
        self.data = data
        self.say("")
        self._show()

    def repaint(self) -> None:
        """Paint anew."""
        bar, ink = self.bar_ink, self.ink
        title = self.workspace.study.settings.title or self.workspace.root.name
        right = [(" coder ", bar.faint), (f"{self.workspace.coder} ", bar.strong)]
        self.query_one("#title", Bar).set(
            [(" Overview ", bar.accent), (f" {shown(title)}", bar.strong)], right, bar.plain
        )
        tabs = [(" ", ink.plain)]
        for number, name in enumerate(_VIEWS):
            here = number == self.view
            tabs += [
                (f" {name} ", ink.style(ink.paper.accent, bold=True, underline=True) if here else ink.quiet),
                ("  ", ink.plain),
            ]
        self.query_one("#tabs", Bar).set(tabs, (), ink.plain)
        self._show()
        self.show_status()

    def _show(self) -> None:
        from postil_tui.overview import views

        if self.data is None:
            return
        makers: dict[str, Callable[[Overview], list[Line]]] = {
            "progress": lambda data: views.progress_lines(data, self.ink),
            "codes": lambda data: views.heat_lines(data, self.workspace.codebook, self.ink),
            "new codes": lambda data: views.saturation_lines(data, self.ink),
            "agreement": lambda data: self._agreement_lines(),
        }
        self._lines = [[], *makers[_VIEWS[self.view]](self.data)]
        self.rows.show(len(self._lines), lambda row, chosen, width: self._lines[row], self.ink.plain)

    def _agreement_lines(self) -> list[Line]:
        from postil_tui.overview.agreement import agreement_lines, agreement_rows

        if self.workspace.hidden():
            rounds = ", ".join(sorted(set(self.workspace.hidden().values())))
            return [[(f"  round {rounds} is blind: agreement is shown when it is revealed", self.ink.quiet)]]
        if self.agreement is None:
            self.later(lambda: agreement_rows(self.workspace.study), self._agreement_done, "comparing the coders…")
            return []
        return agreement_lines(*self.agreement, self.ink)

    def _agreement_done(self, found: tuple[str, list[tuple[str, str, str, str]]]) -> None:
        self.agreement = found
        self.say("")
        self._show()

    # --- actions -----------------------------------------------------------------------------------------------------

    def _turn(self, by: int) -> None:
        self.view = (self.view + by) % len(_VIEWS)
        self.rows.top = 0
        self.repaint()

    def do_next_view(self) -> None:
        """Next view."""
        self._turn(1)

    def do_previous_view(self) -> None:
        """View before."""
        self._turn(-1)

    def do_down(self) -> None:
        """Scroll."""
        self.rows.move(1)

    def do_up(self) -> None:
        """Scroll."""
        self.rows.move(-1)

    def do_page_down(self) -> None:
        """Scroll a page."""
        self.rows.move(self.rows.room)

    def do_page_up(self) -> None:
        """Scroll a page."""
        self.rows.move(-self.rows.room)

    def do_write_view(self) -> None:
        """Write the view to a file."""
        from postil_base.atomic import write_text
        from postil_tui.overview.views import as_text

        name = _VIEWS[self.view].replace(" ", "-")
        path = f"exports/overview-{name}.txt"
        (self.workspace.root / "exports").mkdir(exist_ok=True)
        write_text(self.workspace.root / path, as_text(self._lines), root=self.workspace.root)
        self.say(f"written: {path}", "good")
