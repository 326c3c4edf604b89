"""Names of codes that can be read in two ways are asked about; what was added to the codebook is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from postil_base.problem import PostilError
from postil_cli.running import run
from postil_formats.codings.doubtful import question_about, without_doubt
from postil_formats.codings.plan import CodingsPlan, plan_codings
from postil_formats.codings.sources.rows import read_codings
from postil_study.study import open_study
from postil_study.text.values import CodeUse, Layer
from tests.docx_maker import docx, para
from tests.postil_formats.codings.test_elsewhere import FIRST, comma, root

__all__ = ["root"]
BOOK = ("advice", "price", "why now?", "trust & safety", "speed/accuracy", "phase (2)")


def knows(name: str) -> bool:
    return name.casefold() in BOOK


@pytest.mark.parametrize(
    "name",
    [
        *("advice/price", "advice / price", "new/old", "price + advice", "price & advice", "advice and price"),
        *("zeal?", "zeal (?)", "advice (3)", "advice [12]", "zeal (0.8)", "advice (-)", "advice (+)", "(advice)"),
        *("price · advice", "price • zeal", "zeal\tprice", "price - advice", "[zeal][price]", "(zeal) (price)"),
        *("price: deny", "deny price", "price denied", "not price", "price/neg", "no advice", "advice: negative"),
        *("none", "n/a", "-", "Kein Code", "uncoded"),
        *("advice -", "- advice", "advice +", "!advice", "¬advice", "~price", "price*", "advice –", "[zeal]"),
    ],
)
def test_what_can_be_read_in_two_ways_is_a_question(name: str) -> None:
    asked = question_about(name, knows)
    assert asked.startswith(f"is {name!r} ")
    assert asked.endswith("?")


@pytest.mark.parametrize(
    "name",
    [
        *("advice", "Advice", "Why now?", "trust & safety", "speed/accuracy", "phase (2)", "zeal", "not zeal"),
        *("Trust - general", "report quality", "wish list", "nonesuch"),
        *("input/output of a very long process that nobody knows", "research and development", "and/or", "w/o", "24/7"),
        *("Selection > Price", "process.comparison", "self-help", "meal (dish)", "P2", "c++ code", "it's"),
    ],
)
def test_names_that_are_clear_are_not_asked_about(name: str) -> None:
    assert question_about(name, knows) == ""


def test_a_question_mark_behind_a_code_of_the_book_is_a_doubt() -> None:
    assert without_doubt("advice?", knows) == "advice"
    assert without_doubt("price (?)", knows) == "price"
    assert without_doubt("why now?", knows) == "why now?"
    assert without_doubt("zeal?", knows) == "zeal?"


@pytest.mark.parametrize("name", ["Knowledge/Awareness", "zeal (2)", "zeal -", "zeal?", "[zeal]", "price/speed"])
def test_names_that_a_program_wrote_are_whole(name: str) -> None:
    assert question_about(name, knows, whole=True) == ""


@pytest.mark.parametrize("name", ["price -", "advice (3)", "(advice)", "!price"])
def test_a_sign_beside_a_code_of_the_book_is_asked_about_whoever_wrote_it(name: str) -> None:
    assert question_about(name, knows, whole=True) != ""


def plan(root: Path, codes: str, **said: dict[str, str]) -> CodingsPlan:
    table = read_codings(comma(("coder", "quote", "codes"), ("ana", FIRST, codes)), "x.csv")
    return plan_codings(open_study(root), [table], meanings=said.get("meanings"))


def test_a_doubt_makes_the_segment_unsure_and_is_told(root: Path) -> None:
    made = plan(root, "advice?")
    (segment,) = made.layers[0].after.segments
    assert list(segment.uses) == [CodeUse("advice")]
    assert segment.unsure
    assert any("question mark behind a code (2)" in warning for warning in made.warnings)


@pytest.mark.parametrize(
    ("codes", "meaning", "uses"),
    [
        ("advice/price", "advice; price", (CodeUse("advice"), CodeUse("price"))),
        ("advice (3)", "advice", (CodeUse("advice"),)),
        ("price -", "price (deny)", (CodeUse("price", "deny"),)),
        ("(advice); price", "-", (CodeUse("price"),)),
    ],
)
def test_the_person_says_what_a_name_stands_for(
    root: Path, codes: str, meaning: str, uses: tuple[CodeUse, ...]
) -> None:
    asked = plan(root, codes)
    assert len(asked.questions) == 1
    name = codes.split(";")[0]
    made = plan(root, codes, meanings={name: meaning})
    assert made.questions == ()
    assert list(made.layers[0].after.segments[0].uses) == list(uses)


def test_a_row_that_is_left_out_makes_no_segment(root: Path) -> None:
    made = plan(root, "(advice)", meanings={"(advice)": "-"})
    assert made.questions == ()
    assert made.layers == ()


def test_a_meaning_that_no_row_has_is_told(root: Path) -> None:
    made = plan(root, "advice", meanings={"advcie": "advice"})
    assert any("no row names 'advcie'" in warning for warning in made.warnings)


def test_a_code_beside_its_doubtful_form_is_the_same_when_codes_are_added(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = root.parent / "x.csv"
    file.write_bytes(comma(("coder", "quote", "codes"), ("ana", FIRST, "zeal?"), ("ana", "Not really.", "zeal")))
    monkeypatch.chdir(root)
    assert run(["import-codings", str(file), "--add-codes"]) == 0
    said = capsys.readouterr()
    assert "new in the codebook: 1 code: imported/zeal" in said.out + said.err
    codes = {segment.uses[0].code for segment in layer_of(root).segments}
    assert codes == {"zeal"}


def test_codes_that_were_added_are_listed_and_a_question_writes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = root.parent / "x.csv"
    file.write_bytes(comma(("coder", "quote", "codes"), ("ana", FIRST, "zeal/price"), ("ana", "Not really.", "Hope")))
    monkeypatch.chdir(root)
    before = (root / "codebook" / "codebook.yaml").read_bytes()
    assert run(["import-codings", str(file), "--add-codes"]) == 1
    assert (root / "codebook" / "codebook.yaml").read_bytes() == before
    said = capsys.readouterr()
    assert "--code 'NAME=CODES'" in said.out + said.err
    assert "new in the codebook" not in said.out + said.err
    assert run(["import-codings", str(file), "--add-codes", "--code", "zeal/price=zeal;price", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new_codes"] == ["imported/zeal", "imported/hope"]


def layer_of(root: Path) -> Layer:
    layer = open_study(root).layer("ana", "P07-interview")
    assert layer is not None
    return layer


def talk_and_margin(talk: list[str], margin: list[str]) -> bytes:
    cells = "".join(f"<w:tc>{''.join(map(para, cell))}</w:tc>" for cell in (talk, margin))
    return docx(para("Interview 7"), f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")


TALK = ["How did you pick the supplier?", FIRST, "And was that fine?", "Not really. Nobody asked us; we were told."]


@pytest.mark.parametrize(
    ("labels", "margin", "quotes"),
    [
        (("Interviewer: ", "P07: "), ["", "advice; price", "", "dissent"], {"advice", "price", "dissent"}),
        (("I - ", "P - "), ["", "advice", "", "dissent"], {"advice", "dissent"}),
        (
            ("Interviewer, ", "P07, "),
            ["", "advice", "", "dissent"],
            {"advice", "dissent"},
        ),  # labels given at the import
    ],
)
def test_lines_of_a_margin_are_codes_of_the_paragraph_beside_them(
    root: Path, monkeypatch: pytest.MonkeyPatch, labels: tuple[str, str], margin: list[str], quotes: set[str]
) -> None:
    file = root.parent / "P07 interview.docx"
    file.write_bytes(talk_and_margin([labels[n % 2] + text for n, text in enumerate(TALK)], margin))
    monkeypatch.chdir(root)
    assert run(["import-codings", str(file), "--coder", "ana"]) == 0
    segments = layer_of(root).segments
    assert {use.code for segment in segments for use in segment.uses} == quotes
    assert segments[0].quote == FIRST


def test_a_margin_that_does_not_pair_up_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root.parent / "P07 interview.docx"
    talk = [("Interviewer: ", "P07: ")[n % 2] + text for n, text in enumerate(TALK)]
    file.write_bytes(talk_and_margin(talk, ["advice", "price"]))
    monkeypatch.chdir(root)
    run(["import-codings", str(file), "--coder", "ana"])
    said = capsys.readouterr()
    assert "2 lines beside the talk" in said.out + said.err
    assert "a row of its own" in " ".join((said.out + said.err).split())


def test_dedoose_as_it_exports_excerpts(root: Path) -> None:
    """The columns of an export as public scripts read it: paths with a backslash, True and False, ranges, weights."""
    head = (
        *("Media Title", "Excerpt Range", "Excerpt Creator", "Excerpt Date", "Excerpt Copy", "Resource Creator"),
        *("Resource Date", "Codes Applied Combined", "Code: Knowledge/Awareness Applied", "Code: Selection Applied"),
        *(r"Code: Selection\Advice (peers) Applied", r"Code: Selection\Advice (peers) Range", "Code: Selection Weight"),
    )
    applied = ("True", "True", "False", "", "2")
    row = ("P07 interview", "12-56", "ana", "2024-01-08", FIRST, "ana", "2023-06-10", "Knowledge/Awareness, Selection")
    study = open_study(root)
    table = read_codings(comma(head, (*row, *applied)), "DedooseChartExcerpts.csv")
    made = plan_codings(study, [table])
    assert made.questions == ()
    assert set(made.unknown_codes) == {"Knowledge/Awareness", "Selection"}
    assert any("read as an export of Dedoose" in warning for warning in made.warnings)
    assert any("'Excerpt Range'" in warning and "'Codes Applied Combined'" in warning for warning in made.warnings)


MAXQDA = {
    "English": "Color;Comment;Document group;Document name;Code;Beginning;End;Weight score;Segment;Modified by;Date",
    "German": "Farbe;Kommentar;Dokumentgruppe;Dokumentname;Code;Anfang;Ende;Gewicht;Segment;Bearbeitet von;Datum",
}


@pytest.mark.parametrize("language", MAXQDA)
def test_maxqda_as_it_exports_coded_segments(root: Path, language: str) -> None:
    row = ("●", "he hesitates", "Round 1", "P07 interview", "Selection > Pros/Cons", "2", "2", "0", FIRST, "ana", "x")
    data = "\n".join((MAXQDA[language], ";".join(f'"{cell}"' for cell in row))).encode()
    made = plan_codings(open_study(root), [read_codings(data, "Coded Segments.csv")])
    assert made.questions == ()
    assert set(made.unknown_codes) == {"Selection > Pros/Cons"}
    assert made.layers[0].after.segments[0].memo == "he hesitates"
    assert any("read as an export of MAXQDA" in warning for warning in made.warnings)


@pytest.mark.parametrize("coder", ["Ana; Ben", "ana/ben", "Ana & Ben", "Ana und Ben", "ana + ben"])
def test_several_coders_in_a_cell_are_no_coder(root: Path, coder: str) -> None:
    table = read_codings(comma(("coder", "quote", "codes"), (coder, FIRST, "advice")), "x.csv")
    with pytest.raises(PostilError, match="names 2 coders"):
        plan_codings(open_study(root), [table])
