"""Text of strangers is shown as text: no command and no screen lets it move the cursor, set the title, or clip."""

from __future__ import annotations

import os
import pty
import re
import sys
from pathlib import Path

import pyte
import pytest

from postil_cli.running import run
from tests.crash.terminal import Program, environment
from tests.safety.hostile_study import ALL, ESCAPES, HARM, make_hostile

FORMATS = {
    "agreement": ("csv", "json", "md", "latex", "html"),
    "disagreements": ("csv", "json"),
    "model": ("json", "dot", "mermaid", "graphml", "svg", "table"),
    "compare": ("json",),
    "matrix": ("csv", "json", "md"),
    "cooccurrence": ("csv", "json"),
    "joint": ("csv", "json"),
    "search find": ("csv", "json", "md"),
    "quotes find": ("csv", "json"),
    "saturation": ("json",),
}
SPOKEN_TO = """\
check
check --json
check --privacy
codebook show
codebook show --json
codebook rename find found --yes
codebook delete find --yes
agreement
agreement --by pair
ask loops
ask negative
ask threads
ask subgroups role
round list
recode
recode --json
reanchor --dry-run
log
merge
pseudonymise --list
pseudonymise --list --json
packet P1
withdraw P1 --dry-run
done T1 --coder ana
done odd --coder ana
verify memos/m1.md
export csv --table segments
export csv --table memos
schema study
quotes nothing
disagreements
model
compare
matrix
cooccurrence
joint
search find
saturation
"""
NAMED = ("quotes TITLE", "search CLEAR", "TITLE", "verify CLEAR", "import TITLE --dry-run", "check --study /CLEAR")
LINES = [*SPOKEN_TO.splitlines(), *(f"{name} --format {one}" for name, all_ in FORMATS.items() for one in all_)]
WITH_NAMES = [line.replace("TITLE", ESCAPES["title"]).replace("CLEAR", ESCAPES["clear"]) for line in NAMED]
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|\xc2[\x80-\x9f]")


class Listening(pyte.Screen):
    """A terminal that remembers what it was told to do besides showing text."""

    def __init__(self) -> None:
        self.obeyed: list[str] = []
        super().__init__(120, 36)
        self.obeyed.clear()

    def set_title(self, param: str) -> None:
        self.obeyed.append(f"title {param}")

    def set_icon_name(self, param: str) -> None:
        self.obeyed.append(f"icon {param}")

    def cursor_position(self, line: int | None = None, column: int | None = None) -> None:
        self.obeyed.append(f"move {line} {column}")

    def erase_in_display(self, how: int = 0, *args: object, **kwargs: object) -> None:
        self.obeyed.append("erase")

    def report_device_status(self, mode: int, **kwargs: object) -> None:
        self.obeyed.append("report")

    def bell(self, *args: object) -> None:
        self.obeyed.append("bell")

    def backspace(self) -> None:
        self.obeyed.append("back")


def spoken(root: Path, lines: list[str]) -> bytes:
    """What a terminal gets from the command lines."""
    script = root.parent / "lines.txt"
    script.write_text("\n".join(lines), "utf-8")
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover
        os.chdir(root)
        path = str(Path(__file__).resolve().parents[2])
        os.execve(
            sys.executable,
            [sys.executable, "-m", "tests.safety.speak", str(script)],
            {**environment(root.parent), "PYTHONPATH": path},
        )
    said = b""
    try:
        while data := os.read(terminal, 65536):
            said += data
    except OSError:  # the other end is closed
        pass
    os.waitpid(pid, 0)
    os.close(terminal)
    return said


def test_the_attacks_would_work() -> None:
    """The emulator obeys them, so that its silence below means something."""
    screen = Listening()
    pyte.Stream(screen).feed(f"words {ALL} words")
    assert {"erase", "report", "bell", "back", "move 777 888"} <= set(screen.obeyed)
    assert any(line.startswith("title PWNED") for line in screen.obeyed)


def test_no_command_lets_text_speak_to_the_terminal(tmp_path: Path) -> None:
    said = spoken(make_hostile(tmp_path / "s"), [*LINES, *WITH_NAMES])
    assert f"[done: {len(LINES) + len(NAMED) - 1}]".encode() in said
    assert b"PWNED-TITLE" in said and "␛]0;PWNED-TITLE␇".encode() in said, "it is there to be read"
    assert b"did not expect" not in said
    harm = HARM.search(said) or CONTROL.search(said)
    assert not harm, said[max(0, harm.start() - 200) : harm.end() + 50]
    screen = Listening()
    pyte.Stream(screen).feed(said.decode("utf-8"))
    assert screen.obeyed == []


@pytest.mark.parametrize("line", LINES)
def test_nothing_harmful_is_piped_either(line: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    root = make_hostile(tmp_path / "s")
    before = Path.cwd()
    os.chdir(root)
    try:
        run(line.split())
    finally:
        os.chdir(before)
    said = capfdbinary.readouterr()
    for data in (said.out, said.err):
        harm = CONTROL.search(data)
        assert not harm, data[max(0, harm.start() - 200) : harm.end() + 50]


SCREENS = "gd gc gq gm gy gf ga gx gi go ge gr gu gt"
KEYS = [*SCREENS.split(), "?", "\x1b", ":", "\x1b", "\t", "\r", "\x1b"]


def test_no_screen_of_the_app_lets_text_speak_to_the_terminal(tmp_path: Path) -> None:
    with Program(make_hostile(tmp_path / "s"), "code", "T1", "--coder", "ana") as program:
        program.wait_for("And then?")
        for keys in KEYS:
            for key in keys:
                program.send(key)
                program.watch(0.1)
            program.watch(0.25)
        program.send("q")
        program.watch(1.0)
        said = program.raw
    assert b"PWNED" in said, "it was on the screen"
    harm = HARM.search(said)
    assert not harm, said[max(0, harm.start() - 200) : harm.end() + 50]
