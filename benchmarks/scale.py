"""How time grows with the size of a study: each command at n and at 10 n, and the ratio of both times.

Search, quotes and saturation on one transcript in which everybody of a large survey speaks (a code and an answer
each); co-occurrence and the export of tables on many transcripts of many segments. Seconds of processor of a process
in which the command was run before on a small study, so that what is loaded once does not count. Work that is linear
takes 10 times as long; a row over --most (sums of squares would be near 100) is marked, and the exit code is 1.

    python benchmarks/scale.py [--speakers 1000] [--transcripts 20] [--segments 500] [--codes 5000] [--most 20]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import large_study

TEN = 10
WORDS = ("model", "we", "tried", "another", "registry", "and", "then")
POOLED = {
    "search": ("search", '"another registry"'),
    "quotes": ("quotes", "code-03"),
    "saturation": ("saturation",),
}
MANY = {
    "cooccurrence": ("cooccurrence", "--top", "20"),
    "export csv": ("export", "csv", "--out", "TABLES"),
}


def pooled_study(root: Path, speakers: int) -> Path:
    """One transcript: a question and an answer of each speaker, who is a participant of their own."""
    rng = random.Random(20261102)
    large_study.make_study(root, 1, 2)
    text, records = "", []
    parts: list[str] = []
    for number in range(1, speakers + 1):
        question, words = "Q:\nWhy that one?\n\n", " ".join(rng.choices(WORDS, k=12))
        start = len(text) + len(question) + len(f"S{number}:\n")
        text += f"{question}S{number}:\n{words}\n\n"
        codes = rng.sample(large_study.CODES, 2)
        records.append(
            {"id": f"s{number:09}", "start": start, "end": start + len(words), "codes": codes, "quote": words}
        )
        parts.append(f"S{number}: {{role: participant, participant: S{number}}}")
    header = {"postil": 1, "kind": "coder", "coder": "ana", "transcript": "T0001", "done": "2026-11-02"}
    (root / "transcripts/T0001.txt").write_text(text[:-1], encoding="utf-8", newline="\n")
    manifest = f"T0001: {{speakers: {{Q: {{role: interviewer}}, {', '.join(parts)}}}}}\n"
    (root / "transcripts/transcripts.yaml").write_text(manifest, encoding="utf-8")
    layer = "".join(json.dumps(record) + "\n" for record in (header, *records))
    (root / "codings/ana/T0001.jsonl").write_text(layer, encoding="utf-8", newline="\n")
    people = "".join(f"  S{number}: {{}}\n" for number in range(1, speakers + 1))
    settings = (root / "study.yaml").read_text("utf-8").split("participants:\n")[0]
    (root / "study.yaml").write_text(f"{settings}participants:\n{people}", encoding="utf-8")
    return root


def many_study(root: Path, transcripts: int, segments: int, codes: int) -> Path:
    """Many transcripts, and a codebook so large that each of them uses a part of it."""
    with patch.object(large_study, "CODES", [f"code-{number:04d}" for number in range(max(codes, 40))]):
        return large_study.make_study(root, transcripts, segments, turns=20)


def processor(arguments: Sequence[str], warm: Path, study: Path) -> float:
    """Seconds of processor of a command on a study, once what it needs is loaded."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            os.dup2(nothing, 2)
            os.write(writing, str(_seconds(arguments, warm, study)).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    answer = os.read(reading, 100)
    os.close(reading)
    if os.waitpid(child, 0)[1]:
        raise SystemExit(f"postil {' '.join(arguments)} failed on {study}")
    return float(answer)


def _seconds(arguments: Sequence[str], warm: Path, study: Path) -> float:
    from postil_cli.running import run

    took = 0.0
    for root in (warm, study):
        line = [str(root.parent / f"{root.name}-tables") if word == "TABLES" else word for word in arguments]
        began = time.process_time()
        assert run([*line, "--study", str(root)]) in (0, 1)  # 1: nothing was found
        took = time.process_time() - began
    return took


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the studies, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speakers", type=int, default=1000, help="n, of one transcript")
    parser.add_argument("--transcripts", type=int, default=20, help="n")
    parser.add_argument("--segments", type=int, default=500, help="of each of many transcripts")
    parser.add_argument("--codes", type=int, default=5000)
    parser.add_argument("--most", type=float, default=20, help="times the smaller size that the larger one may take")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("STATE", "CONFIG"):
            os.environ[f"XDG_{part}_HOME"] = f"{name}/{part}"
        speakers, transcripts = (
            (options.speakers, TEN * options.speakers),
            (options.transcripts, TEN * options.transcripts),
        )
        pooled = [pooled_study(folder / f"speakers-{n}", n) for n in (3, *speakers)]
        many = [
            many_study(folder / f"transcripts-{n}", n, options.segments if n > 2 else 3, options.codes)
            for n in (2, *transcripts)
        ]
        print(f"seconds of processor{'':<22}{'n':>8}{'10 n':>9}{'times':>8}   (linear: {TEN})")
        over = False
        for what, sizes, studies, rows in (
            ("speakers", speakers, pooled, POOLED),
            ("transcripts", transcripts, many, MANY),
        ):
            for row, line in rows.items():
                over |= _row(f"{row}, {sizes[0]:,} and {sizes[1]:,} {what}", line, studies, options.most)
    return int(over)


def _row(name: str, line: Sequence[str], studies: Sequence[Path], most: float) -> bool:
    warm, *sizes = studies
    small, large = (processor(line, warm, study) for study in sizes)
    bad = large > most * small
    print(f"{name:<42}{small:>8.2f}{large:>9.2f}{large / small:>8.1f}{'  over' if bad else ''}", flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(main())
