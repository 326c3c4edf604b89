"""Two coders on one text: brackets of the first at the left, of the second at the right, and what to talk about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Horizontal

from postil_base.problem import PostilError
from postil_study.files.settings import CONSENSUS
from postil_study.text.values import Layer
from postil_tui.code.session.prompts import Choice, Choose
from postil_tui.code.session.session import Session
from postil_tui.compare.differences import CodingDifference, ComparedLayers, described
from postil_tui.compare.parts import finish_consensus, list_differences
from postil_tui.compare.settling import is_settled, recut, settle, settled_ids, take_agreed
from postil_tui.compare.sides import BESIDE_FROM, Sides
from postil_tui.shell.screens.base import PostilScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.memo_pane import MemoPane
from postil_tui.widgets.transcript_view import TranscriptView


class CompareScreen(PostilScreen):
    """Walk through the differences of two coders and settle them."""

    CONTEXT = "compare"
    AUTO_FOCUS = "#view"
    DEFAULT_CSS = """
    CompareScreen Horizontal { height: 1fr; }
    CompareScreen #left { display: none; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.transcript_id = ""
        self.pair: tuple[str, str] | None = None
        self.compared: ComparedLayers | None = None
        self.index = 0
        self.beside = False  # the text twice, on a wide terminal
        self.sides: Sides | None = None
        self._layers: tuple[Layer, Layer] | None = None
        self._last_settled: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Title, text between margins, note, status."""
        yield Bar("title")
        yield Horizontal(TranscriptView("left"), TranscriptView("view"))
        yield MemoPane()
        yield Bar("status")

    @property
    def view(self) -> TranscriptView:
        """The text; where it stands twice, that of the second coder."""
        return self.query_one("#view", TranscriptView)

    @property
    def left(self) -> TranscriptView:
        """The text of the first coder, where it stands twice."""
        return self.query_one("#left", TranscriptView)

    def coder_changed(self) -> None:
        """Another coder may see others."""
        self.transcript_id, self.pair, self.sides, self._layers = "", None, None, None
        self.compared = None
        for view in (self.view, self.left) if self.is_running else ():
            view.page = None
            view.refresh()

    @property
    def differences(self) -> list[CodingDifference]:
        """Where the two differ."""
        return self.compared.differences if self.compared else []

    # --- opening -----------------------------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        """Compare the transcript we come from."""
        self._guarded(self._open)

    def _open(self) -> None:
        wanted = self.workspace.remembered.transcript
        candidates = [wanted, *self.workspace.study.transcripts]
        found = next((id_ for id_ in candidates if id_ and len(self.coders(id_)) > 1), "")
        if not found:
            self._nothing()
            return
        coders = self.coders(found)
        if found != self.transcript_id or self.pair is None or not set(self.pair) <= set(coders):
            self.pair = (coders[0], coders[1])
            self.index = 0
        self.transcript_id = found
        self._compare()

    def coders(self, transcript_id: str) -> list[str]:
        """Who has coded a transcript, as far as a blind round lets one see it."""
        hidden = self.workspace.hidden()
        return [
            layer.header.coder
            for layer in self.workspace.study.coder_layers(transcript_id)
            if (layer.header.coder, transcript_id) not in hidden
        ]

    def _nothing(self) -> None:
        self.transcript_id = ""
        rounds = sorted(set(self.workspace.hidden().values()))
        self.query_one("#title", Bar).set([(" Compare ", self.bar_ink.accent)], (), self.bar_ink.plain)
        why = f"round {', '.join(rounds)} is blind until it is revealed" if rounds else "only one has coded here so far"
        self.say(f"nothing to compare: {why}", "warn")

    def _compare(self) -> None:
        assert self.pair is not None
        first, second = (self.workspace.layer_now(coder, self.transcript_id) for coder in self.pair)
        if first is None or second is None:
            raise PostilError("one of the two has no layer of this transcript; c chooses others")
        self._layers = (first, second)
        self.compared = ComparedLayers(first, second)
        self._lay_out(first, second)
        self._go(min(self.index, max(len(self.differences) - 1, 0)))

    def _lay_out(self, first: Layer, second: Layer) -> None:
        """One text between two margins, or the text twice where there is room and somebody wants it."""
        self.sides = Sides(self.workspace.transcript(self.transcript_id), first, second, self.ink)
        if self.is_beside:
            self.sides.beside(self.left, self.view)
        else:
            self.sides.between(self.view, self.app.size.width)

    @property
    def is_beside(self) -> bool:
        """Whether the text stands twice."""
        return self.beside and self.app.size.width >= BESIDE_FROM

    def do_beside(self) -> None:
        """The text twice, or once between both margins."""
        if self.app.size.width < BESIDE_FROM:
            self.say(f"two texts beside each other need {BESIDE_FROM} columns; there are {self.app.size.width}", "warn")
            return
        self.beside = not self.beside
        self.left.display = self.is_beside
        self.call_after_refresh(self.repaint)

    def on_resize(self) -> None:
        """On a terminal that became narrow the text stands once."""
        self.left.display = self.is_beside

    def on_transcript_view_resized(self) -> None:
        """Margins have to be laid out anew."""
        if self._layers and self.sides:
            self._lay_out(*self._layers)
            self._go(self.index)

    def repaint(self) -> None:
        """Paint anew."""
        if self._layers:
            self._lay_out(*self._layers)
            self._go(self.index)

    # --- walking -----------------------------------------------------------------------------------------------------

    def _consensus(self) -> Session:
        return self.workspace.session(self.transcript_id, coder=CONSENSUS)

    def _settled(self) -> set[str]:
        layer = self.workspace.layer_now(CONSENSUS, self.transcript_id)
        return settled_ids([*layer.segments, *layer.relations]) if layer else set()

    def _go(self, index: int) -> None:
        if self.sides is None:
            return
        self._mark_open()
        if not self.differences:
            self.say("the two agree everywhere", "good")
            self._repaint_views()
            self._show_title()
            return
        self.index = index % len(self.differences)
        here = self.differences[self.index]
        self.sides.point_at(here)
        self._repaint_views()
        self.view.reveal(jump=True)
        self._show_title()
        self._describe(here)

    def _describe(self, here: CodingDifference) -> None:
        done = is_settled(here, self._settled())
        words = described(here, self.workspace.transcript(self.transcript_id).text)
        self.say(
            f"{self.index + 1}/{len(self.differences)}  {words}{'  ✓ settled' if done else ''}", "good" if done else ""
        )

    def _repaint_views(self) -> None:
        self.view.repaint()
        self.left.repaint()

    def _mark_open(self) -> None:
        assert self.sides
        done = self._settled()
        self.sides.mark_open((one.start, one.end) for one in self.differences if not is_settled(one, done))

    def _show_title(self) -> None:
        bar = self.bar_ink
        assert self.pair is not None
        left = self.open_here()
        pieces: list[tuple[str, Style]] = [(f" {self.transcript_id} ", bar.accent), (" A ◀ ", bar.faint)]
        pieces += [(self.pair[0], bar.strong), ("   B ▶ ", bar.faint), (self.pair[1], bar.strong)]
        right = [(f"{left} of {len(self.differences)} to settle  ", bar.quiet), (" coder ", bar.faint)]
        self.query_one("#title", Bar).set(pieces, [*right, (f"{self.workspace.coder} ", bar.strong)], bar.plain)

    def do_next_difference(self) -> None:
        """Next disagreement."""
        self._go(self.index + 1)

    def do_previous_difference(self) -> None:
        """Disagreement before."""
        self._go(self.index - 1)

    def do_line_down(self) -> None:
        """Scroll a line."""
        self.view.scroll_rows(1)

    def do_line_up(self) -> None:
        """Scroll a line."""
        self.view.scroll_rows(-1)

    def do_page_down(self) -> None:
        """Scroll a page."""
        self.view.scroll_rows(self.view.size.height - 2)

    def do_page_up(self) -> None:
        """Scroll a page."""
        self.view.scroll_rows(2 - self.view.size.height)

    # --- settling ----------------------------------------------------------------------------------------------------

    def _settle(self, take: str) -> None:
        if not self.differences:
            return
        here = self.differences[self.index]
        if is_settled(here, self._settled()):
            self.say("this is settled already; u takes the last decision back", "warn")
            return
        assert self.compared is not None
        change = settle(self._consensus(), here, take, self.compared)
        self._last_settled = tuple(change.states)
        self._go(self._next_open())

    def open_here(self) -> int:
        """How many differences of this transcript are not settled."""
        done = self._settled()
        return sum(not is_settled(difference, done) for difference in self.differences)

    def _next_open(self) -> int:
        done = self._settled()
        order = [*range(self.index + 1, len(self.differences)), *range(self.index + 1)]
        return next((n for n in order if not is_settled(self.differences[n], done)), self.index)

    def do_take_a(self) -> None:
        """What the first coded goes into the consensus."""
        self._settle("a")

    def do_take_b(self) -> None:
        """What the second coded goes into the consensus."""
        self._settle("b")

    def do_take_both(self) -> None:
        """Both go into the consensus."""
        self._settle("both")

    def do_take_neither(self) -> None:
        """Neither goes into the consensus; that it was decided does."""
        self._settle("neither")

    def do_take_shared(self) -> None:
        """A's code on the words both marked goes into the consensus."""
        self._recut("shared")

    def do_take_span(self) -> None:
        """A's code from the first to the last word of both goes into the consensus."""
        self._recut("span")

    def _recut(self, take: str) -> None:
        here = self.differences[self.index] if self.differences else None
        if here is not None and recut(here, take) is None:
            self.say("there are no borders to cut anew: this is no passage that both marked", "warn")
        else:
            self._settle(take)

    def do_list_differences(self) -> None:
        """All disagreements of the two in the study, worst code first; enter goes there."""
        list_differences(self)

    def go_to(self, transcript: str, index: int) -> None:
        """Show a disagreement of a transcript."""
        self.transcript_id = transcript
        self._compare()
        self._go(index)

    def do_finish_consensus(self) -> None:
        """Call the consensus finished, or open it again."""
        finish_consensus(self)

    def do_take_agreed(self) -> None:
        """What both coded alike goes into the consensus."""
        if self.compared:
            change = take_agreed(self._consensus(), self.compared)
            self._go(self.index)
            self.say(f"● {change.said}" if change else "what agrees is in the consensus already", "good")

    def do_settle_note(self) -> None:
        """A note on the decision just made."""
        session = self._consensus() if self.transcript_id else None
        records = session.records if session else None
        ids = [i for i in self._last_settled if records and (i in records.segments or i in records.relations)]
        if session is None or not ids:
            self.say("settle something first (1, 2, 3 or 0), then m notes why", "warn")
            return
        relation = session.records.relations.get(ids[0])
        memo = relation.memo if relation else session.records.segments[ids[0]].memo

        def keep(text: str) -> None:
            if text.strip() == memo:
                return
            if relation:
                session.set_relation(ids[0], "memo written", memo=text.strip())
            else:
                session.set_memo(ids[0], text)
            self.say("● note kept", "good")

        self.query_one(MemoPane).open("why it was decided so · ctrl+s or esc keeps it", memo, keep)

    def do_undo_settle(self) -> None:
        """Take the last decision back."""
        change = self._consensus().undo() if self.transcript_id else None
        if change is None:
            self.say("nothing to take back")
        else:
            self._go(self.index)
            self.say(f"↶ {change.said}", "good")

    def do_others(self) -> None:
        """Choose the two coders."""
        coders = self.coders(self.transcript_id) if self.transcript_id else []
        if len(coders) < 2:
            self._nothing()
            return

        def second(first: str) -> None:
            rest = [coder for coder in coders if coder != first]
            self.ask(Choose("B:", _numbered(rest, lambda other: self._choose(first, other))))

        self.ask(Choose("A:", _numbered(coders, second)))

    def _choose(self, first: str, second: str) -> None:
        self.pair = (first, second)
        self.index = 0
        self._compare()


def _numbered(names: Sequence[str], act: Callable[[str], None]) -> list[Choice]:
    return [Choice(str(number), name, partial(act, name)) for number, name in enumerate(names[:9], 1)]
