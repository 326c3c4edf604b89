"""kill -9 of the real program at random moments, keys going in: what it said was saved is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from postil_base.problem import has_errors
from postil_study.check.study import check_study
from postil_study.study import open_study
from tests.crash.terminal import Program, environment
from tests.tui_study import make_study

TEXT = "".join(f"P01:\n{' '.join(f'We looked at model {n}{m} then.' for m in 'abcde')}\n\n" for n in range(60))


@dataclass
class Tally:
    """What became of the kills."""

    kills: int = 0
    missing: int = 0  # actions seen on the screen and not on the disk, the most of any kill
    in_flight: int = 0  # kills that caught an action on its way


def on_disk(root: Path) -> int:
    layer = open_study(root).layer("ana", "I01")
    return len(layer.segments) if layer else 0


def check(root: Path) -> None:
    assert not has_errors(check_study(root)), [str(problem) for problem in check_study(root)]


def study(tmp_path: Path) -> Path:
    root = make_study(tmp_path / "study", TEXT)
    with Program(root, "code", "I01", "--coder", "ana") as app:
        app.wait_for("0 segments")
        app.send("sctru\r")
        app.wait(lambda: app.saved == 1)
        app.send("q")
        assert app.end() == 0
    return root


def code_and_kill(root: Path, rng: Random, tally: Tally) -> None:
    """One action after the other, as fast as the screen follows; then the kill, somewhere in the next ones."""
    before = on_disk(root)
    with Program(root, "code", "I01", "--coder", "ana") as app:
        app.wait(lambda: app.made == before)
        for _ in range(rng.randint(0, 4)):
            wanted = app.made + 1
            app.send(").")
            app.wait(lambda wanted=wanted: app.made >= wanted)  # type: ignore[misc]
        if rng.random() < 0.7:
            app.send(").")
        app.watch(rng.random() * 0.06)
        app.kill()
        found = on_disk(root)
        check(root)
        tally.kills += 1
        tally.missing = max(tally.missing, app.made - found)
        tally.in_flight += app.made > app.saved
        assert app.saved <= found, f"{app.saved} were shown as saved, {found} are there"
        assert app.made - found <= 1, f"{app.made} were made, {found} are there"


def hurry_and_kill(root: Path, rng: Random, tally: Tally) -> None:
    """Many keys at once, and a kill while they are being worked off."""
    before = on_disk(root)
    with Program(root, "code", "I01", "--coder", "ana") as app:
        app.wait(lambda: app.made == before)
        app.send(").u)." * 10)
        app.watch(rng.random() * 0.4)
        app.kill()
        check(root)
        tally.kills += 1
        assert app.saved <= on_disk(root) + 1, "one may have been undone again meanwhile"


def start_and_kill(root: Path, rng: Random, tally: Tally) -> None:
    before = on_disk(root)
    with Program(root, "code", "I01", "--coder", "ana") as app:
        app.watch(rng.random() * 0.8)
        app.kill()
    tally.kills += 1
    check(root)
    assert on_disk(root) == before


def leave_and_kill(root: Path, rng: Random, tally: Tally) -> None:
    before = on_disk(root)
    with Program(root, "code", "I01", "--coder", "ana") as app:
        app.wait(lambda: app.made == before)
        app.send(").q")
        app.watch(rng.random() * 0.2)
        app.kill()
        tally.kills += 1
        check(root)
        assert app.saved <= on_disk(root)


WAYS = (code_and_kill, code_and_kill, code_and_kill, hurry_and_kill, start_and_kill, leave_and_kill)


def kill(tmp_path: Path, seed: int, times: int) -> Tally:
    rng, tally = Random(seed), Tally()
    study(tmp_path / "first")
    for number in range(times):
        shutil.copytree(tmp_path / "first", tmp_path / str(number))
        WAYS[number % len(WAYS)](tmp_path / str(number) / "study", rng, tally)
    return tally


def test_the_app_killed_a_few_times(tmp_path: Path) -> None:
    assert kill(tmp_path, 7, 4).kills == 4


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(10))
def test_the_app_killed_at_hundreds_of_moments(seed: int, tmp_path: Path) -> None:
    tally = kill(tmp_path, seed, 36)
    print(f"\nkills {tally.kills}, caught in flight {tally.in_flight}, most missing {tally.missing}")


def rename_and_kill(root: Path, rng: Random, longest: float = 0.6) -> bool:
    """A code renamed by the command line, killed somewhere; all of it happened, or nothing."""
    codes = open_study(root).codebook.codes
    old, new = ("trust", "belief") if "trust" in codes else ("belief", "trust")
    command = [sys.executable, "-m", "postil_cli.entry", "codebook", "rename", old, new, "--yes", "-C", str(root)]
    running = subprocess.Popen(command, env=environment(root.parent), stderr=subprocess.DEVNULL)
    try:
        running.wait(0.1 + rng.random() * (longest - 0.1))
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()
    now = open_study(root)
    layer = now.layer("ana", "I01")
    assert layer is not None
    code = "belief" if "belief" in now.codebook.codes else "trust"
    check(root)
    assert {code for segment in layer.segments for code in segment.code_ids} == {code}
    text = (root / "codings/ana/I01.jsonl").read_text("utf-8")
    assert ({old, new} - {code}).pop() not in text
    return running.returncode == 0


def test_a_rename_killed_a_few_times(tmp_path: Path) -> None:
    root, rng = study(tmp_path), Random(3)
    for _ in range(4):
        rename_and_kill(root, rng)


@pytest.mark.prove
def test_a_rename_killed_a_hundred_times(tmp_path: Path) -> None:
    root, rng = study(tmp_path), Random(4)
    began = monotonic()
    assert rename_and_kill(root, Random(0), longest=60.0), "how long it takes undisturbed, on this machine, now"
    longest = 1.5 * (monotonic() - began)
    done = [rename_and_kill(root, rng, longest) for _ in range(100)]
    assert set(done) == {True, False}
