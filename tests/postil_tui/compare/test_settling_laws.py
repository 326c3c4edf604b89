"""A law of settling: who is always taken is the consensus, with every code and every relation, and nothing else."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from postil_codebook.load import load_codebook
from postil_study.layers.values import make_layer
from postil_study.text.values import (
    CodeUse,
    Layer,
    LayerHeader,
    Relation,
    Segment,
    Speaker,
    Transcript,
    TranscriptInfo,
    Turn,
)
from postil_tui.code.session.session import Session
from postil_tui.compare.differences import ComparedLayers
from postil_tui.compare.settling import is_settled, settle, settled_in, take_agreed
from tests.model_study import CODEBOOK

TEXT = "abcdefghij"
BOOK = load_codebook(CODEBOOK, "codes.yaml")[0]
INFO = TranscriptInfo("T", {"A": Speaker("participant", "P")})
TRANSCRIPT = Transcript("T", TEXT, (Turn(0, "A", 0, 0, len(TEXT)),), INFO, "")

SPAN = st.tuples(st.integers(0, 9), st.integers(1, 10)).filter(lambda s: s[0] < s[1]) | st.none()
CODING = st.tuples(SPAN, st.sampled_from(["task", "search", "buy"]), st.sampled_from(["affirm", "deny"]))
RELATED = st.tuples(
    st.integers(0, 5), st.integers(0, 5), st.sampled_from(["leads-to", "influences"]), st.sampled_from(["", "good"])
)
DRAWN = st.tuples(st.lists(CODING, max_size=5, unique_by=lambda c: c[:2]), st.lists(RELATED, max_size=4, unique=True))


def layer_of(coder: str, drawn: Any) -> Layer:
    codings, related = drawn
    segments = []
    for n, (span, code, mode) in enumerate(codings):
        start, end = span or (None, None)
        use: Any = code if mode == "affirm" else CodeUse(code, mode)
        segments.append(Segment(f"{coder}s{n}", start, end, (use,)))
    relations = [
        Relation(f"{coder}r{n}", segments[a].id, segments[b].id, kind, codings[a][1], codings[b][1], guard, (0, 2))
        for n, (a, b, kind, guard) in enumerate(related)
        if a < len(segments) and b < len(segments)
    ]
    return make_layer(LayerHeader(coder, "T"), segments, relations, {}, "")


def codes_in(segments: Any) -> list[Any]:
    return sorted(((s.start, s.end, use.code, use.mode) for s in segments for use in s.uses), key=repr)


def relations_in(segments: Any, relations: Any) -> list[Any]:
    places = {s.id: (s.start, s.end) for s in segments}
    return sorted(
        (
            (places[r.source], r.source_code, places[r.target], r.target_code, r.type, r.guard, r.cue, r.mode)
            for r in relations
        ),
        key=repr,
    )


@given(DRAWN, DRAWN, st.sampled_from(["a", "b"]), st.booleans())
@settings(max_examples=400, deadline=None, derandomize=True)
def test_who_is_always_taken_is_the_consensus(first: Any, second: Any, take: str, agreed_first: bool) -> None:
    a, b = layer_of("ana", first), layer_of("ben", second)
    compared = ComparedLayers(a, b)
    session = Session(TRANSCRIPT, BOOK, make_layer(LayerHeader("consensus", "T", "consensus"), [], [], {}, ""))
    if agreed_first:
        take_agreed(session, compared)
    for difference in compared.differences:
        if not is_settled(difference, settled_in(session.records)):
            settle(session, difference, take, compared)
    take_agreed(session, compared)
    assert all(is_settled(one, settled_in(session.records)) for one in compared.differences)
    wanted = a if take == "a" else b
    made = session.records
    assert codes_in(made.segments.values()) == codes_in(wanted.segments)
    assert relations_in(made.segments.values(), made.relations.values()) == relations_in(
        wanted.segments, wanted.relations
    )


@given(DRAWN, DRAWN, st.lists(st.sampled_from(["a", "b", "both", "neither"]), min_size=30, max_size=30))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_decision_makes_up_or_doubles_a_relation(first: Any, second: Any, takes: list[str]) -> None:
    from postil_base.problem import PostilError

    a, b = layer_of("ana", first), layer_of("ben", second)
    compared = ComparedLayers(a, b)
    session = Session(TRANSCRIPT, BOOK, make_layer(LayerHeader("consensus", "T", "consensus"), [], [], {}, ""))
    for difference, take in zip(compared.differences, takes, strict=False):
        if not is_settled(difference, settled_in(session.records)):
            try:
                settle(session, difference, take, compared)
            except PostilError:
                settle(session, difference, "neither", compared)
    take_agreed(session, compared)
    assert all(is_settled(one, settled_in(session.records)) for one in compared.differences)
    made = session.records
    for relation in made.relations.values():
        assert relation.source_code in made.segments[relation.source].code_ids
        assert relation.target_code in made.segments[relation.target].code_ids
    claimed = [key for relation in made.relations.values() for key in relation.extra["settles"]]
    assert len(claimed) >= len(made.relations) and set(claimed) <= {r.id for r in (*a.relations, *b.relations)}


MEMO = st.sampled_from(["", "why?", "see T2", "why"])
NOTED = st.lists(st.tuples(CODING, MEMO, st.booleans()), max_size=5, unique_by=lambda noted: noted[0][:2])


def noted_layer(coder: str, noted: Any) -> Layer:
    layer = layer_of(coder, ([coding for coding, _, _ in noted], []))
    by_id = {f"{coder}s{n}": (memo, unsure) for n, (_, memo, unsure) in enumerate(noted)}
    segments = [
        Segment(s.id, s.start, s.end, s.codes, memo=by_id[s.id][0], unsure=by_id[s.id][1]) for s in layer.segments
    ]
    return make_layer(layer.header, segments, [], {}, "")


@given(NOTED, NOTED, st.lists(st.sampled_from(["a", "b", "both", "neither"]), min_size=30, max_size=30))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_memos_and_doubts_come_with_the_passages(first: Any, second: Any, takes: list[str]) -> None:
    a, b = noted_layer("ana", first), noted_layer("ben", second)
    compared = ComparedLayers(a, b)
    session = Session(TRANSCRIPT, BOOK, make_layer(LayerHeader("consensus", "T", "consensus"), [], [], {}, ""))
    taken = [segment for pair in compared.agreed for segment, _ in pair]
    for difference, take in zip(compared.differences, takes, strict=False):
        settle(session, difference, take, compared)
        taken += [item[0] for item, by in ((difference.a, "a"), (difference.b, "b")) if item and take in (by, "both")]
    take_agreed(session, compared)
    told: dict[Any, tuple[set[str], bool]] = {}
    for segment in taken:
        memos, unsure = told.get((segment.start, segment.end), (set(), False))
        told[segment.start, segment.end] = (memos | {segment.memo} - {""}, unsure or segment.unsure)
    made: dict[Any, tuple[set[str], bool]] = {}
    for segment in session.records.segments.values():
        if segment.codes:
            assert (segment.start, segment.end) not in made
            made[segment.start, segment.end] = (set(segment.memo.split("\n\n")) - {""}, segment.unsure)
    assert made == told
