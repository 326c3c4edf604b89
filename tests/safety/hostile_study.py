"""A study from a stranger in which every text, name and file name tries to speak to the terminal.

Each attack carries numbers or words of its own, so that it is known again wherever it comes out.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from postil_base.files.text import sha256_text, unix_lines

ESCAPES = {
    "title": "\x1b]0;PWNED-TITLE\x07",
    "clipboard": "\x1b]52;c;UFdORUQ=\x1b\\",
    "clear": "\x1b[2J\x1b[777;888H",
    "ask": "\x1b[6n",
    "colour": "\x1b[38;5;199m",
    "link": "\x1b]8;;http://pwned.example\x1b\\",
    "eight-bit": "\x9b777;889H\x9d0;PWNED-C1\x9c",
    "device": "\x1bP+q544e\x1b\\",
    "bell": "\x07",
    "overwrite": "\rPWNED-LINE\x08\x08\x7f",
    "bidi": "\u202eDENWP\u2066",
}
ALL = "".join(ESCAPES.values())
HARM = re.compile(
    rb"\x1b\]\d*;?[^\x07\x1b]*(PWNED|UFdORUQ|pwned)|\x1b\[777;88|\x1b\[38;5;199m|\x1b\[6n|\xc2[\x80-\x9f]|\x1bP\+q"
)
SAID = unix_lines(f"We looked{ALL} at the hub.")


def quoted(text: str) -> str:
    """As YAML: escaped, since YAML itself refuses control characters as they are."""
    return json.dumps(text).replace("\\u00", "\\x") if text.isascii() else json.dumps(text)


def make_hostile(root: Path) -> Path:
    """The study; its ids are those of an orderly study, since nothing else is accepted as an id."""
    for folder in ("codebook", "transcripts", "codings/ana", "codings/ben", "memos", "charts", "rounds"):
        (root / folder).mkdir(parents=True)
    bad, key = quoted(f"X{ALL}Y"), quoted(f"k{ALL}")
    text = unix_lines(f"Q:\nHow{ALL}?\n\nA:\n{SAID} It was good.\n\nQ:\nAnd then?\n\nA:\nWe measured{ALL} it.\n")
    (root / "study.yaml").write_text(
        f"postil: 1\nid: hostile\ntitle: {bad}\ncodebook: codebook/codes.yaml\nprocess: codebook/process.yaml\n"
        f"findings: codebook/findings.yaml\nthemes: codebook/themes.yaml\n"
        f"coders: {{ana: {{name: {bad}}}, ben: {{name: Ben}}}}\n"
        f"participants: {{P1: {{role: {bad}, {key}: v}}}}\n"
        f"guide:\n  - {{id: choice, ask: {bad}, names: [find]}}\n"
        "analysis: {record: [ana, ben], min_participants: 1}\n"
        f"agreement: {{measure: krippendorff_alpha, unit: turn, reason: {bad}}}\nodd: {bad}\n",
        "utf-8",
    )
    (root / "codebook/codes.yaml").write_text(
        f"title: {bad}\nversion: {bad}\ncodes:\n"
        f"  find: {{label: {bad}, definition: {bad}, include: {bad}, exclude: {bad}, examples: [{bad}], memo: {bad}}}\n"
        f"  measure: {{label: {bad}, definition: d, color: {bad}}}\n  {quoted('bad' + ALL)}: {{label: L}}\n",
        "utf-8",
    )
    (root / "codebook/process.yaml").write_text(
        f"title: {bad}\nstages: [{{id: s, label: {bad}}}]\nnodes:\n"
        f"  - {{id: look, label: {bad}, kind: activity, stage: s, codes: [find]}}\n"
        f"  - {{id: test, label: {bad}, kind: activity, stage: s, codes: [measure]}}\n"
        f"edges:\n  - {{source: look, target: test, kind: flow, guard: {bad}, label: {bad}}}\n"
        "main_line: [look, test]\n",
        "utf-8",
    )
    (root / "codebook/findings.yaml").write_text(
        f"findings:\n  - {{id: f, statement: {bad}, numerator: 1, denominator: 2, value: 0.5, unit: ratio, "
        f"source: {bad}, links: {{code: find}}}}\n",
        "utf-8",
    )
    (root / "codebook/themes.yaml").write_text(
        f"themes:\n  - {{id: t, label: {bad}, definition: {bad}, codes: [find], memo: {bad}}}\n", "utf-8"
    )
    (root / "transcripts/T1.txt").write_text(text, "utf-8", newline="\n")
    (root / "transcripts/transcripts.yaml").write_text(
        f"T1:\n  speakers: {{Q: {{role: interviewer}}, A: {{role: participant, participant: P1}}}}\n"
        f"  date: {bad}\n  source: {bad}\n  lang: {bad}\n",
        "utf-8",
    )
    for coder in ("ana", "ben"):
        (root / f"codings/{coder}/T1.jsonl").write_text(_layer(coder, text), "utf-8", newline="\n")
    (root / "memos/m1.md").write_text(
        f"---\nabout: code:find\nauthor: {bad}\ndate: 2026-01-01\ntype: {bad}\n---\n# Memo {ALL}\n{ALL}\n", "utf-8"
    )
    (root / "charts/P1.yaml").write_text(f"t: {{summary: {bad}, segments: [ana0000001]}}\n", "utf-8")
    (root / f"memos/odd{ESCAPES['title']}.md").write_text("no front matter", "utf-8")
    (root / f"transcripts/odd{ESCAPES['clear']}.txt").write_text("Q:\nHm.\n", "utf-8")
    (root / f"codings/ana/odd{ESCAPES['title']}.jsonl").write_text("{}\n", "utf-8")
    return root


def _layer(coder: str, text: str) -> str:
    first, second = text.index(SAID), text.index("We measured")
    end = text.index(" it.", second) + 4
    header: dict[str, object] = {
        "postil": 1,
        "kind": "coder",
        "coder": coder,
        "transcript": "T1",
        "text_sha256": sha256_text(text),
    }
    one: dict[str, object] = {
        "start": first,
        "end": first + len(SAID),
        "codes": ["find", "gone" + ALL],
        "quote": SAID,
        "memo": ALL,
    }
    two: dict[str, object] = {"start": second, "end": end, "codes": ["measure"], "quote": text[second:end]}
    ends = {"from": f"{coder}0000001", "from_code": "find", "to": f"{coder}0000002", "to_code": "measure"}
    tie: dict[str, object] = {**ends, "type": "leads-to", "guard": ALL, "memo": ALL, "cue": [second, second + 2]}
    records: list[dict[str, object]] = [
        one,
        two,
        tie,
        {"codes": ["find"], "quote": "x" + ALL, "start": 1, "end": 3, "odd" + ALL: ALL},
    ]
    lines = [{**header, "done": "2026-01-02"}, *({"id": f"{coder}000000{n}", **r} for n, r in enumerate(records, 1))]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
