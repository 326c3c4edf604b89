"""The declared process as a drawn graph: a courtesy copy, for programs that open graphs."""

from __future__ import annotations

from collections import Counter

from postil_codebook.values import Process, ProcessEdge, ProcessNode
from postil_formats.projects.identity import Identity
from postil_formats.projects.refi.values import Graph, RefiEdge, Vertex
from postil_study.study import Study

_SHAPES = {
    "task": "Oval",
    "decision": "DownTriangle",
    "activity": "RoundedRectangle",
    "source": "Person",
    "technique": "Rectangle",
    "factor": "Rectangle",
    "terminal": "Oval",
}
_LINES = {"flow": "solid", "branch": "solid", "back": "dashed", "influence": "dotted"}
_WIDTH, _HEIGHT, _ACROSS, _DOWN = 180, 60, 240, 100


def process_graph(study: Study, identity: Identity) -> tuple[Graph, ...]:
    """The graph of the declared process; none if nothing is declared."""
    process = study.process
    if process is None or not process.nodes:
        return ()
    columns = {stage.id: number for number, stage in enumerate(process.stages)}
    rows: Counter[str] = Counter()
    vertices = []
    for node in process.nodes:
        vertices.append(_vertex(study, identity, node, columns.get(node.stage, len(columns)), rows[node.stage]))
        rows[node.stage] += 1
    known = {node.id for node in process.nodes}
    edges = [_edge(identity, process, edge) for edge in process.edges if {edge.source, edge.target} <= known]
    name = process.title or process.id or "Decision process"
    return (Graph(identity.of("graph", process.id), name, tuple(vertices), tuple(edges)),)


def _vertex(study: Study, identity: Identity, node: ProcessNode, column: int, row: int) -> Vertex:
    book = study.codebook
    codes = [code for name in node.codes if (code := book.resolve(name)) is not None]
    represents = identity.code(book.codes[codes[0]]) if codes else ""
    x, y = column * _ACROSS, row * _DOWN
    box = (x, y, x + _WIDTH, y + _HEIGHT)
    return Vertex(_guid(identity, node.id), node.label or node.id, represents, box, _SHAPES[node.kind])


def _edge(identity: Identity, process: Process, edge: ProcessEdge) -> RefiEdge:
    guid = identity.of("edge", process.id, edge.source, edge.target, edge.kind, edge.guard, edge.id)
    name = edge.guard or edge.label
    ends = _guid(identity, edge.source), _guid(identity, edge.target)
    return RefiEdge(guid, *ends, name, "OneWay", _LINES[edge.kind])


def _guid(identity: Identity, node: str) -> str:
    return identity.of("vertex", node)
