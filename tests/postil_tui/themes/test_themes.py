"""Themes and the framework matrix as a person works with them: keys in; files, rows and cells out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from postil_study.files.charts import load_charts
from postil_study.study import open_study
from postil_tui.code.screen import CodeScreen
from postil_tui.themes.matrix_screen import MatrixScreen
from postil_tui.themes.screen import ThemesScreen
from postil_tui.themes.state import ThemeRow
from tests.tui_study import coding, make_study, type_keys

THEMES = """\
# what we arrive at
themes:
  - id: crowd
    label: The crowd decides
    codes: [popularity]   # so far

  - {id: own, label: The own test, codes: [evaluate]}
"""
HUB, MEASURED = "We looked at the hub.", "Later we measured."


def themed(root: Path) -> Path:
    make_study(root)
    settings = (root / "study.yaml").read_text("utf-8")
    (root / "study.yaml").write_text(f"{settings}themes: codebook/themes.yaml\n", "utf-8")
    (root / "codebook/themes.yaml").write_text(THEMES, "utf-8")
    return root


async def settle(pilot: Pilot[int]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@asynccontextmanager
async def at_themes(root: Path, size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[Pilot[int], ThemesScreen]]:
    """The themes screen, with two sentences of I01 coded: popularity, evaluate."""
    async with coding(root, size) as (pilot, _):
        await type_keys(pilot, "}scpopu<enter>")
        await type_keys(pilot, ")))scevalu<enter>ga")
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, ThemesScreen)
        yield pilot, screen


@asynccontextmanager
async def at_matrix(root: Path, size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[Pilot[int], MatrixScreen]]:
    async with at_themes(root, size) as (pilot, _):
        await type_keys(pilot, "gx")
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, MatrixScreen)
        yield pilot, screen


def codes_of(root: Path) -> dict[str, tuple[str, ...]]:
    return {theme.id: theme.codes for theme in open_study(root).themes}


def cells(root: Path) -> dict[tuple[str, str], tuple[str, int]]:
    found, problems = load_charts(root)
    assert problems == []
    return {(cell.row, cell.column): (cell.summary, len(cell.segments)) for cell in found}


async def test_themes_stand_with_their_codes_and_the_loose_ones_below(tmp_path: Path) -> None:
    async with at_themes(themed(tmp_path)) as (_, screen):
        assert screen.listed == [
            ThemeRow("theme", "crowd"),
            ThemeRow("code", "crowd", "popularity"),
            ThemeRow("theme", "own"),
            ThemeRow("code", "own", "evaluate"),
            ThemeRow("heading"),
            ThemeRow("code", "", "find-ptm"),
            ThemeRow("code", "", "documentation"),
            ThemeRow("code", "", "trust"),
        ]
        assert [quote.text for quote in screen.quotes] == [HUB]


async def test_quotes_lead_to_their_place(tmp_path: Path) -> None:
    async with at_themes(themed(tmp_path)) as (pilot, screen):
        await type_keys(pilot, "jj<tab>")
        assert screen.quote is not None and screen.quote.text == MEASURED
        await type_keys(pilot, "<enter>")
        await settle(pilot)
        assert isinstance(pilot.app.screen, CodeScreen)


async def test_a_loose_code_goes_under_a_theme_by_its_digit(tmp_path: Path) -> None:
    root = themed(tmp_path)
    async with at_themes(root) as (pilot, screen):
        await type_keys(pilot, "jjjjj1")
        assert codes_of(root)["crowd"] == ("popularity", "find-ptm")
        assert "codes: [popularity, find-ptm]   # so far" in (root / "codebook/themes.yaml").read_text("utf-8")
        await type_keys(pilot, "u")
        assert (root / "codebook/themes.yaml").read_text("utf-8") == THEMES
        assert "find-ptm under crowd" in screen.said


async def test_assign_by_list_and_by_picker(tmp_path: Path) -> None:
    root = themed(tmp_path)
    async with at_themes(root) as (pilot, screen):
        await type_keys(pilot, "jjjjja")
        await type_keys(pilot, "2")
        assert codes_of(root)["own"] == ("evaluate", "find-ptm")
        assert screen.row == ThemeRow("code", "own", "find-ptm")
        await type_keys(pilot, "atrus<enter>")
        assert codes_of(root)["own"] == ("evaluate", "find-ptm", "trust")


async def test_codes_are_taken_away_and_moved(tmp_path: Path) -> None:
    root = themed(tmp_path)
    async with at_themes(root) as (pilot, _):
        await type_keys(pilot, "jv")
        await type_keys(pilot, "2")
        assert codes_of(root) == {"crowd": (), "own": ("evaluate", "popularity")}
        await type_keys(pilot, "x")
        assert codes_of(root)["own"] == ("evaluate",)
        await type_keys(pilot, "uu")
        assert (root / "codebook/themes.yaml").read_text("utf-8") == THEMES


async def test_a_theme_is_made_of_a_loose_code_named_worded_and_deleted(tmp_path: Path) -> None:
    root = themed(tmp_path)
    async with at_themes(root) as (pilot, screen):
        await type_keys(pilot, "jjjjjnGetting it: [b]<enter>")
        assert codes_of(root)["getting-it-b"] == ("find-ptm",)
        await type_keys(pilot, "r!<enter>d")
        await settle(pilot)
        await type_keys(pilot, "It is said.<escape>")
        theme = open_study(root).themes[-1]
        assert (theme.label, theme.definition) == ("Getting it: [b]!", "It is said.")
        assert screen.row == ThemeRow("theme", "getting-it-b")
        await type_keys(pilot, "xy")
        assert list(codes_of(root)) == ["crowd", "own"]


async def test_a_study_without_themes_gets_its_first(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with at_themes(root) as (pilot, _):
        await type_keys(pilot, "nThe first<enter>")
        assert list(codes_of(root)) == ["the-first"]
        assert open_study(root).settings.themes == "codebook/themes.yaml"


async def test_a_newer_change_on_disk_is_not_undone(tmp_path: Path) -> None:
    root = themed(tmp_path)
    async with at_themes(root) as (pilot, screen):
        await type_keys(pilot, "jx")
        (root / "codebook/themes.yaml").write_text(THEMES + "# mine\n", "utf-8")
        await type_keys(pilot, "u")
        assert "was changed since" in screen.said
        assert (root / "codebook/themes.yaml").read_text("utf-8").endswith("# mine\n")
        screen.codebook_changed()  # what the watcher of files does, sooner or later
        await settle(pilot)
        assert "was changed since" in screen.said


async def drag(pilot: Pilot[int], start: int, end: int) -> None:
    """Drag from one line of the list to another."""
    await pilot.mouse_down("#view", offset=(12, start))
    await pilot.hover("#view", offset=(12, end))
    await pilot.pause()
    await pilot.mouse_up("#view", offset=(12, end))
    await settle(pilot)


async def test_codes_are_dragged_onto_themes_from_one_to_another_and_out_again(tmp_path: Path) -> None:
    root = themed(tmp_path)
    async with at_themes(root) as (pilot, screen):
        line = screen.listed.index(ThemeRow("code", "", "trust")) + 1  # below the heading of the list
        await pilot.mouse_down("#view", offset=(12, line))
        await pilot.hover("#view", offset=(12, 1))
        await pilot.pause()
        assert screen.said == "trust → crowd: let go to put it there"
        await pilot.mouse_up("#view", offset=(12, 1))
        await settle(pilot)
        assert codes_of(root)["crowd"] == ("popularity", "trust")
        assert screen.row == ThemeRow("code", "crowd", "trust")
        await drag(pilot, 3, screen.listed.index(ThemeRow("theme", "own")) + 1)
        assert codes_of(root) == {"crowd": ("popularity",), "own": ("evaluate", "trust")}
        await drag(pilot, screen.listed.index(ThemeRow("code", "own", "trust")) + 1, len(screen.listed))
        assert codes_of(root)["own"] == ("evaluate",)
        await type_keys(pilot, "uuu")
        assert (root / "codebook/themes.yaml").read_text("utf-8") == THEMES
        await drag(pilot, 1, 3)  # a theme is not dragged
        assert (root / "codebook/themes.yaml").read_text("utf-8") == THEMES


# --- the matrix ------------------------------------------------------------------------------------------------------


async def test_a_cell_is_written_at_once_and_taken_back(tmp_path: Path) -> None:
    root = themed(tmp_path)
    async with at_matrix(root) as (pilot, screen):
        assert screen.place is not None and screen.place[0] == "P01"
        await type_keys(pilot, "<enter>")
        await settle(pilot)
        await type_keys(pilot, "Goes by [the] crowd.<escape>")
        assert cells(root) == {("P01", "crowd"): ("Goes by [the] crowd.", 0)}
        await settle(pilot)
        assert "[the]" in pilot.app.export_screenshot()
        await type_keys(pilot, "u")
        assert cells(root) == {}


async def test_a_cell_rests_on_quotes_chosen_by_space(tmp_path: Path) -> None:
    root = themed(tmp_path)
    async with at_matrix(root) as (pilot, screen):
        await type_keys(pilot, "l<tab> ")
        segments = load_charts(root)[0][0].segments
        assert [q.text for q in screen.quotes if q.segment in segments] == [MEASURED]
        await type_keys(pilot, " ")
        assert cells(root) == {}


async def test_arrows_go_about_and_escape_comes_back(tmp_path: Path) -> None:
    async with at_matrix(themed(tmp_path)) as (pilot, screen):
        await type_keys(pilot, "<right><down>")
        assert screen.place is not None
        assert (screen.place[0], screen.place[1].id) == ("P02", "own")
        await type_keys(pilot, "<up><tab>")
        assert screen.on_quotes
        await type_keys(pilot, "<escape>")
        assert not screen.on_quotes


async def test_a_cell_is_emptied_after_asking(tmp_path: Path) -> None:
    root = themed(tmp_path)
    (root / "charts").mkdir()
    (root / "charts/P01.yaml").write_text("crowd: {summary: old, segments: [gonegonego]}\n", "utf-8")
    async with at_matrix(root) as (pilot, screen):
        assert screen.chart is not None and screen.chart.lost("P01", "crowd") == 1
        await type_keys(pilot, "xn<escape>")
        assert ("P01", "crowd") in cells(root)
        await type_keys(pilot, "xy")
        assert cells(root) == {}


async def test_the_matrix_is_written_to_files(tmp_path: Path) -> None:
    root = themed(tmp_path)
    async with at_matrix(root) as (pilot, _):
        for key in "xhc":
            await type_keys(pilot, f"w{key}")
            await settle(pilot)
        assert sorted(file.name for file in (root / "exports").iterdir()) == [
            "framework.csv",
            "framework.html",
            "framework.xlsx",
        ]


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 45)])
async def test_both_screens_fit_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_matrix(themed(tmp_path), size) as (pilot, _):
        assert "crowd" in pilot.app.export_screenshot()
        await type_keys(pilot, "ga")
        await settle(pilot)
        assert "crowd" in pilot.app.export_screenshot()


async def test_without_themes_the_matrix_says_where_they_are_made(tmp_path: Path) -> None:
    async with at_matrix(make_study(tmp_path)) as (pilot, screen):
        assert screen.place is None
        await type_keys(pilot, "<enter><tab> xu")
        assert "themes" in pilot.app.export_screenshot()


async def test_the_mouse_goes_to_cells_and_opens_them(tmp_path: Path) -> None:
    async with at_matrix(themed(tmp_path)) as (pilot, screen):
        grid = screen.grid
        x = grid.name_width + grid.column_width + 3
        await pilot.click("#view", offset=(x, 4))
        await pilot.pause()
        assert (grid.row, grid.column) == (1, 1)
        await pilot.click("#view", offset=(grid.name_width + 3, 2), times=2)
        await settle(pilot)
        assert (grid.row, grid.column) == (0, 0)
        await type_keys(pilot, "By mouse.<escape>")
        assert cells(tmp_path) == {("P01", "crowd"): ("By mouse.", 0)}
