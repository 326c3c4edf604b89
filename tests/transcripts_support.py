"""Small studies on disk and arbitrary layers, for the tests of `postil_study`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hypothesis import strategies as st

from postil_base.files.text import sha256_text
from postil_study.layers.values import make_layer
from postil_study.text.values import CodeUse, Layer, LayerHeader, Mode, Relation, RelationType, Segment

TEXT = "Interviewer:\nHow did you choose it?\n\nE01:\nI looked at the downloads first. Then at the issues.\n"
STUDY = """\
postil: 1
id: small-1
title: Small
codebook: codebook/codebook.yaml
coders: {ana: {name: Ana}, ben: {name: Ben}}
participants:
  E01: {org_size: small, consent: {quote: true, share: true}}
guide:
  - {id: choice, ask: "How did you choose it?"}
"""
CODEBOOK = """\
title: Small book
version: 1.0.0
codes:
  selection:
    label: Selection
    codable: false
    children:
      popularity:
        label: Popularity
        definition: Downloads and stars.
      issues:
        label: Issues
        definition: The issue tracker was read.
  trust:
    label: Trust
    definition: Trust in somebody.
groups:
  one-of: {codes: [popularity, issues], exclusive: true}
"""
MANIFEST = f"""\
# who speaks where
I01:
  speakers:
    Interviewer: {{role: interviewer}}
    E01: {{role: participant, participant: E01}}
  text_sha256: {sha256_text(TEXT)}
"""
HEADER = f'{{"postil":1,"kind":"coder","coder":"ana","transcript":"I01","text_sha256":"{sha256_text(TEXT)}"}}'
FIRST = '{"id":"aaaaaaaaaa","start":42,"end":74,"codes":["popularity"],"quote":"I looked at the downloads first.","at":"2026-01-01T00:00:00Z"}'  # noqa: E501
SECOND = '{"id":"bbbbbbbbbb","start":75,"end":94,"codes":["issues","trust"],"quote":"Then at the issues."}'
RELATION = '{"id":"cccccccccc","from":"aaaaaaaaaa","from_code":"popularity","to":"bbbbbbbbbb","to_code":"issues","type":"leads-to","cue":[75,79]}'  # noqa: E501
GUIDE_HEADER = '{"postil":1,"kind":"guide","coder":"_guide","transcript":"I01"}'
LAYER = "\n".join([HEADER, FIRST, SECOND, RELATION]) + "\n"


def write_files(root: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def small_study(root: Path, files: Mapping[str, str] | None = None) -> Path:
    """A study in order, with one interview coded by ana; ``files`` replace or add."""
    content = {
        "study.yaml": STUDY,
        "codebook/codebook.yaml": CODEBOOK,
        "transcripts/transcripts.yaml": MANIFEST,
        "transcripts/I01.txt": TEXT,
        "codings/ana/I01.jsonl": LAYER,
    }
    return write_files(root, {**content, **(files or {})})


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.sampled_from(["find-ptm", "trust", "a.b", "x1"])
ids = st.text(st.sampled_from("abc23"), min_size=1, max_size=3)
MODES: tuple[Mode, ...] = ("affirm", "deny", "hypothetical", "wish", "reported")
modes: st.SearchStrategy[Mode] = st.sampled_from(MODES)
TYPES: tuple[RelationType, ...] = ("leads-to", "goes-back-to", "influences", "excludes")
times = st.one_of(
    st.just(""), st.sampled_from(["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"])
)
extras = st.dictionaries(
    st.sampled_from(["x-note", "x-source", "weight"]), st.one_of(st.integers(0, 9), words), max_size=2
)
uses = st.lists(
    st.one_of(names, st.builds(CodeUse, names, modes.filter(lambda mode: mode != "affirm"))), max_size=3
).map(tuple)
spans = st.one_of(
    st.just((None, None)),
    st.tuples(st.integers(0, 500), st.integers(1, 60)).map(lambda pair: (pair[0], pair[0] + pair[1])),
)


@st.composite
def segments(draw: st.DrawFn, id_: st.SearchStrategy[str] = ids) -> Segment:
    start, end = draw(spans)
    return Segment(
        draw(id_),
        start,
        end,
        draw(uses),
        draw(words),
        draw(words),
        draw(st.booleans()),
        draw(times),
        draw(times),
        draw(st.booleans()),
        draw(extras),
    )


@st.composite
def relations(draw: st.DrawFn, id_: st.SearchStrategy[str] = ids) -> Relation:
    return Relation(
        draw(id_),
        draw(ids),
        draw(ids),
        draw(st.sampled_from(TYPES)),
        draw(st.one_of(st.just(""), names)),
        draw(st.one_of(st.just(""), names)),
        draw(words),
        draw(st.one_of(st.none(), st.tuples(st.integers(0, 9), st.integers(10, 19)))),
        draw(words),
        draw(modes),
        draw(times),
        draw(st.booleans()),
        draw(extras),
    )


headers = st.builds(
    LayerHeader,
    names,
    st.sampled_from(["I01", "対話"]),
    st.sampled_from(["coder", "consensus", "source", "guide"]),
    words,
    words,
    words,
    words,
    extras,
)


@st.composite
def layers(draw: st.DrawFn, header: st.SearchStrategy[LayerHeader] = headers) -> Layer:
    taken = draw(st.lists(ids, unique=True, max_size=8))
    cut = sorted(draw(st.lists(st.integers(0, len(taken)), min_size=2, max_size=2)))
    of_segments, of_relations, of_deleted = taken[: cut[0]], taken[cut[0] : cut[1]], taken[cut[1] :]
    return make_layer(
        draw(header),
        [draw(segments(st.just(id_))) for id_ in of_segments],
        [draw(relations(st.just(id_))) for id_ in of_relations],
        {id_: draw(times) for id_ in of_deleted},
        "codings/x/y.jsonl",
    )
