"""The codebook, quotes, compare and overview screens: what keys do there, and what is on disk afterwards."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from postil_study.history.codebook_changes import rename_code
from postil_study.history.steps import StepLog
from postil_study.study import open_study
from postil_tui.code.screen import CodeScreen
from postil_tui.codebook.screen import CodebookScreen
from postil_tui.compare.screen import CompareScreen
from postil_tui.overview.screen import OverviewScreen
from postil_tui.search.screen import SearchScreen
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config
from postil_tui.shell.screens.choose import ChooseScreen
from postil_tui.shell.screens.confirm import ConfirmScreen
from postil_tui.shell.screens.remarks import RemarksScreen
from postil_tui.team.recode_screen import RecodeScreen
from postil_tui.widgets.bars import Bar
from tests.tui_study import TEXT, coding, make_study, type_keys


def code(root: Path, coder: str, *rows: tuple[str, str], transcript: str = "I01", done: bool = True) -> None:
    """Write a layer: words and the code on them."""
    lines = [
        {
            "postil": 1,
            "kind": "coder",
            "coder": coder,
            "transcript": transcript,
            **({"done": "2026-01-01"} if done else {}),
        }
    ]
    records = []
    for number, (words, of) in enumerate(rows):
        start = TEXT.index(words)
        id_ = f"{coder}{transcript.lower()}{number:04d}".replace("0", "a").replace("1", "b")
        records.append({"id": id_, "start": start, "end": start + len(words), "codes": [of], "quote": words})
    records.sort(key=lambda record: record["start"])  # type: ignore[arg-type,return-value]
    (root / "codings" / coder).mkdir(exist_ok=True)
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in [*lines, *records])
    (root / "codings" / coder / f"{transcript}.jsonl").write_text(text + "\n", "utf-8")


@asynccontextmanager
async def app_on(root: Path, place: str) -> AsyncIterator[tuple[Pilot[int], PostilApp]]:
    app = PostilApp(root, coder="ana", config=Config())
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        app.go(place)
        await settle(pilot)
        yield pilot, app
        await settle(pilot)


async def settle(pilot: Pilot[int]) -> None:
    """Until workers are done and what they brought is shown."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


# --- codebook -------------------------------------------------------------------------------------


async def test_tree_with_counts_and_card(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("the hub", "find-ptm"), ("measured", "evaluate"))
    code(root, "ben", ("popular ones", "find-ptm"))
    async with app_on(root, "codebook") as (pilot, app):
        screen = app.screen
        assert isinstance(screen, CodebookScreen)
        assert screen.counts["ana"]["find-ptm"] == 1 and screen.counts["ben"]["find-ptm"] == 1
        await type_keys(pilot, "j")
        assert screen.code is not None and screen.code.id == "find-ptm"
        card = "\n".join("".join(text for text, _ in line) for line in screen._card())
        assert "selection/find-ptm" in card and "looking for a model" in card


async def test_rename_shows_what_it_touches_then_does_it_and_can_be_taken_back(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("the hub", "find-ptm"))
    before = (root / "codebook" / "codes.yaml").read_bytes()
    async with app_on(root, "codebook") as (pilot, app):
        await type_keys(pilot, "jr<ctrl+u>search-ptm<enter>")
        await settle(pilot)
        assert isinstance(app.screen, ConfirmScreen) and "ana: 1 segment in 1 transcript" in app.screen.text
        assert (root / "codebook" / "codes.yaml").read_bytes() == before
        await type_keys(pilot, "y")
        await settle(pilot)
        assert "search-ptm" in (root / "codings" / "ana" / "I01.jsonl").read_text("utf-8")
        book = (root / "codebook" / "codes.yaml").read_text("utf-8")
        assert "search-ptm" in book and "# keep me" in book and "# the book of the test" in book
        await type_keys(pilot, "u")
        await settle(pilot)
        assert (root / "codebook" / "codes.yaml").read_bytes() == before
        assert '"find-ptm"' in (root / "codings" / "ana" / "I01.jsonl").read_text("utf-8")


