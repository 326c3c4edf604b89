"""Two models: the test over all edges by brute force, distances by hand, intervals from the papers, the commands."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_cli.main import cli
from postil_model.counts.proportions import newcombe_paired
from postil_model.decision.model import Params
from postil_model.decision.of_study import build_model
from postil_model.validation.two_models import hamming_of_ends, permutation_test, two_models
from postil_model.validation.two_models_files import models_of, two_models_figure, two_models_tables
from tests.model_study import shopping, talk, write_study

ROOT = Path(__file__).resolve().parents[3]
Rows = Sequence[Sequence[bool]]


def data(*words: str, study: Path = ROOT) -> Any:
    arguments = [*words, "--json", "-C", str(study)]
    return json.loads(CliRunner().invoke(cli, arguments, catch_exceptions=False, standalone_mode=False).stdout)


def statistic(first: Rows, second: Rows) -> Fraction:
    columns = range(len((*first, *second)[0]))
    shares = [[Fraction(sum(row[c] for row in side), len(side)) for c in columns] for side in (first, second)]
    return sum(((a - b) ** 2 for a, b in zip(*shares, strict=True)), Fraction(0))


def brute(first: Rows, second: Rows, paired: bool) -> Fraction:
    """Share of all relabellings with a statistic at least as large, in fractions."""
    seen, rows = statistic(first, second), [*first, *second]
    if paired:
        pairs = list(zip(first, second, strict=True))
        tried = [
            statistic(
                [p[s] for p, s in zip(pairs, swap, strict=True)], [p[1 - s] for p, s in zip(pairs, swap, strict=True)]
            )
            for swap in itertools.product((0, 1), repeat=len(pairs))
        ]
    else:
        tried = [
            statistic([rows[i] for i in chosen], [rows[i] for i in range(len(rows)) if i not in chosen])
            for chosen in itertools.combinations(range(len(rows)), len(first))
        ]
    return Fraction(sum(each >= seen for each in tried), len(tried))


row = st.lists(st.booleans(), min_size=3, max_size=3)


@given(st.lists(row, min_size=2, max_size=4), st.lists(row, min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_the_test_of_groups_is_a_count_of_all_relabellings(first: Rows, second: Rows) -> None:
    found = permutation_test(np.array(first), np.array(second), paired=False)
    assert found.exact and found.p == pytest.approx(float(brute(first, second, paired=False)))
    assert found.statistic == pytest.approx(float(statistic(first, second)))


@given(st.lists(st.tuples(row, row), min_size=2, max_size=5))
@settings(max_examples=60, deadline=None)
def test_the_test_of_pairs_is_a_count_of_all_swaps(pairs: Sequence[tuple[Sequence[bool], Sequence[bool]]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    found = permutation_test(np.array(first), np.array(second), paired=True)
    assert found.exact and found.p == pytest.approx(float(brute(first, second, paired=True)))


@pytest.mark.parametrize("paired", [False, True])
def test_equal_models_are_not_called_different_more_often_than_5_in_100(paired: bool) -> None:
    rng = np.random.default_rng(4)
    called = 0
    for _ in range(200):
        table = rng.random((12, 15)) < 0.3
        called += permutation_test(table[:6], table[6:], paired).p < 0.05
    assert called <= 0.05 * 200 + 2 * (200 * 0.05 * 0.95) ** 0.5


def test_large_groups_are_drawn_and_counted_with_what_was_seen() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.random((40, 30)) < 0.2, rng.random((30, 30)) < 0.6
    for paired in (False, True):
        second = other if not paired else np.vstack([other, other[:10]])
        found = permutation_test(one, second, paired)
        assert (found.exact, found.relabellings, found.p) == (False, 9_999, 1 / 10_000)
    same = permutation_test(one, one, paired=True)
    assert (same.p, same.relabellings) == (1.0, 1)  # there is nothing to swap


def test_a_thousand_participants_and_three_hundred_edges_go_through() -> None:
    rng = np.random.default_rng(2)
    found = permutation_test(rng.random((500, 300)) < 0.3, rng.random((500, 300)) < 0.3, paired=False)
    assert 0.001 < found.p <= 1


def test_newcombes_interval_for_pairs_of_published_tables() -> None:
    """Newcombe 1998, Stat. Med. 17:2635, Table III; Bentur et al. 2009 in Fagerland, Lydersen & Laake 2017, ch. 8."""
    assert newcombe_paired(36, 12, 2, 0) == pytest.approx((0.2, 0.0569, 0.3404), abs=5e-5)
    assert newcombe_paired(1, 1, 7, 12) == pytest.approx((-0.286, -0.507, -0.026), abs=5e-4)
    d, low, high = newcombe_paired(5, 4, 1, 3)
    assert newcombe_paired(5, 1, 4, 3) == pytest.approx((-d, -high, -low))  # turned round


pair = st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"))


@given(st.frozensets(pair), st.frozensets(pair), st.frozensets(pair))
def test_the_distance_of_ends_is_one(one: frozenset[Any], two: frozenset[Any], three: frozenset[Any]) -> None:
    assert hamming_of_ends(one, one) == 0
    assert hamming_of_ends(one, two) == hamming_of_ends(two, one)
    by_pairs = 0
    for a, b in itertools.combinations_with_replacement("abcd", 2):
        mine, theirs = ({e for e in ((a, b), (b, a)) if e in side} for side in (one, two))
        by_pairs += 0 if mine == theirs else 1 if len(mine) == len(theirs) else abs(len(mine) - len(theirs))
    assert hamming_of_ends(one, two) == by_pairs
    assert hamming_of_ends(one, three) <= hamming_of_ends(one, two) + hamming_of_ends(two, three)


def test_small_groups_get_counts_only() -> None:
    keys = [("a", "b", "leads-to", ""), ("b", "a", "leads-to", "")]
    stated = (np.array([[1, 0], [1, 0]], dtype=bool), np.array([[0, 1]] * 4, dtype=bool))
    found = two_models(keys, ("x", "y"), (["1", "2"], ["3", "4", "5", "6"]), stated, (1, 1))
    assert found.test is None and all(edge.difference is None for edge in found.edges)
    assert (found.hamming, found.hamming_of_ends) == (2, 1)
    said = " ".join(two_models_tables(found)[0].notes)
    assert "counts only" in said and "2 of 2 edges are in one of both models alone; with 2 people" in said


def test_the_groups_of_the_sample_as_a_plain_count_says() -> None:
    found = data("ask", "difference", "--by", "org_size=small")
    edges = data("model", "-t", "1")["edges"]
    stated = {(e["source"], e["target"], e["type"], e["guard"]): set(e["participants"]) for e in edges if e["k"]}
    first, second = found["people"]
    assert len(first) == 5 and len(second) == 7
    for edge in found["edges"]:
        people = stated.pop((edge["source"], edge["target"], edge["type"], edge["guard"]))
        assert {*edge["first"], *edge["second"]} == people
    assert stated == {}
    rows = {p: [p in {*e["first"], *e["second"]} for e in found["edges"]] for p in (*first, *second)}
    sides = [rows[p] for p in first], [rows[p] for p in second]
    assert found["test"]["p"] == pytest.approx(float(brute(*sides, paired=False)))
    assert found["test"]["relabellings"] == 792
    only = [sum((len(e["first"]) >= 2) != (len(e["second"]) >= 2) for e in found["edges"])]
    assert found["hamming"]["edges"] == only[0] == len(found["only"][0]) + len(found["only"][1])


def test_two_coders_are_compared_on_the_people_both_finished(tmp_path: Path) -> None:
    talks = []
    for coder, people in (("ana", "1234"), ("ben", "123")):
        for number in people:
            one = talk(f"T{number}", f"P{number}", "?", "a task then bought", coder=coder)
            one.code(f"{coder}a{number}", "task", "task").code(f"{coder}b{number}", "bought", "buy")
            type_ = "influences" if coder == "ben" and number == "3" else "leads-to"
            talks.append(one.relate(f"{coder}r{number}", f"{coder}a{number}", f"{coder}b{number}", type_, "then"))
    root = write_study(tmp_path, talks).root
    found = data("ask", "difference", "--between", "ana,ben", "-t", "2", study=root)
    assert found["people"] == [["P1", "P2", "P3"]] * 2 and found["paired"]
    assert found["hamming"] == {"edges": 0, "ends": 0}
    at_one = data("ask", "difference", "--between", "ana,ben", "-t", "1", study=root)
    assert at_one["hamming"] == {"edges": 1, "ends": 0}
    assert at_one["test"]["relabellings"] == 2  # only P3's lists differ
    out = tmp_path / "two.svg"
    CliRunner().invoke(
        cli, ["ask", "difference", "--between", "ana,ben", "-t", "1", "--out", str(out), "-C", str(root)]
    )
    text = out.read_text(encoding="utf-8")
    assert "#0072B2" in text and "Blue: only in ben (1)." in text
    with pytest.raises(PostilError, match="there is no coder 'eva' here; the study has ana, ben"):
        data("ask", "difference", "--between", "ana,eva", study=root)
    with pytest.raises(PostilError, match="two coders"):
        data("ask", "difference", "--between", "ana", study=root)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed here")
def test_two_studies_and_two_points_in_time(tmp_path: Path) -> None:
    study = shopping(tmp_path / "a")
    shopping(tmp_path / "b")
    found = data("ask", "difference", str(tmp_path / "b"), study=study.root)
    assert found["hamming"]["edges"] == 0 and found["test"]["p"] == 1.0 and not found["paired"]
    assert data("ask", "difference", str(tmp_path / "b"), "--paired", study=study.root)["paired"]
    git = ["git", "-C", str(study.root), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "then"], check=True)
    layer = study.root / "codings/ana/T2.jsonl"
    kept = [line for line in layer.read_text(encoding="utf-8").splitlines(True) if '"v2"' not in line]
    layer.write_text("".join(kept), encoding="utf-8")
    then = data("ask", "difference", "HEAD", study=study.root)
    assert then["paired"] and then["names"] == ["this study", "HEAD"]
    (gone,) = [e for e in then["edges"] if e["first"] != e["second"]]
    assert (gone["source"], gone["target"], gone["second"]) == (
        "search",
        "buy",
        ["P2", "P3", "P4"][:1] + gone["second"][1:],
    )


def test_which_two_models_must_be_said(tmp_path: Path) -> None:
    root = shopping(tmp_path).root
    for words in ([], ["x", "--by", "a=b"], ["--by", "a=b", "--between", "a,b"]):
        with pytest.raises(PostilError, match="which two models"):
            data("ask", "difference", *words, study=root)
    with pytest.raises(PostilError, match="write ATTRIBUTE=VALUE"):
        data("ask", "difference", "--by", "size=7", study=root)
    with pytest.raises(PostilError, match="there is no reference nowhere"):
        data("ask", "difference", "nowhere", study=root)
    model = build_model(shopping(tmp_path / "c"), Params(1))
    figure = two_models_figure(models_of(model, model, ("a", "b"), paired=True), [model, model])
    assert {edge.tone for edge in figure.edges} == {"plain"}
