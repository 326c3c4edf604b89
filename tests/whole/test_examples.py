"""The walk-through rebuilds the published study, and its pure parts count right."""

from __future__ import annotations

import doctest
import importlib
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from postil_base.problem import has_errors
from postil_codebook.decision_process.node_codes import map_codes
from postil_codebook.decision_process.read import load_process
from postil_codebook.findings import check_findings, load_findings
from postil_codebook.load import load_codebook
from postil_model.counts.saturation import saturation
from tests.shared_data import SHARED, needs_shared

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FACTS = EXAMPLES / "ptm_reuse"
CURVE = [12, 24, 28, 30, 34, 38, 42, 42, 43, 43, 43, 43]


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    return importlib.import_module


def published() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FACTS / "published.yaml").read_text(encoding="utf-8"))
    return found


def notebook(sets: dict[int, tuple[list[str], list[str]]]) -> str:
    lines = [f"P{n}_sel = {codes!r}\nP{n}_cha = {challenges!r}\n" for n, (codes, challenges) in sets.items()]
    cells = [["%matplotlib inline\n", "P1_att = ['not read: the cell is no Python']"], lines, ["data = [P1_sel]"]]
    kinds = [{"cell_type": "markdown", "source": ["# P1_sel = ['no code']"]}]
    return json.dumps({"cells": kinds + [{"cell_type": "code", "source": cell} for cell in cells]})


def test_a_notebook_is_read_and_not_run(module: Any) -> None:
    steps = enumerate(pairwise([0, *CURVE]), 1)
    new = {n: [f"c{i}" for i in range(before, after)] for n, (before, after) in steps}
    sets = module("code_sets").from_notebook(notebook({n: (codes, ["c0"]) for n, codes in new.items()}))
    assert list(sets) == [f"P{n:02}" for n in range(1, 13)]
    text = module("telling").saturation_text(saturation(sets), published()["saturation"]["cumulative_codes"])
    assert "12, 24, 28, 30, 34, 38, 42, 42, 43, 43, 43, 43   the same as far as given" in text


def test_a_name_in_two_groups_is_one_code(module: Any) -> None:
    sets = module("code_sets").read_code_sets(FACTS / "code_sets.yaml")
    assert [len(codes) for codes in sets.values()] == [12, 13, 11, 11, 14, 11, 10, 9]
    assert list(saturation(sets).ordered) == CURVE[:8]


@pytest.mark.parametrize(
    ("found", "given", "verdict"),
    [
        (3, 12, "agrees"),
        (2, 12, "differs: 2 in the code sets"),
        (3, 8, "holds if none of the 4 not given has it"),
        (2, 8, "possible: 1 more among the 4 not given"),
        (4, 8, "differs whatever the 4 not given hold"),
        (0, 10, "differs whatever the 2 not given hold"),
    ],
)
def test_verdict_on_a_printed_count(module: Any, found: int, given: int, verdict: str) -> None:
    sets = {f"P{n:02}": ["Risks"] if n < found else [] for n in range(given)}
    paper = {"participants": 12, "challenges": [{"name": "Risks", "code": "risks", "printed": 3}]}
    (row,) = module("code_sets").table_three(sets, paper)
    assert row.verdict == verdict


def test_an_unexpected_edge_with_the_ends_of_a_drawn_one_is_marked(module: Any) -> None:
    def edge(name: str, label: str, k: int) -> dict[str, Any]:
        return {"id": name, "label": label, "k": k, "n": 8}

    ratio = {"coverage": 0.0, "precision": None, "matched": 0, "reference": 1, "found": 0}
    edges: dict[str, list[dict[str, Any]]] = {"matched": [], "weak": []}
    edges |= {
        "missing": [edge("E13", "a → b [goes-back-to: poor]", 0)],
        "unexpected": [edge("x", "a → b [leads-to]", 4)],
    }
    found = {"threshold": 1, "edges": edges, "ratios": dict.fromkeys(("nodes", "items", "edges"), ratio)}
    text = module("telling").comparison_text(found)
    assert "unexpected 4/8  a → b [leads-to]   same ends as E13 goes-back-to: poor" in text
    assert "precision 0/0 = n/a" in text


@pytest.mark.parametrize("name", ["code_sets", "telling"])
def test_docstrings_are_true(module: Any, name: str) -> None:
    assert doctest.testmod(module(name)).failed == 0


def test_the_facts_hold_together() -> None:
    codebook, first = load_codebook((FACTS / "codebook.yaml").read_text(encoding="utf-8"), "codebook.yaml")
    process, second = load_process((FACTS / "figure_4.yaml").read_text(encoding="utf-8"), "figure_4.yaml")
    findings, third = load_findings((FACTS / "findings.yaml").read_text(encoding="utf-8"), "findings.yaml")
    assert not [*first, *second, *third]
    assert not has_errors(map_codes(process, codebook).problems)
    assert not check_findings(findings, process, codebook)
    assert (len(process.stages), len(process.nodes), len(process.edges)) == (4, 11, 13)
    tasks = [finding for finding in findings if finding.id.startswith("F")]
    assert (sum(f.numerator or 0 for f in tasks), sum(f.denominator or 0 for f in tasks)) == (2594, 62467)


def test_inconsistencies_are_numbered() -> None:
    known = yaml.safe_load((FACTS / "inconsistencies.yaml").read_text(encoding="utf-8"))
    assert [one["id"] for one in known] == [f"I{n:02}" for n in range(1, 24)]


def test_a_folder_without_transcripts_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, tmp_path / "out")
    assert done.returncode == 1
    assert "holds no transcripts" in done.stderr


def run(artifact: Path, out: Path) -> subprocess.CompletedProcess[str]:
    script = str(EXAMPLES / "reproduce_study.py")
    return subprocess.run([sys.executable, script, str(artifact), str(out)], capture_output=True, text=True)


@needs_shared
def test_the_study_is_rebuilt(tmp_path: Path) -> None:
    done = run(SHARED / "ptm-study", tmp_path)
    assert done.returncode == 0, done.stderr
    for said in (
        "P08   105 turns",
        "27 notes (nvivo)",
        "342 coded passages and 88 relations of reader-a, reader-b",
        "no errors, 27 warnings, 27 of them because themes",
        "recomputed   12, 24, 28, 30, 34, 38, 42, 42   the same as far as given",
        "any order    11.4, 19.2, 24.9, 29.5, 33.4, 36.6, 39.5, 42.0",
        "possible: 1 more among the 4 not given",
        "edges  coverage 4/13 = 0.31, precision 4/18 = 0.22",
        "edges  coverage 3/13 = 0.23, precision 3/8 = 0.38",
        "4.15% (2,594/62,467) [4.00, 4.31]%, no sampling error: a census",
        "I05: Table IV prints less than 0.1%",
        "I23 (count)",
    ):
        assert said in done.stdout
    results = tmp_path / "results"
    assert (results / "figure_4_t2.png").read_bytes().startswith(b"\x89PNG")
    assert "</svg>" in (results / "figure_4_t1.svg").read_text(encoding="utf-8")
    assert len(list((tmp_path / "study" / "charts").glob("P0*.yaml"))) == 8
    notes = (tmp_path / "study" / "codings" / "nvivo").glob("P0*.jsonl")
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in notes) == 222