async def test_a_change_is_taken_back_and_done_again_on_another_day(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("the hub", "find-ptm"))
    files = [root / "codebook/codes.yaml", root / "codings/ana/I01.jsonl"]
    before = [file.read_bytes() for file in files]
    async with app_on(root, "codebook") as (pilot, app):
        await type_keys(pilot, "jx")
        await settle(pilot)
        await type_keys(pilot, "y")
        await settle(pilot)
        assert "delete find-ptm" in app.screen.said and "u takes it back" in app.screen.said  # type: ignore[attr-defined]
    deleted = [file.read_bytes() for file in files]
    async with app_on(root, "codebook") as (pilot, app):
        await type_keys(pilot, "u")
        await settle(pilot)
        assert "undone: delete find-ptm" in app.screen.said  # type: ignore[attr-defined]
        assert [file.read_bytes() for file in files] == before
        await type_keys(pilot, "<ctrl+r>")
        await settle(pilot)
        assert [file.read_bytes() for file in files] == deleted


async def test_a_heading_is_deleted_when_it_is_said_what_becomes_of_the_codes_below(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with app_on(root, "codebook") as (pilot, app):
        await type_keys(pilot, "x")
        assert "has 3 codes below it" in app.screen.query_one("#status", Bar).text
        await type_keys(pilot, "l")
        await settle(pilot)
        await type_keys(pilot, "y")
        await settle(pilot)
    book = open_study(root).codebook
    assert "selection" not in book.codes and book.codes["find-ptm"].parent is None


async def test_a_code_that_means_something_else_now_says_what_is_to_be_looked_at_again(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("the hub", "find-ptm"), ("popular ones", "find-ptm"))
    async with app_on(root, "codebook") as (pilot, app):
        await type_keys(pilot, "jdn")
        await settle(pilot)
        await type_keys(pilot, "Not when it was given<ctrl+s>")
        await settle(pilot)
        assert "2 segments to look at again (gu)" in app.screen.said  # type: ignore[attr-defined]
        await type_keys(pilot, "gu")
        await settle(pilot)
        assert isinstance(app.screen, RecodeScreen) and len(app.screen.items) == 2


async def test_leaving_the_preview_changes_nothing(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    before = (root / "codebook/codes.yaml").read_bytes()
    async with app_on(root, "codebook") as (pilot, app):
        for key in ("<enter>", "n", "<escape>"):
            await type_keys(pilot, "jx")
            await settle(pilot)
            assert isinstance(app.screen, ConfirmScreen)
            await type_keys(pilot, key)
            await settle(pilot)
            if key == "<enter>":
                assert isinstance(app.screen, ConfirmScreen)
                await type_keys(pilot, "<escape>")
    assert (root / "codebook/codes.yaml").read_bytes() == before


async def test_a_rename_reaches_the_open_transcript(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("the hub", "trust"))
    async with app_on(root, "home") as (pilot, app):
        await type_keys(pilot, "<enter>")
        await type_keys(pilot, "<f4>")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, CodebookScreen)
        screen.rows.go([c.id for c in screen.codes].index("trust"))
        await type_keys(pilot, "r<ctrl+u>faith<enter>")
        await settle(pilot)
        await type_keys(pilot, "y")
        await settle(pilot)
        await type_keys(pilot, "<f3>")
        code_screen = app.screen
        assert isinstance(code_screen, CodeScreen)
        assert [s.code_ids for s in code_screen.session.records.segments.values()] == [("faith",)]


@pytest.mark.parametrize(
    ("keys", "gone", "there"),
    [
        ("japrice check<enter>", "", "price-check"),
        ("jdd", "", "looking"),
        ("jlx", "", ""),
        ("js a1, a2<enter>", "", "a1"),
    ],
)
async def test_other_edits(tmp_path: Path, keys: str, gone: str, there: str) -> None:
    root = make_study(tmp_path)
    async with app_on(root, "codebook") as (pilot, app):
        await type_keys(pilot, keys)
        await settle(pilot)
        if isinstance(app.screen, ConfirmScreen):
            await type_keys(pilot, "y")
            await settle(pilot)
    assert there in (root / "codebook" / "codes.yaml").read_text("utf-8")


async def test_merge_and_delete(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("the hub", "find-ptm"), ("measured", "evaluate"))
    async with app_on(root, "codebook") as (pilot, app):
        await type_keys(pilot, "jmtru<enter>")
        await settle(pilot)
        await type_keys(pilot, "y")
        await settle(pilot)
        layer = open_study(root).layer("ana", "I01")
        assert layer is not None and {s.code_ids for s in layer.segments} == {("trust",), ("evaluate",)}
        screen = app.screen
        assert isinstance(screen, CodebookScreen)
        screen.rows.go([c.id for c in screen.codes].index("evaluate"))
        await type_keys(pilot, "x")
        await settle(pilot)
        await type_keys(pilot, "y")
        await settle(pilot)
        assert "evaluate" not in open_study(root).codebook.codes
    layer = open_study(root).layer("ana", "I01")
    assert layer is not None and len(layer.segments) == 2  # the segment stays, without a code


async def test_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_study(tmp_path)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    async with app_on(root, "codebook") as (pilot, app):
        await type_keys(pilot, "e")
        assert "EDITOR" in app.screen.said  # type: ignore[attr-defined]


# --- quotes ---------------------------------------------------------------------------------------


async def test_quotes_of_a_code_with_the_question_and_jump(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("the hub", "find-ptm"), ("took the second one", "find-ptm"))
    async with app_on(root, "codebook") as (pilot, app):
        await type_keys(pilot, "j<enter>")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, SearchScreen) and screen.found is not None
        assert [one.text for one in screen.found.passages()] == ["the hub", "took the second one"]
        assert "How did you choose it?" in screen.found.passage(0).asked
        await type_keys(pilot, "j<enter>")
        await settle(pilot)
        code_screen = app.screen
        assert isinstance(code_screen, CodeScreen)
        assert TEXT[code_screen.page.selection.cursor :].startswith("took the second")


