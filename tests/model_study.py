"""Small studies on disk for the tests of the model: what is coded is said by quoting the transcript."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postil_study.study import Study, open_study

CODEBOOK = """
title: Test
version: 1.0.0
codes:
  task: {label: Task}
  choose: {label: Choose}
  search: {label: Search}
  attr:
    label: Attributes
    codable: false
    children:
      price: {label: Price}
      colour: {label: Colour}
  buy: {label: Buy}
  stray: {label: Stray}
"""
PROCESS = """
id: shopping
title: Shopping
stages: [{id: before, label: Before}, {id: after, label: After}]
nodes:
  - {id: task, label: Task, kind: task, stage: before, codes: [task]}
  - {id: choose, label: Choose?, kind: decision, stage: before, codes: [choose]}
  - {id: search, label: Search, kind: activity, stage: before, codes: [search]}
  - {id: attributes, label: Attributes, kind: factor, stage: before, items: {price: [price], colour: [colour]}}
  - {id: buy, label: Buy, kind: terminal, stage: after, codes: [buy]}
edges:
  - {id: E1, source: task, target: search, kind: flow}
  - {id: E2, source: search, target: choose, kind: flow}
  - {id: E3, source: choose, target: buy, kind: branch, guard: good}
  - {id: E4, source: choose, target: search, kind: back, guard: poor}
  - {id: E5, source: attributes, target: choose, kind: influence}
