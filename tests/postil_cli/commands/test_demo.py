"""``postil demo``: the illustrative study laid down and the main job run on it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from postil_cli.commands import demo
from postil_cli.main import cli

ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["demo", *arguments, "--no-app"], standalone_mode=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("demo") / "study"
    return folder, run(str(folder))


def test_it_checks_and_prints_agreement(made: tuple[Path, Result]) -> None:
    _, result = made
    assert result.exception is None and result.return_value == 0
    assert "The study is in order." in result.stderr
    assert "Krippendorff's alpha" in result.stdout


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("agreement.csv", b""),
        ("agreement.xlsx", b"PK"),
        ("decision-model.svg", b"<?xml"),
        ("decision-model.pdf", b"%PDF"),
        ("decision-model.png", b"\x89PNG"),
        ("decision-model.dot", b""),
        ("decision-model.mmd", b"%% postil"),
        ("evidence.csv", b""),
        ("report.html", b"<!DOCTYPE html>"),
    ],
)
def test_it_writes_what_it_names(made: tuple[Path, Result], name: str, start: bytes) -> None:
    folder, result = made
    data = (folder / "exports" / name).read_bytes()
    assert len(data) > 500 and data.startswith(start)
    assert name in result.stdout


def test_nothing_but_the_study_is_laid_down(made: tuple[Path, Result]) -> None:
    folder, _ = made
    kinds = {file.suffix for file in folder.rglob("*") if file.is_file() and "exports" not in file.parts}
    assert kinds <= {".yaml", ".txt", ".jsonl", ".md", "", ".json", ".csv"}
    assert (folder / ".gitattributes").is_file() and (folder / ".gitignore").is_file()


def test_a_second_time_what_somebody_coded_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    demo.lay_down(folder)
    memo = folder / "memos" / "mine.md"
    memo.write_text("---\nabout: study\nauthor: ana\ndate: 2026-11-02\ntype: analytic\n---\nMine.\n", encoding="utf-8")
    demo.lay_down(folder)
    assert memo.read_text(encoding="utf-8").endswith("Mine.\n")


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    result = run(str(tmp_path))
    assert "is not empty" in str(result.exception)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_without_typst_the_rest_is_there_and_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    result = run(str(tmp_path / "d"))
    assert result.exception is None and result.return_value == 0
    assert "No PDF and PNG: PDF is drawn by the package typst" in result.stderr
    names = {file.name for file in (tmp_path / "d" / "exports").iterdir()}
    assert {"decision-model.svg", "decision-model.dot", "decision-model.mmd", "agreement.xlsx", "report.html"} <= names
    assert not names & {"decision-model.png", "decision-model.pdf"}
