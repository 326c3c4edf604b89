"""``postil codebook`` and ``postil import-codebook`` as a person meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from postil_cli.running import run
from tests.shared_data import SHARED, needs_shared
from tests.transcripts_support import CODEBOOK, LAYER, STUDY, small_study


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    study = small_study(tmp_path / "study")
    monkeypatch.chdir(study)
    return study


Captured = pytest.CaptureFixture[str]


def test_show_prints_the_tree_on_stdout(root: Path, capsys: Captured) -> None:
    assert run(["codebook", "show"]) == 0
    assert capsys.readouterr().out == (
        "selection  Selection  (heading)\n"
        "  popularity  Popularity\n"
        "      Downloads and stars.\n"
        "  issues  Issues\n"
        "      The issue tracker was read.\n"
        "trust  Trust\n"
        "    Trust in somebody.\n"
    )
    assert run(["codebook", "show", "selection", "--brief"]) == 0
    assert capsys.readouterr().out == "selection  Selection  (heading)\n  popularity  Popularity\n  issues  Issues\n"


def test_show_one_code(root: Path, capsys: Captured) -> None:
    assert run(["codebook", "show", "selection/issues"]) == 0
    assert capsys.readouterr().out == (
        "selection/issues  Issues\n  The issue tracker was read.\n  group one-of (exclusive): popularity, issues\n"
    )
    assert run(["codebook", "show", "isues"]) == 1
    assert "did you mean 'issues'" in capsys.readouterr().err


def test_show_as_json(root: Path, capsys: Captured) -> None:
    assert run(["codebook", "show", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [code["path"] for code in data["codes"]] == [
        "selection",
        "selection/popularity",
        "selection/issues",
        "trust",
    ]
    assert data["groups"] == [{"id": "one-of", "label": "one-of", "codes": ["popularity", "issues"], "exclusive": True}]


def test_a_label_cannot_speak_to_the_terminal(root: Path, capsys: Captured) -> None:
    book = CODEBOOK.replace("label: Trust", 'label: "\\x1b[31mTrust"')
    (root / "codebook/codebook.yaml").write_text(book)
    run(["codebook", "show"])
    shown = capsys.readouterr()
    assert "\x1b" not in shown.out + shown.err
    assert "␛[31mTrust" in shown.out


def test_a_change_without_an_answer_is_wrong_usage(root: Path, capsys: Captured) -> None:
    assert run(["codebook", "rename", "popularity", "fame"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "add --yes" in told.err
    assert (root / "codings/ana/I01.jsonl").read_text() == LAYER


def test_a_dry_run_says_what_would_be_touched(root: Path, capsys: Captured) -> None:
    assert run(["codebook", "rename", "popularity", "fame", "--dry-run"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        "rename popularity to fame:\n"
        "  codebook/codebook.yaml\n"
        "  ana: 1 segment and 1 relation in 1 transcript\n"
        "Nothing was written.\n"
    )
    assert (root / "codings/ana/I01.jsonl").read_text() == LAYER


def test_yes_writes(root: Path, capsys: Captured) -> None:
    assert run(["codebook", "rename", "popularity", "fame", "--yes"]) == 0
    assert capsys.readouterr().err.endswith("Done.\n")
    assert (root / "codings/ana/I01.jsonl").read_text() == LAYER.replace('"popularity"', '"fame"')


def test_json_looks_unless_told_to_write(root: Path, capsys: Captured) -> None:
    assert run(["codebook", "merge", "popularity", "--into", "issues", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["written"], data["change"]) == (False, "merge popularity into issues")
    assert data["layers"][0] | {"coder": "ana", "segments": 1, "relations": 1} == data["layers"][0]
    assert run(["codebook", "merge", "popularity", "--into", "issues", "--json", "--yes"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] is True


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["add", "demos", "--under", "selection", "--label", "Demos", "--definition", "A: b", "--example", "x"],
            "demos",
        ),
        (["set", "trust", "exclude", "In oneself."], "exclude: In oneself."),
        (["set", "trust", "codable", "false"], "codable: false"),
        (["move", "trust", "--under", "selection"], "      trust:"),
        (["move", "issues", "--top"], "  issues:"),
        (["split", "trust", "--into", "trust-maker=In who made it.", "--into", "trust-test"], "trust-maker:"),
        (["delete", "selection", "--children", "lift"], "  issues:"),
    ],
)
def test_every_change_is_written(root: Path, arguments: list[str], expected: str, capsys: Captured) -> None:
    assert run(["codebook", *arguments, "--yes"]) == 0
    assert expected in (root / "codebook/codebook.yaml").read_text()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["delete", "selection", "--yes"], 1, "Add --children lift or --children delete."),
        (["move", "trust", "--yes"], 2, "--under CODE, or --top"),
        (["move", "trust", "--top", "--under", "selection"], 2, "--under CODE, or --top"),
        (["merge", "trust"], 2, "Missing option '--into'"),
        (["rename", "trust", "Trust", "--yes"], 1, "such as 'trust'"),
        (["add", "trust", "--yes"], 1, "is there already"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_what_is_refused_says_why(root: Path, arguments: list[str], code: int, words: str, capsys: Captured) -> None:
    before = (root / "codebook/codebook.yaml").read_text()
    assert run(["codebook", *arguments]) == code
    assert words in capsys.readouterr().err
    assert (root / "codebook/codebook.yaml").read_text() == before


@needs_shared
def test_import_codebook_takes_a_list(root: Path, capsys: Captured) -> None:
    source = SHARED / "ptm-study" / "codings" / "codebook.yaml"
    assert run(["import-codebook", str(source)]) == 1
    assert "has 4 codes; nothing was written" in capsys.readouterr().err
    assert run(["import-codebook", str(source), "--to", "codebook/ptm.yaml"]) == 0
    assert "codebook/ptm.yaml: 35 codes under 5 headings." in capsys.readouterr().err
    assert (root / "study.yaml").read_text() == STUDY
    (root / "codebook/codebook.yaml").write_text("title: New\ncodes: {}\n")
    assert run(["import-codebook", str(source)]) == 0
    assert "  model-selection:\n    label: Model selection" in (root / "codebook/codebook.yaml").read_text()


def test_import_codebook_into_a_study_without_one(root: Path, tmp_path: Path, capsys: Captured) -> None:
    (root / "study.yaml").write_text("# mine\npostil: 1\nid: x\ntitle: T\n")
    file = tmp_path / "list.yaml"
    file.write_text("codes:\n  - {id: a, stage: s, def: A.}\n  - {id: b, def: B., odd: 1}\n")
    assert run(["import-codebook", str(file), "--to", "codebook/new.yaml"]) == 1
    assert "list.yaml:3:22: code 'b': there is no key 'odd' here" in capsys.readouterr().err
    file.write_text("codes:\n  - {id: a, stage: s, def: A.}\n")
    assert run(["import-codebook", str(file), "--to", "codebook/new.yaml"]) == 0
    assert (root / "study.yaml").read_text() == "# mine\npostil: 1\nid: x\ntitle: T\ncodebook: codebook/new.yaml\n"
    assert run(["import-codebook", str(file), "--to", "../out.yaml"]) == 1
