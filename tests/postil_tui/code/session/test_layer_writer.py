"""Saving beside the keys: whatever goes wrong meanwhile, the newest state of a record is what is written and kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from postil_study.text.values import Segment
from postil_tui.code.session.layer_writer import LayerWriter, States, Written

WAIT = 20.0  # seconds after which a test gives up; nothing waits as long


class Disk:
    """A disk that fails as often as it is told and can be held up; ``safe`` is the place outside the study."""

    def __init__(self) -> None:
        self.holds: States = {}
        self.safe: States = {}
        self.failures = 0
        self.held, self.reached, self.heard = Event(), Event(), Event()
        self.held.set()
        self.told: list[Written] = []
        self.saver = LayerWriter(self._write, self._tell, keep=self._keep)

    def _write(self, states: States) -> States:
        self.reached.set()
        assert self.held.wait(WAIT)
        if self.failures:
            self.failures -= 1
            raise OSError("no space left")
        self.holds.update(states)
        return {}

    def _keep(self, waiting: States) -> str:
        self.safe = dict(waiting)
        return "the safe place" if waiting else ""

    def _tell(self, saved: Written) -> None:
        self.told.append(saved)
        self.heard.set()

    def wait_until_told(self) -> Written:
        assert self.heard.wait(WAIT)
        self.heard.clear()
        return self.told[-1]

    def hold(self) -> None:
        self.held.clear()
        self.reached.clear()

    def let_go(self) -> None:
        self.held.set()


@contextmanager
def disk() -> Iterator[Disk]:
    made = Disk()
    yield made
    made.let_go()
    made.failures = 0
    made.saver.close()


def state(memo: str) -> Segment:
    return Segment("s", 0, 1, ("trust",), memo=memo)


def test_after_a_failed_save_the_newer_state_is_written() -> None:
    with disk() as d:
        d.failures = 1
        d.hold()
        d.saver.put({"s": state("old")})
        assert d.reached.wait(WAIT)
        d.saver.put({"s": state("new"), "t": state("other")})
        d.let_go()
        assert d.wait_until_told().status == "failed"
        assert d.safe == {"s": state("new"), "t": state("other")}, "what is kept outside is the newer one as well"
        assert d.holds == {}
        assert d.saver.flush(WAIT)
        assert d.holds == {"s": state("new"), "t": state("other")}


def test_what_is_kept_while_the_disk_does_not_answer_is_the_newer_state_and_everything() -> None:
    with disk() as d:
        d.hold()
        d.saver.put({"s": state("old"), "t": state("at the disk")})
        assert d.reached.wait(WAIT)
        d.saver.put({"s": state("new")})
        assert (d.saver.waiting, d.saver.status) == (2, "saving")
        d.saver.keep_safe()
        assert d.safe == {"s": state("new"), "t": state("at the disk")}
        assert d.saver.is_kept_whole
        d.saver.put({"u": state("later")})
        assert not d.saver.is_kept_whole
        assert d.saver.waiting == 3


def test_a_failure_is_no_save_and_the_next_change_writes_all() -> None:
    with disk() as d:
        d.failures = 2
        d.saver.put({"s": state("one")})
        assert d.wait_until_told().message == "no space left"
        assert (d.saver.status, d.saver.kept, d.saver.waiting) == ("failed", "the safe place", 1)
        assert not d.saver.flush(WAIT), "one more try, and it failed, too"
        assert d.wait_until_told().status == "failed"
        d.saver.put({"t": state("two")})
        assert d.wait_until_told().status == "saved"
        assert d.holds == {"s": state("one"), "t": state("two")}


def test_when_all_is_written_nothing_old_is_kept_to_be_put_over_it() -> None:
    with disk() as d:
        d.failures = 1
        d.saver.put({"s": state("one")})
        d.wait_until_told()
        assert d.safe
        assert d.saver.flush(WAIT)
        d.wait_until_told()
        assert (d.safe, d.saver.kept, d.saver.waiting) == ({}, "", 0)


def test_what_was_to_be_noted_is_noted_once_it_is_on_disk() -> None:
    noted: list[str] = []
    with disk() as d:
        d.failures = 1
        d.saver.put({"s": state("one")}, lambda: noted.append("one"))
        d.wait_until_told()
        assert noted == []
        d.saver.put({"t": state("two")}, lambda: noted.append("two"))
        d.wait_until_told()
        assert noted == ["one", "two"]


def test_closing_writes_what_waits_and_says_when_it_could_not() -> None:
    with disk() as d:
        d.saver.put({"s": state("one")})
        assert d.saver.close()
        assert d.holds == {"s": state("one")}
    with disk() as d:
        d.failures = 9
        d.saver.put({"s": state("one")})
        assert not d.saver.close()
        assert d.safe == {"s": state("one")}
