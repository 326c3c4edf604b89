"""Criteria of decisions: read in every form, checked, and kept up to date when codes change."""

from __future__ import annotations

import pytest

from postil_codebook.changes.rewrite import extend, mentions, rewrite
from postil_codebook.decision_process.checks import check_process
from postil_codebook.decision_process.criteria import factor_names, split_names
from postil_codebook.decision_process.read import load_process
from postil_codebook.load import load_codebook
from postil_codebook.values import Process

BOOK, _ = load_codebook(
    "title: t\nversion: 1.0.0\ncodes: {price: {label: P}, cost: {label: C}, colour: {label: X}, choose: {label: Y}}\n",
    "c",
)
PROCESS = """\
stages: [{id: s, label: S}]
nodes:
  - {id: task, label: Task, kind: task, stage: s}
  - {id: attributes, label: A, kind: factor, stage: s, items: {colour: [colour], cost: [cost]}}
  - id: choose
    label: Choose
    kind: decision
    stage: s
    codes: [choose]
    criteria: CRITERIA
  - {id: buy, label: Buy, kind: terminal, stage: s}
edges:
  - {source: task, target: choose, kind: flow}
  - {source: attributes, target: choose, kind: influence}
  - {source: choose, target: buy, kind: branch, guard: good}
  - {source: choose, target: task, kind: back, guard: poor}
"""


def made(criteria: str) -> Process:
    process, problems = load_process(PROCESS.replace("CRITERIA", criteria), "p.yaml")
    assert problems == []
    return process


def said(criteria: str) -> list[str]:
    return [problem.message for problem in check_process(made(criteria), BOOK)]


@pytest.mark.parametrize(
    "criteria",
    [
        "{cheap: {label: Cheap, codes: [price], factors: [attributes.colour], speaks_for: good}}",
        "[{id: cheap, label: Cheap, codes: [price], factors: [attributes.colour], speaks_for: good}]",
    ],
)
def test_both_forms_say_the_same(criteria: str) -> None:
    (criterion,) = next(node for node in made(criteria).nodes if node.criteria).criteria
    assert (criterion.id, criterion.label, criterion.codes) == ("cheap", "Cheap", ("price",))
    assert (criterion.factors, criterion.speaks_for) == (("attributes.colour",), "good")
    assert said(criteria) == []


def test_short_forms_and_what_a_bare_name_is() -> None:
    process = made("[price, attributes, attributes.cost]")
    criteria = next(node for node in process.nodes if node.criteria).criteria
    split = [split_names(each, factor_names(process)) for each in criteria]
    assert split == [(("price",), ()), ((), ("attributes",)), ((), ("attributes.cost",))]
    codes = next(node for node in made("{a: price, b: [cost, colour]}").nodes if node.criteria).criteria
    assert [each.codes for each in codes] == [("price",), ("cost", "colour")]


def test_what_means_nothing_is_named() -> None:
    (unknown,) = said("{a: [prise]}")
    assert "node 'choose': criterion 'a': there is no code 'prise'" in unknown and "price" in unknown
    (nowhere,) = said("{a: {factors: [attributes.size]}}")
    assert "there is no node or item 'attributes.size'" in nowhere
    (way,) = said("{a: {codes: [price], speaks_for: dear}}")
    assert "there is no way out 'dear'" in way
    (empty,) = said("{a: {label: A}}")
    assert "names no `codes:` and no `factors:`" in empty
    text = PROCESS.replace("CRITERIA", "[price]").replace("kind: decision", "kind: activity")
    assert any("make it a decision" in p.message for p in check_process(load_process(text, "p")[0], BOOK))


def test_a_name_of_a_node_and_of_another_code_is_told() -> None:
    text = PROCESS.replace("CRITERIA", "[price]").replace("{id: task, label: Task", "{id: price, label: Task")
    text = text.replace("source: task", "source: price").replace("target: task", "target: price")
    (problem,) = check_process(load_process(text, "p.yaml")[0], BOOK)
    assert "'price' is taken for the node" in problem.message and problem.severity == "warning"


FORMS = "[price, attributes, {id: z, codes: [price, cost]}]", "{a: price, b: [price], c: {codes: [price, colour]}}"


@pytest.mark.parametrize("criteria", FORMS)
def test_a_renamed_code_is_renamed_in_every_form_and_no_node_is(criteria: str) -> None:
    text = PROCESS.replace("CRITERIA", criteria)
    changed = rewrite(text, "p.yaml", "process", lambda code: {"price": "worth", "attributes": "lost"}.get(code, code))
    assert changed == PROCESS.replace("CRITERIA", criteria.replace("price", "worth"))
    assert mentions(text, "p.yaml", "process", lambda code: code.replace("price", "worth")) == criteria.count("price")


def test_a_code_merged_into_one_that_a_node_claims_stays_a_criterion() -> None:
    changed = rewrite(
        PROCESS.replace("CRITERIA", FORMS[0]), "p.yaml", "process", lambda code: "cost" if code == "price" else code
    )
    assert changed == PROCESS.replace("CRITERIA", "[cost, attributes, {id: z, codes: [cost]}]")


def test_a_deleted_code_leaves_and_a_split_one_is_followed_by_its_parts() -> None:
    text = PROCESS.replace("CRITERIA", "[cost, price, colour]")
    assert "criteria: [cost]" in rewrite(
        text, "p.yaml", "process", lambda code: None if code in ("price", "colour") else code
    )
    split = extend(text, "p.yaml", "process", BOOK, "price", ["dear", "cheap"])
    (one, two, three) = next(n for n in load_process(split, "p.yaml")[0].nodes if n.criteria).criteria
    assert (one.names, two.id, two.codes, three.names) == (("cost",), "price", ("price", "dear", "cheap"), ("colour",))
