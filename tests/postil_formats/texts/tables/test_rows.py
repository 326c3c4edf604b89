"""Transcripts in tables: which column is what, what is asked, which tables are none, and that no column goes unsaid."""

from __future__ import annotations

import io

import pytest

from postil_base.problem import PostilError
from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare
from postil_formats.texts.tables.columns import role
from tests.postil_formats.texts.documents.test_docx import on, said


def read(table: str, name: str = "a.csv", *, text: str = "", speaker_key: str = "") -> Recognised:
    """Read a table that the second reading finds nothing wrong with."""
    wished = ReadOptions(text=text, speaker_key=speaker_key)
    made = read_source(table.encode(), name, wished)
    found = compare(table.encode(), name, made, wished)
    assert found.missing == found.added == found.speakers == ()
    return made


def unread(made: Recognised) -> list[str]:
    return [warning for warning in made.warnings if "was not read" in warning]


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("Speaker", "speaker"),
        ("speaker_name", "speaker"),
        ("Sprecherin", "speaker"),
        ("Start (s)", "start"),
        ("English translation", "translation"),
        ("Übersetzung", "translation"),
        ("Wortlaut", "text"),
        ("What would you change?", ""),
        ("What happened", ""),
        ("Who helped you with it", ""),
        ("What", "text"),
        ("Codes", "code"),
        ("#", "count"),
    ],
)
def test_headings(heading: str, meant: str) -> None:
    assert role(heading) == meant


class TestSurveys:
    @pytest.mark.parametrize(
        "text",
        [
            "StartDate,ResponseId,Q1\nStart Date,Response ID,Why did you?\n"
            '"{""ImportId"":""startDate""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}"\n'
            "2026-01-02,R_1,Because so.\n2026-01-03,R_2,The price.\n",
            "Timestamp,Your role,Why did you choose it?\n2026/01/02 10:00,Buyer,A colleague.\n2026/01/02,Cook,Price.\n",
            "id,text\n1,Because a colleague told us to.\n2,The price.\n3,The boss decided.\n",
            "Teilnehmer;Alter;Warum?;Was noch?\nT01;34;Ein Kollege, sofort.;Mehr.\nT02;41;Der Preis.;\n",
            "Alter;Geschlecht;Meinung\n30;m;Es ist gut.\n40;w;Ich mag es nicht.\n50;m;Geht so.\n20;w;Sehr gut.\n",
            "participant,question,answer\nP1,Why?,Price.\nP1,Then?,Boss.\nP2,Why?,Advice.\nP2,Then?,No.\n",
            "Name,Email,Feedback\nAna,a@x.org,I liked it.\nBen,b@x.org,Not me.\nCleo,c@x.org,Fine.\n",
            "id,submitdate,Q1. Why did you choose?,Q2. Other\n1,2026-01-01,Because of it,none\n2,2026-01-02,Me,no\n",
            "Horodateur;Pourquoi ce choix ?\n2026/01/02;Un collègue\n2026/01/03;Le prix est bon\n",
        ],
    )
    def test_a_respondent_in_each_row(self, text: str) -> None:
        with pytest.raises(
            PostilError, match=r"with a respondent in each row.*one file for each.*--speaker-key"
        ) as told:
            read(text)
        assert "ImportId" not in str(told.value)

    def test_a_table_of_codings_is_none(self) -> None:
        with pytest.raises(PostilError, match="postil import-codings"):
            read("participant,coder,quote,codes\nP01,ana,We asked.,price\nP01,ben,We asked.,boss\n")

    def test_what_may_be_either_is_asked(self) -> None:
        with pytest.raises(PostilError, match="one conversation or the answers of several people"):
            read("role,text\nBuyer,A colleague told us.\nCook,The price.\nBuyer,The boss decided.\n")

    def test_the_person_can_say_that_rows_are_turns(self) -> None:
        text = "id,text\nAna,How did you?\nBen,We asked them.\nCleo,Me too.\n"
        assert said(read(text, speaker_key="id", text="text")) == [
            ("Ana", "How did you?"),
            ("Ben", "We asked them."),
            ("Cleo", "Me too."),
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "I,How did you pick it?\nP07,We asked them.\nI,Fine?\nP07,Yes.\n",
            "Moderator,Welcome everybody to this talk.\nAnna,Hello.\nBen,By train.\nAnna,Me too.\nBen,Nice it was.\n",
            "Name,Message\nAna,How did you pick it?\nBen,We asked.\nAna,Fine?\nBen,Yes we did.\n",
            "Name,Text\nInterviewer,How did you pick it?\nKim,We asked them.\n",
            "Wer;Was\nI;Wie war es?\nP07;Gut war es.\nI;Und dann?\nP07;Nichts mehr.\n",
            "話者,発言\n聞き手,どうやって選びましたか。\n回答者,同僚に聞きました。\n聞き手,それで?\n回答者,はい。\n",
        ],
    )
    def test_conversations_are_none(self, text: str) -> None:
        assert len({label for label, _ in said(read(text))} - {""}) > 1


