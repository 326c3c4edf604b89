"""The list of transcripts: what a row says of each, and where a row leads to."""

from __future__ import annotations

from pathlib import Path

from rich.style import Style

from postil_tui.code.screen import CodeScreen
from postil_tui.home.screen import HomeScreen
from postil_tui.shell.actions import ACTIONS
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config
from tests.postil_tui.codebook.test_codebook import settle
from tests.tui_study import make_study


def text_of(line: object) -> str:
    return "".join(text for text, _ in line)  # type: ignore[attr-defined]


async def test_a_row_for_each_transcript_and_enter_opens_the_one_below_the_cursor(tmp_path: Path) -> None:
    app = PostilApp(make_study(tmp_path), coder="ana", config=Config())
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, HomeScreen) and screen.rows.count == 2
        painted = [text_of(screen.rows._paint(row, False, 100)) for row in range(2)]
        assert "I01" in painted[0] and "I02" in painted[1]
        assert isinstance(screen.rows._ground, Style)
        await pilot.press("down")
        await settle(pilot)
        assert screen.rows.index == 1
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, CodeScreen) and app.screen.page.transcript.id == "I02"


async def test_a_finished_transcript_is_marked_and_the_file_says_so(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    app = PostilApp(root, coder="ana", config=Config())
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, HomeScreen)
        before = text_of(screen.rows._paint(0, False, 100))
        await pilot.press("D", "y")
        await settle(pilot)
        assert text_of(screen.rows._paint(0, False, 100)) != before
    assert "done" in (root / "codings/ana/I01.jsonl").read_text("utf-8").split("\n")[0]


def test_in_every_list_the_arrows_move_as_the_letters_do() -> None:
    for action in ACTIONS:
        if action.id in ("down", "up"):
            assert {"down": {"j", "down"}, "up": {"k", "up"}}[action.id] <= set(action.keys), action
