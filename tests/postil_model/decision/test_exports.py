"""The model in other programs' hands: Mermaid's grammar, the package graphviz, notebooks."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import graphviz
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_model.decision.exports import mermaid
from postil_model.decision.figure import figure_of
from postil_model.decision.model import Params
from postil_model.decision.of_study import build_model
from postil_model.decision.stage_figure import stage_figure
from postil_model.drawing.figure import Figure
from postil_model.drawing.pictures import dot_text
from postil_study.study import open_study
from tests.model_figures import edge, innovation_decision, large, node, other_scripts
from tests.model_study import shopping

ROOT = Path(__file__).resolve().parents[3]
# The part of Mermaid's flowchart grammar that is written. Mermaid 12.3 reads every line of this form, and reads a text
# that holds any other sign as something else (a class, an icon, Markdown, the end of the text).
TEXT = r'"(?:[^"#<>`\\*_|{}\[\]~$:\x00-\x1f\x7f\u2028]|#\d+;|<br/>)+"'
SHAPE = rf"(?:\{{{TEXT}\}}|\(\[{TEXT}\]\)|\({TEXT}\))"
NODE = rf"n\d+{SHAPE}"
LINE = {
    "comment": r"%% [^{}]*",
    "head": r"flowchart LR",
    "stage": rf"  subgraph s\d+ \[{TEXT}\]",
    "inside": rf"    {NODE}",
    "end": r"  end",
    "node": rf"  {NODE}",
    "arrow": rf"  n\d+ (?:-\.->|-->|---)(?:\|{TEXT}\|)? n\d+",
    "style": r"  (?:classDef \w+ [\w:#, -]+|class n\d+ \w+|linkStyle [\d,]+ stroke:#\w{6},color:#\w{6})",
}
ORDER = re.compile(r"(comment )*head (stage (inside )+end )*(node )*(arrow )*(style )+")
HOSTILE = [
    '%%{init: {"theme":"x"}}%%', "end", "1. first", "- a", "+ b", "2) c", "", "  ", '"];click n1 call alert()',
    "subgraph x", "```", "$$x$$", "~~a~~", "n1-->n2", "style n1 fill:#f00", "A;B", "\u2028a", "graph LR", "*",
    "x:::missing", "fa:fa-ban no", "<script>", "a\nb", "#quot;", "&amp;",
]  # fmt: skip


def kinds(text: str) -> list[str]:
    """What each line is; a line that no rule knows fails."""
    assert text.endswith("\n")
    found = []
    for line in text[:-1].split("\n"):
        matching = [kind for kind, rule in LINE.items() if re.fullmatch(rule, line)]
        assert len(matching) == 1, (line, matching)
        found += matching
    return found


def parsed(figure: Figure) -> list[str]:
    """The lines of a figure's Mermaid, which must be a flowchart in which each node stands once."""
    text = mermaid(figure)
    found = kinds(text)
    assert ORDER.fullmatch(" ".join(found) + " "), found
    named = re.findall(r"^ +(n\d+)[({]", text, re.MULTILINE)
    assert named and len(named) == len(set(named)) == len(figure.nodes)
    assert not re.search(r'[({\[|]"\d*[.)+-]', text), "Markdown would begin a list"
    return text.splitlines()


def hostile(texts: list[str]) -> Figure:
    kinds_ = ("activity", "decision", "terminal", "factor")
    nodes = tuple(node(f"e{i}", t, kinds_[i % 4], "s" if i % 2 else "") for i, t in enumerate(texts))  # type: ignore[arg-type]
    edges = tuple(edge(f"e{i}", f"e{(i + 1) % len(texts)}", guard=t) for i, t in enumerate(texts))
    return Figure("x", (("s", texts[0]),), nodes, edges, manifest={"process": texts[0], "model": "---"})


@pytest.mark.parametrize("make", [innovation_decision, large, other_scripts, lambda: hostile(HOSTILE)])
@pytest.mark.parametrize("staged", [True, False])
def test_mermaid_is_a_flowchart_with_and_without_stages(make: object, staged: bool) -> None:
    figure = make()  # type: ignore[operator]
    lines = parsed(figure if staged else replace(figure, stages=()))
    assert any("subgraph" in line and line.startswith("  s") for line in lines) == staged


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=12) | st.sampled_from(HOSTILE),
        min_size=1,
        max_size=5,
    )
)
def test_any_text_in_mermaid_stays_a_text(texts: list[str]) -> None:
    figure = hostile(texts)
    lines = parsed(figure)
    for place, text in enumerate(texts, 1):
        (line,) = (line for line in lines if re.match(rf" +n{place}[({{\[]", line))
        shown = unescape(re.sub(r"#(\d+);", r"&#\1;", line))
        assert "".join(text.split()) in "".join(shown.split())


def test_mermaid_of_a_study_by_stage_and_without_a_process(tmp_path: Path) -> None:
    shopping(tmp_path)
    (tmp_path / "codebook/process.yaml").unlink()
    settings = (tmp_path / "study.yaml").read_text(encoding="utf-8")
    (tmp_path / "study.yaml").write_text(re.sub(r"^process:.*\n", "", settings, flags=re.MULTILINE), encoding="utf-8")
    for root in (tmp_path, ROOT):
        model = build_model(open_study(root), Params(1))
        parsed(figure_of(model))
        parsed(stage_figure(model))


def test_a_model_gives_a_graph_of_the_package_graphviz(tmp_path: Path) -> None:
    model = build_model(shopping(tmp_path), Params(1))
    graph = model.to_graphviz()
    assert isinstance(graph, graphviz.Digraph)
    assert graph.source == dot_text(figure_of(model)) and "layout=nop2" in graph.source
    assert "pos=" not in model.to_graphviz(engine="dot").source
    findings = open_study(ROOT).findings
    assert "m001" in build_model(open_study(ROOT)).to_graphviz(findings).source


def test_a_model_shows_itself_in_a_notebook_and_in_a_line(tmp_path: Path) -> None:
    model = build_model(shopping(tmp_path), Params(1))
    assert ElementTree.fromstring(model._repr_svg_()).tag.endswith("svg")
    assert repr(model) == (
        f"<decision model 'Shopping': {len(model.shown_nodes)} nodes, {len(model.shown_edges)} edges, "
        f"stated by at least 1 of {model.n} participants>"
    )
    assert "\n" not in repr(model)
