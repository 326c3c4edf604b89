"""Saturation: the published curve, and the closed form against every order there is."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from itertools import permutations
from math import comb
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_cli.main import cli
from postil_model.counts.saturation import (
    chao2,
    chao2_interval,
    chao2_variance,
    model_sets,
    rarefaction,
    run_checks,
    sample_coverage,
    saturation,
)
from postil_model.counts.saturation_files import curve_table, notes, plot, saturation_json, terminal_plot
from postil_model.decision.model import Params
from postil_model.decision.of_study import build_model
from tests.model_study import shopping
from tests.shared_data import SHARED, needs_shared

PUBLISHED = [12, 24, 28, 30, 34, 38, 42, 42, 43, 43, 43, 43]


@needs_shared
def test_the_published_curve_is_rebuilt_from_the_code_sets() -> None:
    """P1 lists 14 codes but 12 names (two stand in two groups): a code is a name here, as in the published curve."""
    import yaml

    listed = yaml.safe_load((SHARED / "ptm-study/findings.yaml").read_text())["participant_codes_P1_P8"]
    sets = {p: [code for codes in groups.values() for code in codes] for p, groups in listed.items()}
    assert (len(sets["P1"]), len(set(sets["P1"]))) == (14, 12)
    assert list(saturation(sets).ordered) == PUBLISHED[:8]


def test_the_order_free_ends_of_the_published_curve_follow_from_its_singles_and_doubles() -> None:
    """43 codes, 16 of one participant, 7 of two, 134 in all; S(1), S(10), S(11), S(12) need no more than that."""
    counts = [1] * 16 + [2] * 7 + [5] * 16 + [6] * 4
    assert (len(counts), sum(counts)) == (43, 134)
    assert [round(rarefaction(counts, 12)[m - 1], 1) for m in (1, 10, 11, 12)] == [11.2, 40.2, 41.7, 43.0]
    coverage = sample_coverage(counts, 12)
    assert coverage is not None and round(coverage, 3) == 0.889
    estimate = chao2(counts, 12)
    assert estimate is not None and round(estimate, 2) == 59.76


def test_the_expectation_is_the_mean_over_all_orders() -> None:
    sets = {"a": ["x", "y"], "b": ["y"], "c": ["z", "y", "w"], "d": [], "e": ["w"]}
    found = saturation(sets)
    curves = [saturation({p: sets[p] for p in order}).ordered for order in permutations(sets)]
    for place in range(len(sets)):
        mean = sum(curve[place] for curve in curves) / len(curves)
        assert found.expected[place] == pytest.approx(mean)


def test_new_information_of_the_published_curve() -> None:
    """Base 4, run 2: the rate first falls to 5 percent at P9."""
    shares = {check.upto: round(100 * check.share, 1) for check in run_checks(PUBLISHED, 4, 2)}
    assert shares == {6: 26.7, 7: 26.7, 8: 13.3, 9: 3.3, 10: 3.3, 11: 0.0, 12: 0.0}


def test_chao2_without_doubles_takes_the_corrected_form() -> None:
    assert chao2([1, 1, 1, 4], 6) == pytest.approx(4 + 5 / 6 * 3)
    assert chao2([], 0) is None
    assert sample_coverage([], 3) is None


def test_nothing_coded_and_one_participant_have_defined_answers() -> None:
    assert saturation({}).ordered == ()
    one = saturation({"a": ["x"]})
    assert (one.ordered, one.expected, one.reached(2)) == ((1,), (1.0,), None)
    assert terminal_plot(saturation({"a": []}))


def test_codes_nodes_and_edges_of_a_study(tmp_path: Path) -> None:
    model = build_model(shopping(tmp_path), Params(1))
    assert {p: len(f) for p, f in model_sets(model, "codes").items()} == {"P1": 6, "P2": 3, "P3": 2, "P4": 2}
    assert model_sets(model, "nodes")["P1"] == ["task", "search", "choose", "attributes"]
    assert model_sets(model, "edges")["P2"] == ["E1", "search:buy:leads-to"]  # inferred ones do not count


def test_emergent_codes_have_a_curve_of_their_own(tmp_path: Path) -> None:
    from tests.model_study import CODEBOOK

    codes = CODEBOOK.replace("stray: {label: Stray}", "stray: {label: Stray, origin: emergent}")
    model = build_model(shopping(tmp_path, codebook=codes), Params(1))
    assert model_sets(model, "codes", ["emergent"]) == {"P1": ["stray"], "P2": [], "P3": [], "P4": []}


def test_the_plot_is_well_formed_and_the_table_complete(tmp_path: Path) -> None:
    found = saturation({"<a>": ["x"], "b": ["x", "y"]})
    assert ElementTree.fromstring(plot(found, "svg")).tag.endswith("svg")
    assert plot(found, "png").startswith(b"\x89PNG")
    assert [row[2] for row in curve_table(found).rows] == [1, 2]


def test_the_command(tmp_path: Path) -> None:
    shopping(tmp_path)
    runner = CliRunner()
    shown = runner.invoke(cli, ["saturation", "--study", str(tmp_path)], catch_exceptions=False)
    assert "over all orders" in shown.stdout
    data = json.loads(runner.invoke(cli, ["saturation", "--study", str(tmp_path), "--json", "--of", "edges"]).stdout)
    assert data["ordered"] == [3, 4, 4, 4]


# --- small numbers, and what is estimated ------------------------------------------------------------------------


def test_four_participants_at_base_four_cannot_tell() -> None:
    four = saturation({f"P{n}": [f"c{n}"] for n in range(4)})
    assert four.reached(2) is None and four.cannot_tell(2) == "4 participants, at least 6 are needed"
    said = "\n".join(notes(four))
    assert (
        "(base 4, run 2): cannot be told: 4 participants, at least 6 are needed" in said and "not reached" not in said
    )
    five = saturation({f"P{n}": [f"c{n % 2}"] for n in range(6)})
    assert not five.cannot_tell(2) and five.cannot_tell(3) and five.reached(2) == 6
    nothing = saturation({f"P{n}": [] for n in range(9)})
    assert "nothing in the first 4" in nothing.cannot_tell(2)
    assert saturation_json(four)["cannot_tell"] == {
        "2": "4 participants, at least 6 are needed",
        "3": "4 participants, at least 7 are needed",
    }


def test_one_participant_estimates_nothing() -> None:
    one = saturation({"a": ["x", "y"]})
    assert (one.chao2, one.chao2_interval, one.coverage) == (None, None, None)
    assert "undefined: one participant" in "\n".join(notes(one))
    assert "undefined: nothing was found" in "\n".join(notes(saturation({"a": [], "b": []})))


def test_chao2_of_barro_colorado_island() -> None:
    """`specpool(BCI)` of the R package vegan: 225 species in 50 plots, Chao 236.3732, standard error 6.54361."""
    counts = [1] * 21 + [2] * 19 + [3] * 185
    estimate, variance = chao2(counts, 50), chao2_variance(counts, 50)
    assert estimate is not None and estimate == pytest.approx(236.3732, abs=5e-5)
    assert variance is not None and variance**0.5 == pytest.approx(6.54361, abs=5e-6)


COUNTS = st.integers(2, 30).flatmap(
    lambda n: st.tuples(st.lists(st.integers(1, n), min_size=1, max_size=40), st.just(n))
)


@given(COUNTS)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_estimates_are_those_of_the_formulas_written_out_in_fractions(found: tuple[list[int], int]) -> None:
    """A second, plain way: iNEXT's code for coverage (Q0 first, then A), EstimateS's for Chao2, in fractions."""
    counts, n = found
    q1, q2, u = counts.count(1), counts.count(2), sum(counts)
    q0 = Fraction(n - 1, n) * (Fraction(q1 * q1, 2 * q2) if q2 else Fraction(q1 * (q1 - 1), 2))
    a = n * q0 / (n * q0 + q1) if q1 else 1
    coverage, estimate, interval = sample_coverage(counts, n), chao2(counts, n), chao2_interval(counts, n)
    assert coverage is not None and 0 <= coverage <= 1
    assert coverage == pytest.approx(float(1 - Fraction(q1, u) * a))
    assert estimate == pytest.approx(float(len(counts) + q0))
    assert interval is not None and estimate is not None
    low, high = interval
    assert len(counts) - 1e-9 <= low <= estimate + 1e-9 and (high >= estimate - 1e-9 or not q0)


@given(st.lists(st.integers(1, 12), max_size=40))
def test_rarefaction_is_what_exact_binomials_give(counts: list[int]) -> None:
    exact = [float(sum(1 - Fraction(comb(12 - k, m), comb(12, m)) for k in counts)) for m in range(1, 13)]
    assert rarefaction(counts, 12) == pytest.approx(exact, abs=1e-9)


def test_rarefaction_of_thousands_ends_at_all_features() -> None:
    curve = rarefaction([1, 2, 3, 500, 20_000], 20_000)
    assert curve[-1] == pytest.approx(5) and all(a <= b + 1e-9 for a, b in itertools.pairwise(curve))
