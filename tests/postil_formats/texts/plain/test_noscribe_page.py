"""noScribe's page (its default): the layout of noScribe.py 0.7, anchors ``ts_<start>_<end>_<speaker>``."""

from __future__ import annotations

import pytest

from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare

HEAD = (
    '<p style="font-weight: 600">Interview A</p><p><span style="color: #909090">Transcribed with noScribe vers. 0.7'
    "<br>Audio source: C:/a.mp3<br>(Language: English)</span></p><p></p>"
)


def anchor(start: int, end: int, speaker: str, text: str) -> str:
    return f'<a name="ts_{start}_{end}_{speaker}" >{text}</a>'


def read(*paragraphs: str) -> Recognised:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    data = f'<html><body><div class="WordSection1">{HEAD}{body}</div></body></html>'.encode()
    made = read_source(data, "a.html")
    assert compare(data, "a.html", made, ReadOptions()).all == ()
    return made


@pytest.mark.parametrize("stamp", ["", "[00:00:00]", " [00:00:00]"])
def test_without_detection_turns_are_paragraphs_with_times(stamp: str) -> None:
    made = read(
        anchor(0, 4000, "", f"{stamp} How did you pick it?")
        + anchor(4000, 9000, "", " We asked.")
        + anchor(13000, 15000, "", " And then we signed.")
    )
    assert [(t.label, t.text, t.start_ms, t.end_ms) for t in made.turns] == [
        ("", "How did you pick it? We asked.", 0, 9000),
        ("", "And then we signed.", 13000, 15000),
    ]
    assert made.header[0] == "Interview A"
    assert "Transcribed with noScribe vers. 0.7" in made.header
    assert any("no speaker labels" in sentence for sentence in made.warnings)


def test_labels_that_were_taken_out_are_those_of_the_anchors() -> None:
    made = read(
        anchor(0, 4000, "S00", "How did you pick it?"),
        anchor(4000, 9000, "S01", "We asked.")
        + anchor(9100, 9300, "//S00", " mhm")
        + anchor(9300, 9900, "S01", " twice."),
        anchor(13000, 15000, "S00", "And then?"),
    )
    assert [(t.label, t.text) for t in made.turns] == [
        ("S00", "How did you pick it?"),
        ("S01", "We asked."),
        ("S00", "mhm"),
        ("S01", "twice."),
        ("S00", "And then?"),
    ]
    assert any("links of the page" in sentence for sentence in made.warnings)


def test_what_somebody_typed_beside_the_anchors_is_kept() -> None:
    made = read(anchor(0, 4000, "S00", "How?") + " (laughs)", "A line of one's own.", anchor(5000, 6000, "S01", "We."))
    assert [(t.label, t.text) for t in made.turns] == [("S00", "How? (laughs) A line of one's own."), ("S01", "We.")]


def test_overlaps_inside_a_turn_are_told() -> None:
    made = read(
        anchor(0, 4000, "S00", "S00: How did you pick it?"),
        anchor(4000, 9000, "S01", "S01: We asked.")
        + anchor(9100, 9300, "//S00", " //S00: mhm")
        + anchor(9300, 9900, "S01", "// twice."),
        anchor(13000, 15000, "S00", "S00: And then?"),
    )
    assert [turn.label for turn in made.turns] == ["S00", "S01", "S00"]
    assert any("1 overlap of other speakers stands inside turns (//S00:" in sentence for sentence in made.warnings)
