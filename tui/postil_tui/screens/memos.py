"""Memos: what was thought along the way, listed, searched and written with what they are about at hand."""

from __future__ import annotations

from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from postil_transcripts.memos import Memo
from postil_tui.coding.line_edit import LineEdit
from postil_tui.coding.prompts import Ask, Choice, Choose
from postil_tui.memo_book import MemoBook, fits
from postil_tui.screens.base import PostilScreen
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.text.fold import folded
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.memo_pane import MemoPane
from postil_tui.widgets.rows import Line, Rows
from postil_tui.workspace import Workspace


class MemosScreen(PostilScreen):
    """The list at the left, the memo at the right."""

    CONTEXT = "memos"
    AUTO_FOCUS = "#memos"
    DEFAULT_CSS = """
    MemosScreen Horizontal { height: 1fr; }
    MemosScreen #memos { width: 2fr; }
    MemosScreen #memo { width: 3fr; background: $panel; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.book = MemoBook(workspace.root, workspace.clock)
        self.words = ""
        self.memos: list[Memo] = []

    def compose(self) -> ComposeResult:
        """Title, list and memo, editor, status."""
        yield Bar("title")
        yield Horizontal(Rows("memos"), Rows("memo", fixed=True))
        yield MemoPane()
        yield Bar("status")

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.query_one("#memos", Rows)

    @property
    def memo(self) -> Memo | None:
        """The highlighted memo."""
        return self.memos[self.rows.index] if self.rows.index < len(self.memos) else None

    def on_screen_resume(self) -> None:
        """Read anew."""
        self.repaint()

    def on_resize(self) -> None:
        """The memo gives way on a narrow screen."""
        self.query_one("#memo").display = self.size.width >= 80
        self.repaint()

    def repaint(self) -> None:
        """Read and paint anew."""
        hidden = {coder for coder, _ in self.workspace.hidden()}
        found = [memo for memo in self.book.all() if memo.author not in hidden]
        self.memos = [memo for memo in found if fits(memo, self.words)] if self.words else found
        bar, ink = self.bar_ink, self.ink
        left = [(" Memos ", bar.accent), (f" {len(self.memos)} of {len(found)}" if self.words else "", bar.quiet)]
        left += [(f" with “{shown(self.words)}”", bar.strong)] if self.words else []
        right = [(" coder ", bar.faint), (f"{self.workspace.coder} ", bar.strong)]
        self.query_one("#title", Bar).set(left, right, bar.plain)
        hint = "no memo with these words" if self.words else "No memos yet: n writes one; M in a transcript or codebook"
        self.rows.show(len(self.memos), self._line, ink.plain, (), [(f"   {hint}", ink.quiet)])
        self._show_memo()
        self.show_status()

    def _line(self, row: int, chosen: bool, width: int) -> Line:
        ink, memo = self.ink, self.memos[row]
        paper = ink.paper
        ground = paper.raised if chosen and ink.depth == "true" else paper.paper
        reverse = chosen and ink.depth != "true"

        def style(colour: str, bold: bool = False) -> Style:
            return ink.style(colour, ground, bold=bold, reverse=reverse)

        about = fitted(shown(", ".join(memo.about)), 22)
        tail = f" {memo.date:>10} "
        head: list[tuple[str, Style]] = [
            ("▌ " if chosen else "  ", style(paper.accent)),
            (about + " ", style(paper.quiet)),
        ]
        room = max(width - sum(cells(text) for text, _ in head) - len(tail), 6)
        return [*head, (fitted(shown(memo.title), room), style(paper.ink, chosen)), (tail, style(paper.faint))]

    def _show_memo(self) -> None:
        memo, paper = self.memo, self.ink.paper
        pane = self.query_one("#memo", Rows)
        ground = self.ink.style(paper.ink, paper.panel)
        lines: list[Line] = []
        if memo is not None:
            who = " · ".join(part for part in (memo.author, memo.date, memo.type) if part)
            lines = [[], [("  " + shown(", ".join(memo.about)), self.ink.style(paper.accent, paper.panel, bold=True))]]
            lines += [[("  " + shown(who), self.ink.style(paper.quiet, paper.panel))], []]
            width = max(pane.size.width - 4, 20)
            for paragraph in memo.body.strip().split("\n"):
                lines += [[("  " + line, ground)] for line in folded(shown(paragraph), width)]
        pane.show(len(lines), lambda row, chosen, width: lines[row], ground)

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._show_memo()

    # --- actions -----------------------------------------------------------------------------------------------------

    def do_down(self) -> None:
        """Down."""
        self.rows.move(1)

    def do_up(self) -> None:
        """Up."""
        self.rows.move(-1)

    @on(Rows.Opened)
    def do_edit_memo(self) -> None:
        """Write on."""
        memo = self.memo
        if memo is None:
            return
        title = f"memo on {', '.join(memo.about)} · ctrl+s or esc keeps it"
        self.query_one(MemoPane).open(title, memo.body.rstrip(), lambda text: self._keep(memo, "", text))

    def do_new_memo(self) -> None:
        """A new memo: on the study, or on what you name."""
        line = LineEdit()
        line.set("study")
        self.ask(
            Ask("memo about:", self._new, line, note="study, code:ID, transcript:ID, participant:ID, theme:ID, node:ID")
        )

    def _new(self, subject: str) -> None:
        about = subject.strip() or "study"
        self.query_one(MemoPane).open(
            f"memo on {about} · ctrl+s or esc keeps it", "", lambda text: self._keep(None, about, text)
        )

    def _keep(self, memo: Memo | None, about: str, text: str) -> None:
        kept = self.book.keep(memo, about, self.workspace.coder, text)
        self.say(f"● kept in {kept.path}" if kept else "nothing new to keep", "good" if kept else "")
        self.repaint()

    def do_delete_memo(self) -> None:
        """Delete; asks once."""
        memo = self.memo
        if memo is not None:
            self.ask(Choose(f"delete “{memo.title}”?", [Choice("y", "yes", lambda: self._delete(memo))]))

    def _delete(self, memo: Memo) -> None:
        self.book.delete(memo)
        self.say(f"{memo.path} deleted")
        self.repaint()

    def do_find_memo(self) -> None:
        """Only memos with some words."""
        line = LineEdit()
        line.set(self.words)
        self.ask(Ask("memos with:", self._find, line, changed=self._find))

    def _find(self, words: str) -> None:
        self.words = words.strip()
        self.rows.index = 0
        self.repaint()

    def do_export_memos(self) -> None:
        """Write the memos of the list into one file."""
        self.say(f"written: {self.book.export(self.memos)}", "good")
