"""``postil --version`` and ``--help`` beside a bare Python: whole processes, in turn, medians and ratios."""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    rounds = parser.parse_args(arguments).rounds
    postil = shutil.which("postil", path=str(Path(sys.executable).parent)) or "postil"
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "postil --version": [postil, "--version"],
        "postil --help": [postil, "--help"],
        "postil check --help": [postil, "check", "--help"],
        "python -c 'import textual.app'": [sys.executable, "-c", "import textual.app"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(seconds(command))
    base = times["python -c pass"]
    print(f"{'whole process, median of ' + str(rounds):34} {'ms':>7} {'x bare Python':>14}")
    for name, values in times.items():
        ratio = statistics.median(v / b for v, b in zip(values, base, strict=True))
        print(f"{name:34} {1000 * statistics.median(values):7.1f} {ratio:14.2f}")


if __name__ == "__main__":
    main()
