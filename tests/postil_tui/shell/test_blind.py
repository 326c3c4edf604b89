"""A blind round, and another coder at the same keyboard: no screen shows what is not for the eyes in front of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from postil_study.illustrative import lay_down
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config
from postil_tui.widgets.bars import Bar
from tests.postil_tui.codebook.test_codebook import settle
from tests.tui_study import type_keys

# a word that only ben's memos hold, and the screens that could show it or count it
SECRET = "zebrafish"
PLACES = [
    "home", "codebook", "search", "memos", "themes", "matrix", "guide", "overview", "team", "recode", "compare",
    "model",
]  # fmt: skip


@pytest.fixture(scope="module")
def laid_down(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The illustrative study with its round started again, blind; ben alone uses one code, and says a word in memos."""
    root = tmp_path_factory.mktemp("blind") / "study"
    lay_down(root)
    plan = root / "rounds/R1.yaml"
    text = plan.read_text("utf-8").replace("state: revealed", "state: started")
    plan.write_text(text if "blind: true" in text else text + "blind: true\n", "utf-8")
    layer = root / "codings/ben/I01.jsonl"
    lines = layer.read_text("utf-8").splitlines()
    number = next(number for number, line in enumerate(lines) if '"start"' in line and '"memo"' not in line)
    lines[number] = json.dumps({**json.loads(lines[number]), "memo": SECRET}, ensure_ascii=False)
    layer.write_text("\n".join(lines) + "\n", "utf-8")
    return root


@pytest.fixture
def study(laid_down: Path, tmp_path: Path) -> Path:
    shutil.copytree(laid_down, tmp_path / "study")
    return tmp_path / "study"


def seen(app: PostilApp) -> str:
    return app.export_screenshot().replace("&#160;", " ")


async def test_the_secret_is_there_for_ben(study: Path) -> None:
    app = PostilApp(study, coder="ben", config=Config())
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause()
        await type_keys(pilot, f"ge/{SECRET}")
        await settle(pilot)
        assert len(app.screen.notes) == 1  # type: ignore[attr-defined]


async def test_no_screen_tells_ana_of_ben(study: Path) -> None:
    app = PostilApp(study, coder="ana", config=Config())
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause()
        for place in PLACES:
            app.go(place)
            await settle(pilot)
            await settle(pilot)
            assert SECRET not in seen(app), place


async def test_who_sits_down_after_ben_does_not_see_what_ben_saw(study: Path) -> None:
    app = PostilApp(study, coder="ben", config=Config())
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause()
        app.show_quotes(f"memo:{SECRET}")
        await settle(pilot)
        assert app.screen.found.hits  # type: ignore[attr-defined]
        for place in PLACES:
            app.go(place)
            await settle(pilot)
        await type_keys(pilot, f"ge/{SECRET}<enter>")
        await settle(pilot)
        assert app.screen.notes  # type: ignore[attr-defined]
        await type_keys(pilot, "gw1")
        assert app.workspace is not None and app.workspace.coder == "ana"
        assert not [note for note in app.screen.notes if SECRET in note.body]  # type: ignore[attr-defined]
        await settle(pilot)
        assert not [note for note in app.screen.notes if SECRET in note.body]  # type: ignore[attr-defined]
        assert app.screen.query_one("#title", Bar).text.endswith("coder ana ")
        for place in PLACES:
            app.go(place)
            await settle(pilot)
            await settle(pilot)
            assert SECRET not in seen(app), place
