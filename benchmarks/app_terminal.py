"""A program in a pseudo-terminal, and a clock on it: key written to first byte read, start to a word on the screen."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from pathlib import Path

WIDTH, HEIGHT = 150, 42
ESCAPE = "\x1b"
_ESCAPE_WAIT = 0.12  # seconds in which a lone escape is told from the start of a sequence


def environment(folder: Path) -> dict[str, str]:
    """A terminal with all colours, settings and state of its own, and the byte code kept as everywhere."""
    env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    env |= {"XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config")}
    env.pop("NO_COLOR", None)
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # a person's second start finds the first one's byte code
    return env


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, argv: list[str], env: dict[str, str]) -> None:
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            self._size(0, WIDTH, HEIGHT)  # before it looks
            os.execvpe(argv[0], argv, env)
        self.seen = b""

    @staticmethod
    def _size(fd: int, width: int, height: int) -> None:
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self, timeout: float) -> bytes:
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return b""
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return b""
        self.seen = (self.seen + data)[-200_000:]
        return data

    def until(self, word: bytes, timeout: float = 60.0) -> float:
        """Seconds from the start until a word was on the screen."""
        end = time.perf_counter() + timeout
        while word not in self.seen and time.perf_counter() < end:
            self.read(0.05)
        if word not in self.seen:
            raise SystemExit(f"{word!r} did not appear; last output: {self.seen[-400:]!r}")
        return time.perf_counter() - self.started

    def settle(self, quiet: float = 0.09) -> float:
        """Wait until nothing is written any more; seconds until the last byte."""
        began = last = time.perf_counter()
        while self.read(quiet):
            last = time.perf_counter()
        return last - began

    def write(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def key(self, keys: str, patience: float = 2.0) -> float:
        """Milliseconds from writing a key to the first byte of the answer; nan if there is none in so many seconds."""
        self.settle()
        began = time.perf_counter()
        self.write(keys)
        answered = self.read(patience)
        took = (time.perf_counter() - began) * 1000
        if keys == ESCAPE:
            self.settle(_ESCAPE_WAIT)
        return took if answered else float("nan")

    def resize(self, width: int, height: int) -> tuple[float, float]:
        """Milliseconds until the first byte for the new size, and until all is drawn."""
        self.settle()
        began = time.perf_counter()
        self._size(self.fd, width, height)
        os.kill(self.pid, signal.SIGWINCH)
        self.read(3.0)
        first = time.perf_counter() - began
        return first * 1000, (first + self.settle(0.25)) * 1000

    def memory(self) -> float:
        """Megabytes in use."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def end(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
