from __future__ import annotations

import time

import pytest

from postil_base.problem import Problem
from postil_codebook.decision_process.read import check_process, load_process, map_codes
from postil_codebook.load import load_codebook
from postil_codebook.values import Codebook, Process
from tests.shared_data import SHARED, needs_shared

BOOK = load_codebook(
    """\
codes:
  selection:
    codable: false
    children:
      search: {definition: x, formerly: [look]}
      attr:
        definition: x
        children: {popularity: {definition: x}, quality: {definition: x}}
  evaluation: {codable: false, children: {evaluate: {definition: x}, outcome: {definition: x}}}
  trust: {definition: x}
""",
    "book.yaml",
)[0]


def read(text: str) -> tuple[Process, list[Problem]]:
    process, problems = load_process(text, "p.yaml")
    return process, [*problems, *check_process(process, BOOK)]


def rules(text: str) -> list[tuple[str, str]]:
    return [(str(problem.place), problem.rule) for problem in read(text)[1]]


GOOD = """\
id: p
title: T
stages: [one, {id: two, label: Two}]
nodes:
  - {id: start, kind: task, stage: one, codes: [selection/*]}
  - {id: look, label: Look, kind: activity, stage: one, codes: [selection/search]}
  - id: attributes
    kind: factor
    stage: one
    items:
      popularity: [attr/popularity]
      quality: {label: Quality, codes: [quality], emphasis: true}
  - {id: test, kind: decision, stage: two, codes: [evaluation/*], origin: derived}
  - {id: done, kind: terminal, stage: two}
edges:
  - {source: start, target: look}
  - {source: attributes, target: look, kind: influence}
  - {id: e3, source: look, target: test, label: Candidate}
  - {source: test, target: done, kind: branch, guard: good}
  - {source: test, target: look, kind: back, guard: poor, origin: derived}
main_line: [start, look, test, done]
evidence: {order_questions: [decision_process], window_turns: 0, coder_rule: any, min_participants: 2}
"""


def test_a_good_process_wrapped_or_not() -> None:
    process, problems = read(GOOD)
    assert problems == []
    assert [stage.label for stage in process.stages] == ["one", "Two"]
    assert [(node.id, node.kind, node.origin) for node in process.nodes][3] == ("test", "decision", "derived")
    assert [(item.id, item.codes, item.emphasis) for item in process.nodes[2].items] == [
        ("popularity", ("attr/popularity",), False),
        ("quality", ("quality",), True),
    ]
    assert [edge.id for edge in process.edges][:3] == ["start:flow:look", "attributes:influence:look", "e3"]
    assert process.edges[4].id == "test:back:look:poor"
    assert process.evidence["order_questions"] == ("decision_process",)
    indented = "".join(f"  {line}\n" for line in GOOD.splitlines())
    wrapped, problems = read(f"process:\n{indented}")
    assert problems == []
    assert [node.id for node in wrapped.nodes] == [node.id for node in process.nodes]


def test_the_nearest_claim_wins() -> None:
    process, _ = read(GOOD)
    mapped = map_codes(process, BOOK)
    assert mapped.node_of == {
        "search": "look",  # by its id, before the glob of `start`
        "attr": "start",
        "popularity": "attributes",
        "quality": "attributes",
        "evaluate": "test",
        "outcome": "test",
    }
    assert mapped.item_of == {"popularity": ("attributes", "popularity"), "quality": ("attributes", "quality")}
    assert mapped.unmapped == ("trust",)


def test_a_glob_further_down_goes_before_one_further_up() -> None:
    text = "nodes: {a: {codes: ['*']}, b: {codes: [selection/*]}, c: {codes: [selection/attr/*]}}"
    mapped = map_codes(read(text)[0], BOOK)
    assert mapped.problems == ()
    assert [mapped.node_of[code] for code in ("trust", "search", "attr", "quality")] == ["a", "b", "b", "c"]
    assert mapped.unmapped == ()


@pytest.mark.parametrize(
    ("claims", "codes"),
    [
        ("a: {codes: [trust]}, b: {codes: [trust]}", {"trust"}),
        ("a: {codes: [search]}, b: {codes: [look]}", {"search"}),  # a former id
        ("a: {codes: [attr/*]}, b: {codes: [selection/attr/*]}", {"popularity", "quality"}),
        ("a: {items: {x: [trust], y: [trust]}}", {"trust"}),
        ("a: {items: {x: [trust]}}, b: {codes: [trust]}", {"trust"}),
    ],
)
def test_two_owners_of_one_code_are_a_problem(claims: str, codes: set[str]) -> None:
    problems = map_codes(read(f"nodes: {{{claims}}}")[0], BOOK).problems
    assert {problem.rule for problem in problems} == {"code-claimed-twice"}
    assert {code for code in codes for problem in problems if f"{code}'" in problem.message} == codes


