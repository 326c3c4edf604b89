"""``postil matrix`` as whole processes on a study made here: 1,000 transcripts with 500 segments each.

    python benchmarks/matrix.py [--transcripts 1000] [--segments 500] [--rounds 3]

Start-up, reading 1,000 texts and layers, counting and printing are all in the time; the median of some runs is told.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.large_study import make_study

PROGRAM = [sys.executable, "-c", "from postil_cli.entry import main; main()"]
QUESTIONS = (
    ("matrix", ["matrix"]),
    ("matrix --json", ["matrix", "--json"]),
    ("matrix --by size", ["matrix", "--by", "size"]),
    ("matrix --mode affirm", ["matrix", "--mode", "affirm"]),
)


def seconds(arguments: Sequence[str], rounds: int) -> float:
    """Median wall-clock seconds of the whole process."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run([*PROGRAM, *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the study, ask, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--transcripts", type=int, default=1000)
    parser.add_argument("--segments", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        root = make_study(Path(folder) / "study", asked.transcripts, asked.segments)
        size = f"{asked.transcripts:,} transcripts x {asked.segments} segments"
        print(f"{size}, whole processes (promised: matrix under 3 s)")
        for what, words in QUESTIONS:
            print(f"postil {what:<24} {seconds([*words, '-C', str(root)], asked.rounds):6.2f} s")


if __name__ == "__main__":
    main()
