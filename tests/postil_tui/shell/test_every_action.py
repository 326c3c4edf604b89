"""Every action of every screen, by every one of its keys: it shows an effect there, or says why not.

The illustrative study is opened, the screen is gone to, the key is pressed, and the picture is another one afterwards.
What an action does in detail is in the tests of its screen; `tests/postil_tui/shell/test_actions.py` has those of the
code screen.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from textual.pilot import Pilot

from postil_study.history.codebook_changes import set_field
from postil_study.illustrative import lay_down
from postil_tui.shell.actions import ACTIONS, actions_of
from postil_tui.shell.screens.base import PostilScreen
from tests.shots import SCENES, Scene, app_of, rest

PICKED = 8
SIZE = (80, 24)
LONG_MEMO = "---\nabout: study\nauthor: ana\ndate: 2030-01-01\n---\n" + "A thought.\n\n" * 40
WAYS = {  # context: keys that lead to it
    "home": "",
    "codebook": "f4",
    "compare": "f6",
    "overview": "f7",
    "search": "f8 f i n d - p t m enter",
    "memos": "g e",
    "themes": "g a",
    "matrix": "g x",
    "guide": "g i",
    "model": "f10",
    "evidence": "f10 tab tab enter",
    "team": "g r",
    "recode": "g u",
    "everywhere": "f4",
}
BACK = ("up", "page_up", "half_up", "first", "previous_difference", "previous_person", "previous_transcript")
FIRST = {  # keys before, where the action has nothing to do at the start
    ("everywhere", "codebook"): "f2",
    ("compare", "line_up"): "pagedown",
    ("themes", "back"): "tab",
    ("matrix", "back"): "tab",
    ("matrix", "cell_left"): "l",
    ("team", "cell_left"): "l",
    ("model", "walk_up"): "tab tab",
    ("model", "walk_left"): "tab tab right",
    ("model", "page_up"): "pagedown pagedown",
    ("overview", "down"): "tab",
    ("overview", "page_down"): "tab",
    ("overview", "up"): "tab j j",
    ("overview", "page_up"): "tab pagedown",
    ("guide", "answer_up"): "J",
    ("memos", "memo_up"): "J",
    ("recode", "up"): "j",
    ("recode", "passage_up"): "J",
}
ELSEWHERE = {"code", "import", "conflicts"}  # contexts with a test of their own


def first(context: str, action: str) -> str:
    """Keys that bring something to do for the action."""
    return FIRST.get((context, action), "j j j" if action in BACK else "")


CASES = [
    (context, action.id, key)
    for context in WAYS
    for action in ACTIONS
    if action.context == context and context not in ELSEWHERE
    for key in action.keys
]


def test_every_context_is_gone_to() -> None:
    assert {action.context for action in ACTIONS} == set(WAYS) | ELSEWHERE


async def pressed(pilot: Pilot[int], keys: str) -> None:
    for key in keys.split():
        await pilot.press(key)
        await rest(pilot)


def seen(pilot: Pilot[int]) -> tuple[str, object]:
    """What a person sees, and whether the app ends."""
    app = pilot.app
    return app.export_screenshot() if app.is_running else "", app._exit


async def try_out(case: tuple[str, str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, action, key = case
    root = folder / "study"
    lay_down(root)
    monkeypatch.setenv("EDITOR", "true")
    if context == "memos":
        (root / "memos" / "long.md").write_text(LONG_MEMO, "utf-8")
    if context == "recode":
        set_field(root, "find-ptm", "include", "whenever a model is looked for").apply()
    app = app_of(Scene("", transcript=None), root)
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        await pressed(pilot, WAYS[context])
        await pressed(pilot, first(context, action))
        screen = app.screen
        assert isinstance(screen, PostilScreen)
        assert context == "everywhere" or context == screen.CONTEXT
        assert any(one.id == action for one in actions_of(screen.CONTEXT) if screen.can(one)), "not in the palette"
        before = seen(pilot)
        await pressed(pilot, key)
        assert seen(pilot) != before, f"{context}: {key} ({action}) shows nothing"


SOME = random.Random(f"{len(CASES)} keys").sample(CASES, PICKED)


@pytest.mark.parametrize("case", SOME, ids=str)
async def test_some_keys_do_something(
    case: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await try_out(case, tmp_path, monkeypatch)


@pytest.mark.prove
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_every_key_does_something(
    case: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await try_out(case, tmp_path, monkeypatch)


def test_the_scenes_show_every_place() -> None:
    shown = {way for scene in SCENES.values() for way in WAYS.values() if way and scene.keys.startswith(way)}
    assert shown >= {way for way in WAYS.values() if way} - {WAYS["search"]}
