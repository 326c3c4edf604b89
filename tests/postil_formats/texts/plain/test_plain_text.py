"""Labels, times and mark-up of the text formats, each with the trap it is known for."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_study.text.turns import RawTurn, format_transcript


def read(text: str, name: str = "a.txt", encoding: str = "utf-8") -> Recognised:
    return read_source(text.encode(encoding), name)


def said(made: Recognised) -> list[tuple[str, str]]:
    return [(turn.label, turn.text) for turn in made.turns]


def times(made: Recognised) -> list[tuple[int | None, int | None]]:
    return [(turn.start_ms, turn.end_ms) for turn in made.turns]


class TestLabels:
    def test_a_word_with_a_colon_is_no_label(self) -> None:
        made = read("Ana: Why?\nBen: As I said: because.\nMaria said: no.\nThe thing is: yes.\nAna: Ah.\nBen: So.\n")
        assert said(made)[1] == ("Ben", "As I said: because.\nMaria said: no.\nThe thing is: yes.")

    def test_header_block_looks_like_labels(self) -> None:
        made = read(
            "Interviewer: Dr. X\nDate: today\nParticipant: P1\n\nInterviewer: Hi.\nP1: Hello.\nInterviewer: So?\n"
        )
        assert made.header == ("Interviewer: Dr. X", "Date: today", "Participant: P1")
        assert said(made)[0] == ("Interviewer", "Hi.")

    def test_two_turns_only(self) -> None:
        assert said(read("Interviewer: How?\n\nP1: So.\n\nAnd so.\n")) == [
            ("Interviewer", "How?"),
            ("P1", "So.\nAnd so."),
        ]

    def test_text_without_labels_is_one_turn(self) -> None:
        made = read("I think this: it works.\n\nReally.\n")
        assert said(made) == [("", "I think this: it works.\nReally.")]
        assert any("no speaker labels" in warning for warning in made.warnings)

    def test_full_width_colon(self) -> None:
        made = read("訪問者：何を使いますか。\n参加者：モデルです。\n訪問者：なぜ？\n参加者：速い。\n")
        assert said(made)[1] == ("参加者", "モデルです。")

    def test_times_of_a_clock_and_addresses_are_no_labels(self) -> None:
        made = read("A: See http://x.org/a\nB: At 10:30 sharp.\nhttps://x.org: no\nA: 9:15?\nB: re:invent.\n")
        assert [label for label, _ in said(made)] == ["A", "B", "A", "B"]

    def test_label_line_of_postil_itself(self) -> None:
        made = read("Ana [00:00:01.500-00:00:03.000]:\nHello.\n\nBen:\nYes.\n\nAna [00:00:09.000]:\nBye.\n")
        assert said(made) == [("Ana", "Hello."), ("Ben", "Yes."), ("Ana", "Bye.")]
        assert times(made) == [(1500, 3000), (None, None), (9000, None)]

    def test_label_repeated_each_paragraph_stays_a_turn(self) -> None:
        assert len(read("A: One.\nA: Two.\nB: Three.\nA: Four.\n").turns) == 4

    def test_system_lines_are_told_not_stored(self) -> None:
        made = read(
            "A: One.\nThis meeting is being recorded\nB: Two.\nA: Three.\nB: Four.\n\nTranscribed by https://otter.ai\n"
        )
        assert made.footer == ("This meeting is being recorded", "Transcribed by https://otter.ai")
        assert said(made)[0] == ("A", "One.")


class TestTimes:
    def test_rev(self) -> None:
        made = read("Speaker 1 (00:03):\nHi.\n\nSpeaker 2 (01:07):\nHo.\n\nSpeaker 1 (1:02:03):\nHu.\n")
        assert times(made) == [(3000, None), (67000, None), (3723000, None)]

    def test_time_first(self) -> None:
        made = read("[00:00:12] S01: Hi.\n[00:00:15] S02: Ho.\n[00:00:17] S01: Hu.\n")
        assert said(made) == [("S01", "Hi."), ("S02", "Ho."), ("S01", "Hu.")]
        assert [start for start, _ in times(made)] == [12000, 15000, 17000]

    def test_noscribe_text(self) -> None:
        made = read("S01: [00:00:12] Hi (..) you.\n\nS00: [00:00:15] Ho.\n\nS01: [00:00:17] Hu.\n")
        assert said(made)[0] == ("S01", "Hi (..) you.")
        assert times(made)[0] == (12000, None)

    def test_f4(self) -> None:
        text = "I:\tHow do you choose? #00:00:07-5#\rB:\tBy size. Größe. #00:00:12-0#\rI:\tWhy? #00:01:02-3#\r"
        made = read(text, encoding="cp1252")
        assert said(made) == [("I", "How do you choose?"), ("B", "By size. Größe."), ("I", "Why?")]
        assert times(made) == [(0, 7500), (7500, 12000), (12000, 62300)]
        assert made.encoding == "windows-1252"

    def test_a_marker_with_a_time_is_no_time(self) -> None:
        made = read("A: [inaudible 00:00:20] yes.\nB: No.\nA: Oh.\n")
        assert made.turns[0].start_ms is None
        assert made.turns[0].text == "[inaudible 00:00:20] yes."


class TestCues:
    def test_arrow_inside_a_cue(self) -> None:
        made = read("WEBVTT\n\n00:01.000 --> 00:02.000\nA: x --> y\nB is next\n", "a.vtt")
        assert said(made)[0][1].endswith("x --> y B is next")

    def test_style_and_region_blocks_are_no_words(self) -> None:
        made = read("WEBVTT\n\nSTYLE\n::cue {}\n\n00:01.000 --> 00:02.000\n<v A>Hi</v>\n", "a.vtt")
        assert said(made) == [("A", "Hi")]

    def test_two_voices_in_one_cue(self) -> None:
        made = read("WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>Hi <v B>Ho\n\n00:03.000 --> 00:04.000\n<v A>Hu\n", "a.vtt")
        assert said(made) == [("A", "Hi"), ("B", "Ho"), ("A", "Hu")]

    def test_srt_with_names_and_no_blank_lines(self) -> None:
        text = "1\n00:00:01,000 --> 00:00:02,000\nAna: Hi\n2\n00:00:02,000 --> 00:00:03,000\nBen: Ho\n"
        made = read(text + "3\n00:00:03,000 --> 00:00:04,000\nAna: Hu\n", "a.srt")
        assert said(made) == [("Ana", "Hi"), ("Ben", "Ho"), ("Ana", "Hu")]

    def test_an_end_before_the_start_is_left_out(self) -> None:
        made = read("WEBVTT\n\n00:09.000 --> 00:02.000\n<v A>Hi\n", "a.vtt")
        assert times(made) == [(9000, None)]
        assert any("ended before" in warning for warning in made.warnings)

    def test_no_cues(self) -> None:
        with pytest.raises(PostilError, match="holds no cues"):
            read("WEBVTT\n\nhello\n", "a.vtt")


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    def test_marks_and_none(self, encoding: str) -> None:
        made = read("Ana: Naïve – yes.\r\nBen: No.\r\nAna: Well.\r\n", encoding=encoding)
        assert said(made)[0] == ("Ana", "Naïve – yes.")

    def test_a_damaged_utf8_file_is_not_read_as_windows(self) -> None:
        data = "Ana: äöü ßéè\nBen: ñ\nAna: ok\n".encode().replace("ñ".encode(), b"\xc3")
        with pytest.raises(PostilError, match=r"a\.txt:2: byte \d+ \(0xc3\) is not UTF-8"):
            read_source(data, "a.txt")

    def test_given_encoding(self) -> None:
        data = "Ana: Grüße\nBen: So.\nAna: Ja.\n".encode("mac-roman")
        assert said(read_source(data, "a.txt", ReadOptions("mac-roman")))[0] == ("Ana", "Grüße")
        with pytest.raises(PostilError, match="'klingon' is not the name"):
            read_source(data, "a.txt", ReadOptions("klingon"))
        with pytest.raises(PostilError, match="is not the name"):
            read_source(data, "a.txt", ReadOptions("base64"))

    def test_binary(self) -> None:
        with pytest.raises(PostilError, match="not a text file"):
            read_source(b"A: x\x00y\nB: z\nA: w\n", "a.txt")

    def test_nothing_is_normalised(self) -> None:
        words = "e\u0301\u00a0“x”\u200f…\u2028ﬁ"
        assert said(read(f"Ana: {words}\nBen: b\nAna: c\n"))[0][1] == words


class TestRows:
    def test_title_row_and_unnamed_columns(self) -> None:
        made = read("My study;;\nAna;00:00:01;Hi\nP1;00:00:03;Ho\nAna;00:00:05;Hu there\n", "a.csv")
        assert [(t.label, t.start_ms) for t in made.turns if t.label in ("Ana", "P1")] == [
            ("Ana", 1000),
            ("P1", 3000),
            ("Ana", 5000),
        ]

    def test_milliseconds_and_seconds(self) -> None:
        assert times(read("speaker,start_ms,end_ms,text\nA,1500,2500,x\n", "a.csv")) == [(1500, 2500)]
        assert times(read("speaker,start,end,text\nA,1.5,2.5,x\n", "a.csv")) == [(1500, 2500)]

    def test_xlsx(self) -> None:
        import datetime
        import io

        from openpyxl import Workbook

        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["Interview 3"])
        sheet.append(["Speaker", "Time", "Text"])
        sheet.append(["Ana", datetime.time(0, 0, 4), "Hi\nthere"])
        sheet.append([None, None, "more"])
        sheet.append(["P3", datetime.timedelta(seconds=9), "Ho"])
        book.create_sheet("Notes").append(["x"])
        buffer = io.BytesIO()
        book.save(buffer)
        made = read_source(buffer.getvalue(), "a.xlsx")
        assert said(made)[0] == ("Ana", "Hi\nthere\nmore")
        assert times(made)[0] == (4000, None)
        assert made.header == ("Interview 3",)
        assert any("'Notes' was not read" in warning for warning in made.warnings)

    def test_no_words(self) -> None:
        with pytest.raises(PostilError, match="no column of words"):
            read("a,b\n1,2\n", "a.csv")


class TestMarkdownAndJson:
    def test_headings_are_sections(self) -> None:
        made = read("# P1\n\n## Start\n\n**A:** Hi\nthere\n\n## End\n\n**B**: *Ho* \\*\n\n**A:** __Hu__\n", "a.md")
        assert said(made) == [("A", "Hi there"), ("B", "Ho *"), ("A", "Hu")]
        assert [(s.title, s.turn) for s in made.sections] == [("End", 1)]

    def test_plain_whisper(self) -> None:
        content = {
            "text": "…",
            "segments": [{"start": 0.0, "end": 1.0, "text": " Hi."}, {"start": 1.5, "text": " Ho."}],
        }
        made = read(json.dumps(content), "a.json")
        assert said(made) == [("", "Hi. Ho.")]

    @pytest.mark.parametrize("text", ["{}", "[]", "[1]", '{"segments": 3}', "nope", "[" * 100_000])
    def test_other_json(self, text: str) -> None:
        with pytest.raises(PostilError, match=r"a\.json"):
            read(text, "a.json")


def test_line_numbers_are_taken_off_only_when_they_count() -> None:
    made = read("1  A: One of\n2  two.\n3  B: Three.\n4  A: Four.\n")
    assert said(made) == [("A", "One of two."), ("B", "Three."), ("A", "Four.")]
    kept = read("A: 3 models.\nB: 12 tests.\nA: 7 days.\n5 of them.\n")
    assert said(kept)[2] == ("A", "7 days.\n5 of them.")


def test_hard_wraps_without_numbers() -> None:
    long = (
        "the words of this turn run on and on until the line is full and then go\nonto the next line where they run on "
        "until\nit is full, and\nthere they stop."
    )
    made = read(f"Ana: {long}\n\nBen: {long}\n\nAna: {long}\n")
    assert "\n" not in made.turns[0].text


LINE = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30)
BODY = st.lists(
    LINE.map(str.strip).filter(lambda line: line and ":" not in line and "#" not in line), min_size=1, max_size=3
)
TURN = st.tuples(BODY.map("\n".join), st.one_of(st.none(), st.integers(0, 10**7)))


@given(st.lists(TURN, min_size=4, max_size=8))
def test_what_postil_stores_it_reads_back(made: list[tuple[str, int | None]]) -> None:
    turns = [RawTurn(f"Speaker {n % 2 + 1}", text, start) for n, (text, start) in enumerate(made)]
    assert read(format_transcript(turns)).turns == tuple(turns)


def test_unknown_suffixes_say_what_to_do() -> None:
    with pytest.raises(PostilError, match=r"save it as \.docx"):
        read("x", "a.doc")
    with pytest.raises(PostilError, match="cannot be read from a file without a suffix"):
        read("x", "a")
    with pytest.raises(PostilError, match="is empty"):
        read(" \n", "a.txt")
