"""A progress bar on stderr for what takes over a second; nothing where nobody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

PATIENCE = 1.0


class Watched:
    """Called with done, all, name; draws a bar once a second has passed."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._start = time.monotonic()
        self._bar: tuple[Bar, TaskID] | None = None

    def __call__(self, done: int, total: int, name: str = "") -> None:
        """Say how far the work is."""
        if self._bar is None and time.monotonic() - self._start > PATIENCE and sys.stderr.isatty():
            self._bar = self._draw(total)
        if self._bar is not None:
            bar, task = self._bar
            bar.update(task, completed=done, total=total)

    def _draw(self, total: int) -> tuple[Bar, TaskID]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn(self._title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        bar = Progress(*columns, console=Console(file=getattr(sys.stderr, "raw", sys.stderr)), transient=True)
        bar.start()
        return bar, bar.add_task(self._title, total=total)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar[0].stop()


@contextmanager
def watched(title: str) -> Iterator[Watched]:
    """A progress to hand to a long action."""
    made = Watched(title)
    try:
        yield made
    finally:
        made.close()
