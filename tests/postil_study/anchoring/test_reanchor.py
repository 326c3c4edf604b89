"""Segments find their words again: never lost, never moved to other words without a warning."""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_base.files.text import sha256_text
from postil_study.anchoring.alignment import Alignment
from postil_study.anchoring.reanchor import Report, reanchor
from postil_study.layers.values import make_layer
from postil_study.text.values import Layer, LayerHeader, Relation, Segment

OLD = """\
Interviewer:
How did you choose it?

E01:
Yes. I looked at the downloads first. Then I looked at the issues, and it was fine.

Interviewer:
And then?

E01:
Yes. We took the smaller one of the two modles.
"""


def layer_of(text: str, *quotes: str, relations: Sequence[Relation] = ()) -> Layer:
    found = []
    for number, quote in enumerate(quotes):
        start = text.index(quote)
        found.append(Segment(f"s{number}", start, start + len(quote), ("trust",), quote))
    return make_layer(LayerHeader("ana", "I01", text_sha256=sha256_text(text)), found, relations)


def fates(report: Report) -> list[tuple[str, str]]:
    return [(move.id, move.fate) for move in report.moves]


@pytest.mark.parametrize("old", [OLD, None], ids=["with the old text", "by quotes alone"])
def test_words_that_moved_are_followed(old: str | None) -> None:
    layer = layer_of(OLD, "I looked at the downloads first.", "We took the smaller one")
    new = OLD.replace("How did you choose it?", "Thank you for coming. How did you choose it?")
    moved, report = reanchor(layer, old, new, at="2026-05-01T00:00:00Z")
    assert fates(report) == [("s0", "moved"), ("s1", "moved")]
    assert [new[s.start : s.end] for s in moved.segments] == [s.quote for s in layer.segments]
    assert moved.header.text_sha256 == sha256_text(new)
    assert {s.at for s in moved.segments} == {"2026-05-01T00:00:00Z"}
    assert report.warnings == ()


@pytest.mark.parametrize("old", [OLD, None], ids=["with the old text", "by quotes alone"])
def test_corrected_words_are_found_with_a_warning(old: str | None) -> None:
    layer = layer_of(OLD, "We took the smaller one of the two modles.")
    new = OLD.replace("modles", "models").replace("And then?", "And what did you do then?")
    moved, report = reanchor(layer, old, new)
    assert fates(report) == [("s0", "changed")]
    segment = moved.segments[0]
    assert new[segment.start : segment.end] == "We took the smaller one of the two models." == segment.quote
    assert "95%" in str(report.moves[0]) or "98%" in str(report.moves[0])
    assert report.warnings == report.moves


@pytest.mark.parametrize("old", [OLD, None], ids=["with the old text", "by quotes alone"])
def test_words_that_are_gone_are_kept_as_unanchored_and_come_back_with_the_text(old: str | None) -> None:
    layer = layer_of(OLD, "Then I looked at the issues, and it was fine.", "We took the smaller one")
    new = OLD.replace(" Then I looked at the issues, and it was fine.", "")
    moved, report = reanchor(layer, old, new, at="2026-05-01T00:00:00Z")
    assert fates(report) == [("s0", "lost"), ("s1", "moved")]
    kept = moved.by_id["s0"]
    assert kept.unanchored
    assert (kept.start, kept.quote) == (layer.by_id["s0"].start, layer.by_id["s0"].quote)
    again, report = reanchor(moved, new if old else None, OLD, at="2026-05-01T00:00:00Z")
    back = msgspec.structs.replace(again.by_id["s0"], at="")
    assert back == layer.by_id["s0"]


def test_a_repeated_yes_is_followed_with_the_old_text_and_a_guess_without() -> None:
    first = OLD.index("Yes.")
    second = OLD.index("Yes.", first + 1)
    layer = make_layer(LayerHeader("ana", "I01"), [Segment("y", second, second + 4, ("trust",), "Yes.")])
    new = OLD.replace("Yes. I looked", "I looked")
    moved, report = reanchor(layer, OLD, new)
    assert fates(report) == [("y", "moved")]
    assert moved.segments[0].start == new.index("Yes.")
    assert fates(reanchor(layer, None, new)[1]) == [("y", "guessed")], "one Yes. is left, but is it that one?"


