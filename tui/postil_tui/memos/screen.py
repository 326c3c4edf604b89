"""Memos: what was thought along the way, listed, searched and written with what they are about at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from postil_tui.memos.about import about_lines
from postil_tui.memos.notes import KINDS, Note, fits, notes
from postil_tui.memos.writing import MemosWriting
from postil_tui.search.painting import passage_lines, shade
from postil_tui.shell.screens.list_screen import ListScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.text.fold import folded
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.memo_pane import MemoPane
from postil_tui.widgets.rows import Line, Rows
from postil_tui.widgets.split import Split

if TYPE_CHECKING:
    from postil_tui.search.found import Found


class MemosScreen(ListScreen):
    """The list; beside it the memo, and below that what it is about."""

    CONTEXT = "memos"
    AUTO_FOCUS = "#memos"
    DEFAULT_CSS = """
    MemosScreen #memo { background: $panel; height: 1fr; }
    MemosScreen #about { background: $panel; height: 1fr; border-top: solid $border; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.words = ""
        self.kind = ""
        self.all_notes: list[Note] = []
        self.notes: list[Note] = []
        self._passages: Found | None = None
        self.writing = MemosWriting(self)

    def compose(self) -> ComposeResult:
        """Title, list, memo and its subject, editor, status."""
        yield Bar("title")
        side = Container(Rows("memo", fixed=True), Rows("about", fixed=True))
        yield Split(Rows("memos"), side, beside_from=100, share=0.55)
        yield MemoPane()
        yield Bar("status")

    def parts(self) -> list[object]:
        """Writing is a part of its own."""
        return [self.writing]

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.query_one("#memos", Rows)

    @property
    def note(self) -> Note | None:
        """The highlighted memo."""
        return self.notes[self.rows.index] if self.rows.index < len(self.notes) else None

    # --- what is shown -------------------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        """Read anew."""
        self.repaint()
        self.gather()

    def coder_changed(self) -> None:
        """Memos are read anew."""
        self.all_notes, self.notes, self._passages = [], [], None
        self.words = self.kind = ""
        if self.is_running:
            self.repaint()

    def gather(self, saying: str = "reading memos…") -> None:
        """Read all memos, and what is needed to show segments in their place."""
        workspace = self.workspace

        def read() -> tuple[list[Note], Found]:
            from postil_tui.search.found import Found, corpus_for

            workspace.flush()
            workspace.study.refresh()
            corpus, rounds = corpus_for(workspace.study, workspace.coder)
            return notes(workspace.study, workspace.hidden()), Found("", corpus, [], rounds)

        self.later(read, lambda found: self._gathered(*found), saying, reads=True)

    def _gathered(self, found: list[Note], passages: Found) -> None:
        self.all_notes, self._passages = found, passages
        self.sift()

    def sift(self) -> None:
        """Only what fits the words and the kind; the memo one was at stays highlighted."""
        here = self.note.about if self.note else None
        self.notes = [note for note in self.all_notes if fits(note, self.words, self.kind)]
        same = (row for row, note in enumerate(self.notes) if note.about == here)
        self.rows.index = next(same, min(self.rows.index, max(len(self.notes) - 1, 0)))
        self.repaint()

    def on_resize(self) -> None:
        """Paint for the new width."""
        self.call_after_refresh(self.repaint)

    def repaint(self) -> None:
        """Paint anew."""
        if not self.is_mounted:
            return
        bar, ink, all_ = self.bar_ink, self.ink, len(self.all_notes)
        sifted = bool(self.words or self.kind)
        left = [(" Memos ", bar.accent), (f" {len(self.notes)} of {all_}" if sifted else f" {all_ or ''}", bar.quiet)]
        left += [(f" on {self.kind}s" if self.kind not in ("", "other", "study") else f" {self.kind}", bar.strong)]
        left += [(f" with “{shown(self.words)}”", bar.strong)] if self.words else []
        right = [(" coder ", bar.faint), (f"{shown(self.workspace.coder) or '?'} ", bar.strong)]
        self.query_one("#title", Bar).set(left, right, bar.plain)
        hint = "no memo like that" if sifted else "No memos yet: n writes one; m or M on other screens"
        self.rows.show(len(self.notes), self._line, ink.plain, (), [(f"   {hint}", ink.quiet)])
        self._show_memo()
        self.show_status()

    def _line(self, row: int, chosen: bool, width: int) -> Line:
        note = self.notes[row]
        style, paper = shade(self.ink, chosen), self.ink.paper
        tail = f" {fitted(shown(note.author), 8)} {note.date:>10} " if width >= 60 else f" {note.date:>10} "
        subject = fitted(shown(note.subject), 22 if width >= 60 else 14)
        head = [("▌ " if chosen else "  ", style(paper.accent)), (subject + " ", style(paper.quiet))]
        room = max(width - sum(cells(text) for text, _ in head) - len(tail), 6)
        return [*head, (fitted(shown(note.title), room), style(bold=chosen)), (tail, style(paper.faint))]

    def _show_memo(self) -> None:
        panel, note = self.bar_ink, self.note
        memo, about = self.query_one("#memo", Rows), self.query_one("#about", Rows)
        lines = self._memo_lines(note, max(memo.size.width, 20), panel) if note else []
        memo.show(len(lines), lambda row, chosen, width: lines[row], panel.plain)
        subject, at = self._about(note, max(about.size.width, 20), panel) if note else ([], 0)
        about.show(len(subject), lambda row, chosen, width: subject[row], panel.plain)
        about.top = max(min(at - 2, len(subject) - about.size.height), 0)
        about.display = bool(subject) and self.size.height >= 20

    @staticmethod
    def _memo_lines(note: Note, width: int, ink: StyleSheet) -> list[Line]:
        who = " · ".join(part for part in (note.author, note.date, note.type) if part)
        lines: list[Line] = [[(" " + shown(note.subject), ink.accent), (f"  {shown(who)}", ink.quiet)], []]
        for paragraph in note.body.strip().split("\n"):
            lines += [[(" " + line, ink.plain)] for line in folded(shown(paragraph), max(width - 3, 10))]
        return lines

    def _about(self, note: Note, width: int, ink: StyleSheet) -> tuple[list[Line], int]:
        from postil_model.search.hits import Hit

        place, found = note.place, self._passages
        if place is None or found is None or place.start is None or place.end is None:
            return about_lines(self.workspace.study, note, width, ink), 0
        one = type(found)("", found.corpus, [Hit(place.transcript, place.start, place.end)], found.rounds)
        return passage_lines(one, 0, width, ink)

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._show_memo()

    # --- going about ---------------------------------------------------------------------------------------------

    def do_memo_down(self) -> None:
        """Scroll the memo."""
        self.query_one("#memo", Rows).move(3)

    def do_memo_up(self) -> None:
        """Scroll the memo back."""
        self.query_one("#memo", Rows).move(-3)

    def do_next_kind(self) -> None:
        """Only memos on one kind of thing; the next kind there are any of, then all again."""
        kinds = ["", *(kind for kind in KINDS if any(note.kind == kind for note in self.all_notes))]
        here = kinds.index(self.kind) if self.kind in kinds else 0
        self.kind = kinds[(here + 1) % len(kinds)]
        self.sift()

    def do_jump_to(self) -> None:
        """Go to what the memo is about."""
        note = self.note
        if note is None:
            return
        kind, _, name = note.about[0].partition(":") if note.about else ("", "", "")
        if note.place is not None:
            self.app.open_transcript(note.place.transcript, note.place.start)
        elif kind == "transcript":
            self.app.open_transcript(name)
        elif kind == "code":
            self.app.show_quotes(name)
        elif kind == "participant":
            self.app.show_quotes(f"participant:{name} role:participant")
        elif way := {"theme": "themes", "node": "model", "edge": "model", "round": "team"}.get(kind):
            self.app.go(way)
        else:
            self.say("this memo is about the study as a whole", "warn")
