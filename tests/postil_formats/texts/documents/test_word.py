"""Word files: what NVivo, Word, Teams and hand-filled protocols do, in small."""

from __future__ import annotations

import pytest

from postil_base.problem import PostilError
from postil_formats.texts.documents.nvivo import split_numbers
from postil_formats.texts.readers import Recognised, read_source
from tests.docx_maker import NS, anchor, docx, note_list, para, run, shaded


def read(*paragraphs: str, **more: object) -> Recognised:
    return read_source(docx(*paragraphs, **more), "Interview.docx")  # type: ignore[arg-type]


def spans(made: Recognised) -> dict[int | None, str]:
    """The words each note stands on; turns joined by a bar."""
    found = {}
    for note in made.notes:
        if note.start is None or note.end is None:
            found[note.number] = "(whole transcript)"
            continue
        turns = [turn.text for turn in made.turns[note.start.turn : note.end.turn + 1]]
        turns[-1] = turns[-1][: note.end.offset]
        turns[0] = turns[0][note.start.offset :]
        found[note.number] = "|".join(turns)
    return found


def said(made: Recognised) -> list[tuple[str, str]]:
    return [(turn.label, turn.text) for turn in made.turns]


def test_anchor_in_a_label_line() -> None:
    made = read(
        para("Speaker 1:"),
        para(shaded("How often?")),
        para(shaded("Speaker 2:")),
        para(shaded("Daily.")),
        para(shaded("Speaker 1:"), anchor("12")),
        para("Why?"),
        para("Speaker 2:"),
        para("It drifts."),
        note_list({12: ["Retrain: daily"]}),
    )
    assert said(made) == [
        ("Speaker 1", "How often?"),
        ("Speaker 2", "Daily."),
        ("Speaker 1", "Why?"),
        ("Speaker 2", "It drifts."),
    ]
    assert spans(made) == {12: "How often?|Daily."}


def two_speakers(*last: str, notes: dict[int, list[str]]) -> Recognised:
    opening = (para("Speaker 1:"), para("Well?"), para("Speaker 2:"), para("Hm."), para("Speaker 1:"), para("So?"))
    return read(*opening, para("Speaker 2:"), para(*last), note_list(notes))


@pytest.mark.parametrize("digits", ["56", "5,6", "5, 6", "65"])
def test_two_anchors_in_one_run(digits: str) -> None:
    made = two_speakers(shaded("Both of them."), anchor(digits), notes={5: ["one"], 6: ["two"]})
    assert spans(made) == {5: "Both of them.", 6: "Both of them."}
    assert made.turns[-1].text == "Both of them."


def test_anchors_in_neighbouring_runs_are_read_together() -> None:
    made = two_speakers(shaded("Twelve."), anchor("1"), anchor("2"), notes={12: ["twelve"]})
    assert spans(made) == {12: "Twelve."}


def test_nested_annotations_come_out_of_order() -> None:
    made = two_speakers(
        shaded("The small one."), anchor("11"), shaded(" And the rest."), anchor("10"), notes={10: ["a"], 11: ["b"]}
    )
    assert spans(made) == {10: "The small one. And the rest.", 11: "The small one."}


def test_neighbouring_annotations_in_order_do_not_overlap() -> None:
    made = two_speakers(shaded("First."), anchor("1"), shaded(" Second."), anchor("2"), notes={1: ["a"], 2: ["b"]})
    assert spans(made) == {1: "First.", 2: "Second."}


def test_anchor_inside_a_bracket_and_before_the_full_stop() -> None:
    made = two_speakers(
        shaded("We use [inaudible"),
        anchor("2"),
        " 00:01:22] and [crosstalk 00:01:30] ",
        shaded("that"),
        anchor("3"),
        ".",
        notes={2: ["x"], 3: ["y"]},
    )
    assert made.turns[-1].text == "We use [inaudible 00:01:22] and [crosstalk 00:01:30] that."
    assert [text for _, _, text in made.markers()] == ["[inaudible 00:01:22]", "[crosstalk 00:01:30]"]
    assert spans(made) == {2: "We use [inaudible", 3: "that"}


def test_a_first_name_with_one_turn_is_a_label() -> None:
    made = read(
        *(para("Speaker 1:"), para("Who is there?"), para("Speaker 2:"), para("Me."), para("Speaker 1:"), para("And?")),
        *(para("David:"), para("I came in late."), para("Speaker 2:"), para("For example:"), para("a tuned model.")),
    )
    assert said(made)[3:] == [("David", "I came in late."), ("Speaker 2", "For example:\na tuned model.")]
    assert any("'David'" in warning for warning in made.warnings)


def test_paragraphs_of_a_turn_start_with_a_tab() -> None:
    made = read(
        *(para("Speaker 1:"), para("A?"), para("Speaker 2:"), para("One."), para("\tTwo."), para("\tSpeaker 1:")),
        *(para("Speaker 1:"), para("B?"), para("Speaker 2:"), para("Three.")),
    )
    assert said(made)[1] == ("Speaker 2", "One.\nTwo.\nSpeaker 1:")


def test_property_block_is_a_header() -> None:
    made = read(
        *(
            para("Name: Interview-09"),
            para(""),
            para("Created On: 8/9/2022"),
            para("Created By: XY"),
            para("Size: 9 KB"),
        ),
        *(para(""), para("Speaker 1:"), para("A?"), para("Speaker 2:"), para("B."), para("Speaker 1:"), para("C?")),
    )
    assert made.header == ("Name: Interview-09", "Created On: 8/9/2022", "Created By: XY", "Size: 9 KB")
    assert len(made.turns) == 3


