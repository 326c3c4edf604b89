"""Tables of ratings as people bring them: each layout is read, refused with both readings, or warned of.

The small tables are ours, made after ReCal, irrCAC, SPSS, pandas and German spreadsheets.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_cli.commands.agreement import command
from postil_model.agreement.measures.alpha import krippendorff_alpha
from postil_model.agreement.measures.item_measures import item_measures
from postil_model.agreement.measures.kernels import Dense, Nearness, Ranked, Relative, Squared
from postil_model.agreement.measures.ratings import from_items
from postil_model.agreement.measures.scales import distances, distancing, weighting, weights


def run(path: Path, *arguments: str) -> str:
    answer = CliRunner().invoke(command, ["--ratings", str(path), *arguments], standalone_mode=False)
    if answer.exception is not None:
        raise answer.exception
    return answer.stdout


@pytest.fixture
def table(tmp_path: Path) -> Any:
    def write(content: str | bytes, name: str = "r.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def read(path: Path, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(path, "--json", *arguments))
    return found


def said(found: dict[str, Any]) -> str:
    return "; ".join([*found["read"]["how"], *found["read"]["warnings"]])


def alpha(found: dict[str, Any]) -> float:
    return float(found["measures"]["krippendorff_alpha"]["value"])


PLAIN = "unit,a,b\n1,x,x\n2,y,x\n3,y,y\n"
SAME_AS_PLAIN = {
    "totals": ("unit,a,b\n1,x,x\n2,y,x\n3,y,y\nTotal,2,2\n", "1 row of totals left out: line 5 ('Total')"),
    "a column beside": ("unit,a,b,agree\n1,x,x,1\n2,y,x,0\n3,y,y,1\n", "not read as a coder: agree"),
    "an id and a file": ("id,file,a,b\n1,i1,x,x\n2,i1,y,x\n3,i2,y,y\n", "not read as a coder: file"),
    "comments": ("unit,a,b,why\n1,x,x,sure\n2,y,x,a bit unclear\n3,y,y,quite\n4,,,odd\n", "not read as a coder: why"),
    "empty columns": ("unit,a,b,,\n1,x,x,,\n2,y,x,,\n3,y,y,,\n,,,,\n", "2 empty columns at the right left out"),
    "a last separator": ("unit,a,b\n1,x,x,\n2,y,x,\n3,y,y,\n", "1 empty column at the right left out"),
    "a coder who rated nothing": ("unit,a,b,c\n1,x,x,\n2,y,x,\n3,y,y,\n", "no unit is rated in it: c"),
    "Excel's line": ("sep=;\r\nunit;a;b\r\n1;x;x\r\n2;y;x\r\n3;y;y\r\n", "semicolons between cells (as its line sep="),
    "tabs": ("unit\ta\tb\n1\tx\tx\n2\ty\tx\n3\ty\ty\n", "tabs between cells"),
    "bars": ("unit|a|b\n1|x|x\n2|y|x\n3|y|y\n", "bars between cells"),
    "rows of ratings": (
        "rating,coder,unit\nx,a,1\nx,b,1\ny,a,2\nx,b,2\ny,a,3\ny,b,3\n",
        "long format: 'unit'",
    ),
    "no heading row": ("1,x,x\n2,y,x\n3,y,y\n", "no heading row"),
    "no unit column": ("c1,c2\nx,x\ny,x\ny,y\n", "commas between cells"),
    "neither": ("x,x\ny,x\ny,y\n", "no heading row: line 1 looks like ratings"),
    "columns of spaces": ("x x\ny x\ny y\n", "spaces between cells"),
    "an index of pandas": (",a,b\n0,x,x\n1,y,x\n2,y,y\n", "commas between cells"),
}


@pytest.mark.parametrize("name", SAME_AS_PLAIN)
def test_one_table_in_many_layouts(name: str, table: Any) -> None:
    text, sentence = SAME_AS_PLAIN[name]
    found = read(table(text))
    if name == "comments":  # it has one unit more, which nobody rated
        assert found["read"]["units"] == 4 and found["units_with_two_ratings"] == 3
    assert alpha(found) == pytest.approx(4 / 9)
    assert found["measures"]["percent_agreement"]["value"] == pytest.approx(2 / 3)
    assert len(found["coders"]) == 2
    assert sentence in said(found)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_encodings_are_read_and_said(encoding: str, table: Any) -> None:
    found = read(table("unit;Jörg;Zoë\n1;schön;schön\n2;schön;häßlich\n".encode(encoding)))
    assert found["coders"] == ["Jörg", "Zoë"] and found["categories"] == ["häßlich", "schön"]
    assert encoding == "utf-8-sig" or "encoding" in said(found)


def test_decimal_commas_are_numbers(table: Any) -> None:
    found = read(table("Einheit;Anna;Bernd\n1;1,5;1.5\n2;2,0;2\n".replace("1.5", "1,5")), "--scale", "interval")
    assert found["categories"] == ["1.5", "2"] and alpha(found) == 1
    assert "decimal commas" in said(found) and "2 and 2,0 are one category" in said(found)


def test_a_comma_that_may_part_thousands_is_asked_about(table: Any) -> None:
    path = table("unit;a;b\n1;1,500;1,500\n2;2,250;1,500\n")
    with pytest.raises(PostilError, match=r"'1,500' can be read in two ways.*--decimal comma"):
        run(path, "--scale", "interval")
    assert read(path, "--scale", "interval", "--decimal", "comma")["categories"] == ["1.5", "2.25"]


def test_one_and_one_point_zero_are_one_category(table: Any) -> None:
    """The table of issue reports on pandas: a column with a gap is written with decimals (AC2: Gwet's code)."""
    path = table("unit,c1,c2\n1,1,1.0\n2,2,2.0\n3,3,3.0\n4,1,2.0\n5,2,2.0\n6,3,\n7,2,1.0\n")
    found = read(path)
    assert found["categories"] == ["1", "2", "3"] and alpha(found) == pytest.approx(0.5)
    for scale, error in (("interval", 0.208), ("ratio", 0.282)):
        assert read(path, "--scale", scale)["measures"]["gwet_ac2"]["se"] == pytest.approx(error, abs=5e-4)


@pytest.mark.parametrize("word", ["NA", "N/A", "nan", "NaN", "None", "NULL", "", "  ", "\u00a0"])
def test_missing_ratings_of_any_program(word: str, table: Any) -> None:
    found = read(table(f"unit,a,b,c\n1,1,1,{word}\n2,2,2,\n3,1,,1\n4,2,NA,2\n"))
    assert alpha(found) == 1 and found["read"]["empty_cells"] == 4 and "4 missing ratings: " in said(found)


def test_a_word_that_is_declared_is_no_missing_rating(table: Any) -> None:
    path = table("unit,a,b\n1,None,None\n2,x,x\n3,x,None\n")
    assert read(path)["categories"] == ["x"]
    assert read(path, "--categories", "None,x")["categories"] == ["None", "x"]


@pytest.mark.parametrize("sign", [".", "-", "none", "?", "99"])
def test_a_sign_that_may_be_missing_is_warned_of(sign: str, table: Any) -> None:
    path = table(f"unit,a,b\n1,1,1\n2,2,{sign}\n3,2,2\n")
    assert f"'{sign}' in 1 cell counts as a rating" in said(read(path))
    assert "counts as a rating" not in said(read(path, "--missing", sign))


def test_words_that_differ_in_writing_are_warned_of_and_folded(table: Any) -> None:
    path = table("unit,a,b\n1,Yes,yes\n2,no,No\n3,ja\u00a0,ja\n4,Caf\u00e9,Cafe\u0301\n5,nein,nein\u200b\n")
    plain, folded = read(path), read(path, "--fold")
    for part in ("'Yes' and 'yes' count as 2 categories (2 cells)", "only in capitals", "how an accent is stored"):
        assert part in said(plain)
    assert "'ja' and 'ja\\xa0'" in said(plain) and "--fold" in said(plain)
    assert plain["measures"]["percent_agreement"]["value"] == 0
    assert folded["measures"]["percent_agreement"]["value"] == 1 and "counted as 'No'" in said(folded)


def test_words_have_an_order_when_it_is_declared(table: Any) -> None:
    words = table("unit,a,b,c\n1,low,low,medium\n2,low,high,high\n3,medium,medium,high\n4,high,high,high\n")
    numbers = table("unit,a,b,c\n1,1,1,2\n2,1,3,3\n3,2,2,3\n4,3,3,3\n", "n.csv")
    by_word = read(words, "--scale", "ordinal", "--categories", "low,medium,high")
    by_number = read(numbers, "--scale", "ordinal")
    for name, estimate in by_word["measures"].items():
        assert estimate["value"] == pytest.approx(by_number["measures"][name]["value"]), name
    with pytest.raises(PostilError, match="from the lowest to the highest: --categories high,low,medium"):
        run(words, "--scale", "ordinal")


TRANSPOSED = "rater,u1,u2,u3,u4,u5,u6,u7,u8,u9,u10\nA,1,1,0,0,0,0,0,0,0,0\nB,0,1,1,0,0,1,0,1,0,0\n"
COUNTS = "subject,cat1,cat2,cat3\n1,0,0,14\n2,0,2,12\n3,0,0,14\n"


@pytest.mark.parametrize(
    ("text", "both"),
    [
        (TRANSPOSED, ("--transposed", "--columns")),
        (COUNTS, ("--counts", "--columns")),
        ("Anna,Ben,Cleo\n1,2,3\n2,3,2\n3,1,2\n", ("--unit-column", "--no-unit-column")),
        ("u,k1\nk1,k2\nk1,k1\nk2,k1\n", ("--heading", "--no-heading")),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_both(text: str, both: tuple[str, str], table: Any) -> None:
    path = table(text)
    with pytest.raises(PostilError, match="can be read in two ways") as refused:
        run(path)
    for option in both:
        assert option in str(refused.value)
        assert read(path, option)["measures"]


def test_coders_in_rows_and_counts_by_category(table: Any) -> None:
    turned = read(table(TRANSPOSED), "--transposed")
    assert turned["coders"] == ["A", "B"] and turned["units"] == 10 and alpha(turned) == pytest.approx(0.095, abs=5e-4)
    counted = read(table(COUNTS), "--counts")
    assert counted["measures"]["fleiss_kappa"]["value"] == pytest.approx(0.031, abs=5e-4)
    assert counted["read"]["categories"] == 3 and "cohen_kappa" not in counted["measures"]


def test_the_published_table_of_fleiss_as_counts(table: Any) -> None:
    """Fleiss 1971, table 1 as in Wikipedia's example: 10 subjects, 14 coders, 5 categories; kappa 0.210."""
    rows = [
        "0,0,0,0,14",
        "0,2,6,4,2",
        "0,0,3,5,6",
        "0,3,9,2,0",
        "2,2,8,1,1",
        "7,7,0,0,0",
        "3,2,6,3,0",
        "2,5,3,2,2",
        "6,5,2,1,0",
        "0,2,2,3,7",
    ]
    text = "subject,1,2,3,4,5\n" + "".join(f"s{i},{row}\n" for i, row in enumerate(rows))
    assert read(table(text), "--counts")["measures"]["fleiss_kappa"]["value"] == pytest.approx(0.210, abs=5e-4)


def test_repeated_units_are_warned_of(table: Any) -> None:
    assert "2 units named more than once, each row counted: '1' in lines 2, 6; '2' in lines 3, 4" in said(
        read(table("unit,a,b\n1,x,x\n2,y,x\n2,y,y\n3,y,y\n1,x,x\n"))
    )


def test_a_unit_rated_twice_by_a_coder_is_refused(table: Any) -> None:
    with pytest.raises(PostilError, match=r"r.csv:4: a rates unit 1 again, and otherwise than in line 2"):
        run(table("unit,coder,rating\n1,a,x\n1,b,x\n1,a,y\n"))


def test_a_workbook_and_an_open_document(table: Any) -> None:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    sheet = book.create_sheet("ratings", 0)
    for row in (("unit", "a", "b"), (1, 1, 1.0), (2, 2, 1), (3, 2, 2)):
        sheet.append(row)
    book["Sheet"].append(["of no interest", "here"])
    book.save(out)
    found = read(table(out.getvalue(), "r.xlsx"))
    assert alpha(found) == pytest.approx(4 / 9) and "the sheet 'Sheet' was not read" in said(found)
    opened = read(table(_ods([["unit", "a", "b"], ["1", "x", "x"], ["2", "y", "x"], ["3", "y", "y"]]), "r.ods"))
    assert alpha(opened) == pytest.approx(4 / 9)


def _ods(rows: list[list[str]]) -> bytes:
    cells = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        for row in rows
    )
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return out.getvalue()


def test_thousands_of_measurements(table: Any) -> None:
    random = np.random.default_rng(7)
    true = random.normal(50, 10, 1200)
    values = np.round(true[:, None] + random.normal(0, 1, (1200, 2)), 3)
    path = table("unit,a,b\n" + "".join(f"{i},{a},{b}\n" for i, (a, b) in enumerate(values.tolist())))
    found = read(path, "--scale", "interval")
    n = values.size
    within = ((values[:, 0] - values[:, 1]) ** 2).sum()
    between = 2 * n * (values**2).sum() - 2 * values.sum() ** 2  # sum of (x-y)^2 over all ordered pairs
    assert alpha(found) == pytest.approx(1 - (n - 1) * 2 * within / between)
    with pytest.raises(PostilError, match=r"different numbers are too many for categories.*--scale interval"):
        run(path)


@pytest.mark.parametrize("format_", ["table", "json", "md", "latex", "html"])
def test_every_output_begins_with_what_was_read(format_: str, table: Any) -> None:
    text = run(table(PLAIN), "--format", format_)
    place = text.find("3 units") if format_ != "json" else text.find('"units": 3')
    assert 0 <= place < text.find("0.444" if format_ in ("table", "md", "html") else "0.44")


def test_options_that_do_not_apply_are_refused(table: Any) -> None:
    path = table(PLAIN)
    with pytest.raises(PostilError, match="--gamma does not apply to a table of ratings"):
        run(path, "--gamma")
    with pytest.raises(PostilError, match="--unit, --round do not apply"):
        run(path, "--round", "R1", "--unit", "word")
    with pytest.raises(PostilError, match="has no transcripts; --by takes category or pair"):
        run(path, "--by", "transcript")
    answer = CliRunner().invoke(command, ["--fold"], standalone_mode=False)
    assert "--fold does not apply without --ratings FILE" in str(answer.exception)


def test_options_that_apply_work(table: Any) -> None:
    path = table("unit,a,b,c\n1,x,x,y\n2,y,x,y\n3,y,y,y\n4,x,x,x\n")
    assert read(path, "--coders", "a,b")["coders"] == ["a", "b"]
    assert list(read(path, "--measure", "alpha")["measures"]) == ["krippendorff_alpha"]
    assert run(path, "--by", "pair", "--format", "csv").startswith("coders,measure")
    with pytest.raises(PostilError, match="no column is called 'z'; there are a, b, c"):
        run(path, "--coders", "a,z")
    with pytest.raises(PostilError, match="no measure of this table is called 'kappa2'"):
        run(path, "--measure", "kappa2")


def test_bootstrap_over_units(table: Any) -> None:
    """Agreement of a coin with itself: the percentiles of a mean of 40 units, 30 of them agreed upon."""
    path = table("unit,a,b\n" + "".join(f"{i},x,{'x' if i % 4 else 'y'}\n" for i in range(40)))
    found = read(path, "--interval", "bootstrap")["measures"]["percent_agreement"]
    assert found["value"] == 0.75
    assert found["se"] == pytest.approx((0.75 * 0.25 / 40) ** 0.5, rel=0.1)
    assert found["ci95"][0] == pytest.approx(0.625, abs=0.051) and found["ci95"][1] == pytest.approx(0.875, abs=0.051)
    assert read(path, "--interval", "bootstrap") == read(path, "--interval", "bootstrap")


def test_one_unit_with_two_ratings_has_no_interval(table: Any) -> None:
    found = read(table("unit,a,b\n1,x,x\n2,y,\n"))
    for estimate in found["measures"].values():
        assert estimate["se"] is None and estimate["ci95"] is None


cells = st.sampled_from(["x", "y", "z", ""])


@given(st.lists(st.tuples(cells, cells, cells), min_size=2, max_size=12))
def test_no_interval_leaves_the_range_or_lacks_width_without_a_remark(rows: list[tuple[str, str, str]]) -> None:
    from postil_formats.ratings.shape import Asked
    from postil_model.agreement.ratings_table import RatingsOptions, ratings_result

    text = "unit,a,b,c\n" + "".join(f"u{i},{','.join(row)}\n" for i, row in enumerate(rows))
    asked = Asked(heading=True, unit_column=True, layout="columns", coders=("a", "b", "c"))
    result = ratings_result(text, "r.csv", RatingsOptions(categories=("x", "y", "z"), shape=asked))
    for name, estimate in result.measures.items():
        if estimate.ci95 is None:
            continue
        low, high = estimate.ci95
        assert high <= 1
        assert (low >= -1 and high - low > 1e-6) or estimate.notes, name
        if "agreement" in name:
            assert low >= 0 and estimate.se is not None and estimate.se <= 0.5


values = st.lists(st.integers(0, 60), min_size=2, max_size=9, unique=True)


@given(values, st.sampled_from(["ordinal", "interval", "ratio"]))
def test_operators_are_the_matrices_they_stand_for(numbers: list[int], scale: Any) -> None:
    x = sorted(map(float, numbers))
    margins = np.arange(1.0, len(x) + 1)
    pairs = [(weighting(scale, x), weights(scale, x)), (distancing(scale, x, margins), distances(scale, x, margins))]
    for kernel, matrix in pairs:
        first, second = np.indices(matrix.shape)
        assert kernel.at(first.ravel(), second.ravel()).reshape(matrix.shape) == pytest.approx(matrix)
        vectors = np.vstack([margins, np.eye(len(x))[0]])
        assert kernel.times(vectors) == pytest.approx(vectors @ matrix)
        assert kernel.times(margins) == pytest.approx(matrix @ margins)
        assert kernel.total == pytest.approx(matrix.sum()) and kernel.largest == pytest.approx(matrix.max())


def test_many_categories_give_what_few_give() -> None:
    """The walk through pairs of coders and the count by category are two ways to one number."""
    random = np.random.default_rng(3)
    items = [[f"k{v:03}" if random.random() > 0.1 else None for v in row] for row in random.integers(0, 90, (80, 4))]
    few = [f"k{v:03}" for v in range(90)]
    for measure, other in zip(
        item_measures(from_items(items, few)).values(),
        item_measures(from_items(items, few[:90])).values(),
        strict=True,
    ):
        assert measure == other
    ratings = from_items(items)
    assert krippendorff_alpha(ratings).value == pytest.approx(krippendorff_alpha(ratings, 1 - np.eye(ratings.q)).value)


def test_kernels_are_named_for_what_they_hold() -> None:
    assert Dense(np.zeros((0, 0))).largest == 0 and Squared(np.zeros(0)).largest == 0
    assert Ranked(4).largest == 6 and Nearness(Ranked(1)).total == 1
    assert Relative(np.array([0.0, 0.0])).total == 0
