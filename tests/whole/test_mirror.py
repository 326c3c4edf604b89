"""The tests mirror the packages: each test file lies where the room lies that it tests, and every room has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.changed import ROOT, TOPS, chosen_for

# What tests several rooms together, or the whole program.
TOGETHER = ("whole", "crash", "fuzz", "git", "golden", "hostile", "interop", "mutants", "safety")


def rooms() -> set[str]:
    """The folders that hold modules, from the package on: ``postil_study/layers``."""
    files = [(top, file) for top in TOPS for file in (ROOT / top).glob("postil_*/**/*.py")]
    return {file.relative_to(ROOT / top).parent.as_posix() for top, file in files if file.name != "__init__.py"}


def folders_of_tests() -> dict[str, list[Path]]:
    """The folders that hold tests, from below ``tests`` on."""
    found: dict[str, list[Path]] = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        found.setdefault(file.relative_to(ROOT / "tests").parent.as_posix(), []).append(file)
    return found


def test_each_test_file_lies_where_its_room_lies() -> None:
    strangers = [
        folder for folder in folders_of_tests() if folder.split("/")[0] not in TOGETHER and folder not in rooms()
    ]
    assert strangers == []


def test_every_room_has_a_test_file() -> None:
    assert sorted(rooms() - set(folders_of_tests())) == []


@pytest.mark.parametrize(
    ("changed", "runs"),
    [
        ("transcripts/postil_study/layers/store.py", "tests/postil_study/layers/test_store.py"),  # of its room
        ("transcripts/postil_study/text/values.py", "tests/postil_study/layers/test_store.py"),  # named by it
        ("tests/postil_study/text/test_turns.py", "tests/postil_study/text/test_turns.py"),
        ("tui/postil_cli/commands/ask.py", "tests/whole/test_house.py"),  # the laws, always
    ],
)
def test_what_changed_says_which_tests_run(changed: str, runs: str) -> None:
    everything = [file for files in folders_of_tests().values() for file in files]
    assert runs in chosen_for([changed], everything)


def test_nothing_changed_runs_nothing_and_a_module_does_not_run_all() -> None:
    everything = [file for files in folders_of_tests().values() for file in files]
    assert chosen_for([], everything) == []
    assert len(chosen_for(["codebook/postil_base/ids.py"], everything)) < len(everything) / 4
