"""Marks of the guide: proposals by words, passages of answers, what was asked, prompted and silent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from postil_base.problem import PostilError
from postil_codebook.values import Code, Codebook
from postil_model.decision.guide_status import asked, topics
from postil_study.anchoring.guide_match import Matcher, answer_after, question_turn
from postil_study.files.guide_marks import is_open, join, mark, starts, unmark, with_open
from postil_study.layers.file import encode_layer, read_layer
from postil_study.layers.values import make_layer
from postil_study.study import open_study
from postil_study.text.turns import parse_turns
from postil_study.text.values import GuideQuestion, Layer, LayerHeader, Segment, Speaker, Transcript, TranscriptInfo

ROOT = Path(__file__).resolve().parents[3]
TEXT = """Interviewer:
What do you do, and what did you build last?

E01:
Maps. We make maps of roofs.

Interviewer:
And for whom?

E01:
For towns.

Interviewer:
Popularity, quality. Which of these do you look at?

E01:
Downloads, mostly.

Interviewer:
Did a model ever not do what its page said?

E01:
Once, yes.

Interviewer:
Thanks.
"""
GUIDE = (
    GuideQuestion("background", "What do you do, and what did you last build?"),
    GuideQuestion("attributes", "Which attributes do you look at?", ("popularity", "quality")),
    GuideQuestion("discrepancies", "Did a model ever not do what its page said?"),
    GuideQuestion("close", "What did I not ask that I should have?"),
)
BOOK = Codebook(codes={"popularity": Code("popularity", "Popularity"), "quality": Code("quality", "Quality")})


def transcript(text: str = TEXT) -> Transcript:
    speakers = {"Interviewer": Speaker("interviewer"), "E01": Speaker("participant", "E01")}
    return Transcript("I01", text, parse_turns(text, speakers), TranscriptInfo("I01", speakers), "")


def layer(*segments: Segment) -> Layer:
    return make_layer(LayerHeader("_guide", "I01", "guide"), segments)


def words(found: Layer) -> dict[str, str]:
    return {segment.code_ids[0]: TEXT[segment.start : segment.end] for segment in found.segments}


def marked() -> Layer:
    return mark(transcript(), layer(), {0: "background", 4: "attributes", 6: "discrepancies"}, (), "t")


def test_questions_are_recognised_and_follow_ups_are_not() -> None:
    found = Matcher(GUIDE, BOOK).matches(transcript())
    assert [(match.turn, match.question) for match in found] == [
        (0, "background"),
        (4, "attributes"),
        (6, "discrepancies"),
    ]


def test_the_matcher_learns_how_a_question_is_really_asked() -> None:
    text = TEXT.replace(
        "Did a model ever not do what its page said?", "Any nasty surprises after installing something?"
    )
    assert all(match.question != "discrepancies" for match in Matcher(GUIDE, BOOK).matches(transcript(text)))
    examples = {"discrepancies": ["Were there nasty surprises after you installed it?"]}
    found = Matcher(GUIDE, BOOK, (), examples).matches(transcript(text))
    assert ("discrepancies", 6) in [(match.question, match.turn) for match in found]


@pytest.mark.parametrize(
    "text", ["", "E01:\nHello.\n", "Interviewer:\nWhat do you do?\n", "Interviewer:\n…\n\nE01:\n模型。\n"]
)
def test_odd_interviews_give_no_proposals_and_no_trouble(text: str) -> None:
    assert Matcher(GUIDE, BOOK).matches(transcript(text)) == []
    assert Matcher((), BOOK).matches(transcript()) == []


def test_proposals_on_the_illustrative_study_are_worth_looking_at() -> None:
    study = open_study(ROOT)
    texts = study.transcripts
    turns = [t.text[u.start : u.end] for t in texts.values() for u in t.turns if t.speaker(u).role == "interviewer"]
    matcher = Matcher(study.settings.guide, study.codebook, turns)
    right = proposed = 0
    for name, text in texts.items():
        truth = {(turn, s.code_ids[0]) for turn, s in starts(text, study.guide_layer(name)).items()}
        found = {(match.turn, match.question) for match in matcher.matches(text)}
        right, proposed = right + len(found & truth), proposed + len(found)
    assert proposed >= 80 and right / proposed >= 0.7  # four of the interviewers ask clumsily


def test_a_mark_is_the_answer_to_the_last_one_before_the_next_question() -> None:
    assert words(marked()) == {
        "background": "Maps. We make maps of roofs.\n\nInterviewer:\nAnd for whom?\n\nE01:\nFor towns.",
        "attributes": "Downloads, mostly.",
        "discrepancies": "Once, yes.",
    }
    assert answer_after(transcript(), 8) is None
    assert question_turn(transcript(), TEXT.index("Downloads")) == 4
    with pytest.raises(PostilError, match="nobody answers turn 9"):
        mark(transcript(), layer(), {8: "close"}, (), "t")


def test_a_turn_inside_a_mark_can_ask_a_question_of_its_own() -> None:
    after = mark(transcript(), marked(), {2: "close"}, (), "t")
    assert words(after)["background"] == "Maps. We make maps of roofs."
    assert words(after)["close"] == "For towns."
    again = mark(transcript(), after, {2: "attributes"}, (), "u")
    assert [s.code_ids for s in again.segments] == [
        ("background",),
        ("attributes",),
        ("attributes",),
        ("discrepancies",),
    ]
    assert [s.id for s in again.segments] == [s.id for s in after.segments]


def test_a_proposed_question_ends_the_passage_before_it() -> None:
    after = mark(transcript(), layer(), {0: "background"}, (2, 4), "t")
    assert words(after) == {"background": "Maps. We make maps of roofs."}


def test_a_follow_up_joins_the_question_above() -> None:
    split = mark(transcript(), marked(), {2: "close"}, (), "t")
    joined = join(transcript(), split, 2, "u")
    assert words(joined) == words(marked())
    with pytest.raises(PostilError, match="no question above"):
        join(transcript(), marked(), 0, "u")


def test_a_mark_goes_and_leaves_its_id() -> None:
    before = marked()
    after = unmark(before, before.segments[1].id, "u")
    assert "attributes" not in words(after) and before.segments[1].id in after.deleted


def test_asked_not_asked_and_unknown_are_told_apart() -> None:
    assert [asked(q.id, marked()) for q in GUIDE] == ["asked", "asked", "asked", "not asked"]
    assert [asked(q.id, with_open(marked(), True)) for q in GUIDE] == ["asked", "asked", "asked", "unknown"]
    assert {asked(q.id, None) for q in GUIDE} == {"unknown"}


def test_topics_are_prompted_spontaneous_or_silent() -> None:
    def coded(code: str, quote: str) -> Layer:
        start = TEXT.index(quote)
        segment = Segment("x", start, start + len(quote), (code,))
        return make_layer(LayerHeader("ana", "I01"), [segment])

    def told(marks: Layer | None, coding: Layer | None) -> list[str]:
        return [state for _, state in topics(GUIDE[1], GUIDE, marks, coding, BOOK)]

    prompted, early = coded("popularity", "Downloads, mostly."), coded("popularity", "For towns.")
    assert told(marked(), prompted) == ["prompted", "silent"]
    assert told(marked(), early) == ["spontaneous", "silent"]
    without = mark(transcript(), layer(), {0: "background"}, (4,), "t")
    assert told(without, early) == ["spontaneous", "not asked"]
    assert told(None, early) == ["said", "unknown"]


def test_an_open_layer_says_so_in_its_file() -> None:
    data = encode_layer(with_open(marked(), True))
    assert json.loads(data.split(b"\n")[0])["open"] is True
    again, problems = read_layer(data, "codings/_guide/I01.jsonl")
    assert problems == [] and is_open(again)
    assert not is_open(with_open(again, False))
