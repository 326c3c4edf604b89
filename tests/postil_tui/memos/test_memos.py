"""Memos as a person works with them: written by key where the thing is, listed, searched, followed, exported."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from postil_study.check.study import check_study
from postil_study.files.memos import load_memos
from postil_study.study import open_study
from postil_tui.code.screen import CodeScreen
from postil_tui.memos.screen import MemosScreen
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config
from postil_tui.widgets.bars import Bar
from tests.postil_tui.codebook.test_codebook import code, settle
from tests.tui_study import TEXT, make_study, type_keys

PROCESS = """\
nodes:
  - {id: looking, label: Looking, kind: activity, codes: [find-ptm]}
  - {id: testing, label: Testing, kind: activity, codes: [evaluate]}
  - {id: trusting, label: Trusting, kind: decision, codes: [trust]}
edges:
  - {id: E1, source: looking, target: testing, kind: flow}
"""


def noted(root: Path) -> Path:
    """A study with a process, themes, a memo on the study, and one on a segment of each coder."""
    make_study(root)
    settings = root / "study.yaml"
    more = "process: codebook/process.yaml\nthemes: codebook/themes.yaml\n"
    settings.write_text(settings.read_text("utf-8") + more, "utf-8")
    (root / "codebook/process.yaml").write_text(PROCESS, "utf-8")
    themes = "themes:\n  - {id: crowd, label: Crowd, codes: [popularity], memo: The loud ones win}\n"
    (root / "codebook/themes.yaml").write_text(themes, "utf-8")
    (root / "memos").mkdir()
    memo = "---\nabout: study\nauthor: ben\ndate: 2026-01-02\n---\n# First thoughts\nIt begins.\n"
    (root / "memos/first.md").write_text(memo, "utf-8")
    for coder in ("ana", "ben"):
        code(root, coder, ("the hub", "find-ptm"), ("measured", "evaluate"), done=False)
        path = root / f"codings/{coder}/I01.jsonl"
        lines = path.read_text("utf-8").splitlines()
        record = {**json.loads(lines[1]), "memo": f"{coder} wonders", "at": "2026-01-05T10:00:00Z"}
        path.write_text("\n".join([lines[0], json.dumps(record), *lines[2:]]) + "\n", "utf-8")
    return root


@asynccontextmanager
async def at(root: Path, *steps: str, size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[Pilot[int], PostilApp]]:
    app = PostilApp(root, coder="ana", config=Config())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await press(pilot, *steps)
        yield pilot, app
        await settle(pilot)


async def press(pilot: Pilot[int], *steps: str) -> None:
    for keys in steps:
        await type_keys(pilot, keys)
        await settle(pilot)


def written(root: Path) -> dict[tuple[str, ...], tuple[str, str]]:
    """Author and words of the memos in files, by what they are about."""
    return {memo.about: (memo.author, memo.body.strip()) for memo in load_memos(root)[0] if memo.author == "ana"}


@pytest.mark.parametrize(
    ("steps", "about"),
    [
        (("m",), "transcript:I01"),
        (("p2",), "participant:P02"),
        (("M",), "study"),
        (("gcj", "M"), "code:find-ptm"),
        (("gx", "jm"), "participant:P02"),
        (("gr", "nR1<enter>", "p", "o", "a", "m"), "round:R1R1"),
        (("go", "m"), "node:looking"),
    ],
)
async def test_a_memo_is_written_by_key_where_the_thing_is(tmp_path: Path, steps: tuple[str, ...], about: str) -> None:
    root = noted(tmp_path)
    async with at(root, *steps, "Because [b].<ctrl+s>") as (_, app):
        assert "kept in memos/" in app.screen.said  # type: ignore[attr-defined]
    assert written(root) == {(about,): ("ana", "Because [b].")}
    assert [problem.rule for problem in check_study(root) if problem.place.path.startswith("memos/")] == []


async def test_a_memo_on_an_arrow_of_the_model_also_when_nobody_declared_it(tmp_path: Path) -> None:
    root = noted(tmp_path)
    async with at(root, "go") as (pilot, app):
        model = app.screen
        for step in ("<down>", "<right>", "<down>", "<left>"):
            await press(pilot, step)
            if model.at is not None and model.at.on_arrow:  # type: ignore[attr-defined]
                break
        await press(pilot, "m", "An arrow<ctrl+s>")
    assert list(written(root)) == [("edge:E1",)]
    (root / "memos/undeclared.md").write_text("---\nabout: edge:testing:trusting:influences\n---\nWhy\n", "utf-8")
    assert not [problem for problem in check_study(root) if problem.rule == "unknown-edge"]


async def test_all_kinds_are_listed_with_author_and_date_newest_first(tmp_path: Path) -> None:
    async with at(noted(tmp_path), "ge") as (_, app):
        screen = app.screen
        assert isinstance(screen, MemosScreen)
        assert [(note.kind, note.author, note.date, note.title) for note in screen.notes] == [
            ("segment", "ana", "2026-01-05", "ana wonders"),
            ("segment", "ben", "2026-01-05", "ben wonders"),
            ("study", "ben", "2026-01-02", "First thoughts"),
            ("theme", "", "", "The loud ones win"),
        ]
        shown = app.export_screenshot().replace("&#160;", " ")
        assert "How did you choose it?" in shown  # the question the segment's words answer


async def test_words_and_kinds_sift_the_list(tmp_path: Path) -> None:
    async with at(noted(tmp_path), "ge", "/ben wond") as (pilot, app):
        screen = app.screen
        assert isinstance(screen, MemosScreen)
        assert [note.title for note in screen.notes] == ["ben wonders"]
        await press(pilot, "<escape>", "<tab>")
        assert [note.title for note in screen.notes] == ["First thoughts"]
        await press(pilot, "<tab>")
        assert {note.kind for note in screen.notes} == {"segment"}
        assert "on segments" in screen.query_one("#title", Bar).text


async def test_own_memos_are_written_on_wherever_they_are_kept(tmp_path: Path) -> None:
    root = noted(tmp_path)
    async with at(root, "ge", "<enter>", " still<ctrl+s>") as (pilot, app):
        screen = app.screen
        assert isinstance(screen, MemosScreen) and screen.workspace.flush()
        layer = open_study(root).layer("ana", "I01")
        assert layer is not None and layer.segments[0].memo == "ana wonders still"
        await press(pilot, "G", "/ben<enter>", "<enter>")
        assert "ben writes on" in screen.said
        await press(pilot, "n<ctrl+u>code:trust<enter>", "Trust is earned<ctrl+s>")
        assert written(root) == {("code:trust",): ("ana", "Trust is earned")}
        await press(pilot, "/<ctrl+u>earned<enter>", "<enter>", " slowly<ctrl+s>", "x", "y")
        assert written(root) == {}


@pytest.mark.parametrize(("subject", "said"), [("code:nope", "no code 'nope'"), ("price", "a memo is about the study")])
async def test_a_memo_is_about_something_there_is(tmp_path: Path, subject: str, said: str) -> None:
    async with at(noted(tmp_path), "ge", f"n<ctrl+u>{subject}<enter>") as (_, app):
        assert said in app.screen.said  # type: ignore[attr-defined]


async def test_from_a_memo_to_what_it_is_about(tmp_path: Path) -> None:
    async with at(noted(tmp_path), "ge", "o") as (_, app):
        assert isinstance(app.screen, CodeScreen)
        assert TEXT[app.screen.page.selection.cursor :].startswith("the hub")


async def test_the_list_is_written_to_files(tmp_path: Path) -> None:
    root = noted(tmp_path)
    settings = root / "study.yaml"
    settings.write_text(settings.read_text("utf-8").replace("P01: {}", "P01: {consent: {quote: true}}"), "utf-8")
    async with at(root, "ge", "wm", "wc"):
        pass
    text = (root / "exports/memos.md").read_text("utf-8")
    assert "## ana wonders\n\nAbout I01 find-ptm (ana · 2026-01-05)\n\n> the hub\n" in text and "It begins." in text
    rows = list(csv.DictReader((root / "exports/memos.csv").open(encoding="utf-8-sig")))
    assert [(row["kind"], row["author"], row["words"]) for row in rows][:2] == [
        ("segment", "ana", "the hub"),
        ("segment", "ben", "the hub"),
    ]


async def test_words_without_consent_are_not_written(tmp_path: Path) -> None:
    root = noted(tmp_path)
    settings = root / "study.yaml"
    settings.write_text(settings.read_text("utf-8").replace("P01: {}", "P01: {consent: {quote: false}}"), "utf-8")
    async with at(root, "ge", "wm"):
        pass
    text = (root / "exports/memos.md").read_text("utf-8")
    assert "the hub" not in text and "(no consent to quote)" in text


async def test_a_blind_round_hides_the_memos_of_the_others(tmp_path: Path) -> None:
    root = noted(tmp_path)
    (root / "rounds").mkdir()
    plan = "blind: true\nstate: started\nassignments: {ana: [I01], ben: [I01]}\n"
    (root / "rounds/R1.yaml").write_text(plan, "utf-8")
    async with at(root, "ge") as (_, app):
        assert isinstance(app.screen, MemosScreen)
        assert [note.title for note in app.screen.notes] == ["ana wonders", "The loud ones win"]


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 45)])
async def test_the_screen_fits_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at(noted(tmp_path), "ge", size=size) as (_, app):
        assert "ana wonders" in app.export_screenshot().replace("&#160;", " ")
