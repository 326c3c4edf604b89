"""A skip that nobody allowed fails, in the workers too; a run that passes too few fails; the last line says it all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests import skips
from tests.shared_data import NO_SHARED

ROOT = Path(__file__).resolve().parents[2]
SOME = f"""
import pytest
def test_good(): pass
@pytest.mark.skip(reason={skips.PROOF!r})
def test_proof(): pass
@pytest.mark.skip(reason={NO_SHARED!r})
def test_shared(): pass
@pytest.mark.parametrize("case", [])
def test_nothing_to_try(case): pass
def test_lazy(): pytest.skip("no time")
@pytest.mark.xfail
def test_known_to_fail(): raise ValueError
"""


def ran(folder: Path, ci: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The tests of a folder with the plugin, in a process of their own."""
    (folder / "test_some.py").write_text(SOME, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = .\n", encoding="utf-8")
    env = {**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)}
    for name in [name for name in env if name.startswith("PYTEST_")]:
        del env[name]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.skips", *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_in_ci_a_missing_input_fails_under_workers(tmp_path: Path) -> None:
    done = ran(tmp_path, "true", "-n", "2")
    assert done.returncode == 1
    line, verdict = done.stdout.splitlines()[-2:]
    assert line == f"1 passed (at least {skips.FLOOR:,} must), 2 failed, 2 error, 1 skipped: 1 {skips.PROOF}"
    assert verdict.startswith("TOO FEW PASSED")
    for said in (NO_SHARED, "no time", "got empty parameter set"):
        assert said in done.stdout


def test_elsewhere_it_skips_and_the_last_line_says_why(tmp_path: Path) -> None:
    done = ran(tmp_path, "", "test_some.py", "-k", "good or proof or shared", "-p", "no:xdist")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == f"1 passed, 2 skipped: 1 {skips.PROOF}; 1 {NO_SHARED}"


@pytest.mark.parametrize(
    ("reason", "here", "in_ci"),
    [
        (skips.PROOF, True, True),
        (f"Skipped: {skips.PROOF}", True, True),
        (NO_SHARED, True, False),
        (skips.OTHER_TEXTUAL, True, False),
        ("git is not installed", True, False),
        (f"{skips.PROOF}, some day", False, False),
        ("", False, False),
    ],
)
def test_a_reason_is_allowed_or_not(reason: str, here: bool, in_ci: bool) -> None:
    assert (not skips.why_not(reason, in_ci=False), not skips.why_not(reason, in_ci=True)) == (here, in_ci)


def test_the_floor() -> None:
    assert skips.ending({"passed": 99}, {}, 100)[1]
    assert skips.ending({"passed": 100}, {}, 100) == ("100 passed (at least 100 must)", False)
    line, too_few = skips.ending({"passed": 1234}, {}, 1000)
    assert line.endswith("raise it to 1230.") and not too_few
    assert skips.ending({"passed": 1, "failed": 0, "error": 2}, {"a": 1, "b": 1000}, 0) == (
        "1 passed, 2 error, 1,001 skipped: 1,000 b; 1 a",
        False,
    )


def test_in_ci_hypothesis_draws_the_same_every_time() -> None:
    profile = settings.get_profile("same-every-time")
    assert profile.derandomize and profile.database is None and profile.deadline is None
    assert settings.default is not None
    assert settings.default.derandomize == skips.IN_CI
