"""The whole program in a pseudo-terminal with a terminal emulator: keys and mouse reports in, screen and files out."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyte
import pytest

from postil_study.illustrative import lay_down
from postil_study.study import open_study
from postil_study.text.units import sentences
from tests.tui_study import TEXT, make_study

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
WAIT = 30.0  # seconds; a slow machine is no failure


class Terminal:
    """Postil in a pseudo-terminal of a given size, and what a person would see of it."""

    def __init__(self, arguments: list[str], folder: Path, size: tuple[int, int], extra: dict[str, str]) -> None:
        width, height = size
        self.screen = pyte.Screen(width, height)
        self.stream = pyte.ByteStream(self.screen)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # before the program runs: a size told later may come before it listens for changes
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
            os.chdir(folder)
            env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", **extra}
            os.execvpe(sys.executable, [sys.executable, "-m", "postil_cli.entry", *arguments], env)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def read(self, timeout: float = 0.05) -> bool:
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return False
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return False
        # pyte takes the answer to a keyboard question for text: only plain sequences reach it
        self.stream.feed(data.replace(b"\x1b[>25u", b"").replace(b"\x1b[<u", b"").replace(b"\x1b[?2026$p", b""))
        return bool(data)

    def until(self, seen: str | Callable[[str], bool]) -> None:
        test = seen if callable(seen) else (lambda text: seen in text)
        end = time.monotonic() + WAIT
        while not test(self.text):
            self.read()
            if time.monotonic() > end:
                raise AssertionError(f"{seen!r} did not appear on:\n{self.text}")

    def keys(self, *keys: str) -> None:
        for key in keys:
            os.write(self.fd, key.encode())

    def mouse(self, button: int, column: int, row: int, release: bool = False) -> None:
        """A mouse report (SGR); columns and rows from 0."""
        self.keys(f"\x1b[<{button};{column + 1};{row + 1}{'m' if release else 'M'}")

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        self.mouse(0, *start)
        self.mouse(32, *end)
        self.mouse(0, *end, release=True)

    def find(self, words: str) -> tuple[int, int]:
        """Column and row where words stand on the screen."""
        for row, line in enumerate(self.screen.display):
            if words in line:
                return line.index(words), row
        raise AssertionError(f"{words!r} is not on:\n{self.text}")

    def end(self) -> int:
        """Wait for the program to end; its exit code."""
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            self.read()
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"Postil did not end:\n{self.text}")


@contextmanager
def postil(
    root: Path, *arguments: str, size: tuple[int, int] = (112, 36), extra: dict[str, str] | None = None
) -> Iterator[Terminal]:
    terminal = Terminal(list(arguments), root, size, extra or {})
    try:
        yield terminal
    finally:
        if terminal.pid:
            os.kill(terminal.pid, signal.SIGKILL)
            os.waitpid(terminal.pid, 0)
        os.close(terminal.fd)


def coded(root: Path) -> list[tuple[str, tuple[str, ...]]]:
    layer = open_study(root).layer("ana", "I01")
    return [(s.quote, s.code_ids) for s in layer.segments] if layer else []


def test_an_interview_is_coded_by_keys_and_mouse_and_is_there_after_a_restart(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    with postil(root, "code", "I01", "--coder", "ana") as terminal:
        terminal.until("We looked at the hub")
        terminal.keys("}", "s", "c", "f", "i", "n")
        terminal.until("looking for a model")  # the definition of the highlighted code
        terminal.keys("\r")
        terminal.until("1 find-ptm")
        terminal.keys("s", "c", "p", "o", "p", "\r")
        terminal.until("2 popularity")
        column, row = terminal.find("They were well documented.")
        terminal.drag((column, row), (column + len("They were well documented.") - 1, row))
        terminal.until("26 characters selected")
        terminal.keys("c", "d", "o", "c", "\r")
        terminal.until("● documentation")
        column, row = terminal.find("It was poor")
        for _ in range(3):
            terminal.mouse(0, column + 3, row)
            terminal.mouse(0, column + 3, row, release=True)
        terminal.until("characters selected")
        terminal.keys("c", "e", "v", "a", "\r")
        terminal.until("● evaluate")
        terminal.keys("r")
        terminal.until("relation from")
        terminal.keys("\x1b[Z", "\x1b[Z", "\x1b[Z", "\r")
        terminal.until("leads to")
        terminal.keys("b")
        terminal.until("goes back to")
        terminal.keys("\r")
        terminal.until("inferred")
        terminal.until("● saved")
        terminal.keys("q")
        assert terminal.end() == 0
    assert coded(root) == [
        ("We looked at the hub.", ("find-ptm",)),
        ("First the popular ones, then the small ones.", ("popularity",)),
        ("They were well documented.", ("documentation",)),
        ("It was poor, so we went back to the hub.", ("evaluate",)),
    ]
    layer = open_study(root).layer("ana", "I01")
    assert layer is not None and [r.type for r in layer.relations] == ["goes-back-to"]
    with postil(root, "code", "I01") as terminal:  # the coder is remembered
        terminal.until(
            lambda text: all(code in text for code in ("find-ptm", "popularity", "documentation", "evaluate"))
        )
        assert "coder ana" in terminal.text
        terminal.keys("u", "u")
        terminal.until("undone: evaluate")
        terminal.until("● saved")
        terminal.keys("q")
        assert terminal.end() == 0
    assert len(coded(root)) == 3


@pytest.mark.parametrize(
    "extra", [{"NO_COLOR": "1"}, {"TEXTUAL_COLOR_SYSTEM": "256"}, {"TEXTUAL_COLOR_SYSTEM": "standard"}], ids=str
)
def test_poor_terminals_show_codes_and_selection(tmp_path: Path, extra: dict[str, str]) -> None:
    root = make_study(tmp_path / "study")
    with postil(root, "code", "I01", "--coder", "ana", extra=extra) as terminal:
        terminal.until("We looked at the hub")
        terminal.keys("}", "s", "c", "f", "i", "n", "\r")
        terminal.until("1 find-ptm")
        terminal.keys(")", ")", "s")
        terminal.until("26 characters selected")
        column, row = terminal.find("We looked")
        cells = terminal.screen.buffer[row]
        assert cells[column + 2].underscore and not cells[column + 2].reverse  # coded
        column, row = terminal.find("They were")
        assert terminal.screen.buffer[row][column].reverse  # selected
        terminal.keys("q")
        assert terminal.end() == 0


def test_outside_a_study_the_welcome_is_shown_and_leaving_is_one_key(tmp_path: Path) -> None:
    with postil(tmp_path) as terminal:
        terminal.until("a new study in this folder")
        terminal.keys("q")
        assert terminal.end() == 0


def test_a_killed_app_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    with postil(root, "code", "I01", "--coder", "ana") as terminal:
        terminal.until("We looked at the hub")
        terminal.keys("s", "c", "t", "r", "u", "\r")
        terminal.until("● trust")
        terminal.until("● saved")
        os.kill(terminal.pid, signal.SIGKILL)
        os.waitpid(terminal.pid, 0)
        terminal.pid = 0
    assert coded(root) == [("How did you choose it?", ("trust",))]
    lines = (root / "codings" / "ana" / "I01.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] and TEXT


MEMO = "She knows what she needs before she looks."


def spans(root: Path, transcript_id: str) -> list[tuple[str, bool]]:
    """Every sentence in order, and whether a participant says it."""
    transcript = open_study(root).transcripts[transcript_id]
    return [
        (transcript.text[start:end].strip(), transcript.speaker(turn).role == "participant")
        for turn in transcript.turns
        for start, end in sentences(transcript.text, turn.start, turn.end)
    ]


def select_by_mouse(terminal: Terminal, sentence: str) -> bool:
    """A triple click on a sentence, where its beginning stands on the screen just once."""
    words = sentence[:24].rstrip()
    while terminal.read(0.15):  # a person waits until nothing moves, too
        pass
    if sum(line.count(words) for line in terminal.screen.display) != 1:
        return False
    column, row = terminal.find(words)
    for _ in range(3):
        terminal.mouse(0, column + 2, row)
        terminal.mouse(0, column + 2, row, release=True)
    terminal.until("characters selected")
    return True


def code_everything(terminal: Terminal, said: list[tuple[str, bool]]) -> tuple[list[tuple[str, tuple[str, ...]]], int]:
    """Go through the interview sentence by sentence; what was coded, and how often by mouse."""
    slots = ("requirements", "find-ptm", "evaluate")
    coded_now: list[tuple[str, tuple[str, ...]]] = []
    by_mouse = 0
    for number, (sentence, participant) in enumerate(said):
        if participant:
            slot = number % len(slots)
            if number % 4 == 0:
                by_mouse += select_by_mouse(terminal, sentence)
            terminal.keys(str(slot + 1))
            coded_now.append((sentence, (slots[slot],)))
            terminal.until(f"{len(coded_now)} segment")
        if number + 1 < len(said):
            terminal.keys(")")
    return coded_now, by_mouse


@pytest.mark.prove
def test_a_whole_interview_is_coded_by_keys_and_mouse_reports(tmp_path: Path) -> None:
    root = tmp_path / "study"
    lay_down(root)
    said = spans(root, "I05")
    with postil(root, "code", "I05", "--coder", "eva", size=(120, 40)) as terminal:
        terminal.until("0 segments")
        for code in ("requirements", "find-ptm", "evaluate"):  # three slots, and nothing left behind
            terminal.keys("c", *code)
            terminal.until(lambda text, code=code: f"› {code}" in text)  # type: ignore[misc]
            terminal.keys("\r")
            terminal.until(f"● {code}")
        terminal.keys("u", "u", "u")
        terminal.until("0 segments")
        terminal.keys("g", "g")
        expected, by_mouse = code_everything(terminal, said)
        assert by_mouse > len(expected) // 10
        terminal.keys("g", "g", "\t", "m")
        terminal.until("memo on")
        terminal.keys(*MEMO, "\x13")
        terminal.until(lambda text: "memo on" not in text and "● saved" in text)
        terminal.keys("r", "\t", "\r")
        terminal.until("goes back to")
        terminal.keys("l", "\r")
        terminal.until("inferred")
        terminal.keys("x")  # one too many, and taken back
        terminal.until(f"{len(expected) - 1} segments")
        terminal.keys("u")
        terminal.until(f"{len(expected)} segments")
        terminal.until("● saved")
        terminal.keys("q")
        assert terminal.end() == 0
    layer = open_study(root).layer("eva", "I05")
    assert layer is not None
    assert [(s.quote, s.code_ids) for s in layer.segments] == expected
    assert [s.memo for s in layer.segments if s.memo] == [MEMO]
    assert [r.type for r in layer.relations] == ["leads-to"]
    with postil(root, "code", "I05", size=(120, 40)) as terminal:
        terminal.until(f"{len(expected)} segments")
        terminal.until("coder eva")
        terminal.keys("g", "g", "\t", "m")
        terminal.until(MEMO)
        terminal.keys("\x13")
        terminal.until(lambda text: "memo on" not in text)
        terminal.keys("q")
        assert terminal.end() == 0
