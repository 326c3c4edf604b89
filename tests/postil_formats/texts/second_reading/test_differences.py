"""The law of importing: each word of a source is stored under who said it, or listed as taken off."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.recognised import TakenOff
from postil_formats.texts.second_reading import Differences, compare
from postil_formats.texts.second_reading.accounts import Pool
from postil_formats.texts.second_reading.words import gaps, words_of
from postil_study.text.turns import RawTurn

TEXT = "Interviewer: How did you pick it?\n\nP07: We asked a colleague first.\n\nInterviewer: And?\n\nP07: So.\n"


def held(recognised: Recognised, text: str = TEXT) -> Differences:
    return compare(text.encode(), "a.txt", recognised, ReadOptions())


def changed(number: int, text: str, label: str = "") -> Recognised:
    """What was recognised, with another text in a turn."""
    made = read_source(TEXT.encode(), "a.txt")
    turns = list(made.turns)
    turns[number] = RawTurn(label or turns[number].label, text)
    return replace(made, turns=tuple(turns))


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", "g", "h"]), max_size=40)


@given(WORDS, WORDS)
def test_gaps_turn_one_sequence_into_the_other(one: list[str], other: list[str]) -> None:
    made: list[str] = []
    at = 0
    for gap in gaps(one, other):
        made += one[at : gap.start] + other[gap.other_start : gap.other_end]
        at = gap.end
    assert made + one[at:] == other


@pytest.mark.parametrize("cut", [10, 900, 2_000, 6_000])
def test_a_long_stretch_that_is_missing_is_one_gap(cut: int) -> None:
    random = Random(1)
    words = [f"w{random.randrange(3_000)}" for _ in range(20_000)]
    (gap,) = gaps(words, words[:5_000] + words[5_000 + cut :])
    assert gap.end - gap.start == cut


def test_words_fold_case_and_punctuation_and_count_cjk_letter_by_letter() -> None:
    assert words_of("Don’t – P07! まず聞") == ["don", "t", "p07", "ま", "ず", "聞"]


@given(st.text())
def test_words_are_the_same_by_whichever_pattern_they_are_found(text: str) -> None:
    assert words_of(text) == words_of(f"{text} ま")[:-1]


class TestPool:
    def test_an_item_explains_one_stretch_only(self) -> None:
        pool = Pool([["dana", "smith"]])
        assert pool.take(["dana", "smith"])
        assert not pool.take(["dana"])

    def test_stretches_of_several_items_and_parts_of_one(self) -> None:
        pool = Pool([["a", "b", "c"], ["d"]])
        assert pool.take(["b", "c", "d"])
        assert pool.take(["a"])

    def test_nothing_is_used_up_in_vain(self) -> None:
        pool = Pool([["a"]])
        assert not pool.take(["a", "x"])
        assert pool.take(["a"])


def test_an_import_that_keeps_everything_is_silent() -> None:
    assert held(read_source(TEXT.encode(), "a.txt")) == Differences()


def test_a_lost_word_is_quoted_with_its_place() -> None:
    (told,) = held(changed(1, "We asked a first.")).missing
    assert told == "1 word of the file not stored: “colleague” (after “it p07 we asked a”)"


def test_a_word_of_the_importer_s_own_is_quoted() -> None:
    found = held(changed(1, "We asked a dear colleague first."))
    assert found.added == ("1 word in turn 2 not found in the file there: “dear”",)
    assert not found.missing


def test_a_label_explains_no_word_of_a_turn() -> None:
    text = "I: I think so.\n\nB: I do.\n\nI: Well.\n\nB: I see.\n"
    made = read_source(text.encode(), "a.txt")
    lost = replace(made, turns=(RawTurn("I", "think so."), *made.turns[1:]))
    assert len(held(lost, text).missing) == 1


def test_what_was_taken_off_elsewhere_explains_a_gap() -> None:
    made = replace(changed(1, "We asked a first."), taken=(TakenOff("x", "colleague"),))
    labels = read_source(TEXT.encode(), "a.txt").taken
    assert held(replace(made, taken=(*labels, *made.taken))).missing == ()
    assert held(replace(made, taken=(*labels, TakenOff("x", "stranger")))).missing != ()


def test_a_line_inside_a_turn_that_looks_like_a_label_is_quoted() -> None:
    made = changed(1, "We asked a colleague first.\nInterviewer: And?")
    assert any(told.startswith("'Interviewer:' stands once") for told in held(made).labels)


def test_a_remark_with_a_colon_is_no_label() -> None:
    text = "A: Why?\n\nB: So it was.\nNote: that was before.\nhttp: no\nB says: yes\n\nA: Ah.\n\nB: At 10:30.\n"
    assert held(read_source(text.encode(), "a.txt"), text) == Differences()
