"""A study with one long transcript and one full layer, from a seed."""

from __future__ import annotations

import json
import random
from pathlib import Path

CODES = [f"code-{number:02d}" for number in range(40)]
WORDS = (  # noqa: SIM905  a word a line would be no help to read
    "time she interview did conversation made professional very to little said who model weights because we really "
    "tried another one organisation nobody knew whether “really” reliable—so café data downloaded nurse’s checked"
).split()


def make_text(words: int, rng: random.Random) -> str:
    """An interview of about so many words, question and answer in turn."""
    parts: list[str] = []
    made = turn = 0
    while made < words:
        size = rng.randint(8, 16) if turn % 2 == 0 else rng.randint(40, 120)
        said: list[str] = []
        while len(said) < size:
            sentence = [rng.choice(WORDS) for _ in range(rng.randint(6, 18))]
            said += [sentence[0].capitalize(), *sentence[1:-1], sentence[-1] + "."]
        made += len(said)
        parts.append(f"{'Interviewer' if turn % 2 == 0 else 'P01'}:\n{' '.join(said)}\n")
        turn += 1
    return "\n".join(parts)


def make_study(root: Path, words: int, segments: int) -> Path:
    """Write the study: transcript T1, coder ana."""
    rng = random.Random(1)
    text = make_text(words, rng)
    for folder in ("codebook", "transcripts", "codings/ana"):
        (root / folder).mkdir(parents=True)
    (root / "study.yaml").write_text(
        "postil: 1\nid: bench\ntitle: Bench\ncodebook: codebook/codes.yaml\ncoders: {ana: {name: Ana}}\n"
        "participants: {P01: {}}\n"
    )
    book = "".join(f"  {code}: {{label: {code}, definition: what {code} means}}\n" for code in CODES)
    (root / "codebook" / "codes.yaml").write_text(f"title: Bench\nversion: 1.0.0\ncodes:\n{book}")
    (root / "transcripts" / "T1.txt").write_text(text, encoding="utf-8")
    (root / "transcripts" / "transcripts.yaml").write_text(
        "T1:\n  speakers: {Interviewer: {role: interviewer}, P01: {role: participant, participant: P01}}\n"
    )
    layer = _layer(text, segments, rng)
    (root / "codings" / "ana" / "T1.jsonl").write_text(layer, encoding="utf-8")
    return root


def _layer(text: str, count: int, rng: random.Random) -> str:
    spaces = [i for i, letter in enumerate(text) if letter == " "]
    picked = sorted(rng.sample(range(len(spaces) - 30), count))
    lines = [json.dumps({"postil": 1, "kind": "coder", "coder": "ana", "transcript": "T1", "codebook": "1.0.0"})]
    for number, at in enumerate(picked):
        start, end = spaces[at] + 1, spaces[at + rng.randint(3, 25)]
        quote = text[start:end].strip()
        record = {"id": f"s{number:09d}", "start": start, "end": start + len(quote), "codes": [rng.choice(CODES)]}
        lines.append(json.dumps({**record, "quote": quote, "at": "2026-01-01T00:00:00Z"}, ensure_ascii=False))
    return "\n".join(lines) + "\n"
