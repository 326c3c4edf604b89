"""Tables of ratings from other hands: no ghost coder, no ghost unit, no number read for another in silence."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from postil_base.problem import PostilError
from postil_formats.ratings.numerals import plain_numbers
from postil_formats.ratings.shape import Asked
from postil_model.agreement.ratings_table import RatingsOptions, RatingsResult, ratings_result

BODY = "1{0}x{0}x\n2{0}y{0}x\n3{0}y{0}y\n4{0}x{0}x\n5{0}y{0}y\n"
ALPHA = 0.64  # 1 - (10 - 1) * 2 / (2 * 5 * 5): five units, one of them in disagreement, five x and five y


def read(text: str | bytes, name: str = "r.csv", **options: Any) -> RatingsResult:
    return ratings_result(text, name, RatingsOptions(**options))


def alpha(result: RatingsResult) -> float | None:
    return result.measures["krippendorff_alpha"].value


def said(result: RatingsResult) -> str:
    return "; ".join([*result.read.how, *result.read.warnings])


TOTALS = [
    "Summe:",
    "Gesamtsumme",
    "Insgesamt",
    "Anzahl",
    "Mittelwert",
    "Übereinstimmung",
    "Σ",
    "Suma",
    "Promedio",
    "Media",
    "Total:",
    "Somme",
    "Moyenne",
    "Totale",
    "Totaal",
    "Gemiddelde",
    "Kappa",
    "count",
    "合計",
    "n=5",
]


@pytest.mark.parametrize("word", [*TOTALS, "% agreement", "Grand Total", ""])
def test_totals_are_left_out_in_any_language(word: str) -> None:
    result = read("unit,a,b\n" + BODY.format(",") + f"{word},3,2\n")
    assert result.read.units == 5 and alpha(result) == pytest.approx(ALPHA)
    assert "1 row of totals left out: line 7" in said(result)


def test_totals_below_a_second_column_of_names_or_without_one() -> None:
    assert read("id,file,a,b\n1,f1,x,x\n2,f1,y,x\n3,f2,y,y\n,Total,2,2\n").read.units == 3
    assert read("a,b\nx,x\ny,x\ny,y\nTotal: 3,2\n").read.units == 3


def test_numbers_that_no_unit_is_named_for_are_warned_of() -> None:
    assert "line 5 names no unit and counts as one" in said(read("unit,a,b\n1,1,1\n2,2,1\n3,2,2\n,5,4\n"))


COLUMNS = {
    "Anmerkung": ("unklar", "", "", "", ""),
    "Hinweis": ("siehe x", "", "y", "", "x"),
    "Observaciones": ("duda", "", "", "", ""),
    "Notes on coding": ("x", "", "", "", ""),
    "Konsens": ("x", "x", "y", "x", "y"),
    "final code": ("x", "x", "y", "x", "y"),
    "gold": ("x", "x", "y", "x", "y"),
    "Übereinstimmung": ("1", "0", "1", "1", "1"),
    "a_conf": ("3", "4", "4", "5", "5"),
    "segment": ("1", "2", "1", "2", "3"),
    "": ("hm", "", "", "", ""),
}


@pytest.mark.parametrize("title", COLUMNS)
def test_columns_that_are_no_coders(title: str) -> None:
    rows = zip(BODY.format(",").splitlines(), COLUMNS[title], strict=True)
    result = read(f"unit,a,b,{title}\n" + "".join(f"{row},{cell}\n" for row, cell in rows))
    assert result.ratings.coders == ("a", "b") and alpha(result) == pytest.approx(ALPHA)
    assert f"not read as a coder: {title or 'column 4'}" in said(result)


def test_a_coder_called_max_and_one_who_uses_a_category_alone_are_coders() -> None:
    result = read("unit,Max,Anna,Ben\n1,x,x,z\n2,y,x,z\n3,y,y,z\n")
    assert result.ratings.coders == ("Max", "Anna", "Ben")
    assert "Ben shares no rating with the other coders" in said(result)


def test_a_unit_is_named_by_several_columns() -> None:
    result = read("doc,segment,turn,a,b\nd1,1,3,x,x\nd1,2,4,y,x\nd2,1,1,y,y\n")
    assert result.ratings.coders == ("a", "b") and "named more than once" not in said(result)


MARGINS = {
    "a title": ("Inter-rater 2024,,\n", ""),
    "a title of its own length": ("Study: why people go\n", ""),
    "titles": ("Study\nRound 2\n", ""),
    "a comment": ("# made by me\n", ""),
    "a remark below": ("", "\nCoded in May,,\n"),
    "a short remark": ("", '"x = there, y = not"\n'),
}


@pytest.mark.parametrize("name", MARGINS)
def test_what_stands_around_a_table_is_left_out_and_said(name: str) -> None:
    above, below = MARGINS[name]
    result = read(f"{above}unit,a,b\n{BODY.format(',')}{below}")
    assert (result.read.units, result.ratings.coders) == (5, ("a", "b")) and alpha(result) == pytest.approx(ALPHA)
    assert "outside the table left out: line " in said(result)


SECOND = {
    "below": ("unit,a,b\n" + BODY.format(",") + "\nunit,a,b\n1,x,x\n", "a heading stands below the table"),
    "below a title": ("unit,a,b\n" + BODY.format(",") + "\nRound 2,,\nunit,c,d\n1,p,q\n", "a heading stands below"),
    "beside": ("unit,a,b,,unit,c,d\n1,x,x,,1,p,p\n2,y,x,,2,q,p\n3,y,y,,3,q,q\n", "side by side"),
    "a heading of two rows": ("unit,coders,\n,anna,ben\n1,x,x\n2,y,x\n3,y,y\n", "a second heading"),
    "labels below names": ("unit,a,b\nid,coder A,coder B\n1,x,x\n2,y,x\n3,y,y\n", "a second heading"),
    "words above numbers": ("unit,a,b\nu0,first,second\nu1,1,2\nu2,2,2\nu3,1,1\n", "a second heading"),
}


@pytest.mark.parametrize("name", SECOND)
def test_a_second_table_or_heading_is_refused(name: str) -> None:
    text, sentence = SECOND[name]
    with pytest.raises(PostilError, match=sentence):
        read(text)


def test_ratings_that_are_words_of_headings_are_ratings() -> None:
    """The first row of a table without heading is a unit, also if it is "yes,no" or "agree,neutral"."""
    assert read("yes,no\nyes,yes\nno,no\nno,yes\n").read.units == 4
    assert read("no,yes,yes\nyes,no,yes\nno,no,no\n").read.units == 3


def test_names_of_coders_that_are_ratings_too_are_asked_about() -> None:
    for text in ("A,B,C\nA,A,B\nB,B,B\nC,C,C\n", "1,2,3\n1,1,1\n2,2,1\n3,3,3\n1,1,1\n"):
        with pytest.raises(PostilError, match="the first row can be read in two ways"):
            read(text)
        assert read(text, shape=Asked(heading=True, unit_column=False)).read.units == text.count("\n") - 1
    assert "line 1 (A, B) counts as ratings" in said(read("A,B\nA,A\nB,B\nA,B\nB,B\n"))


@pytest.mark.parametrize("heading", ["Codificador", "", "who"])
def test_coders_in_rows_are_asked_about_whatever_the_heading(heading: str) -> None:
    text = f"{heading},E1,E2,E3,E4\nAna,x,y,y,x\nLuis,x,x,y,x\n"
    with pytest.raises(PostilError, match="--transposed"):
        read(text)
    assert read(text, shape=Asked(layout="rows")).ratings.coders == ("Ana", "Luis")


LONG = ("unidad;codificador;código", "Einheit;Kodiererin;Bewertung", "task;user;choice", "sample;annotator;answer")


@pytest.mark.parametrize("heading", LONG)
def test_rows_of_ratings_in_other_words(heading: str) -> None:
    result = read(heading + "\n1;A;x\n1;B;x\n2;A;y\n2;B;x\n3;A;y\n3;B;y\n")
    assert result.read.units == 3 and alpha(result) == pytest.approx(4 / 9)


def test_rows_of_ratings_in_unknown_words_are_asked_about() -> None:
    with pytest.raises(PostilError, match="--long"):
        read("wer,was,wo\nu1,p,x\nu2,q,x\nu3,p,y\nu4,q,y\n")


def test_units_of_a_long_table_are_named_by_document_and_segment() -> None:
    """Segment 1 of two documents are two units: neither merged nor refused as rated twice."""
    result = read(
        "id,document,segment,coder,code\n1,d1,1,A,x\n2,d1,1,B,x\n3,d1,2,A,x\n4,d1,2,B,y\n5,d2,1,A,y\n6,d2,1,B,y\n"
    )
    assert result.read.units == 3 and result.read.units_with_two == 3 and "not used: id" in said(result)
    again = read("unit,coder,rating\n1,A,x\n1,B,x\n1,A,x\n2,A,y\n2,B,x\n")
    assert "1 rating given again by the same coder to the same unit (lines 4)" in said(again)


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        ("unit,theme_anna,theme_ben,tone_anna,tone_ben\n1,1,1,0,0\n2,0,1,1,1\n3,0,0,1,0\n", "coders by codes"),
        ("id,yes,no\n1,1,0\n2,0,1\n3,1,0\n", "each row adds up to 1"),
        ("unit;a;b\n1;1.500;1.500\n2;2.250;1.500\n3;12.000;12.000\n", "'1.500' can be read in two ways"),
        ("unit,a,b\n1,10%,10%\n2,0.2,10%\n3,35%,35%\n", "some numbers have a percent sign"),
    ],
)
def test_further_tables_with_two_readings(sheet: str, sentence: str) -> None:
    with pytest.raises(PostilError, match=sentence):
        read(sheet)


@pytest.mark.parametrize(
    ("cells", "decimal", "values"),
    [
        (("1.500,5", "2.250,0", "12,0"), "", ["1500.5", "2250", "12"]),
        (("1,234.5", "2"), "", ["1234.5", "2"]),
        (("1.500.000", "12"), "", ["1500000", "12"]),
        (("1 500", "1\u202f500"), "", ["1500", "1500"]),
        (("1'500", "12.5"), "", ["1500", "12.5"]),
        (("1.500", "2.250"), "comma", ["1500", "2250"]),
        (("1,500", "2,250"), "point", ["1500", "2250"]),
        (("1.500", "2.25"), "", ["1.5", "2.25"]),
        (("10%", "12,5 %"), "", ["10", "12.5"]),
        (("\u22121", "-1.0"), "", ["-1", "-1"]),
    ],
)
def test_numbers_as_people_write_them(cells: tuple[str, ...], decimal: str, values: list[str]) -> None:
    names, _ = plain_numbers(cells, decimal, points_doubtful=True)
    assert [names[cell] for cell in cells] == values


@pytest.mark.parametrize("cell", ["1.5", "1.5e3", "1.50"])
def test_a_point_is_no_decimal_comma(cell: str) -> None:
    with pytest.raises(ValueError, match="no number with a decimal comma"):
        plain_numbers([cell, "2,5"], "comma")


@pytest.mark.parametrize(
    "sign", ["k.A.", "keine Angabe", "n. a.", "fehlt", "—", "*", "#DIV/0!", "n/d", "not coded", "(blank)", "-88"]
)
def test_further_signs_that_may_be_missing_are_warned_of(sign: str) -> None:
    text = f"unit,a,b\n1,yes,yes\n2,no,{sign}\n3,no,no\n4,NA,yes\n"
    assert "counts as a rating" in said(read(text))
    named = read(text, missing=f"{sign},99")
    assert named.read.missing == 2 and "counts as a rating" not in said(named)


@pytest.mark.parametrize("mark", ["9", "88", "97", "-98", "998", "9999"])
def test_numbers_that_may_be_missing_are_warned_of(mark: str) -> None:
    assert f"'{mark}' in 1 cell counts as" in said(read(f"unit,a,b\n1,1,1\n2,2,{mark}\n3,3,3\n"))
    assert "counts as a rating" not in said(read("unit,a,b\n1,7,7\n2,8,9\n3,9,9\n"))


def test_cells_of_several_labels_are_warned_of() -> None:
    assert "add --sets" in said(read("unit,a,b\n1,x;y,x\n2,y,y\n3,x,x;y\n"))


def _book(rows: list[tuple[Any, ...]]) -> bytes:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    sheet = book.create_sheet("ratings", 0)
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def test_formulas_without_values_are_no_ratings() -> None:
    rows = [("unit", "a", "b", "eq"), (1, "x", "x", "=B2=C2"), (2, "y", "x", "=B3=C3"), (3, "y", "y", "=B4=C4")]
    assert read(_book(rows), "r.xlsx").ratings.coders == ("a", "b")
    with pytest.raises(PostilError, match=r"r.xlsx:5: '=COUNTA\(B2:B4\)' is a formula without its value"):
        read(_book([*rows, ("u4", "=COUNTA(B2:B4)", "x", "")]), "r.xlsx")


def test_a_table_in_a_corner_or_in_markdown(tmp_path: Path) -> None:
    rows = [(), (), (None, "unit", "a", "b"), (None, 1, "x", "x"), (None, 2, "y", "x"), (None, 3, "y", "y")]
    assert alpha(read(_book(rows), "r.xlsx")) == pytest.approx(4 / 9)
    assert read("| unit | a | b |\n|---|---|---|\n| 1 | x | x |\n| 2 | y | x |\n").ratings.coders == ("a", "b")
    assert alpha(read('"sep=;"\r\nunit;a;b\r\n1;x;x\r\n2;y;x\r\n3;y;y\r\n')) == pytest.approx(4 / 9)


def test_totals_in_tables_of_counts_are_no_category_and_no_unit() -> None:
    plain = read("id,yes,no\n1,3,0\n2,2,1\n3,1,2\n4,0,3\n", shape=Asked(layout="counts"))
    summed = read("id,yes,no,total\n1,3,0,3\n2,2,1,3\n3,1,2,3\n4,0,3,3\nSumme,6,6,12\n", shape=Asked(layout="counts"))
    assert summed.ratings.categories == ("yes", "no") and summed.read.units == 4
    assert "columns of totals left out: total" in said(summed)
    values = {name: measure.value for name, measure in plain.measures.items()}
    assert {name: measure.value for name, measure in summed.measures.items()} == values