def test_a_node_and_its_own_item_may_claim_one_code() -> None:
    mapped = map_codes(read("nodes: {a: {codes: [trust], items: {x: [trust]}}}")[0], BOOK)
    assert (mapped.problems, mapped.item_of) == ((), {"trust": ("a", "x")})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: task", "kind: taks", ("p.yaml:5:23", "unknown-value")),
        ("stage: one, codes: [selection/*]", "stage: onee", ("p.yaml:5:29", "unknown-stage")),
        ("codes: [selection/search]", "codes: [serch]", ("p.yaml:6:10", "unknown-code")),
        ("codes: [selection/search]", "codes: [other/search]", ("p.yaml:6:10", "unknown-code")),
        ("codes: [selection/search]", "codes: [selectoin/*]", ("p.yaml:6:10", "unknown-code")),
        ("{source: start, target: look}", "{source: start, target: lok}", ("p.yaml:16:5", "edge-to-nowhere")),
        ("{source: start, target: look}", "{source: start}", ("p.yaml:16:5", "edge-to-nowhere")),
        ("kind: branch, guard: good", "kind: branch", ("p.yaml:19:5", "no-guard")),
        ("kind: back, guard", "kind: bakc, guard", ("p.yaml:20:40", "unknown-value")),
        ("target: look, kind: back", "target: done, kind: back", ("p.yaml:20:5", "back-goes-forward")),
        ("{source: test, target: done, kind: branch, guard: good}", "{source: start, target: done}", None),
        ("main_line: [start", "main_line: [begin", ("p.yaml", "unknown-node")),
        ("main_line: [start", "main_line: [look", ("p.yaml", "unknown-node")),
        ("{id: done,", "{id: test,", ("p.yaml:14:10", "duplicate-id")),
        ("{id: e3,", "{id: 'test:back:look:poor',", ("p.yaml:20:5", "duplicate-edge")),
        ("  - {source: start, target: look}\n", "", ("p.yaml:6:10", "unreachable-node")),
        ("label: Look", "lable: Look", ("p.yaml:6:16", "unknown-key")),
        ("window_turns: 0", "window_turns: few", ("p.yaml:22:63", "yaml-type")),
        ("coder_rule: any", "coder_rule: most", ("p.yaml:22:78", "unknown-value")),
        ("id: look", "id: 'lo ok'", ("p.yaml:6:10", "bad-id")),
    ],
)
def test_what_is_wrong_is_told_with_its_place(old: str, new: str, expected: tuple[str, str] | None) -> None:
    assert GOOD.count(old) >= 1
    found = rules(GOOD.replace(old, new, 1))
    if expected is None:  # the decision has one way out now
        assert ("p.yaml:13:10", "decision-one-edge") in found
    else:
        assert expected in found


def test_equal_edges_are_told_apart_by_their_guard_only() -> None:
    twice = GOOD.replace("main_line", "  - {id: x, source: test, target: look, kind: back, guard: poor}\nmain_line")
    assert ("p.yaml:21:5", "equal-edges") in rules(twice)
    other = GOOD.replace("main_line", "  - {id: x, source: test, target: look, kind: back, guard: late}\nmain_line")
    assert rules(other) == []


def test_severity_of_a_back_edge_is_a_warning() -> None:
    problems = read(GOOD.replace("target: look, kind: back", "target: done, kind: back"))[1]
    assert [p.severity for p in problems if p.rule == "back-goes-forward"] == ["warning"]


def test_steps_nothing_leads_to_and_decisions_that_decide_nothing_are_warnings() -> None:
    text = """
nodes:
  a: {kind: task}
  b: {kind: decision}
  c: {}
  d: {kind: decision}
edges:
  - {source: a, target: b}
  - {source: b, target: b, kind: back, guard: unsure}
  - {source: a, target: d}
"""
    found = {(p.rule, p.place.line, p.severity) for p in read(text)[1]}
    assert found == {
        ("decision-one-edge", 4, "warning"),
        ("unreachable-node", 5, "warning"),
        ("decision-one-edge", 6, "warning"),
    }


def test_a_first_step_may_lead_to_itself() -> None:
    text = "nodes: {a: {}, b: {}}\nedges:\n  - {source: a, target: a}\n  - {source: a, target: b}\n"
    assert rules(text) == []


def test_without_edges_nothing_is_asked_of_the_nodes() -> None:
    assert rules("nodes: {a: {kind: decision}, b: {}}") == []
    assert rules("") == []


def test_what_only_the_interviews_say_needs_no_edge() -> None:
    assert rules(GOOD.replace("edges:", "  - {id: new, kind: factor, stage: one, origin: derived}\nedges:")) == []


@needs_shared
def test_the_published_reference_model() -> None:
    text = (SHARED / "ptm-study" / "reference_model.yaml").read_text(encoding="utf-8")
    process, problems = load_process(text, "reference_model.yaml")
    assert problems == []
    assert check_process(process, Codebook()) == []
    assert (len(process.stages), len(process.nodes), len(process.edges)) == (4, 11, 13)
    assert process.stages[0].label == "Reusability Assessment"
    assert [edge.guard for edge in process.edges if edge.kind == "back"] == ["poor"] * 3
    assert process.main_line[0] == "ml_task"
    assert [item.id for node in process.nodes for item in node.items if item.emphasis] == ["popularity", "portability"]
    assert [node.items for node in process.nodes if node.id == "requirements"] == [()]  # in the text, not in the figure
    assert "2303.02552" in process.source


def test_attacks_end_soon() -> None:
    start = time.monotonic()
    many = "codes:\n" + "".join(f"  c{n}: {{definition: x, formerly: [d{n}]}}\n" for n in range(5_000))
    book, _ = load_codebook(many, "b")
    nodes = "".join(f"  - {{id: n{n}, kind: decision, codes: [x{n}]}}\n" for n in range(10_000))
    edges = "".join(f"  - {{source: n{n}, target: m{n}}}\n" for n in range(10_000))
    process, problems = load_process(f"nodes:\n{nodes}edges:\n{edges}", "p.yaml")
    problems += check_process(process, book)
    assert len(problems) == 30_000
    assert time.monotonic() - start < 20
    few, _ = load_codebook("codes:\n" + "".join(f"  c{n}: {{definition: x}}\n" for n in range(1_500)), "b")
    assert len(check_process(process, few)) == 30_000
    assert time.monotonic() - start < 40
