"""Item measures against the known answers (values, standard errors, intervals, undefined) and against peers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import pytest

from postil_model.agreement.measures import multi
from postil_model.agreement.measures.estimate import Estimate
from postil_model.agreement.measures.item_measures import NOMINAL, bootstrap_items, item_measures
from postil_model.agreement.measures.ratings import Ratings, from_crosstab, from_items
from postil_model.agreement.measures.scales import jaccard_distance, masi_distance, set_distances
from postil_model.agreement.measures.sets import from_set_items, set_measures
from tests.agreement_cases import CASES, of_kind


def ratings_of(case: Mapping[str, Any]) -> Ratings:
    if case["kind"] == "crosstab":
        return from_crosstab(case["table"], case["cats"])
    items: list[list[Hashable | None]] = case["items"]
    return from_items(items, case.get("cats"))


def hold(got: Estimate, expected: Mapping[str, Any], name: str) -> None:
    """Compare with a known answer: value within its tolerance, error and interval to 1e-6, undefined as such."""
    if expected["value"] is None:
        assert got.value is None, f"{name} is {got.value}, expected undefined"
        assert got.undefined
        return
    assert got.value is not None, f"{name} undefined: {got.undefined}"
    assert got.value == pytest.approx(expected["value"], abs=expected["tol"]), name
    if "published" in expected:
        assert got.value == pytest.approx(expected["published"], abs=expected["published_tol"]), name
    if "se" in expected:
        assert got.se == pytest.approx(expected["se"], abs=1e-6), name
    if "ci95" in expected:
        assert got.ci95 == pytest.approx(tuple(expected["ci95"]), abs=1e-6), name


def test_every_known_answer_says_where_it_is_from() -> None:
    """As many as docs/methods.md says."""
    made_here = [case for case in CASES if case["source"].startswith("generated")]
    assert len({case["id"] for case in CASES}) == len(CASES)
    assert all(case["source"] and (case["expected"] or case.get("pairs")) for case in CASES)
    methods = (Path(__file__).resolve().parents[4] / "docs" / "methods.md").read_text(encoding="utf-8")
    said = f"{len(CASES)} known answers in `tests/known_answers/`, {len(CASES) - len(made_here)} of them"
    assert said in " ".join(methods.split())


@of_kind("ratings", "crosstab")
def test_known_answers(case: dict[str, Any]) -> None:
    ratings = ratings_of(case)
    got = item_measures(ratings)
    for name, expected in case["expected"].items():
        if name == "fleiss_kappa_category":
            by_category = multi.fleiss_kappa_category(ratings)
            for category, value in expected["value"].items():
                assert by_category[category].value == pytest.approx(value, abs=expected["tol"])
                assert by_category[category].value == pytest.approx(
                    expected["published"][category], abs=expected["published_tol"]
                )
        elif name == "bootstrap_items_percentile_ci95":
            for measure, interval in expected["value"].items():
                assert bootstrap_items(ratings, NOMINAL[measure], 2000) == pytest.approx(
                    tuple(interval), abs=expected["tol"]
                )
        else:
            hold(got[name], expected, name)


@of_kind("sets")
def test_known_answers_of_sets(case: dict[str, Any]) -> None:
    got = set_measures(from_set_items(case["items"]))
    for name, expected in case["expected"].items():
        hold(got[name], expected, name)


@of_kind("set_distance")
def test_known_set_distances(case: dict[str, Any]) -> None:
    for pair in case["pairs"]:
        a, b = set(pair["a"]), set(pair["b"])
        assert jaccard_distance(a, b) == pytest.approx(pair["jaccard"], abs=1e-9)
        assert masi_distance(a, b) == pytest.approx(pair["masi"], abs=1e-9)
        assert set_distances([a, b], "jaccard")[0, 1] == pytest.approx(pair["jaccard"], abs=1e-9)
        assert set_distances([a, b], "masi")[0, 1] == pytest.approx(pair["masi"], abs=1e-9)
