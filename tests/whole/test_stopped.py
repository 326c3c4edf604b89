"""Ctrl+C in a real pseudo-terminal: one clean line, exit code 130, and nothing is left behind."""

from __future__ import annotations

import os
import pty
import select
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import pytest

from tests.transcripts_support import MANIFEST, small_study

SECONDS = 30.0
STOPPED = "postil: stopped; nothing more was written."
# the program as it is started, which says when it is at the place where it is stopped
PROGRAM = """
import sys
import {module} as module

def announced(*given, **named):
    print("HERE", flush=True)
    return there(*given, **named)

there = module.{name}
module.{name} = announced
sys.argv = ["postil", *sys.argv[1:]]
from postil_cli.entry import main
sys.exit(main())
"""


def stopped_at(arguments: Sequence[str], home: Path, program: str = "", words: str = "HERE") -> tuple[int, str]:
    """Run a command in a terminal and press Ctrl+C once some words are there: exit code, and what came after them."""
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover
        path = os.pathsep.join(filter(None, sys.path))
        kept = {key: os.environ[key] for key in ("PATH", "COVERAGE_PROCESS_START") if key in os.environ}
        places = {"HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": path, "TERM": "xterm", "LANG": "C.UTF-8"}
        os.execve(sys.executable, [sys.executable, "-c", program, *arguments], {**kept, **places})
    screen, pressed, until = "", False, monotonic() + SECONDS
    try:
        while monotonic() < until:
            if not pressed and words in screen:
                os.write(terminal, b"\x03")
                screen, pressed = screen[screen.index(words) + len(words) :], True
            if select.select([terminal], [], [], 1.0)[0]:
                screen += os.read(terminal, 65_536).decode("utf-8", "replace")
    except OSError:  # the other end is closed
        pass
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert pressed, screen
    return os.waitstatus_to_exitcode(status), screen.replace("\r\n", "\n")


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study with a long transcript in it."""
    said = "E01:\n" + "we looked at the model and the downloads of it " * 40
    text = "Interviewer:\nHow did you choose it?\n\n" + "\n\n".join([said + "?"] * 400) + "\n"
    files = {"transcripts/long.txt": text, "transcripts/transcripts.yaml": MANIFEST + MANIFEST.replace("I01", "long")}
    return small_study(tmp_path / "s", files)


@pytest.mark.parametrize(
    ("query", "module", "name"),
    [
        (r"/(\w+\s?)+$/", "postil_base.patterns", "Pattern.spans"),  # in a match that takes very long
        ('"the model"', "postil_model.search.evaluate", "search"),
        ('"the model"', "postil_model.search.passages", "corpus_of"),  # while the study is read
        ('"the model"', "postil_model.search.passages", "passage"),  # while passages are printed
        ("trust NEAR/2turns popularity", "postil_model.search.hits", "near"),
    ],
)
def test_a_search_is_stopped_by_ctrl_c(study: Path, query: str, module: str, name: str) -> None:
    before, home = files_of(study), study.parent / "home"
    home.mkdir()
    program = PROGRAM.format(module=module, name=name)
    code, after = stopped_at(["search", query, "--save", "late", "-C", str(study)], home, program)
    assert code == 130, after
    assert after.rstrip("\n").split("\n")[-1] == STOPPED
    assert after.count(STOPPED) == 1 and "Traceback" not in after and "Error" not in after
    saved = name == "passage"  # by then the search is done
    assert {path for path in files_of(study) if path not in before} == (
        {"queries.yaml", ".postil/lock"} if saved else set()
    )
    assert {path: data for path, data in files_of(study).items() if path in before} == before
    assert not [path for path in files_of(home) if "error" in path]


def test_ctrl_c_while_the_program_is_loading_is_no_traceback(study: Path) -> None:
    home = study.parent / "home"
    home.mkdir()
    program = PROGRAM.format(module="postil_cli.shortcut", name="app_call")
    code, after = stopped_at(["search", '"model"', "-C", str(study)], home, program)
    assert code == 130 and "Traceback" not in after, after
    assert after.rstrip("\n").split("\n")[-1] == STOPPED
