"""A talk in one cell of a table, with a margin of one's own in the cell beside it: the margin is nobody's words."""

from __future__ import annotations

import pytest

from postil_formats.texts.readers import ReadOptions, read_source
from postil_formats.texts.second_reading import compare
from tests.docx_maker import docx, para
from tests.odt_maker import odt
from tests.odt_maker import p as odt_p

TALK = [("I", "How was it?"), ("B", "Fine, we asked a colleague."), ("I", "And then?"), ("B", "It was over.")]
LINES = [f"{label}: {words}" for label, words in TALK]
MARGIN = ["Price", "Advice: from peers"]
NUMBERS = ["1", "2", "3", "4"]


def word_table(*cells: list[str]) -> bytes:
    row = "".join(f"<w:tc>{''.join(map(para, cell))}</w:tc>" for cell in cells)
    return docx(para("Interview 7"), f"<w:tbl><w:tr>{row}</w:tr></w:tbl>")


def odt_table(*cells: list[str]) -> bytes:
    row = "".join(f"<table:table-cell>{''.join(map(odt_p, cell))}</table:table-cell>" for cell in cells)
    return odt(odt_p("Interview 7"), f"<table:table><table:table-row>{row}</table:table-row></table:table>")


@pytest.mark.parametrize("cells", [(LINES, MARGIN), (MARGIN, LINES), (NUMBERS, LINES, MARGIN)])
@pytest.mark.parametrize(("make", "name"), [(word_table, "a.docx"), (odt_table, "a.odt")])
def test_cells_beside_the_talk_are_named_and_not_read(make, name, cells) -> None:  # type: ignore[no-untyped-def]
    data = make(*cells)
    made = read_source(data, name)
    assert [(turn.label, turn.text) for turn in made.turns] == TALK
    assert compare(data, name, made, ReadOptions()).all == ()
    assert [warning for warning in made.warnings if "beside the talk" in warning]


def test_two_talks_side_by_side_are_read_one_after_the_other() -> None:
    more = [("I", "Once more?"), ("B", "Yes."), ("I", "Sure?"), ("B", "Sure.")]
    made = read_source(word_table(LINES, [f"{label}: {words}" for label, words in more]), "a.docx")
    assert [(turn.label, turn.text) for turn in made.turns] == [*TALK, *more]