async def test_a_heading_shows_what_lies_below_it(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("the hub", "find-ptm"), ("well documented", "documentation"), ("measured", "evaluate"))
    async with app_on(root, "codebook") as (pilot, app):
        await type_keys(pilot, "<enter>")
        await settle(pilot)
        assert isinstance(app.screen, SearchScreen) and app.screen.found is not None
        assert [one.text for one in app.screen.found.passages()] == ["the hub", "well documented"]


async def test_f5_where_no_code_is_near_asks_for_one(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("measured", "evaluate"))
    async with app_on(root, "home") as (pilot, app):
        await type_keys(pilot, "<f5>")
        await settle(pilot)
        await type_keys(pilot, "evalu<enter>")
        await settle(pilot)
        assert isinstance(app.screen, SearchScreen) and app.screen.found is not None
        assert [one.text for one in app.screen.found.passages()] == ["measured"]


# --- compare --------------------------------------------------------------------------------------


async def test_differences_are_walked_and_settled(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("We looked at the hub.", "find-ptm"), ("It was poor", "evaluate"), ("It was fine.", "trust"))
    code(root, "ben", ("looked at the hub", "find-ptm"), ("It was poor", "trust"), ("It was fine.", "trust"))
    async with app_on(root, "compare") as (pilot, app):
        screen = app.screen
        assert isinstance(screen, CompareScreen)
        assert [d.kind for d in screen.differences] == ["borders", "other-code"]
        assert "borders differ by 1 word" in screen.said
        await type_keys(pilot, "1")
        assert "A says evaluate, B says trust" in screen.said
        await type_keys(pilot, "3")
        await type_keys(pilot, "a")
        await settle(pilot)
        assert "0 of 2 to settle" in screen.query_one("#title", Bar).text
        assert app.workspace is not None and app.workspace.flush()
        assert not open_study(root).problems()
        layer = open_study(root).layer("consensus", "I01")
        assert layer is not None and layer.header.kind == "consensus"
        text = open_study(root).transcripts["I01"].text
        found = {(text[s.start : s.end], s.code_ids) for s in layer.segments}
        assert found == {
            ("We looked at the hub.", ("find-ptm",)),
            ("It was poor", ("evaluate", "trust")),
            ("It was fine.", ("trust",)),
        }
        assert all(s.extra["settles"] for s in layer.segments)
        await type_keys(pilot, "uu")
        await settle(pilot)
        assert "1 of 2 to settle" in screen.query_one("#title", Bar).text


