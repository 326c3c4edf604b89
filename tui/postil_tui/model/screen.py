"""The decision model: drawn with boxes and arrows, walked with the arrow keys; enter opens the quotes behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from postil_base.plural import counted
from postil_model.decision.figure import figure_of
from postil_model.decision.model import Model, Params
from postil_model.decision.undeclared import drawn_figure
from postil_model.drawing.figure import Figure
from postil_tui.code.session.prompts import Choice, Choose
from postil_tui.model.diagram.about import KIND_WORDS, about, title
from postil_tui.model.diagram.drawing import DiagramDrawing, draw
from postil_tui.model.diagram.evidence import EvidenceEntry, entries, previews, short_previews, work_list
from postil_tui.model.diagram.source import KINDS, DiagramSource, read_source
from postil_tui.model.diagram.walk import Focus, first, next_box, onto, step
from postil_tui.model.diagram.wires import Side
from postil_tui.shell.screens.base import PostilScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.text.cells import shown
from postil_tui.text.pieces import Piece
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.diagram_view import DiagramView
from postil_tui.widgets.memo_pane import MemoPane
from postil_tui.widgets.rows import Line, Rows

PANEL = 36  # columns that what is said beside the drawing needs at least
FORMATS = {"s": "svg", "p": "png", "d": "pdf"}


class ModelScreen(PostilScreen):
    """The drawing, what is said of where one stands, and the keys that filter and export."""

    CONTEXT = "model"
    AUTO_FOCUS = "DiagramView"
    DEFAULT_CSS = """
    ModelScreen Container { height: 1fr; width: 1fr; layout: vertical; }
    ModelScreen Container.-beside { layout: horizontal; }
    ModelScreen #about { background: $panel; width: 1fr; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.source: DiagramSource | None = None
        self.model: Model | None = None
        self.params: Params | None = None  # None until the study has been read: then as study.yaml has them
        self.columns: bool | None = None  # how the stages stand: None as the width allows
        self._figure: Figure | None = None
        self._about: list[list[Piece]] = []

    def compose(self) -> ComposeResult:
        """Title, drawing, what is said of it, status."""
        yield Bar("title")
        yield Container(DiagramView("diagram"), Rows("about", fixed=True))
        yield MemoPane()
        yield Bar("status")

    @property
    def view(self) -> DiagramView:
        """The drawing."""
        return self.query_one(DiagramView)

    @property
    def at(self) -> Focus | None:
        """Where one stands."""
        return self.view.at

    def coder_changed(self) -> None:
        """The evidence is gathered anew."""
        self.source = self.model = self._figure = None
        self._about = []
        if self.is_running:
            self.view.drawing = None
            self.view.refresh()
            self._tell()

    # --- reading -----------------------------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        """Gather the evidence anew: something was coded meanwhile."""
        self.show_title()
        root, coder = self.workspace.root, self.workspace.coder

        def read() -> DiagramSource:
            self.workspace.flush()
            return read_source(root, coder)

        self.later(read, self._read, "gathering the evidence…", reads=True)

    def _read(self, source: DiagramSource) -> None:
        self.source = source
        self.say("")
        self._under(self.params or source.params)

    def _under(self, params: Params) -> None:
        """The model under other filters; where one stands stays, if it is still drawn."""
        assert self.source is not None
        self.params = params
        self.model = self.source.model(params)
        self._figure = figure_of(self.model, self.source.findings, "none")
        self._draw()

    def _draw(self) -> None:
        if self.model is None or self._figure is None:
            return
        drawing = self._fitting(self._figure)
        tones = {node.id: node.tone for node in self._figure.nodes} | {e.id: e.tone for e in self._figure.edges}
        self.view.show(drawing, tones, self.ink, self._standing(drawing))
        self.show_title()
        self._tell()

    def _fitting(self, figure: Figure) -> DiagramDrawing:
        """The drawing; what is said of it stands at the right where that leaves room, else below."""
        width = self.size.width
        drawing = draw(figure, width, self.columns)
        beside = not drawing.columns and width - drawing.width >= PANEL
        self.query_one(Container).set_class(beside, "-beside")
        panel = self.query_one("#about", Rows)
        view = self.view
        view.styles.width = drawing.width + 2 if beside else "1fr"
        panel.styles.height = "1fr" if beside else self._below()
        return drawing

    def _below(self) -> int:
        """Lines below the drawing for what is said of where one stands."""
        return 4 if self.size.height < 30 else 6

    def _standing(self, drawing: DiagramDrawing) -> Focus | None:
        return (onto(drawing, self.at.at) if self.at else None) or first(drawing)

    # --- painting ----------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Draw for the new width."""
        self._draw()

    def repaint(self) -> None:
        """Paint anew, in the colours of the theme."""
        self._draw()
        self.show_title()
        self.show_status()

    def show_title(self) -> None:
        """What is counted, and under which filters."""
        ink = self.bar_ink
        left = [(" Decision model ", ink.accent)]
        right = [(" coder ", ink.faint), (f"{self.workspace.coder} ", ink.strong)]
        if self.source and self.model and self.params:
            left.append((f" {counted(self.model.n, 'participant')}", ink.strong))
            left.append(
                (f" · {KIND_WORDS[self.params.evidence]} · edges from {self.params.min_participants}", ink.quiet)
            )
            below = [edge for edge in self.model.below_threshold if edge.declared is None]
            left.append((f" · {len(below)} hidden" if below else "", ink.faint))
            if self.source.study.blind_rounds:
                right.insert(
                    0, (f"blind round {', '.join(self.source.study.blind_rounds)}: without the others ", ink.faint)
                )
        self.query_one("#title", Bar).set(left, right, ink.plain)

    def _tell(self) -> None:
        """Say what is known of where one stands."""
        panel = self.query_one("#about", Rows)
        beside = self.query_one(Container).has_class("-beside")
        width = (self.size.width - self.view.drawing.width - 6) if beside and self.view.drawing else self.size.width - 4
        width = max(width, 20)
        if self.model and self.source and self.at:
            self._about = about(self.model, self.at.at, self.source.findings, width)
            rows = self.source.rows(self.model, self.at.at)
            if beside:
                self._about += previews(self.model, rows, width)
            else:
                self._about += short_previews(self.model, rows, width, self._below() - len(self._about))
        ink = self.ink.on_bar()
        paper = ink.paper
        styles = {
            "title": ink.strong,
            "count": ink.accent,
            "quiet": ink.quiet,
            "faint": ink.faint,
            "note": ink.style(paper.good),
        }
        lines = [self._padded(line, styles, ink.plain) for line in self._about]
        lines = [[], *lines] if beside else lines
        nothing: Line = [("  nothing to draw: the study declares no process and nothing is coded yet", ink.quiet)]
        panel.top = 0
        panel.show(len(lines), lambda row, chosen, width: lines[row], ink.plain, (), nothing)

    @staticmethod
    def _padded(line: list[Piece], styles: dict[str, Style], plain: Style) -> Line:
        return [("  ", plain), *((shown(text), styles.get(role, plain)) for text, role in line)]

    def status_idle(self) -> list[tuple[str, Style]]:
        """What the signs mean."""
        ink = self.bar_ink
        signs = " k/n people · ✱ not declared"
        return [(f"{signs} · ┈ nobody says it · ▷ influences" if self.size.width >= 110 else signs, ink.quiet)]

    # --- walking -----------------------------------------------------------------------------------------------------

    def _walk(self, way: Side) -> None:
        drawing = self.view.drawing
        if drawing and self.at:
            self._stand(step(drawing, self.at, way))

    def _stand(self, at: Focus | None) -> None:
        self.view.stand(at)
        if self.said:
            self.say("")
        self._tell()

    def do_walk_left(self) -> None:
        """Left."""
        self._walk("left")

    def do_walk_right(self) -> None:
        """Right."""
        self._walk("right")

    def do_walk_up(self) -> None:
        """Up."""
        self._walk("top")

    def do_walk_down(self) -> None:
        """Down."""
        self._walk("bottom")

    def _next(self, by: int) -> None:
        if self.view.drawing and self.at:
            self._stand(next_box(self.view.drawing, self.at, by))

    def do_next_node(self) -> None:
        """The next box."""
        self._next(1)

    def do_previous_node(self) -> None:
        """The box before."""
        self._next(-1)

    def do_page_down(self) -> None:
        """Scroll down."""
        self.view.scroll_rows(max(self.view.size.height - 2, 1))

    def do_page_up(self) -> None:
        """Scroll up."""
        self.view.scroll_rows(-max(self.view.size.height - 2, 1))

    @on(DiagramView.Clicked)
    def _clicked(self, event: DiagramView.Clicked) -> None:
        if self.view.drawing:
            self._stand(onto(self.view.drawing, event.name))
            if event.again:
                self.do_open_quotes()

    # --- quotes ------------------------------------------------------------------------------------------------------

    def do_open_quotes(self) -> None:
        """The quotes behind where one stands."""
        if not (self.source and self.model and self.at):
            return
        model, name = self.model, self.at.at
        rows = self.source.rows(model, name)
        if not rows:
            self.say(f"nobody says so: there is no quote behind {title(model, name)}", "warn")
            return
        support = model.nodes[name].support if name in model.nodes else model.support(model.edges[name])
        self._open(f"{title(model, name)}   {support}", entries(model, rows))

    def do_work_list(self) -> None:
        """Pairs that nobody has related yet."""
        if self.model:
            self._open("Work list: what nobody has related yet", work_list(self.model), "places")

    def _open(self, heading: str, found: list[EvidenceEntry], what: str = "quotes") -> None:
        from postil_tui.model.evidence_screen import EvidenceScreen

        if found:
            self.app.push_screen(EvidenceScreen(self.workspace, heading, found, what))
        else:
            self.say("nothing is left to look at here", "good")

    def do_memo_model(self) -> None:
        """Write the memo on the box or the arrow."""
        if self.model and self.at:
            kind = "node" if self.at.at in self.model.nodes else "edge"
            self.write_memo(f"{kind}:{self.at.at}")

    # --- filters -----------------------------------------------------------------------------------------------------

    def _change(self, said: str, **changes: object) -> None:
        if self.params is not None and self.source is not None:
            self._under(replace(self.params, **changes))  # type: ignore[arg-type]
            self.say(said)

    def _threshold(self, by: int) -> None:
        if self.params is None or self.model is None:
            return
        wanted = max(min(self.params.min_participants + by, max(self.model.n, 1)), 1)
        self._change("", min_participants=wanted)
        hidden = len([edge for edge in self.model.below_threshold if edge.declared is None])
        self.say(
            f"edges from {counted(wanted, 'participant')} on; {hidden} not declared are hidden, declared ones stay grey"
        )

    def do_threshold_up(self) -> None:
        """Only what more participants say."""
        self._threshold(1)

    def do_threshold_down(self) -> None:
        """What fewer participants say, too."""
        self._threshold(-1)

    def do_kind(self) -> None:
        """Another kind of evidence; kinds are never added up."""
        if self.params is not None:
            kind = KINDS[(KINDS.index(self.params.evidence) + 1) % len(KINDS)]
            self._change(f"counted: {KIND_WORDS[kind]}", evidence=kind)

    def do_people(self) -> None:
        """Count only some participants."""
        if self.source is None or self.params is None:
            return
        from postil_tui.shell.screens.people import PeopleScreen

        people = self.source.evidence.participants
        chosen = self.params.participants or people
        attributes = {name: dict(person.attributes) for name, person in self.source.study.settings.participants.items()}
        self.app.push_screen(PeopleScreen(people, chosen, attributes, self.ink), self._chosen)

    def _chosen(self, people: tuple[str, ...] | None) -> None:
        if people is None or self.source is None:
            return
        everybody = set(people) == set(self.source.evidence.participants)
        self._change("", participants=() if everybody else people)
        self.say("all participants count" if everybody else f"only {', '.join(people)} count")

    def do_arrangement(self) -> None:
        """Stages side by side, or below each other."""
        if self.view.drawing:
            self.columns = not self.view.drawing.columns
            self._draw()

    # --- export ------------------------------------------------------------------------------------------------------

    def do_export_model(self) -> None:
        """Write the figure, or its evidence, into exports/."""
        if self.model is None:
            return
        choices = [Choice(key, kind.upper(), self._writer(kind)) for key, kind in FORMATS.items()]
        choices.append(Choice("e", "evidence as CSV", self._write_evidence))
        self.ask(Choose("write the model as", choices))

    def _writer(self, kind: str) -> Callable[[], None]:
        return lambda: self._write(f"decision-model.{kind}", lambda: self._picture(kind))

    def _picture(self, kind: str) -> bytes:
        from postil_model.drawing.pictures import draw as draw_picture

        assert self.model is not None and self.source is not None
        return draw_picture(drawn_figure(self.model, self.source.findings, "ids"), [kind])[kind]

    def _write_evidence(self) -> None:
        def table() -> bytes:
            from postil_formats.tables.files import csv_file
            from postil_model.evidence.table import evidence_table

            assert self.model is not None
            return csv_file(evidence_table(self.model))

        self._write("evidence.csv", table)

    def _write(self, name: str, content: Callable[[], bytes]) -> None:
        path = self.workspace.root / "exports" / name

        def write() -> Path:
            from postil_study.files.outputs import write_output

            write_output(path, content(), self.workspace.root)
            return path

        self.later(write, lambda path: self.say(f"written: exports/{path.name}", "good"), f"drawing {name}…")
