"""Rounds, assignments, progress and the recode queue as a person works with them: keys in; plans and layers out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from postil_study.rounds.recode import recode_queue
from postil_study.rounds.steps import plan_freeze, reveal_round
from postil_study.study import open_study
from postil_tui.code.screen import CodeScreen
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config
from postil_tui.shell.watching import follow
from postil_tui.team.recode_screen import RecodeScreen
from postil_tui.team.screen import TeamScreen
from postil_tui.widgets.bars import Bar
from tests.postil_tui.codebook.test_codebook import code, settle
from tests.tui_study import TEXT, make_study, type_keys

BLIND = "purpose: reliability\nblind: true\nstate: started\nassignments: {ana: [I01], ben: [I01]}\n"


@asynccontextmanager
async def at(
    root: Path, keys: str, size: tuple[int, int] = (120, 36), coder: str = "ana"
) -> AsyncIterator[tuple[Pilot[int], PostilApp]]:
    """The app where these keys lead."""
    app = PostilApp(root, coder=coder, config=Config())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await type_keys(pilot, keys)
        await settle(pilot)
        yield pilot, app
        await settle(pilot)


async def type_and_settle(pilot: Pilot[int], *steps: str) -> None:
    for keys in steps:
        await type_keys(pilot, keys)
        await settle(pilot)


def plan(root: Path, text: str) -> None:
    (root / "rounds").mkdir()
    (root / "rounds/R1.yaml").write_text(text, "utf-8")


def words(screen: TeamScreen) -> str:
    """What stands below the table."""
    rows = screen.query_one("#plan")
    return "\n".join(rows.render_line(y).text.rstrip() for y in range(rows.size.height))


async def test_a_round_is_started_and_transcripts_are_assigned_by_cell(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with at(root, "gr") as (pilot, app):
        screen = app.screen
        assert isinstance(screen, TeamScreen)
        await type_and_settle(pilot, "n<enter>", "r", "b", "e")
        made = open_study(root).rounds["R1"]
        assert (made.purpose, made.blind, made.state, made.assignments) == ("reliability", True, "started", {})
        await type_and_settle(pilot, " ", "l ", "j ", " ")
        assert open_study(root).rounds["R1"].assignments == {"ana": ("I01",), "ben": ("I01",)}
        assert "ben no longer codes I02 in R1" in screen.said


async def test_progress_and_what_is_missing_stand_below(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    plan(root, BLIND.replace("blind: true\n", "").replace("ben: [I01]", "ben: [I01, I02]"))
    code(root, "ana", ("We looked at the hub.", "find-ptm"))
    code(root, "ben", ("the hub", "find-ptm"), done=False)
    async with at(root, "gr") as (_, app):
        screen = app.screen
        assert isinstance(screen, TeamScreen) and screen.team is not None
        assert screen.team.cell("ana", "I01").done and not screen.team.cell("ben", "I01").done
        said = words(screen)
        assert "1 of 1 finished" in said and "0 of 2 finished" in said
        assert "Not finished yet: ben I01, ben I02" in said


async def test_a_blind_round_shows_nothing_of_the_others_but_who_codes_what(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    plan(root, BLIND)
    code(root, "ben", ("We looked at the hub.", "find-ptm"), ("measured", "evaluate"))
    async with at(root, "gr") as (_, app):
        screen = app.screen
        assert isinstance(screen, TeamScreen) and screen.team is not None
        hers = screen.team.cell("ben", "I01")
        assert hers.assigned and hers.hidden and not hers.begun and not hers.share and not hers.done
        assert "hidden until the round is revealed" in words(screen)
        assert "ben I01" not in words(screen)


async def test_freezing_says_what_is_missing_then_copies_and_revealing_lets_compare(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    plan(root, BLIND)
    code(root, "ana", ("We looked at the hub.", "find-ptm"))
    async with at(root, "gr") as (pilot, app):
        await type_and_settle(pilot, "f")
        assert "missing: ben I01" in app.screen.query_one("#status", Bar).text
        assert not (root / "rounds/R1").exists()
        await type_and_settle(pilot, "y", " ")
        assert (root / "rounds/R1/SHA256SUMS.txt").is_file()
        assert "does not change any more" in app.screen.said  # type: ignore[attr-defined]
        await type_and_settle(pilot, "v", "y")
        assert open_study(root).rounds["R1"].state == "revealed"


async def test_own_transcripts_are_marked_finished_and_opened(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with at(root, "gr") as (pilot, app):
        await type_and_settle(pilot, "jD", "y")
        layer = open_study(root).layer("ana", "I02")
        assert layer is not None and layer.header.done
        await type_and_settle(pilot, "<enter>")
        assert isinstance(app.screen, CodeScreen) and app.screen.page.transcript.id == "I02"


async def test_the_list_of_transcripts_names_the_round(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    plan(root, BLIND)
    async with at(root, "") as (_, app):
        rows = app.screen.query_one("Rows")
        assert "R1" in rows.render_line(1).text and "R1" not in rows.render_line(2).text


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 45)])
async def test_the_table_fits_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    root = make_study(tmp_path)
    plan(root, BLIND)
    async with at(root, "gr", size) as (pilot, app):
        assert "ana" in app.export_screenshot()
        await type_and_settle(pilot, "l")
        assert "ben" in app.export_screenshot()


async def test_a_click_goes_to_the_cell(tmp_path: Path) -> None:
    async with at(make_study(tmp_path), "gr") as (pilot, app):
        screen = app.screen
        assert isinstance(screen, TeamScreen)
        await pilot.click("#cells", offset=(45, 2))
        await pilot.pause()
        assert (screen.coder, screen.transcript) == ("ben", "I02")


async def test_a_round_that_is_revealed_elsewhere_lets_the_app_see_the_others(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    plan(root, BLIND)
    code(root, "ana", ("We looked at the hub.", "find-ptm"))
    code(root, "ben", ("the hub", "find-ptm"))
    async with at(root, "<f6>") as (pilot, app):
        assert "R1 is blind" in app.screen.said  # type: ignore[attr-defined]
        assert app.workspace is not None
        plan_freeze(root, "R1").apply()
        reveal_round(root, "R1")
        follow(app, app.workspace, ["rounds"])
        await type_and_settle(pilot, "<f2>", "<f6>")
        assert "borders differ" in app.screen.said  # type: ignore[attr-defined]


# --- the recode queue ------------------------------------------------------------------------------------------------


def changed(root: Path) -> Path:
    """A study in which ana and ben coded, and find-ptm then got another use."""
    make_study(root)
    code(root, "ana", ("the hub", "find-ptm"), ("popular ones", "find-ptm"), ("measured", "evaluate"))
    code(root, "ben", ("We looked", "find-ptm"))
    path = root / "codebook/codes.yaml"
    new = "definition: looking for a model, changed: '2026-01-05'}"
    path.write_text(path.read_text("utf-8").replace("definition: looking for a model}", new), "utf-8")
    return root


def queue(root: Path, coder: str = "ana") -> list[str]:
    return [stale.segment.quote for stale in recode_queue(open_study(root)) if stale.coder == coder]


async def test_items_are_walked_and_ticked_off(tmp_path: Path) -> None:
    root = changed(tmp_path)
    async with at(root, "grc") as (pilot, app):
        screen = app.screen
        assert isinstance(screen, RecodeScreen)
        assert [item.quote for item in screen.items] == ["the hub", "popular ones"]
        await type_and_settle(pilot, " ")
        assert screen.item is not None and screen.item.quote == "popular ones"
        assert "1 of 2 open" in screen.query_one("#title", Bar).text
        assert screen.workspace.flush() and queue(root) == ["popular ones"]
        await type_and_settle(pilot, "x")
        assert "that was the last" in screen.said
        assert screen.workspace.flush() and queue(root) == []
    layer = open_study(root).layer("ana", "I01")
    assert layer is not None and [segment.quote for segment in layer.segments] == ["the hub", "measured"]
    assert layer.segments[0].checked


async def test_another_code_holds_instead_with_its_relations_and_u_takes_it_back(tmp_path: Path) -> None:
    root = changed(tmp_path)
    path = root / "codings/ana/I01.jsonl"
    ids = [json.loads(line).get("id") for line in path.read_text("utf-8").splitlines()[1:]]
    relation = {"id": "relaaaaaaa", "from": ids[0], "from_code": "find-ptm", "to": ids[2], "to_code": "evaluate",
                "type": "leads-to"}  # fmt: skip
    path.write_text(path.read_text("utf-8") + json.dumps(relation) + "\n", "utf-8")
    async with at(root, "gu") as (pilot, app):
        screen = app.screen
        assert isinstance(screen, RecodeScreen)
        await type_and_settle(pilot, "cpopul<enter>")
        assert screen.workspace.flush()
        layer = open_study(root).layer("ana", "I01")
        assert layer is not None and layer.segments[0].code_ids == ("popularity",)
        assert layer.relations[0].source_code == "popularity"
        await type_and_settle(pilot, "u")
        assert screen.workspace.flush() and queue(root) == ["the hub", "popular ones"]
        assert screen.item is not None and screen.item.quote == "the hub"


async def test_the_others_are_shown_when_asked_but_decide_themselves(tmp_path: Path) -> None:
    root = changed(tmp_path)
    async with at(root, "gu") as (pilot, app):
        screen = app.screen
        assert isinstance(screen, RecodeScreen)
        await type_and_settle(pilot, "v", "G")
        assert {item.coder for item in screen.items} == {"ana", "ben"}
        screen.rows.go([item.coder for item in screen.items].index("ben"))
        await type_and_settle(pilot, " ")
        assert "ben looks at it again" in screen.said and queue(root, "ben") == ["We looked"]


async def test_the_others_queue_is_hidden_in_a_blind_round(tmp_path: Path) -> None:
    root = changed(tmp_path)
    plan(root, BLIND)
    async with at(root, "gu") as (pilot, app):
        screen = app.screen
        assert isinstance(screen, RecodeScreen)
        await type_and_settle(pilot, "v")
        assert {item.coder for item in screen.items} == {"ana"}


async def test_enter_goes_to_the_place_and_coming_back_the_ticks_are_there(tmp_path: Path) -> None:
    root = changed(tmp_path)
    async with at(root, "gu") as (pilot, app):
        screen = app.screen
        assert isinstance(screen, RecodeScreen)
        await type_and_settle(pilot, " ", "<enter>")
        assert isinstance(app.screen, CodeScreen)
        assert TEXT[app.screen.page.selection.cursor :].startswith("popular ones")
        await type_and_settle(pilot, "gu")
        assert len(screen.ticked) == 1 and len(screen.items) == 2


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 45)])
async def test_the_queue_shows_the_words_in_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at(changed(tmp_path), "gu", size) as (_, app):
        shown = app.export_screenshot().replace("&#160;", " ")
        assert "the hub" in shown and "changed 2026-01-05" in shown


async def test_the_list_of_transcripts_says_that_something_waits(tmp_path: Path) -> None:
    async with at(changed(tmp_path), "") as (_, app):
        assert "2 to look at again" in app.screen.query_one("#status", Bar).text


async def test_an_empty_queue_says_so(tmp_path: Path) -> None:
    async with at(make_study(tmp_path), "gu") as (pilot, app):
        await type_and_settle(pilot, " ")
        assert "nothing is to be looked at again" in app.screen.said  # type: ignore[attr-defined]
