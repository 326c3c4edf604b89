"""The mouse: click, double and triple click, the speaker, brackets and labels, the ends of brackets, the slots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postil_tui.text.motion import Unit
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.transcript_view import TranscriptView

if TYPE_CHECKING:
    from postil_tui.code.screen import CodeScreen

_BY_CLICKS: dict[int, Unit] = {2: "word", 3: "sentence", 4: "turn"}


def pressed(screen: CodeScreen, event: TranscriptView.Pressed) -> None:
    """Do what a click means where it fell."""
    page = screen.page
    if event.button == 3:
        _menu(screen, event)
    elif event.place == "gutter":
        page.selection.select(page.units.turn(event.offset), cursor_at_end=False)
        screen.moved()
    elif event.place == "margin" and event.segment in page.records.segments:
        _to_segment(screen, event.segment)
    elif event.chain > 1:
        page.selection.select(page.units.at(_BY_CLICKS.get(event.chain, "turn"), event.offset))
        screen.moved()
    elif event.place == "text":
        page.selection.clear()
        page.selection.cursor = page.layout.clamp(event.offset)
        screen.moved()


def _to_segment(screen: CodeScreen, segment_id: str) -> None:
    segment = screen.page.records.segments[segment_id]
    if segment.start is not None and segment.end is not None:
        screen.page.selection.select((segment.start, segment.end), cursor_at_end=False)
        screen.page.selection.settled = True
        screen.moved()


def _menu(screen: CodeScreen, event: TranscriptView.Pressed) -> None:
    """The codes, those of the slots first, at the mouse: for the words selected, or the sentence clicked."""
    selection = screen.page.selection
    span = selection.span
    if event.place == "margin" and event.segment in screen.page.records.segments:
        _to_segment(screen, event.segment)
    elif span is None or not span[0] <= event.offset < span[1]:
        selection.clear()
        selection.cursor = screen.page.layout.clamp(event.offset)
        screen.moved()
    screen.coding.pick_at(event.cell)


def dragged(screen: CodeScreen, offset: int) -> None:
    """Select from where the button went down to where the mouse is."""
    if offset != screen.page.selection.cursor:
        screen.page.selection.extend(offset, screen.page.units)
        screen.moved()


def end_dragged(screen: CodeScreen, event: TranscriptView.EndDragged) -> None:
    """Show which words the segment would have: whole words up to the mouse, whole rows beside the text."""
    page = screen.page
    segment = screen.session.records.segments.get(event.segment)
    if segment is None or segment.start is None or segment.end is None:
        return
    start, end = segment.start, segment.end
    to = event.offset if event.offset is not None else page.layout.row_span(event.row)[event.end != "top"]
    is_start = event.end == "top" or (event.end == "single" and abs(to - start) < abs(to - end))
    if is_start:
        start = min(page.units.at("word", to)[0] if event.offset is not None else to, end - 1)
    else:
        end = max(page.units.at("word", to)[1] if event.offset is not None else to, start + 1)
    if page.selection.span != (start, end):
        page.selection.select((start, end), cursor_at_end=not is_start)
        screen.moved(quiet=True)
        screen.say("let go: these are its borders then   back where it was: nothing changes")


def end_released(screen: CodeScreen, segment_id: str) -> None:
    """Give the segment the borders that were shown."""
    segment = screen.session.records.segments.get(segment_id)
    span = screen.page.selection.span
    if segment is None or span is None:
        return
    if screen.session.trimmed(span) == (segment.start, segment.end):
        screen.say("borders unchanged")
        return
    screen.coding.keep_borders(segment, span)


def on_slots(screen: CodeScreen, event: Bar.Pressed) -> None:
    """A slot was clicked: its code goes on; with the right button it is pinned, or let go. The last code: again."""
    if event.is_right:
        screen.coding.do_again()
        return
    number = event.words(event.number - event.number % 2)
    code = screen.workspace.slots.code(int(number)) if number.isdigit() else None
    if code is None:
        return
    if event.button == 3:
        screen.toggle_pin(code)
    else:
        screen.coding.apply(code)
