"""The readers against the real files, figure by figure as ``expected.json`` has them."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

import pytest

from postil_formats.texts.readers import Recognised, read_source
from postil_study.text.turns import format_transcript, parse_turns
from postil_study.text.values import Turn
from tests.shared_data import SHARED, needs_shared

STUDY = SHARED / "ptm-study"
FORMATS = SHARED / "formats"
INTERVIEWS = [f"Interview-0{n}" for n in range(1, 9)]


@cache
def expected(folder: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((SHARED / folder / "expected.json").read_text("utf-8"))
    return content


@cache
def interview(stem: str) -> tuple[dict[str, Any], Recognised, str, tuple[Turn, ...]]:
    entry = next(e for e in expected("ptm-study")["interviews"] if e["file"].startswith(stem))
    read = read_source((STUDY / "transcripts" / entry["file"]).read_bytes(), entry["file"])
    text = format_transcript(read.turns)
    return entry, read, text, parse_turns(text, read.labels)


@needs_shared
@pytest.mark.parametrize("stem", INTERVIEWS)
class TestInterviews:
    def test_canonical_text(self, stem: str) -> None:
        entry, _, text, _ = interview(stem)
        canonical = text.removesuffix("\n")
        assert len(canonical) == entry["canonical_chars"]
        assert hashlib.sha256(canonical.encode()).hexdigest() == entry["canonical_sha256"]

    def test_speakers(self, stem: str) -> None:
        entry, read, _, _ = interview(stem)
        found = {label: (count.turns, count.words) for label, count in read.labels.items()}
        assert found == {label: (e["turns"], e["words"]) for label, e in entry["speakers"].items()}
        assert read.words == entry["words_total"]

    def test_turns(self, stem: str) -> None:
        entry, _, _, turns = interview(stem)
        found = [(t.index, t.label, t.start, t.end) for t in turns]
        assert found == [(t["i"], t["speaker"], t["start"], t["end"]) for t in entry["turns"]]

    def test_header(self, stem: str) -> None:
        entry, read, _, _ = interview(stem)
        assert list(read.header) == entry["header_lines"]

    def test_annotations_stand_on_their_words(self, stem: str) -> None:
        entry, read, _, turns = interview(stem)
        found = []
        for note in read.notes:
            assert note.start is not None
            assert note.end is not None
            start, end = turns[note.start.turn].start + note.start.offset, turns[note.end.turn].start + note.end.offset
            lines = [line for line in note.text.split("\n") if line]
            found.append((note.number, start, end, note.start.turn, note.end.turn, len(lines), len(note.text.split())))
        keys = ("n", "start", "end", "turn_start", "turn_end", "lines", "words")
        assert found == [tuple(a[key] for key in keys) for a in entry["annotations"]]

    def test_markers(self, stem: str) -> None:
        entry, read, _, turns = interview(stem)
        found = [{"turn": i, "offset": turns[i].start + at, "text": text} for i, at, text in read.markers()]
        assert found == entry["markers"]

    def test_nothing_went_wrong(self, stem: str) -> None:
        _, read, _, _ = interview(stem)
        assert [w for w in read.warnings if "annotation" in w or "digits" in w] == []


@needs_shared
def test_protocol_keeps_sections_script_and_open_questions() -> None:
    entry, read, _, _ = interview("Interview-01")
    assert [section.title for section in read.sections] == entry["sections"]
    assert list(read.unanswered) == entry["questions_without_answer"]
    assert len(read.script) == entry["script_paragraphs_not_spoken"]
    assert [line[:30] for line in read.footer] == ["Audio from the interviews will"]


@needs_shared
@pytest.mark.parametrize("name", sorted(expected("formats")["hand_made"]) if SHARED.is_dir() else [])
def test_hand_made_files(name: str) -> None:
    entry = expected("formats")["hand_made"][name]
    read = read_source((FORMATS / name).read_bytes(), name)
    found = [
        {"speaker": t.label or None, "start_ms": t.start_ms, "end_ms": t.end_ms, "text": t.text} for t in read.turns
    ]
    assert found == entry["turns"]
    assert len(read.header) == entry.get("header_lines", len(read.header))
    assert len(read.footer) == entry.get("footer_lines", len(read.footer))
    assert read.details.get("cues") == entry.get("cues")
    assert bool(read.details.get("front_matter")) == entry.get("front_matter", False)


def real(name: str) -> tuple[dict[str, Any], Recognised]:
    return expected("formats")["real"][name], read_source((FORMATS / name).read_bytes(), name)


@needs_shared
def test_noscribe() -> None:
    entry, read = real("real_noscribe_interview.vtt")
    assert read.details["cues"] == entry["cues"]
    assert len(read.turns) == entry["merged_turns"]
    assert read.details["inline_overlaps"] == entry["inline_overlaps"]
    assert read.details["overlap_speakers"] == entry["overlap_speakers"]
    assert read.header[0].startswith("Ein Gespräch")
    assert read.header[1].startswith("Transcribed with noScribe")


@needs_shared
@pytest.mark.parametrize("name", ["real_talkpython_000_no_speakers.vtt", "real_webvttpy_captions_with_bom.vtt"])
def test_captions_without_speakers(name: str) -> None:
    entry, read = real(name)
    assert read.details["cues"] == entry["cues"]
    assert list(read.labels) == [""]
    assert any("names a speaker" in warning for warning in read.warnings)


@needs_shared
def test_changelog() -> None:
    entry, read = real("real_changelog_go-time-bonus-77.md")
    assert {label: count.turns for label, count in read.labels.items()} == entry["speakers"]
    assert (len(read.turns), read.words) == (entry["turns"], entry["words"])
    assert "](" not in "".join(turn.text for turn in read.turns)


@needs_shared
def test_labels_in_brackets() -> None:
    entry, read = real("real_qualcoder_transcript.txt")
    assert {label: count.turns for label, count in read.labels.items()} == entry["speakers"]


@needs_shared
def test_pdf_with_margin_numbers() -> None:
    entry, read = real("real_pdpilot_P1.pdf")
    assert {label: count.turns for label, count in read.labels.items()} == entry["speakers"]
    assert read.details["pages"] == entry["pages"]
    assert read.header == ("Interview",)
    assert not any(turn.text.split()[-1].isdigit() for turn in read.turns)
    texts = [turn.text for turn in read.turns]
    assert sum("questions about your experience with using PDPilot. Um, so how would you say" in t for t in texts) == 1
    assert sum("I thought it was useful. And then I was able to drill down" in text for text in texts) == 1


@needs_shared
def test_elan_tiers() -> None:
    entry, read = real("real_elan_MaureenMarvinRobin.eaf")
    assert read.details["tiers"] == entry["tiers"]
    assert [turn.start_ms for turn in read.turns] == [1006, 2401, 3738, 5294]


@needs_shared
def test_text_of_one_person() -> None:
    entry, read = real("real_qualcoder_ID2.odt")
    assert read.words == entry["words"]
    assert [turn.text.count("\n") + 1 for turn in read.turns] == [entry["paragraphs"]]
