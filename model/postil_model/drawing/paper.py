"""The engine "paper": a decision process as it is printed in papers, with positions of our own.

Stages are columns, the main line runs straight through them, what weighs on a step hangs below it, back edges share
one bus above, unexpected edges run in lanes below. Graphviz only draws: it gets the position of every node, line and
text, so the picture is the same with every version.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from postil_model.drawing.boxes import Box, node_box, note_box
from postil_model.drawing.columns import NOTE, arrange, main_line
from postil_model.drawing.figure import Figure, FigureEdge
from postil_model.drawing.geometry import Geometry
from postil_model.drawing.labels import Label, place_labels, room_needed
from postil_model.drawing.layout import Layout
from postil_model.drawing.routes import Planner
from postil_model.drawing.widen import widened

WIDE = 2200.0  # points: about what fits on a poster's width at this size of letters
LINK = "link:"  # edges from a node to its note


@dataclass(frozen=True)
class Drawing:
    """A laid out figure, ready to be written as DOT."""

    figure: Figure
    layout: Layout
    labels: list[Label]


def lay_out(figure: Figure) -> Drawing:
    """Compute all positions of a figure. One that gets too wide is laid out again with narrower columns."""
    figure = known_ends(figure)
    drawing = _lay_out(figure, narrow=False)
    if drawing.layout.right < WIDE:
        return drawing
    narrower = _lay_out(figure, narrow=True)
    return narrower if narrower.layout.right < 0.8 * drawing.layout.right else drawing


def _lay_out(figure: Figure, narrow: bool) -> Drawing:
    steps = frozenset(main_line(figure))
    boxes = measure(figure, steps)
    columns, places = arrange(figure, lambda name: boxes[name].height, narrow)
    edges = [*figure.edges, *(_link(note.node) for note in figure.notes if f"{NOTE}{note.node}" in places)]
    routes = Planner(columns, places).plan(edges)
    gaps: dict[tuple[str, str], float] = {}
    for route in routes:
        pair = route.edge.source, route.edge.target
        if route.straight and pair[0] in steps and pair[1] in steps:
            gaps[pair] = max(gaps.get(pair, 0.0), room_needed(route.edge))
    diamonds = frozenset(node.id for node in figure.nodes if node.kind == "decision")
    boxes = widened(boxes, columns, places, diamonds, routes)
    layout = Geometry(columns, places, boxes, diamonds, routes, dict(figure.stages), gaps).run()
    return Drawing(figure, layout, place_labels(layout))


def measure(figure: Figure, steps: frozenset[str]) -> dict[str, Box]:
    """Boxes of nodes and notes."""
    boxes = {node.id: node_box(node, node.id in steps) for node in figure.nodes}
    return boxes | {f"{NOTE}{note.node}": note_box(note) for note in figure.notes}


def known_ends(figure: Figure) -> Figure:
    """The figure without edges whose ends are not drawn (hidden by a filter)."""
    known = {node.id for node in figure.nodes}
    edges = tuple(edge for edge in figure.edges if edge.source in known and edge.target in known)
    notes = tuple(note for note in figure.notes if note.node in known)
    return replace(figure, edges=edges, notes=notes)


def _link(node: str) -> FigureEdge:
    return FigureEdge(f"{LINK}{node}", node, f"{NOTE}{node}", "influence", directed=False)
