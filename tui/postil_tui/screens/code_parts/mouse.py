"""The mouse on the text: click, double and triple click, the speaker, brackets and labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postil_tui.text.motion import Unit
from postil_tui.widgets.transcript_view import TranscriptView

if TYPE_CHECKING:
    from postil_tui.screens.code import CodeScreen

_BY_CLICKS: dict[int, Unit] = {2: "word", 3: "sentence", 4: "turn"}


def pressed(desk: CodeScreen, event: TranscriptView.Pressed) -> None:
    """Do what a click means where it fell."""
    page = desk.page
    if event.place == "gutter":
        page.selection.select(page.units.turn(event.offset), cursor_at_end=False)
        desk.moved()
    elif event.place == "margin" and event.segment in page.records.segments:
        _to_segment(desk, event.segment)
    elif event.chain > 1:
        page.selection.select(page.units.at(_BY_CLICKS.get(event.chain, "turn"), event.offset))
        desk.moved()
    elif event.button == 3:
        desk.coding.do_pick()
    elif event.place == "text":
        page.selection.clear()
        page.selection.cursor = page.layout.clamp(event.offset)
        desk.moved()


def _to_segment(desk: CodeScreen, segment_id: str) -> None:
    segment = desk.page.records.segments[segment_id]
    if segment.start is not None and segment.end is not None:
        desk.page.selection.select((segment.start, segment.end), cursor_at_end=False)
        desk.page.selection.settled = True
        desk.moved()
