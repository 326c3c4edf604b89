"""The count in keys: what a person presses for each job, and what it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil_tui.widgets.bars import Bar
from tests.tui_study import codes, coding, key_count, make_study, type_keys

FIRST, SECOND = "How did you choose it?", "Take your time."

# job, keys, the most keys it may take, what is then on the words
JOBS: list[tuple[str, str, int, list[tuple[str, tuple[str, ...]]]]] = [
    ("this sentence with the last code", ".", 1, [(FIRST, ("popularity",))]),
    ("this sentence with quick slot 2", "2", 1, [(FIRST, ("find-ptm",))]),
    ("select sentence, slot", "s2", 2, [(FIRST, ("find-ptm",))]),
    ("select turn, slot", "t2", 2, [(f"{FIRST} {SECOND}", ("find-ptm",))]),
    ("two sentences", "ss2", 3, [(f"{FIRST} {SECOND}", ("find-ptm",))]),
    ("several codes on one selection", "s213", 4, [(FIRST, ("find-ptm", "evaluate", "popularity"))]),
    ("any other code", "sctru<enter>", 6, [(FIRST, ("trust",))]),
    ("new code", "scprice<enter>", 8, [(FIRST, ("price",))]),
    ("in vivo", "si<enter>", 3, [(FIRST, ("how-did-you-choose-it",))]),
    ("some words", "vwww2", 5, [("How did you", ("find-ptm",))]),
    ("last code on two sentences", "ss.", 3, [(f"{FIRST} {SECOND}", ("popularity",))]),
    ("last code on one more sentence after another", "s2s.", 4, [(FIRST, ("find-ptm",)), (SECOND, ("find-ptm",))]),
    ("new code below a parent", "scselection/fit<enter>", 16, [(FIRST, ("fit",))]),
    ("remove what was put", "2x", 2, []),
    ("take back", "2u", 2, []),
]

# a relation between two coded sentences: job, keys, most keys, (type, guard, stated)
RELATIONS: list[tuple[str, str, int, tuple[str, str, bool]]] = [
    ("inferred relation to the next segment", "r<tab><enter>l<enter>", 5, ("leads-to", "", False)),
    ("stated: two words picked", "r<tab><enter>bvw<enter><enter>", 8, ("goes-back-to", "", True)),
    ("with a condition", "r<tab><enter>i'poor<enter><enter>", 11, ("influences", "poor", False)),
]


@pytest.mark.parametrize(("job", "keys", "most", "expected"), JOBS, ids=[job[0] for job in JOBS])
async def test_job(tmp_path: Path, job: str, keys: str, most: int, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert key_count(keys) <= most
    async with coding(make_study(tmp_path)) as (pilot, screen):
        for code in ("evaluate", "find-ptm", "popularity"):
            screen.workspace.slots.use(code)
        await type_keys(pilot, keys)
        assert codes(screen) == expected


@pytest.mark.parametrize(("job", "keys", "most", "expected"), RELATIONS, ids=[job[0] for job in RELATIONS])
async def test_relation(tmp_path: Path, job: str, keys: str, most: int, expected: tuple[str, str, bool]) -> None:
    assert key_count(keys) <= most
    async with coding(make_study(tmp_path)) as (pilot, screen):
        for code in ("trust", "evaluate"):
            screen.workspace.slots.use(code)
        await type_keys(pilot, "1)2(")
        await type_keys(pilot, keys)
        (relation,) = screen.session.records.relations.values()
        assert (relation.type, relation.guard, relation.cue is not None) == expected
        assert (relation.source_code, relation.target_code) == ("trust", "evaluate") and screen.prompt is None


async def test_code_and_memo_in_one_go(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await type_keys(pilot, "sCtru<enter>")
        await pilot.pause()
        await type_keys(pilot, "why<ctrl+s>")
        (segment,) = screen.session.records.segments.values()
        assert segment.code_ids == ("trust",) and segment.memo == "why" and "memo written" in screen.said


async def test_pins_keep_their_digit(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "sctru*<enter>")
        slots = screen.workspace.slots
        assert slots.pinned == {"trust"} and "trust*" in screen.query_one("#slots").text  # type: ignore[attr-defined]
        for number in range(12):
            slots.use(f"code-{number}")
        assert slots.code(1) == "trust" and slots.code(2) == "code-0" and slots.number("code-11") is None
        await type_keys(pilot, "q")
    async with coding(root) as (_, screen):
        assert screen.workspace.slots.code(1) == "trust" and screen.workspace.slots.pinned == {"trust"}


async def test_exchange(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "tt1")
        words, codes_of = codes(screen)[0]
        assert words.startswith("How did") and words.endswith("back to the hub.")
        assert codes_of == ("trust",)


async def test_reading_on_after_a_code_begins_behind_it(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "s1s1s1")
        assert [words for words, _ in codes(screen)] == [FIRST, SECOND, "We looked at the hub."]


async def test_slots_keep_their_numbers(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        for code in ("find-ptm", "popularity", "trust"):
            screen.workspace.slots.use(code)
        await type_keys(pilot, "3)1)2")
        assert [code for _, (code,) in codes(screen)] == ["trust", "find-ptm", "popularity"]
        assert screen.workspace.slots.codes[:3] == ["find-ptm", "popularity", "trust"]


async def test_undo_and_redo(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "1)1")
        await type_keys(pilot, "uu")
        assert codes(screen) == []
        await type_keys(pilot, "<ctrl+r>")
        assert codes(screen) == [(FIRST, ("trust",))]
        await type_keys(pilot, "u")
        assert codes(screen) == []


async def test_remove_asks_only_if_several(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        screen.workspace.slots.use("trust")
        screen.workspace.slots.use("evaluate")
        await type_keys(pilot, "s12")
        await type_keys(pilot, "x")
        assert screen.prompt is not None and codes(screen)[0][1] == ("trust", "evaluate")
        await type_keys(pilot, "1")
        assert codes(screen) == [(FIRST, ("evaluate",))]
        await type_keys(pilot, "x")
        assert codes(screen) == []


async def test_borders(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "s1e)<enter>")
        assert codes(screen)[0][0] == "How did you choose it? Take your time."
        await type_keys(pilot, "u")
        assert codes(screen)[0][0] == FIRST


async def test_free_selection(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "wvww1")
        assert codes(screen) == [("did you", ("trust",))]


async def test_grow_and_shrink(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        text = screen.page.transcript.text
        await type_keys(pilot, "}))+")
        spans = []
        for _ in range(3):
            assert screen.page.selection.span is not None
            spans.append(text[slice(*screen.page.selection.span)])
            await type_keys(pilot, "+")
        assert spans == ["They", "They were well documented.", text[slice(*screen.page.units.turn(60))]]
        await type_keys(pilot, "---")
        assert screen.page.selection.span is not None
        assert len(text[slice(*screen.page.selection.span)]) < len(spans[2])


async def test_modes_and_unsure(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "1dd")
        (segment,) = screen.session.records.segments.values()
        assert segment.uses[0].mode == "deny"
        await type_keys(pilot, "du")
        (segment,) = screen.session.records.segments.values()
        assert segment.unsure and segment.uses[0].mode == "deny"


async def test_relation_with_cue_and_condition(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        screen.workspace.slots.use("trust")
        screen.workspace.slots.use("evaluate")
        await type_keys(pilot, "}1)2")
        await type_keys(pilot, "(r<tab><enter>b")
        (relation,) = screen.session.records.relations.values()
        assert (relation.source_code, relation.target_code, relation.type) == ("trust", "evaluate", "goes-back-to")
        assert relation.cue is None
        await type_keys(pilot, "vww<enter>'poor<enter><enter>")
        (relation,) = screen.session.records.relations.values()
        assert relation.guard == "poor" and relation.cue is not None
        assert screen.prompt is None


async def test_whole_transcript(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await type_keys(pilot, "Wtru<enter>")
        (segment,) = screen.session.records.whole()
        assert segment.code_ids == ("trust",) and segment.start is None
        title = screen.query_one("#title", Bar)
        assert "whole: trust" in title.text and "trust on the whole transcript" in screen.said
        await type_keys(pilot, "d1d")  # where nothing is coded, its codes can be reached; they are always asked for
        assert screen.session.records.whole()[0].uses[0].mode == "deny"
        await type_keys(pilot, "m1")
        await pilot.pause()
        await type_keys(pilot, "all of it<ctrl+s>")
        assert screen.session.records.whole()[0].memo == "all of it"
        await type_keys(pilot, "e")
        assert "no coded segment here" in screen.said  # it has no borders
        await type_keys(pilot, "Wtru<enter>")
        assert not screen.session.records.whole() and "taken off" in screen.said and "whole:" not in title.text
        await type_keys(pilot, "ux1")
        assert not screen.session.records.whole() and "trust removed" in screen.said


async def test_memo(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "1m")
        await pilot.pause()
        await type_keys(pilot, "why not<ctrl+s>")
        (segment,) = screen.session.records.segments.values()
        assert segment.memo == "why not"


async def test_find(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        text = screen.page.transcript.text
        await type_keys(pilot, "/HUB<enter>")
        assert text[screen.page.selection.cursor :].startswith("hub. First")
        await type_keys(pilot, "n")
        assert text[screen.page.selection.cursor :].startswith("hub.\n\nInterviewer")
        await type_keys(pilot, "n")
        assert text[screen.page.selection.cursor :].startswith("hub. First")
        await type_keys(pilot, "/<ctrl+r>[a-z]+ly<enter>")
        assert screen.said.startswith("0 matches")


async def test_a_new_code_below_a_parent_keeps_the_books_comments(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "scselection/size of it<enter>")
        assert codes(screen) == [(FIRST, ("size-of-it",))]
        assert screen.workspace.codebook.codes["size-of-it"].parent == "selection"
    book = (root / "codebook" / "codes.yaml").read_text("utf-8")
    assert "# the book of the test" in book and "# keep me" in book and "size of it" in book
