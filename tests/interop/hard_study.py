"""A study that is hard to carry: scripts of all directions, marks of XML, names that clash, notes without a date."""

from __future__ import annotations

from pathlib import Path

from postil_base.files.text import sha256_text
from postil_study.layers.file import encode_layer
from postil_study.layers.values import make_layer
from postil_study.text.values import CodeUse, LayerHeader, Segment
from tests.transcripts_support import write_files

TEXT = (
    "Interviewer:\nمرحبا, 为什么? ]]> & <b>why</b> 😀?\n\n"
    "E01:\n模型 😀 was the first. אבל לא תמיד. e\u0301 and é differ. Line two ]]>\n"
    "E02:\nThe price played no role 👩‍🔬 for us.\n"
)
LONG_MEMO = "A memo of forty thousand characters. 😀 " * 1026  # 40,014
STUDY = """\
postil: 1
id: hard-1
title: "Hard ]]> & <study> 😀"
codebook: codebook/codebook.yaml
coders: {ana: {name: Ana}, ben: {name: Ana}, "c-3": {name: "Zoë <& ]]>"}}
participants:
  E01: {site: "]]> & <Berlin>", years: 3, consent: {quote: true, share: true}}
  E02: {site: 北京, years: 2.5}
"""
CODEBOOK = """\
title: Hard book
version: 1.0.0
codes:
  selection:
    label: Selection
    codable: false
    children:
      selection-price: {label: Price, definition: "What it costs ]]> 😀."}
  use:
    label: Use
    children:
      use-price: {label: Price, definition: What running it costs.}
  first-choice: {label: "最初 😀 <first> & ]]>"}
"""
MEMOS = {
    "memos/one.md": "---\nabout: transcript:I01\nauthor: ana\n---\n# On trust\n\nWithout a date.\n",
    "memos/two.md": "---\nabout: code:use-price\nauthor: ben\ndate: '2026-01-02'\n---\n# On trust\n\nSame title.\n",
    "memos/three.md": "---\nabout: study\n---\n# on TRUST\n\nCapitals tell nothing apart.\n",
    "memos/four.md": "---\nabout: study\ntype: open\n---\n# Postil: deny\n\nA title like one of ours.\n",
    "memos/long.md": f"---\nabout: study\n---\n# Long\n\n{LONG_MEMO}\n",
}


def hard_study(root: Path) -> Path:
    """Write the study; returns its folder."""
    manifest = (
        "I01:\n  date: '2026-05-12'\n  lang: mul\n  guide_version: '2'\n  speakers:\n"
        "    Interviewer: {role: interviewer}\n    E01: {role: participant, participant: E01}\n"
        f"    E02: {{role: participant, participant: E02}}\n  text_sha256: {sha256_text(TEXT)}\n"
        "  x-variables: {Language: Arabic, site: north}\n  x-groups: [Wave 1, 'Wave ]]> 2']\n"
    )
    ana = (
        _segment("a", "模型 😀 was the first.", (CodeUse("first-choice", "reported"), "use-price"), LONG_MEMO.strip()),
        _segment("b", "אבל לא תמיד", ("selection-price",), "<&]]>"),
        _segment("c", "e\u0301 and é differ", (), "no code, first note"),
        _segment("d", "e\u0301 and é differ", (), "no code, second note", unsure=True),
        Segment("whole".ljust(10, "a"), codes=(CodeUse("use-price", "deny"),), memo="On all of it."),
        Segment("bare".ljust(10, "a"), memo="A note on all of it."),
    )
    ben = (
        _segment("e", "The price played no role 👩‍🔬 for us.", (CodeUse("selection-price", "deny"),), "", unsure=True),
        _segment("f", "Line two ]]>", ("use-price", CodeUse("selection-price", "wish")), "two\nlines"),
    )
    layers = {"ana": make_layer(LayerHeader("ana", "I01"), ana), "ben": make_layer(LayerHeader("ben", "I01"), ben)}
    coded = {f"codings/{coder}/I01.jsonl": encode_layer(layer).decode() for coder, layer in layers.items()}
    files = {"study.yaml": STUDY, "codebook/codebook.yaml": CODEBOOK, **MEMOS, **coded}
    return write_files(root, {**files, "transcripts/transcripts.yaml": manifest, "transcripts/I01.txt": TEXT})


def _segment(id_: str, quote: str, codes: tuple[str | CodeUse, ...], memo: str, *, unsure: bool = False) -> Segment:
    start = TEXT.index(quote)
    return Segment(id_.ljust(10, id_), start, start + len(quote), codes, quote, memo, unsure)
