"""Runs the tests that must kill a mutant, in a process of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from tests.mutants.edits import Mutant

ROOT = Path(__file__).parents[2]
LONGEST = 180  # seconds; a mutant that never ends is noticed as well


def survived(mutant: Mutant) -> str:
    """Why a mutant counts as alive; empty if each of its tests failed through it."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rfE",
        "--tb=no",
        "-p",
        "tests.mutants.plugin",
        "-p",
        "no:randomly",
    ]
    command += ["-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0", "--prove", *mutant.killers]
    environment = {
        **os.environ,
        "POSTIL_MUTANT": json.dumps(asdict(mutant)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "COLUMNS": "400",
    }
    for name in [name for name in environment if name.startswith("PYTEST_")]:
        del environment[name]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return ""
    if done.returncode not in (0, 1):
        said = f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
        return f"{mutant.name}: the tests did not run (exit {done.returncode}):\n{said}"
    failed = re.findall(r"^FAILED (\S+)", done.stdout, re.MULTILINE)
    alive = [test for test in mutant.killers if not any(one == test or one.startswith(f"{test}[") for one in failed)]
    if not alive:
        return ""
    change = f"{mutant.at}: `{mutant.was}` → `{mutant.now or 'nothing'}`"
    return f"{mutant.name} ({change}) is not noticed by {', '.join(alive)}"
