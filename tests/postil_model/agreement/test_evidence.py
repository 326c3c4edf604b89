"""What the methods paragraph says of a round can be shown: declared before coding, blind, settled how, threshold."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from postil_cli.commands.agreement import command
from postil_model.agreement.evidence import settled
from postil_model.agreement.methods_paragraph import methods_paragraph
from postil_model.agreement.result import study_agreement
from postil_model.agreement.rounds import round_history
from postil_model.agreement.sample import SampleOptions
from postil_study.rounds.steps import plan_freeze, start_round
from postil_study.study import Study, open_study
from tests.model_study import Talk, put, write_study

DECLARED = "agreement: {measure: krippendorff_alpha, unit: turn, speakers: participant, reason: answers count%s}\n"
BEFORE, START, AFTER = "2026-02-20T08:00:00Z", datetime(2026, 3, 1, tzinfo=UTC), "2026-03-02T09:00:00Z"
FREEZE = datetime(2026, 3, 9, tzinfo=UTC)
TURNS = [("P", f"answer {j} is here and long enough.") for j in range(6)] + [("P", "nothing of it")]


def talk(coder: str, at: str, coded: dict[int, str]) -> Talk:
    made = Talk("I01", TURNS, {"P": "E01"}, coder=coder)
    for j, code in coded.items():
        made.code(f"{coder}{j}", f"answer {j} is here", code, **({"at": at} if at else {}))
    return made


def study_of(root: Path, at: str = AFTER, more: str = "", done: str = "2026-03-05") -> Study:
    """Ana and ben agree on answers 0 to 2; 3 is ana's alone, 4 ben's alone, 5 has another code of each."""
    ana = talk("ana", at, {0: "buy", 1: "buy", 2: "task", 3: "buy", 5: "task"})
    ben = talk("ben", at, {0: "buy", 1: "buy", 2: "task", 4: "buy", 5: "search"})
    study = write_study(root, [ana, ben], settings=DECLARED % more)
    for coder in ("ana", "ben"):
        path = root / f"codings/{coder}/I01.jsonl"
        header, *records = path.read_text().splitlines()
        put(root, f"codings/{coder}/I01.jsonl", "\n".join([json.dumps(json.loads(header) | {"done": done}), *records]))
    return study


def rounded(root: Path) -> Study:
    start_round(root, "R1", "reliability", {"ana": ["I01"], "ben": ["I01"]}, blind=True, clock=lambda: START)
    plan_freeze(root, "R1", lambda: FREEZE).apply()
    return open_study(root)


def paragraph(study: Study) -> str:
    return methods_paragraph(study_agreement(study))


def test_a_round_that_came_first_is_told_as_it_was(tmp_path: Path) -> None:
    study_of(tmp_path)
    text = paragraph(rounded(tmp_path))
    assert "Coders worked blind to each other's codings." in text
    assert "declared before the round because: answers count." in text
    plan = open_study(tmp_path).rounds["R1"].declared
    assert plan is not None and (plan.measure, plan.unit, plan.reason) == (
        "krippendorff_alpha",
        "turn",
        "answers count",
    )


@pytest.mark.parametrize(
    ("at", "done", "reason"),
    [
        (BEFORE, "2026-03-05", "10 of 10 codings existed before the round started (2026-03-01)"),
        (AFTER, "2026-02-27", "ana/I01, ben/I01 were done before the round started (2026-03-01)"),
        ("", "2026-03-05", "10 codings of 10 record no time"),
    ],
)
def test_what_cannot_be_shown_is_a_blank_with_its_reason(tmp_path: Path, at: str, done: str, reason: str) -> None:
    study_of(tmp_path, at, done=done)
    study = rounded(tmp_path)
    text = paragraph(study)
    assert "Coders worked blind" not in text and "declared before the round because" not in text
    assert f"[whether coders worked blind to each other: ____; {reason}" in text
    assert f"[declared before the round: ____; {reason}" in text
    (entry,) = round_history(study, SampleOptions())
    assert reason in " ".join(entry.doubts)


def test_a_plan_without_a_declaration_shows_none(tmp_path: Path) -> None:
    study_of(tmp_path)
    rounded(tmp_path)
    path = tmp_path / "rounds/R1.yaml"
    lines = path.read_text().splitlines(True)
    start = next(i for i, line in enumerate(lines) if line.startswith("declared:"))
    end = next(i for i in range(start + 1, len(lines)) if not lines[i].startswith(" "))
    path.write_text("".join(lines[:start] + lines[end:]))
    text = paragraph(open_study(tmp_path))
    assert "the plan of the round holds no declaration" in text and "Coders worked blind" in text


def test_a_measure_changed_between_start_and_freeze_does_not_count(tmp_path: Path) -> None:
    study_of(tmp_path)
    start_round(tmp_path, "R1", "reliability", {"ana": ["I01"], "ben": ["I01"]}, clock=lambda: START)
    put(tmp_path, "study.yaml", (tmp_path / "study.yaml").read_text().replace("unit: turn", "unit: char"))
    plan_freeze(tmp_path, "R1", lambda: FREEZE).apply()
    result = study_agreement(open_study(tmp_path))
    assert (result.headline.unit, result.headline.departs) == ("turn", ())
    assert any("differently when the round was frozen" in note for note in result.sample.notes)


def test_a_new_declaration_does_not_relabel_old_rounds(tmp_path: Path) -> None:
    study_of(tmp_path)
    rounded(tmp_path)
    put(tmp_path, "study.yaml", (tmp_path / "study.yaml").read_text().replace("krippendorff_alpha", "gwet_ac1"))
    (entry,) = round_history(open_study(tmp_path), SampleOptions())
    assert entry.result is not None and entry.result.headline.measure == "krippendorff_alpha"
    (asked,) = round_history(open_study(tmp_path), SampleOptions(), measure="gwet_ac1")
    assert asked.result is not None and asked.result.headline.departs == (
        "measure gwet_ac1 instead of krippendorff_alpha",
    )


def git(root: Path, date: str, *arguments: str) -> None:
    environment = {
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_DATE": date,
        "PATH": "/usr/bin:/bin:/usr/local/bin",
        "HOME": str(root),
    }
    names = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *names, *arguments], cwd=root, check=True, capture_output=True, env=environment)


def test_git_is_a_second_witness(tmp_path: Path) -> None:
    """The layers' own times say after the start; git has them from before it."""
    study_of(tmp_path)
    git(tmp_path, BEFORE, "init", "-q")
    git(tmp_path, BEFORE, "add", "-A")
    git(tmp_path, BEFORE, "commit", "-q", "-m", "coded")
    text = paragraph(rounded(tmp_path))
    assert "git has codings of ana/I01, ben/I01 from before the round started (2026-03-01)" in text
    assert "Coders worked blind" not in text


