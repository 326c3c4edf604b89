"""Tables with a column for each speaker, read row by row; what can be read in two ways is refused with both."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from postil_base.problem import PostilError
from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare
from tests.docx_maker import docx, para

TALK = [
    ("How did you pick the supplier?", "We asked a colleague first."),
    ("And was that fine?", "Not really."),
    ("What would you do now?", "Ask two colleagues."),
]
HEADS = [
    ("Interviewer", "Participant"),
    ("I", "P07"),
    ("Moderator", "Ana Kim"),
    ("Interviewerin", "Befragte"),
    ("Interviewer 1", "Respondent 2"),
    ("INTERVIEWER:", "PARTICIPANT:"),
]


def table(rows: Sequence[tuple[str, ...]], kind: str) -> bytes:
    if kind in ("csv", "tsv"):
        out = io.StringIO()
        csv.writer(out, delimiter="\t" if kind == "tsv" else ",").writerows(rows)
        return out.getvalue().encode()
    if kind == "xlsx":
        book = Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(row)
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()
    if kind == "html":
        cells = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
        return f"<html><body><table>{cells}</table></body></html>".encode()
    made = "".join("<w:tr>" + "".join(f"<w:tc>{para(text)}</w:tc>" for text in row) + "</w:tr>" for row in rows)
    return docx(f"<w:tbl>{made}</w:tbl>")


def read(rows: Sequence[tuple[str, ...]], kind: str = "csv") -> Recognised:
    data = table(rows, kind)
    made = read_source(data, f"a.{kind}")
    assert compare(data, f"a.{kind}", made, ReadOptions()).all == ()
    return made


def said(made: Recognised) -> list[tuple[str, str]]:
    return [(turn.label, turn.text) for turn in made.turns]


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "html", "docx"])
@pytest.mark.parametrize("heads", HEADS)
def test_a_row_is_a_question_and_its_answer(kind: str, heads: tuple[str, str]) -> None:
    made = read([heads, *TALK], kind)
    asks, answers = (head.rstrip(":") for head in heads)
    assert said(made) == [turn for asked, answered in TALK for turn in ((asks, asked), (answers, answered))]
    assert any("row by row, from left to right" in sentence for sentence in made.warnings)


def test_numbers_times_and_remarks_stand_beside() -> None:
    rows = [(f"0:0{n}", str(n), *row, "he smiles when he says so" if n else "") for n, row in enumerate(TALK)]
    made = read([("Time", "No", "Interviewer", "P07", "Remarks"), *rows])
    assert said(made)[:2] == [("Interviewer", TALK[0][0]), ("P07", TALK[0][1])]
    assert [turn.start_ms for turn in made.turns] == [0, None, 1000, None, 2000, None]
    assert [note.text for note in made.notes] == ["he smiles when he says so"] * 2
    assert any("'No' was not read" in sentence for sentence in made.warnings)


def test_a_focus_group_with_short_turns_and_empty_cells() -> None:
    made = read([("Moderator", "Ana", "Ben"), ("How?", "We did.", ""), ("", "", "No we did not."), ("Why?", "", "So.")])
    assert said(made) == [
        ("Moderator", "How?"),
        ("Ana", "We did."),
        ("Ben", "No we did not."),
        ("Moderator", "Why?"),
        ("Ben", "So."),
    ]


def test_a_title_above_and_paragraphs_in_cells() -> None:
    rows = [
        ("Interview 3", ""),
        ("Interviewer", "P07"),
        ("How did\nyou pick it?", "We asked.\nTwice."),
        ("And?", "Fine."),
    ]
    made = read(rows, "xlsx")
    assert said(made)[:2] == [("Interviewer", "How did\nyou pick it?"), ("P07", "We asked.\nTwice.")]
    assert made.header == ("Interview 3",)


@pytest.mark.parametrize("heads", [("Question", "P07"), ("Frage", "Antwort P07"), ("Questions", "Participant 3")])
def test_questions_and_one_persons_answers(heads: tuple[str, str]) -> None:
    made = read([heads, *TALK])
    assert said(made) == [turn for asked, answer in TALK for turn in (("Interviewer", asked), (heads[1], answer))]


def test_questions_and_the_answers_of_several_are_asked_about() -> None:
    with pytest.raises(PostilError) as told:
        read([("Question", "P01", "P02"), *((*row, "I do not know yet.") for row in TALK)])
    assert "If they sat together" in str(told.value)
    assert "an interview of its own" in str(told.value)


@pytest.mark.parametrize("heads", [("P01", "P02", "P03"), ("Respondent 1", "Respondent 2", "Respondent 3")])
def test_several_people_of_whom_none_asks_are_asked_about(heads: tuple[str, ...]) -> None:
    with pytest.raises(PostilError) as told:
        read([heads, *((*row, "I do not know yet.") for row in TALK)])
    assert "If they talk with each other" in str(told.value)
    assert "an interview of its own" in str(told.value)


def test_answers_to_the_left_of_their_questions_are_asked_about() -> None:
    with pytest.raises(PostilError, match="answers stand to the left of 'Interviewer'"):
        read([("Participant", "Interviewer"), *((answer, asked) for asked, answer in TALK)])


def test_a_turn_in_each_row_needs_no_order() -> None:
    made = read(
        [("Participant", "Interviewer"), ("", "How did you pick it?"), ("We asked a colleague.", ""), ("", "Ah.")]
    )
    assert [label for label, _ in said(made)] == ["Interviewer", "Participant", "Interviewer"]


@pytest.mark.parametrize(
    "rows",
    [
        [("Interviewer", "Participant"), ("Dana", "P01"), ("Dana", "P02"), ("Kim", "P03")],
        [
            ("Participant", "What did you like?", "What not?"),
            ("P01", "The price was good.", "The wait."),
            ("P02", "It.", "No."),
        ],
    ],
)
def test_lists_of_people_and_surveys_are_still_refused(rows: Sequence[tuple[str, ...]]) -> None:
    with pytest.raises(PostilError):
        read_source(table(rows, "csv"), "a.csv")


@pytest.mark.parametrize("column", [0, 1])
def test_a_comment_of_word_lies_on_the_words_of_its_cell(column: int) -> None:
    mark = '<w:commentRangeStart w:id="0"/>{}<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
    cells = [f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in TALK[0]]
    marked = mark.format(f"<w:r><w:t>{TALK[0][column]}</w:t></w:r>")
    cells[column] = f"<w:p>{marked}</w:p>"
    row = "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"
    others = "".join("<w:tr>" + "".join(f"<w:tc>{para(text)}</w:tc>" for text in pair) + "</w:tr>" for pair in TALK[1:])
    head = "<w:tr>" + "".join(f"<w:tc>{para(text)}</w:tc>" for text in ("Interviewer", "P07")) + "</w:tr>"
    ns = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    comments = f'<w:comments xmlns:w="{ns}"><w:comment w:id="0" w:author="Kim">{para("price")}</w:comment></w:comments>'
    made = read_source(docx(f"<w:tbl>{head}{row}{others}</w:tbl>", parts={"word/comments.xml": comments}), "a.docx")
    (note,) = made.notes
    assert note.start is not None and note.end is not None
    assert made.turns[note.start.turn].text[note.start.offset : note.end.offset] == TALK[0][column]
