"""Tables of codings from other hands: no coding lost, turned round or given another code without a word."""

from __future__ import annotations

import pytest

from postil_base.problem import PostilError
from postil_formats.codings.codes import code_parts
from postil_formats.codings.sources.rows import CodingsTable, mode_of, read_codings, split_codes


def read(text: str, coder: str = "") -> CodingsTable:
    return read_codings(text.encode(), "x.csv", coder=coder)


def coded(text: str, coder: str = "") -> list[tuple[str, ...]]:
    return [tuple(code for code, _ in row.codes) for row in read(text, coder).segments]


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("Entrevista;Codificador/a;Cita textual;Código;Observaciones", "P07;ana;so it was;price;tja"),
        ("Document;Codeur;Extrait;Nœud;Remarque", "P07;ana;so it was;price;tja"),
        ("Documento;Codificatore;Brano;Codice;Nota", "P07;ana;so it was;price;tja"),
        ("Document;Codeerder;Fragment;Code;Opmerking", "P07;ana;so it was;price;tja"),
        ("Interview;Kodierer/in;Zitatinhalt;Kodes;Notiz", "P07;ana;so it was;price;tja"),
        ("Fuente;Codificado por;Texto codificado;Nodo;Nota", "P07;ana;so it was;price;tja"),
    ],
)
def test_headings_of_further_languages(heading: str, row: str) -> None:
    (made,) = read(f"{heading}\n{row}\n").segments
    assert (made.transcript, made.coder, made.quote, made.memo) == ("P07", "ana", "so it was", "tja")
    assert made.codes == (("price", ""),)


@pytest.mark.parametrize("text", ["document,coder,quote,codes\nI1,ana,well, we went,x\n", "quote,codes\n1,well,x\n"])
def test_a_row_with_more_cells_than_headings_is_refused(text: str) -> None:
    """An unquoted comma, or R's names of rows: the code would be a piece of the quote."""
    with pytest.raises(PostilError, match=r"row 2: . cells, but the heading has .; cells would stand under wrong"):
        read(text, "ana")


@pytest.mark.parametrize("heading", ["negated", "polarity", "Verneint", "Modalidad"])
def test_a_column_that_may_tell_denials_is_asked_about(heading: str) -> None:
    with pytest.raises(PostilError, match=f"'{heading}' is not known; is it 'mode'"):
        read(f"document,coder,quote,codes,{heading}\nI1,ana,well,x,1\n")


def test_modes_in_other_words_and_misspelt() -> None:
    assert mode_of("price (verneint)") == ("price", "deny") and mode_of("price [hipotético]")[1] == "hypothetical"
    assert mode_of("price (deney)") == ("price", "deney")  # listed as no mode, not a code of that name
    assert mode_of("meal (dish)") == ("meal (dish)", "") and mode_of("meal (main)") == ("meal (main)", "")


@pytest.mark.parametrize("cell", ["2", "x?", "maybe"])
def test_a_code_column_with_another_sign_is_asked_about(cell: str) -> None:
    with pytest.raises(PostilError, match="'advice' may be a code, but"):
        read(f"document,coder,text,advice,price\nI1,ana,so it was,{cell},0\nI1,ana,and then,1,1\nI1,ana,but no,0,1\n")


def test_figures_are_no_codes() -> None:
    """NVivo numbers the references of a node; the node is the code."""
    assert coded("Name,Reference,Coded Text,Source\nprice,1,so it was,I1\n", "ana") == [("price",)]
    assert code_parts("price: 2") == ("price: 2",) and code_parts("Selection: Price 2") == ("Selection", "Price 2")


def test_hashtags_are_codes_of_their_own() -> None:
    assert [code for code, _ in split_codes("#advice #price, #boss")] == ["#advice", "#price", "#boss"]
    assert [code for code, _ in split_codes("C# and F#")] == ["C# and F#"]


@pytest.mark.parametrize(("cell", "unsure"), [("ja", True), ("?", True), ("x", True), ("nein", False), ("", False)])
def test_doubts_are_read_in_the_words_of_flags(cell: str, unsure: bool) -> None:
    (made,) = read(f"document,coder,quote,codes,unsure\nI1,ana,well,x,{cell}\n").segments
    assert made.unsure is unsure


def test_a_wide_table_with_a_row_wider_than_its_heading_is_refused() -> None:
    with pytest.raises(PostilError, match=r"row 2: 5 cells, but the heading has 4"):
        read("document,coder,text,advice\nI1,ana,so it was,1,1\nI1,ana,and then,0\n")
