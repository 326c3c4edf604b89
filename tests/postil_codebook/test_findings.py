from __future__ import annotations

import pytest

from postil_codebook.decision_process.read import load_process
from postil_codebook.findings import check_findings, load_findings
from postil_codebook.load import load_codebook
from postil_codebook.themes import check_themes, load_themes
from postil_codebook.values import Codebook
from tests.shared_data import SHARED, needs_shared

BOOK = load_codebook("codes: {trust: {definition: x, children: {maker: {definition: y}}}}", "b.yaml")[0]
PROCESS = load_process("stages: [one]\nnodes: {find: {stage: one}}", "p.yaml")[0]


START = "  - {id: f, statement: s, source: t, "


def place_of(fields: str, word: str) -> str:
    """Where ``word`` stands in the fields of the finding, or ``f`` for the finding itself."""
    return f"f.yaml:2:{(START + fields).index(word) + 1}"


def found(fields: str) -> list[tuple[str, str, str]]:
    findings, problems = load_findings(f"findings:\n{START}{fields}}}\n", "f.yaml")
    problems += check_findings(findings, PROCESS, BOOK)
    return [(str(p.place), p.rule, p.message) for p in problems]


@pytest.mark.parametrize(
    "numbers",
    [
        "numerator: 199, denominator: 6243, value: 3.19, unit: percent",
        "numerator: 199, denominator: 6243, value: 3.2, unit: '%'",
        "numerator: 199, denominator: 6243, value: 3, unit: percent",
        "numerator: 132, denominator: 63182, value: 0.209, unit: percent",
        "numerator: 2, denominator: 199, value: 1.01, unit: percent",
        "numerator: 10, denominator: 12, value: 0.83, unit: share",
        "numerator: 10, denominator: 12, value: 10, unit: participants",
        "numerator: 10, denominator: 12, value: 83.3",
        "numerator: 10, denominator: 12",
        "value: 6834, unit: models",
        "value: null, unit: qualitative",
    ],
)
def test_numbers_that_agree(numbers: str) -> None:
    assert found(numbers) == []


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        ("numerator: 199, denominator: 6243, value: 3.18, unit: percent", "3.18"),
        ("numerator: 199, denominator: 6243, value: 3.190, unit: percent", "3.190"),
        ("numerator: 199, denominator: 6243, value: 0.0319, unit: percent", "0.0319"),
        ("numerator: 10, denominator: 12, value: 83.3, unit: share", "83.3"),
        ("numerator: 10, denominator: 12, value: 11, unit: participants", "11"),
        ("numerator: 10, denominator: 0, value: 83.3, unit: percent", "denominator"),
        ("numerator: -10, denominator: 12, value: 83.3, unit: percent", "numerator"),
    ],
)
def test_a_value_that_contradicts_its_parts(numbers: str, word: str) -> None:
    ((place, rule, message),) = found(numbers)
    assert (place, rule) == (place_of(numbers, word), "contradicting-value")
    assert "finding 'f'" in message


def test_the_message_says_what_it_should_be() -> None:
    message = found("numerator: 199, denominator: 6243, value: 4.19, unit: percent")[0][2]
    assert "value 4.19 contradicts numerator and denominator: 199 of 6243 is 3.188 percent" in message


@pytest.mark.parametrize(
    ("fields", "word", "rule"),
    [
        ("value: ten", "ten", "yaml-type"),
        ("value: 1, numerator: '1e99999', denominator: 1e999", "'1e99999", "yaml-type"),
        ("links: {node: [fnd]}", "f, ", "unknown-node"),
        ("links: {stage: two}", "f, ", "unknown-stage"),
        ("links: {code: [trust, makr]}", "f, ", "unknown-code"),
        ("fit: yes", "yes", "unknown-value"),
        ("fit: silence", "f, ", "no-reading"),
        ("basis: cencus", "cencus", "unknown-value"),
        ("valeu: 1", "valeu", "unknown-key"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(fields: str, word: str, rule: str) -> None:
    assert (place_of(fields, word), rule) in [(p, r) for p, r, _ in found(fields)]


def test_links_of_any_kind_are_read() -> None:
    text = "findings: {f: {statement: s, links: {node: find, stride: [spoofing, tampering]}, x-mine: 1}}"
    (finding,), problems = load_findings(text, "f.yaml")
    assert problems == []
    assert finding.links == {"node": ("find",), "stride": ("spoofing", "tampering")}
    assert finding.extra == {"x-mine": 1}


@needs_shared
def test_the_findings_of_the_ptm_study() -> None:
    text = (SHARED / "ptm-study" / "findings.yaml").read_text(encoding="utf-8")
    findings, problems = load_findings(text, "findings.yaml")
    assert problems == []
    assert len(findings) == 20
    by_id = {finding.id: finding for finding in findings}
    assert (by_id["Q01"].numerator, by_id["Q01"].denominator, by_id["Q01"].value) == (199, 6243, 3.19)
    assert by_id["Q01"].links["node"] == ("dl_attributes", "sources")
    assert [f.id for f in findings if f.conflict] == ["Q04", "Q06", "Q07", "Q08", "Q09", "Q16"]
    assert by_id["Q09"].conflict.startswith("I05: ")
    assert by_id["Q18"].value is None
    assert by_id["Q18"].extra["values"] == [25195541, 4771192, 372313]
    reference = (SHARED / "ptm-study" / "reference_model.yaml").read_text(encoding="utf-8")
    process, _ = load_process(reference, "reference_model.yaml")
    assert [p for p in check_findings(findings, process, Codebook()) if p.severity == "error"] == []


def test_themes() -> None:
    text = """\
themes:
  - {id: t, label: T, definition: D, codes: [trust, trust/*], memo: M}
  - {id: u, codes: [makr]}
  - {id: v, lable: V}
"""
    themes, problems = load_themes(text, "t.yaml")
    assert (themes[0].label, themes[0].codes, themes[1].label) == ("T", ("trust", "trust/*"), "u")
    problems += check_themes(themes, BOOK)
    assert [(str(p.place), p.rule, p.severity) for p in problems] == [
        ("t.yaml:4:13", "unknown-key", "error"),
        ("t.yaml:3:10", "unknown-code", "error"),
        ("t.yaml:4:10", "no-codes", "warning"),
    ]


@pytest.mark.parametrize(
    ("numbers", "severity"),
    [
        ("numerator: 21, denominator: 20, value: 105, unit: percent", "error"),
        ("numerator: 21, denominator: 20, value: 1.05, unit: share", "error"),
        ("numerator: 13, denominator: 12, value: 13, unit: participants", "error"),
        ("numerator: 13, denominator: 12", "error"),
        ("numerator: -1, denominator: 12", "error"),
        ("numerator: 21, denominator: 20, value: 1.05, unit: downloads per model", "warning"),
    ],
)
def test_more_than_all_and_less_than_nothing(numbers: str, severity: str) -> None:
    findings, problems = load_findings(f"findings:\n{START}{numbers}}}\n", "f.yaml")
    (problem,) = problems
    number = numbers.partition(",")[0].partition(": ")[2]
    assert (str(problem.place), problem.severity) == (place_of(numbers, "numerator"), severity)
    assert f"numerator {number}" in problem.message and len(findings) == 1
