"""OpenDocument texts and spreadsheets: tracked changes, reading aids, comments, notes, tables."""

from __future__ import annotations

import pytest

from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare
from tests.odt_maker import comment, ods, odt, p, row, table
from tests.postil_formats.texts.documents.test_docx import on, said

BASE = (p("Interviewer: How did you pick it?"), p("P07: We asked."), p("Interviewer: Fine?"))


def read(data: bytes, name: str = "P07.odt") -> Recognised:
    """Read a file that the second reading finds nothing wrong with."""
    made = read_source(data, name)
    assert compare(data, name, made, ReadOptions()).all == ()
    return made


def test_deleted_text_stays_out() -> None:
    gone = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>'
        f"{p('a SECRET name')}</text:deletion></text:changed-region></text:tracked-changes>"
    )
    made = read(odt(gone, BASE[0], p('P07: We <text:change text:change-id="c1"/>asked.'), BASE[2]))
    assert [text for _, text in said(made)] == ["How did you pick it?", "We asked.", "Fine?"]


def test_inserted_text_stays() -> None:
    inserted = 'P07: We <text:change-start text:change-id="c"/>really <text:change-end text:change-id="c"/>asked.'
    assert read(odt(BASE[0], p(inserted), BASE[2])).turns[1].text == "We really asked."


def test_a_reading_aid_is_not_doubled() -> None:
    ruby = "<text:ruby><text:ruby-base>同僚</text:ruby-base><text:ruby-text>どうりょう</text:ruby-text></text:ruby>"
    made = read(odt(BASE[0], p(f"P07: {ruby}です。"), BASE[2]))
    assert made.turns[1].text == "同僚です。"
    assert ("reading aid (ruby)", "どうりょう") in [(item.kind, item.text) for item in made.taken]


def test_white_space_tabs_breaks_and_soft_hyphens() -> None:
    inner = 'P07: one\n   two<text:s text:c="3"/>three<text:tab/>four<text:line-break/>col\u00adleague'
    inner += "<text:soft-page-break/>s"
    assert read(odt(BASE[0], p(inner), BASE[2])).turns[1].text == "one two   three\tfour\ncolleagues"


def test_hidden_text_stays_out_and_is_told() -> None:
    shown = 'P07: We <text:span text:style-name="H">SECRET </text:span>asked.'
    made = read(odt(BASE[0], p(shown), p("SECRET too", "H"), BASE[2], hidden="H"))
    assert [text for _, text in said(made)] == ["How did you pick it?", "We asked.", "Fine?"]
    assert "left out: hidden text (2)" in made.warnings


class TestComments:
    def test_on_words_at_a_point_and_across_paragraphs(self) -> None:
        made = read(
            odt(
                BASE[0],
                p(f"P07: We {comment('words', name='a')}asked<text:annotation-end office:name='a'/> them."),
                p(f"Prices.{comment('point')}"),
                p(f"Also {comment('long', name='b')}time."),
                p("Then<text:annotation-end office:name='b'/> all."),
                BASE[2],
            )
        )
        assert on(made) == [("words", "asked"), ("point", "Prices."), ("long", "time.\nThen")]
        assert (made.notes[0].author, made.notes[0].date[:10], made.notes[0].source) == (
            "Ana",
            "2026-11-30",
            "comments",
        )

    def test_in_a_table(self) -> None:
        rows = (row("I", "How?"), row("P07", "We asked them."), row("I", "And?"))
        last = row("P07", f"Then {comment('why', name='a')}prices<text:annotation-end office:name='a'/>.")
        assert on(read(odt(table(*rows, last)))) == [("why", "prices")]


def test_notes_frames_and_page_heads() -> None:
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        f"<text:note-body>{p('Laughs.')}</text:note-body></text:note>"
    )
    box = f"<draw:frame><draw:text-box>{p('Aside')}</draw:text-box></draw:frame>"
    head = f"<style:master-page><style:header>{p('Confidential')}</style:header></style:master-page>"
    made = read(odt(BASE[0], p(f"P07: We asked.{note}{box}"), BASE[2], styles=head))
    assert [(n.source, n.text) for n in made.notes] == [("footnotes", "Laughs."), ("text-boxes", "Aside")]
    assert on(made) == [("Laughs.", "We asked."), ("Aside", "We asked.")]
    assert ("page header", "Confidential") in [(item.kind, item.text) for item in made.taken]


def test_rows_in_groups_and_headings() -> None:
    rows = (row("I", "How?"), row("P07", "We asked them."), row("I", "And?"), row("P07", "Fine."))
    head = f"<table:table-header-rows>{row('Speaker', 'Text')}</table:table-header-rows>"
    made = read(odt(p("Interview 7"), table(head, f"<table:table-row-group>{''.join(rows)}</table:table-row-group>")))
    assert said(made) == [("I", "How?"), ("P07", "We asked them."), ("I", "And?"), ("P07", "Fine.")]
    assert made.header == ("Interview 7",)


class TestSpreadsheet:
    def test_times_notes_and_empty_rows(self) -> None:
        clock = '<table:table-cell office:value-type="time" office:time-value="PT00H00M{}S"/>'
        gap = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        noted = f"<table:table-cell>{comment('why')}{p('We asked')}{p('them.')}</table:table-cell>"
        rows = (
            row("Speaker", "Start", "Text"),
            row("I", clock.format("01"), "How?"),
            gap,
            row("P07", clock.format("09.5"), noted),
            '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>',
        )
        made = read(ods(table(*rows)), "P07.ods")
        assert [tuple(turn)[:3] for turn in made.turns] == [("I", "How?", 1000), ("P07", "We asked\nthem.", 9500)]
        assert on(made) == [("why", "We asked\nthem.")]

    def test_other_sheets_are_named_with_their_words(self) -> None:
        rows = (row("Speaker", "Text"), row("I", "How?"), row("P07", "So."))
        other = table(row("left aside")).replace('"T"', '"Second"')
        made = read(ods(table(*rows), other), "P07.ods")
        assert "the sheet 'Second' was not read" in made.warnings
        assert ("sheet Second, not read", "left aside") in [(item.kind, item.text) for item in made.taken]


@pytest.mark.parametrize("name", ["P07.odt", "P07.ods"])
def test_another_kind_of_document_is_named(name: str) -> None:
    from postil_base.problem import PostilError

    wrong = ods(table(row("a", "b"))) if name.endswith("odt") else odt(*BASE)
    with pytest.raises(PostilError, match="is not an OpenDocument"):
        read_source(wrong, name)
