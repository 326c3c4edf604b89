"""Without a declared process the figure shows what people relate; where nobody does, hints that can't be mistaken."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from postil_cli.main import cli
from postil_model.decision.legend import marks
from postil_model.decision.model import Params
from postil_model.decision.of_study import build_model
from postil_model.decision.undeclared import Hint, drawn_figure, hints, nothing_stated
from postil_model.drawing.columns import main_line
from postil_model.drawing.figure import SLATE
from postil_model.drawing.pictures import draw
from tests.model_study import Talk, shopping, talk, write_study


def _told(participant: str, *codes: str) -> Talk:
    """Somebody who speaks of one thing after the other in one answer."""
    words = [f"word {at} of {code}" for at, code in enumerate(codes)]
    one = talk(f"t{participant}", participant, "And?", ". ".join(words))
    for at, (code, quote) in enumerate(zip(codes, words, strict=True)):
        one.code(f"s{at}{participant}", quote, code)
    return one


def test_what_people_relate_is_drawn_and_the_rest_is_counted(tmp_path: Path) -> None:
    one = _told("P1", "task", "search", "buy", "stray").relate("r1", "s0P1", "s1P1", "leads-to", "word 0 of task")
    one.relate("r2", "s1P1", "s2P1", "leads-to", "word 1 of search")
    model = build_model(write_study(tmp_path, [one], process=""), Params(min_participants=1))
    figure = drawn_figure(model)
    assert [node.id for node in figure.nodes] == ["task", "search", "buy"]
    assert main_line(figure) == ["task", "search", "buy"]
    assert {edge.tone for edge in figure.edges} == {"plain"}
    assert "Not drawn: 1 code that nobody relates." in figure.caption
    assert nothing_stated(model) == ""


def test_where_nobody_relates_anything_hints_are_drawn_and_say_so(tmp_path: Path) -> None:
    talks = [_told("P1", "task", "search"), _told("P2", "task", "search"), _told("P3", "search", "task", "stray")]
    model = build_model(write_study(tmp_path, talks, process=""), Params(min_participants=2))
    assert hints(model) == [Hint("task", "search", True, ("P1", "P2", "P3"))]
    figure = drawn_figure(model)
    (edge,) = figure.edges
    assert (edge.tone, edge.kind, edge.count, edge.k, edge.declared) == ("hint", "influence", "hint 3/3", 0, False)
    assert [node.id for node in figure.nodes] == ["task", "search"]
    assert "hint" in marks(figure) and "counts" not in marks(figure) and "dashed arrow" not in marks(figure)
    assert "no relation; k spoke of one after the other" in figure.caption[0]
    assert figure.caption[1].startswith("No relation is stated by at least 2 participants. Open a transcript")
    svg = draw(figure, ["svg"])["svg"].decode()
    line = svg[svg.index('<path d="') :].split("/>")[0]
    assert SLATE in line and "stroke-dasharray" in line
    assert not model.shown_edges  # hints are counted nowhere


def test_a_hint_has_no_arrow_where_people_spoke_in_both_orders(tmp_path: Path) -> None:
    talks = [_told("P1", "task", "search"), _told("P2", "search", "task")]
    model = build_model(write_study(tmp_path, talks, process=""), Params(min_participants=2))
    assert [hint.directed for hint in hints(model)] == [False]
    assert not drawn_figure(model).edges[0].directed


def test_relations_below_the_threshold_are_told_instead_of_hidden(tmp_path: Path) -> None:
    one = _told("P1", "task", "search").relate("r1", "s0P1", "s1P1", "leads-to", "word 0 of task")
    model = build_model(write_study(tmp_path, [one], process=""), Params(min_participants=2))
    assert "1 relation by fewer: -t 1 draws what anybody states." in nothing_stated(model)


def test_the_command_says_how_a_relation_is_made_and_lists_the_hints(tmp_path: Path) -> None:
    talks = [_told("P1", "task", "search"), _told("P2", "task", "search")]
    write_study(tmp_path, talks, process="")
    table = CliRunner().invoke(cli, ["model", "-C", str(tmp_path)], catch_exceptions=False).stdout
    assert "press r" in table and "Hints, no relations" in table
    assert "Task ⇢ Search" in table and "one after the other" in table
    drawn = CliRunner().invoke(cli, ["model", "-C", str(tmp_path), "--format", "svg"], catch_exceptions=False)
    assert "press r" in drawn.stderr and "hint 2/2" in drawn.stdout


def test_one_code_alone_is_drawn_and_a_declared_process_is_as_ever(tmp_path: Path) -> None:
    model = build_model(write_study(tmp_path / "one", [_told("P1", "task")], process=""), Params(min_participants=1))
    figure = drawn_figure(model)
    assert [node.id for node in figure.nodes] == ["task"] and not figure.edges
    assert any("Open a transcript" in line for line in figure.caption)
    declared = build_model(shopping(tmp_path / "declared"))
    assert {node.id for node in drawn_figure(declared).nodes} == set(declared.shown_nodes)
    assert not any(edge.tone == "hint" for edge in drawn_figure(declared).edges)
