"""Every command in every format, held against what was recorded: tests/golden. And the net itself, that it catches."""

from __future__ import annotations

import dataclasses
import importlib.util
import io
import re
import shlex
import shutil
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from openpyxl import Workbook

from postil_base.version import __version__
from tests.golden import comparing
from tests.golden.__main__ import main
from tests.golden.comparing import complaint
from tests.golden.running import NOW, Run, recording
from tests.golden.runs import COMMANDS, all_runs, choices, is_case, knows
from tests.golden.showing import Viewer
from tests.golden.studies import acts, fill
from tests.shared_data import NO_SHARED, SHARED
from tests.skips import OTHER_PAINTING

RUNS = all_runs()
NAMES = sorted({*RUNS, *(name for name in comparing.recorded_names() if is_case(name))})
PAINTED = ("| <svg", "(a picture of", "(pages)")
MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if comparing.in_the_third(name) else pytest.mark.prove) for name in NAMES]
)
def test_it_is_as_it_was_recorded(name: str) -> None:
    if name not in RUNS and not SHARED.is_dir():
        pytest.skip(NO_SHARED)
    assert name in RUNS, f"{name} is recorded and no longer typed. If it was taken out on purpose: make golden"
    was = comparing.recorded(name)
    if sys.platform != "linux" and was and any(sign in was for sign in PAINTED):
        pytest.skip(OTHER_PAINTING)
    if "parquet" in name and importlib.util.find_spec("pyarrow") is None:
        pytest.skip("needs the extra postil[parquet]")
    if any(step in ("!commit", "!fork") for step in RUNS[name].steps) and shutil.which("git") is None:
        pytest.skip("git is not installed here")
    said = complaint(name, was, recording(RUNS[name]))
    assert not said, f"\n{said}"


# Nothing is left out.


def steps(command: str) -> list[str]:
    """What is typed for a command on the sample and was recorded."""
    prefix = f"sample/{command.replace(' ', '-')}/"
    names = [name for name in comparing.recorded_names() if name.startswith(prefix) and name in RUNS]
    return [step for name in names for step in RUNS[name].steps]


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_is_recorded_in_every_format(command: str) -> None:
    """A new command, or a new format of one, needs a line in tests/golden/table.py and a `make golden`."""
    typed = [shlex.split(step) for step in steps(command)]
    assert any(words[: len(command.split())] == command.split() for words in typed), f"{command} has no golden"
    forms = choices(COMMANDS[command], "format")
    assert [form for form in forms if not any(_follows(words, "--format", form) for words in typed)] == []
    kinds = choices(COMMANDS[command], "kind") if command == "export" else ()
    assert [kind for kind in kinds if not any(_follows(words, "export", kind) for words in typed)] == []
    if knows(COMMANDS[command], "--json") and not forms:
        assert any("--json" in words for words in typed)
    assert f"program/help-{command.replace(' ', '-')}" in comparing.recorded_names()


def _follows(words: list[str], first: str, second: str) -> bool:
    return any(pair == (first, second) for pair in pairwise(words))


def test_nothing_is_recorded_that_is_no_longer_typed() -> None:
    here = [name for name in comparing.recorded_names() if SHARED.is_dir() or not is_case(name)]
    assert [name for name in here if name not in RUNS] == [], "if they were taken out on purpose: make golden"


def test_studies_of_older_formats_get_the_same_table() -> None:
    names = comparing.recorded_names()
    tables = [
        {name.partition("/")[2] for name in names if name.startswith(f"{study}/")}
        for study in ("sample", "format-0", "format-1")
    ]
    assert tables[1] == tables[2] == {name for name in tables[0] if name.split("/")[0] not in ("demo", "new")}


def test_the_recordings_are_small_and_name_nothing_of_the_machine() -> None:
    texts = {path: path.read_bytes() for path in comparing.FOLDER.rglob("*.txt")}
    assert sum(map(len, texts.values())) < 4 * MEGABYTE
    stray = re.compile(rb"golden-\w{8}|(?i:postil)[\" :/]{1,4}" + re.escape(__version__.encode()) + rb"\b|Traceback")
    assert {path.name: found[0] for path, text in texts.items() if (found := stray.search(text))} == {}


def test_nothing_surprises_the_program() -> None:
    texts = {name: comparing.recorded(name) or "" for name in comparing.recorded_names()}
    assert [name for name, text in texts.items() if "did not expect" in text] == []


def test_the_third_is_a_third_of_each_study() -> None:
    for study in ("sample", "format-0", "format-1", "program"):
        names = [name for name in RUNS if name.startswith(f"{study}/")]
        share = sum(map(comparing.in_the_third, names)) / len(names)
        assert 0.2 < share < 0.45, study


# It catches: each break is made on purpose in a copy of the small study, none of them in the product.

LINE = ("quotes popularity --format csv -C study", "export csv --out out/tables -C study")


def small(*lines: str, break_it: Callable[[Path], None] | None = None) -> Run:
    def laid(world: Path) -> None:
        fill("format-1", world)
        if break_it is not None:
            break_it(world)

    return Run("small", lines, laid, acts("format-1"))


def rewrite(file: str, old: str, new: str, world: Path) -> None:
    path = world / "study" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def differs(before: Run, after: Run) -> list[str]:
    """The lines of the complaint that tell the difference."""
    was = recording(before)
    assert was == recording(before), "the same twice"
    said = complaint("sample/x", was, recording(after))
    assert said.endswith("record it: make golden NAMES='sample/x'")
    return [line for line in said.splitlines() if re.match(r"[-+](?![-+])", line)]


