"""The figure as a `graphviz.Digraph` without positions, for Graphviz' own layout: stages are clusters."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from postil_base.quoting.dot import dot_id, dot_label
from postil_model.drawing.boxes import TITLE, Box, node_box, note_box
from postil_model.drawing.figure import BANDS, BLACK, COLOR, Figure, FigureEdge, FigureNode
from postil_model.drawing.labels import SIZE, edge_texts
from postil_model.drawing.paper import known_ends
from postil_model.drawing.paper_dot import FONT, LINK_LOOK, NOTE_LOOK, edge_look, new_graph, node_look
from postil_model.drawing.rows import font
from postil_model.drawing.shapes import CAPTION_COLOR, CAPTION_SIZE
from postil_model.drawing.text import wrap

if TYPE_CHECKING:
    from graphviz import Digraph

_CAPTION_WIDTH = 700.0
_PAPER = "#FFFFFFD8"


def flow_graph(figure: Figure) -> Digraph:
    """The graph; `graphviz` draws it with ``dot`` as it is."""
    figure = known_ends(figure)
    rows = [line for text in figure.caption for line in wrap(text, _CAPTION_WIDTH, CAPTION_SIZE)]
    caption = "".join(f'{font(line, CAPTION_SIZE, CAPTION_COLOR)}<BR ALIGN="LEFT"/>' for line in rows)
    room = {"rankdir": "LR", "pad": "0.1", "nodesep": "0.3", "ranksep": "0.55", "labelloc": "b", "labeljust": "l"}
    graph = new_graph(figure, fontname=FONT, label=f"<{caption or ' '}>", **room)
    names = {node.id: f"n{place:03d}" for place, node in enumerate(figure.nodes, 1)}
    for place, (stage, label) in enumerate(figure.stages, 1):
        inside = [node for node in figure.nodes if node.stage == stage]
        if inside:
            with graph.subgraph(name=f"cluster_{place}") as cluster:
                title = "<BR/>".join(font(line, TITLE, BLACK, "bold") for line in wrap(label, 240, TITLE, "bold"))
                look = {"style": "filled", "color": BANDS[place % 2], "margin": "14", "labelloc": "t", "labeljust": "c"}
                cluster.attr(label=f"<{title}>", id=dot_id(f"stage-{stage}"), **look, **{"class": "band"})
                _put(cluster, inside, figure, names)
    staged = {stage for stage, _ in figure.stages}
    _put(graph, [node for node in figure.nodes if node.stage not in staged], figure, names)
    for edge in figure.edges:
        graph.edge(names[edge.source], names[edge.target], **_edge(edge, figure))
    return graph


def _put(graph: Digraph, nodes: Sequence[FigureNode], figure: Figure, names: dict[str, str]) -> None:
    """Nodes, their notes right above or below them, and columns of those without any line, which were a tower else."""
    for node in nodes:
        box = node_box(node, on_main_line=True)
        graph.node(names[node.id], **node_look(node, True), **_size(box), label=box.label)
    inside = {node.id for node in nodes}
    for place, note in enumerate(figure.notes, 1):
        if note.node in inside:
            box, name = note_box(note), f"m{place:03d}"
            with graph.subgraph() as beside:
                beside.attr(rank="same")
                beside.node(names[note.node])
                beside.node(name, **NOTE_LOOK, **_size(box), label=box.label, tooltip=dot_label(note.tooltip or " "))
            graph.edge(names[note.node], name, **LINK_LOOK)
    tied = {name for edge in figure.edges for name in (edge.source, edge.target)} | {note.node for note in figure.notes}
    alone = [node for node in nodes if node.id not in tied]
    for node, beside_it in zip(alone, alone[max(ceil(len(alone) ** 0.5), 3) :], strict=False):
        graph.edge(names[node.id], names[beside_it.id], style="invis", weight="0", minlen="1")


def _size(box: Box) -> dict[str, str]:
    return {"width": f"{box.width / 72:.4f}", "height": f"{box.height / 72:.4f}"}


def _edge(edge: FigureEdge, figure: Figure) -> dict[str, str]:
    look = edge_look(edge, figure)
    if lines := [line for _, texts in edge_texts(edge) for line in texts]:
        look["label"] = _on_paper(lines, COLOR[edge.tone])
    return look | ({"constraint": "false"} if edge.kind == "back" else {})


def _on_paper(lines: Sequence[str], color: str) -> str:
    """A text on a light ground: Graphviz lays lines of other edges through it."""
    rows = "".join(f"<TR><TD>{font(line, SIZE, color)}</TD></TR>" for line in lines)
    table = f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" BGCOLOR="{_PAPER}">'
    return f"<{table}{rows}</TABLE>>"
