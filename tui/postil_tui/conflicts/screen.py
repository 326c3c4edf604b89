"""What two people want differently: listed, with both versions side by side, and decided with one key."""

from __future__ import annotations

from functools import partial

from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from postil_base.files.lock import study_lock
from postil_base.problem import PostilError
from postil_study.git.deciding import Choice, ConflictDecision, decisions, settle
from postil_study.history.steps import StepLog
from postil_study.text.values import Segment
from postil_tui.conflicts.versions import Pair, pairs, title
from postil_tui.search.painting import shade
from postil_tui.shell.screens.list_screen import ListScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.text.fold import folded
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.rows import Line, Rows

_NAME = 11  # columns for the name of a field
_CHOICES: dict[Choice, str] = {"mine": "mine stays", "theirs": "theirs was taken", "both": "both stay"}


class ConflictsScreen(ListScreen):
    """The list above, both versions of the highlighted one below."""

    CONTEXT = "conflicts"
    AUTO_FOCUS = "#open"
    DEFAULT_CSS = """
    ConflictsScreen #open { height: 2fr; }
    ConflictsScreen #both { height: 3fr; background: $panel; border-top: solid $border; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.open: list[ConflictDecision] = []
        self._pairs: dict[str, list[Pair]] = {}

    def compose(self) -> ComposeResult:
        """Title, list, both versions, status."""
        yield Bar("title")
        yield Rows("open")
        yield Container(Rows("versions", fixed=True), id="both")
        yield Bar("status")

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.query_one("#open", Rows)

    @property
    def decision(self) -> ConflictDecision | None:
        """The highlighted one."""
        return self.open[self.rows.index] if self.rows.index < len(self.open) else None

    # --- what is shown -------------------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        """Read anew."""
        self.repaint()
        self.gather()

    def look_outside(self, asked: bool = False) -> None:
        """Somebody may have decided, or left something to decide."""
        self.gather("")

    def gather(self, saying: str = "looking what is to be decided…") -> None:
        """Read what is open."""
        workspace = self.workspace

        def read() -> tuple[list[ConflictDecision], dict[str, list[Pair]]]:
            workspace.flush()
            workspace.study.refresh()
            found = list(decisions(workspace.study))
            return found, {decision.name: pairs(workspace.study, decision) for decision in found}

        self.later(read, lambda found: self._gathered(*found), saying)

    def _gathered(self, found: list[ConflictDecision], versions: dict[str, list[Pair]]) -> None:
        self.open, self._pairs = found, versions
        self.repaint()

    def on_resize(self) -> None:
        """Paint for the new width."""
        self.call_after_refresh(self.repaint)

    def repaint(self) -> None:
        """Paint anew."""
        if not self.is_mounted:
            return
        bar = self.bar_ink
        left = [(" Two versions ", bar.accent), (f" {len(self.open)} to decide" if self.open else "", bar.strong)]
        right = [(" coder ", bar.faint), (f"{shown(self.workspace.coder) or '?'} ", bar.strong)]
        self.query_one("#title", Bar).set(left, right, bar.plain)
        empty: Line = [("   Nothing is to be decided: no two people want the same thing differently", self.ink.quiet)]
        self.rows.show(len(self.open), self._line, self.ink.plain, (), empty)
        self._show_versions()
        self.show_status()

    def _line(self, row: int, chosen: bool, width: int) -> Line:
        decision, style, paper = self.open[row], shade(self.ink, chosen), self.ink.paper
        where, about = title(decision)
        differing = ", ".join(
            pair.name for pair in self._pairs[decision.name] if pair.differs and pair.name != "edited"
        )
        tail = f" {fitted(shown(differing), 18)}" if width >= 70 else ""
        head = [("▌ " if chosen else "  ", style(paper.accent)), (fitted(shown(where), 16) + " ", style(paper.quiet))]
        room = max(width - sum(cells(text) for text, _ in head) - len(tail) - 1, 6)
        return [*head, (fitted(shown(about), room), style(bold=chosen)), (tail, style(paper.warn))]

    @on(Rows.Moved)
    def _show_versions(self) -> None:
        pane, decision = self.query_one("#versions", Rows), self.decision
        lines = self._side_by_side(self._pairs[decision.name], max(pane.size.width, 40)) if decision else []
        pane.top = 0
        pane.show(len(lines), lambda row, chosen, width: lines[row], self.bar_ink.plain)

    def _side_by_side(self, found: list[Pair], width: int) -> list[Line]:
        """Fields that differ with a mark; the others quiet, as they are the same on both sides."""
        ink, room = self.bar_ink, (width - _NAME - 5) // 2
        head = f"{'':<{_NAME + 2}}{fitted('mine', room)} │ theirs"
        lines: list[Line] = [[(head, ink.faint)], []]
        for pair in found:
            look = ink.strong if pair.differs and pair.name != "edited" else ink.quiet
            lines += self._pair(pair, room, look)
        return lines

    def _pair(self, pair: Pair, room: int, look: Style) -> list[Line]:
        ink, decides = self.bar_ink, pair.differs and pair.name != "edited"
        sides = [[part for line in text.split("\n") for part in folded(shown(line), room)] or [""]
                 for text in (pair.mine, pair.theirs)]  # fmt: skip
        found: list[Line] = []
        for number in range(max(map(len, sides))):
            mine, theirs = (side[number] if number < len(side) else "" for side in sides)
            name = fitted(pair.name, _NAME) if number == 0 else " " * _NAME
            mark = ("● " if decides and number == 0 else "  ", ink.style(ink.paper.warn))
            cut = (" │ ", ink.line)
            found.append([mark, (name, ink.faint), (fitted(mine, room), look), cut, (theirs, look)])
        return found

    # --- deciding ------------------------------------------------------------------------------------------------

    def do_take_mine(self) -> None:
        """Mine stays."""
        self._settle("mine")

    def do_take_theirs(self) -> None:
        """Theirs is taken."""
        self._settle("theirs")

    def do_keep_both(self) -> None:
        """Both stay, as two records."""
        self._settle("both")

    def _settle(self, choice: Choice) -> None:
        decision, root, clock = self.decision, self.workspace.root, self.workspace.clock
        if decision is None:
            raise PostilError("nothing is to be decided here")
        others = decision.carried.segments if decision.carried is not None else ()
        paths = list(dict.fromkeys([decision.path, *others]))
        act = partial(settle, root, [decision.name], choice, clock)

        def write() -> None:
            self.workspace.flush()
            if decision.entry is None:  # an entry is noted outside the files, so taking it back would not list it again
                with study_lock(root):  # what a colleague writes meanwhile is no part of the step
                    StepLog.of(root, clock).watch(f"decide {decision.name}: {choice}", paths, act)
            else:
                act()

        self.later(write, lambda _: self._settled(decision, choice), "writing…")

    def _settled(self, decision: ConflictDecision, choice: Choice) -> None:
        self.workspace.reopen()
        self.app.codebook_changed()
        back = "" if decision.entry is not None else f" · {self.keymap.key('undo')} takes it back"
        self.say(f"● {_CHOICES[choice]}{back}", "good")
        self.gather("")

    def do_undo(self) -> None:
        """Take the last decision back."""
        log = StepLog.of(self.workspace.root, self.workspace.clock)
        step = log.last
        if step is None or not step.what.startswith("decide "):
            raise PostilError("no decision to take back here; postil undo --list shows what else there is")
        self.workspace.flush()
        log.undo()
        self.workspace.reopen()
        self.app.codebook_changed()
        self.say(f"↶ taken back: {step.what}", "good")
        self.gather("")

    # --- going about ---------------------------------------------------------------------------------------------

    def do_jump_to(self) -> None:
        """Go to the place in the transcript."""
        decision = self.decision
        first = decision.versions[0] if decision is not None and decision.versions is not None else None
        if decision is None or not isinstance(first, Segment):
            raise PostilError("this is not about one place of a transcript")
        self.app.open_transcript(decision.path.rsplit("/", 1)[-1].removesuffix(".jsonl"), first.start)

    def do_page_down(self) -> None:
        """Scroll both versions."""
        self.query_one("#versions", Rows).move(5)

    def do_page_up(self) -> None:
        """Scroll both versions back."""
        self.query_one("#versions", Rows).move(-5)
