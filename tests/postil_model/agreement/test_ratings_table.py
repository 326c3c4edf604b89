"""``postil agreement --ratings``: known answers through CSV, label sets, scales, and what is wrong with a table."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from postil_base.problem import PostilError
from postil_cli.commands.agreement import command
from tests.agreement_cases import of_kind


def run(path: Path, *arguments: str) -> str:
    answer = CliRunner().invoke(command, ["--ratings", str(path), *arguments], standalone_mode=False)
    if answer.exception is not None:
        raise answer.exception
    return answer.stdout


def written(path: Path, rows: list[list[str]]) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows(
        [["unit", *(f"r{g}" for g in range(len(rows[0])))], *([str(i), *r] for i, r in enumerate(rows))]
    )
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def hold(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, answer in expected.items():
        if name in ("bootstrap_items_percentile_ci95", "fleiss_kappa_category"):
            continue
        got = found["measures"][name]
        if answer["value"] is None:
            assert got["value"] is None
            assert got["undefined"]
            continue
        assert got["value"] == pytest.approx(answer["value"], abs=answer["tol"]), name
        assert got["undefined"] is None
        if "se" in answer:
            assert got["se"] == pytest.approx(answer["se"], abs=1e-6)
        if "ci95" in answer:
            low, high = answer["ci95"]
            floor = 0.0 if name == "percent_agreement" else low  # a share's interval is cut, with a remark
            assert got["ci95"] == pytest.approx([max(low, floor), high], abs=1e-6)
            assert (low >= 0 if name == "percent_agreement" else low >= -1) or got["notes"], name


@of_kind("ratings")
def test_known_answers_through_csv(case: dict[str, Any], tmp_path: Path) -> None:
    rows = [["" if rating is None else str(rating) for rating in row] for row in case["items"]]
    arguments = ["--categories", ",".join(map(str, case["cats"]))] if "cats" in case else []
    found = json.loads(run(written(tmp_path / "r.csv", rows), "--json", *arguments))
    hold(found, case["expected"])
    for category, value in case["expected"].get("fleiss_kappa_category", {}).get("value", {}).items():
        assert found["fleiss_kappa_category"][category] == pytest.approx(value, abs=1e-6)


@of_kind("crosstab")
def test_known_answers_of_cross_tables_as_rows(case: dict[str, Any], tmp_path: Path) -> None:
    cats = [str(c) for c in case["cats"]]
    rows = [
        [cats[i], cats[j]] for i, line in enumerate(case["table"]) for j, n in enumerate(line) for _ in range(int(n))
    ]
    found = json.loads(run(written(tmp_path / "r.csv", rows), "--json", "--categories", ",".join(cats)))
    hold(found, case["expected"])


@of_kind("sets")
def test_known_answers_of_sets_through_csv(case: dict[str, Any], tmp_path: Path) -> None:
    """With ``NA`` as missing, an empty cell is the empty set."""
    rows = [["NA" if labels is None else ";".join(labels) for labels in row] for row in case["items"]]
    hold(json.loads(run(written(tmp_path / "r.csv", rows), "--json", "--sets", "--missing", "NA")), case["expected"])


def test_braces_are_the_empty_set_where_an_empty_cell_is_missing(tmp_path: Path) -> None:
    path = written(tmp_path / "r.csv", [["a; b", "{}"], ["", "a"], ["a", "a"]])
    found = json.loads(run(path, "--json", "--sets"))
    assert found["units_with_two_ratings"] == 2
    assert found["categories"] == [[], ["a"], ["a", "b"]]
    assert found["measures"]["percent_agreement"]["value"] == 0.5


def test_a_coded_scale_gets_weights(tmp_path: Path) -> None:
    path = written(tmp_path / "r.csv", [["1", "2"], ["2", "2"], ["3", "3"], ["10", "3"]])
    found = json.loads(run(path, "--json", "--scale", "interval"))
    assert found["categories"] == ["1", "2", "3", "10"]
    kappa = found["measures"]["cohen_kappa"]["value"]
    assert kappa == pytest.approx(1 - (1 + 49) / (_expected([1, 2, 3, 10], [2, 2, 3, 3]) * 4))
    assert "gwet_ac2" in found["measures"]


def _expected(a: list[int], b: list[int]) -> float:
    return sum((x - y) ** 2 for x in a for y in b) / (len(a) * len(b))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        ("unit,a\n1,x\n", "two or more coders"),
        ("unit,a,a\n1,x,y\n", "two columns are called 'a'"),
        ("unit,a,b\n1,x\n", r":2: 2 cells, but the header has 3"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "r.csv").write_text(text)
    with pytest.raises(PostilError, match=message):
        run(tmp_path / "r.csv")


def test_a_column_of_comments_is_no_rating(tmp_path: Path) -> None:
    rows = [["a", f"comment {i}"] for i in range(2001)]
    with pytest.raises(PostilError, match=r"2,002 different ratings; is one of the columns \(r0, r1\) no rating"):
        run(written(tmp_path / "r.csv", rows))


def test_a_rating_outside_the_declared_categories_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PostilError, match=r"line 3: 'c' is not one of the declared categories a, b"):
        run(written(tmp_path / "r.csv", [["a", "b"], ["a", "c"]]), "--categories", "a,b")


def test_a_scale_of_words_without_an_order_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PostilError, match="'high' is not a number, so the order is unknown; declare"):
        run(written(tmp_path / "r.csv", [["1", "high"]]), "--scale", "ordinal")


def test_semicolons_between_columns_are_understood(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("unit;a;b\n1;x;x\n2;x;y\n")
    assert json.loads(run(tmp_path / "r.csv", "--json"))["measures"]["percent_agreement"]["value"] == 0.5


def test_undefined_is_said_in_the_table(tmp_path: Path) -> None:
    shown = run(written(tmp_path / "r.csv", [["a", "a"], ["a", "a"]]))
    row = next(line for line in shown.splitlines() if line.startswith("Krippendorff's alpha"))
    assert "undefined" in row
    assert "all pairable ratings are alike" in shown
    assert not re.search(r"\bnan\b", shown, re.IGNORECASE)
