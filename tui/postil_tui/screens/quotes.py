"""Quotes: what a code, words or a query find in the study, with the question each answers; enter goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from postil_tui.coding.line_edit import LineEdit
from postil_tui.coding.pick import ROWS, Pick
from postil_tui.coding.prompts import Ask, Choice, Choose
from postil_tui.screens.base import PostilScreen
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.text.fold import folded
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.picker import Picker
from postil_tui.widgets.rows import Line, Rows
from postil_tui.workspace import Workspace

if TYPE_CHECKING:
    from postil_model.search.output import Kind
    from postil_model.search.passages import Passage

_CONTEXT = 240  # characters on either side of a quote in the card


class QuotesScreen(PostilScreen):
    """The answers to one query."""

    CONTEXT = "quotes"
    AUTO_FOCUS = "#quotes"
    DEFAULT_CSS = """
    QuotesScreen { layers: base over; }
    QuotesScreen Horizontal { height: 1fr; }
    QuotesScreen #quotes { width: 3fr; }
    QuotesScreen #quote { width: 2fr; background: $panel; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.query_text = ""
        self.passages: list[Passage] = []
        self.marked: set[int] = set()

    def compose(self) -> ComposeResult:
        """Title, list and card, status."""
        yield Bar("title")
        yield Horizontal(Rows("quotes"), Rows("quote", fixed=True))
        yield Bar("status")
        yield Picker(self.ink)

    def open_picker(self) -> Picker | None:
        """The picker."""
        return self.query_one(Picker)

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.query_one("#quotes", Rows)

    def request(self, transcript_id: str, offset: int | None = None) -> None:
        """Show the answers to a query (given in place of a transcript)."""
        self.query_text = transcript_id
        if self.is_running and self.desk.screen is self:
            self._search()

    def on_screen_resume(self) -> None:
        """Search anew: something was coded meanwhile."""
        self.repaint()
        if self.query_text:
            self._search()

    def on_resize(self) -> None:
        """The card gives way on a narrow screen."""
        self.query_one("#quote").display = self.size.width >= 100
        self.repaint()

    # --- searching ---------------------------------------------------------------------------------------------------

    def _search(self) -> None:
        query = self.query_text

        def find() -> list[Passage]:
            from postil_model.search.evaluate import search
            from postil_model.search.passages import corpus_of, passage
            from postil_transcripts.blind import hidden_layers

            self.workspace.flush()
            study, coder = self.workspace.study, self.workspace.coder
            corpus = corpus_of(study, hidden=hidden_layers(study.rounds.values(), coder))
            return [passage(hit, corpus, _CONTEXT) for hit in search(query, corpus)]

        self.later(find, self._found, "searching…")

    def _found(self, passages: list[Passage]) -> None:
        self.passages = passages
        self.marked.clear()
        self.rows.index = self.rows.top = 0
        people = len({person for one in passages for person in one.participants})
        self.say(f"{len(passages)} quotes of {people} participants" if passages else f"0 quotes for {self.query_text}")
        self.repaint()

    def repaint(self) -> None:
        """Paint anew."""
        bar, ink = self.bar_ink, self.ink
        known = self.query_text in self.workspace.codebook.codes
        style = bar.code(self.query_text, True) if known else bar.strong
        left = [(" Quotes ", bar.accent), (f" {shown(self.query_text) or 'of what?'}", style)]
        blind = [("blind round: only your own  ", bar.faint)] if self.workspace.blind() else []
        right = [*blind, (" coder ", bar.faint), (f"{self.workspace.coder} ", bar.strong)]
        self.query_one("#title", Bar).set(left, right, bar.plain)
        hint = 'c chooses a code · / asks: find-ptm AND popularity, "licence", evaluate NEAR/2turns goes-back-to'
        empty: Line = [("   " + ("no quotes" if self.query_text else hint), ink.quiet)]
        self.rows.show(len(self.passages), self._line, ink.plain, (), empty)
        self._show_card()
        self.show_status()

    def _line(self, row: int, chosen: bool, width: int) -> Line:
        ink, one = self.ink, self.passages[row]
        paper = ink.paper
        ground = paper.raised if chosen and ink.depth == "true" else paper.paper
        reverse = chosen and ink.depth != "true"

        def style(colour: str, bold: bool = False) -> Style:
            return ink.style(colour, ground, bold=bold, reverse=reverse)

        mark = "● " if row in self.marked else "▌ " if chosen else "  "
        place = fitted(f"{shown(one.transcript)}:{one.turn}", 9)
        who = fitted(shown(", ".join(one.participants) or one.speaker), 8)
        head = [(mark, style(paper.accent)), (place, style(paper.faint)), (" " + who + " ", style(paper.quiet))]
        room = max(width - sum(cells(text) for text, _ in head) - 1, 10)
        words = shown(" ".join(one.text.split()))
        return [*head, (fitted(words, room), style(paper.ink, chosen)), (" ", style(paper.ink))]

    def _show_card(self) -> None:
        lines = self._card()
        ground = self.ink.style(self.ink.paper.ink, self.ink.paper.panel)
        self.query_one("#quote", Rows).show(len(lines), lambda row, chosen, width: lines[row], ground)

    def _card(self) -> list[Line]:
        if self.rows.index >= len(self.passages):
            return []
        one, paper = self.passages[self.rows.index], self.ink.paper
        width = max(self.query_one("#quote").size.width - 4, 20)

        def style(colour: str, bold: bool = False) -> Style:
            return self.ink.style(colour, paper.panel, bold=bold)

        def part(text: str, look: Style) -> list[Line]:
            return [[("  " + line, look)] for line in folded(shown(" ".join(text.split())), width)] if text else []

        speaker = f"{one.speaker} · {one.transcript}, turn {one.turn}"
        lines: list[Line] = [[], [("  " + shown(speaker), style(paper.ink, True))], []]
        lines += part(one.asked, style(paper.quiet))
        lines += [[]] if one.asked else []
        lines += part("… " + one.before if one.before else "", style(paper.faint))
        lines += part(one.text, style(paper.ink, True))
        lines += part(one.after + " …" if one.after else "", style(paper.faint))
        lines.append([])
        lines += [[("  ■ ", style(self.ink.colour_of(code))), (shown(code), style(paper.ink))] for code in one.codes]
        lines += part("coded by " + ", ".join(one.coders) if one.coders else "", style(paper.quiet))
        return lines

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._show_card()

    # --- actions -----------------------------------------------------------------------------------------------------

    def do_down(self) -> None:
        """Down."""
        self.rows.move(1)

    def do_up(self) -> None:
        """Up."""
        self.rows.move(-1)

    @on(Rows.Opened)
    def do_jump_to(self) -> None:
        """Go to the place."""
        if self.rows.index < len(self.passages):
            one = self.passages[self.rows.index]
            self.desk.open_transcript(one.transcript, one.start)

    def do_choose(self) -> None:
        """Another code."""
        pick = Pick("quotes of", self.workspace.codebook, self.request, counts=self.workspace.counts())
        pick.among = list(self.workspace.codebook.codes)
        self.query_one(Picker).open(pick, self.ink, 4, 2, {})
        self.ask(pick)

    def do_search(self) -> None:
        """Ask a query."""
        line = LineEdit()
        line.set(self.query_text)
        self.ask(Ask("query:", self.request, line, note='a AND b · "words" · NEAR/2turns · coder:ana'))

    def do_mark(self) -> None:
        """Mark a quote, to code only those marked."""
        self.marked ^= {self.rows.index}
        self.rows.refresh()
        self.rows.move(1)

    def do_code_these(self) -> None:
        """Code the marked quotes, or all of them; one undo step for each transcript."""
        if not self.passages:
            return
        count = len(self.marked) or len(self.passages)
        pick = Pick(f"code {count} passages as", self.workspace.codebook, self._confirm)
        self.query_one(Picker).open(pick, self.ink, 4, max(self.size.height - ROWS - 8, 1), {})
        self.ask(pick)

    def _confirm(self, code: str) -> None:
        chosen = [self.passages[row] for row in sorted(self.marked or range(len(self.passages)))]
        question = f"put {code} on {len(chosen)} passages, as {self.workspace.coder}?"
        self.ask(Choose(question, [Choice("y", "yes", lambda: self._code(code, chosen), code)]))

    def _code(self, code: str, chosen: list[Passage]) -> None:
        made = 0
        for transcript_id in dict.fromkeys(one.transcript for one in chosen):
            session = self.workspace.session(transcript_id)
            spans = [(one.start, one.end) for one in chosen if one.transcript == transcript_id]
            made += session.code_all(code, spans)[0]
        self.workspace.slots.use(code)
        self.say(f"● {code} put on {made} passages; in each transcript one undo takes it back", "good")

    def do_copy_quote(self) -> None:
        """Copy the quote with its source."""
        if self.rows.index < len(self.passages):
            one = self.passages[self.rows.index]
            self.desk.copy(f"“{one.text}” ({one.speaker}, {one.transcript}, turn {one.turn})")
            self.say("copied (sent to the terminal, OSC 52); if paste is empty, w writes a file")

    def do_export(self) -> None:
        """Write the list to a file."""
        choices = [Choice("m", "Markdown", lambda: self._write("md")), Choice("c", "CSV", lambda: self._write("csv"))]
        self.ask(Choose("write as", choices))

    def _write(self, kind: Kind) -> None:
        from postil_model.consent import not_quoted
        from postil_model.search.output import write_passages

        withheld = not_quoted(self.workspace.study)
        path = write_passages(self.workspace.root, self.passages, self.query_text, kind, withheld=withheld)
        self.say(f"written: {path}", "good")

    def do_save_query(self) -> None:
        """Keep the query under a name."""
        from postil_model.search.named import save_query

        def save(name: str) -> None:
            save_query(self.workspace.root, name.strip(), self.query_text)
            self.say(f"kept as {name.strip()}: postil search @{name.strip()}", "good")

        if self.query_text:
            self.ask(Ask("keep this query as:", save))