def test_words_that_were_put_in_a_second_time_are_followed_but_not_as_sure() -> None:
    old = "E01:\nI looked at the small model then.\n\nE01:\nWell, it was good.\n"
    words = "looked at the small model"
    new = old.replace("Well, it", "I looked at the small model then. Well, it")
    moved, report = reanchor(layer_of(old, words), old, new)
    assert fates(report) == [("s0", "guessed")], "either may be the one that was put in"
    assert new[moved.segments[0].start : moved.segments[0].end] == words


@pytest.mark.parametrize("again", [" And so: {}", "{} "])
def test_a_quote_that_stands_at_several_places_is_never_sure_without_the_old_text(again: str) -> None:
    words = "I looked at the downloads first."
    twice = OLD.replace("And then?", again.format(words) + "And then?")
    moved, report = reanchor(layer_of(OLD, words), None, twice)
    assert fates(report) == [("s0", "guessed")]
    assert twice[moved.segments[0].start : moved.segments[0].end] == words


def test_a_yes_that_was_taken_out_does_not_settle_on_another_one() -> None:
    start = OLD.index("Yes. I looked")
    layer = make_layer(LayerHeader("ana", "I01"), [Segment("y", start, start + 4, ("trust",), "Yes.")])
    _, report = reanchor(layer, OLD, OLD.replace("Yes. I looked", "I looked"))
    assert fates(report) == [("y", "lost")]


def test_a_paragraph_put_elsewhere_is_found_there() -> None:
    passage = "Then I looked at the issues, and it was fine."
    layer = layer_of(OLD, passage)
    new = OLD.replace(" " + passage, "") + "\nE01:\n" + passage + "\n"
    moved, report = reanchor(layer, OLD, new)
    assert fates(report) == [("s0", "guessed")], "its surroundings are others"
    assert new[moved.segments[0].start :].startswith(passage)


def test_cues_follow_the_text_or_the_segments_around_them() -> None:
    cue_at = OLD.index("Then I")
    relation = Relation("r", "s0", "s1", "leads-to", cue=(cue_at, cue_at + 4))
    layer = layer_of(
        OLD, "I looked at the downloads first.", "I looked at the issues, and it was fine.", relations=[relation]
    )
    new = "Interviewer:\nHello.\n\n" + OLD
    for old in (OLD, None):
        moved, report = reanchor(layer, old, new)
        cue = moved.relations[0].cue
        assert cue is not None
        assert new[cue[0] : cue[1]] == "Then"
        assert not report.warnings
    gone, report = reanchor(layer, OLD, OLD.replace("Then I", "I"))
    assert gone.relations[0].unanchored
    assert gone.relations[0].cue == relation.cue
    assert report.counts["lost"] == 1


def test_records_of_the_whole_transcript_stay_and_those_without_words_are_lost() -> None:
    layer = make_layer(LayerHeader("ana", "I01"), [Segment("w", codes=("trust",)), Segment("n", 5, 9)])
    moved, report = reanchor(layer, None, OLD)
    assert moved.by_id["w"] == layer.by_id["w"]
    assert fates(report) == [("n", "lost")]
    moved, report = reanchor(layer, OLD, "Hm.\n" + OLD)
    assert fates(report) == [("n", "moved")]
    assert moved.by_id["n"].start == 9


word = st.text(st.sampled_from("abcdefg"), min_size=1, max_size=5)


