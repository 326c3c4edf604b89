"""The guide: which passage answers which question; proposed by the words, confirmed by a person."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen

from postil_base.plural import counted
from postil_model.decision.guide_status import asked
from postil_study.files.guide_marks import is_open
from postil_study.rounds.blind import hidden_layers
from postil_study.text.values import GuideQuestion, Layer, Turn
from postil_tui.guide.painting import SIGNS, answer_lines, overview_header, overview_row, topic_lines, turn_row
from postil_tui.guide.state import GuideState
from postil_tui.shell.screens.list_screen import ListScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.text.cells import shown
from postil_tui.themes.painting import prose
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.rows import Line, Rows
from postil_tui.widgets.split import Split


class GuideScreen(ListScreen):
    """The interviewer's turns of one transcript, or the whole guide over all transcripts; the answer beside."""

    CONTEXT = "guide"
    AUTO_FOCUS = "#view"
    DEFAULT_CSS = """
    GuideScreen #answer { background: $panel; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.bench: GuideState | None = None
        self.transcript_id = ""
        self.whole = False  # the guide over all transcripts
        self._turns: list[Turn] = []
        self._covered = False

    def compose(self) -> ComposeResult:
        """Title, turns, answer, status."""
        yield Bar("title")
        yield Split(Rows("view"), Rows("answer", fixed=True), beside_from=120, share=0.45)
        yield Bar("status")

    @property
    def rows(self) -> Rows:
        """The turns, or the questions."""
        return self.query_one("#view", Rows)

    @property
    def turn(self) -> Turn | None:
        """The highlighted turn."""
        return self._turns[self.rows.index] if not self.whole and self.rows.index < len(self._turns) else None

    @property
    def ids(self) -> list[str]:
        """The transcripts."""
        return list(self.workspace.study.transcripts)

    # --- what is shown -------------------------------------------------------------------------------------------

    def on_screen_suspend(self) -> None:
        """A panel over the screen changes nothing below it."""
        self._covered = isinstance(self.app.screen, ModalScreen)

    def on_screen_resume(self) -> None:
        """Look at the transcript that is being coded."""
        if not self._covered:
            wanted = self.workspace.remembered.transcript or next(iter(self.ids), "")
            done = self.bench.done if self.bench else []
            self.bench = GuideState(self.workspace)
            self.bench.done = done
            self.open(wanted if wanted in self.ids else next(iter(self.ids), ""))
        self._covered = False

    def open(self, transcript_id: str) -> None:
        """Show a transcript's turns."""
        self.transcript_id = transcript_id
        self._turns = self.bench.turns(transcript_id) if self.bench and transcript_id else []
        if not self.whole:
            self.rows.index = self.rows.top = 0
        self.repaint()

    def on_resize(self) -> None:
        """Paint for the new width."""
        self.call_after_refresh(self.repaint)

    def repaint(self) -> None:
        """Paint anew."""
        bench = self.bench
        if bench is None or not self.is_mounted:
            return
        self._show_title(bench)
        if not bench.questions:
            empty: Line = [("   No guide yet: write its questions under guide: in study.yaml", self.ink.quiet)]
            self.rows.show(0, self._turn_line, self.ink.plain, empty=empty)
        elif self.whole:
            header = overview_header(self.ids, self.transcript_id, self.rows.size.width, self.ink)
            self.rows.show(len(bench.questions), self._question_line, self.ink.plain, header)
        else:
            empty = [("   nobody asks anything here", self.ink.quiet)]
            self.rows.show(len(self._turns), self._turn_line, self.ink.plain, empty=empty)
        self._show_answer()
        self.show_status()

    def _show_title(self, bench: GuideState) -> None:
        bar = self.bar_ink
        left = [(" Guide ", bar.accent), (f" {shown(self.transcript_id)}", bar.strong)]
        if self.transcript_id and bench.questions:
            known = {s.code_ids[0] for s in bench.marked(self.transcript_id).values()}
            count = len(known & {question.id for question in bench.questions})
            left.append((f"  {count} of {counted(len(bench.questions), 'question')} marked", bar.quiet))
            waiting = len(bench.proposals(self.transcript_id))
            left.append((f" · {waiting} proposed" if waiting else "", bar.accent))
            still = is_open(bench.layer(self.transcript_id))
            words = " · not looked through: the rest is unknown" if still else " · looked through"
            left.append((words, bar.faint))
        right = [(" coder ", bar.faint), (f"{shown(self.workspace.coder) or '?'} ", bar.strong)]
        self.query_one("#title", Bar).set(left, right, bar.plain)

    def _turn_line(self, row: int, chosen: bool, width: int) -> Line:
        assert self.bench is not None
        return turn_row(self.bench, self.transcript_id, self._turns[row], chosen, width, self.ink)

    def _question_line(self, row: int, chosen: bool, width: int) -> Line:
        assert self.bench is not None
        question = self.bench.questions[row]
        return overview_row(self.bench, question, self.ids, self.transcript_id, chosen, width, self.ink)

    def _show_answer(self) -> None:
        rows, panel = self.query_one("#answer", Rows), self.bar_ink
        lines = self._answer(max(rows.size.width, 20))
        rows.top = 0
        rows.show(len(lines), lambda number, chosen, width: lines[number], panel.plain)

    def _answer(self, width: int) -> list[Line]:
        bench = self.bench
        if bench is None or not bench.questions or not self.transcript_id:
            return []
        if self.whole:
            return self._became_of(bench, bench.questions[self.rows.index], width)
        coding = self._coding(self.transcript_id)
        return answer_lines(bench, self.transcript_id, self.turn, coding, width, self.bar_ink) if self.turn else []

    def _became_of(self, bench: GuideState, question: GuideQuestion, width: int) -> list[Line]:
        """A question in all transcripts: what it names, prompted, spontaneous, silent."""
        ink = self.bar_ink
        lines: list[Line] = [[(f" {shown(question.id)}", ink.accent)], *prose(question.ask, width, ink.quiet), []]
        for state in ("asked", "not asked", "unknown"):
            where = [name for name in self.ids if asked(question.id, bench.layer(name)) == state]
            lines += prose(f"{SIGNS[state]} {state}: {', '.join(where)}", width, ink.plain) if where else []
        lines.append([])
        for transcript_id in self.ids:
            found = topic_lines(bench, question, transcript_id, self._coding(transcript_id), width - 6, ink)
            for number, line in enumerate(found):
                lines.append([(f" {shown(transcript_id) if not number else '':<5}", ink.faint), *line])
        return lines

    def _coding(self, transcript_id: str) -> Layer | None:
        """The coding of record, or one's own where there is none (or it is not to be seen yet)."""
        study, coder = self.workspace.study, self.workspace.coder
        layer = study.record_layer(transcript_id)
        hidden = hidden_layers(study.rounds.values(), coder)
        if layer is not None and (layer.header.coder, transcript_id) not in hidden:
            return layer
        return self.workspace.layer_now(coder, transcript_id) if coder else None

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._show_answer()

    # --- going about ---------------------------------------------------------------------------------------------

    def do_answer_down(self) -> None:
        """Scroll the answer."""
        self.query_one("#answer", Rows).move(3)

    def do_answer_up(self) -> None:
        """Scroll the answer back."""
        self.query_one("#answer", Rows).move(-3)

    def do_next_open(self) -> None:
        """The next proposal, if need be in the next transcript."""
        self._next_proposal()

    def _next_proposal(self) -> bool:
        bench = self.bench
        if bench is None or self.whole:
            return False
        waiting = bench.proposals(self.transcript_id)
        here = self.rows.index
        order = [*range(here + 1, len(self._turns)), *range(here + 1)]
        found = next((number for number in order if self._turns[number].index in waiting), None)
        if found is None:
            self.say("nothing is proposed here any more · } next transcript · D looked through")
            return False
        self.rows.go(found)
        return True

    def _step(self, by: int) -> None:
        if self.transcript_id in self.ids:
            place = min(max(self.ids.index(self.transcript_id) + by, 0), len(self.ids) - 1)
            self.open(self.ids[place])

    def do_next_transcript(self) -> None:
        """Next transcript."""
        self._step(1)

    def do_previous_transcript(self) -> None:
        """Transcript before."""
        self._step(-1)

    def do_whole_guide(self) -> None:
        """The whole guide over all transcripts, or the turns of this one."""
        self.whole = not self.whole
        self.rows.index = self.rows.top = 0
        self.repaint()

    def do_go_there(self) -> None:
        """Go to the place in the transcript."""
        if self.turn is not None:
            self.app.open_transcript(self.transcript_id, self.turn.start)

    # --- marks ---------------------------------------------------------------------------------------------------

    @on(Rows.Opened)
    def do_confirm(self) -> None:
        """Confirm what is proposed, and go on to the next proposal."""
        bench, turn = self.bench, self.turn
        if bench is None or turn is None:
            if self.whole:
                self.do_whole_guide()
            return
        proposal = bench.proposals(self.transcript_id).get(turn.index)
        if proposal is None:
            self.say("nothing is proposed for this turn · c says which question it asks")
            return
        self._mark(bench, turn, proposal.question)
        self._next_proposal()

    def _mark(self, bench: GuideState, turn: Turn, question: str) -> None:
        bench.confirm(self.transcript_id, {turn.index: question})
        self.repaint()
        self.say(f"● {question} → turn {turn.index + 1} · {self.keymap.key('undo')} undo", "good")

    def do_confirm_all(self) -> None:
        """Confirm all that is proposed in this transcript."""
        bench = self.bench
        waiting = bench.proposals(self.transcript_id) if bench else {}
        if bench is None or not waiting:
            self.say("nothing is proposed here")
            return
        bench.confirm(self.transcript_id, {turn: match.question for turn, match in waiting.items()})
        self.repaint()
        self.say(f"● {counted(len(waiting), 'question')} marked · {self.keymap.key('undo')} undo", "good")

    def do_other_question(self) -> None:
        """Say which question the turn asks."""
        from postil_tui.shell.screens.choose import ChooseScreen

        bench, turn = self.bench, self.turn
        if bench is None or turn is None:
            return
        options = [(question.id, question.id, " ".join(question.ask.split())) for question in bench.questions]

        def chosen(question: str | None) -> None:
            if question:
                self._guarded(lambda: self._mark(bench, turn, question))

        self.app.push_screen(ChooseScreen(f"turn {turn.index + 1} asks", options, self.ink), chosen)

    def do_unmark(self) -> None:
        """Take the mark out, or drop the proposal."""
        if self.bench is not None and self.turn is not None:
            self.bench.drop(self.transcript_id, self.turn.index)
            self.repaint()
            self.say("● taken out")

    def do_join_above(self) -> None:
        """The turn only follows up: its answer belongs to the question above."""
        if self.bench is not None and self.turn is not None:
            self.bench.join(self.transcript_id, self.turn.index)
            self.repaint()
            self.say(f"● belongs to the question above · {self.keymap.key('undo')} undo", "good")

    def do_looked_through(self) -> None:
        """This transcript was looked through: what is not marked was not asked. Or it is open again."""
        if self.bench is not None and self.transcript_id and self.bench.questions:
            still = self.bench.toggle_open(self.transcript_id)
            self.repaint()
            words = "open again: what is not marked is unknown" if still else "looked through: the rest was not asked"
            self.say(f"● {self.transcript_id} {words}", "good")

    def do_undo(self) -> None:
        """Take the last change of marks back."""
        said = self.bench.undo() if self.bench else ""
        self.repaint()
        self.say(f"taken back: {said}" if said else "nothing was marked here yet", "good" if said else "")
