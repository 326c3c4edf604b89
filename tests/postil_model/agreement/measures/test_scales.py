"""Coded scales: weighted kappas, AC2 and alpha against irrCAC, statsmodels, scikit-learn and krippendorff."""

from __future__ import annotations

from typing import Any

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from postil_model.agreement.measures.alpha import krippendorff_alpha
from postil_model.agreement.measures.estimate import Estimate, student_interval
from postil_model.agreement.measures.item_measures import scaled_measures
from postil_model.agreement.measures.pairs import cohen_kappa, light_kappa, scott_pi
from postil_model.agreement.measures.ratings import Ratings, from_crosstab, from_items
from postil_model.agreement.measures.scales import SCALES, distances, weights

N = None
ITEMS: list[list[int | None]] = [[1, 2, 1, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 4, 4], [2, 2, 2, 2], [1, 2, 3, 4]]
ITEMS += [[4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [N, 5, 5, 5], [N, N, 1, 1], [N, N, 3, N]]

# irrCAC 0.4.4 (Python), categories 1 to 5: value and standard error
IRRCAC: dict[str, dict[str, tuple[float, float | None]]] = {
    "ordinal": {
        "fleiss_kappa": (0.80498, 0.14752),
        "conger_kappa": (0.79895, 0.14065),
        "gwet_ac2": (0.86112, 0.10589),
        "brennan_prediger": (0.84848, 0.11061),
    },
    "interval": {
        "fleiss_kappa": (0.8329, 0.14591),
        "conger_kappa": (0.82668, 0.13962),
        "gwet_ac2": (0.88699, 0.10362),
        "brennan_prediger": (0.875, 0.10822),
        "krippendorff_alpha": (0.82172, None),
    },
    "ratio": {
        "fleiss_kappa": (0.76419, 0.15102),
        "conger_kappa": (0.75719, 0.14074),
        "gwet_ac2": (0.80785, 0.12199),
        "brennan_prediger": (0.79098, 0.12971),
        "krippendorff_alpha": (0.74663, None),
    },
}


def ratings() -> Ratings:
    return from_items(ITEMS, [1, 2, 3, 4, 5])


@pytest.mark.parametrize("scale", list(IRRCAC))
def test_weighted_measures_are_those_of_irrcac(scale: Any) -> None:
    got = scaled_measures(ratings(), scale)
    for name, (value, error) in IRRCAC[scale].items():
        assert got[name].value == pytest.approx(value, abs=6e-6), name
        if error is not None:
            assert got[name].se == pytest.approx(error, abs=6e-6), name


@pytest.mark.parametrize("scale", SCALES)
def test_alpha_is_that_of_krippendorff_on_every_scale(scale: Any) -> None:
    data = np.array([[np.nan if v is None else v for v in row] for row in ITEMS]).T
    expected = krippendorff.alpha(data, level_of_measurement=scale, value_domain=[1, 2, 3, 4, 5])
    assert scaled_measures(ratings(), scale)["krippendorff_alpha"].value == pytest.approx(expected, abs=1e-9)


STATSMODELS = (0.7421925479216024, 0.07752994279702358)
TABLE = [[11, 3, 1, 0], [1, 9, 4, 2], [0, 2, 12, 3], [1, 0, 4, 10]]


def test_weighted_kappa_and_its_error_are_those_of_statsmodels() -> None:
    """statsmodels 0.15.0, cohens_kappa with quadratic weights: kappa and std_kappa."""
    kappa = cohen_kappa(from_crosstab(TABLE, [1, 2, 3, 4]), weights("interval", [1, 2, 3, 4]))
    assert kappa.value == pytest.approx(STATSMODELS[0], abs=1e-9)
    assert kappa.se == pytest.approx(STATSMODELS[1], abs=1e-9)


def test_quadratic_kappa_is_that_of_scikit_learn() -> None:
    a = [i for i, row in enumerate(TABLE) for n in row for _ in range(n)]
    b = [j for row in TABLE for j, n in enumerate(row) for _ in range(n)]
    kappa = cohen_kappa(from_crosstab(TABLE, [1, 2, 3, 4]), weights("interval", [1, 2, 3, 4]))
    assert kappa.value == pytest.approx(cohen_kappa_score(a, b, weights="quadratic"), abs=1e-9)


def test_the_scale_of_a_distance_does_not_change_alpha() -> None:
    apart = distances("interval", [1, 2, 3, 4, 5])
    one, other = krippendorff_alpha(ratings(), apart), krippendorff_alpha(ratings(), apart * 7)
    assert other.value == pytest.approx(one.value)
    assert other.se == pytest.approx(one.se)


@pytest.mark.parametrize(
    ("scale", "values", "message"),
    [
        ("ordinal", [2.0, 1.0], "ascending"),
        ("ratio", [-1.0, 1.0], "no negative"),
        ("interval", [1.0, float("nan")], "finite"),
    ],
)
def test_categories_that_are_no_scale_are_refused(scale: Any, values: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        weights(scale, values)


def test_what_is_no_table_of_ratings_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two coders"):
        from_items([["a"], ["b"]])
    with pytest.raises(ValueError, match="unit 2 has 1 ratings, not 2"):
        from_items([["a", "b"], ["a"]])
    with pytest.raises(ValueError, match="not one of the declared"):
        from_items([["a", "b"]], ["a"])
    with pytest.raises(ValueError, match="of two coders"):
        scott_pi(from_items([["a", "b", "a"]]))
    with pytest.raises(ValueError, match="not 2 by 2"):
        from_crosstab([[1, 2, 3]], ["a", "b"])


def test_an_estimate_has_a_value_or_a_reason_and_never_nan() -> None:
    with pytest.raises(ValueError, match="either"):
        Estimate(None)
    with pytest.raises(ValueError, match="either"):
        Estimate(1.0, undefined="why")
    with pytest.raises(ValueError, match="finite"):
        Estimate(float("nan"))


def test_an_interval_ends_at_one() -> None:
    assert student_interval(0.9, 0.1, 9)[1] == 1.0
    assert student_interval(0.5, 0.1, 9)[0] == pytest.approx(0.5 - 2.2621571628 * 0.1)


def test_light_says_which_pair_is_undefined() -> None:
    found = light_kappa(from_items([["a", "a", "b"], ["a", "a", "a"]], coders=["x", "y", "z"]))
    assert found.undefined is not None
    assert found.undefined.startswith("Cohen's kappa of x and y is undefined")