async def test_borders_are_cut_anew_and_disagreements_listed_worst_code_first(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("We looked at the hub.", "find-ptm"), ("It was poor", "evaluate"))
    code(root, "ben", ("looked at the hub", "find-ptm"))
    async with app_on(root, "compare") as (pilot, app):
        screen = app.screen
        assert isinstance(screen, CompareScreen)
        await type_keys(pilot, "l")
        await settle(pilot)
        listed = app.screen
        assert isinstance(listed, ChooseScreen)
        assert [words.split()[0] for _, words, _ in listed.options] == ["evaluate", "find-ptm"]
        assert "“It was poor”" in listed.options[0][1] and "–" in listed.options[0][1]
        await type_keys(pilot, "1")
        await settle(pilot)
        assert not isinstance(app.screen, ChooseScreen)
        assert screen.differences[screen.index].kind == "only-a"
        await type_keys(pilot, "4")
        assert "this is no passage that both marked" in screen.said
        await type_keys(pilot, "N4")
        await settle(pilot)
        assert app.workspace is not None and app.workspace.flush()
        layer = open_study(root).layer("consensus", "I01")
        assert layer is not None
        assert [(s.quote, s.code_ids) for s in layer.segments] == [("looked at the hub", ("find-ptm",))]
        assert len(layer.segments[0].extra["settles"]) == 2
        await type_keys(pilot, "uN5")
        await settle(pilot)
        assert app.workspace.flush()
        layer = open_study(root).layer("consensus", "I01")
        assert layer is not None and [s.quote for s in layer.segments] == ["We looked at the hub."]


async def test_a_blind_round_shows_nothing_of_the_others(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("the hub", "find-ptm"))
    code(root, "ben", ("popular ones", "trust"))
    (root / "rounds").mkdir()
    (root / "rounds" / "R1.yaml").write_text(
        "purpose: reliability\nblind: true\nstate: started\nassignments: {ana: [I01], ben: [I01]}\n", "utf-8"
    )
    async with app_on(root, "compare") as (pilot, app):
        assert "R1 is blind" in app.screen.said  # type: ignore[attr-defined]
        app.go("codebook")
        await settle(pilot)
        assert isinstance(app.screen, CodebookScreen) and set(app.screen.counts) == {"ana"}
        await type_keys(pilot, "!")
        assert isinstance(app.screen, RemarksScreen)
        said = {text for _, text in app.screen.remarks}
        assert "is not used by you" in said and not any("ben" in text for text in said)
        await type_keys(pilot, "<escape>")
        app.go("overview")
        await settle(pilot)
        assert isinstance(app.screen, OverviewScreen) and app.screen.data is not None
        assert {who for who, _ in app.screen.data.progress} == {"ana"}
        app.show_quotes("trust")
        await settle(pilot)
        assert isinstance(app.screen, SearchScreen) and app.screen.found is not None
        assert not app.screen.found.hits