def test_a_declaration_rewritten_in_git_is_told(tmp_path: Path) -> None:
    study_of(tmp_path)
    rounded(tmp_path)
    git(tmp_path, AFTER, "init", "-q")
    git(tmp_path, AFTER, "add", "-A")
    git(tmp_path, AFTER, "commit", "-q", "-m", "round")
    path = tmp_path / "rounds/R1.yaml"
    path.write_text(path.read_text().replace("krippendorff_alpha", "gwet_ac1"))
    text = paragraph(open_study(tmp_path))
    assert "in git the plan of the round declared krippendorff_alpha on turn on 2026-03-02" in text


def consensus(root: Path, coded: dict[int, tuple[str, ...]], done: bool) -> Study:
    made = Talk("I01", TURNS, {"P": "E01"}, coder="consensus")
    for j, codes in coded.items():
        made.code(f"c{j}", f"answer {j} is here", *codes)
    header = (root / "codings/ana/I01.jsonl").read_text().splitlines()[0]
    plain = json.loads(header) | {"kind": "consensus", "coder": "consensus"}
    del plain["done"]
    lines = [json.dumps(plain | ({"done": "2026-03-12"} if done else {})), *map(json.dumps, made.segments)]
    put(root, "codings/consensus/I01.jsonl", "\n".join(lines) + "\n")
    return open_study(root)


