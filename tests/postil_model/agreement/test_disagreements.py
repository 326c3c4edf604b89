"""Disagreements: kinds, both sides' words, worst first, settled passages, and what the command prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from postil_cli.commands.disagreements import command
from postil_model.agreement.disagreements import Disagreement, disagreements
from postil_model.agreement.result import study_agreement
from postil_model.agreement.sample import SampleOptions
from postil_study.study import Study
from tests.model_study import Talk, write_study
from tests.postil_model.agreement.test_sample import WORDS, talks


def found(study: Study, **options: object) -> list[Disagreement]:
    return disagreements(study_agreement(study, SampleOptions(live=True)), **options)  # type: ignore[arg-type]


def test_what_one_coder_alone_coded(tmp_path: Path) -> None:
    study = write_study(tmp_path, talks(("ana", "a1", "It was cheap", "buy"), ("ben", "b1", "Then it broke", "task")))
    buy, task = sorted(found(study), key=lambda each: each.code)
    assert (buy.kind, buy.code, buy.transcript, buy.differs) == ("only-a", "buy", "I01", 10)
    assert [use.quote for use in buy.a] == ["It was cheap"]
    assert buy.b == ()
    assert buy.before == "We looked for a model. "
    assert buy.after.startswith(", so we took it.")
    assert (task.kind, [use.segment for use in task.b]) == ("only-b", ["b1"])


def test_other_codes_on_the_same_words_are_told_once(tmp_path: Path) -> None:
    study = write_study(tmp_path, talks(("ana", "a1", "It was cheap", "buy"), ("ben", "b1", "was cheap", "price")))
    (each,) = found(study)
    assert each.kind == "other-code"
    assert {use.code for use in (*each.a, *each.b)} == {"buy", "price"}
    assert (each.a[0].segment, each.b[0].segment) == ("a1", "b1")


def test_a_second_code_beside_an_agreed_one_is_no_other_code(tmp_path: Path) -> None:
    pair = talks(("ana", "a1", "It was cheap", "buy"), ("ben", "b1", "It was cheap", "buy"))
    pair[1].code("b2", "It was cheap", "price")
    (each,) = found(write_study(tmp_path, pair))
    assert (each.kind, each.code) == ("only-b", "price")


def test_other_boundaries(tmp_path: Path) -> None:
    study = write_study(
        tmp_path, talks(("ana", "a1", "It was cheap", "buy"), ("ben", "b1", "cheap, so we took it", "buy"))
    )
    (each,) = found(study)
    assert (each.kind, each.start, each.end) == ("boundaries", each.a[0].start, each.b[0].end)
    assert each.differs == len("Itwas,sowetookit")


def test_white_space_at_the_ends_is_no_disagreement(tmp_path: Path) -> None:
    study = write_study(tmp_path, talks(("ana", "a1", "It was cheap,", "buy"), ("ben", "b1", "It was cheap, ", "buy")))
    assert found(study) == []


def test_a_coder_who_cut_in_two_meets_one_who_did_not(tmp_path: Path) -> None:
    pair = talks(("ana", "a1", "It was cheap, so we took it", "buy"), ("ben", "b1", "It was cheap", "buy"))
    pair[1].code("b2", "so we took it", "buy")
    (each,) = found(write_study(tmp_path, pair))
    assert (each.kind, len(each.a), len(each.b), each.differs) == ("boundaries", 1, 2, 1)


def test_the_worst_code_comes_first(tmp_path: Path) -> None:
    pair = talks(
        ("ana", "a1", "It was cheap", "buy"), ("ben", "b1", "It was", "buy"), ("ana", "a2", "Then it broke", "task")
    )
    study = write_study(tmp_path, pair, settings="agreement: {unit: char, reason: r}\n")
    assert [each.code for each in found(study)] == ["task", "buy"]


def test_filters(tmp_path: Path) -> None:
    study = write_study(tmp_path, talks(("ana", "a1", "It was cheap", "buy"), ("ben", "b1", "Then it broke", "task")))
    assert [each.code for each in found(study, codes=["buy"])] == ["buy"]
    assert [each.code for each in found(study, kinds=["only-b"])] == ["task"]
    assert found(study, transcripts=["I99"]) == []


def test_a_passage_in_the_consensus_layer_is_settled(tmp_path: Path) -> None:
    pair = talks(("ana", "a1", "It was cheap", "buy"), ("ana", "a2", "Then it broke", "task"))
    start, end = pair[0].place("It was cheap")
    lines = [
        {"postil": 1, "kind": "consensus", "coder": "consensus", "transcript": "I01"},
        {"id": "c1", "start": start, "end": end, "codes": ["buy"]},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    study = write_study(tmp_path, pair, files={"codings/consensus/I01.jsonl": text})
    assert {each.code: each.settled for each in found(study)} == {"buy": True, "task": False}
    shown = CliRunner().invoke(command, ["--study", str(tmp_path), "--open"], standalone_mode=False).stdout
    assert "Then it broke" in shown
    assert "It was cheap”" not in shown


def test_three_coders_are_compared_in_pairs(tmp_path: Path) -> None:
    pair = talks(("ana", "a1", "It was cheap", "buy"), ("ben", "b1", "It was cheap", "buy"))
    third = Talk("I01", pair[0].turns, pair[0].speakers, coder="zoe")
    each = found(write_study(tmp_path, [*pair, third]))
    assert [(d.coder_a, d.coder_b, d.kind) for d in each] == [("ana", "zoe", "only-a"), ("ben", "zoe", "only-a")]


def test_json_has_both_sides_and_their_ids(tmp_path: Path) -> None:
    study = write_study(tmp_path, talks(("ana", "a1", "It was cheap", "buy"), ("ben", "b1", "was cheap", "price")))
    answer = CliRunner().invoke(command, ["--study", str(study.root), "--json"], standalone_mode=False)
    (each,) = json.loads(answer.stdout)["disagreements"]
    text = study.transcripts["I01"].text
    for side, coder in (("a", "ana"), ("b", "ben")):
        assert each[side]["coder"] == coder
        for segment in each[side]["segments"]:
            assert text[segment["start"] : segment["end"]] == segment["quote"]
    confusion = json.loads(answer.stdout)["confusion"][0]["characters"]
    assert confusion == {"buy": {"price": 9, "": 3}}


def test_the_screen_sets_both_quotes_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    study = write_study(tmp_path, talks(("ana", "a1", "It was cheap", "buy"), ("ben", "b1", "cheap, so", "buy")))
    shown = CliRunner().invoke(command, ["--study", str(study.root)], standalone_mode=False).stdout
    row = next(line for line in shown.splitlines() if "“It was cheap”" in line)
    assert row.index("│") == 39
    assert "“cheap, so”" in row
    assert "P: … We looked for a model." in shown


def test_a_control_character_in_a_quote_does_not_reach_the_terminal(tmp_path: Path) -> None:
    pair = talks()
    words = WORDS.replace("cheap", "che\x1b[31map")
    for talk in pair:
        talk.turns = [("I", "What?"), ("P", words)]
    pair[0].code("a1", "It was che\x1b[31map", "buy")
    study = write_study(tmp_path, pair)
    shown = CliRunner().invoke(command, ["--study", str(study.root)], standalone_mode=False).stdout
    assert "\x1b" not in shown
