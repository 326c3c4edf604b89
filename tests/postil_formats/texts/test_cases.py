"""Inputs that went wrong once, built after public bug reports and layouts of real programs, with their right turns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.roles import cast
from postil_formats.texts.second_reading import compare

CASES = Path(__file__).parents[2] / "import_cases"
EXPECTED: dict[str, dict[str, Any]] = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))


def read(case: str) -> Recognised:
    (file,) = (CASES / case).iterdir()
    data = file.read_bytes()
    made = read_source(data, file.name)
    assert compare(data, file.name, made, ReadOptions()).all == ()
    return made


@pytest.mark.parametrize("case", sorted(EXPECTED))
def test_case(case: str) -> None:
    entry, made = EXPECTED[case], read(case)
    said = [
        [turn.label.removeprefix("Speaker ") if "label_form" in entry else turn.label, turn.text] for turn in made.turns
    ]
    if entry.get("prefix"):
        assert [
            [label, text[: len(words)]] for (label, text), (_, words) in zip(said, entry["turns"], strict=True)
        ] == (entry["turns"])
    elif "turns" in entry:
        assert said == entry["turns"]
    if "n_turns" in entry:
        assert (len(said), list(made.labels)) == (entry["n_turns"], entry["speakers"])
    if "first" in entry:
        assert said[0] == entry["first"]
    if "interviewer" in entry:
        speakers = cast(made, {}, "P01", ()).speakers
        assert [label for label, who in speakers.items() if who.role == "interviewer"] == [entry["interviewer"]]
    if "times" in entry:
        assert [f"00:00:{(turn.start_ms or 0) / 1000:06.3f}" for turn in made.turns] == entry["times"]


def test_a_segment_without_a_speaker_stays_with_its_neighbours() -> None:
    assert [(turn.label, turn.text) for turn in read("j3_whisperx_missing").turns][1] == (
        "SPEAKER_01",
        "We asked a colleague first of all. Then the boss decided.",
    )


def test_the_recap_of_teams_keeps_the_words_alone() -> None:
    assert [turn.text for turn in read("t1_teams_recap").turns] == [
        "How did you pick the supplier?",
        "We asked a colleague first.\nThen the boss decided.",
        "Was that fine?",
        "Not really.",
    ]


def test_the_file_of_noscribe_keeps_its_times() -> None:
    assert [(turn.label, turn.start_ms, turn.end_ms) for turn in read("t8_noscribe_html").turns] == [
        ("S00", 1250, 4810),
        ("S01", 5210, 8900),
    ]
