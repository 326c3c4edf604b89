"""The guide screen as a person uses it: keys in; marks on disk out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from postil_study.check.study import check_study
from postil_tui.code.screen import CodeScreen
from postil_tui.guide.screen import GuideScreen
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.rows import Rows
from tests.tui_study import coding, make_study, type_keys

TEXT = """Interviewer:
How did you choose it? Take your time.

P01:
We looked at the hub. First the popular ones.

Interviewer:
And then?

P01:
Then we took the second one.

Interviewer:
Popularity, documentation, which do you look at?

P01:
Downloads, nothing else.

Interviewer:
Bye.
"""
GUIDE = """guide:
  - {id: choice, ask: "How did you choose it?", order_matters: true}
  - {id: attributes, ask: "Which of these do you look at?", names: [popularity, documentation]}
  - {id: end, ask: "What did I forget?"}
"""


def guided(root: Path, text: str = TEXT) -> Path:
    make_study(root, text)
    (root / "study.yaml").write_text((root / "study.yaml").read_text("utf-8") + GUIDE, "utf-8")
    return root


@asynccontextmanager
async def at_guide(root: Path, size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[Pilot[int], GuideScreen]]:
    async with coding(root, size) as (pilot, _):
        await type_keys(pilot, "gi")
        screen = pilot.app.screen
        assert isinstance(screen, GuideScreen)
        yield pilot, screen


def on_disk(root: Path, transcript: str = "I01") -> list[tuple[str, str]]:
    """Question and words of each mark."""
    file = root / "codings/_guide" / f"{transcript}.jsonl"
    if not file.exists():
        return []
    records = [json.loads(line) for line in file.read_text("utf-8").splitlines()[1:]]
    return [(record["codes"][0], record["quote"]) for record in records if "codes" in record]


def header(root: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((root / "codings/_guide/I01.jsonl").read_text("utf-8").splitlines()[0])
    return found


def title(screen: GuideScreen) -> str:
    return screen.query_one("#title", Bar).text


LONG = "We looked at the hub. First the popular ones.\n\nInterviewer:\nAnd then?\n\nP01:\nThen we took the second one."
BOTH = [("choice", LONG), ("attributes", "Downloads, nothing else.")]


async def test_proposals_are_confirmed_one_by_one(tmp_path: Path) -> None:
    root = guided(tmp_path)
    async with at_guide(root) as (pilot, screen):
        assert "2 proposed" in title(screen) and "unknown" in title(screen)
        await type_keys(pilot, "<enter>")
        assert on_disk(root) == BOTH[:1]
        assert screen.turn is not None and screen.turn.index == 4
        await type_keys(pilot, "<enter>")
        assert on_disk(root) == BOTH
        assert header(root)["kind"] == "guide" and header(root)["open"] is True
        assert [problem for problem in check_study(root) if "_guide" in problem.place.path] == []


async def test_all_at_once_and_back(tmp_path: Path) -> None:
    root = guided(tmp_path)
    async with at_guide(root) as (pilot, screen):
        await type_keys(pilot, "a")
        assert on_disk(root) == BOTH
        await type_keys(pilot, "u")
        assert on_disk(root) == [] and "2 proposed" in title(screen)


async def test_a_follow_up_can_be_a_question_and_a_follow_up_again(tmp_path: Path) -> None:
    root = guided(tmp_path)
    async with at_guide(root) as (pilot, _):
        await type_keys(pilot, "ajc")
        await type_keys(pilot, "3")
        assert on_disk(root) == [
            ("choice", "We looked at the hub. First the popular ones."),
            ("end", "Then we took the second one."),
            BOTH[1],
        ]
        await type_keys(pilot, "m")
        assert on_disk(root) == BOTH
        await type_keys(pilot, "uu")
        assert on_disk(root) == BOTH


async def test_a_proposal_is_dropped_and_a_mark_taken_out(tmp_path: Path) -> None:
    root = guided(tmp_path)
    async with at_guide(root) as (pilot, screen):
        await type_keys(pilot, "x")
        assert "1 proposed" in title(screen) and on_disk(root) == []
        await type_keys(pilot, "n<enter>")
        assert on_disk(root) == BOTH[1:]
        await type_keys(pilot, "x")
        assert on_disk(root) == []


async def test_looked_through_means_that_the_rest_was_not_asked(tmp_path: Path) -> None:
    root = guided(tmp_path)
    async with at_guide(root) as (pilot, screen):
        await type_keys(pilot, "aD")
        assert "open" not in header(root) and "· looked through" in title(screen)
        await type_keys(pilot, "vjj")
        shown = pilot.app.export_screenshot().replace("&#160;", " ")
        assert "– not asked: I01" in shown and "· unknown: I02" in shown
        await type_keys(pilot, "vDu")
        assert "open" not in header(root)


async def test_topics_are_shown_as_prompted_or_silent(tmp_path: Path) -> None:
    root = guided(tmp_path)
    async with at_guide(root) as (pilot, screen):
        await type_keys(pilot, "aDo")
        assert isinstance(pilot.app.screen, CodeScreen)
        await type_keys(pilot, "}}}}}scpopu<enter>gi")
        await type_keys(pilot, "jj")
        rows = screen.query_one("#answer", Rows)
        words = "\n".join("".join(text for text, _ in rows._paint(n, False, 80)) for n in range(rows.count))
        assert "popularity prompted" in words and "documentation silent" in words


async def test_another_transcript_and_its_own_marks(tmp_path: Path) -> None:
    root = guided(tmp_path)
    async with at_guide(root) as (pilot, screen):
        await type_keys(pilot, "}a")
        assert screen.transcript_id == "I02" and on_disk(root) == [] and on_disk(root, "I02") != []


async def test_somebody_elses_newer_mark_is_not_undone(tmp_path: Path) -> None:
    root = guided(tmp_path)
    async with at_guide(root) as (pilot, screen):
        await type_keys(pilot, "<enter>")
        file = root / "codings/_guide/I01.jsonl"
        file.write_text(file.read_text("utf-8").replace('"choice"', '"end"'), "utf-8")
        await type_keys(pilot, "u")
        assert "was changed since" in screen.said and on_disk(root)[0][0] == "end"


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 45)])
async def test_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_guide(guided(tmp_path), size) as (pilot, _):
        assert "choice" in pilot.app.export_screenshot()
        await type_keys(pilot, "v")
        assert "attributes" in pilot.app.export_screenshot()


async def test_without_a_guide_the_screen_says_where_it_is_written(tmp_path: Path) -> None:
    async with at_guide(make_study(tmp_path)) as (pilot, _):
        await type_keys(pilot, "<enter>acxmDunv}{")
        assert "study.yaml" in pilot.app.export_screenshot()
