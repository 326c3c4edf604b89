"""Saturation: the published curve, and the closed form against every order there is."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from postil_cli.main import cli
from postil_model.graph import Params
from postil_model.of_study import build_model
from postil_model.saturation import chao2, expected_after, model_sets, run_checks, sample_coverage, saturation
from postil_model.saturation_output import curve_table, plot, terminal_plot
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
    assert [round(expected_after(counts, 12, m), 1) for m in (1, 10, 11, 12)] == [11.2, 40.2, 41.7, 43.0]
    coverage = sample_coverage(counts)
    assert coverage is not None and round(coverage, 3) == 0.881
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
    assert sample_coverage([]) is None


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
