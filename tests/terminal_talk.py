"""A command in a pseudo-terminal, asked and answered as a person would."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

SECONDS = 20
CODE = "import sys; from postil_cli.running import run; sys.exit(run(sys.argv[1:]))"


def talk(arguments: Sequence[str], answers: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """Run a command; whenever the next expected words are on the screen, type the answer. Gives code and screen."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=_environment()
    )
    os.close(theirs)
    screen, since, waiting = "", 0, list(answers)
    try:
        for part in _output(ours):
            screen += part
            while waiting and waiting[0][0] in screen[since:]:
                expected, answer = waiting.pop(0)
                since = screen.index(expected, since) + len(expected)
                os.write(ours, f"{answer}\n".encode())
        code = process.wait(SECONDS) if not waiting else process.poll()
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert code is not None and not waiting, f"never asked: {waiting}\n{screen}"
    return code, screen.replace("\r\n", "\n")


def _output(terminal: int) -> Iterator[str]:
    """What the command writes, until it ends."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        ready, _, _ = select.select([terminal], [], [], 1)
        try:
            data = os.read(terminal, 65_536) if ready else b" "
        except OSError:  # the other side has closed
            return
        if not data:
            return
        yield data.decode("utf-8", "replace") if ready else ""


def _environment() -> dict[str, str]:
    return {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "200"}