@st.composite
def edited(draw: st.DrawFn, unique: bool) -> tuple[str, str, list[tuple[int, int]], list[tuple[int, int] | None]]:
    """A text, the text after some edits, spans in the old one, and where untouched ones are in the new one."""
    tokens = draw(st.lists(word, min_size=4, max_size=40))
    if unique:
        tokens = [f"{token}{number}" for number, token in enumerate(tokens)]
    gaps = [draw(st.sampled_from([" ", " ", ". ", "\n", "\n\n"])) for _ in tokens]
    old = "".join(token + gap for token, gap in zip(tokens, gaps, strict=True))
    cuts = sorted(draw(st.lists(st.integers(0, len(old)), max_size=6)))
    if len(cuts) % 2:
        cuts.pop()
    pieces, target, kept, last = [], 0, [], 0
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        pieces += [old[last:start], draw(st.sampled_from(["", "NEW ", "\n\nNEW:\nx\n"]))]
        kept.append((last, start, target))
        target += len(pieces[-2]) + len(pieces[-1])
        last = end
    pieces.append(old[last:])
    kept.append((last, len(old), target))
    spans, wanted = [], []
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(old) - 1))
        end = draw(st.integers(start + 1, min(len(old), start + 40)))
        spans.append((start, end))
        home = next(((a, at) for a, b, at in kept if a <= start and end <= b), None)
        wanted.append((start - home[0] + home[1], end - home[0] + home[1]) if home else None)
    return old, "".join(pieces), spans, wanted


def coded(old: str, spans: list[tuple[int, int]]) -> Layer:
    found = [Segment(f"s{n}", a, b, ("trust",), old[a:b]) for n, (a, b) in enumerate(spans)]
    return make_layer(LayerHeader("ana", "I01"), found)


@settings(deadline=None)
@given(edited(unique=False), st.booleans())
def test_under_any_edits_nothing_is_lost_and_nothing_silently_wrong(
    case: tuple[str, str, list[tuple[int, int]], list[tuple[int, int] | None]], with_old: bool
) -> None:
    old, new, spans, _ = case
    layer = coded(old, spans)
    moved, report = reanchor(layer, old if with_old else None, new)
    assert set(moved.by_id) == set(layer.by_id)
    for move in report.moves:
        before, after = layer.by_id[move.id], moved.by_id[move.id]
        assert after.code_ids == before.code_ids
        if move.new is None:
            assert after.unanchored
            assert (after.start, after.end, after.quote) == (before.start, before.end, before.quote)
        else:
            assert new[after.start : after.end] == after.quote
            assert not after.unanchored
        if not move.needs_a_look:
            assert after.quote == before.quote


@settings(deadline=None)
@given(edited(unique=True))
def test_words_that_were_not_touched_are_found_where_they_are(
    case: tuple[str, str, list[tuple[int, int]], list[tuple[int, int] | None]],
) -> None:
    """Every word is there once, so that the true place is known."""
    old, new, spans, wanted = case
    moved, report = reanchor(coded(old, spans), old, new)
    for move in report.moves:
        true_place = wanted[int(move.id[1:])]
        if true_place is not None and old[slice(*move.old)].strip() and len(move.quote) > 8:
            assert move.new == true_place or move.needs_a_look
        if not move.needs_a_look and len(move.quote) > 8:
            assert move.new == (true_place or move.new)
            assert new[moved.by_id[move.id].start : moved.by_id[move.id].end] == move.quote


@settings(deadline=None)
@given(edited(unique=False))
def test_blocks_of_an_alignment_are_equal_and_in_order(
    case: tuple[str, str, list[tuple[int, int]], list[tuple[int, int] | None]],
) -> None:
    old, new, _, _ = case
    old_at = new_at = 0
    for block in Alignment(old, new).blocks:
        assert block.old >= old_at
        assert block.new >= new_at
        assert old[block.old : block.old + block.size] == new[block.new : block.new + block.size]
        old_at, new_at = block.old + block.size, block.new + block.size


def test_a_long_interview_with_many_segments_takes_no_time() -> None:
    turns = [
        f"E01:\nAnd in step {n} we looked at model {n * 7} and its page, and then at number {n * 3}.\n\n"
        for n in range(600)
    ]
    old = "".join(turns)
    new = "Hello.\n\n" + old.replace("in step 300 we looked", "in step 300 we perhaps looked").replace("page", "card")
    layer = layer_of(old, *(f"And in step {n} we looked at model {n * 7} and its page" for n in range(0, 600, 4)))
    for given_old in (old, None):
        start = time.process_time()
        moved, report = reanchor(layer, given_old, new)
        assert time.process_time() - start < 10.0
        assert report.counts == {"changed": 150}
        steps = [int(new[s.start : s.end].split()[3]) for s in moved.segments]
        assert steps == list(range(0, 600, 4)), "each at its own step, though all are alike"