async def test_on_a_wide_terminal_the_text_stands_twice_and_scrolls_as_one(tmp_path: Path) -> None:
    root = make_study(tmp_path, TEXT * 12)
    code(root, "ana", ("We looked at the hub.", "find-ptm"), ("It was poor", "evaluate"))
    code(root, "ben", ("looked at the hub", "find-ptm"))
    app = PostilApp(root, coder="ana", config=Config())
    async with app.run_test(size=(176, 30)) as pilot:
        await pilot.pause()
        await type_keys(pilot, "<f6>")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, CompareScreen) and not screen.left.display
        await type_keys(pilot, "=")
        await settle(pilot)
        assert screen.left.display and screen.sides is not None and len(screen.sides.pages) == 2
        rows = [page.layout.rows for page in screen.sides.pages]
        assert rows[0] == rows[1] and any("find-ptm" in screen.left.render_line(y).text for y in range(10))
        await type_keys(pilot, "<pagedown>")
        assert screen.left.top == screen.view.top > 0
        screen.left.scroll_rows(-2)
        assert screen.left.top == screen.view.top
        await type_keys(pilot, "n1")
        await settle(pilot)
        assert "1 of 2 to settle" in screen.query_one("#title", Bar).text
        await pilot.resize_terminal(120, 30)
        await settle(pilot)
        assert not screen.left.display and len(screen.sides.pages) == 1
        await type_keys(pilot, "=")
        assert "need 170 columns" in screen.said


async def test_compare_with_one_coder_says_so(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("the hub", "find-ptm"))
    async with app_on(root, "compare") as (_, app):
        assert "only one has coded" in app.screen.said  # type: ignore[attr-defined]


# --- overview -------------------------------------------------------------------------------------


async def test_overview_views_and_file(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("the hub", "find-ptm"), ("measured", "evaluate"))
    code(root, "ana", ("the hub", "find-ptm"), transcript="I02")
    async with app_on(root, "overview") as (pilot, app):
        screen = app.screen
        assert isinstance(screen, OverviewScreen)
        await type_keys(pilot, "<tab>w")
        await app.workers.wait_for_complete()
        text = (root / "exports" / "overview-codes.txt").read_text("utf-8")
        assert "find-ptm" in text and "in  2" in text
        await type_keys(pilot, "<tab>w")
        await app.workers.wait_for_complete()
        rows = (root / "exports" / "overview-new-codes.txt").read_text("utf-8").splitlines()
        assert [row.split()[:3] for row in rows if row.strip().startswith("I0")] == [
            ["I01", "2", "2"],
            ["I02", "0", "2"],
        ]


# --- codes made while coding ----------------------------------------------------------------------------------------


def made(root: Path) -> bool:
    return "brand-new" in open_study(root).codebook.codes or "brandnew" in open_study(root).codebook.codes


async def test_a_code_made_while_coding_goes_with_the_coding_that_is_taken_back(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    before = (root / "codebook/codes.yaml").read_bytes()
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "scbrandnew<enter>")
        assert screen.workspace.flush() and made(root)
        await type_keys(pilot, "u")
        assert "and the new code" in screen.said
        assert (root / "codebook/codes.yaml").read_bytes() == before
        await type_keys(pilot, "<ctrl+r>")
        assert "with the code" in screen.said and made(root)
        assert len(screen.session.records.segments) == 1
    async with coding(root) as (pilot, screen):  # on another day
        await type_keys(pilot, "u")
        assert (root / "codebook/codes.yaml").read_bytes() == before
        assert not screen.session.records.segments


async def test_a_new_code_that_is_used_elsewhere_stays(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    async with coding(root) as (pilot, _):
        await type_keys(pilot, "scbrandnew<enter>)).")
        await type_keys(pilot, "u")
        assert made(root)
        await type_keys(pilot, "u")
        assert not made(root)


async def test_a_change_of_the_codebook_before_a_new_code_can_be_taken_back(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    plan = rename_code(root, "trust", "faith")
    StepLog.of(root).carry_out(plan.what, plan.changes, plan.apply)
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "scbrandnew<enter>")
        assert screen.workspace.flush()
    log = StepLog.of(root)
    assert log.last is not None and log.last.what == plan.what, "the new code goes with its coding"
    log.undo()
    codes = open_study(root).codebook.codes
    assert "trust" in codes and "faith" not in codes and made(root)
    assert log.last is None
