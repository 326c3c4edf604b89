"""Settling disagreements into a consensus by keys: codes and relations, nothing lost on the way."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from textual.pilot import Pilot

from postil_cli.main import cli
from postil_study.check.study import check_study
from postil_study.study import open_study
from postil_tui.code.session.prompts import Choose
from postil_tui.compare.screen import CompareScreen
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config
from tests.model_study import CODEBOOK, Talk, put, talk, write_study
from tests.tui_study import type_keys

ROOT = Path(__file__).resolve().parents[3]
PARTS = ("study.yaml", "codebook", "transcripts", "codings", "charts", "memos")
Stated = Counter[tuple[str, str, str, str, str, tuple[int, int]]]


def records(root: Path, coder: str, transcript: str) -> list[dict[str, Any]]:
    path = root / "codings" / coder / f"{transcript}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][1:] if path.is_file() else []


def stated(root: Path, coder: str, transcript: str) -> Stated:
    """The relations with cue words of one layer, by what they say: from the lines of the file alone."""
    found: Stated = Counter()
    for r in records(root, coder, transcript):
        if "from" in r and "cue" in r:
            found[r["type"], r["from_code"], r["to_code"], r.get("guard", ""), r.get("mode", ""), tuple(r["cue"])] += 1
    return found


def whole_codings(root: Path, coder: str, transcript: str) -> Counter[tuple[Any, ...]]:
    """Codes with their places and modes."""
    return Counter(
        (r.get("start"), r.get("end"), json.dumps(code, sort_keys=True))
        for r in records(root, coder, transcript)
        for code in r.get("codes", ())
    )


async def settled(root: Path, transcript: str, take: str, agreed: str = "a") -> str:
    """Open the comparison, take over what agrees (or not), press ``take`` until nothing is open, and finish."""
    app = PostilApp(root, transcript, "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await type_keys(pilot, "<f6>")
        screen = app.screen
        assert isinstance(screen, CompareScreen) and screen.transcript_id == transcript
        await type_keys(pilot, agreed)
        await press_until_settled(pilot, screen, take)
        await type_keys(pilot, "Dy")
        screen.workspace.flush()
        return screen.said


async def press_until_settled(pilot: Pilot[int], screen: CompareScreen, take: str) -> None:
    for _ in range(len(screen.differences)):
        if not screen.open_here():
            return
        await type_keys(pilot, take)
    assert not screen.open_here()


@pytest.mark.parametrize("transcript", ["I01", "I02"])
async def test_the_sample_has_as_many_stated_relations_after_settling(tmp_path: Path, transcript: str) -> None:
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("postil_*"))
        else:
            shutil.copy(ROOT / part, tmp_path / part)
    study = open_study(tmp_path)
    first, second, *_ = [layer.header.coder for layer in study.coder_layers(transcript)]
    for key, coder in (("1", first), ("2", second)):
        shutil.rmtree(tmp_path / "codings" / "consensus", ignore_errors=True)
        before = stated(tmp_path, coder, transcript)
        assert before, "the sample has stated relations here"
        said = await settled(tmp_path, transcript, key, agreed="a" if key == "1" else "")
        assert "consensus finished" in said
        assert stated(tmp_path, "consensus", transcript) == before
        assert whole_codings(tmp_path, "consensus", transcript) == whole_codings(tmp_path, coder, transcript)
        record = open_study(tmp_path).record_layer(transcript)
        assert record is not None and record.header.coder == "consensus"
        assert not [p for p in check_study(tmp_path) if "consensus" in p.place.path]


# --- the kinds of differences ----------------------------------------------------------------------------------------

WORDS = "We had a task so we searched here, then we chose one and then bought it."


def sides(root: Path, mine: dict[str, Any] | None, theirs: dict[str, Any] | None, **more: Any) -> Path:
    """Two coders with the same two passages; each with one relation between them, or none."""
    talks = []
    for coder, relation in (("ana", mine), ("ben", theirs)):
        one = talk("T1", "P1", "And?", WORDS, coder=coder)
        one.code(f"{coder}t", "had a task", "task").code(f"{coder}s", "we searched", "search")
        if relation is not None:
            relation = {"type_": "leads-to", "cue": "so", **relation}
            one.relate(f"{coder}r", f"{coder}t", f"{coder}s", from_code="task", to_code="search", **relation)
        talks.append(one)
    write_study(root, talks, **more)
    return root


@pytest.mark.parametrize(
    ("mine", "theirs", "said"),
    [
        ({}, None, "relation, only A"),
        (None, {}, "relation, only B"),
        ({}, {"type_": "influences"}, "other type"),
        ({"guard": "good"}, {"guard": "poor"}, "other condition"),
        ({"guard": "good"}, {}, "other condition"),
        ({}, {"cue": "then"}, "other cue words"),
        ({}, {"cue": ""}, "other cue words"),
        ({}, {"mode": "wish"}, "other meaning"),
    ],
)
@pytest.mark.parametrize("take", ["1", "2", "3", "0"])
async def test_relations_are_settled_as_codes_are(
    tmp_path: Path, mine: dict[str, Any] | None, theirs: dict[str, Any] | None, said: str, take: str
) -> None:
    root = sides(tmp_path, mine, theirs)
    app = PostilApp(root, "T1", "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await type_keys(pilot, "<f6>a")
        screen = app.screen
        assert isinstance(screen, CompareScreen) and len(screen.differences) == 1
        await type_keys(pilot, "n")
        assert said in screen.said
        await type_keys(pilot, take)
        assert not screen.open_here()
        screen.workspace.flush()
        drawn = [r for r in records(root, "consensus", "T1") if "from" in r]
        taken = {"1": [mine], "2": [theirs], "3": [mine, theirs], "0": []}[take]
        expected = [one for one in taken if one is not None]
        assert len(drawn) == len(expected)
        assert {(r["type"], r.get("guard"), "cue" in r) for r in drawn} == {
            (one.get("type_", "leads-to"), one.get("guard"), one.get("cue") != "") for one in expected
        }
        empty = [r for r in records(root, "consensus", "T1") if "settles" in r and not {"from", "codes"} & r.keys()]
        assert len(empty) == (not expected) and all("start" not in r for r in empty)
        assert not [p for p in check_study(root) if "consensus" in p.place.path]
        await type_keys(pilot, "u")
        assert screen.open_here()
        screen.workspace.flush()
        assert not [r for r in records(root, "consensus", "T1") if "from" in r]


async def test_what_both_drew_alike_comes_with_what_agrees(tmp_path: Path) -> None:
    root = sides(tmp_path, {"guard": "if"}, {"guard": " IF "})
    assert "consensus finished" in await settled(root, "T1", "1")
    assert [r["guard"] for r in records(root, "consensus", "T1") if "from" in r] == ["if"]


async def test_a_relation_waits_for_its_passages(tmp_path: Path) -> None:
    root = other_codes(tmp_path)
    app = PostilApp(root, "T1", "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await type_keys(pilot, "<f6>n1")
        screen = app.screen
        assert isinstance(screen, CompareScreen) and screen.open_here() == 2
        assert "settle the passages first" in screen.query_one("#status").text  # type: ignore[attr-defined]
        assert not [r for r in records(root, "consensus", "T1") if "from" in r]


async def test_a_relation_brings_passages_on_which_both_agree(tmp_path: Path) -> None:
    root = sides(tmp_path, {}, None)
    assert "consensus finished" in await settled(root, "T1", "1", agreed="")
    assert stated(root, "consensus", "T1") == stated(root, "ana", "T1")
    assert whole_codings(root, "consensus", "T1") == whole_codings(root, "ana", "T1")


async def test_finishing_takes_over_what_agrees(tmp_path: Path) -> None:
    root = sides(tmp_path, {}, {})
    assert "taken over: 2 segments, 1 relation" in await settled(root, "T1", "1", agreed="")
    assert stated(root, "consensus", "T1") == stated(root, "ana", "T1")


def other_codes(root: Path) -> Path:
    """Ana says search and relates it; ben says choose on the same words."""
    one = talk("T1", "P1", "And?", WORDS).code("at", "had a task", "task").code("as", "we searched", "search")
    one.relate("ar", "at", "as", "leads-to", "so", from_code="task", to_code="search")
    other = talk("T1", "P1", "And?", WORDS, coder="ben").code("bt", "had a task", "task")
    other.code("bs", "we searched", "choose")
    write_study(root, [one, other])
    return root


@pytest.mark.parametrize("take", ["1", "3"])
async def test_a_passage_that_is_taken_brings_its_relations(tmp_path: Path, take: str) -> None:
    root = other_codes(tmp_path)
    await settled(root, "T1", take)
    assert stated(root, "consensus", "T1") == stated(root, "ana", "T1") and stated(root, "ana", "T1")


async def test_a_relation_of_a_passage_that_got_the_other_code_is_still_asked_for(tmp_path: Path) -> None:
    root = other_codes(tmp_path)
    app = PostilApp(root, "T1", "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await type_keys(pilot, "<f6>a2")
        screen = app.screen
        assert isinstance(screen, CompareScreen) and screen.open_here()
        assert "relation, only A" in screen.said and "task leads-to search" in screen.said
        await type_keys(pilot, "1")
        screen.workspace.flush()
        (made,) = [r for r in records(root, "consensus", "T1") if "from" in r]
        assert (made["from_code"], made["to_code"]) == ("task", "choose")


async def test_codes_on_the_whole_transcript_are_settled_too(tmp_path: Path) -> None:
    one = talk("T1", "P1", "And?", WORDS).code("aw", "", "stray").code("at", "had a task", "task")
    other = talk("T1", "P1", "And?", WORDS, coder="ben").code("bt", "had a task", "task").code("bb", "bought it", "buy")
    write_study(tmp_path, [one, other])
    assert "consensus finished" in await settled(tmp_path, "T1", "1")
    assert whole_codings(tmp_path, "consensus", "T1") == whole_codings(tmp_path, "ana", "T1")


# --- finishing -------------------------------------------------------------------------------------------------------


async def test_finishing_with_open_ones_asks(tmp_path: Path) -> None:
    root = sides(tmp_path, {}, {"type_": "influences"})
    app = PostilApp(root, "T1", "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await type_keys(pilot, "<f6>D")
        screen = app.screen
        assert isinstance(screen, CompareScreen) and isinstance(screen.prompt, Choose)
        assert "not settled in T1: 1 relation of ana and ben" in screen.prompt.question
        await type_keys(pilot, "<escape>")
        screen.workspace.flush()
        layer = open_study(root).layer("consensus", "T1")
        assert layer is None or not layer.header.done
        await type_keys(pilot, "1D")
        assert isinstance(screen.prompt, Choose) and "not settled" not in screen.prompt.question
        await type_keys(pilot, "y")
    layer = open_study(root).layer("consensus", "T1")
    assert layer is not None and layer.header.done


def test_the_command_asks_too(tmp_path: Path) -> None:
    root = sides(tmp_path, {}, None)
    words = ["done", "T1", "--coder", "consensus", "--date", "2026-11-02", "-C", str(root)]
    refused = CliRunner().invoke(cli, words, standalone_mode=False)
    assert refused.return_value == 1 and "not settled in T1: 1 relation of ana and ben" in refused.stderr
    assert not (root / "codings/consensus/T1.jsonl").exists()
    assert open_study(root).layer("consensus", "T1") is None
    assert CliRunner().invoke(cli, [*words, "--yes"], standalone_mode=False).return_value == 0
    layer = open_study(root).layer("consensus", "T1")
    assert layer is not None and layer.header.done == "2026-11-02" and layer.header.kind == "consensus"
    assert whole_codings(root, "consensus", "T1") == whole_codings(root, "ana", "T1")


def test_the_command_takes_over_what_agrees_as_the_app_does(tmp_path: Path) -> None:
    root = sides(tmp_path, {"guard": "if"}, {"guard": "if"})
    words = ["done", "T1", "--coder", "consensus", "--date", "2026-11-02", "-C", str(root)]
    said = CliRunner().invoke(cli, words, standalone_mode=False)
    assert said.return_value == 0 and "taken over: 2 segments, 1 relation" in said.stderr
    assert stated(root, "consensus", "T1") == stated(root, "ana", "T1")
    assert whole_codings(root, "consensus", "T1") == whole_codings(root, "ana", "T1")
    assert CliRunner().invoke(cli, ["undo", "-y", "-C", str(root)], standalone_mode=False).exception is None
    assert not (root / "codings/consensus/T1.jsonl").exists()


def test_of_three_coders_nobody_s_agreement_is_taken_for_the_others(tmp_path: Path) -> None:
    root = sides(tmp_path, None, None)
    third = talk("T1", "P1", "And?", WORDS, coder="cyd").code("ct", "had a task", "task")
    write_study(root, [*_coded_alike(), third])
    words = ["done", "T1", "--coder", "consensus", "-y", "--date", "2026-11-02", "-C", str(root)]
    asked = CliRunner().invoke(cli, [word for word in words if word != "-y"], standalone_mode=False)
    assert asked.return_value == 1 and "2 agreeing passages of ana and ben" in asked.stderr
    assert CliRunner().invoke(cli, words, standalone_mode=False).return_value == 0
    assert not whole_codings(root, "consensus", "T1")


def _coded_alike() -> list[Talk]:
    found = []
    for coder in ("ana", "ben"):
        one = talk("T1", "P1", "And?", WORDS, coder=coder)
        found.append(one.code(f"{coder}t", "had a task", "task").code(f"{coder}s", "we searched", "search"))
    return found


@pytest.mark.parametrize("record", ["[consensus, ana, ben]", "[ana, ben]", ""])
def test_the_coding_of_record_names_nobody_twice(tmp_path: Path, record: str) -> None:
    from postil_formats.codings.writing import with_coders
    from postil_study.files.settings import load_settings

    line = f"analysis: {{record: {record}}}\n" if record else ""
    text = f"postil: 1\ntitle: T\ncoders: {{ana: {{}}, ben: {{}}, consensus: {{}}}}\n{line}"
    for _ in range(2):
        settings, _ = load_settings(text)
        assert len(set(settings.analysis.record)) == len(settings.analysis.record)
        text = with_coders(text, {} if "cyd" in text else {"cyd": "Cyd"})
    again = with_coders("postil: 1\ncoders: {ana: {}}\nanalysis: {record: [ana, eve]}\n", {"eve": ""})
    assert again.count("eve") == 2


def test_a_record_that_names_a_coder_twice_is_told(tmp_path: Path) -> None:
    one: Talk = talk("T1", "P1", "And?", WORDS).code("at", "had a task", "task")
    write_study(tmp_path, [one], settings="analysis: {record: [ana, consensus, ana]}\n", codebook=CODEBOOK)
    put(tmp_path, "memos/.keep", "")
    (found,) = [p for p in check_study(tmp_path) if "twice" in p.message]
    assert "'ana'" in found.message and found.severity == "warning" and found.place.line
