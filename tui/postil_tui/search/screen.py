"""Search over the study: a query, what it finds in context, and from there into the text, or codes on all of it."""

from __future__ import annotations

from rich.style import Style
from textual import on
from textual.app import ComposeResult

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_model.search.query import QueryError, parse
from postil_tui.code.session.line_edit import LineEdit
from postil_tui.code.session.pick import Pick
from postil_tui.search.coding import SearchCoding
from postil_tui.search.found import Found, find
from postil_tui.search.ideas import Idea, ideas
from postil_tui.search.keeping import SearchKeeping
from postil_tui.search.painting import passage_lines, passage_row, shade
from postil_tui.search.query_line import QueryLine
from postil_tui.shell.screens.list_screen import ListScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.picker import WIDTH, Picker
from postil_tui.widgets.rows import Line, Rows
from postil_tui.widgets.split import Split

_HINT = 'a code · "words" · /regex/ · AND OR NOT NEAR/2turns · coder: mode: memo: role: participant:'


class SearchScreen(ListScreen):
    """A query line above, passages in the middle, the highlighted one in its place below or beside."""

    CONTEXT = "search"
    AUTO_FOCUS = "#view"
    DEFAULT_CSS = """
    SearchScreen { layers: base over; }
    SearchScreen #passage { background: $panel; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.found: Found | None = None
        self.ideas: list[Idea] = []
        self.history: list[str] = []
        self.query_text = ""
        self.error = ""
        self._asked = 0
        self._wanted = ""
        self.coding = SearchCoding(self)
        self.keeping = SearchKeeping(self)

    def compose(self) -> ComposeResult:
        """Title, query, what came of it, passages, status."""
        yield Bar("title")
        yield Bar("query")
        yield Bar("message")
        yield Split(Rows("view"), Rows("passage", fixed=True))
        yield Bar("status")
        yield Picker(self.ink)

    def parts(self) -> list[object]:
        """Coding what was found; keeping queries and passages."""
        return [self.coding, self.keeping]

    def open_picker(self) -> Picker | None:
        """The code picker."""
        return self.query_one(Picker)

    @property
    def rows(self) -> Rows:
        """The list of passages, or of ideas what to ask."""
        return self.query_one("#view", Rows)

    @property
    def here(self) -> int | None:
        """The number of the highlighted passage."""
        return self.rows.index if self.found is not None and self.rows.index < len(self.found.hits) else None

    def request(self, transcript_id: str, offset: int | None = None) -> None:
        """Ask a query (given in place of a transcript), now or as soon as the screen is there."""
        self._wanted = transcript_id
        if self.is_running and self.app.screen is self:
            self.on_screen_resume()

    def on_screen_resume(self) -> None:
        """Begin with the query line; coming back, everything is as it was left."""
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.prompt = None
            self.search_for(wanted)
        elif self.found is None and self.prompt is None:
            self.show_ideas()
            self.do_edit_query()
        self.repaint()

    def coder_changed(self) -> None:
        """What was asked and found goes."""
        self.found = None
        self.ideas = []
        self.query_text = self.error = ""
        self.history.clear()
        self._asked += 1  # an answer that is on its way is not for these eyes
        if self.is_running:
            self.repaint()

    def on_resize(self) -> None:
        """Paint for the new width."""
        self.call_after_refresh(self.repaint)

    # --- asking --------------------------------------------------------------------------------------------------

    def do_edit_query(self) -> None:
        """Type a query."""
        line = LineEdit()
        line.set(self.query_text)
        people = self.workspace.study.settings.participants.values()
        names = dict.fromkeys(name for person in people for name in person.attributes)
        self.ask(
            QueryLine(
                self.workspace.codebook,
                self.search_for,
                self.repaint,
                self._typed,
                list(names),
                self.history,
                line,
            )
        )
        self.repaint()

    def do_quotes(self) -> None:
        """Choose a code, and see its quotes."""
        book = self.workspace.codebook
        pick = Pick("quotes of", book, self.request, counts=self.workspace.counts(), among=list(book.codes))
        self.query_one(Picker).open(pick, self.ink, max((self.size.width - WIDTH) // 2, 0), 3, {})
        self.ask(pick)

    def _typed(self, text: str) -> None:
        self.error = ""
        self.query_text = text
        self.repaint_head()

    def search_for(self, query: str) -> None:
        """Ask; what is wrong with the query is said below it, and the line stays open."""
        self.query_text = query
        self.error = ""
        if not query:
            self.show_ideas()
            return
        try:
            parse(query)
        except QueryError as error:
            self.failed(str(error))
            return
        if query not in self.history[-1:]:
            self.history.append(query)
        self._asked += 1
        asked, workspace = self._asked, self.workspace
        workspace.flush()
        if any(path.endswith(".yaml") for path in workspace.study.refresh()):
            workspace.reopen()
        self.later(lambda: _answer(workspace, query), lambda answer: self._answered(asked, answer), "searching…")

    def _answered(self, asked: int, answer: Found | str) -> None:
        if asked != self._asked:
            return
        self.say("")
        if isinstance(answer, str):
            self.failed(answer)
            return
        self.found = answer
        self.rows.index = self.rows.top = 0
        self.repaint()

    def failed(self, message: str) -> None:
        """Say what is wrong with the query, and let the person mend it."""
        self.error = message
        self.do_edit_query()

    def show_ideas(self) -> None:
        """The study's named queries, and examples."""
        from postil_model.search.named import read_queries

        self.found = None
        saved, problems = read_queries(self.workspace.root)
        self.ideas = ideas(saved, self.workspace.codebook, self.workspace.counts(), self.workspace.coder)
        self.rows.index = self.rows.top = 0
        self.error = str(problems[0]) if problems else ""
        self.repaint()

    # --- painting ------------------------------------------------------------------------------------------------

    def repaint(self) -> None:
        """Paint anew."""
        if not self.is_mounted:
            return
        self.repaint_head()
        ink = self.ink
        if self.found is None:
            head: Line = [("   queries to begin with · o comes back here", ink.faint)]
            self.rows.show(len(self.ideas), self._idea_row, ink.plain, head)
        else:
            empty: Line = [(f"   0 passages for {shown(self.found.query)} · / changes the query", ink.quiet)]
            self.rows.show(len(self.found.hits), self._passage_row, ink.plain, empty=empty)
        self.query_one("#passage").display = self.found is not None
        self._show_passage()
        self.show_status()

    def show_status(self) -> None:
        """Paint the status line, and the query being typed."""
        super().show_status()
        if self.is_mounted:
            self.repaint_head()

    def repaint_head(self) -> None:
        """Title, query and what came of it."""
        bar, workspace = self.bar_ink, self.workspace
        title = workspace.study.settings.title or workspace.root.name
        right = [(" coder ", bar.faint), (f"{shown(workspace.coder) or '?'} ", bar.strong)]
        left = [(" Search ", bar.accent), (f" {shown(title)}", bar.strong)]
        self.query_one("#title", Bar).set(left, right, bar.plain)
        raised = self.ink.on_raised()
        self.query_one("#query", Bar).set(self._query_pieces(raised), (), raised.plain)
        self.query_one("#message", Bar).set(self._message(), (), self.ink.plain)

    def _query_pieces(self, ink: StyleSheet) -> list[tuple[str, Style]]:
        if not isinstance(self.prompt, QueryLine):
            text = self.query_text
            return [(" › ", ink.faint), (shown(text), ink.strong)] if text else [(" / asks", ink.faint)]
        line = self.prompt.line
        text = shown(line.text) + " "
        cursor = ink.style(ink.paper.ink, reverse=True)
        room = max(self.size.width - 6, 10)
        first = max(line.at - room, 0)
        pieces = [(" › ", ink.accent), (text[first : line.at], ink.strong), (text[line.at], cursor)]
        rest = (text[line.at + 1 :], ink.strong) if line.text else (_HINT, ink.faint)
        return [*pieces, rest]

    def _message(self) -> list[tuple[str, Style]]:
        ink = self.ink
        if self.error:
            return [(f"   {shown(self.error)}", ink.style(ink.paper.bad))]
        if isinstance(self.prompt, QueryLine):
            return self._candidates(self.prompt)
        found = self.found
        if found is None:
            return []
        pieces = [(f"   {counted(len(found.hits), 'passage')} in {counted(found.places, 'transcript')}", ink.quiet)]
        if found.marked:
            pieces.append((f" · {len(found.marked)} marked", ink.accent))
        if found.rounds:
            pieces.append((f" · blind round {', '.join(found.rounds)}: your own layers only", ink.faint))
        return pieces

    def _candidates(self, prompt: QueryLine) -> list[tuple[str, Style]]:
        ink = self.ink
        names = prompt.candidates()[:8]
        if not names:
            return [("   ⏎ asks   ⇥ completes   ↑ earlier queries   ↓ or esc into the list", ink.faint)]
        pieces = [("   ⇥ ", ink.accent)]
        for number, name in enumerate(names):
            known = name in self.workspace.codebook.codes
            pieces.append((f"{shown(name)}  ", ink.code(name, number == 0) if known else ink.quiet))
        return pieces

    def _idea_row(self, row: int, chosen: bool, width: int) -> Line:
        ink, idea = self.ink, self.ideas[row]
        style, paper = shade(ink, chosen), ink.paper
        named = min(max((cells(shown(one.name)) for one in self.ideas), default=0), 24)
        name = fitted(shown(idea.name), named) + "  " if named else ""
        note = f"  {idea.note}" if width >= 90 else ""
        head = [("▌ " if chosen else "  ", style(paper.accent)), (name, style(paper.good, bold=True))]
        room = max(width - 3 - cells(name) - cells(note), 10)
        return [*head, (fitted(shown(idea.query), room), style()), (note + " ", style(paper.faint))]

    def _passage_row(self, row: int, chosen: bool, width: int) -> Line:
        assert self.found is not None
        return passage_row(self.found, row, chosen, width, self.ink)

    def _show_passage(self) -> None:
        rows, here = self.query_one("#passage", Rows), self.here
        panel = self.bar_ink
        lines: list[Line] = []
        at = 0
        if self.found is not None and here is not None:
            lines, at = passage_lines(self.found, here, rows.size.width, panel)
        rows.show(len(lines), lambda row, chosen, width: lines[row], panel.plain)
        rows.top = max(min(at - rows.size.height // 2, len(lines) - rows.size.height), 0)

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._show_passage()

    # --- going about ---------------------------------------------------------------------------------------------

    def do_next_transcript(self) -> None:
        """The first passage of the next transcript."""
        if self.found is not None and self.here is not None:
            self.rows.go(self.found.next_transcript(self.here, 1))

    def do_previous_transcript(self) -> None:
        """The first passage of the transcript before."""
        if self.found is not None and self.here is not None:
            self.rows.go(self.found.next_transcript(self.here, -1))

    def do_passage_down(self) -> None:
        """Scroll the passage."""
        self.query_one("#passage", Rows).move(3)

    def do_passage_up(self) -> None:
        """Scroll the passage back."""
        self.query_one("#passage", Rows).move(-3)

    @on(Rows.Opened)
    def do_jump_to(self) -> None:
        """Go to the place; an idea is asked."""
        if self.found is None and self.rows.index < len(self.ideas):
            self.prompt = None
            self.search_for(self.ideas[self.rows.index].query)
        elif self.found is not None and self.here is not None:
            hit = self.found.hits[self.here]
            self.app.open_transcript(hit.transcript, hit.start)

    def do_back(self) -> None:
        """Unmark what is marked; without marks back to the query."""
        if self.found is not None and self.found.marked:
            self.found.marked.clear()
            self.repaint()
        else:
            self.do_edit_query()


def _answer(workspace: Workspace, query: str) -> Found | str:
    try:
        return find(workspace.study, workspace.coder, query)
    except QueryError as error:
        return str(error)
    except PostilError as error:
        return f"the study could not be searched: {error}"
