"""Saving in a thread of its own: keys never wait for the disk, and what was done meanwhile is written together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Condition, Thread
from time import monotonic, sleep
from typing import Literal

import msgspec

from postil_study.layers.values import State

AFTER_PAINT = 0.012  # seconds: the key's effect is on the screen before writing takes its share of the processor
IDLE = 0.4  # seconds without work before getting ready for it

States = dict[str, State | None]
Status = Literal["saved", "saving", "failed"]


class Written(msgspec.Struct, frozen=True):
    """What came of writing: whether it is on disk, records that changed outside, a message if it failed."""

    status: Status
    outside: States
    message: str = ""


Write = Callable[[States], States]  # writes the states, returns what others changed meanwhile


class LayerWriter:
    """Writes states of records in the order they come. ``tell`` is called in the saver's thread."""

    def __init__(
        self,
        write: Write,
        tell: Callable[[Written], None],
        prepare: Callable[[], None] | None = None,
        keep: Callable[[States], str] = lambda waiting: "",
    ) -> None:
        self._write = write
        self._keep = keep  # puts what cannot be written somewhere safe, and says where; nothing waits any more: {}
        self._kept = ""
        self._has_more = False  # than is kept
        self._prepare = prepare
        self._tell = tell
        self._waiting: States = {}
        self._writing: States = {}  # the disk is at these
        self._notes: list[Callable[[], None]] = []
        self._busy = False
        self._closed = False
        self._failed = ""
        self._since = 0.0  # when the writing that is going on began
        self._news = Condition()
        self._thread: Thread | None = None

    @property
    def status(self) -> Status:
        """Whether everything is on disk."""
        with self._news:
            if self._failed:
                return "failed"
            return "saving" if self._waiting or self._busy else "saved"

    @property
    def waiting(self) -> int:
        """How many records are not on disk yet."""
        with self._news:
            return len({**self._writing, **self._waiting})

    @property
    def kept(self) -> str:
        """Where the records that could not be written are kept meanwhile; empty when all is well."""
        return self._kept

    @property
    def is_kept_whole(self) -> bool:
        """Whether all that waits is kept, what came after the first keeping too."""
        return bool(self._kept) and not self._has_more

    def busy_for(self) -> float:
        """For how many seconds the disk has not answered."""
        with self._news:
            return monotonic() - self._since if self._busy and self._since else 0.0

    def put(self, states: States, note: Callable[[], None] | None = None) -> None:
        """Have these states written, and ``note`` called when they are on disk."""
        with self._news:
            self._waiting.update(states)
            self._has_more = True
            self._notes += [note] if note else []
            self._failed = ""  # perhaps it can be written now
            self._start()
            self._news.notify_all()

    def warm_up(self) -> None:
        """Get ready for the first write, off the screen's way."""
        with self._news:
            self._start()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._work, name="postil-saver", daemon=True)
            self._thread.start()

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until everything is on disk; tells whether it is."""
        with self._news:
            if self._failed and self._waiting:  # one more try
                self._failed = ""
                self._news.notify_all()
            over = lambda: self._closed or bool(self._failed) or not (self._waiting or self._busy)  # noqa: E731
            self._news.wait_for(over, timeout)
            return not (self._waiting or self._busy)

    def close(self) -> bool:
        """Write what is left and end the thread; tells whether everything is on disk."""
        written = self.flush()
        with self._news:
            self._closed = True
            self._news.notify_all()
        return written

    def _work(self) -> None:
        self._get_ready()
        while True:
            with self._news:
                self._news.wait_for(lambda: self._closed or bool(self._waiting and not self._failed))
                if self._closed:
                    return
                self._busy = True
            sleep(AFTER_PAINT)
            with self._news:
                states, self._waiting = self._waiting, {}
                notes, self._notes = self._notes, []
                self._writing = states
                self._since = monotonic()
            self._tell(self._written(states, notes))

    def _get_ready(self) -> None:
        if self._prepare is None:
            return
        with self._news:
            self._news.wait_for(lambda: self._closed or bool(self._waiting), IDLE)
            if self._closed or self._waiting:
                return
        with suppress(Exception):  # what is wrong will show when it comes to writing
            self._prepare()

    def _written(self, states: States, notes: list[Callable[[], None]]) -> Written:
        try:
            outside = self._write(states)
        except Exception as error:  # whatever it is, the words stay in memory and the person hears of it
            with self._news:
                self._waiting, self._notes = {**states, **self._waiting}, [*notes, *self._notes]
                self._writing = {}
            self.keep_safe()
            self._rest(failed=str(error))
            return Written("failed", {}, str(error))
        message = _noted(notes)
        with self._news:
            self._writing = {}
        if self._kept:
            self.keep_safe()
        self._rest()
        return Written("saved", outside, message)

    def _rest(self, failed: str = "") -> None:
        with self._news:
            self._busy, self._failed = False, failed
            self._news.notify_all()

    def keep_safe(self) -> None:
        """Keep outside the study what is not on disk: whatever happens to the program, it is somewhere."""
        with self._news:
            waiting = {**self._writing, **self._waiting}
            self._has_more = False
        with suppress(Exception):
            self._kept = self._keep(waiting)

    def try_again(self) -> None:
        """Write anew what could not be written."""
        with self._news:
            self._failed = ""
            self._news.notify_all()


def _noted(notes: list[Callable[[], None]]) -> str:
    """Note what was written; what goes wrong with it is told, but the words are saved."""
    try:
        for note in notes:
            note()
    except Exception as error:
        return str(error)
    return ""