main_line: [task, search, choose, buy]
"""


@dataclass
class Talk:
    """One interview: turns of (label, words), and who the labels are."""

    id: str
    turns: Sequence[tuple[str, str]]
    speakers: Mapping[str, str]  # label → participant id; "" is an interviewer
    segments: list[dict[str, Any]] = field(default_factory=list)
    guide: list[dict[str, Any]] = field(default_factory=list)
    coder: str = "ana"
    done: bool = True

    @property
    def text(self) -> str:
        return "\n\n".join(f"{label}:\n{words}" for label, words in self.turns) + "\n"

    def place(self, quote: str) -> tuple[int, int]:
        start = self.text.index(quote)
        return start, start + len(quote)

    def code(self, id_: str, quote: str, *codes: Any, **more: Any) -> Talk:
        """Code the words; without words the whole transcript."""
        record: dict[str, Any] = {"id": id_, "codes": list(codes), **more}
        if quote:
            record["start"], record["end"] = self.place(quote)
            record["quote"] = quote
        self.segments.append(record)
        return self

    def relate(self, id_: str, source: str, target: str, type_: str, cue: str = "", **more: Any) -> Talk:
        record: dict[str, Any] = {"id": id_, "from": source, "to": target, "type": type_, **more}
        if cue:
            record["cue"] = list(self.place(cue))
        self.segments.append(record)
        return self

    def asked(self, question: str, quote: str) -> Talk:
        start, end = self.place(quote)
        self.guide.append({"id": f"g{len(self.guide)}{self.id}", "start": start, "end": end, "codes": [question]})
        return self


def write_study(
    root: Path,
    talks: Iterable[Talk],
    *,
    codebook: str = CODEBOOK,
    process: str = PROCESS,
    settings: str = "",
    files: Mapping[str, str] | None = None,
) -> Study:
    """Write the study and open it."""
    talks = list(talks)
    coders = sorted({talk.coder for talk in talks})
    put(root, "codebook/codes.yaml", codebook)
    if process:
        put(root, "codebook/process.yaml", process)
    named = "process: codebook/process.yaml\n" if process else ""
    people = sorted({p for talk in talks for p in talk.speakers.values() if p})
    participants = (
        "participants:\n" + "".join(f"  {p}: {{}}\n" for p in people) if "participants:" not in settings else ""
    )
    put(
        root,
        "study.yaml",
        f"postil: 1\nid: test\ntitle: Test\ncodebook: codebook/codes.yaml\n{named}"
        f"coders: {{{', '.join(f'{c}: {{name: {c}}}' for c in coders)}}}\n{participants}{settings}",
    )
    manifest = ""
    for talk in {talk.id: talk for talk in talks}.values():
        speakers = ", ".join(
            f'"{label}": {{role: participant, participant: {who}}}' if who else f'"{label}": {{role: interviewer}}'
            for label, who in talk.speakers.items()
        )
        manifest += f"{talk.id}: {{speakers: {{{speakers}}}}}\n"
        put(root, f"transcripts/{talk.id}.txt", talk.text)
    put(root, "transcripts/transcripts.yaml", manifest)
    for talk in talks:
        header: dict[str, Any] = {"postil": 1, "kind": "coder", "coder": talk.coder, "transcript": talk.id}
        if talk.done:
            header["done"] = "2026-11-02"
        put(root, f"codings/{talk.coder}/{talk.id}.jsonl", lines([header, *talk.segments]))
        if talk.guide:
            guide = {"postil": 1, "kind": "coder", "coder": "_guide", "transcript": talk.id}
            put(root, f"codings/_guide/{talk.id}.jsonl", lines([guide, *talk.guide]))
    for path, text in (files or {}).items():
        put(root, path, text)
    return open_study(root)


def lines(records: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def put(root: Path, path: str, text: str) -> None:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")


ME = {"Q": "", "A": "P1"}


def talk(id_: str, participant: str, *words: str, coder: str = "ana", done: bool = True) -> Talk:
    """An interview with one participant: a question and an answer by turns."""
    turns = [("Q" if place % 2 == 0 else "A", said) for place, said in enumerate(words)]
    return Talk(id_, turns, {"Q": "", "A": participant}, coder=coder, done=done)


def shopping(root: Path, **more: Any) -> Study:
    """Three participants; the evidence is spelled out in `tests/postil_model/evidence/test_evidence.py`."""
    first = talk(
        "T1", "P1", "How did you buy it?", "I needed a lamp and so I looked around. If it was bad I looked again.",
        "Did the price matter?", "The price decided. Colour did not matter at all.",
    )  # fmt: skip
    first.code("s1", "I needed a lamp", "task").code("s2", "I looked around", "search")
    first.code("s3", "it was bad", "choose").code("s4", "I looked again", "search")
    first.code("s5", "The price decided", "price", "choose")
    first.code("s6", "Colour did not matter at all", {"code": "colour", "mode": "deny"}, "stray")
    first.code("s7", "Did the price matter?", "price")  # the interviewer's words
    first.relate("r1", "s1", "s2", "leads-to", "and so")
    first.relate("r2", "s3", "s4", "goes-back-to", "If")
    first.relate("r3", "s5", "s5", "influences", "decided", from_code="price", to_code="choose")
    first.relate("r4", "s2", "s3", "leads-to")  # inferred: no cue
    first.asked("price", "Did the price matter?\n\nA:\nThe price decided. Colour did not matter at all.")
    first.asked(
        "way", "How did you buy it?\n\nA:\nI needed a lamp and so I looked around. If it was bad I looked again."
    )
    second = talk("T2", "P2", "How did you buy it?", "I wanted a chair, so I searched, then I bought it straight away.")
    second.code("u1", "I wanted a chair", "task").code("u2", "I searched", "search").code("u3", "I bought it", "buy")
    second.relate("v1", "u1", "u2", "leads-to", "so").relate("v2", "u2", "u3", "leads-to", "then")
    second.asked("way", second.text.strip())
    group = Talk(
        "T3",
        [
            ("Q", "And you two?"),
            ("X", "We looked in shops"),
            ("Y", "and bought it there."),
            ("X", "The price was fine."),
        ],
        {"Q": "", "X": "P3", "Y": "P4"},
    )
    group.code("w1", "We looked in shops\n\nY:\nand bought it there.", "search").code("w2", "bought it", "buy")
    group.code("w3", "The price was fine", {"code": "price", "mode": "hypothetical"})
    group.relate("x1", "w1", "w2", "leads-to", "and bought")
    settings = more.pop("settings", GUIDE)
    return write_study(root, [first, second, group], settings=settings, **more)


GUIDE = """guide:
  - {id: way, ask: How?, order_matters: true}
  - {id: price, ask: Price?, names: [price]}
analysis: {record: [ana], min_participants: 1}
"""
