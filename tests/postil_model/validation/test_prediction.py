"""Prediction of people left out: plain recomputations with sets and fractions, laws, the speed of a large study."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from fractions import Fraction
from math import comb
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_cli.main import cli
from postil_model.decision.model import Params
from postil_model.decision.of_study import build_model
from postil_model.validation.draws import Draw, hits, mean
from postil_model.validation.incidence import edge_incidence, incidence
from postil_model.validation.predicting import predict, predict_holdout, predict_sample
from postil_model.validation.prediction import declared_as_predictor, fit_and_test, leave_one_out
from postil_model.validation.readings import prediction_reading
from postil_model.validation.redraws import precisions, redrawn, stepped_down
from tests.model_study import shopping
from tests.real_interviews import PEOPLE, RECORD, real_study, stated_rows
from tests.shared_data import needs_shared

ROOT = Path(__file__).resolve().parents[3]
Sets = Sequence[frozenset[int]]


def run(*words: str) -> object:
    result = CliRunner().invoke(cli, [*words, "--json"], catch_exceptions=False, standalone_mode=False)
    return json.loads(result.stdout)


def plain(people: Sets, t: int) -> tuple[int, int, int]:
    """Recalled, stated, predicted, with sets, person by person."""
    recalled = predicted = 0
    for place, own in enumerate(people):
        others = [*people[:place], *people[place + 1 :]]
        guess = {x for x in set().union(*people) if sum(x in other for other in others) >= t}
        recalled += len(own & guess)
        predicted += len(guess)
    return recalled, sum(map(len, people)), predicted


def exactly(people: Sets, t: int) -> dict[int, Fraction]:
    """The null in fractions: chances of so many hits, draw by draw."""
    whole = len(set().union(*people))
    sums = {0: Fraction(1)}
    for place, own in enumerate(people):
        others = [*people[:place], *people[place + 1 :]]
        marked = sum(sum(x in other for other in others) >= t for x in set().union(*people))
        step: dict[int, Fraction] = {}
        for before, chance in sums.items():
            for k in range(len(own) + 1):
                ways = comb(marked, k) * comb(whole - marked, len(own) - k)
                if ways:
                    step[before + k] = step.get(before + k, Fraction(0)) + chance * ways / comb(whole, len(own))
        sums = step
    return sums


def table(people: Sets) -> np.ndarray:
    objects = sorted(set().union(*people))
    return np.array([[x in own for x in objects] for own in people], dtype=bool).reshape(len(people), len(objects))


several = st.lists(st.frozensets(st.integers(0, 8), max_size=7), min_size=2, max_size=7).filter(any)


@given(several, st.integers(1, 6))
@settings(max_examples=150, deadline=None)
def test_counts_and_the_exact_null_are_those_of_a_plain_count(people: Sets, t: int) -> None:
    (found,) = leave_one_out(table(people), [t])
    assert (found.recalled, found.of, found.predicted) == plain(people, t)
    chances = exactly(people, t)
    assert found.expected == pytest.approx(float(sum(k * chance for k, chance in chances.items())))
    if len(chances) == 1:
        assert found.p is None and found.verdict == "undefined"
    else:
        tails = [sum(c for k, c in chances.items() if side * (k - found.recalled) >= 0) for side in (1, -1)]
        assert found.p == pytest.approx(float(min(1, 2 * min(tails))), rel=1e-9)


@given(several)
@settings(max_examples=60, deadline=None)
def test_the_p_of_all_thresholds_is_holms(people: Sets) -> None:
    found = [each for each in leave_one_out(table(people), [1, 2, 3]) if each.p_single is not None]
    singles = sorted(float(each.p_single or 0) for each in found)
    so_far, wanted = 0.0, {}
    for rank, p in enumerate(singles):
        so_far = max(so_far, min(1.0, (len(singles) - rank) * p))
        wanted[p] = so_far
    assert [each.p for each in found] == pytest.approx([wanted[float(each.p_single or 0)] for each in found])


@given(st.integers(2, 9), st.integers(1, 9))
def test_a_model_that_everybody_states_predicts_everybody(n: int, m: int) -> None:
    found = leave_one_out(np.ones((n, m), dtype=bool))
    assert [each.t for each in found] == list(range(1, n))
    assert all(each.recall == each.precision == each.lift == 1 for each in found)
    assert {each.verdict for each in found} == {"undefined"}  # every draw does the same


def test_a_shared_core_is_predicted_better_than_chance_and_private_tails_are_not() -> None:
    people = [frozenset({0, 1, 2, 10 + 2 * n, 11 + 2 * n}) for n in range(10)]
    found, _ = redrawn(table(people), leave_one_out(table(people), [5]))
    assert (found[0].recalled, found[0].predicted, found[0].verdict) == (30, 30, "better")
    said = prediction_reading(found, "edges", 20, 23, 10).says
    assert said.startswith(
        "the model predicts people it has not seen better than chance at t = 5 (precision 30/30, p <"
    )


def test_a_random_model_stays_inside_its_null_95_times_in_100() -> None:
    """Everybody draws as many of 20 as of 20; and in a sparse table, of which some objects are never stated."""
    rng = np.random.default_rng(11)
    for n, m, k in ((12, 20, 8), (8, 20, 3)):
        outside = 0
        for seed in range(100):
            stated = rng.random((n, m)).argsort(axis=1) < k
            found, _ = redrawn(stated, leave_one_out(stated), seed)
            outside += any(each.verdict in ("better", "worse") for each in found)
        assert outside <= 5 + 4  # 5, and two standard errors of 100 tries


def test_a_person_drawn_under_the_null_stays_inside_it() -> None:
    """The exact null of one person: the others fixed, every object stated by somebody else."""
    rng = np.random.default_rng(12)
    fit = np.vstack([rng.random((8, 20)) < 0.4, np.ones((1, 20), dtype=bool)])
    outside = 0
    for _ in range(400):
        test = rng.random((1, 20)).argsort(axis=1) < 7
        outside += any(each.verdict != "chance" for each in fit_and_test(fit, test, [2, 4]))
    assert outside <= 0.05 * 400 + 2 * (400 * 0.05 * 0.95) ** 0.5


def test_the_chain_draws_every_table_equally_often() -> None:
    """Three people with one statement each on three objects, none empty: the six permutations alone."""
    stated = np.eye(3, dtype=bool)
    (found,), draws = redrawn(stated, leave_one_out(stated, [1]))
    assert draws == 999 and found.p_all == 1.0  # the sums are (1, 1, 1) in all six
    two = np.array([[1, 1, 0], [1, 0, 1]], dtype=bool)  # the shared object is each of three equally often
    (again,), _ = redrawn(two, leave_one_out(two, [1]))
    assert again.p_all == 1.0 and again.recalled == 2


def tails(row: Sequence[int], value: int) -> int:
    """The smaller tail of a value in a row, counted."""
    return min(sum(x >= value for x in row), sum(x <= value for x in row))


@given(st.lists(st.lists(st.integers(0, 4), min_size=6, max_size=6), min_size=1, max_size=4))
def test_stepping_down_counts_tables_that_are_as_odd_anywhere(rows: list[list[int]]) -> None:
    found = stepped_down(np.array(rows, dtype=float))
    ranked = sorted(range(len(rows)), key=lambda at: tails(rows[at], rows[at][0]))
    highest = 0.0
    for place, at in enumerate(ranked):
        rest = ranked[place:]
        odd = min(3, tails(rows[at], rows[at][0]))
        as_odd = sum(min(min(3, tails(rows[other], rows[other][b])) for other in rest) <= odd for b in range(6))
        highest = max(highest, as_odd / 6)
        assert found[at] == pytest.approx(highest)
    assert stepped_down(np.array([rows[0]] * 3, dtype=float)) == [stepped_down(np.array(rows[:1], dtype=float))[0]] * 3


def test_column_sums_are_enough_for_leave_one_out() -> None:
    rng = np.random.default_rng(3)
    for _ in range(30):
        stated = rng.random((6, 9)) < 0.4
        for t in (1, 2, 3):
            (found,) = leave_one_out(stated, [t])
            assert precisions(stated.sum(axis=0)[None], 6, t)[0] == pytest.approx(found.precision or 0.0)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=5))
def test_sums_of_draws_have_the_mean_of_their_parts(pairs: list[tuple[int, int]]) -> None:
    draws = [Draw(n, k, 6) for n, k in pairs]
    found = hits(draws)
    assert found.chances.sum() == pytest.approx(1)
    values = np.arange(found.first, found.first + len(found.chances))
    assert float((values * found.chances).sum()) == pytest.approx(mean(draws))
    # every way of drawing, counted, for the first draw
    n, k = pairs[0]
    ways = [sum(x < k for x in drawn) for drawn in itertools.combinations(range(6), n)]
    one = hits(draws[:1])
    for place, chance in enumerate(one.chances, one.first):
        assert chance == pytest.approx(ways.count(place) / len(ways))


def test_holdout_counts_what_the_others_state() -> None:
    fit = np.array([[1, 1, 0, 0], [1, 0, 1, 0]], dtype=bool)
    test = np.array([[1, 0, 0, 1]], dtype=bool)
    one, two = fit_and_test(fit, test)
    assert (one.t, one.recalled, one.of, one.predicted) == (1, 1, 2, 3)
    assert (two.t, two.recalled, two.of, two.predicted) == (2, 1, 2, 1)
    assert one.expected == pytest.approx(2 * 3 / 4)


def test_the_declared_process_counts_what_nobody_states_as_predicted() -> None:
    stated = np.array([[1, 0, 1], [1, 1, 0]], dtype=bool)
    found = declared_as_predictor(stated, np.array([True, False, False]), also=2)
    assert (found.recalled, found.of, found.predicted) == (2, 4, 6)


def test_a_study_without_statements_says_nothing(tmp_path: Path) -> None:
    empty = incidence(["P1", "P2"], [])
    found = leave_one_out(empty.stated)
    assert "no edges are stated" in prediction_reading(found, "edges", 0, 0, 2).says
    study = shopping(tmp_path)
    alone = predict(build_model(study, Params(1, participants=("P1",))))
    assert "one participant" in alone.reading("edges").says


def test_the_sample_is_predicted_as_a_plain_count_says() -> None:
    edges = run("model", "-t", "1", "-C", str(ROOT))["edges"]  # type: ignore[index]
    people = [frozenset(e["id"] for e in edges if f"E{n:02}" in e["participants"]) for n in range(1, 13)]
    found = run("ask", "predict", "-C", str(ROOT))
    for row in found["thresholds"]:  # type: ignore[index]
        recalled, of, predicted = plain(people, row["t"])
        assert (row["recalled"], row["of"], row["predicted"]) == (recalled, of, predicted)
        chances = exactly(people, row["t"])
        assert row["null"] == pytest.approx(float(sum(k * c for k, c in chances.items())) / of)
    declared = {e["id"] for e in edges if e["status"] != "unexpected"}
    assert found["declared"]["recalled"] == sum(len(own & declared) for own in people)  # type: ignore[index]
    assert found["declared"]["predicted"] == 12 * 13  # type: ignore[index]
    one = run("ask", "predict", "-t", "3", "-C", str(ROOT))["thresholds"]  # type: ignore[index]
    assert [row["t"] for row in one] == [3] and one[0]["p"] == one[0]["p_single"]


def test_holdout_and_sample_of_the_commands(tmp_path: Path) -> None:
    study = shopping(tmp_path / "a")
    shopping(tmp_path / "b")
    model = build_model(study, Params(1))
    with pytest.raises(PostilError, match="no participant 'P9'"):
        predict_holdout(model, ["P9"])
    with pytest.raises(PostilError, match="names everybody"):
        predict_holdout(model, model.participants)
    held = predict_holdout(model, ["P2"])
    assert (held.fitted, held.tested) == (("P1", "P3", "P4"), ("P2",))
    same = predict_sample(model, build_model(study, Params(1)))
    (first, *_) = same.found["edges"]
    assert first.recall == 1.0  # the same people again: what one states, one states
    typed = run("ask", "predict", "-C", str(tmp_path / "a"), "--sample", str(tmp_path / "b"))
    assert typed["thresholds"][0]["recall"] == 1.0 and len(typed["tested"]) == 4  # type: ignore[index]
    with pytest.raises(PostilError, match="choose one"):
        run("ask", "predict", "-C", str(tmp_path / "a"), "--sample", str(tmp_path / "b"), "--holdout", "P2")


@needs_shared
def test_the_eight_real_interviews_as_their_rows_say(tmp_path: Path) -> None:
    model = build_model(real_study(tmp_path / "real"))
    rows = stated_rows(RECORD)
    keys = sorted({key for by in rows.values() for own in by.values() for key in own})
    people = [frozenset(keys.index(key) for by in rows.values() for key in by.get(person, ())) for person in PEOPLE]
    edges = edge_incidence(model)
    assert {model.edges[name].key[:3] for name in edges.objects} == set(keys)
    assert (len(keys), sum(map(len, people)), edges.singles) == (26, 38, 18)
    found = predict(model).found["edges"]
    assert [(each.recalled, each.predicted) for each in found] == [(20, 190), (10, 54), (4, 18)]
    assert [(each.recalled, each.of, each.predicted) for each in found] == [plain(people, t) for t in (1, 2, 3)]


def test_the_reference_counts_of_twelve_interviews() -> None:
    """reference/model-tests: 42 edges of which 30, 7, 1 and 4 have 1, 2, 3 and 4 speakers, on any twelve people."""
    rng = np.random.default_rng(7)
    stated = np.zeros((12, 42), dtype=bool)
    for column, k in enumerate([1] * 30 + [2] * 7 + [3] + [4] * 4):
        stated[rng.choice(12, k, replace=False), column] = True
    found = leave_one_out(stated)
    assert [(each.t, each.recalled, each.of, each.predicted) for each in found] == [
        (1, 33, 63, 474), (2, 19, 63, 130), (3, 16, 63, 57),
    ]  # fmt: skip
    said = prediction_reading(found, "edges", 30, 42, 12).says
    assert "30 of 42 edges have one speaker: a small shared core, a long private tail." in said
    both, _ = redrawn(stated, found)
    assert [each.verdict for each in both] == ["worse", "chance", "better"]


def test_a_thousand_participants_and_three_hundred_edges() -> None:
    rng = np.random.default_rng(0)
    stated = rng.random((1000, 300)) < rng.random(300) * 0.5
    found, draws = redrawn(stated, leave_one_out(stated))
    assert len(found) == 12 and draws >= 66
    assert all(each.p is not None for each in found)
