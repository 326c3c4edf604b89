"""The gamma family against the known answers: exact disorder, and both samplers within their stated tolerance."""

from __future__ import annotations

from typing import Any

import pytest

from postil_model.agreement.measures.gamma import Gamma, gamma, observed_disorder
from postil_model.agreement.measures.gamma_units import Dissimilarity
from tests.agreement_cases import of_kind


def units_of(case: dict[str, Any]) -> dict[str, list[tuple[float, float, str]]]:
    return {coder: [(s, e, c) for s, e, c in units] for coder, units in case["coders"].items()}


def dissimilarity_of(case: dict[str, Any]) -> Dissimilarity:
    params = case["params"]
    return Dissimilarity(params["alpha"], params["beta"], params["delta_empty"])


@of_kind("gamma")
def test_known_disorder(case: dict[str, Any]) -> None:
    expected = case["expected"]["best_alignment_disorder"]
    got = observed_disorder(units_of(case), dissimilarity_of(case))
    assert got == pytest.approx(expected["value"], abs=expected["tol"])
    value, tolerance = case.get("published", {}).get("disorder", (expected["value"], expected["tol"]))
    assert got == pytest.approx(value, abs=tolerance)


def within(case: dict[str, Any], got: Gamma) -> list[tuple[Any, tuple[float, float]]]:
    """The ranges that the source itself asserts of the shuffle sampler, beside what we found."""
    ranges = case.get("published", {})
    pairs = ((got.gamma.value, "gamma_shuffle_range"), (got.gamma_cat.value, "gamma_cat_range"))
    return [(found, ranges[name]) for found, name in pairs if name in ranges]


@of_kind("gamma")
@pytest.mark.parametrize("sampler", ["shuffle", "statistical"])
def test_known_gamma(case: dict[str, Any], sampler: Any) -> None:
    expected = case["expected"]
    got = gamma(units_of(case), dissimilarity_of(case), sampler, samples=100, seed=11)
    answer = expected[f"gamma_{sampler}"]
    assert got.gamma.value == pytest.approx(answer["mean"], abs=answer["tol"])
    if sampler == "shuffle":
        answer = expected["gamma_cat_shuffle"]
        assert got.gamma_cat.value == pytest.approx(answer["mean"], abs=answer["tol"])
        for found, (low, high) in within(case, got):
            assert low <= found <= high
