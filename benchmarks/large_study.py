"""Makes large studies on disk for the benchmarks: any number of transcripts, segments and coders, from a seed."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

CODES = [f"code-{number:02d}" for number in range(40)]
TURNS = 60  # a transcript: question and answer in turn
WORDS = 40  # an answer


def make_study(
    root: Path,
    transcripts: int,
    segments: int,
    coders: Sequence[str] = ("ana",),
    relations: int = 0,
    turns: int = TURNS,
) -> Path:
    """Write the study; participant P<i> speaks in transcript T<i>, and every coder codes so many segments in each."""
    rng = random.Random(20261102)
    for folder in ("codebook", "transcripts", *(f"codings/{coder}" for coder in coders)):
        (root / folder).mkdir(parents=True, exist_ok=True)
    names = [f"{number:04d}" for number in range(1, transcripts + 1)]
    _frame(root, names, coders)
    for name in names:
        text, answers = _text(rng, turns)
        (root / f"transcripts/T{name}.txt").write_text(text, encoding="utf-8", newline="\n")
        for coder in coders:
            layer = _layer(rng, name, coder, text, answers, segments, relations)
            (root / f"codings/{coder}/T{name}.jsonl").write_text(layer, encoding="utf-8", newline="\n")
    return root


def _frame(root: Path, names: Sequence[str], coders: Sequence[str]) -> None:
    people = "\n".join(f"  P{name}: {{size: {'small' if int(name) % 3 else 'large'}}}" for name in names)
    (root / "study.yaml").write_text(
        "postil: 1\nid: large\ntitle: Large\ncodebook: codebook/codes.yaml\nprocess: codebook/process.yaml\n"
        f"coders: {{{', '.join(f'{coder}: {{name: {coder}}}' for coder in coders)}}}\nparticipants:\n{people}\n",
        encoding="utf-8",
    )
    codes = "\n".join(f"  {code}: {{label: {code}}}" for code in CODES)
    (root / "codebook/codes.yaml").write_text(f"title: Large\nversion: 1.0.0\ncodes:\n{codes}\n", encoding="utf-8")
    nodes = "\n".join(
        f"  - {{id: n{i}, label: N{i}, kind: activity, stage: s{i // 5}, codes: [{code}]}}"
        for i, code in enumerate(CODES)
    )
    line = ", ".join(f"n{i}" for i in range(0, 40, 5))
    (root / "codebook/process.yaml").write_text(
        f"id: large\nstages: [s0, s1, s2, s3, s4, s5, s6, s7]\nnodes:\n{nodes}\nedges: []\nmain_line: [{line}]\n",
        encoding="utf-8",
    )
    manifest = "\n".join(
        f'T{name}: {{speakers: {{"Q": {{role: interviewer}}, "A": {{role: participant, participant: P{name}}}}}}}'
        for name in names
    )
    (root / "transcripts/transcripts.yaml").write_text(manifest + "\n", encoding="utf-8")


def _text(rng: random.Random, turns: int) -> tuple[str, list[tuple[int, int]]]:
    """The text, and where the answers lie in it."""
    parts: list[str] = []
    answers: list[tuple[int, int]] = []
    length = 0
    for turn in range(turns):
        words = " ".join(rng.choices(("model", "we", "tried", "another", "registry", "and", "then"), k=WORDS))
        block = f"{'A' if turn % 2 else 'Q'}:\n{words}\n\n"
        if turn % 2:
            answers.append((length + 3, length + 3 + len(words)))
        parts.append(block)
        length += len(block)
    return "".join(parts)[:-1], answers


def _layer(
    rng: random.Random,
    name: str,
    coder: str,
    text: str,
    answers: Sequence[tuple[int, int]],
    segments: int,
    relations: int,
) -> str:
    header = {"postil": 1, "kind": "coder", "coder": coder, "transcript": f"T{name}", "done": "2026-11-02"}
    spans = []
    for _ in range(segments):
        low, high = rng.choice(answers)
        start = rng.randrange(low, high - 20)
        spans.append((start, min(start + rng.randrange(20, 120), high)))
    spans.sort(key=lambda span: (span[0], -span[1]))
    records: list[dict[str, object]] = [header]
    for number, (start, end) in enumerate(spans):
        codes = rng.choices(CODES, k=rng.choice((1, 1, 1, 2)))
        identifier = f"{coder[0]}{name}{number:04d}"
        records.append({"id": identifier, "start": start, "end": end, "codes": codes[:1] if relations else codes,
                        "quote": text[start:end]})  # fmt: skip
    for number in range(relations):
        first = rng.randrange(segments - 1)
        start, end = spans[first]
        ends = {"from": f"{coder[0]}{name}{first:04d}", "to": f"{coder[0]}{name}{first + 1:04d}"}
        cue = [start, min(start + 5, end)]
        records.append({"id": f"r{coder[0]}{name}{number:03d}", **ends, "type": "leads-to", "cue": cue})
    return "".join(json.dumps(record) + "\n" for record in records)
