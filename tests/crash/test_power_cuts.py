"""The power cut at every system call: the study opens, is in order, and holds every step that was acknowledged."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from postil_base.files import disk
from postil_base.problem import PostilError, has_errors
from postil_study.check.study import check_study
from postil_study.study import open_study
from tests.crash.power import Cut, Recorder, Tree, lay_down, recording, tree_of
from tests.crash.scenarios import SCENARIOS, Scenario
from tests.transcripts_support import small_study

each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)


class Run:
    """A scenario carried out once, call by call."""

    def __init__(self, scenario: Scenario, base: Path) -> None:
        self.base = base
        root = small_study(base / "study")
        scenario.prepare(root)
        self.before = tree_of(base)
        self.recorder = Recorder()
        self.states: list[Tree] = [tree_of(root, hidden=False)]  # the study after no step, one step, two …
        self.errors = [errors(root)]
        self.acknowledged: list[int] = []  # how many calls had been made when each step came back
        with recording(self.recorder):
            for step in scenario.steps:
                step(root)
                self.states.append(tree_of(root, hidden=False))
                self.errors.append(errors(root))
                self.acknowledged.append(len(self.recorder.calls))

    def cuts(self) -> Iterator[tuple[int, Cut]]:
        for count in range(len(self.recorder.calls) + 1):
            yield count, Cut(self.base, self.before, self.recorder, count)

    def steps_done(self, count: int) -> int:
        return sum(calls <= count for calls in self.acknowledged)


def errors(root: Path) -> list[str]:
    return [str(problem) for problem in check_study(root) if has_errors([problem])]


def check_left(run: Run, count: int, left: Tree, place: Path) -> None:
    """Open what is left as a person would, the morning after."""
    lay_down(left, place)
    root = place / "study"
    open_study(root)
    done = run.steps_done(count)
    after = tree_of(root, hidden=False)
    assert after in run.states[done : done + 2], (count, done, run.recorder.calls[max(0, count - 3) : count])
    assert errors(root) == run.errors[run.states.index(after, done)]


def litter(root: Path) -> list[str]:
    return [name for name in tree_of(root) if Path(name).name.startswith(".postil-") or "/staged-" in name]


@pytest.fixture
def nobody_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program that was killed is this one; its temporaries are nobody's any more."""
    monkeypatch.setattr(disk, "_is_alive", lambda process: False)


@pytest.mark.usefixtures("nobody_alive")
@each_scenario
def test_killed_at_every_system_call(scenario: Scenario, tmp_path: Path) -> None:
    run = Run(scenario, tmp_path / "run")
    for count, cut in run.cuts():
        left = cut.killed() | ({"study/.postil/lock": b"123"} if count else {})
        check_left(run, count, left, tmp_path / f"cut-{count}")
        assert litter(tmp_path / f"cut-{count}") == []


def power_cuts(scenario: Scenario, tmp_path: Path, times: int) -> int:
    run = Run(scenario, tmp_path / "run")
    seen = 0
    for count, cut in run.cuts():
        trees: list[Tree] = []
        for seed in range(times):
            rng = Random(f"{count}-{seed}")
            left = cut.without_power(rng) | rng.choice([{}, {"study/.postil/lock": b"123"}])
            if left not in trees:
                trees.append(left)
                check_left(run, count, left, tmp_path / f"cut-{count}-{seed}")
        seen += len(trees)
    return seen


@each_scenario
def test_without_power_at_every_system_call(scenario: Scenario, tmp_path: Path) -> None:
    assert power_cuts(scenario, tmp_path, 2) > 10


@pytest.mark.prove
@each_scenario
def test_without_power_at_every_system_call_in_many_ways(scenario: Scenario, tmp_path: Path) -> None:
    power_cuts(scenario, tmp_path, 40)


def failing(error: OSError, first: int, times: int = 1_000_000) -> Callable[[int], OSError | None]:
    return lambda number: error if first <= number < first + times else None


FAULTS = {"disk full": errno.ENOSPC, "read-only": errno.EROFS, "denied": errno.EACCES, "broken": errno.EIO}


@each_scenario
@pytest.mark.parametrize("fault", FAULTS)
def test_a_refused_call_is_said_and_nothing_is_half_done(scenario: Scenario, fault: str, tmp_path: Path) -> None:
    """Each call fails in turn: the step raises a message or is done; doing it again does it."""
    calls = len(Run(scenario, tmp_path / "run").recorder.calls)
    for number in range(0, calls, 1 if fault == "disk full" else 3):
        root = small_study(tmp_path / f"{fault}-{number}" / "study")
        scenario.prepare(root)
        with recording(Recorder(fail=failing(OSError(FAULTS[fault], fault), number, 1))):
            for step in scenario.steps:
                before = tree_of(root, hidden=False)
                try:
                    step(root)
                except PostilError as error:
                    assert fault in str(error)
                    if tree_of(root, hidden=False) == before:
                        step(root)
                    else:
                        assert "may not last" in str(error)
        assert errors(root) == []


@each_scenario
def test_a_disk_that_stays_full_is_said_and_the_next_open_settles_it(scenario: Scenario, tmp_path: Path) -> None:
    """From one call on nothing can be written any more; when it can again, the step is done or was never begun."""
    run = Run(scenario, tmp_path / "run")
    for number in range(0, len(run.recorder.calls), 2):
        root = small_study(tmp_path / f"full-{number}" / "study")
        scenario.prepare(root)
        with recording(Recorder(fail=failing(OSError(errno.ENOSPC, "disk full"), number))):
            done = steps_until_refused(scenario, root)
        open_study(root)
        assert tree_of(root, hidden=False) in run.states[done : done + 2]
        assert errors(root) == run.errors[run.states.index(tree_of(root, hidden=False), done)]


def steps_until_refused(scenario: Scenario, root: Path) -> int:
    for number, step in enumerate(scenario.steps):
        try:
            step(root)
        except PostilError as error:
            assert "disk full" in str(error)
            return number
    return len(scenario.steps)


def test_the_harness_sees_what_is_not_synchronised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the fsync of folders it must find a study that lost an acknowledged step; else it proves nothing."""
    monkeypatch.setattr(disk, "sync_folder", lambda folder: None)
    with pytest.raises(AssertionError):
        power_cuts(SCENARIOS[0], tmp_path, 8)