def test_a_lost_word_is_caught() -> None:
    lose = partial(rewrite, "codings/ana/I01.jsonl", '"memo":"nothing new, I think"', '"memo":"nothing, I think"')
    found = differs(small(*LINE), small(*LINE, break_it=lose))
    assert any(line.startswith("-") and "nothing new, I think" in line for line in found)
    assert any(line.startswith("+") and "nothing, I think" in line for line in found)


def test_a_moved_file_is_caught() -> None:
    def move(world: Path) -> None:
        (world / "out" / "tables").rename(world / "out" / "other")

    moved = dataclasses.replace(small(*LINE, "!move"), acts={"move": move})
    found = differs(dataclasses.replace(moved, acts={"move": lambda world: None}), moved)
    assert any(line.startswith("-new: out/tables/segments.csv") for line in found)
    assert any(line.startswith("+new: out/other/segments.csv") for line in found)


def test_a_file_that_is_gone_is_caught() -> None:
    run = dataclasses.replace(small("check -C study", "!lose"), acts={"lose": lambda world: None})
    lost = dataclasses.replace(run, acts={"lose": lambda world: (world / "study" / "charts" / "E01.yaml").unlink()})
    assert "+gone: study/charts/E01.yaml" in differs(run, lost)


def test_a_changed_number_is_caught() -> None:
    change = partial(rewrite, "codebook/findings.yaml", "numerator: 3", "numerator: 2")
    found = differs(small("joint --check -C study"), small("joint --check -C study", break_it=change))
    assert any(line.startswith("-") and "3" in line for line in found)
    assert any(line.startswith("+") and "2" in line for line in found)


def test_another_exit_code_is_caught() -> None:
    spoil = partial(rewrite, "study.yaml", "findings: codebook/findings.yaml", "findings: codebook/none.yaml")
    assert "-exit code 0" in differs(small("check -C study"), small("check -C study", break_it=spoil))


@pytest.mark.parametrize("line", [1, 60, 61, 137, 499, 500])
def test_a_word_behind_the_cut_is_caught_and_its_place_is_named(line: int) -> None:
    lines = [f"line {number}" for number in range(1, 501)]
    before, lines[line - 1] = Viewer().show("a.txt", "\n".join(lines).encode()), "lost"
    after = Viewer().show("a.txt", "\n".join(lines).encode())
    (found,) = [now for was, now in zip(before, after, strict=True) if was != now]
    told = re.search(r"lines (\d+) to (\d+)", found)
    assert found == "| lost" if told is None else int(told[1]) <= line <= int(told[2])


def test_a_letter_far_to_the_right_is_caught() -> None:
    long = "x" * 5000
    assert Viewer().show("a", long.encode()) != Viewer().show("a", f"{long[:-9]}y{long[:8]}".encode())


def workbook(number: float) -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["alpha", number])
    book.save(out)
    return out.getvalue()


def archive(member: str, text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(member, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        (workbook(0.612), workbook(0.613), "a.xlsx"),
        (workbook(0.5), workbook("0.5"), "a.xlsx"),  # type: ignore[arg-type]
        (archive("a.txt", "word"), archive("b.txt", "word"), "a.qdpx"),
        (archive("a.txt", "word\n" * 90 + "x"), archive("a.txt", "word\n" * 90 + "y"), "a.qdpx"),
        (b"a\r\n", b"a\n", "a.txt"),
        (b"a\n", b"a", "a.txt"),
        ("\ufeffa\n".encode(), b"a\n", "a.txt"),
        ("a\u200bb\n".encode(), b"ab\n", "a.txt"),
        (b"\xff\x00", b"\xff\x01", "a.bin"),
    ],
    ids=["number", "text", "member", "inside", "ends", "last-end", "mark", "no-width", "bytes"],
)
def test_files_that_are_no_plain_text_are_told_apart(one: bytes, other: bytes, name: str) -> None:
    assert Viewer().show(name, one) != Viewer().show(name, other)


def test_what_differs_in_every_run_is_masked_and_the_rest_is_not() -> None:
    run = small("import given/talk.txt --yes -C study", "codebook rename evaluate judge --yes -C study", "--version")
    text = recording(run)
    assert text == recording(run)
    assert "‹id 1›" in text and "anaseg0002" in text, "ids that were there stay"
    assert NOW[:10] in text and "2026-10-02T10:00:00Z" in text, "times that were there stay"
    assert "| postil ‹version›" in text


def test_a_recording_is_made_anew_by_the_command_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(comparing, "FOLDER", tmp_path / "recorded")
    names = ["program/version", "program/no-command"]
    for name in names:
        comparing.record(name, "something else\n")
    said = complaint(names[0], comparing.recorded(names[0]), recording(RUNS[names[0]]))
    assert "-something else" in said and "+$ postil --version" in said
    command = said.splitlines()[-1].partition("make golden NAMES=")[2]
    assert main(shlex.split(command)) == 0
    assert "recorded: program/version\n1 runs, 1 of them" in capsys.readouterr().out
    assert comparing.recorded(names[0]) == recording(RUNS[names[0]])
    assert comparing.recorded(names[1]) == "something else\n", "and no other"
    assert complaint(names[0], comparing.recorded(names[0]), recording(RUNS[names[0]])) == ""
    assert main(["nothing/of/the/kind"]) == 1


def test_two_folders_of_whole_runs_can_be_compared(tmp_path: Path) -> None:
    assert main([f"--full={tmp_path}", "sample/model/json"]) == 0
    whole = (tmp_path / "sample/model/json.txt").read_text("utf-8")
    assert len(whole.splitlines()) > 1000 and "lines in all]" not in whole
