"""The model: thresholds and filters hide, nothing is re-linked, JSON and graph have their documented shape."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import networkx
import pytest
from click.testing import CliRunner

from postil_base.problem import PostilError
from postil_cli.main import cli
from postil_codebook.values import Finding
from postil_model.decision.candidates import candidates, work_list
from postil_model.decision.document import model_json
from postil_model.decision.exports import flattened, gexf, graphml, node_link
from postil_model.decision.figure import caption, figure_of
from postil_model.decision.model import Model, Params
from postil_model.decision.model_id import model_id
from postil_model.decision.of_study import build_model
from postil_model.evidence.table import evidence_table
from postil_study.study import open_study
from tests.model_study import shopping, talk, write_study

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return build_model(shopping(tmp_path))


def at(model_root: Path, **params: Any) -> Model:
    return build_model(open_study(model_root), Params(**params))


def test_json_has_the_documented_keys(model: Model) -> None:
    data = json.loads(json.dumps(model_json(model)))
    assert list(data)[:5] == ["nodes", "edges", "inferred", "unmapped", "candidates"]
    node = next(node for node in data["nodes"] if node["id"] == "search")
    assert (node["k"], node["n"], node["participants"]) == (4, 4, ["P1", "P2", "P3", "P4"])
    edge = next(edge for edge in data["edges"] if edge["id"] == "E1")
    wanted = {"source": "task", "target": "search", "type": "leads-to", "guard": "", "k": 2, "n": 4}
    assert {key: edge[key] for key in wanted} == wanted
    assert edge["participants"] == ["P1", "P2"]
    assert [(edge["id"], edge["participants"]) for edge in data["inferred"]] == [("E2", ["P1"])]
    assert data["unmapped"] == ["stray"]


def test_declared_nodes_and_edges_without_evidence_stay_at_nought_of_n(model: Model) -> None:
    edges = {edge["id"]: edge for edge in model_json(model)["edges"]}
    assert (edges["E3"]["k"], edges["E3"]["n"], edges["E3"]["status"]) == (0, 4, "missing")
    figure = figure_of(model)
    assert next(edge for edge in figure.edges if edge.id == "E3").tone == "missing"


def test_a_threshold_treats_declared_and_unexpected_edges_alike_and_the_caption_counts_them(tmp_path: Path) -> None:
    shopping(tmp_path)
    two = at(tmp_path, min_participants=2)
    assert two.shown_edges["E1"].status("stated", 2) == "matched"
    assert two.status(two.edges["E4"]) == "weak"  # stated by one: drawn grey, not counted as matched
    assert {edge.id for edge in at(tmp_path, min_participants=3).below_threshold} >= {"E1", "E4"}
    three = at(tmp_path, min_participants=3)
    unexpected = next(e for e in three.edges.values() if e.key == ("search", "buy", "leads-to", ""))
    assert unexpected.id not in three.shown_edges
    assert "Below the threshold of 3: 1 stated edge not drawn, 3 declared drawn grey." in " ".join(caption(three))


def test_what_stays_never_changes_its_counts(tmp_path: Path) -> None:
    shopping(tmp_path)
    counts = [{e.id: str(m.support(e)) for e in m.shown_edges.values()} for m in
              (at(tmp_path, min_participants=t) for t in (1, 2, 3))]  # fmt: skip
    assert all(counts[0][name] == value for later in counts[1:] for name, value in later.items())


def test_a_hidden_node_makes_no_bridge(tmp_path: Path) -> None:
    process = """
id: p
stages: [a, b, c]
nodes:
  - {id: task, label: T, kind: task, stage: a, codes: [task]}
  - {id: search, label: S, kind: activity, stage: b, codes: [search]}
  - {id: buy, label: B, kind: terminal, stage: c, codes: [buy]}
