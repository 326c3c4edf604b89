"""Saving in a thread of its own: keys never wait for the disk, and what was done meanwhile is written together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread
from typing import Literal

from postil_transcripts.layers import State

States = dict[str, State | None]
Status = Literal["saved", "saving", "failed"]


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of writing: whether it is on disk, records that changed outside, a message if it failed."""

    status: Status
    outside: States
    message: str = ""


Write = Callable[[States], States]  # writes the states, returns what others changed meanwhile


class Saver:
    """Writes states of records in the order they come. ``tell`` is called in the saver's thread."""

    def __init__(self, write: Write, tell: Callable[[Saved], None]) -> None:
        self._write = write
        self._tell = tell
        self._waiting: States = {}
        self._busy = False
        self._closed = False
        self._failed = ""
        self._news = Condition()
        self._thread: Thread | None = None

    @property
    def status(self) -> Status:
        """Whether everything is on disk."""
        with self._news:
            if self._failed:
                return "failed"
            return "saving" if self._waiting or self._busy else "saved"

    def put(self, states: States) -> None:
        """Have these states written."""
        with self._news:
            self._waiting.update(states)
            if self._thread is None:
                self._thread = Thread(target=self._work, name="postil-saver", daemon=True)
                self._thread.start()
            self._news.notify_all()

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until everything is on disk; tells whether it is."""
        with self._news:
            if self._failed and self._waiting:  # one more try
                self._failed = ""
                self._news.notify_all()
            self._news.wait_for(lambda: bool(self._failed) or not (self._waiting or self._busy), timeout)
            return not (self._waiting or self._busy)

    def close(self) -> bool:
        """Write what is left and end the thread; tells whether everything is on disk."""
        written = self.flush()
        with self._news:
            self._closed = True
            self._news.notify_all()
        return written

    def _work(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._closed or bool(self._waiting and not self._failed))
                if self._closed:
                    return
                states, self._waiting, self._busy = self._waiting, {}, True
            self._tell(self._written(states))

    def _written(self, states: States) -> Saved:
        try:
            outside = self._write(states)
        except Exception as error:  # whatever it is, the words stay in memory and the person hears of it
            with self._news:
                self._waiting = {**states, **self._waiting}
                self._busy, self._failed = False, str(error)
                self._news.notify_all()
            return Saved("failed", {}, str(error))
        with self._news:
            self._busy = False
            self._news.notify_all()
        return Saved("saved", outside)

    def try_again(self) -> None:
        """Write anew what could not be written."""
        with self._news:
            self._failed = ""
            self._news.notify_all()
