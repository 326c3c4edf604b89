"""Rounds from the command line: drawn, assigned, frozen, revealed; the recode queue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from postil_cli.main import cli
from postil_study.new import create_study
from postil_study.study import open_study

MANIFEST = "".join(
    f"T{n}:\n  speakers:\n    Asker: {{role: interviewer}}\n    P{n}: {{role: participant, participant: P{n}}}\n"
    for n in range(1, 6)
)
CODEBOOK = "title: B\nversion: 1.0.0\ncodes:\n  trust: {label: Trust, definition: Believing somebody.}\n"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    root = tmp_path / "s"
    create_study(root, "Test", ["ana", "ben"])
    (root / "codebook" / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (root / "transcripts").mkdir(exist_ok=True)
    for n in range(1, 6):
        text = f"Asker:\nWhy?\n\nP{n}:\nBecause I trust them.\n"
        (root / "transcripts" / f"T{n}.txt").write_text(text, encoding="utf-8")
    settings = root / "study.yaml"
    people = "participants: {P1: {}, P2: {}, P3: {}, P4: {}, P5: {}}"
    settings.write_text(settings.read_text(encoding="utf-8").replace("participants: {}", people), encoding="utf-8")
    (root / "transcripts" / "transcripts.yaml").write_text(MANIFEST, encoding="utf-8")
    return root


def run(study: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--study", str(study)], standalone_mode=False)


def test_a_round_from_draw_to_reveal(study: Path) -> None:
    started = ("round", "start", "R1", "--purpose", "reliability", "--coder", "ana", "--coder", "ben")
    assert run(study, *started, "--sample", "3", "--seed", "7", "--blind").exception is None
    drawn = open_study(study).rounds["R1"].transcripts
    assert len(drawn) == 3 and list(drawn) == sorted(drawn)
    assert run(study, "round", "reveal", "R1").exception is not None, "nothing is revealed before it is frozen"
    for coder in ("ana", "ben"):
        assert run(study, "done", *drawn, "--coder", coder, "--date", "2026-11-02").exception is None
    frozen = run(study, "round", "freeze", "R1")
    assert frozen.exception is None and "counts as missing" not in frozen.stderr
    assert (study / "rounds" / "R1" / "codings" / "ana" / f"{drawn[0]}.jsonl").is_file()
    assert run(study, "round", "reveal", "R1").exception is None
    listed = json.loads(run(study, "round", "list", "--json").stdout)
    assert [(plan["id"], plan["state"], plan["blind"]) for plan in listed] == [("R1", "revealed", True)]
    checked = run(study, "check")
    assert checked.return_value == 0, checked.stdout


def test_freezing_says_what_is_missing(study: Path) -> None:
    run(study, "round", "start", "P1", "--purpose", "pilot", "--coder", "ana", "--transcript", "T2")
    assert run(study, "assign", "T1", "T2", "--coder", "ben", "--round", "P1").exception is None
    assert open_study(study).rounds["P1"].assignments == {"ana": ("T2",), "ben": ("T1", "T2")}
    said = run(study, "round", "freeze", "P1").stderr
    assert "T1 is not finished by ben" in said and "T2 is not finished by ana" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("round", "start", "R1", "--purpose", "main", "--coder", "zoe", "--transcript", "T1"),
        ("round", "start", "R1", "--purpose", "main", "--coder", "ana", "--transcript", "T9"),
        ("round", "start", "R1", "--purpose", "main", "--coder", "ana", "--sample", "9"),
        ("round", "start", "R1", "--purpose", "main", "--coder", "ana"),
        ("round", "freeze", "R1"),
        ("assign", "T1", "--coder", "ana", "--round", "R1"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(study: Path, arguments: tuple[str, ...]) -> None:
    assert run(study, *arguments).exception is not None
    assert not list(study.glob("rounds/*"))


def test_a_changed_definition_opens_the_recode_queue(study: Path) -> None:
    rows = study.parent / "rows.csv"
    rows.write_text("transcript,coder,quote,codes\nT1,ana,I trust them,trust\n", encoding="utf-8")
    assert run(study, "import-codings", str(rows)).exception is None
    assert run(study, "recode").return_value == 0
    book = study / "codebook" / "codebook.yaml"
    changed = "{label: Trust, definition: Believing., changed: '2099-01-01T00:00:00Z'}"
    book.write_text(CODEBOOK[: CODEBOOK.index("{label")] + changed + "\n", encoding="utf-8")
    queue = run(study, "recode", "--json")
    assert queue.return_value == 1
    assert [(s["code"], s["coder"], s["quote"]) for s in json.loads(queue.stdout)] == [("trust", "ana", "I trust them")]
