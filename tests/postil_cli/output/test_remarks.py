"""What was not carried: listed item by item, like things put together, nothing that steers the terminal."""

from __future__ import annotations

import pytest

from postil_base.problem import Remark
from postil_cli.output.remarks import FEW, say_remarks


def said(remarks: list[Remark], capsys: pytest.CaptureFixture[str]) -> str:
    say_remarks(remarks, "not carried")
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_what_was_lost_comes_first_and_each_heading_counts(capsys: pytest.CaptureFixture[str]) -> None:
    text = said([Remark("memo 1", "kept as text", lost=False), Remark("image", "has no place")], capsys)
    assert text.index("not carried: 1") < text.index("image: has no place") < text.index("not quite as it was: 1")


def test_many_alike_are_told_by_the_first_and_their_number(capsys: pytest.CaptureFixture[str]) -> None:
    text = said([Remark(f"passage {n}", f"lies at {n}") for n in range(10)], capsys)
    assert text.count("passage ") == FEW and f"and {10 - FEW} more like this" in text and "not carried: 10" in text


def test_a_name_from_a_file_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in said([Remark("evil\x1b[2J", "has no place")], capsys)


def test_nothing_to_say_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert said([], capsys) == ""
