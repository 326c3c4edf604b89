"""A list of rows: one is highlighted, it stays in sight, and only what is seen is painted."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual.app import App, ComposeResult

from postil_tui.widgets.rows import Line, Rows


class Listing(App[None]):
    def __init__(self, count: int) -> None:
        super().__init__()
        self.count, self.painted = count, set[int]()

    def compose(self) -> ComposeResult:
        yield Rows("rows")

    def fill(self) -> Rows:
        rows = self.query_one(Rows)
        rows.show(self.count, self.line, Style(), empty=(("nothing here", Style()),))
        return rows

    def line(self, row: int, chosen: bool, width: int) -> Line:
        self.painted.add(row)
        return ((f"{'>' if chosen else ' '}row {row}", Style()),)


@pytest.mark.parametrize(
    ("by", "index"), [(1, 1), (5000, 999), (-3, 0), (50, 50)], ids=["next", "beyond the end", "before the start", "far"]
)
async def test_moving_stops_at_the_ends_and_the_row_is_in_sight(by: int, index: int) -> None:
    app = Listing(1000)
    async with app.run_test(size=(40, 10)) as pilot:
        rows = app.fill()
        rows.move(by)
        await pilot.pause()
        assert rows.index == index and rows.top <= index < rows.top + rows.room
        seen = "\n".join("".join(cell.text for cell in rows.render_line(y)) for y in range(10))
        assert f">row {index}" in seen and seen.count(">") == 1


async def test_of_a_long_list_only_what_is_seen_is_painted() -> None:
    app = Listing(100_000)
    async with app.run_test(size=(40, 10)) as pilot:
        app.fill()
        await pilot.pause()
        assert 0 < len(app.painted) <= 10


async def test_a_list_that_shrank_highlights_its_last_row_and_an_empty_one_says_so() -> None:
    app = Listing(20)
    async with app.run_test(size=(40, 10)) as pilot:
        app.fill().move(19)
        app.count = 3
        rows = app.fill()
        assert rows.index == 2
        app.count = 0
        rows = app.fill()
        await pilot.pause()
        assert rows.index == 0
        assert "nothing here" in "".join(cell.text for y in range(10) for cell in rows.render_line(y))
