"""EXMARaLDA's basic transcription (.exb): tiers, events and the common timeline."""

from __future__ import annotations

import pytest

from postil_base.problem import PostilError
from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare

TIMES = (0.0, 3.2, 7.9, 15.0, None, 70.5, 3661.0)


def exb(*tiers: str, times: tuple[float | None, ...] = TIMES) -> bytes:
    points = "".join(
        f'<tli id="T{n}"{"" if time is None else f""" time="{time}" """}/>' for n, time in enumerate(times)
    )
    speakers = "".join(f'<speaker id="{i}"><abbreviation>{a}</abbreviation></speaker>' for i, a in SPEAKERS)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!-- a comment --><basic-transcription><head><speakertable>'
        f"{speakers}</speakertable></head><basic-body><common-timeline>{points}</common-timeline>{''.join(tiers)}"
        "</basic-body></basic-transcription>"
    ).encode()


SPEAKERS = (("SPK0", "DS"), ("SPK1", "OB"))


def tier(speaker: str, *events: tuple[int, int, str], kind: str = "t", category: str = "v") -> str:
    made = "".join(f'<event start="T{start}" end="T{end}">{text}</event>' for start, end, text in events)
    name = f"{dict(SPEAKERS).get(speaker, '')} [{category}]".strip()
    return f'<tier id="x" speaker="{speaker}" category="{category}" type="{kind}" display-name="{name}">{made}</tier>'


def read(data: bytes) -> Recognised:
    made = read_source(data, "a.exb")
    assert compare(data, "a.exb", made, ReadOptions()).all == ()
    return made


def test_events_of_tiers_are_turns_in_the_order_of_time() -> None:
    made = read(
        exb(
            tier("SPK0", (0, 1, "How did you "), (1, 2, "pick it? "), (3, 4, "And? "), (5, 6, "Ah. ")),
            tier("SPK1", (2, 3, "We asked. "), (4, 5, "Nobody. ")),
            tier("SPK1", (2, 3, "asked whom"), kind="a", category="com"),
        )
    )
    assert [(t.label, t.text, t.start_ms, t.end_ms) for t in made.turns] == [
        ("DS", "How did you pick it?", 0, 7_900),
        ("OB", "We asked.", 7_900, 15_000),
        ("DS", "And?", 15_000, None),
        ("OB", "Nobody.", None, None),
        ("DS", "Ah.", 70_500, 3_661_000),
    ]
    assert made.warnings == ("tiers that annotate or describe were not read: OB [com]",)


def test_an_event_that_ends_within_a_word_is_no_end() -> None:
    made = read(exb(tier("SPK0", (0, 1, "How did you sup"), (1, 2, "pose? ")), tier("SPK1", (1, 2, "mhm "))))
    assert [(turn.label, turn.text) for turn in made.turns] == [("DS", "How did you suppose?"), ("OB", "mhm")]


def test_a_tier_without_a_speaker_is_called_by_its_name() -> None:
    made = read(exb(tier("", (0, 1, "How? ")), tier("SPK1", (1, 2, "So. "))))
    assert [turn.label for turn in made.turns] == ["[v]", "OB"]


@pytest.mark.parametrize("data", [b"<other/>", b"<ANNOTATION_DOCUMENT/>"])
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(PostilError, match="basic transcription"):
        read_source(data, "a.exb")


def test_a_file_without_words_is_refused() -> None:
    with pytest.raises(PostilError, match="no event with words"):
        read_source(exb(tier("SPK0")), "a.exb")


@pytest.mark.parametrize("suffix", ["textgrid", "otr", "trs", "mx24", "zip"])
def test_other_programs_files_are_refused_with_what_to_do(suffix: str) -> None:
    with pytest.raises(PostilError, match=r"import it|export it|unpack it"):
        read_source(b"x", f"a.{suffix}")
