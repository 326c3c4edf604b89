"""Tables of ratings that may be counts, and rows and columns headed N: read for what they are, or asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from postil_base.problem import PostilError
from tests.postil_formats.ratings.test_files import read, said


def found(tmp_path: Path, text: str, *arguments: str) -> dict[str, Any]:
    path = tmp_path / "x.csv"
    path.write_text(text)
    return read(path, *arguments)


WORDS, NUMBERS = "unit,ana,ben\n1,a,b\n2,a,a\n3,b,b\n", "unit,ana,ben\n1,4,5\n2,5,5\n3,1,2\n"


@pytest.mark.parametrize("head", ["N", "n", "N.", "#", "No"])
@pytest.mark.parametrize("table", [WORDS, NUMBERS])
def test_a_row_headed_n_that_counts_the_ratings_is_left_out(tmp_path: Path, table: str, head: str) -> None:
    made = found(tmp_path, f"{table}{head},3,3\n")
    assert made["units"] == 3
    assert "1 row of totals left out: line 5" in said(made)


def test_missing_ratings_do_not_count(tmp_path: Path) -> None:
    made = found(tmp_path, "unit,ana,ben\n1,4,5\n2,,5\n3,1,2\n4,1,1\nN,3,4\n")
    assert made["units"] == 4


@pytest.mark.parametrize("row", ["N,12,12", "M,3.3,4", "n,1,2", "%,50,60"])
def test_a_row_headed_by_a_letter_that_may_be_a_unit_is_asked_about(tmp_path: Path, row: str) -> None:
    with pytest.raises(PostilError, match="can be read in two ways"):
        found(tmp_path, f"{NUMBERS}{row}\n")


def test_units_called_by_letters_are_units(tmp_path: Path) -> None:
    assert found(tmp_path, "unit,ana,ben\nL,4,5\nM,5,5\nN,1,2\n")["units"] == 3


def test_a_column_headed_n_that_counts_the_ratings_is_no_coder(tmp_path: Path) -> None:
    made = found(tmp_path, "unit,ana,ben,N\n1,1,3,2\n2,2,2,2\n3,3,3,2\n4,1,1,2\n")
    assert made["coders"] == ["ana", "ben"]
    assert "not read as a coder: N" in said(made)
    assert found(tmp_path, "unit,A,B,N\n1,1,3,2\n2,2,2,2\n3,3,3,2\n4,1,1,2\n")["coders"] == ["A", "B", "N"]


COUNTS = [
    "unit,high,low,maybe\n1,5,0,0\n2,0,4,0\n3,3,1,0\n4,0,0,5\n",
    "unit,high,low\n1,5,0\n2,0,4\n3,3,0\n4,0,2\n5,1,3\n",
    "unit,a,b,c,d\n1,0,0,6,0\n2,1,4,0,0\n3,0,0,0,3\n4,2,0,2,1\n",
    "unit,high,low\n1,5,\n2,,5\n3,3,2\n4,,5\n",
]


@pytest.mark.parametrize("text", COUNTS)
def test_counts_with_other_sums_are_asked_about(tmp_path: Path, text: str) -> None:
    with pytest.raises(PostilError, match=r"add --counts; if they are ratings, add --columns"):
        found(tmp_path, text)
    counted, rated = found(tmp_path, text, "--counts"), found(tmp_path, text, "--columns")
    assert "coders are not told apart" in said(counted)
    assert len(rated["coders"]) == text.split("\n")[0].count(",")


@pytest.mark.parametrize(
    "text",
    [
        "unit,a,b,c\n1,0,1,1\n2,0,0,0\n3,1,1,0\n4,2,1,2\n",
        "unit,a,b\n1,0,1\n2,1,1\n3,0,0\n4,1,0\n",
        "unit,a,b,c\n1,3,,3\n2,,2,2\n3,1,1,\n4,,4,5\n",
        "unit,a,b,c\n1,0,,0\n2,,2,2\n3,1,1,\n4,,4,5\n",
        "unit,a,b\n1,10,12\n2,0,3\n3,40,38\n4,22,20\n",
    ],
)
def test_ratings_are_not_asked_about(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text)["units"] == 4


def test_a_column_of_sums_beside_counts_is_left_out(tmp_path: Path) -> None:
    made = found(tmp_path, "unit,yes,no,N\n1,5,0,5\n2,1,3,4\n3,3,0,3\n4,0,2,2\n", "--counts")
    assert "columns of totals left out: N" in said(made)
