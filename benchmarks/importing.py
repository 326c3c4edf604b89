"""Imports: the real Word files in one process, a folder of a thousand texts, and the reading of each format.

    python benchmarks/importing.py [FOLDER OF DOCX] [--rounds 5] [--texts 100,1000]

Without a folder: the files of the study beside the checkout, when it is there.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.shared_data import SHARED

from postil_formats.texts.plan import plan_import
from postil_formats.texts.writing import apply_import
from postil_study.new import create_study
from postil_study.study import open_study

QUESTION = "Ana: Why do you take that one and not the other, in the case of number {n}?\n"
ANSWER = "Ben: Because it fits on the machine we have, and so on, as we said before about number {n}.\n"


def median_ms(action: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def fresh(folder: Path) -> Path:
    root = folder / "study"
    shutil.rmtree(root, ignore_errors=True)
    create_study(root, "Benchmark", ())
    return root


def command(folder: Path, sources: Path, rounds: int) -> float:
    """``postil import`` as a process of its own, into an empty study each time."""
    postil = shutil.which("postil", path=str(Path(sys.executable).parent)) or "postil"
    times = []
    for _ in range(rounds):
        line = [postil, "import", str(sources), "-C", str(fresh(folder)), "--yes"]
        start = time.perf_counter()
        subprocess.run(line, check=True, capture_output=True)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def many(folder: Path, count: int) -> tuple[float, float]:
    raw = folder / "raw"
    shutil.rmtree(raw, ignore_errors=True)
    raw.mkdir()
    body = "".join(QUESTION.format(n=n) + ANSWER.format(n=n) for n in range(60))
    for number in range(count):
        (raw / f"T{number:04}.txt").write_text(f"{body}Ana: {number}\n", encoding="utf-8")
    root = fresh(folder)
    start = time.perf_counter()
    plan = plan_import(open_study(root), [raw])
    planned = time.perf_counter()
    apply_import(root, plan)
    return planned - start, time.perf_counter() - planned


def formats(rounds: int) -> None:
    from postil_formats.texts.readers import FORMATS, read_source

    for path in sorted((SHARED / "formats").iterdir()):
        if path.suffix in FORMATS and path.stem not in ("README", "expected"):
            data = path.read_bytes()
            took = median_ms(lambda data=data, name=path.name: read_source(data, name), rounds)  # type: ignore[misc]
            print(f"{path.name:44} {len(data) / 1000:8.1f} kB {took:9.1f} ms")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sources", nargs="?", type=Path, default=SHARED / "ptm-study" / "transcripts")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--texts", default="100,1000", help="how many texts to take in, with commas")
    options = parser.parse_args(arguments)
    sources, rounds = options.sources, options.rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if sources.is_dir():
            count = len(list(sources.glob("*.docx")))
            took = command(folder, sources, rounds)
            print(f"postil import, {count} Word files, whole process, median of {rounds}: {took:.0f} ms")
        for size in map(int, options.texts.split(",")):
            planned, written = many(folder, size)
            print(f"{size} texts of 121 turns: read and planned in {planned:.2f} s, written in {written:.2f} s")
    if SHARED.is_dir():
        formats(rounds)


if __name__ == "__main__":
    main()
