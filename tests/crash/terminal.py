"""The real program in a real (pseudo) terminal: keys go in, the screen is read, and it can be killed at any moment."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from types import TracebackType

import pyte

ROWS, COLUMNS = 36, 120
_COUNT = re.compile(r"(\d+) segments?\s+(.*saved|.*saving)")


class Program:
    """One run of ``postil`` in a terminal of its own."""

    def __init__(self, root: Path, *arguments: str, home: Path | None = None) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self.made = -1  # segments the screen has shown
        self.saved = -1  # segments the screen has shown as saved
        self.code: int | None = None
        self.raw = b""  # all that came to the terminal
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:  # pragma: no cover
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))  # before it looks
            _become(root, arguments, home or root.parent)

    def __enter__(self) -> Program:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.code is None:
            self.kill()
        os.close(self._terminal)

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self._screen.display)

    def send(self, keys: str) -> None:
        """Press keys."""
        os.write(self._terminal, keys.encode())

    def watch(self, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Read the screen until something is so, at most for so long; tells whether it is."""
        end = monotonic() + seconds
        while not until():
            rest = end - monotonic()
            if rest <= 0 or not self._read(rest):
                return until()
        return True

    def wait(self, until: Callable[[], bool], seconds: float = 30.0) -> None:
        """Read the screen until something is so; it must become so."""
        assert self.watch(seconds, until), f"after {seconds} s the screen shows:\n{self.text}"

    def wait_for(self, words: str) -> None:
        """Read the screen until it shows some words."""
        self.wait(lambda: words in self.text)

    def _read(self, seconds: float) -> bool:
        """Take in what was painted; False when nothing more will come."""
        ready, _, _ = select.select([self._terminal], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._terminal, 65536)
        except OSError:
            return False
        self.raw += data
        self._stream.feed(data)
        self._note()
        return bool(data)

    def _note(self) -> None:
        found = _COUNT.search(self._screen.display[0])
        if found:
            self.made = max(self.made, int(found[1]))
            if found[2].endswith("● saved"):
                self.saved = max(self.saved, int(found[1]))

    def kill(self) -> None:
        """Kill it as a power failure would, and read what it had painted until then."""
        os.kill(self.pid, signal.SIGKILL)
        _, self.code = os.waitpid(self.pid, 0)
        self.watch(1.0)

    def end(self, seconds: float = 30.0) -> int:
        """Wait until it has ended by itself; returns its exit code."""
        closed = not self.watch(seconds, self._has_ended)
        if closed and self.code is None and not self._read(0.0):  # its terminal is closed: it is on its way out
            _, self.code = os.waitpid(self.pid, 0)
        assert self.code is not None, self.text
        return os.waitstatus_to_exitcode(self.code)

    def _has_ended(self) -> bool:
        done, status = os.waitpid(self.pid, os.WNOHANG)
        if done:
            self.code = status
        return bool(done)


def environment(home: Path) -> dict[str, str]:
    """What the program sees: folders of its own, a good terminal."""
    folders = {f"XDG_{kind}_HOME": str(home / f"xdg-{kind.lower()}") for kind in ("STATE", "CONFIG", "CACHE")}
    return {**os.environ, **folders, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}


def _become(root: Path, arguments: tuple[str, ...], home: Path) -> None:
    os.chdir(root)
    os.execve(sys.executable, [sys.executable, "-m", "postil_cli.entry", *arguments], environment(home))
