"""Criteria and rules: every set of rules tried by plain Python, silence that is no no, the commands and the tree."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_cli.main import cli
from postil_model.decision.of_study import build_model
from postil_model.validation.criteria import decide
from postil_model.validation.criteria_files import case_table, rule_table, tree_figure
from postil_model.validation.rules import Condition, Fit, Rule, fit_rules
from postil_study.study import open_study
from tests.criteria_study import CASES, PLAIN, WITH_CRITERIA, deciding
from tests.model_study import PROCESS

Person = dict[int, bool]  # what is known of each criterion


def data(*words: str, study: Path) -> Any:
    arguments = [*words, "--json", "-C", str(study)]
    return json.loads(CliRunner().invoke(cli, arguments, catch_exceptions=False, standalone_mode=False).stdout)


def all_rules(people: Sequence[Person], ways: Sequence[int]) -> list[Rule]:
    """Every rule that somebody meets and that is right for one of them."""
    literals = [Condition(c, wanted) for c in range(3) for wanted in (True, False)]
    conjunctions: list[tuple[Condition, ...]] = [(each,) for each in literals]
    conjunctions += [(a, b) for a, b in itertools.combinations(literals, 2) if a.criterion != b.criterion]
    return [
        Rule(conjunction, way)
        for conjunction in conjunctions
        for way in sorted(set(ways))
        if any(meets(p, conjunction) and own == way for p, own in zip(people, ways, strict=True))
    ]


def meets(person: Person, conjunction: Sequence[Condition]) -> bool:
    return all(person.get(condition.criterion) is condition.holds for condition in conjunction)


def right(person: Person, way: int, rules: Sequence[Rule]) -> bool:
    return {rule.way for rule in rules if meets(person, rule.conditions)} == {way}


def sets_of(rules: Sequence[Rule], people: Sequence[Person]) -> Iterator[tuple[Rule, ...]]:
    """Sets of at most three, two rules that the same people meet for the same way only once."""
    for size in range(4):
        for chosen in itertools.combinations(rules, size):
            met = [(tuple(meets(p, rule.conditions) for p in people), rule.way) for rule in chosen]
            if len(set(met)) == size:
                yield chosen


def cost(people: Sequence[Person], ways: Sequence[int], rules: Sequence[Rule]) -> tuple[int, int, int]:
    errors = sum(not right(p, way, rules) for p, way in zip(people, ways, strict=True))
    return errors, len(rules), sum(len(rule.conditions) for rule in rules)


def searched(people: Sequence[Person], ways: Sequence[int]) -> tuple[tuple[int, int, int], set[frozenset[Rule]]]:
    found = [(cost(people, ways, rules), rules) for rules in sets_of(all_rules(people, ways), people)]
    best = min(each for each, _ in found)
    return best, {frozenset(rules) for each, rules in found if each == best}


def fitted(people: Sequence[Person], ways: Sequence[int], shuffles: int = 0) -> Fit:
    holds = np.array([[p.get(c) is True for c in range(3)] for p in people], dtype=bool)
    fails = np.array([[p.get(c) is False for c in range(3)] for p in people], dtype=bool)
    return fit_rules(holds, fails, ways, shuffles)


persons = st.lists(
    st.tuples(st.dictionaries(st.integers(0, 2), st.booleans(), max_size=3), st.integers(0, 1)), min_size=2, max_size=5
).filter(lambda each: len({way for _, way in each}) == 2)


@given(persons)
@settings(max_examples=25, deadline=None)
def test_the_rules_are_those_of_a_plain_search(cases: Sequence[tuple[Person, int]]) -> None:
    people, ways = [p for p, _ in cases], [way for _, way in cases]
    found = fitted(people, ways)
    best, sets = searched(people, ways)
    assert (found.errors, len(found.sets[0]), sum(len(r.conditions) for r in found.sets[0])) == best
    if found.ties <= 50:
        assert {frozenset(each) for each in found.sets} == sets and found.ties == len(sets)
    assert found.correct == tuple(right(p, way, found.sets[0]) for p, way in cases)


@given(persons)
@settings(max_examples=8, deadline=None)
def test_left_out_one_by_one_the_best_sets_of_the_others_decide(cases: Sequence[tuple[Person, int]]) -> None:
    people, ways = [p for p, _ in cases], [way for _, way in cases]
    found = fitted(people, ways)
    rules = all_rules(people, ways)
    for place in range(len(people)):
        rest = [p for n, p in enumerate(people) if n != place], [w for n, w in enumerate(ways) if n != place]
        costs: dict[tuple[tuple[tuple[bool, ...], int], ...], tuple[tuple[int, int, int], bool]] = {}
        for chosen in sets_of(rules, people):
            met = tuple(sorted((tuple(meets(p, r.conditions) for p in people), r.way) for r in chosen))
            priced = cost(*rest, chosen)
            if met not in costs or priced < costs[met][0]:  # wordings that the same people meet count once
                costs[met] = (priced, right(people[place], ways[place], chosen))
        best = min(priced for priced, _ in costs.values())
        share = [is_right for priced, is_right in costs.values() if priced == best]
        assert found.left_out[place] == pytest.approx(sum(share) / len(share))


def test_silence_meets_no_rule() -> None:
    people: list[Person] = [{0: True}, {0: True}, {}, {}]
    found = fitted(people, [0, 0, 1, 1])
    assert (found.errors, found.correct) == (2, (True, True, False, False))
    said = fitted([{0: True}, {0: True}, {0: False}, {0: False}], [0, 0, 1, 1], 199)
    assert said.errors == 0 and said.accuracy == 1.0
    # of the 6 ways to give two of four people a way each, 2 are fitted as well
    assert said.shuffled_p == pytest.approx(2 / 6, abs=0.12)


def test_shuffled_ways_of_a_rule_that_is_there_are_seldom_fitted_as_well() -> None:
    rng = np.random.default_rng(2)
    holds = rng.random((30, 4)) < 0.5
    found = fit_rules(holds, ~holds, holds[:, 2].astype(int).tolist(), 199)
    assert found.errors == 0 and found.accuracy == 1.0 and found.shuffled_p == pytest.approx(1 / 200)
    assert {rule.conditions for rule in found.sets[0]} == {(Condition(2, True),), (Condition(2, False),)}


def test_two_hundred_people_and_ten_criteria_go_through() -> None:
    rng = np.random.default_rng(3)
    holds = rng.random((200, 10)) < 0.4
    fails = (rng.random((200, 10)) < 0.3) & ~holds
    found = fit_rules(holds, fails, rng.integers(0, 2, 200).tolist(), 5)
    assert found.rules == 2 and 0 < found.errors < 200 and len(found.left_out) == 200


def test_the_decision_of_a_study(tmp_path: Path) -> None:
    study = deciding(tmp_path)
    model = build_model(study)
    found = decide(model, "choose", shuffles=20)
    assert found.declared and [each.criterion.id for each in found.known] == ["cheap", "nice"]
    assert found.known[0].holds == ("P1", "P2", "P3", "P9") and found.known[0].fails == ("P4", "P5", "P8")
    assert found.fit is not None and (found.fit.errors, found.fit.ties) == (4, 2)
    assert found.wrong() == ("P6", "P7", "P8", "P9") and found.commonest == pytest.approx(5 / 9)
    rows = {row[0]: row[1:] for row in case_table(found, model).rows}
    assert rows["P7"] == ("", "fails", "Search (poor)", "wrong")
    notes = " ".join(rule_table(found, model).notes)
    assert "errors: 4 of 9 (P6, P7, P8, P9)" in notes and "2 sets of rules are equally good" in notes
    typed = data("ask", "criteria", "choose", study=tmp_path)
    assert typed["rules"][0][0] == {
        "if": [{"criterion": "cheap", "holds": True}],
        "way": {"target": "buy", "guard": "good"},
    }
    assert typed["wrong"] == ["P6", "P7", "P8", "P9"]


def test_several_ways_and_none_are_told_and_left_out(tmp_path: Path) -> None:
    model = build_model(deciding(tmp_path, {**CASES, "P10": "x+.", "P11": "n+."}))
    found = decide(model, "choose", shuffles=0)
    assert list(found.several) == ["P10"] and found.silent == ("P11",) and len(found.people) == 9
    notes = " ".join(case_table(found, model).notes)
    assert (
        "state several ways, not part of the rules: P10" in notes
        and "state no way, not part of the rules: P11" in notes
    )


def test_who_affirms_and_denies_is_known_for_neither(tmp_path: Path) -> None:
    deciding(tmp_path, {"P1": "b++", "P2": "s--"})
    layer = tmp_path / "codings/ana/T0.jsonl"
    text = layer.read_text(encoding="utf-8")
    layer.write_text(text.replace('["colour"]', '[{"code": "price", "mode": "deny"}]'), encoding="utf-8")
    found = decide(build_model(open_study(tmp_path)), "choose", shuffles=0)
    (cheap,) = [each for each in found.known if each.criterion.id == "cheap"]
    assert (cheap.holds, cheap.fails, cheap.mixed, cheap.of("P1")) == ((), ("P2",), ("P1",), "mixed")


def test_without_criteria_the_factors_that_influence_decide(tmp_path: Path) -> None:
    found = decide(build_model(deciding(tmp_path, process=PROCESS)), "choose", shuffles=0)
    assert not found.declared
    assert [each.criterion.id for each in found.known] == ["attributes.price", "attributes.colour"]
    assert found.fit is not None and found.fit.errors == 4
    bare = PROCESS.replace(PLAIN, "stage: before, codes: [choose], criteria: [attributes, price]}")
    named = decide(build_model(deciding(tmp_path / "b", process=bare)), "choose", shuffles=0)
    assert {each.criterion.id: len(each.holds) for each in named.known} == {"attributes": 4, "price": 4}
    (whole,) = [each for each in named.known if each.criterion.id == "attributes"]
    assert whole.mixed == ("P2", "P5", "P8")  # one attribute affirmed, the other denied


def test_a_decision_that_is_none_and_one_that_nobody_states(tmp_path: Path) -> None:
    study = deciding(tmp_path, {"P1": "b+.", "P2": "b-."})
    with pytest.raises(PostilError, match="there is no node 'chose'; decisions here: choose"):
        data("ask", "criteria", "chose", study=tmp_path)
    found = data("ask", "criteria", "choose", study=tmp_path)
    assert found["rules"] is None and "fewer than two ways" in found["reading"]["says"]
    model = build_model(study)
    assert [node.id for node in tree_figure(decide(model, "choose"), model).nodes] == ["start"]


def test_the_tree_asks_each_question_once(tmp_path: Path) -> None:
    model = build_model(deciding(tmp_path))
    figure = tree_figure(decide(model, "choose", shuffles=0), model)
    assert [node.label for node in figure.nodes] == [
        "Choose?", "Cheap?", "Buy (good)", "Search (poor)", "no rule: P6, P7",
    ]  # fmt: skip
    assert [(edge.guard, edge.count) for edge in figure.edges] == [
        ("", ""), ("yes", "3 of 4"), ("no", "2 of 3"), ("else", ""),
    ]  # fmt: skip
    out = tmp_path / "tree.svg"
    CliRunner().invoke(cli, ["ask", "criteria", "choose", "--out", str(out), "-C", str(tmp_path)])
    assert "Cheap?" in out.read_text(encoding="utf-8")
    assert WITH_CRITERIA.count("criteria") == 1
