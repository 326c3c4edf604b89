"""The filter: some turns, one code, other people's codings; it hides and shows, and changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

from postil_tui.code.screen import CodeScreen
from postil_tui.code.session.pick import Pick
from postil_tui.widgets.bars import Bar
from tests.tui_study import TEXT, codes, coding, make_study, type_keys

FIRST = "We looked at the hub."


def labels_seen(screen: CodeScreen) -> list[str]:
    """Who speaks, turn by turn."""
    turns = screen.page.transcript.turns
    return [turns[block.turn].label for block in screen.page.blocks]


def margin(screen: CodeScreen) -> str:
    rows = range(screen.page.layout.rows)
    return "\n".join("".join(piece.text for piece in screen.page.margin_row(row).label) for row in rows)


def title(screen: CodeScreen) -> str:
    return screen.query_one("#title", Bar).text


def layer_of_ben(root: Path) -> None:
    (root / "codings" / "ben").mkdir()
    start = TEXT.index(FIRST)
    record = {"id": "bbbbbbbbbb", "start": start, "end": start + 9, "codes": ["evaluate"], "quote": "We looked"}
    header = {"postil": 1, "kind": "coder", "coder": "ben", "transcript": "I01"}
    lines = "\n".join(map(json.dumps, (header, record)))
    (root / "codings" / "ben" / "I01.jsonl").write_text(f"{lines}\n", "utf-8")


async def test_turns_of_participants_coded_and_uncoded(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "}s1<escape>fp")
        assert labels_seen(screen) == ["P01", "P01", "P02"] and "participants only: 3 turns" in screen.said
        assert "shown: participants only" in title(screen)
        assert "↑ How did you choose it?" in title(screen)  # the question is hidden, so it is told
        await type_keys(pilot, "fc")
        assert labels_seen(screen) == ["P01"]
        await type_keys(pilot, "fu")
        assert labels_seen(screen) == ["P01", "P02"]
        await type_keys(pilot, "gg1")  # nothing moves under the reader: the turn stays though it is coded now
        assert labels_seen(screen) == ["P01", "P02"] and codes(screen)[-1][0].startswith("Then we took")
        await type_keys(pilot, "fe")
        assert len(labels_seen(screen)) == 5 and "everything" in screen.said and "shown:" not in title(screen)


async def test_one_code_with_those_below_it(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        for code in ("trust", "popularity"):
            screen.workspace.slots.use(code)
        await type_keys(pilot, "}s1s2<escape>fk")
        assert isinstance(screen.prompt, Pick) and set(screen.prompt.found) == {"trust", "popularity", "selection"}
        await type_keys(pilot, "sel<enter>")
        assert "popularity" in margin(screen) and "trust" not in margin(screen)
        await type_keys(pilot, "gg<tab>")
        assert screen.page.transcript.text[screen.page.selection.cursor :].startswith("First the")
        await type_keys(pilot, "1")  # trust on the same words: one segment with both codes, so it is seen
        assert codes(screen)[-1][1] == ("popularity", "trust") and "trust" in margin(screen)
        await type_keys(pilot, "x1")  # without popularity it is out of sight, and still there
        assert margin(screen).split() == [] and codes(screen)[-1][1] == ("trust",)
        await type_keys(pilot, "ufe")
        assert sorted(margin(screen).replace("·", " ").split()) == ["popularity", "trust", "trust"]


async def test_codings_of_others_stand_in_dashed_brackets_and_are_not_ours(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    layer_of_ben(root)
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "fo1")
        assert "┆ evaluate" in margin(screen) and "with ben" in title(screen)
        await type_keys(pilot, "}")
        screen.say("")
        assert "ben: evaluate" in screen.query_one("#status", Bar).text
        await type_keys(pilot, "x")
        assert "no code here" in screen.said  # what others coded is looked at only
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "1")
        assert codes(screen) == [(FIRST, ("trust",))]
        await type_keys(pilot, "fo1")
        assert "evaluate" not in margin(screen)


async def test_a_blind_round_shows_nothing_of_the_others(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    layer_of_ben(root)
    (root / "rounds").mkdir()
    plan = "purpose: reliability\nblind: true\nstate: started\nassignments: {ana: [I01], ben: [I01]}\n"
    (root / "rounds" / "R1.yaml").write_text(plan, "utf-8")
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "fo")
        assert "blind" in screen.said and screen.prompt is None and not screen.page.whose


async def test_searching_and_coding_say_what_is_out_of_sight(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "fp/take your<enter>")
        assert "0 matches" in screen.said and "participants only" in screen.said
        await type_keys(pilot, "<escape>ggtt1")
        assert "over 1 turn out of sight" in screen.said
        await type_keys(pilot, "fc")
        assert labels_seen(screen) == ["P01", "Interviewer", "P01"]


async def test_a_filter_that_leaves_nothing_is_refused(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await type_keys(pilot, "fc")
        assert "there are none here" in screen.said and len(labels_seen(screen)) == 5
        await type_keys(pilot, "fo")
        assert "nobody else" in screen.said