@pytest.mark.parametrize(
    ("coded", "done", "expected"),
    [
        ({}, False, {"open": 3}),
        ({3: ("buy",)}, False, {"first": 1, "open": 2}),
        ({3: ("buy",), 5: ("task",)}, True, {"first": 3}),  # answer 4 left alone, as ana did
        ({4: ("buy",), 5: ("search",)}, True, {"second": 3}),
        ({3: ("buy",), 4: ("buy",), 5: ("task", "search")}, True, {"first": 1, "second": 1, "both": 1}),
        ({5: ("choose",)}, True, {"first": 1, "second": 1, "neither": 1}),
    ],
)
def test_how_disagreements_were_settled_is_counted(
    tmp_path: Path, coded: dict[int, tuple[str, ...]], done: bool, expected: dict[str, int]
) -> None:
    study_of(tmp_path)
    rounded(tmp_path)
    study = consensus(tmp_path, coded, done) if coded or done else open_study(tmp_path)
    (found,) = settled(study_agreement(study), tmp_path)
    assert (found.first, found.second, found.total) == ("ana", "ben", 3)
    assert {name: count for name, count in found.outcomes.items() if count} == expected


def test_the_paragraph_counts_them(tmp_path: Path) -> None:
    study_of(tmp_path)
    rounded(tmp_path)
    text = paragraph(consensus(tmp_path, {3: ("buy",), 5: ("task",)}, False))
    assert (
        "Of 3 passages on which ana and ben differed, the consensus kept the coding of ana in 2, of ben in 0, "
        "of both in 0 and of neither in 0; 1 is open. [Who decided, and how: ____.]" in text
    )


def test_a_declared_threshold_is_reported_per_code(tmp_path: Path) -> None:
    study_of(tmp_path, more=", at_least: 0.7, below: recode with a new definition")
    study = rounded(tmp_path)
    result = study_agreement(study)
    reached = {code: result.headline.reaches(code) for code in ("buy", "task", "price")}
    values = {code: result.headline.codes[code].value for code in reached}
    assert reached == {code: None if value is None else value >= 0.7 for code, value in values.items()}
    assert False in reached.values() and None in reached.values()
    text = methods_paragraph(result)
    assert "A value of at least 0.70 was declared for each code; " in text
    assert "declared for those below it: recode with a new definition." in text
    shown = CliRunner().invoke(command, ["--study", str(study.root), "--format", "csv"], standalone_mode=False)
    assert shown.exception is None
    screen = CliRunner().invoke(command, ["--study", str(study.root)], standalone_mode=False).stdout
    assert "<: below 0.70, the value declared for each code. Declared for these codes: recode" in screen


NONE = "agreement: {none: one researcher interprets}\n"


@pytest.mark.parametrize("format_", ["table", "json", "csv", "md", "latex", "html"])
def test_no_coefficient_is_printed_unless_it_is_asked_for_by_name(tmp_path: Path, format_: str) -> None:
    study = write_study(tmp_path, [talk("ana", AFTER, {0: "buy"}), talk("ben", AFTER, {1: "buy"})], settings=NONE)
    arguments = ["--study", str(study.root), "--live", "--format", format_]
    silent = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert silent.exception is None and "one researcher interprets" in silent.stdout
    assert "alpha" not in silent.stdout and "0." not in silent.stdout
    named = CliRunner().invoke(command, [*arguments, "--measure", "gwet_ac1"], standalone_mode=False)
    assert named.exception is None
    assert "AC1" in named.stdout or "gwet_ac1" in named.stdout
    assert "alpha" not in named.stdout.casefold() and "kappa" not in named.stdout.casefold()
