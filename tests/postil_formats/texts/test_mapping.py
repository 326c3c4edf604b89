"""A mapping says who is who, file by file."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil_base.problem import PostilError
from postil_cli.running import run
from postil_formats.texts.mapping import load_mapping
from postil_study.new import create_study
from postil_study.study import open_study
from postil_study.text.values import Speaker

TALK = "Speaker 1: {a}\nSpeaker 2: {b}\nSpeaker 1: So?\nSpeaker 2: So it is, and more of it.\n"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    create_study(tmp_path / "s", "S", ["ana"])
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "one.txt").write_text(TALK.format(a="Why?", b="So."), "utf-8")
    (folder / "two.txt").write_text(TALK.format(a="Because of it.", b="Why?"), "utf-8")
    return tmp_path


def importing(desk: Path, table: str, *more: str) -> int:
    (desk / "map.csv").write_text(table, "utf-8")
    return run(["import", str(desk / "files"), "--mapping", str(desk / "map.csv"), "-C", str(desk / "s"), "-y", *more])


def test_roles_names_ids_and_dates_by_file(desk: Path) -> None:
    table = (
        "file;speaker;is;id;date\none.txt;Speaker 1;Interviewer;P01;2026-01-02\none.txt;Speaker 2;participant:P01;;\n"
        "two;Speaker 2;interviewer;P02;\ntwo;Speaker 1;Guest:participant:P02;;\n"
    )
    assert importing(desk, table) == 0
    infos = open_study(desk / "s").infos
    assert infos["P01"].speakers == {"Interviewer": Speaker("interviewer"), "Speaker 2": Speaker("participant", "P01")}
    assert infos["P01"].date == "2026-01-02"
    assert infos["P02"].speakers == {"Guest": Speaker("participant", "P02"), "Speaker 2": Speaker("interviewer")}


def test_what_is_said_for_all_holds_beside_it(desk: Path) -> None:
    assert importing(desk, "file,id\none.txt,X1\n", "--speaker", "Speaker 2=participant:E01", "--date", "2026") == 0
    infos = open_study(desk / "s").infos
    assert set(infos) == {"X1", "two"} and infos["X1"].speakers["Speaker 2"] == Speaker("participant", "E01")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("file,speaker,is\nthree.txt,Speaker 1,other\n", "'three.txt', which is not among the files"),
        ("file,speaker,is\none.txt,Speaker 3,other\n", "names the speaker 'Speaker 3'; labels of the file are"),
        ("file,speaker,is\none.txt,Speaker 1,\n", "row 2: the column `is` does not say who 'Speaker 1' is"),
        ("file,speaker,is\none.txt,Speaker 1,x:boss\n", "map.csv, row 2"),
        ("file,date\none.txt,soon\n", "'soon' is no date"),
        ("name,who\none.txt,x\n", "the first row names the columns file, speaker, is"),
    ],
)
def test_slips_are_named(desk: Path, table: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert importing(desk, table) == 1
    assert message in capsys.readouterr().err
    assert "one" not in open_study(desk / "s").infos


def test_a_workbook_does_as_well(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for row in (["File", "Speaker", "Is"], ["a.txt", "S1", "interviewer"]):
        book.active.append(row)
    book.save(tmp_path / "map.xlsx")
    assert load_mapping(tmp_path / "map.xlsx")["a.txt"].speakers["S1"].role == "interviewer"
    with pytest.raises(PostilError):
        load_mapping(tmp_path / "none.csv")
