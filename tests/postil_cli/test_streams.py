"""Closed streams, a full disk, 63 coders, sheets with one far cell: an answer or a sentence, never a traceback."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from postil_formats.texts.recognised import ReadOptions
from postil_formats.texts.second_reading.plain_sheets import workbook
from postil_formats.texts.tables.sheets import xlsx_sheets
from tests.model_study import Talk, write_study

POSTIL = Path(sys.executable).with_name("postil")
ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("model", "agreement --json", "check", "--version")


def shell(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", f"'{POSTIL}' {line}"], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_stdout_gets_a_sentence(command: str) -> None:
    done = shell(f"{command} >&-")
    assert done.returncode in (0, 1) and "Traceback" not in done.stderr and "did not expect" not in done.stderr
    if command in ("model", "agreement --json"):
        assert "standard output is closed" in done.stderr and done.returncode == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_stderr_or_both_change_nothing_else(command: str) -> None:
    both, quiet, loud = shell(f"{command} >&- 2>&-"), shell(f"{command} 2>&-"), shell(command)
    assert both.returncode in (0, 1)
    assert (quiet.returncode, quiet.stdout) == (loud.returncode, loud.stdout)


def test_wrong_usage_with_stderr_closed_still_says_no() -> None:
    assert shell("nosuch 2>&-").returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_behind_stdout_is_told() -> None:
    done = shell("model >/dev/full")
    assert done.returncode == 1 and "No space left" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("far", ["A1048576", "XFD1", "XFD1048576"])
def test_one_far_cell_is_read_with_the_others(far: str) -> None:
    book, out = Workbook(), io.BytesIO()
    sheet = book.create_sheet("talk", 0)
    for row in (("speaker", "text"), ("Dana", "How did you pick it?"), ("Otis", "We asked.")):
        sheet.append(row)
    sheet[far] = "far"
    book.save(out)
    ((_, rows), *_) = xlsx_sheets(out.getvalue(), "far.xlsx")
    assert [row[:2] for row in rows[:3]] == [
        ["speaker", "text"],
        ["Dana", "How did you pick it?"],
        ["Otis", "We asked."],
    ]
    words = [part.text for part in workbook(out.getvalue(), "far.xlsx", ReadOptions())]
    assert words.count("far") == 1 and len(words) == 7


def test_more_coders_than_fit_are_refused_with_what_to_do(tmp_path: Path) -> None:
    turns = [("P", f"answer {j} is here.") for j in range(3)]
    talks = [Talk("I01", turns, {"P": "E01"}, coder=f"c{c:02}").code(f"s{c}", "answer 1", "buy") for c in range(63)]
    write_study(tmp_path, talks)
    done = shell(f"agreement --study '{tmp_path}' --live")
    assert done.returncode == 1
    assert (
        "63 coders have finished layers; up to 62 are compared at once. Choose some of them with --coders"
        in done.stderr
    )
    some = shell(f"agreement --study '{tmp_path}' --live --coders c01,c02")
    assert some.returncode == 0 and "Coders: c01, c02" in some.stdout