def test_raised_digits_without_an_annotation_stay() -> None:
    made = two_speakers("It has 10", anchor("9"), " weights", notes={1: ["a note"]})
    assert made.turns[-1].text == "It has 109 weights"
    assert any("'9'" in warning for warning in made.warnings)
    assert spans(made) == {1: "(whole transcript)"}


def test_a_discussion_called_annotations_is_no_list_of_notes() -> None:
    made = read(
        *(
            para("A:"),
            para("What about this?"),
            para("B:"),
            para("Next topic."),
            para("A:"),
            para("Which?"),
            para("B:"),
        ),
        *(para(run("Annotations", "<w:b/>")), para("We annotate nothing.")),
    )
    assert made.turns[-1].text == "Annotations\nWe annotate nothing."


@pytest.mark.parametrize(
    ("digits", "known", "numbers"),
    [("2625", {25, 26}, (26, 25)), ("111", {1, 11}, (1, 11)), ("7", {8}, ()), ("012", {12}, ()), ("1,99", {1}, ())],
)
def test_split_numbers(digits: str, known: set[int], numbers: tuple[int, ...]) -> None:
    assert sorted(split_numbers(digits, known)) == sorted(numbers)


def protocol(*extra: str) -> Recognised:
    return read(
        para("Protocol", style="Title"),
        para("RQ1: what do people do?", listed=True),
        para("Background", style="heading 1"),
        para("First some questions."),
        para(run("Your role?\n"), run("Answer: Tester", '<w:color w:val="#FF0000"/>'), listed=True),
        para("Since when?", listed=True),
        para("Selection", style="heading 1"),
        para(run("How did you choose?\n"), run("Answer: By size.", '<w:color w:val="#FF0000"/>'), listed=True),
        *extra,
        para(run("Why?\n"), run("Answer: It fits.", '<w:color w:val="#FF0000"/>'), listed=True),
        para("Goodbye", style="heading 1"),
        para("We delete the recordings."),
    )


def test_protocol() -> None:
    made = protocol()
    assert said(made) == [
        ("Interviewer", "Your role?"),
        ("Participant", "Tester"),
        ("Interviewer", "How did you choose?"),
        ("Participant", "By size."),
        ("Interviewer", "Why?"),
        ("Participant", "It fits."),
    ]
    assert made.unanswered == ("Since when?",)
    assert [(s.title, s.turn) for s in made.sections] == [
        ("Protocol", 0),
        ("Background", 0),
        ("Selection", 2),
        ("Goodbye", 6),
    ]
    assert made.script == ("RQ1: what do people do?", "First some questions.")
    assert made.footer == ("We delete the recordings.",)


def test_protocol_answer_in_its_own_paragraph_and_over_two() -> None:
    made = protocol(
        para("And then?", listed=True),
        para(run("Answer: We tested.", '<w:color w:val="#FF0000"/>')),
        para(run("Twice.", '<w:color w:val="#FF0000"/>')),
    )
    assert said(made)[4:6] == [("Interviewer", "And then?"), ("Participant", "We tested.\nTwice.")]


def test_comments_of_word_become_notes_with_their_author() -> None:
    comments = (
        f'<w:comments xmlns:w="{NS}"><w:comment w:id="0" w:author="Ana" w:date="2024-05-06T10:00:00Z">'
        "<w:p><w:r><w:t>trust?</w:t></w:r></w:p></w:comment></w:comments>"
    )
    marked = (
        '<w:p><w:r><w:t xml:space="preserve">B: I take </w:t></w:r><w:commentRangeStart w:id="0"/><w:r><w:t>the big one'
        '</w:t></w:r><w:commentRangeEnd w:id="0"/><w:r><w:t>.</w:t></w:r></w:p>'
    )
    made = read(para("A: Which?"), marked, para("A: Why?"), para("B: Fame."), parts={"word/comments.xml": comments})
    assert spans(made) == {None: "the big one"}
    assert [(n.text, n.author, n.date[:10], n.source) for n in made.notes] == [
        ("trust?", "Ana", "2024-05-06", "word-comments")
    ]


def test_tracked_changes_and_hidden_text() -> None:
    made = read(
        para("A: Which?"),
        "<w:p><w:r><w:t>B: the </w:t></w:r><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>",
        para("A: Sure?"),
    )
    assert said(made)[1] == ("B", "the new")
    assert [w for w in made.warnings if w.startswith("left out")] == [
        "left out: deleted text (tracked changes) (1)",
        "left out: hidden text (1)",
    ]


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{para(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def test_transcript_in_a_table() -> None:
    made = read(
        para("Interview 7"),
        table(("Speaker", "Text"), ("Ana", "What do you use?"), ("P7", "Two models."), ("", "And a script.")),
    )
    assert said(made) == [("Ana", "What do you use?"), ("P7", "Two models.\nAnd a script.")]
    assert made.header == ("Interview 7",)


def test_a_small_table_between_paragraphs_is_read_in_place() -> None:
    made = read(para("A: Which of these three models do you like?"), table(("small",)), para("B: Big."), para("A: Ah."))
    assert said(made)[0] == ("A", "Which of these three models do you like?\nsmall")


def test_what_is_no_word_file_is_named() -> None:
    with pytest.raises(PostilError, match=r"old \.doc format"):
        read_source(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.docx")
    with pytest.raises(PostilError, match="no words"):
        read_source(docx(para("")), "a.docx")