class TestColumns:
    ROWS = "I,How did you pick it?,{}\nP07,We asked a colleague.,{}\nI,Fine?,{}\nP07,Yes.,{}\n"

    def test_a_heading_that_holds_what_is_not_the_words(self) -> None:
        made = read("speaker,text,What happened\n" + self.ROWS.format("start", "talk", "", "end"))
        assert said(made)[1] == ("P07", "We asked a colleague.")
        assert unread(made) == ["the column 'What happened' was not read (3 cells: start; talk; end)"]

    def test_every_column_is_used_or_named(self) -> None:
        made = read(
            "#,Time,Speaker,Text,Notes,Score\n1,00:01,I,How?,,0.1\n2,00:05,P07,We asked.,laughs,0.3\n"
            "3,00:09,I,And?,,0\n4,00:12,P07,Fine.,looks away,1\n"
        )
        assert [turn.start_ms for turn in made.turns] == [1000, 5000, 9000, 12000]
        assert on(made) == [("laughs", "We asked."), ("looks away", "Fine.")]
        assert [warning.split("'")[1] for warning in unread(made)] == ["#", "Score"]

    def test_dates_are_no_clocks(self) -> None:
        made = read("Timestamp,Speaker,Text\n2026-01-02 10:00:00,I,How?\n2026-01-02 10:01:00,P07,So.\n")
        assert [turn.start_ms for turn in made.turns] == [None, None]
        assert len(unread(made)) == 1

    def test_the_name_goes_before_the_number_of_a_speaker(self) -> None:
        made = read("turn_id,speaker_id,speaker_name,text\n1,A,Ana,How?\n2,B,Ben,So.\n3,A,Ana,And?\n")
        assert [label for label, _ in said(made)] == ["Ana", "Ben", "Ana"]

    def test_labels_in_the_words_of_numbered_lines(self) -> None:
        made = read("line,text\n1,I: How did you pick?\n2,P07: We asked them.\n3,I: And?\n4,P07: Fine.\n")
        assert said(made)[0] == ("I", "How did you pick?")

    def test_question_and_answer_in_a_row(self) -> None:
        made = read("Question,Answer\nHow did you?,We asked.\nAnd then?,Nothing.\n")
        assert [label for label, _ in said(made)] == ["Interviewer", "Participant"] * 2

    def test_a_heading_that_comes_back_is_no_turn(self) -> None:
        made = read("Speaker,Text\nI,How?\nP07,We asked.\nSpeaker,Text\nI,And?\nP07,Fine.\n")
        assert [text for _, text in said(made)] == ["How?", "We asked.", "And?", "Fine."]


