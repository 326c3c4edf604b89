"""Intervals in a study keep to the range of their measure or say that they do not; given units count what counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from postil_model.agreement.document import agreement_json
from postil_model.agreement.measures.estimate import PROPORTIONS
from postil_model.agreement.result import study_agreement
from postil_model.agreement.sample import SampleOptions
from postil_model.agreement.units import GivenUnit
from tests.model_study import Talk, write_study

ANSWERS = tuple(f"Answer {number} here." for number in range(6))
SHARES = PROPORTIONS | {"cu_coverage", "ku_coverage"}


def interviews(*coded: tuple[str, str]) -> list[Talk]:
    """One interview a pair of strings: for each answer whether ana, and whether ben applied the code (x)."""
    found = []
    for number, pair in enumerate(coded):
        for coder, marks in zip(("ana", "ben"), pair, strict=True):
            talk = Talk(f"I{number}", [("P", words) for words in ANSWERS], {"P": f"E{number}"}, coder=coder)
            for place, mark in enumerate(marks):
                if mark == "x":
                    talk.code(f"{coder}{number}{place}", ANSWERS[place], "buy")
            found.append(talk)
    return found


def estimates(found: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every estimate of an answer in JSON, with the name of its measure."""
    if isinstance(found, dict):
        if {"value", "se", "ci95"} <= found.keys():
            yield name, found
        else:
            for key, value in found.items():
                yield from estimates(value, name if name in ("ku_coverage", "relations") else key)


@given(st.lists(st.tuples(*[st.text("x.", min_size=6, max_size=6)] * 2), min_size=2, max_size=3))
@example([("xxxxx.", ".xxxxx"), ("......", "xxxxxx"), ("xxxxxx", "......")])
@example([("xxxxx.", "xxxxx."), ("xxxxx.", "xxxxx.")])
@settings(max_examples=3, deadline=None)
def test_no_interval_leaves_the_range_without_a_remark(coded: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        study = write_study(Path(folder), interviews(*coded))
        for method in ("jackknife", "bootstrap"):
            answer = agreement_json(study_agreement(study, SampleOptions(interval=method), ["turn"]))
            for name, found in estimates(answer):
                _keeps_to_its_range(name, found)


def _keeps_to_its_range(name: str, found: dict[str, Any]) -> None:
    if found["ci95"] is None:
        assert found["value"] is None or found["se"] is None
        return
    low, high = found["ci95"]
    floor = 0.0 if name in SHARES else -1.0
    notes = found.get("notes", [])
    assert found["se"] <= (1 - floor) / 2, name
    assert high <= 1
    assert low >= floor or (floor == -1 and any("reaches below -1" in note for note in notes)), (name, found)
    assert high - low >= 1e-6 or any("without width" in note for note in notes), (name, found)


def test_the_share_of_agreement_is_cut_at_nothing_and_says_so(tmp_path: Path) -> None:
    study = write_study(tmp_path, interviews(("xxxxx.", "xxxx.."), ("xxxxxx", "...xxx")))
    result = study_agreement(study, SampleOptions(), ["turn"])
    found = result.units["turn"].codes["buy"].multi["percent_agreement"]
    assert found.value == pytest.approx(8 / 12)
    assert found.ci95 is not None and found.ci95[0] == 0.0
    assert any("cut at 0" in note for note in found.notes)


# --- given units -----------------------------------------------------------------------------------------------------

TURNS = [("Q", "What did you do?"), ("P", "We looked."), ("Q", "And then?"), ("P", "We bought it.")]


def conversation(coder: str, start: int, end: int) -> Talk:
    talk = Talk("I1", TURNS, {"Q": "", "P": "E1"}, coder=coder)
    talk.segments.append({"id": f"{coder}1", "codes": ["buy"], "start": start, "end": end})
    talk.segments[0]["quote"] = talk.text[start:end]
    return talk


LENGTH = len(Talk("I1", TURNS, {}).text)
PLACES = st.lists(st.integers(0, LENGTH), min_size=2, max_size=2, unique=True).map(sorted)


def counted(everybody: bool) -> set[int]:
    """The characters that count."""
    talk = Talk("I1", TURNS, {})
    of = [talk.place(words) for label, words in TURNS if everybody or label == "P"]
    return {place for start, end in of for place in range(start, end)}


@given(PLACES, PLACES, st.lists(st.integers(0, LENGTH), min_size=2, max_size=7, unique=True).map(sorted), st.booleans())
@settings(max_examples=15, deadline=None)
def test_a_given_unit_is_coded_where_words_that_count_are(
    ana: list[int], ben: list[int], edges: list[int], everybody: bool
) -> None:
    chars = counted(everybody)
    units = [(a, b) for a, b in pairwise(edges) if chars & set(range(a, b))]
    if not units:
        return
    with TemporaryDirectory() as folder:
        study = write_study(Path(folder), [conversation("ana", *ana), conversation("ben", *ben)])
        speakers = "all" if everybody else "participant"
        options = SampleOptions(speakers=speakers, given=[GivenUnit("I1", a, b, f"u:{a}") for a, b in units])
        result = study_agreement(study, options, ["given"])
        of = result.units["given"].codes["buy"].pairs["ana|ben"]
        coded = [[bool(chars & set(range(a, b)) & set(range(*span))) for a, b in units] for span in (ana, ben)]
        both = list(zip(*coded, strict=True))
        assert [of.n11, of.n10, of.n01, of.n00] == [
            both.count(cell) for cell in ((True, True), (True, False), (False, True), (False, False))
        ]
        crossing = sum(not set(range(a, b)) <= chars | _blank() for a, b in units)
        said = [note for note in result.sample.notes if "beside" in note]
        assert bool(said) == bool(crossing)


def _blank() -> set[int]:
    text = Talk("I1", TURNS, {}).text
    return {place for place, character in enumerate(text) if character.isspace()}
