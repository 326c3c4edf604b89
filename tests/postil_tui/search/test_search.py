"""The search over the study as a person uses it: keys in; passages, files and layers out."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from postil_study.study import open_study
from postil_tui.code.screen import CodeScreen
from postil_tui.search.screen import SearchScreen
from postil_tui.widgets.bars import Bar
from tests.tui_study import coding, make_study, type_keys


async def settle(pilot: Pilot[int]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@asynccontextmanager
async def searching(
    root: Path, query: str = "", size: tuple[int, int] = (120, 36)
) -> AsyncIterator[tuple[Pilot[int], SearchScreen]]:
    async with coding(root, size) as (pilot, _):
        await type_keys(pilot, "<f8>")
        screen = pilot.app.screen
        assert isinstance(screen, SearchScreen)
        if query:
            await type_keys(pilot, f"{query}<enter>")
            await settle(pilot)
        yield pilot, screen


def bar(screen: SearchScreen, name: str) -> str:
    return screen.query_one(f"#{name}", Bar).text


def words(screen: SearchScreen) -> list[str]:
    assert screen.found is not None
    return [screen.found.passage(number).text for number in range(len(screen.found.hits))]


def coded(root: Path, code: str, coder: str = "ana") -> dict[str, list[str]]:
    """The words that carry a code on disk, by transcript."""
    study = open_study(root)
    found: dict[str, list[str]] = {}
    for name in study.transcripts:
        layer = study.layer(coder, name)
        quotes = [s.quote for s in layer.segments if code in s.code_ids] if layer else []
        if quotes:
            found[name] = quotes
    return found


async def test_words_are_found_in_context_and_enter_goes_there(tmp_path: Path) -> None:
    async with searching(make_study(tmp_path), '"hub"') as (pilot, screen):
        assert words(screen) == ["hub", "hub", "hub", "hub"]
        assert "4 passages in 2 transcripts" in bar(screen, "message")
        await type_keys(pilot, "jj<enter>")
        await settle(pilot)
        code_screen = pilot.app.screen
        assert isinstance(code_screen, CodeScreen)
        assert code_screen.page.transcript.id == "I02"
        text = code_screen.page.transcript.text
        assert text[code_screen.page.selection.cursor :].startswith("hub. First")


async def test_coming_back_everything_is_as_it_was_left(tmp_path: Path) -> None:
    async with searching(make_study(tmp_path), '"hub"') as (pilot, screen):
        await type_keys(pilot, " j<enter>")
        await settle(pilot)
        await type_keys(pilot, "gf")
        assert pilot.app.screen is screen and screen.prompt is None
        assert screen.here == 2 and screen.found is not None and screen.found.marked == {0}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("trust AND", "the query ends too early"),
        ("populrity", "Did you mean popularity?"),
        ("(trust", "a ) is missing"),
    ],
)
async def test_a_mistake_is_said_below_the_query_which_stays_open(tmp_path: Path, query: str, message: str) -> None:
    async with searching(make_study(tmp_path), query) as (pilot, screen):
        assert message in bar(screen, "message")
        assert query in bar(screen, "query") and screen.prompt is not None
        await type_keys(pilot, '<ctrl+u>"fine"<enter>')
        await settle(pilot)
        assert words(screen) == ["fine", "fine"]


async def test_all_passages_are_coded_in_one_step_and_taken_back_in_one(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with searching(root, '"hub"') as (pilot, screen):
        await type_keys(pilot, "cpopu<enter>s")
        await settle(pilot)
        assert "popularity on 4 passages in 2 transcripts" in screen.said
        assert coded(root, "popularity") == {
            name: ["We looked at the hub.", "It was poor, so we went back to the hub."] for name in ("I01", "I02")
        }
        await type_keys(pilot, "u")
        await settle(pilot)
        assert coded(root, "popularity") == {}


async def test_a_coding_of_many_is_one_step_to_take_back_on_another_day(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with searching(root, '"hub"') as (pilot, _):
        await type_keys(pilot, "cpopu<enter>s")
        await settle(pilot)
    assert set(coded(root, "popularity")) == {"I01", "I02"}
    async with searching(root, '"hub"') as (pilot, screen):
        await type_keys(pilot, "u")
        await settle(pilot)
        assert "taken back: popularity on 4 passages in 2 transcripts" in screen.said
    assert coded(root, "popularity") == {}
    async with searching(root, '"hub"') as (pilot, screen):
        await type_keys(pilot, "u")
        assert "nothing was coded from here yet" in screen.said


async def test_only_the_marked_passages_are_coded(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with searching(root, '"hub" transcript:I01') as (pilot, screen):
        await type_keys(pilot, "j cevalu<enter>w")
        await settle(pilot)
        assert coded(root, "evaluate") == {"I01": ["hub"]}
        assert screen.found is not None and screen.found.coded == {1}
        await type_keys(pilot, "acevalu<enter>w")
        await settle(pilot)
        assert "1 had it already" in screen.said


async def test_turns_are_coded_whole(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with searching(root, '"disagree" transcript:I01') as (pilot, _):
        await type_keys(pilot, "ctrus<enter>t")
        await settle(pilot)
        assert coded(root, "trust") == {"I01": ["I disagree. It never was."]}


async def test_a_coding_is_not_taken_back_below_newer_work(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with searching(root, '"disagree" transcript:I01') as (pilot, screen):
        await type_keys(pilot, "ctrus<enter>t")
        await type_keys(pilot, "<f3>s.<f8>u")
        await settle(pilot)
        assert "I01 was coded on since" in screen.said
        assert "I disagree. It never was." in coded(root, "trust")["I01"]


async def test_a_new_code_can_be_made_for_what_was_found(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with searching(root, '"measured" transcript:I01') as (pilot, _):
        await type_keys(pilot, "cnumbers<enter>s")
        await settle(pilot)
        assert coded(root, "numbers") == {"I01": ["Later we measured."]}
        assert "keep me" in (root / "codebook/codes.yaml").read_text("utf-8")


async def test_a_query_is_kept_asked_again_and_forgotten(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with searching(root, '"hub"') as (pilot, screen):
        await type_keys(pilot, "s<ctrl+u>the hub<enter>")
        assert (root / "queries.yaml").read_text("utf-8") == "the-hub: '\"hub\"'\n"
        await type_keys(pilot, "o")
        assert screen.found is None and screen.ideas[0].name == "the-hub"
        await type_keys(pilot, "<enter>")
        await settle(pilot)
        assert len(words(screen)) == 4
        await type_keys(pilot, "oxy")
        assert all(not idea.name for idea in screen.ideas)


async def test_passages_are_written_to_files(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with searching(root, '"hub"') as (pilot, screen):
        await type_keys(pilot, "wc")
        rows = list(csv.DictReader((root / "exports/search-hub.csv").open(encoding="utf-8-sig")))
        assert [row["transcript"] for row in rows] == ["I01", "I01", "I02", "I02"]
        await type_keys(pilot, " wm")
        assert (root / "exports/search-hub.md").read_text("utf-8").startswith("# 1 passage in 1 transcript")
        assert "exports/search-hub.md" in screen.said


async def test_tab_completes_and_arrows_recall(tmp_path: Path) -> None:
    async with searching(make_study(tmp_path)) as (pilot, screen):
        await type_keys(pilot, "popu<tab>NOT interv<enter>")
        await settle(pilot)
        assert screen.query_text == "popularity NOT interv"
        await type_keys(pilot, "<ctrl+u>trust<enter>")
        await settle(pilot)
        await type_keys(pilot, "/<ctrl+u><up>")
        assert screen.query_text == "trust"
        await type_keys(pilot, "<up>")
        assert screen.query_text == "popularity NOT interv"
        await type_keys(pilot, "<down><down>")
        assert screen.query_text == ""


async def test_the_others_are_not_searched_in_a_blind_round(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    (root / "rounds").mkdir()
    plan = "blind: true\nstate: started\nassignments: {ana: [I01], ben: [I01]}\n"
    (root / "rounds/R1.yaml").write_text(plan, "utf-8")
    async with coding(root, coder="ben") as (pilot, _):
        await type_keys(pilot, "sctrust<enter>")
    async with searching(root, "trust") as (pilot, screen):
        assert words(screen) == []
        assert "blind round R1" in bar(screen, "message")


async def test_words_with_brackets_and_escapes_are_shown_as_they_are(tmp_path: Path) -> None:
    text = "P01:\nIt said [bold]yes[/bold] \x1b[31mred and 模型。\n"
    async with searching(make_study(tmp_path, text), '"yes"') as (pilot, screen):
        assert words(screen) == ["yes"]
        shown = pilot.app.export_screenshot()
        assert "[bold]" in shown and "\x1b" not in shown


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 45)])
async def test_every_size_shows_the_passage(tmp_path: Path, size: tuple[int, int]) -> None:
    async with searching(make_study(tmp_path), '"disagree"', size) as (pilot, screen):
        assert screen.here == 0
        assert "disagree" in pilot.app.export_screenshot().replace("&#160;", " ")


async def test_the_palette_knows_the_search(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, _):
        await type_keys(pilot, ":search over<enter>")
        assert isinstance(pilot.app.screen, SearchScreen)
