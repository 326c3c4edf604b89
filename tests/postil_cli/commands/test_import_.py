"""``postil import`` and ``postil import-codings`` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from postil_cli.running import run
from postil_formats.texts.readers import read_source
from postil_study.new import create_study
from postil_study.study import open_study
from tests.shared_data import SHARED, needs_shared

TALK = "Ana: How do you choose?\nBen: By size, mostly, at Acme. Acme is big.\nAna: Why?\nBen: It has to fit.\n"
CODINGS = "transcript,coder,segment,quote,codes,memo\nT1,ben,s1,It has to fit.,fit; size,\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "study"
    create_study(made, "Test", ())
    monkeypatch.chdir(made)
    (tmp_path / "T1.txt").write_text(TALK)
    (tmp_path / "codings.csv").write_text(CODINGS)
    return made


def state(root: Path) -> dict[str, bytes]:
    paths = (path for path in root.rglob("*") if path.is_file() and ".postil" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def test_import_shows_and_writes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "../T1.txt", "--participant", "E01", "--date", "2026-01-20"]) == 0
    out, err = capsys.readouterr()
    assert "T1.txt → T1: text: speaker label before the words, utf-8" in out
    assert [line.split() for line in out.splitlines() if "participant" in line] == [
        ["Ben", "2", "12", "0", "participant", "E01"]
    ]
    assert "Acme (2) → [name 1]" in out
    assert err == "1 transcript imported.\n"
    assert open_study(root).infos["T1"].date == "2026-01-20"


def test_dry_run_writes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(root)
    assert run(["import", "../T1.txt", "--dry-run"]) == 0
    assert "Nothing was written" in capsys.readouterr().err
    assert state(root) == before


def test_twice_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "../T1.txt"]) == 0
    before = state(root)
    capsys.readouterr()
    assert run(["import", "../T1.txt"]) == 1
    assert "T1.txt was imported before, as T1" in capsys.readouterr().err
    assert run(["import", "../T1.txt", "--id", "T2"]) == 1
    assert state(root) == before


def test_a_folder_with_a_bad_file(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "raw"
    folder.mkdir()
    for number in range(20):
        (folder / f"T{number:02}.txt").write_text(TALK.replace("size", f"size {number}"))
    (folder / "T05.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "notes.xyz").write_text("x")
    assert run(["import", str(folder)]) == 1
    out, err = capsys.readouterr()
    assert "20 transcripts imported." in err
    assert "1 file not imported:" in err
    assert "T05.docx: T05.docx is damaged" in err
    assert "left aside, no transcripts: notes.xyz" in out
    assert len(open_study(root).transcripts) == 20


def test_json(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "../T1.txt", "--json", "--dry-run"]) == 0
    made = json.loads(capsys.readouterr().out)
    (file,) = made["files"]
    assert made["written"] is False
    assert [(s["label"], s["role"], s["turns"]) for s in file["speakers"]] == [
        ("Ana", "interviewer", 2),
        ("Ben", "participant", 2),
    ]
    assert {"text": "Acme", "kind": "name", "count": 2, "pseudonym": "[name 1]"} in file["names"]
    assert state(root).keys() >= {"study.yaml"}
    assert not (root / "transcripts/T1.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["import"], 2),
        (["import", "../T1.txt", "--speaker", "Ana"], 2),
        (["import", "../none.txt"], 1),
        (["import", "../T1.txt", "--speaker", "Bob=other"], 1),
        (["import", "../T1.txt", "--id-from", "(", "x"], 1),
        (["import-codings", "../codings.csv", "--done", "soon"], 2),
        (["import-codings", "../none.csv"], 1),
        (["import-codings", "--done", "2026-11-02"], 2),
        (["import-codings", "../T1.txt"], 1),
    ],
)
def test_what_goes_wrong(root: Path, arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(root)
    assert run(arguments) == code
    err = capsys.readouterr().err
    assert err
    assert "Traceback" not in err
    assert "did not expect" not in err
    assert state(root) == before


def test_outside_a_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["import", "x.txt"]) == 1
    assert "there is no study" in capsys.readouterr().err


def test_file_names_cannot_write_to_the_terminal(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a\x1b[31mb.txt").write_text(TALK)
    (tmp_path / "c\x1b]0;x.png").write_text("x")
    run(["import", str(tmp_path / "a\x1b[31mb.txt"), str(tmp_path / "c\x1b]0;x.png")])
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err


def test_codings_need_their_codes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["import", "../T1.txt"])
    before = state(root)
    capsys.readouterr()
    assert run(["import-codings", "../codings.csv"]) == 1
    assert "does not have these codes: fit (1), size (1)" in capsys.readouterr().err
    assert state(root) == before
    assert run(["import-codings", "../codings.csv", "--add-codes", "--done", "2026-11-02"]) == 0
    out, err = capsys.readouterr()
    assert "segments: 1 of 1 row placed (1 exact)" in out
    assert "codings/ben/T1.jsonl" in err
    study = open_study(root)
    layer = study.layer("ben", "T1")
    assert layer is not None
    assert (layer.header.done, layer.segments[0].code_ids) == ("2026-11-02", ("fit", "size"))
    assert "ben" in study.settings.coders
    after = state(root)
    capsys.readouterr()
    assert run(["import-codings", "--add-codes", "--done", "../codings.csv"]) == 0
    assert "nothing was written" in capsys.readouterr().err
    assert state(root) == after


def test_codings_that_cannot_be_placed_are_listed(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["import", "../T1.txt"])
    (tmp_path / "more.csv").write_text(CODINGS + "T1,ben,s2,Nobody said that.,fit,\n")
    capsys.readouterr()
    assert run(["import-codings", "../more.csv", "--add-codes", "--json"]) == 1
    made = json.loads(capsys.readouterr().out)
    assert made["segments"] == {"rows": 2, "placed": 1, "how": {"exact": 1}}
    assert [(p["row"], p["id"], p["taken_in"]) for p in made["problems"]] == [(3, "s2", False)]
    assert made["written"] == ["codings/ben/T1.jsonl", "study.yaml", "codebook/codebook.yaml"]


@needs_shared
def test_every_real_file_gives_turns_or_a_reason(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["import", str(SHARED), "--json", "--dry-run"])
    made = json.loads(capsys.readouterr().out)
    assert len(made["files"]) > 25
    assert all(file["turns"] and file["words"] for file in made["files"])
    assert all(failure["reason"] for failure in made["failed"])


class TestTheSecondReading:
    def test_the_preview_shows_the_first_turns_and_what_was_taken_off(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (root.parent / "T1.txt").write_text("[61:05] Ana: How?\n[62:00] Ben: By size.\n[63:00] Ana: Why?\n")
        assert run(["import", "../T1.txt", "--dry-run"]) == 0
        out = capsys.readouterr().out
        assert "  Ana: How?\n  Ben: By size.\n  Ana: Why?\n" in out
        assert "taken off, label: 3 ([61:05] Ana:, …)" in out

    def test_a_difference_is_a_warning_and_with_strict_an_error(
        self, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from dataclasses import replace

        from postil_formats.texts import plan as importing

        def lossy(data: bytes, name: str, options: Any) -> Any:
            made = read_source(data, name, options)
            return replace(made, turns=(made.turns[0]._replace(text="How do choose?"), *made.turns[1:]))

        monkeypatch.setattr(importing, "read_source", lossy)
        assert run(["import", "../T1.txt", "--strict"]) == 1
        err = capsys.readouterr().err
        assert "1 word of the file not stored: “you” (after “ana how do”)" in err
        assert not (root / "transcripts" / "T1.txt").exists()
        assert run(["import", "../T1.txt"]) == 0
        assert "! 1 word of the file not stored: “you”" in capsys.readouterr().out

    def test_what_looks_like_a_label_inside_a_turn_is_quoted(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        talk = "Ana:\nHow?\n\nBen:\nSo.\n  Kim: I, too.\n  Kim: Yes.\n\n" + "Ana:\nOh?\n\nBen:\nNo.\n\n" * 3
        (root.parent / "T1.txt").write_text(talk)
        assert run(["import", "../T1.txt", "--strict"]) == 1
        assert "'Kim:' stands 2 times at the start of a line inside a turn" in capsys.readouterr().err
        assert run(["import", "../T1.txt", "--json"]) == 0
        (file,) = json.loads(capsys.readouterr().out)["files"]
        assert file["differences"]["labels"][0].startswith("'Kim:' stands 2 times")

    def test_a_label_named_by_hand_is_found(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (root.parent / "T1.txt").write_text("Ana: How?\nBen: So.\nkim we did.\nAna: Oh?\nBen: No.\n")
        assert run(["import", "../T1.txt", "--speaker", "kim=other"]) == 0
        assert "kim: we did." in capsys.readouterr().out
        assert run(["import", "../T1.txt", "--id", "T2", "--speaker", "nobody=other"]) == 1
