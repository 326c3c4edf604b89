"""The tutorial: it goes on when a thing was done, can be left at any time, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from platformdirs import user_state_path
from textual.pilot import Pilot

from postil_tui.code.screen import CodeScreen
from postil_tui.shell.actions import KeyMap
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config
from postil_tui.shell.screens.welcome import WelcomeScreen
from postil_tui.tutorial.app import TutorialApp
from postil_tui.tutorial.bar import TutorialCard
from postil_tui.tutorial.run import tutorial_study
from postil_tui.tutorial.steps import STEPS, Course, Seen, worded
from tests.tui_study import make_study, type_keys

# step, the keys a person presses for it
KEYS = [
    ("read", "}}"),
    ("select", "s"),
    ("code", "cpop<enter>"),
    ("again", ")."),
    ("undo", "u"),
    ("memo", "<shift+tab>m"),
    ("relation", ")ceval<enter>r<shift+tab><enter>b"),
    ("cue", "vww<enter><enter>"),
    ("quotes", "<f5>"),
    ("model", "go"),
    ("walk", "<down>"),
    ("behind", "<down><enter>"),
    ("there", "<enter>"),
]


@asynccontextmanager
async def learning(size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[Pilot[int], TutorialApp]]:
    with tutorial_study() as root:
        app = TutorialApp(root, Config())
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await pilot.pause()
            yield pilot, app


def card(app: PostilApp) -> str:
    return app.screen.query_one(TutorialCard).text


async def do(pilot: Pilot[int], app: TutorialApp, keys: str) -> None:
    await type_keys(pilot, keys)
    await app.workers.wait_for_complete()
    await pilot.pause()
    app.look()
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)], ids=str)
async def test_the_whole_course(size: tuple[int, int]) -> None:
    async with learning(size) as (pilot, app):
        for step, keys in KEYS:
            assert app.course.step.id == step, card(app)
            assert STEPS[app.course.at].title in card(app)
            await do(pilot, app, keys)
            if step == "memo":
                assert app.course.step.id == "memo"  # not before something was written
                await do(pilot, app, "why not<ctrl+s>")
        assert app.course.step.id == "end" and isinstance(app.screen, CodeScreen)
        relations = list(app.screen.session.records.relations.values())
        assert not relations or all(relation.type == "goes-back-to" for relation in relations)


async def test_nothing_goes_on_by_itself() -> None:
    async with learning() as (pilot, app):
        await do(pilot, app, "jk")
        assert app.course.step.id == "read"
        await do(pilot, app, "}}")
        assert app.course.step.id == "select"
        await do(pilot, app, "jjk")
        assert app.course.step.id == "select"


async def test_a_step_can_be_passed_over() -> None:
    async with learning() as (pilot, app):
        for _ in range(len(STEPS) + 3):
            await do(pilot, app, "<ctrl+n>")
        assert app.course.step.id == "end" and "That was it" in card(app)
        app.do_tutorial()
        assert app.course.step.id == "read"


async def test_the_card_is_on_every_screen() -> None:
    async with learning() as (pilot, app):
        for keys in ("<f2>", "<f4>", "<f7>", "go", "<enter>", "<f3>"):
            await do(pilot, app, keys)
            await pilot.pause()
            assert "Reading" in card(app)
            assert len(app.screen.query(TutorialCard)) == 1


async def test_it_can_be_left_and_nothing_is_kept(tmp_path: Path) -> None:
    with tutorial_study() as root:
        app = TutorialApp(root, Config())
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            await do(pilot, app, "}}scpop<enter>")
            assert (root / "codings" / "you" / "I01.jsonl").is_file()
            await pilot.press("q")
            await pilot.pause()
        assert app.return_code == 0
    assert not root.exists()
    assert [path for path in user_state_path("postil").rglob("*") if path.is_file()] == []


async def test_the_words_name_this_persons_keys() -> None:
    step = next(step for step in STEPS if step.id == "undo")
    text = "".join(part for part, _ in worded(step, {"undo": ("U",)}))
    assert text.startswith("U takes the last thing back, and ^r")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_every_key_that_is_named_exists(step: object) -> None:
    from postil_tui.tutorial.steps import TutorialStep

    assert isinstance(step, TutorialStep)
    assert all(part != "?" for part, role in worded(step, {}) if role == "key")
    assert KeyMap(step.context).context == step.context


def test_a_course_ends_with_its_last_step() -> None:
    course = Course()
    for _ in range(40):
        course.go_on(Seen())
    assert course.step.id == "end" and not course.look(Seen("code", 9, 9, 9, 9, 9))


async def test_the_welcome_screen_leads_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = PostilApp(None, config=Config())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, WelcomeScreen)
        await pilot.press("t")
        await pilot.pause()
    assert app.tutorial_wanted and app.return_code == 0


async def test_the_palette_leads_there_from_everywhere(tmp_path: Path) -> None:
    app = PostilApp(make_study(tmp_path), "I01", "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await type_keys(pilot, ":tutorial<enter>")
    assert app.tutorial_wanted and app.return_code == 0


async def test_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with learning((80, 24)) as (_, app):
        assert "Reading" in card(app)
