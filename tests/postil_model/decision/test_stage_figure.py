"""The model by stage: what stands for what, and when it is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from postil_base.plural import counted
from postil_cli.main import cli
from postil_model.decision import stage_figure as by_stage
from postil_model.decision.model import Params
from postil_model.decision.of_study import build_model
from postil_model.decision.stage_figure import MOST_LISTED, NO_STAGE, stage_figure, too_many
from postil_model.drawing.pictures import dot_text, draw, tikz_text
from postil_study.study import open_study
from tests.model_study import PROCESS, shopping, talk, write_study


def test_an_arrow_between_stages_counts_people_and_not_relations(tmp_path: Path) -> None:
    model = build_model(shopping(tmp_path), Params(1))
    figure = stage_figure(model)
    assert [node.id for node in figure.nodes] == ["before", "after"]
    between = {
        edge.id: {p for e in model.edges.values() if e.key[1] == "buy" for p in e.support["stated"].affirm}
        for edge in figure.edges
        if edge.target == "after"
    }
    assert {edge.id: edge.k for edge in figure.edges} == {name: len(people) for name, people in between.items()}
    inside = [e for e in model.edges.values() if e.support["stated"].k and "buy" not in e.key[:2]]
    assert inside and f"not drawn: {counted(len(inside), 'relation')} inside a stage" in figure.caption[1]


def test_a_box_lists_the_nodes_of_its_stage(tmp_path: Path) -> None:
    model = build_model(shopping(tmp_path), Params(1))
    box = stage_figure(model).nodes[0]
    assert [(item.label, item.count) for item in box.items] == [
        (node.node.label, node.support.k) for node in model.nodes.values() if node.node.stage == "before"
    ]


def many_nodes(root: Path) -> Path:
    """A study with a process of more nodes than one picture can show."""
    one = talk("T1", "P1", "?", "task and search").code("a", "task", "task").code("b", "search", "search")
    write_study(root, [one])
    more = "".join(f"  - {{id: m{i}, label: More {i}, kind: activity, stage: after}}\n" for i in range(100))
    (root / "codebook/process.yaml").write_text(PROCESS.replace("edges:\n", f"{more}edges:\n"), encoding="utf-8")
    return root


def test_above_a_hundred_nodes_the_picture_is_by_stage_unless_all_are_asked_for(tmp_path: Path) -> None:
    root = str(many_nodes(tmp_path))
    run = CliRunner().invoke(cli, ["model", "-C", root, "--format", "dot"])
    assert run.exit_code == 0 and "drawn by stage" in run.stderr
    assert run.stdout.count('class="node') == 2 and f"and {101 - MOST_LISTED} more" in run.stdout
    every = CliRunner().invoke(cli, ["model", "-C", root, "--format", "dot", "--level", "nodes"])
    assert every.stdout.count('class="node') == 105 and "by stage" not in every.stderr


def test_boxes_and_arrows_lead_into_a_report(tmp_path: Path) -> None:
    run = CliRunner().invoke(
        cli, ["model", "-C", str(shopping(tmp_path).root), "-t", "1", "--format", "svg", "--link", "my report.html"]
    )
    assert run.exit_code == 0
    assert '<a href="my report.html#node-task"' in run.stdout
    assert '<a href="my report.html#edge-search%3Abuy%3Aleads-to"' in run.stdout


def test_above_so_many_arrows_the_picture_is_by_stage_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = build_model(shopping(tmp_path), Params(1))
    assert too_many(model) == ""
    monkeypatch.setattr(by_stage, "MOST_EDGES", len(model.shown_edges) - 1)
    assert too_many(model) == f"{len(model.shown_nodes)} nodes and {len(model.shown_edges)} arrows"


def test_nodes_without_a_stage_are_a_box_of_their_own(tmp_path: Path) -> None:
    shopping(tmp_path)
    file = tmp_path / "codebook/process.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("stage: before, ", ""), encoding="utf-8")
    figure = stage_figure(build_model(open_study(tmp_path), Params(1)))
    assert {node.id for node in figure.nodes} == {NO_STAGE, "after"}
    assert f"node-{NO_STAGE}" in draw(figure, ["svg"])["svg"].decode()
    assert "pos=" in dot_text(figure) and NO_STAGE in tikz_text(figure)
