"""Rich Text: tracked changes, hidden text, comments, notes, tables, code pages and named characters."""

from __future__ import annotations

import pytest

from postil_base.problem import PostilError
from postil_formats.texts.documents.rtf_tokens import date_of
from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare
from tests.postil_formats.texts.documents.test_docx import on, said

BASE = r"Interviewer: How did you pick it?\par {}\par Interviewer: Fine?\par "
FOUR = [("I", "How?"), ("P07", "We asked them."), ("I", "And?"), ("P07", "Prices.")]


def read(body: str, head: str = r"\ansi\ansicpg1252", *, law: bool = True) -> Recognised:
    """Read a file that the second reading finds nothing wrong with."""
    data = (r"{\rtf1" + head + " " + body + "}").encode("latin-1")
    made = read_source(data, "P07.rtf")
    if law:
        assert compare(data, "P07.rtf", made, ReadOptions()).all == ()
    return made


def answer(inner: str, head: str = r"\ansi\ansicpg1252", *, law: bool = True) -> str:
    """The words of the participant."""
    made = read(BASE.format("P07: " + inner), head, law=law)
    assert [label for label, _ in said(made)] == ["Interviewer", "P07", "Interviewer"]
    return made.turns[1].text


class TestTrackedChanges:
    @pytest.mark.parametrize(
        "inner",
        [
            r"We {\deleted\revauthdel1 a SECRET name }asked.",
            r"We {\deleted\revauthdel1 a {\b SECRET} name }asked.",
            r"We {\mvf\mvauth1 a SECRET name }asked.",
            r"{\revised\revauth1 We }asked.",
            r"{\mvt\mvauth1 We }asked.",
            r"We {\v SECRET }asked.",
        ],
    )
    def test_what_is_gone_and_what_stays(self, inner: str) -> None:
        assert answer(inner) == "We asked."

    def test_deletion_that_is_switched_on_and_off(self) -> None:
        assert answer(r"We \deleted a SECRET name \deleted0 asked \v more SECRET\v0 .", law=False) == "We asked ."

    def test_plain_ends_it(self) -> None:
        assert answer(r"We \deleted SECRET \plain asked.", law=False) == "We asked."

    def test_a_deleted_paragraph_end_joins(self) -> None:
        made = read(BASE.format(r"P07: We asked a colle{\deleted\par }ague."))
        assert made.turns[1].text == "We asked a colleague."

    def test_it_is_told(self) -> None:
        made = read(BASE.format(r"P07: We {\deleted x }asked {\v y}them."))
        assert {"left out: deleted text (tracked changes) (1)", "left out: hidden text (1)"} <= set(made.warnings)


class TestCharacters:
    @pytest.mark.parametrize(
        ("inner", "text"),
        [
            (r"It\u8217's fine \emdash  really", "It’s fine — really"),
            (r"caf\'e9 \u228\'e4rger \uc0\u8211 so", "café ärger –so"),
            (r"\uc2\u20320\'c4\'e3 ok", "你 ok"),
            (r"col\-league", "colleague"),
            (r"well\_known col\-league one\~two\tab three", "well\u2011known colleague one\xa0two\tthree"),
            (r"a \{b\} \\ c", r"a {b} \ c"),
            (r"smile \u-10179?\u-8694? end", "smile 😊? end".replace("😊?", "\U0001f60a")),
            (r"one\line two", "one\ntwo"),
            (r"\ldblquote so\rdblquote  he\rquote s", "“so” he’s"),
        ],
    )
    def test_named_and_coded(self, inner: str, text: str) -> None:
        assert answer(inner, law=False) == text

    def test_fonts_have_code_pages(self) -> None:
        head = (
            r"\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset2 Wingdings;}}"
        )
        assert answer(r"So {\f1\'e4\'e0} {\f2\'e0} end.", head, law=False) == "So да → end."

    def test_two_bytes_make_a_character(self) -> None:
        assert answer(r"\'93\'af\'97\'bb ok.", r"\ansi\ansicpg932", law=False) == "同僚 ok."

    def test_an_encoding_that_is_told_wins(self) -> None:
        data = (r"{\rtf1\ansi\ansicpg1252 " + BASE.format(r"P07: \'e4\'e0.") + "}").encode()
        assert read_source(data, "P07.rtf", ReadOptions("cp1251")).turns[1].text == "да."

    def test_ruby_stands_in_a_field(self) -> None:
        field = (
            r"{\field{\*\fldinst { EQ \\* jc3 \\* hps22 \\o\\al(\\s\\up 10(\u12393?\u12358?),\u21516?\u20698?)}}"
            r"{\fldrslt {}}}"
        )
        assert answer(field + r"\u12391?\u12377?") == "同僚です"


