"""Queries: the language, how passages combine, filters, words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_codebook.values import Code, Codebook
from postil_model.search.corpus import Corpus, GuideMark
from postil_model.search.evaluate import search
from postil_model.search.hits import meeting
from postil_model.search.query import And, Name, Near, Not, Or, QueryError, WordsTerm, parse
from postil_study.text.turns import parse_turns
from postil_study.text.values import (
    CodeUse,
    Layer,
    LayerHeader,
    Participant,
    Relation,
    Segment,
    Speaker,
    Transcript,
    TranscriptInfo,
)

TEXT = """Interviewer:
How did you choose it?

E01:
I looked at the downloads first. Then we tested it. It wasn’t good enough.

Interviewer:
And then?

E01:
Back to the hub. Downloads don't matter to me any more.
"""
BOOK = Codebook(
    codes={
        "selection": Code("selection", "Selection", codable=False),
        "find-ptm": Code("find-ptm", "Find", parent="selection"),
        "popularity": Code("popularity", "Popularity", parent="selection", formerly=("downloads",)),
        "evaluate": Code("evaluate", "Evaluate"),
    }
)


def span(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def segment(name: str, words: str, *codes: str | CodeUse, memo: str = "", unsure: bool = False) -> Segment:
    start, end = span(words)
    return Segment(name, start, end, codes, quote=words, memo=memo, unsure=unsure)


def corpus() -> Corpus:
    speakers = {"Interviewer": Speaker("interviewer"), "E01": Speaker("participant", "E01")}
    transcript = Transcript("I01", TEXT, parse_turns(TEXT, speakers), TranscriptInfo("I01", speakers), "")
    ana = Layer(
        LayerHeader("ana", "I01", round="R1"),
        (
            segment("s1", "I looked at the downloads first.", "find-ptm", "popularity"),
            segment("s2", "Then we tested it. It wasn’t good enough.", "evaluate", memo="a poor result"),
            segment("s3", "Back to the hub.", "find-ptm"),
            segment("s4", "Downloads don't matter to me any more.", CodeUse("popularity", "deny")),
            Segment("s5", codes=("find-ptm",)),
        ),
        (Relation("r1", "s2", "s3", "goes-back-to", "evaluate", "find-ptm", "poor"),),
    )
    ben = Layer(LayerHeader("ben", "I01"), (segment("b1", "the downloads", "popularity", unsure=True),))
    people = {"E01": Participant("E01", {"org_size": "small", "domain": ["NLP", "CV"]})}
    return Corpus(
        {"I01": transcript}, (ana, ben), BOOK, people, {"I01": (GuideMark(*span("Back to the hub."), "process"),)}
    )


def found(query: str) -> list[str]:
    return [TEXT[hit.start : hit.end] for hit in search(query, corpus())]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("find-ptm", ["I looked at the downloads first.", "Back to the hub."]),
        ("selection/find-ptm", ["I looked at the downloads first.", "Back to the hub."]),
        ("find-ptm AND popularity", ["the downloads", "I looked at the downloads first."][::-1]),
        ("find-ptm popularity coder:ana", ["I looked at the downloads first."]),
        ("coder:ben", ["the downloads"]),
        ("popularity mode:deny", ["Downloads don't matter to me any more."]),
        ("popularity NOT mode:deny unsure:no", ["I looked at the downloads first."]),
        (
            "evaluate OR mode:deny",
            ["Then we tested it. It wasn’t good enough.", "Downloads don't matter to me any more."],
        ),
        ("memo:poor", ["Then we tested it. It wasn’t good enough."]),
        ("goes-back", ["Then we tested it. It wasn’t good enough.", "Back to the hub."]),
        ("find-ptm NOT popularity", ["Back to the hub."]),
        ("find-ptm question:process", ["Back to the hub."]),
        ("selection/* org_size:small domain:nlp mode:deny", ["Downloads don't matter to me any more."]),
        ("downloads mode:deny", ["Downloads don't matter to me any more."]),
        ('"wasn\'t  good"', ["wasn’t good"]),
        ("/down(loads?)/ AND participant", ["downloads", "Downloads"]),
        ('"choose" NOT interviewer', []),
        ("NOT participant", ["How did you choose it?", "And then?"]),
        ("NOT (find-ptm OR popularity) participant", []),
        ("round:R1 evaluate", ["Then we tested it. It wasn’t good enough."]),
    ],
)
def test_finds(query: str, expected: list[str]) -> None:
    got = found(query)
    assert sorted(got) == sorted(expected)


def test_near_counts_turns_between_and_runs_from_first_to_last() -> None:
    assert found("evaluate NEAR/1turn find-ptm coder:ana") == [
        "I looked at the downloads first. Then we tested it. It wasn’t good enough."
    ]
    two = found('evaluate NEAR/2turns "hub"')
    assert len(two) == 1 and two[0].startswith("Then we tested") and two[0].endswith("hub")
    assert found('evaluate NEAR/1turn "hub"') == []
    assert found('"downloads" NEAR/3words "tested"') == []
    assert found('"downloads" NEAR/4words "tested"') == ["downloads first. Then we tested"]


def test_and_meets_on_the_shared_words_of_one_coder_when_asked() -> None:
    hits = search("find-ptm AND popularity", corpus())
    assert {hit.coders for hit in hits} == {("ana",), ("ana", "ben")}
    assert all(hit.coders == ("ana",) for hit in search("find-ptm AND popularity AND coder:ana", corpus()))


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a OR b AND c", Or((Name("a"), And((Name("b"), Name("c")))))),
        ("NOT a b", And((Not(Name("a")), Name("b")))),
        ("(a OR b) NEAR/3sentences c", Near(Or((Name("a"), Name("b"))), Name("c"), 3, "sentence")),
        ('"AND"', WordsTerm("AND")),
        ("ANDROID", Name("ANDROID")),
    ],
)
def test_precedence(query: str, tree: object) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "the query is empty"),
        ("popularty", "there is no code 'popularty'. Did you mean popularity?"),
        ("(find-ptm", "a ) is missing"),
        ("find-ptm)", "a ) too many"),
        ("find-ptm AND", "a term is missing"),
        ('"open', "not closed"),
        ("/(/", "cannot be read"),
        ("evaluate NEAR/2miles find-ptm", "'miles'"),
        ("ogr_size:small", "Did you mean org_size:?"),
        ("role:boss", "there is no role 'boss'"),
        ("(" * 200 + "find-ptm" + ")" * 200, "too many parentheses"),
    ],
)
def test_says_what_is_wrong(query: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        search(query, corpus())
    assert message in str(caught.value)


@given(st.text(alphabet='ab ()"/:ANDORTE\\*', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        search(text, corpus())
    except QueryError:
        return


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda t: (t[0], t[0] + t[1])), max_size=25)


@given(SPANS, SPANS)
def test_meeting_equals_the_naive_way(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    naive = {(i, j) for i, a in enumerate(left) for j, b in enumerate(right) if a[0] < b[1] and b[0] < a[1]}
    assert set(meeting(left, right)) == naive


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("NOT " * 3000 + "x", "3,000 NOT in a row"),
        ("(" * 2000 + "x" + ")" * 2000, "too many parentheses"),
        ("x " * 20_000, "40,000 characters"),
        ("x NEAR " * 500 + "x", "more than 60 NEAR"),
        (r"/(a|aa)+$/", "takes too long"),
        ("/(/", "cannot be read"),
    ],
)
def test_no_query_falls_or_hangs(query: str, message: str) -> None:
    text = "P:\n" + "a" * 5000 + "!\n"
    corpus = Corpus({"I01": Transcript("I01", text, parse_turns(text, {"P"}), TranscriptInfo("I01"), "")})
    with pytest.raises(PostilError, match=message):
        search(query, corpus, seconds=0.1)
