"""The mouse on the code screen: the ends of brackets, the slots, the menu at the right button, hints that are keys."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from postil_tui.code.screen import CodeScreen
from postil_tui.code.session.pick import Pick
from postil_tui.widgets.bars import Bar
from tests.tui_study import codes, coding, make_study, type_keys

FIRST = "We looked at the hub."


def lane_of(screen: CodeScreen) -> tuple[int, int, int]:
    """Column of the bracket, its first and its last row."""
    (segment,) = screen.session.records.segments
    first, last = screen.page.lanes.rows[segment]
    return screen.page.geometry.lanes_at + screen.page.lanes.lane[segment], first, last


async def drag(pilot: Pilot[int], start: tuple[int, int], end: tuple[int, int]) -> None:
    await pilot.mouse_down("#view", offset=start)
    await pilot.hover("#view", offset=((start[0] + end[0]) // 2, end[1]))
    await pilot.hover("#view", offset=end)
    await pilot.mouse_up("#view", offset=end)
    await pilot.pause()


async def test_the_end_of_a_bracket_is_dragged_to_a_word(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path), size=(100, 36)) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "}t1<escape>")
        words = codes(screen)[0][0]
        assert words.startswith(FIRST) and words.endswith("hub.")
        column, first, last = lane_of(screen)
        assert last > first
        row = screen.page.layout.text.index("Later")
        inside = screen.page.geometry.text_at + screen.page.layout.column_of(screen.page.layout.row_of(row), row) + 2
        await drag(pilot, (column, last), (inside, screen.page.layout.row_of(row)))
        assert codes(screen)[0][0].endswith("documented.\nLater") and "borders of" in screen.said
        column, first, last = lane_of(screen)
        await drag(pilot, (column, first), (screen.page.geometry.text_at + 4, first))
        assert codes(screen)[0][0].startswith("looked at the hub.")
        await type_keys(pilot, "uu")
        assert codes(screen)[0][0] == words


async def test_a_bracket_is_dragged_by_rows_beside_the_text(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path), size=(100, 36)) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "}s1<escape>")
        column, first, last = lane_of(screen)
        assert first == last
        await drag(pilot, (column, first), (column, first + 1))
        text, layout = screen.page.transcript.text, screen.page.layout
        assert codes(screen)[0][0] == text[text.index(FIRST) : layout.row_span(first + 1)[1]].strip()
        await type_keys(pilot, "u")
        column, first, last = lane_of(screen)
        await pilot.click("#view", offset=(column, first))  # only a click: the segment is looked at
        assert codes(screen)[0][0] == FIRST
        assert screen.page.selection.span is not None


async def test_slots_are_clicked_and_pinned(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        for code in ("trust", "evaluate", "popularity"):
            screen.workspace.slots.use(code)
        screen.show_slots()
        bar = screen.query_one("#slots", Bar).text
        await pilot.click("#slots", offset=(bar.index("evaluate") + 2, 0))
        await pilot.pause()
        assert codes(screen)[0][1] == ("evaluate",) and "evaluate →" in screen.said
        await pilot.click("#slots", offset=(1, 0))  # the digit is as good as the word
        await pilot.pause()
        assert codes(screen)[0][1] == ("evaluate", "trust")
        await pilot.click("#slots", offset=(bar.index("popularity") + 2, 0), button=3)
        await pilot.pause()
        assert screen.workspace.slots.pinned == {"popularity"} and "3 is popularity and stays so" in screen.said
        assert "popularity*" in screen.query_one("#slots", Bar).text
        await type_keys(pilot, "}")
        await pilot.click("#slots", offset=(118, 0))  # the last code, at the right
        await pilot.pause()
        assert codes(screen)[-1] == (FIRST, ("trust",))


async def test_the_right_button_opens_the_codes_at_the_mouse_those_of_the_slots_first(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        for code in ("trust", "evaluate"):
            screen.workspace.slots.use(code)
        row = screen.page.layout.row_of(screen.page.transcript.text.index("We looked"))
        await pilot.click("#view", offset=(screen.page.geometry.text_at + 3, row), button=3)
        await pilot.pause()
        assert isinstance(screen.prompt, Pick) and screen.prompt.found[:2] == ["trust", "evaluate"]
        assert FIRST in screen.prompt.title
        offset = screen.picker.styles.offset
        assert offset.x.value == screen.page.geometry.text_at + 3 and offset.y.value == row + 2
        await pilot.click("#picker", offset=(6, 3))
        await pilot.pause()
        assert codes(screen) == [(FIRST, ("evaluate",))] and screen.prompt is None