edges: []
"""
    one = talk("T1", "P1", "?", "task then search then buy").code("a", "task", "task").code("b", "search", "search")
    one.code("c", "buy", "buy").relate("r", "a", "b", "leads-to", "then").relate("s", "b", "c", "leads-to", "then")
    write_study(tmp_path, [one], process=process)
    model = at(tmp_path, min_participants=1, stages=("a", "c"))
    assert list(model.shown_nodes) == ["task", "buy"]
    assert not model.shown_edges
    assert "2 edges lead to stages that are not shown." in " ".join(caption(model))


def test_filters_are_printed(tmp_path: Path) -> None:
    shopping(tmp_path)
    model = at(tmp_path, min_participants=1, participants=("P1", "P2"), elicited="spontaneous")
    assert (model.n, model.edges["E1"].support["stated"].n) == (2, 2)
    words = " ".join(caption(model))
    assert "participants=P1,P2; elicited=spontaneous" in words


def test_a_filter_that_names_nothing_is_a_mistake(tmp_path: Path) -> None:
    shopping(tmp_path)
    with pytest.raises(PostilError, match="no participant with a finished coding called 'P9'; there are: P1, P2"):
        at(tmp_path, participants=("P9",))
    with pytest.raises(PostilError, match="no stage called 'middle'"):
        at(tmp_path, stages=("middle",))


def test_prompted_answers_can_be_left_out(tmp_path: Path) -> None:
    shopping(tmp_path)
    spontaneous = at(tmp_path, min_participants=1, elicited="spontaneous")
    assert spontaneous.nodes["attributes"].items["price"].affirm == ()
    assert spontaneous.nodes["task"].support.affirm == ("P1", "P2")


def keys(graph: Any) -> set[tuple[str, str, str]]:
    return set(graph.edges(keys=True))


def test_the_graph_is_a_multidigraph_keyed_by_edge_id(model: Model) -> None:
    graph = model.graph
    assert isinstance(graph, networkx.MultiDiGraph)
    assert graph.edges["task", "search", "E1"]["k"] == 2
    assert {key for _, _, key in keys(graph)} == set(model.shown_edges)


def test_graphml_gexf_and_node_link_can_be_read_again(model: Model) -> None:
    import io

    read = networkx.read_graphml(io.BytesIO(graphml(model)), force_multigraph=True)
    assert keys(read) == keys(model.graph)
    assert read.nodes["attributes"]["items"] == "price=1; colour=0"
    linked = networkx.node_link_graph(json.loads(node_link(model)), edges="edges", multigraph=True)
    assert keys(linked) == keys(model.graph)
    root = ElementTree.fromstring(gexf(model))
    assert len(root.findall(".//{*}edge")) == len(model.shown_edges)
    assert gexf(model) == gexf(model)


def test_control_characters_and_lists_survive_flattening() -> None:
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    graph.add_node("a", label="x\x00y\ud800", items=[], none=None)
    assert flattened(graph).nodes["a"] == {"label": "x\ufffdy\ufffd", "items": "", "none": ""}


def test_the_work_list_has_pairs_nobody_related_and_relations_left_unclear(tmp_path: Path) -> None:
    one = talk("T1", "P1", "?", "task and search and buy").code("a", "task", "task").code("b", "search", "search")
    one.code("c", "buy", "buy", "stray").relate("r", "a", "b", "leads-to").relate("s", "b", "c", "leads-to", "and")
    found = candidates(build_model(write_study(tmp_path, [one])))
    assert [(c.hint, c.source, c.target) for c in found] == [
        ("unclear", "", ""),
        ("order", "search", "buy"),
        ("cooccur", "task", "buy"),
    ]
    assert "several codes" in found[0].why
    assert (found[1].transcript, found[1].turn + 1, found[1].segments) == ("T1", 2, ("b", "c"))


def test_the_first_of_the_work_list_are_those_of_the_whole_of_it() -> None:
    model = build_model(open_study(ROOT))
    whole = candidates(model)
    assert len(whole) > 20
    for most in (1, 2, 5, 11, len(whole), len(whole) + 1):
        part = work_list(model, most=most)
        assert (part.first, part.total) == (whole[:most], len(whole))


def test_the_id_of_a_figure_follows_the_findings_it_shows(tmp_path: Path) -> None:
    model = build_model(shopping(tmp_path))
    one = Finding("F1", "many", 1, 2, links={"node": ("task",)})
    other = msgspec.structs.replace(one, numerator=2)
    elsewhere = Finding("F2", "few", 1, 2, links={"node": ("nowhere",)})
    bare = figure_of(model).manifest["model"]
    ids = [figure_of(model, found).manifest["model"] for found in ([one], [other], [one, elsewhere])]
    assert bare == model.id and ids[0] != bare and ids[0] != ids[1] and ids[0] == ids[2]
    assert f"Model {ids[0][:12]}." in figure_of(model, [one]).caption[-1]
    assert figure_of(model, [elsewhere]).manifest["model"] == bare


def test_the_model_id_follows_codings_and_parameters_only(tmp_path: Path) -> None:
    shopping(tmp_path)
    one = model_id(at(tmp_path, min_participants=1))
    assert one == model_id(at(tmp_path, min_participants=1))
    assert one != model_id(at(tmp_path, min_participants=2))
    layer = tmp_path / "codings/ana/T2.jsonl"
    layer.write_text(layer.read_text().replace('"buy"', '"task"'))
    two = model_id(at(tmp_path, min_participants=1))
    assert one != two
    layer.write_text(layer.read_text().replace('"cue":', '"guard": "in haste", "cue":', 1))
    assert two != model_id(at(tmp_path, min_participants=1))


def test_json_and_dot_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    shopping(tmp_path)
    code = (
        "import sys, json, hashlib; from pathlib import Path; from postil_study.study import open_study;"
        "from postil_model.decision.of_study import build_model; from postil_model.decision.document import model_json;"
        "from postil_model.decision.figure import figure_of; from postil_model.drawing.pictures import dot_text;"
        "from postil_model.decision.exports import graphml, gexf, mermaid;"
        "model = build_model(open_study(Path(sys.argv[1]))); figure = figure_of(model);"
        "parts = [json.dumps(model_json(model)), dot_text(figure), mermaid(figure)];"
        "data = ''.join(parts).encode() + graphml(model) + gexf(model);"
        "print(hashlib.sha256(data).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(seen) == 1


def test_quotes_leave_in_a_figure_only_when_asked(model: Model) -> None:
    tips = {mode: " ".join(n.tooltip for n in figure_of(model, quotes=mode).nodes) for mode in ("none", "ids", "full")}
    assert "T1 s1" not in tips["none"]
    assert "T1 s1" in tips["ids"]
    assert "needed a lamp" not in tips["none"] + tips["ids"]
    assert "P1: I needed a lamp" in tips["full"]


def test_the_evidence_table_leads_to_the_words_and_their_place(model: Model) -> None:
    table = evidence_table(model, hints=True)
    rows = [dict(zip(table.headers, row, strict=True)) for row in table.rows]
    kinds = {row["kind"] for row in rows}
    assert kinds == {"declared", "stated", "inferred", "order", "cooccur"}
    edge = next(row for row in rows if row["object"] == "E1" and row["kind"] == "stated")
    text = model.evidence.transcripts["T1"].text
    assert (edge["cue"], edge["quote"]) == ("and so", "I needed a lamp […] I looked around")
    assert text[int(str(edge["start"])) : int(str(edge["end"]))] == "I needed a lamp and so I looked around"
    assert list(table.frame().columns) == list(table.headers)


def test_a_study_without_a_process_shows_what_was_coded(tmp_path: Path) -> None:
    one = talk("T1", "P1", "?", "task then search").code("a", "task", "task").code("b", "search", "search")
    one.relate("r", "a", "b", "leads-to", "then")
    model = build_model(write_study(tmp_path, [one], process=""), Params(min_participants=1))
    assert list(model.nodes) == ["task", "search"]
    assert [edge.key[:3] for edge in model.shown_edges.values()] == [("task", "search", "leads-to")]


def run(root: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ["model", "--study", str(root), *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_writes_every_format(tmp_path: Path) -> None:
    shopping(tmp_path / "study")
    out = tmp_path / "out"
    starts = {
        "svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG", "dot": b"// postil", "mmd": b"%% postil",
        "graphml": b"<?xml", "gexf": b"<?xml", "json": b"{",
    }  # fmt: skip
    for ending, start in starts.items():
        run(tmp_path / "study", "--out", str(out / f"m.{ending}"))
        assert (out / f"m.{ending}").read_bytes().startswith(start) or b"<gexf" in (out / f"m.{ending}").read_bytes()
    assert json.loads(run(tmp_path / "study", "--json"))["nodes"][0]["id"] == "task"
    run(tmp_path / "study", "--evidence-table", "--out", str(out / "e.xlsx"))
    assert (out / "e.xlsx").read_bytes().startswith(b"PK")
    assert run(tmp_path / "study", "--evidence-table").startswith("object,what,item,kind")


def test_the_plain_answer_is_a_table_by_stage(tmp_path: Path) -> None:
    shopping(tmp_path)
    text = run(tmp_path)
    assert "— Before" in text
    assert "████" in text
    assert "task → search" in text
    assert "Codes no node claims: stray" in text
