"""The quotes behind a node or an edge, to be read one after the other; enter goes to the place in the transcript."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from textual.app import ComposeResult

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_tui.model.diagram.evidence import EvidenceEntry
from postil_tui.shell.screens.base import PostilScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import shown
from postil_tui.text.geometry import MEASURE
from postil_tui.text.pieces import Piece, fold_pieces
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.rows import Line, Rows


class EvidenceScreen(PostilScreen):
    """Quotes with who says them, what was asked, and the cue marked."""

    CONTEXT = "evidence"
    AUTO_FOCUS = "Rows"

    def __init__(
        self, workspace: Workspace, heading: str = "Quotes", entries: Sequence[EvidenceEntry] = (), what: str = "quotes"
    ) -> None:
        super().__init__()
        self.workspace = workspace
        self.heading = heading
        self.entries = list(entries)
        self.what = what
        self.index = 0
        self._lines: list[tuple[int, Line]] = []  # entry, line
        self._starts: list[int] = []

    def compose(self) -> ComposeResult:
        """Title, quotes, status."""
        yield Bar("title")
        yield Rows("evidence", fixed=True)
        yield Bar("status")

    @property
    def rows(self) -> Rows:
        """The quotes."""
        return self.query_one(Rows)

    def on_mount(self) -> None:
        """Show the first quote."""
        super().on_mount()
        self.repaint()

    def on_resize(self) -> None:
        """Fold for the new width."""
        self.repaint()

    # --- painting ----------------------------------------------------------------------------------------------------

    def repaint(self) -> None:
        """Paint anew."""
        ink, people = self.bar_ink, len({entry.participant for entry in self.entries})
        left = [(f" {shown(self.heading)} ", ink.accent)]
        right = [(f"{len(self.entries)} {self.what} of {counted(people, 'participant')} ", ink.quiet)]
        self.query_one("#title", Bar).set(left, right, ink.plain)
        self._lay_out()
        self._show()
        self.show_status()

    def _lay_out(self) -> None:
        width = min(self.size.width - 8, MEASURE)
        self._lines, self._starts = [(0, [])], []
        for number, entry in enumerate(self.entries):
            self._starts.append(len(self._lines))
            self._lines += [(number, line) for line in self._block(entry, width)]

    def _block(self, entry: EvidenceEntry, width: int) -> list[Line]:
        ink = self.ink
        quiet = [(f"{entry.asked}", "asked")] if entry.asked else []
        parts: list[Sequence[Piece]] = [
            entry.head,
            quiet,
            entry.words,
            [(f"✎ {entry.memo}", "faint")] if entry.memo else [],
        ]
        lines: list[Line] = []
        for number, part in enumerate(parts):
            indent = "" if number == 0 else "  "
            for line in fold_pieces(part, width - len(indent)) if part else []:
                lines.append([(indent, ink.plain), *((text, self._style(role, ink)) for text, role in line)])
        return [*lines, []]

    @staticmethod
    def _style(role: str, ink: StyleSheet) -> Style:
        if role.startswith("code:"):
            return ink.code(role[5:])
        if role == "cue":
            return ink.style(ink.paper.accent, bold=True, underline=True)
        if role == "asked":
            return ink.style(ink.paper.quiet, italic=True)
        return {"title": ink.strong, "quiet": ink.quiet, "faint": ink.faint}.get(role, ink.plain)

    def _show(self) -> None:
        pad = max(min((self.size.width - MEASURE - 8) // 2, 24), 0)

        def paint(row: int, chosen: bool, width: int) -> Line:
            number, line = self._lines[row]
            here = number == self.index and bool(line)
            return [(" " * pad + (" ▌ " if here else "   "), self.ink.accent), *line]

        nothing: Line = [("  no quotes here: the decision model leads to them, box by box", self.ink.quiet)]
        self.rows.show(len(self._lines) if self.entries else 0, paint, self.ink.plain, (), nothing)
        if self.entries:
            self._reveal()

    def _reveal(self) -> None:
        """The whole quote in sight, or its beginning if it is longer than the screen."""
        rows = self.rows
        start = self._starts[self.index] - 1
        end = self._starts[self.index + 1] if self.index + 1 < len(self._starts) else len(self._lines)
        room = rows.room
        top = min(rows.top, start) if end - start <= room else start
        top = max(top, min(end - room, start))
        rows.top = max(min(top, len(self._lines) - room), 0)
        rows.refresh()

    def status_idle(self) -> list[tuple[str, Style]]:
        """Which quote this is."""
        if not self.entries:
            return []
        cues = any(role == "cue" for _, role in self.entries[self.index].words)
        what = " · underlined: the words that say so" if cues else ""
        return [(f" {self.index + 1} of {len(self.entries)}{what}", self.bar_ink.quiet)]

    # --- actions -----------------------------------------------------------------------------------------------------

    def _go(self, index: int) -> None:
        if not self.entries:
            return
        self.index = max(min(index, len(self.entries) - 1), 0)
        self._show()
        self.say("")

    def do_down(self) -> None:
        """The next quote."""
        self._go(self.index + 1)

    def do_up(self) -> None:
        """The quote before."""
        self._go(self.index - 1)

    def do_next_person(self) -> None:
        """The first quote of the next participant."""
        here = self.entries[self.index].participant if self.entries else ""
        later = (n for n in range(self.index, len(self.entries)) if self.entries[n].participant != here)
        self._go(next(later, self.index))

    def do_page_down(self) -> None:
        """A page on."""
        self._scroll(self.rows.room - 1)

    def do_page_up(self) -> None:
        """A page back."""
        self._scroll(1 - self.rows.room)

    def _scroll(self, by: int) -> None:
        rows = self.rows
        if not self.entries:
            return
        rows.top = max(min(rows.top + by, len(self._lines) - rows.room), 0)
        seen = [n for n, start in enumerate(self._starts) if start >= rows.top]
        self.index = seen[0] if seen else len(self.entries) - 1
        rows.refresh()
        self.say("")

    def on_click(self, event: object) -> None:
        """Stand on the quote that was clicked."""
        row = self.rows.top + int(getattr(event, "y", 0)) - 1
        if 0 <= row < len(self._lines):
            self._go(self._lines[row][0])

    def do_jump_to(self) -> None:
        """Go to the place in the transcript."""
        if self.entries:
            entry = self.entries[self.index]
            self.app.open_transcript(entry.transcript, entry.offset)

    def do_copy_quote(self) -> None:
        """Copy the quote with its source."""
        if self.entries:
            entry = self.entries[self.index]
            if not entry.told:
                raise PostilError("who speaks here did not agree to be quoted, so the words are not copied")
            self.app.copy(f"“{entry.quote}” ({entry.participant}, {entry.transcript})")
            self.say("copied (sent to the terminal, OSC 52)")

    def do_back(self) -> None:
        """Back to the model."""
        self.app.go("model")