class TestTwoLanguages:
    ROWS = "E,¿Qué hizo usted?,What did you do?\nP07,Pregunté a un colega.,I asked a colleague.\nE,¿Y luego?,And?\n"

    def test_a_translation_is_kept_beside_the_words(self) -> None:
        made = read("Speaker,Original,English translation\n" + self.ROWS)
        assert said(made)[1] == ("P07", "Pregunté a un colega.")
        assert on(made)[1] == ("I asked a colleague.", "Pregunté a un colega.")
        assert {note.source for note in made.notes} == {"column-english-translation"}
        assert any("'English translation'" in warning and "--text" in warning for warning in made.warnings)

    @pytest.mark.parametrize("heading", ["Speaker,Español,English\n", ""])
    def test_which_was_spoken_is_asked(self, heading: str) -> None:
        with pytest.raises(PostilError, match=r"several columns hold words.*--text"):
            read(heading + self.ROWS)

    @pytest.mark.parametrize(
        ("heading", "wanted"),
        [("Speaker,Español,English\n", "english"), ("", "3"), ("Speaker,Original,Translation\n", "3")],
    )
    def test_the_person_says_which(self, heading: str, wanted: str) -> None:
        made = read(heading + self.ROWS, text=wanted)
        assert said(made)[1] == ("P07", "I asked a colleague.")
        assert on(made)[1] == ("Pregunté a un colega.", "I asked a colleague.")

    def test_a_column_that_is_not_there(self) -> None:
        with pytest.raises(
            PostilError, match=r"--text: no column is called 'French'. Columns are 'Speaker', 'Español'"
        ):
            read("Speaker,Español,English\n" + self.ROWS, text="French")


def test_notes_on_cells_of_a_workbook() -> None:
    from openpyxl import Workbook
    from openpyxl.comments import Comment

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in ([], ["Speaker", "Text"], ["I", "How?"], [], ["P07", "We asked."]):
        sheet.append(cells)
    sheet["B5"].comment = Comment("why", "Ana")
    sheet["A1"].comment = Comment("on nothing", "Ben")
    buffer = io.BytesIO()
    book.save(buffer)
    made = read_source(buffer.getvalue(), "a.xlsx")
    assert [(note.author, note.text) for note in made.notes] == [("Ben", "on nothing"), ("Ana", "why")]
    assert on(made) == [("on nothing", "(whole transcript)"), ("why", "We asked.")]


def test_a_text_has_no_columns() -> None:
    made = read_source(b"A: x\nB: y\nA: z\n", "a.txt", ReadOptions(text="Text"))
    assert any("--text" in warning for warning in made.warnings)


HEADINGS_ELSEWHERE = """Говорящий;Текст|المتحدث;النص|דובר;טקסט|发言人;内容|Intervenant;Propos|Sprecher:in;Aussage
Speaker name;What was said|Who speaks;Text""".replace("\n", "|").split("|")


@pytest.mark.parametrize("heading", HEADINGS_ELSEWHERE)
def test_headings_of_a_conversation_in_other_languages(heading: str) -> None:
    turns = [("Dana", "Why?"), ("Otis", "We asked a colleague."), ("Dana", "And?"), ("Otis", "Then the boss decided.")]
    table = "\n".join([heading, *(f"{who};{words}" for who, words in turns)])
    made = read_source(table.encode(), "a.csv")
    assert [(turn.label, turn.text) for turn in made.turns] == turns


@pytest.mark.parametrize(
    "heading", ["Nom;Réponse", "Nom;Texte", "Gender;Text", "姓名;内容", "Имя;Текст", "Geschlecht;Antwort"]
)
def test_what_somebody_is_called_or_is_does_not_make_rows_a_conversation(heading: str) -> None:
    people = ("f", "m", "f") if heading[0] == "G" else ("Anna", "Ben", "Clara")
    answers = ("Because a colleague told us to.", "The price.", "The boss decided it all.")
    table = "\n".join([heading, *map(";".join, zip(people, answers, strict=True))])
    with pytest.raises(PostilError, match=r"survey|several people"):
        read_source(table.encode(), "a.csv")
