"""The cases from the field that are documents and tables, with what is right for each."""

from __future__ import annotations

import pytest

from postil_base.problem import PostilError
from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare
from tests.postil_formats.texts.documents.test_docx import on, said
from tests.shared_data import SHARED, needs_shared

pytestmark = needs_shared


def case(folder: str, options: ReadOptions | None = None) -> Recognised:
    """A case, read, with which the second reading finds nothing wrong."""
    file = next((SHARED / "cases" / "import" / folder).iterdir())
    data = file.read_bytes()
    made = read_source(data, file.name, options)
    assert compare(data, file.name, made, options or ReadOptions()).all == ()
    return made


TABLE = [
    ("Interviewer", "How did you pick the supplier?"),
    ("P07", "We asked a colleague first."),
    ("Interviewer", "And then?"),
    ("P07", "Then we compared the price lists."),
]


def test_rows_in_content_controls() -> None:
    assert said(case("w6_sdt_rows")) == TABLE


def test_ruby_and_symbols() -> None:
    assert case("w7_ruby").turns[1].text.startswith("まず同僚に聞きました。")
    assert case("u3_odt_tracked").turns[3].text == "同僚です。"


def test_what_was_deleted_and_joined() -> None:
    assert case("w5_tracked_join").turns[1].text == "We asked a colleague first and he told us."
    assert [turn.text for turn in case("u4_rtf_tracked").turns][1] == "We asked a colleague first."
    assert case("u3_odt_tracked").turns[1].text == "We asked a colleague first."


def test_comments() -> None:
    made = case("w2_table_comments")
    assert [(note.author, words) for note, (_, words) in zip(made.notes, on(made), strict=True)] == [
        ("Ana", "We asked a colleague first and he told us which one to take."),
        ("Ben", "Then we compared the price lists of three of them."),
    ]
    assert on(case("w3_comment_block_level")) == [
        ("whole answer", "We asked a colleague first.\nThen we looked at the price list.")
    ]
    assert on(case("w4_comment_point")) == [("advice from peers", "We asked a colleague first.")]
    assert len(case("w1_comments_as_codes").notes) == 5
    assert on(case("u4_rtf_tracked")) == [("advice from peers", "We asked a colleague first.")]


def test_text_only_word_can_fetch() -> None:
    with pytest.raises(PostilError, match=r"Open the file in Word, save it as \.docx again"):
        case("w8_altchunk")


def test_columns_of_codes_and_of_a_second_language() -> None:
    assert "'Codes' was not read" in " ".join(case("u6_margin_codes").warnings)
    assert ("advice from peers", "We asked a colleague first.") in on(case("u6c_text_codes"))
    made = case("w12b_bilingual_long")
    assert [label for label, _ in said(made)] == ["E", "P07"] * 4
    assert len(made.notes) == 8
    other = case("w12b_bilingual_long", ReadOptions(text="English translation"))
    assert other.turns[1].text == "This is the answer number 2."


@pytest.mark.parametrize("folder", ["s1_qualtrics", "s2_gforms", "s3_id_text", "s7_survey_semicolon"])
def test_respondents_are_not_merged(folder: str) -> None:
    with pytest.raises(PostilError, match=r"a respondent in each row \(3 rows\)"):
        case(folder)
