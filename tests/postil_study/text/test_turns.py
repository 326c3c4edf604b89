"""Turns: what a label line is, in both directions; the canonical offsets of the real interviews."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_study.text.turns import RawTurn, clean_label, format_transcript, is_label, parse_turns
from tests.shared_data import SHARED, needs_shared

LABELS = ("Ana", "Ben", "Speaker 1", "対話", "Q: lead")


def raw(text: str, labels: tuple[str, ...] = LABELS) -> list[RawTurn]:
    return [RawTurn(t.label, text[t.start : t.end], t.start_ms, t.end_ms) for t in parse_turns(text, labels)]


def test_only_known_labels_alone_on_their_line_start_a_turn() -> None:
    text = "Ana:\nHello\nCarl:\nno turn\n Ben:\nAna: here\n\nBen:\nYes.\n"
    assert raw(text) == [RawTurn("Ana", "Hello\nCarl:\nno turn\n Ben:\nAna: here"), RawTurn("Ben", "Yes.")]


def test_times_in_label_lines() -> None:
    text = "Ana [00:01:12.000-00:01:40.500]:\na\n\nBen [100:00:00]:\nb\n\nAna [00:01:60.000]:\nc\n"
    assert raw(text) == [
        RawTurn("Ana", "a", 72_000, 100_500),
        RawTurn("Ben", "b\n\nAna [00:01:60.000]:\nc", 360_000_000),
    ]


def test_what_stands_before_the_first_label_belongs_to_no_turn() -> None:
    turns = parse_turns("A heading\n\nAna:\nHello", LABELS)
    assert [(t.label_start, t.start, t.end) for t in turns] == [(11, 16, 21)]


def test_empty_turns_and_a_label_at_the_very_end() -> None:
    text = "Ana:\n\n\nBen:\nYes.\n\nAna:"
    assert [(t.label, t.start, t.end) for t in parse_turns(text, LABELS)] == [
        ("Ana", 5, 5),
        ("Ben", 12, 16),
        ("Ana", 22, 22),
    ]


@pytest.mark.parametrize("label", ["", " Ana", "Ana:", "A\nb", "Ana [00:00:01.000]"])
def test_labels_that_could_not_be_read_back_are_refused(label: str) -> None:
    assert not is_label(label)
    with pytest.raises(PostilError, match="cannot label a turn"):
        format_transcript([RawTurn(label, "words")])


line = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), max_size=12)
body = st.lists(st.one_of(line, st.sampled_from([f"{label}:" for label in LABELS]), st.just("")), max_size=5)
times = st.one_of(st.just((None, None)), st.tuples(st.integers(0, 10**9), st.one_of(st.none(), st.integers(0, 10**9))))
turn = st.builds(
    lambda label, lines, when: RawTurn(label, "\n".join(lines), *when), st.sampled_from(LABELS), body, times
)


@given(st.lists(turn, max_size=6))
def test_what_is_written_is_read_back(turns: list[RawTurn]) -> None:
    text = format_transcript(turns, LABELS)
    read = raw(text)
    assert [(t.label, t.start_ms, t.end_ms) for t in read] == [(t.label, t.start_ms, t.end_ms) for t in turns]
    for before, after in zip(turns, read, strict=True):
        unshielded = [line_.removeprefix(" ") if line_.strip() else line_ for line_ in after.text.split("\n")]
        wanted = [line_.removeprefix(" ") if line_.strip() else line_ for line_ in before.text.strip("\n").split("\n")]
        assert unshielded == wanted
    assert format_transcript(read, LABELS) == text, "a second pass changes nothing"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_can_be_cleaned_to_a_label(text: str) -> None:
    label = clean_label(text)
    assert not label or is_label(label)


@given(st.text(st.sampled_from("Ana:Ben [00:01.2-]\n"), max_size=120))
def test_turns_of_any_text_are_in_order_and_inside(text: str) -> None:
    last = 0
    for found in parse_turns(text, {"Ana", "Ben", "A"}):
        assert last <= found.label_start < found.start <= found.end <= len(text) or found.start == len(text)
        assert text.startswith(found.label, found.label_start)
        last = found.end


def test_a_million_characters_of_prose_are_parsed_at_once() -> None:
    text = "Ana:\n" + "He said: yes, we did. " * 45_000
    start = time.perf_counter()
    assert len(parse_turns(text, LABELS)) == 1
    assert time.perf_counter() - start < 0.5


@needs_shared
def test_offsets_are_those_of_the_canonical_text_of_the_real_interviews() -> None:
    """'<Label>:\\n' + paragraphs joined by '\\n'; turns joined by '\\n\\n' (expected.json, definitions)."""
    expected = json.loads((SHARED / "ptm-study" / "expected.json").read_text("utf-8"))
    assert "turns joined by '\\n\\n'" in expected["definitions"]["canonical_text"]
    for interview in expected["interviews"]:
        labels = list(interview["speakers"])
        turns = [
            (labels[n % len(labels)], [f"paragraph {n}.", "another one"][: 1 + n % 2])
            for n in range(interview["turns_total"])
        ]
        canonical = "\n\n".join(f"{label}:\n" + "\n".join(paragraphs) for label, paragraphs in turns)
        text = format_transcript(RawTurn(label, "\n".join(paragraphs)) for label, paragraphs in turns)
        assert text == canonical + "\n"
        parsed = parse_turns(text, labels)
        assert [t.label for t in parsed] == [label for label, _ in turns]
        assert [canonical[t.start : t.end] for t in parsed] == ["\n".join(p) for _, p in turns]
