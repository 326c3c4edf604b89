"""Postil beside ``qc`` (qualitative-coding): importing Word files, and the co-occurrence of a whole codebook.

    QC=/path/to/qc python benchmarks/qc.py [FOLDER OF DOCX] [--documents 12] [--pairs 2000] [--rounds 3]

Without QC, or without pandoc, which it needs, its rows are left out and the table says so. Whole processes with those
that they start, seconds of processor, medians; imports of both in turn, so that they meet the same load.
The codings are the same for both: 12 transcripts, 2,000 (paragraph, code) pairs each by two coders, 40 codes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.shared_data import SHARED

from postil_base.ids import new_id
from postil_study.layers.file import encode_layer
from postil_study.layers.values import make_layer
from postil_study.new import create_study
from postil_study.text.values import LayerHeader, Segment

QC = os.environ.get("QC", "")
POSTIL = shutil.which("postil", path=str(Path(sys.executable).parent)) or "postil"
LINES, CODERS = 1_000, ("alice", "bob")
CODES = [f"theme{t}_code{c}" for t in range(8) for c in range(5)]
WORDS = (
    *("the", "model", "we", "took", "was", "from", "a", "hub", "and", "it"),
    *("had", "to", "run", "on", "what", "have", "so", "tested"),
)
EDITOR = """
import random, re, sys
text, codes = sys.argv[1], sys.argv[2]
seed = open({seed!r}).read()
rows = {{}}
name = text.replace("\\\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
for line in open({pairs!r}):
    coder, document, number, code = line.split()
    if coder == seed and document == name:
        rows.setdefault(2 * int(number), []).append(code)
lines = open(text).read().splitlines()
open(codes, "w").write("\\n".join(", ".join(rows.get(i, [])) for i in range(len(lines))) + "\\n")
"""

Pairs = Mapping[tuple[str, str], set[tuple[int, str]]]


# Both run from bytecode, as they do where pip has installed them, even where this process must not write any.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
WITHOUT = """
import postil_formats.texts.plan as importing
from postil_cli.entry import main
from postil_formats.texts.second_reading import Differences
importing.compare = lambda *_: Differences()
main()
"""


def seconds(command: list[str], cwd: Path, rounds: int) -> float:
    """The median of the seconds of processor; by the clock on systems that do not tell those of children."""
    times = []
    for _ in range(rounds):
        before, start = os.times(), time.perf_counter()
        subprocess.run(command, cwd=cwd, check=True, capture_output=True, env=ENVIRONMENT)
        took, after = time.perf_counter() - start, os.times()
        spent = after.children_user - before.children_user + after.children_system - before.children_system
        times.append(spent or took)
    return statistics.median(times)


def document(number: int) -> str:
    random = Random(number)
    lines = [" ".join(random.choice(WORDS) for _ in range(8)) for _ in range(LINES)]
    return "P:\n" + "\n\n".join(lines) + "\n"


def pairs(documents: int, count: int) -> Pairs:
    found: dict[tuple[str, str], set[tuple[int, str]]] = {}
    for coder in CODERS:
        for number in range(documents):
            random = Random(f"{coder}{number}")
            chosen: set[tuple[int, str]] = set()
            while len(chosen) < count:
                chosen.add((random.randrange(LINES), random.choice(CODES)))
            found[coder, f"d{number:02}"] = chosen
    return found


def postil_study(folder: Path, texts: Mapping[str, str], coded: Pairs) -> Path:
    root = folder / "postil"
    create_study(root, "Benchmark", CODERS)
    themes = "".join(
        f"  theme{t}: {{label: T, codable: false, children: {{"
        + ", ".join(f"theme{t}_code{c}: {{label: C, definition: d}}".replace("_", "-") for c in range(5))
        + "}}\n"
        for t in range(8)
    )
    (root / "codebook" / "codebook.yaml").write_text(f"title: B\nversion: '1'\ncodes:\n{themes}", encoding="utf-8")
    (root / "transcripts").mkdir(exist_ok=True)
    people = "".join(f"{name}: {{speakers: {{P: {{role: participant, participant: {name}}}}}}}\n" for name in texts)
    (root / "transcripts" / "transcripts.yaml").write_text(people, encoding="utf-8")
    for name, text in texts.items():
        (root / "transcripts" / f"{name}.txt").write_text(text, encoding="utf-8")
    taken: set[str] = set()
    for (coder, name), chosen in coded.items():
        write_layer(root, coder, name, texts[name], sorted(chosen), taken)
    return root


def write_layer(root: Path, coder: str, name: str, text: str, chosen: list[tuple[int, str]], taken: set[str]) -> None:
    starts = [0]
    for words in text.split("\n"):
        starts.append(starts[-1] + len(words) + 1)
    segments = []
    for line, code in chosen:
        id_ = new_id(taken)
        taken.add(id_)
        start, end = starts[2 * line + 1], starts[2 * line + 2] - 1
        segments.append(Segment(id_, start, end, (code.replace("_", "-"),), quote=text[start:end]))
    header = LayerHeader(coder, name, done="2026-11-24")
    path = root / "codings" / coder / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode_layer(make_layer(header, segments, ()), None))


def qc_project(folder: Path, texts: Mapping[str, str], coded: Pairs) -> Path:
    root = folder / "qc"
    (root / "in").mkdir(parents=True)
    for name, text in texts.items():
        (root / "in" / f"{name}.txt").write_text(text, encoding="utf-8")
    table, seed, editor = root / "pairs.txt", root / "seed.txt", root / "editor.py"
    rows = [f"{c} {d} {line} {code}\n" for (c, d), chosen in coded.items() for line, code in sorted(chosen)]
    table.write_text("".join(rows), encoding="utf-8")
    editor.write_text(EDITOR.format(seed=str(seed), pairs=str(table)), encoding="utf-8")
    for _ in range(2):
        subprocess.run([QC, "init"], cwd=root, check=True, capture_output=True)
    settings = (root / "settings.yaml").read_text(encoding="utf-8").replace("editor: code", "editor: fake")
    command = f'{sys.executable} {editor} "{{corpus_file_path}}" "{{codes_file_path}}"'
    settings += f"editors:\n  fake:\n    name: fake\n    code_command: '{command}'\n    memo_command: 'true'\n"
    (root / "settings.yaml").write_text(settings, encoding="utf-8")
    subprocess.run([QC, "corpus", "import", "in", "--recursive"], cwd=root, check=True, capture_output=True)
    for coder, name in coded:
        seed.write_text(coder, encoding="utf-8")
        subprocess.run([QC, "code", coder, "-p", name], cwd=root, check=True, capture_output=True)
    return root


def import_rows(folder: Path, sources: Path, rounds: int) -> None:
    """The import as it is, and without its second reading of each file, which the peer does not do."""
    ways = {"": [POSTIL], ", read once": [sys.executable, "-c", WITHOUT]}
    ours: dict[str, list[float]] = {way: [] for way in ways}
    theirs = []
    for number in range(rounds):
        for place, (way, program) in enumerate(ways.items()):
            root = folder / f"import{number}-{place}"
            create_study(root, "Benchmark", ())
            ours[way].append(seconds([*program, "import", str(sources), "-C", str(root), "--yes"], folder, 1))
        if QC:
            theirs.append(qc_import(folder / f"qc-import{number}", sources))
    for way, times in ours.items():
        what = f"import {len(list(sources.glob('*.docx')))} Word files{way}"
        row(what, statistics.median(times), statistics.median(theirs) if theirs else None)


def qc_import(root: Path, sources: Path) -> float:
    root.mkdir()
    shutil.copytree(sources, root / "in", ignore=lambda _, names: [n for n in names if not n.endswith(".docx")])
    for _ in range(2):
        subprocess.run([QC, "init"], cwd=root, check=True, capture_output=True)
    return seconds([QC, "corpus", "import", "in", "--recursive"], root, 1)


def row(what: str, ours: float, theirs: float | None) -> None:
    other = f"{theirs:8.2f} {theirs / ours:7.1f}x" if theirs else "  not run (set QC)"
    print(f"{what:58} {ours:8.2f} {other}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sources", nargs="?", type=Path, default=SHARED / "ptm-study" / "transcripts")
    parser.add_argument("--documents", type=int, default=12)
    parser.add_argument("--pairs", type=int, default=2000, help="(paragraph, code) of a coder in a transcript")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    sources, rounds = options.sources, options.rounds
    print(f"{'whole processes, seconds of processor':58} {'Postil':>8} {'qc':>8} {'ratio':>8}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if sources.is_dir():
            import_rows(folder, sources, rounds)
        texts = {f"d{number:02}": document(number) for number in range(options.documents)}
        coded = pairs(options.documents, options.pairs)
        ours = seconds([POSTIL, "cooccurrence", "-C", str(postil_study(folder, texts, coded))], folder, rounds)
        theirs = seconds([QC, "codes", "crosstab"], qc_project(folder, texts, coded), rounds) if QC else None
        size = f"{options.documents} x {options.pairs:,} by {len(CODERS)} coders"
        row(f"co-occurrence, whole codebook, {size}", ours, theirs)


if __name__ == "__main__":
    main()
