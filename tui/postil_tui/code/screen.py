"""The code screen: a transcript with its margin, and everything a person does to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING

import msgspec
from rich.style import Style
from textual import on
from textual.app import ComposeResult

from postil_study.text.values import Layer, Relation, Transcript
from postil_tui.code.parts import bars
from postil_tui.code.parts.parts import CodeParts
from postil_tui.code.session.labels import OTHER_SIGN, label_lines, note_line, relation_target
from postil_tui.code.session.layer_writer import Written
from postil_tui.code.session.record import RecordChange, Records
from postil_tui.code.session.session import Session
from postil_tui.code.session.slots import SLOTS
from postil_tui.shell.watching import followed_words, merged_words, unsaved_words
from postil_tui.shell.workspace import Workspace
from postil_tui.style.row_painter import RowPainter
from postil_tui.text.cells import shown
from postil_tui.text.margin import MarginPiece
from postil_tui.text.page import TextPage
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.rows import Rows
from postil_tui.widgets.transcript_view import TranscriptView

if TYPE_CHECKING:
    from textual.timer import Timer

    from postil_tui.code.session.pick import NewCode, Pick
    from postil_tui.shell.transcript_figures import Figures
    from postil_tui.widgets.picker import Picker

_READY_AFTER = 0.15  # seconds from the first picture to getting ready for keys
_MEASURE_AFTER = 0.6  # seconds without a change before words and coded share are counted
_IDLE_AFTER = 0.05  # seconds without a key before the status line describes the place


class CodeScreen(CodeParts):
    """One transcript, one coder."""

    CONTEXT = "code"
    AUTO_FOCUS = "TranscriptView"
    DEFAULT_CSS = """
    CodeScreen { layers: base over; background: $background; }
    CodeScreen #relations { height: 9; background: $panel; display: none; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.session: Session
        self.page: TextPage
        self.column: int | None = None
        self._idle: Timer | None = None
        self._wanted: tuple[str, int | None] | None = None
        self._composed = False
        self.measured: Figures | None = None
        self._measuring: Timer | None = None
        self._changed_at = 0.0

    def compose(self) -> ComposeResult:
        """Title, text, slots, status. Picker and memo come when the text is on the screen."""
        yield Bar("title")
        yield TranscriptView("view")
        yield Bar("slots")
        yield Bar("status")

    def _get_ready(self) -> None:
        """What the next key may need."""
        if self.is_running:
            self.ready()
            _ = self.picker
            if hasattr(self, "page"):
                self.page.is_ready = True
                self.view.moved(reveal=False)
            self.show_status()

    @property
    def view(self) -> TranscriptView:
        """The text."""
        return self.query_one(TranscriptView)

    # --- opening -----------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show what was asked for before there was a screen."""
        self._composed = True
        if self._wanted:
            self.open(*self._wanted)
        super().on_mount()
        self.set_timer(_READY_AFTER, self._get_ready)

    def request(self, transcript_id: str, offset: int | None = None) -> None:
        """Show a transcript, now or as soon as the screen is there."""
        self._wanted = (transcript_id, offset)
        if self._composed:
            self.open(transcript_id, offset)

    def open(self, transcript_id: str, offset: int | None = None) -> None:
        """Show a transcript at a place, or where this coder left it."""
        self.keep_memo()
        self.remember()
        told = self._catch_up(transcript_id)
        self.session = self.workspace.session(transcript_id, self._told)
        if self._changed not in self.session.listeners:
            self.session.listeners.append(self._changed)
        transcript = self.session.transcript
        self.page = TextPage(
            transcript, self.session.records, self._label, self.app.size.width, is_ready=bool(self._handlers)
        )
        self.prompt = None
        self.measured = None
        self._put(transcript, offset)
        self._measure_soon()
        self.workspace.remembered.transcript = transcript_id
        self.workspace.slots.fill(self._used_most())
        self.show_title()
        self.show_slots()
        self.say(told or self.workspace.study.read_only or self._without_words(), "warn")

    def _used_most(self) -> list[str]:
        """The codes of this transcript's segments, the most frequent first, for digits that nobody gave away yet."""
        if any(self.workspace.slots.codes):
            return []
        uses = Counter(code for segment in self.session.records.segments.values() for code in segment.code_ids)
        return [code for code, _ in uses.most_common(SLOTS) if code in self.workspace.codebook.codes]

    def _catch_up(self, transcript_id: str) -> str:
        """Codings follow a text that was corrected while the app was not open; says so."""
        if not self.workspace.is_on_another_text(transcript_id):
            return ""
        return followed_words(transcript_id, *self.workspace.follow_text(transcript_id))

    def _without_words(self) -> str:
        lost = len(self.session.records.unanchored())
        noun = "segment has" if lost == 1 else "segments have"
        return f"{lost} {noun} no words any more: U lists them, to be placed or given up" if lost else ""

    def _put(self, transcript: Transcript, offset: int | None) -> None:
        key = f"{self.session.coder}/{transcript.id}"
        remembered = self.workspace.remembered
        place = remembered.places.get(key, 0) if offset is None else offset
        self.page.put_cursor(place)
        self.page.moved()
        top = self.page.layout.row_of(remembered.tops.get(key, 0)) if offset is None else 0
        self.view.show(self.page, RowPainter(self.page, self.ink), top)
        self.view.reveal(jump=True)
        self.view.focus()

    def remember(self) -> None:
        """Note where we are, for the next time."""
        if not hasattr(self, "page"):
            return
        key = f"{self.session.coder}/{self.page.transcript.id}"
        remembered = self.workspace.remembered
        remembered.places[key] = self.page.selection.cursor
        remembered.tops[key] = self.page.layout.row_span(min(self.view.top, self.page.layout.rows - 1))[0]

    def repaint(self) -> None:
        """Paint everything anew, in the colours of the theme."""
        if not hasattr(self, "page"):
            return
        self.view.set_ink(self.ink)
        self.show_title()
        self.show_slots()
        self.show_status()

    def codebook_changed(self) -> None:
        """Other names or colours of codes."""
        if hasattr(self, "page"):
            self.page.draw_margin()
            self.repaint()

    # --- following what happens --------------------------------------------------------------------------------------

    def moved(self, jump: bool = False, quiet: bool = False) -> None:
        """Show cursor and selection as they are now."""
        self.column = None
        self.page.is_ready = True
        self.view.moved(jump=jump)
        if not quiet and self._idle is None:
            self._idle = self.set_timer(_IDLE_AFTER, self._describe_place)

    def _describe_place(self) -> None:
        self._idle = None
        if self.is_running:
            self._guarded(self._tell_place)

    def _tell_place(self) -> None:
        if not self.prompt:
            self.say("")
        self.show_title()

    def _changed(self, change: RecordChange) -> None:
        if change.states and self.page.records is self.session.records:
            self.view.follow(change)
            self.show_title()
            for name in ("listing", "stray"):
                if name in self.__dict__:
                    getattr(self, name).refresh()

    def _measure_soon(self) -> None:
        self._changed_at = monotonic()
        if self._measuring is None:
            self._measuring = self.set_timer(_MEASURE_AFTER, self._measure)

    def _measure(self) -> None:
        """Count words and coded share in a thread, when nothing was coded for a moment."""
        self._measuring = None
        if not self.is_running or not hasattr(self, "page"):
            return
        if monotonic() - self._changed_at < _MEASURE_AFTER / 2:
            self._measuring = self.set_timer(_MEASURE_AFTER, self._measure)
            return
        from postil_tui.shell.transcript_figures import measured

        transcript, segments = self.session.transcript, list(self.session.records.segments.values())

        def show(found: Figures) -> None:
            if transcript is self.session.transcript:
                self.measured = found
                self.show_title()

        self.later(lambda: measured(transcript, segments), show, "")

    def _told(self, session: Session, saved: Written) -> None:
        """The saver's thread has written: tell the screen, in the app's own thread."""
        if self.is_running:
            self.call_later(self._saved, session, saved)  # does not wait: the app may be waiting for the saver

    def _saved(self, session: Session, saved: Written) -> None:
        if not self.is_running:
            return
        if saved.outside:
            change = session.take_over(saved.outside)
            if session is self.session:
                self.view.follow(change)
                self.say(*merged_words(saved.outside))
        if saved.status == "failed":
            self.say(*unsaved_words(saved.message, self.workspace.waiting()[1]))
        self.show_title()

    def look_outside(self, asked: bool = False) -> None:
        """See whether the layer changed on disk, and take it over."""
        unsaved = self.workspace.waiting()[0] if asked and self.workspace.status(self.session) == "failed" else 0
        if asked and self.workspace.holdings.look():
            self.app.ask_what_stays()
            return
        if asked:
            self.workspace.try_again()
        outside = self.workspace.changed_outside(self.session)
        if not outside and self.workspace.is_busy(self.session):
            self.set_timer(_MEASURE_AFTER, self.look_outside)
        if outside:
            self.view.follow(self.session.take_over(outside))
            self.say(f"changed outside: {bars.counted(len(outside), 'record')} read again", "warn")
            self.show_title()
            self._measure_soon()
        elif unsaved:
            self.say(f"writing again: {bars.counted(unsaved, 'record')} that could not be saved")
        elif asked:
            self.say("nothing changed outside")

    # --- bars --------------------------------------------------------------------------------------------------------

    def show_title(self) -> None:
        """Transcript and speakers left; coder, segments and saved right."""
        self.query_one("#title", Bar).set(*bars.title(self, self.bar_ink), self.bar_ink.plain)

    def show_slots(self) -> None:
        """The quick slots, and the code that `.` repeats."""
        held = bars.slots(self.workspace.slots, self.bar_ink, self.app.size.width)
        self.query_one("#slots", Bar).set(*held, self.bar_ink.plain)

    def status_idle(self) -> list[tuple[str, Style]]:
        """Where the cursor is, how much is selected, what is coded here."""
        return bars.place(self, self.bar_ink) if hasattr(self, "page") else []

    def code_here(self) -> str:
        """The code under the cursor, "" where there is none."""
        here = self.page.segments_here()
        return here[0].code_ids[0] if here and here[0].codes else ""

    # --- labels -------------------------------------------------------------------------------------------------------

    def _label(self, segment_id: str) -> Sequence[Sequence[MarginPiece]]:
        if not hasattr(self, "page"):
            return label_lines(self.session.records.segments[segment_id], [])
        records, coder = self.page.records, self.page.whose.get(segment_id, "")
        segment = self.page.segment(segment_id)
        assert segment is not None
        if coder in self.page.sight.notes:
            return [note_line(segment)]
        coder = OTHER_SIGN if coder and len(self.page.sight.others) == 1 else coder
        relations: list[tuple[Relation, str]] = [(r, self._target(records, r)) for r in records.leaving(segment_id)]
        return label_lines(segment, relations, coder)

    @staticmethod
    def _target(records: Records, relation: Relation) -> str:
        segment = records.segments.get(relation.target)
        return relation_target(relation, segment)

    # --- overlays ----------------------------------------------------------------------------------------------------

    def open_pick(self, pick: Pick, cell: tuple[int, int] | None = None) -> None:
        """Open the picker at a cell, or below (or above) what is selected."""
        from postil_tui.code.session.pick import ROWS
        from postil_tui.widgets.picker import WIDTH

        over = self.page.layout.rows_over(*self.page.selection.target(self.page.units))
        height = ROWS + 6
        below = over[-1] - self.view.top + 2
        y = below if below + height <= self.size.height - 2 else max(over[0] - self.view.top + 1 - height, 1)
        x = self.page.geometry.text_at
        if cell is not None:
            x, y = cell[0], max(min(cell[1] + 1, self.size.height - height), 1)
        x = min(x, max(self.size.width - WIDTH, 0))
        slots = {code: number for number, code in enumerate(self.workspace.slots.codes, 1) if code}
        self.picker.open(pick, self.ink, x, y, slots)
        self.ask(pick)

    def open_picker(self) -> Picker | None:
        """The picker, once it is there."""
        return self.__dict__.get("picker")

    def end_prompt(self) -> None:
        """The question is answered."""
        self.prompt = None

    def toggle_pin(self, code: str) -> None:
        """Pin a code to its digit, or free the digit; what a digit means changes with a message alone."""
        slots = self.workspace.slots
        before = list(slots.codes)
        pinned = slots.toggle_pin(code)
        self.show_slots()
        changed = next((n for n, (old, new) in enumerate(zip(before, slots.codes, strict=True), 1) if old != new), 0)
        if pinned and (number := slots.number(code)):
            old = before[number - 1]
            instead = f", no longer {shown(old)}" if old not in (None, code) else ""
            self.say(f"{number} is {shown(code)} and stays so{instead}", "good")
        elif changed:
            self.say(f"{changed} is free: the next code without a digit takes it", "good")

    def make_code(self, new: NewCode, act: Callable[[str], None], origin: str = "") -> None:
        """Make a code in the codebook, then use it."""
        self.workspace.add_code(new, origin or "emergent")
        self.app.codebook_changed()
        act(new.id)

    def open_memo(self, title: str, text: str, keep: Callable[[str], None]) -> None:
        """Write a memo below the text."""
        self.memo.open(title, text, keep)

    def open_card(self, code: str) -> None:
        """Say what a code means."""
        from postil_tui.shell.screens.card import CardScreen

        self.app.push_screen(CardScreen(self.session.codebook, code, self.ink))

    def show_source(self, layers: list[Layer]) -> None:
        """Show the notes of the source beside the codings, or the codings alone again."""
        notes = {layer.header.coder: layer.segments for layer in layers}
        self.page.look_at(msgspec.structs.replace(self.page.sight, notes=notes))
        self.page.moved()
        self.view.repaint()

    # --- mouse -------------------------------------------------------------------------------------------------------

    @on(TranscriptView.Pressed)
    def _pressed(self, event: TranscriptView.Pressed) -> None:
        from postil_tui.code.parts.mouse import pressed

        self._guarded(lambda: pressed(self, event))

    @on(TranscriptView.EndDragged)
    def _end_dragged(self, event: TranscriptView.EndDragged) -> None:
        from postil_tui.code.parts.mouse import end_dragged

        self._guarded(lambda: end_dragged(self, event))

    @on(TranscriptView.EndReleased)
    def _end_released(self, event: TranscriptView.EndReleased) -> None:
        from postil_tui.code.parts.mouse import end_released

        self._guarded(lambda: end_released(self, event.segment))

    @on(Bar.Pressed, "#slots")
    def _slot_pressed(self, event: Bar.Pressed) -> None:
        from postil_tui.code.parts.mouse import on_slots

        self._guarded(lambda: on_slots(self, event))

    @on(TranscriptView.Dragged)
    def _dragged(self, event: TranscriptView.Dragged) -> None:
        from postil_tui.code.parts.mouse import dragged

        self._guarded(lambda: dragged(self, event.offset))

    @on(Rows.Moved)
    def _listed(self, event: Rows.Moved) -> None:
        self.listing.go_to(event.row)
        self.stray.go_to(event.row)

    @on(TranscriptView.Resized)
    def _resized(self) -> None:
        self.show_title()
        self.show_slots()
        self.show_status()
