"""Interchange: a folder of 200 mixed transcripts beside ``qc``, one process each; a .qdpx of 50,000 codings.

    QC=/path/to/qc python benchmarks/interchange.py [--files 200] [--rounds 3] [--sources 200] [--codings 250]

Aims: at least 8 times as fast as qc on the same folder; the .qdpx read in under 10 s and under 1 GB. Needs pandoc to
make the files (qc needs it to read them); without QC its row is left out. Exit code 1 when an aim is missed.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.memory import peak_mb
from benchmarks.refi import CODINGS, SOURCES, project
from postil_formats.projects.refi.read import read_refi
from postil_formats.projects.refi.write import project_zip
from postil_study.new import create_study

QC = os.environ.get("QC", "")
POSTIL = shutil.which("postil", path=str(Path(sys.executable).parent)) or "postil"
TURNS = 40
KINDS = ("docx", "odt", "rtf", "md", "txt", "vtt")  # all of which qc's pandoc takes
WORDS = (
    *("the", "model", "we", "took", "was", "from", "a", "hub", "and", "it"),
    *("had", "to", "run", "on", "what", "have", "so", "tested"),
)
AIM, READ_SECONDS, READ_MB = 8.0, 10.0, 1024


def turns(number: int) -> list[tuple[str, str]]:
    """An interview: questions of 12 words, answers of 60."""
    rng = random.Random(number)

    def said(count: int, end: str) -> str:
        return " ".join(rng.choices(WORDS, k=count)).capitalize() + end

    return [("Ana", said(12, "?")) if turn % 2 == 0 else ("P1", said(60, ".")) for turn in range(TURNS)]


def write(folder: Path, number: int) -> None:
    """One file, of the next kind."""
    kind, spoken = KINDS[number % len(KINDS)], turns(number)
    path = folder / f"interview-{number:03}.{kind}"
    if kind == "vtt":
        cues = (f"00:{n:02}:00.000 --> 00:{n:02}:30.000\n<v {who}>{text}</v>" for n, (who, text) in enumerate(spoken))
        path.write_text("WEBVTT\n\n" + "\n\n".join(cues) + "\n", encoding="utf-8")
        return
    text = "\n\n".join(f"{who}: {text}" for who, text in spoken) + "\n"
    if kind in ("md", "txt"):
        path.write_text(text, encoding="utf-8")
    else:
        subprocess.run(["pandoc", "-f", "markdown", "-s", "-o", str(path)], input=text.encode(), check=True)


def seconds(command: list[str], cwd: Path) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, check=True, capture_output=True)
    return time.perf_counter() - start


def ours(folder: Path, sources: Path, rounds: int) -> float:
    times = []
    for number in range(rounds):
        root = folder / f"postil{number}"
        create_study(root, "Benchmark", ())
        times.append(seconds([POSTIL, "import", str(sources), "-C", str(root), "--yes"], folder))
        assert len(list((root / "transcripts").glob("*.txt"))) == len(list(sources.iterdir()))
    return statistics.median(times)


def theirs(folder: Path, sources: Path, rounds: int) -> float:
    times = []
    for number in range(rounds):
        root = folder / f"qc{number}"
        root.mkdir()
        shutil.copytree(sources, root / "in")
        for _ in range(2):
            subprocess.run([QC, "init"], cwd=root, check=True, capture_output=True)
        times.append(seconds([QC, "corpus", "import", "in", "--recursive"], root))
    return statistics.median(times)


def folders(files: int, rounds: int) -> bool:
    """Print the row of the folder; whether the aim is reached, or not measured."""
    if not shutil.which("pandoc"):
        print(f"{files} mixed transcripts: not run (needs pandoc)")
        return True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = folder / "sources"
        sources.mkdir()
        for number in range(files):
            write(sources, number)
        mine = ours(folder, sources, rounds)
        other = theirs(folder, sources, rounds) if QC else None
    ratio = other / mine if other else None
    rest = f"qc {other:7.2f} s   {ratio:6.1f} times as fast" if ratio else "qc not run (set QC)"
    print(f"{files} mixed transcripts ({', '.join(KINDS)}), whole processes: Postil {mine:5.2f} s   {rest}")
    return ratio is None or ratio >= AIM


def refi(sources: int, codings: int) -> bool:
    """Print the row of the project; in a process of its own, so that its memory is its own."""
    data = project_zip(project(random.Random(1), sources, codings))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "large.qdpx"
        path.write_bytes(data)
        made = subprocess.run(
            [sys.executable, __file__, "--read", str(path)], check=True, capture_output=True, text=True
        )
    took, size, count = map(float, made.stdout.split())
    assert count == sources * codings
    print(f".qdpx of {sources} sources, {count:,.0f} codings: read in {took:.2f} s, most memory {size:.0f} MB")
    return took <= READ_SECONDS and size <= READ_MB


def read(path: Path) -> None:
    """Read a project and print seconds, megabytes and the number of codings."""
    start = time.perf_counter()
    found = read_refi(path.read_bytes(), path.name)
    count = sum(1 for _ in found.codings())
    took = time.perf_counter() - start
    print(took, peak_mb(), count)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both rows; 1 if an aim is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sources", type=int, default=SOURCES)
    parser.add_argument("--codings", type=int, default=CODINGS, help="of a source")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)  # the process that is measured
    options = parser.parse_args(arguments)
    if options.read:
        read(options.read)
        return 0
    return int(not all([folders(options.files, options.rounds), refi(options.sources, options.codings)]))


if __name__ == "__main__":
    sys.exit(main())