class TestFields:
    def test_results_lists_and_pictures(self) -> None:
        link = r'{\field{\*\fldinst{HYPERLINK "x"}}{\fldrslt{the list}}}'
        listed = r"{\listtext\pard 1.\tab}{\pict\pngblip 89504e47}{\*\bkmkstart a}"
        assert answer(f"{listed}See {link}.") == "See the list."


COMMENT = r"{{\*\atnid A}}{{\*\atnauthor Ana}}\chatn{{\*\annotation{{\*\atnref {0}}}{{\*\atndate 669775309}}\pard {1}}}"


class TestComments:
    def test_on_words(self) -> None:
        made = read(BASE.format(r"P07: We {\*\atrfstart 1}asked{\*\atrfend 1}" + COMMENT.format(1, "why") + " them."))
        assert made.turns[1].text == "We asked them."
        assert on(made) == [("why", "asked")]
        assert (made.notes[0].author, made.notes[0].date) == ("Ana", "2026-11-30T23:13")

    def test_at_a_point_it_is_on_its_paragraph(self) -> None:
        made = read(BASE.format(r"P07: We asked.\par Prices." + COMMENT.format(1, "why")))
        assert on(made) == [("why", "Prices.")]

    def test_across_paragraphs_and_in_a_table(self) -> None:
        made = read(
            BASE.format(r"P07: We {\*\atrfstart 1}asked.\par Prices{\*\atrfend 1}" + COMMENT.format(1, "why") + ".")
        )
        assert on(made) == [("why", "asked.\nPrices")]
        marked = r"{\*\atrfstart 1}Prices{\*\atrfend 1}" + COMMENT.format(1, "why") + "."
        rows = "".join(rf"\trowd\pard\intbl {a}\cell {b}\cell\row " for a, b in [*FOUR[:3], ("P07", marked)])
        made = read(rows + r"\pard Bye.\par")
        assert said(made) == FOUR
        assert on(made) == [("why", "Prices")]
        assert made.footer == ("Bye.",)

    @pytest.mark.parametrize(("number", "date"), [("669775309", "2026-11-30T23:13"), ("1", ""), ("x", ""), ("-1", "")])
    def test_dates(self, number: str, date: str) -> None:
        assert date_of(number) == date


def test_notes_boxes_and_page_heads() -> None:
    head = r"{\header\pard Confidential\par}"
    note = r"{\footnote\pard Laughs.}"
    box = r"{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt\pard Aside\par}}{\shprslt\par Aside}}"
    made = read(head + BASE.format(f"P07: We asked.{note}{box}"), law=False)
    assert made.turns[1].text == "We asked."
    assert on(made) == [("Laughs.", "We asked."), ("Aside", "We asked.")]
    assert [(item.kind, item.text) for item in made.taken if "page" in item.kind] == [("page header", "Confidential")]


def test_a_cell_of_two_paragraphs_with_a_bar() -> None:
    pairs = [*FOUR[:3], ("P07", r"Prices | and\par more.")]
    rows = "".join(rf"\trowd\pard\intbl {a}\cell\pard\intbl {b}\cell\pard\intbl\row " for a, b in pairs)
    assert said(read(rows))[-1] == ("P07", "Prices | and\nmore.")


def test_headings_by_their_style() -> None:
    styles = r"{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\*\cs2 heading 1 Char;}}"
    made = read(styles + r"\pard\s1 The talk\par\pard\s0 " + BASE.format("P07: We asked."))
    assert made.turns[0] == ("Interviewer", "How did you pick it?", None, None)
    assert made.header == ("The talk",)


def test_an_end_that_is_missing() -> None:
    data = (r"{\rtf1\ansi " + BASE.format("P07: We {\\b asked")).encode()
    assert read_source(data, "P07.rtf").turns[1].text == "We asked"
    with pytest.raises(PostilError, match="Rich Text"):
        read_source(b"no mark-up", "P07.rtf")
