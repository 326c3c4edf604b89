"""A loop at one node: declared it is an edge like every other, undeclared it is on the work list with its reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from postil_model.decision.candidates import candidates
from postil_model.decision.document import model_json
from postil_model.decision.exports import mermaid
from postil_model.decision.figure import figure_of
from postil_model.decision.model import Params
from postil_model.decision.of_study import build_model
from postil_model.decision.questions.lines import ask
from postil_model.drawing.pictures import draw, tikz_text
from postil_study.check.study import check_study
from postil_study.study import Study, open_study
from postil_tui.model.diagram.drawing import draw as draw_in_characters
from tests.model_study import PROCESS, talk, write_study
from tests.shared_data import SHARED, needs_shared


def again(root: Path, declared: str, type_: str = "goes-back-to", people: int = 3, **relation: Any) -> Study:
    """Each person chooses, is unsure, and chooses again."""
    talks = []
    for number in range(people):
        one = talk(f"T{number}", f"P{number}", "And?", "We chose it once, and again we chose it twice.")
        one.code(f"{number}a", "We chose it once", "choose").code(f"{number}b", "we chose it twice", "choose")
        talks.append(one.relate(f"{number}r", f"{number}a", f"{number}b", type_, "and again", **relation))
    process = PROCESS.replace("main_line:", f"{declared}\nmain_line:") if declared else PROCESS
    return write_study(root, talks, process=process)


def loop(study: Study) -> dict[str, Any] | None:
    edges = model_json(build_model(study, Params(1)))["edges"]
    return next((edge for edge in edges if edge["source"] == edge["target"]), None)


@pytest.mark.parametrize(
    ("kind", "type_", "guard"),
    [("back", "goes-back-to", "unsure"), ("flow", "leads-to", ""), ("influence", "influences", "")],
)
def test_a_declared_loop_counts_and_is_drawn(tmp_path: Path, kind: str, type_: str, guard: str) -> None:
    said: dict[str, Any] = {"guard": guard} if guard else {}
    written = "".join(f", guard: {guard}" for _ in said)
    study = again(tmp_path, f"  - {{id: L, source: choose, target: choose, kind: {kind}{written}}}", type_, **said)
    found = loop(study)
    assert found is not None and (found["id"], found["k"], found["n"], found["status"]) == ("L", 3, 3, "matched")
    figure = figure_of(build_model(study, Params(1)))
    assert b'id="edge-L"' in draw(figure, ["svg"])["svg"]
    assert re.search(r"\b(n\d+) [^\n]*> ?[^\n]*\b\1\b", mermaid(figure))
    assert "3/3" in tikz_text(figure) and "3/3" in draw_in_characters(figure, 110).canvas.text()
    assert not [p for p in check_study(study.root) if p.rule == "back-goes-forward"]
    if type_ != "influences":
        assert ask(build_model(study), "loops").rows == (("choose → choose", 1, 3, 3, "P0, P1, P2"),)


def test_without_a_guard_the_only_declared_loop_is_meant(tmp_path: Path) -> None:
    declared = "  - {id: L, source: choose, target: choose, kind: back, guard: unsure}"
    found = loop(again(tmp_path, declared))
    assert found is not None and (found["id"], found["k"]) == ("L", 3)


@pytest.mark.parametrize(
    ("declared", "type_", "guard"),
    [
        ("", "goes-back-to", "unsure"),
        ("  - {id: L, source: choose, target: choose, kind: back, guard: late}", "goes-back-to", "unsure"),
        ("  - {id: L, source: choose, target: choose, kind: back, guard: unsure}", "leads-to", "unsure"),
    ],
)
def test_an_undeclared_loop_is_on_the_work_list(tmp_path: Path, declared: str, type_: str, guard: str) -> None:
    study = again(tmp_path, declared, type_, guard=guard)
    model = build_model(study, Params(1))
    assert {edge["k"] for edge in model_json(model)["edges"]} == {0}
    listed = [one for one in candidates(model) if one.hint == "unclear"]
    assert [(one.source, one.target, one.participant) for one in listed] == [
        ("choose", "choose", f"P{number}") for number in range(3)
    ]
    assert all("declares no such loop" in one.why for one in listed)


@needs_shared
def test_three_of_three_state_the_loop() -> None:
    study = open_study(SHARED / "cases" / "studies" / "selfloop")
    found = loop(study)
    assert found is not None and (found["k"], found["n"]) == (3, 3)
