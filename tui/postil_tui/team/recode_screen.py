"""The recode queue: words whose code changed its meaning, walked through one by one and ticked off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from postil_base.problem import PostilError
from postil_tui.code.session.pick import Pick
from postil_tui.code.session.record import RecordChange
from postil_tui.code.session.session import Session
from postil_tui.search.painting import one_line, passage_lines, shade
from postil_tui.shell.screens.list_screen import ListScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.team.queue import QueueItem, exchange, finer, items, keep, put_back, segment_of, take_off
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.text.fold import folded
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.picker import WIDTH, Picker
from postil_tui.widgets.rows import Line, Rows
from postil_tui.widgets.split import Split

if TYPE_CHECKING:
    from postil_tui.search.found import Found


class RecodeScreen(ListScreen):
    """The list; beside it what the code means now, and the words in their place."""

    CONTEXT = "recode"
    AUTO_FOCUS = "#queue"
    DEFAULT_CSS = """
    RecodeScreen { layers: base over; }
    RecodeScreen #meaning { background: $panel; height: 6; }
    RecodeScreen #passage { background: $panel; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.items: list[QueueItem] = []
        self.ticked: dict[tuple[str, str], str] = {}  # segment and code → what was decided
        self.all_coders = False
        self._done: list[tuple[QueueItem, Session, RecordChange]] = []
        self._passages: Found | None = None
        self._numbers: dict[int, int] = {}  # row → passage

    def compose(self) -> ComposeResult:
        """Title, list, meaning and passage, status."""
        yield Bar("title")
        side = Container(Rows("meaning", fixed=True), Rows("passage", fixed=True))
        yield Split(Rows("queue"), side, beside_from=110, share=0.52)
        yield Bar("status")
        yield Picker(self.ink)

    def open_picker(self) -> Picker | None:
        """The code picker."""
        return self.query_one(Picker)

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.query_one("#queue", Rows)

    @property
    def item(self) -> QueueItem | None:
        """The highlighted one."""
        return self.items[self.rows.index] if self.rows.index < len(self.items) else None

    def code_here(self) -> str:
        """The code of the highlighted one."""
        return self.item.code if self.item else ""

    # --- what is shown -------------------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        """Read anew; what was ticked off stays in sight until one comes back another time."""
        if all(self._is_ticked(item) for item in self.items):
            self.items, self.ticked = [], {}
        self.gather()

    def coder_changed(self) -> None:
        """The queue of somebody else."""
        self.items, self.ticked, self._passages, self._numbers = [], {}, None, {}
        self._done.clear()
        self.all_coders = False
        if self.is_running:
            self.repaint()

    def gather(self, saying: str = "looking what changed…") -> None:
        """Read the queue."""
        workspace, whose = self.workspace, "" if self.all_coders else self.workspace.coder

        def read() -> tuple[list[QueueItem], Found]:
            from postil_tui.search.found import Found, corpus_for

            workspace.flush()
            workspace.study.refresh()
            corpus, rounds = corpus_for(workspace.study, workspace.coder)
            return items(workspace.study, whose, workspace.hidden()), Found("", corpus, [], rounds)

        self.later(read, lambda found: self._gathered(*found), saying, reads=True)

    def _gathered(self, found: list[QueueItem], passages: Found) -> None:
        ticked = [item for item in self.items if self._is_ticked(item)]
        known = {(item.segment, item.code) for item in ticked}
        order = {code: number for number, code in enumerate(self.workspace.codebook.codes)}
        fresh = [item for item in found if (item.segment, item.code) not in known]
        self.items = sorted([*ticked, *fresh], key=lambda item: (order.get(item.code, 0), item.coder, item.transcript,
                                                                  item.start or 0))  # fmt: skip
        self._passages = passages
        hits = {row: item.hit for row, item in enumerate(self.items) if item.hit is not None}
        passages.hits = list(hits.values())
        self._numbers = {row: number for number, row in enumerate(hits)}
        self.repaint()

    def _is_ticked(self, item: QueueItem) -> bool:
        return (item.segment, item.code) in self.ticked

    def on_resize(self) -> None:
        """Paint for the new width."""
        self.call_after_refresh(self.repaint)

    def repaint(self) -> None:
        """Paint anew."""
        if not self.is_mounted:
            return
        bar, left = self.bar_ink, sum(not self._is_ticked(item) for item in self.items)
        pieces = [
            (" Look again ", bar.accent),
            (f" {left} of {len(self.items)} open" if self.items else "", bar.strong),
        ]
        pieces.append((" · everybody's" if self.all_coders else "", bar.quiet))
        right = [(" coder ", bar.faint), (f"{shown(self.workspace.coder) or '?'} ", bar.strong)]
        self.query_one("#title", Bar).set(pieces, right, bar.plain)
        empty: Line = [("   Nothing is to be looked at again: no code changed after you coded with it", self.ink.quiet)]
        self.rows.show(len(self.items), self._line, self.ink.plain, (), empty)
        self._show_side()
        self.show_status()

    def _line(self, row: int, chosen: bool, width: int) -> Line:
        ink, item = self.ink, self.items[row]
        style, paper = shade(ink, chosen), ink.paper
        done = self._is_ticked(item)
        line: list[tuple[str, Style]] = [
            ("▌" if chosen else " ", style(paper.accent)),
            ("✓ " if done else "□ ", style(paper.good if done else paper.warn, bold=True)),
            (fitted(shown(item.code), 18) + " ", style(ink.colour_of(item.code))),
            (fitted(shown(item.transcript), 6) + " ", style(paper.faint)),
        ]
        line += [(fitted(shown(item.coder), 9) + " ", style(paper.faint))] if self.all_coders else []
        words = self.ticked[item.segment, item.code] if done else one_line(item.quote) or "the whole transcript"
        room = max(width - sum(cells(text) for text, _ in line), 4)
        return [*line, (fitted(words, room), style(paper.quiet if done else paper.ink))]

    def _show_side(self) -> None:
        panel, meaning = self.bar_ink, self.query_one("#meaning", Rows)
        lines = self._meaning(max(meaning.size.width, 20))
        meaning.styles.height = min(len(lines) + 1, max(self.size.height // 3, 3))
        meaning.show(len(lines), lambda row, chosen, width: lines[row], panel.plain)
        rows, number = self.query_one("#passage", Rows), self._numbers.get(self.rows.index)
        found: tuple[list[Line], int] = ([], 0)
        if self._passages is not None and number is not None:
            found = passage_lines(self._passages, number, max(rows.size.width, 20), panel)
        passage, at = found
        rows.show(len(passage), lambda row, chosen, width: passage[row], panel.plain)
        rows.top = max(min(at - rows.size.height // 2, len(passage) - rows.size.height), 0)

    def _meaning(self, width: int) -> list[Line]:
        """What the code means now, and since when."""
        code = self.workspace.codebook.codes.get(self.code_here())
        panel = self.bar_ink
        if code is None:
            return []
        lines: list[Line] = [[(f" {shown(code.id)}", panel.code(code.id, True)),
                              (f"  changed {code.changed[:10]}", panel.style(panel.paper.warn))]]  # fmt: skip
        for head, text in (("", code.definition), ("use it: ", code.include), ("not: ", code.exclude)):
            words = one_line(text)
            lines += [[(" " + line, panel.quiet)] for line in folded(head + words, max(width - 3, 10))] if words else []
        return lines

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._show_side()

    # --- deciding ------------------------------------------------------------------------------------------------

    def _mine(self) -> tuple[QueueItem, Session]:
        item = self.item
        if item is None:
            raise PostilError("nothing is to be looked at again")
        if item.coder != self.workspace.coder:
            raise PostilError(f"this is {item.coder}'s coding; {item.coder} looks at it again (g w changes who works)")
        if self._is_ticked(item):
            raise PostilError("this is ticked off already; u takes the last decision back")
        return item, self.workspace.session(item.transcript)

    def _decided(self, item: QueueItem, session: Session, change: RecordChange) -> None:
        self._done.append((item, session, change))
        self.ticked[item.segment, item.code] = change.said
        said = f"● {change.said} · {self.keymap.key('undo')} undo"
        self.do_next_open()
        self.repaint()
        self.say(said if any(not self._is_ticked(one) for one in self.items) else f"{said} · that was the last", "good")

    def do_still_right(self) -> None:
        """The code still holds."""
        item, session = self._mine()
        self._decided(item, session, keep(session, item))

    def do_not_any_more(self) -> None:
        """The code holds no longer."""
        item, session = self._mine()
        self._decided(item, session, take_off(session, item))

    def do_another_code(self) -> None:
        """Choose the code that holds instead; those beside it first."""
        item, session = self._mine()
        book = self.workspace.codebook
        present = frozenset(segment_of(session, item).code_ids)
        pick = Pick(
            f"in place of {item.code}",
            book,
            lambda code: self._decided(item, session, exchange(session, item, code)),
            recent=finer(book, item.code),
            counts=self.workspace.counts(),
            present=present,
        )
        self.query_one(Picker).open(pick, self.ink, max((self.size.width - WIDTH) // 2, 0), 2, {})
        self.ask(pick)

    def do_undo(self) -> None:
        """Take the last decision back."""
        if not self._done:
            self.say("nothing was decided here yet")
            return
        item, session, change = self._done[-1]
        put_back(session, change)
        self._done.pop()
        del self.ticked[item.segment, item.code]
        self.rows.go(next((row for row, one in enumerate(self.items) if one == item), self.rows.index))
        self.repaint()
        self.say(f"↶ {change.said}", "good")

    # --- going about ---------------------------------------------------------------------------------------------

    def do_passage_down(self) -> None:
        """Scroll the passage."""
        self.query_one("#passage", Rows).move(3)

    def do_passage_up(self) -> None:
        """Scroll the passage back."""
        self.query_one("#passage", Rows).move(-3)

    def do_next_open(self) -> None:
        """The next one that is not ticked off."""
        count, here = len(self.items), self.rows.index
        order = (row % count for row in range(here + 1, here + count + 1)) if count else iter(())
        self.rows.go(next((row for row in order if not self._is_ticked(self.items[row])), here))

    def do_everybody(self) -> None:
        """Yours alone, or everybody's that is not hidden."""
        self.all_coders = not self.all_coders
        self.gather()

    @on(Rows.Opened)
    def do_jump_to(self) -> None:
        """Go to the place."""
        if self.item is not None:
            self.app.open_transcript(self.item.transcript, self.item.start)

    def do_back(self) -> None:
        """Back to the team."""
        self.app.go("team")
