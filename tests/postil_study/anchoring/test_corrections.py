"""Ten thousand corrected transcripts: segments are where their words are, or a person is told to look.

The truth is known letter by letter (`tests.correction_cases`); the program under test sees texts and quotes alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from random import Random

import pytest

from postil_formats.texts.readers import read_source
from postil_study.anchoring.reanchor import Move, reanchor
from postil_study.layers.values import make_layer
from postil_study.text.turns import format_transcript
from postil_study.text.values import Layer, LayerHeader, Segment
from tests.correction_cases import Case, Edited, make_case, truths_of
from tests.shared_data import SHARED, needs_shared

SURVIVES = 0.75  # of its letters: as many as make the same words to a reader, a typo or a name apart


def layer_of(case: Case) -> Layer:
    found = [Segment(f"s{n}", a, b, ("trust",), case.old[a:b]) for n, (a, b) in enumerate(case.spans)]
    return make_layer(LayerHeader("ana", "I01"), found)


def outcomes(cases: Iterable[Case], with_old: bool) -> Counter[str]:
    """How many segments of which kind came out how; what must never happen fails at once."""
    counts: Counter[str] = Counter()
    for case in cases:
        layer = layer_of(case)
        moved, report = reanchor(layer, case.old if with_old else None, case.new)
        assert [move.id for move in report.moves] == [s.id for s in layer.segments], "each is accounted for"
        for move in report.moves:
            truth, after = case.truths[int(move.id[1:])], moved.by_id[move.id]
            right = truth.is_at(move.new) or is_as_if_untouched(case, move)
            assert right or move in report.warnings, f"{case.edits}: {move} of {move.quote!r}, but it is at {truth}"
            assert after.unanchored == (move.new is None)
            assert after.code_ids == ("trust",)
            if move.new is None:
                assert after.quote == move.quote, "what has no place keeps its words"
            kind = "whole" if truth.whole else "survives" if truth.kept >= SURVIVES else "gone"
            counts[f"{kind}, {'right' if right else 'not'}"] += 1
    return counts


def is_as_if_untouched(case: Case, move: Move) -> bool:
    """Whether words and surroundings are those of before and stand once, though by a detour.

    Who takes a paragraph out and puts the same one in again has changed nothing that anybody could see.
    """
    if move.new is None:
        return False
    before = case.old[max(0, move.old[0] - 40) : move.old[1] + 40]
    after = case.new[max(0, move.new[0] - 40) : move.new[1] + 40]
    return before == after and case.old.count(before) == case.new.count(after) == 1


def share(counts: Counter[str], *kinds: str) -> float:
    """The share found at the right place."""
    right = sum(counts[f"{kind}, right"] for kind in kinds)
    return right / (right + sum(counts[f"{kind}, not"] for kind in kinds))


def cases(seeds: range) -> Iterable[Case]:
    return (make_case(Random(seed)) for seed in seeds)


def test_a_sample_of_corrections_with_the_old_text() -> None:
    counts = outcomes(cases(range(60)), with_old=True)
    assert share(counts, "whole", "survives") >= 0.99
    assert counts["gone, not"] > 20, "there are some whose words are gone, or the sample would prove nothing"


def test_a_sample_of_corrections_by_quotes_alone() -> None:
    assert share(outcomes(cases(range(30)), with_old=False), "whole") >= 0.98


@pytest.mark.prove
@pytest.mark.parametrize("block", range(10))
def test_ten_thousand_corrections_with_the_old_text(block: int) -> None:
    counts = outcomes(cases(range(block * 1000, (block + 1) * 1000)), with_old=True)
    assert share(counts, "whole", "survives") >= 0.995, counts
    assert share(counts, "whole") >= 0.998, counts


@pytest.mark.prove
@pytest.mark.parametrize("block", range(4))
def test_corrections_by_quotes_alone(block: int) -> None:
    """A single word that stands in twenty places cannot be told from the others, so it comes with a warning."""
    counts = outcomes(cases(range(block * 500, (block + 1) * 500)), with_old=False)
    assert share(counts, "whole") >= 0.99, counts
    assert share(counts, "whole", "survives") >= 0.97, counts


@cache
def real_text(number: int) -> str:
    file = sorted((SHARED / "ptm-study" / "transcripts").glob("*.docx"))[number]
    return format_transcript(read_source(file.read_bytes(), file.name).turns)


@needs_shared
def test_a_sample_of_corrections_of_a_real_interview() -> None:
    counts = outcomes((make_case(Random(seed), real_text(3)) for seed in range(4)), with_old=True)
    assert share(counts, "whole", "survives") >= 0.97


@needs_shared
@pytest.mark.prove
@pytest.mark.parametrize("number", range(8))
def test_corrections_of_the_real_interviews(number: int) -> None:
    made = [make_case(Random(1000 * number + seed), real_text(number)) for seed in range(100)]
    assert share(outcomes(made, with_old=True), "whole", "survives") >= 0.995
    assert share(outcomes(made[:30], with_old=False), "whole") >= 0.99


def test_the_oracle_follows_letters() -> None:
    edited = Edited.of("one two three two")
    edited.put(4, 7, "tow")
    edited.put(0, 4, "")
    assert edited.text == "tow three two"
    first, second, gone = truths_of(edited, [(4, 7), (14, 17), (0, 4)])
    assert (first.span, first.whole) == ((0, 1), False)
    assert (second.span, second.whole) == ((10, 13), True)
    assert gone.span is None
    assert second.is_at((10, 13))
    assert not second.is_at((0, 3))
