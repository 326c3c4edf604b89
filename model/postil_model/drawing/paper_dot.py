"""The laid out figure as a `graphviz.Digraph` with a position for everything.

It names ``nop2`` as its layout: ``dot -Tsvg`` draws it as we do and decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, dist
from typing import TYPE_CHECKING

from postil_base.quoting.dot import dot_id, dot_label
from postil_model.drawing.boxes import TITLE, node_box, note_box
from postil_model.drawing.columns import NOTE, main_line
from postil_model.drawing.figure import BANDS, BLACK, COLOR, NOTE_FILL, PURPLE, Figure, FigureEdge, FigureNode, made_of
from postil_model.drawing.labels import SIZE, Label, pen
from postil_model.drawing.paper import LINK, Drawing
from postil_model.drawing.picture import Point
from postil_model.drawing.rows import font
from postil_model.drawing.shapes import CAPTION_COLOR, CAPTION_SIZE, canvas, caption_lines
from postil_model.drawing.text import LINE, block

if TYPE_CHECKING:
    from graphviz import Digraph

FONT = "Liberation Sans"
_RADIUS = 7.0
_HEAD = 7.0  # length of an arrow head of size 0.7
_SLOTS = {"label": "lp", "taillabel": "tail_lp", "xlabel": "xlp"}
Attributes = dict[str, str]


def paper_graph(drawing: Drawing) -> Digraph:
    """The figure as it is laid out."""
    writer = _Writer(drawing)
    writer.bands()
    writer.nodes()
    writer.notes()
    writer.caption()
    writer.edges()
    return writer.graph


def new_graph(figure: Figure, **attributes: str) -> Digraph:
    """An empty graph with what the picture was made of as comments, and what all nodes and edges have."""
    from graphviz import Digraph

    graph = Digraph("postil", comment="\n// ".join(made_of(figure)))
    graph.attr("graph", bgcolor="white", splines="true", tooltip=dot_label(figure.title or " "), **attributes)
    graph.attr("node", fontname=FONT, fontsize="11", margin="0", fixedsize="true", shape="box", label="", tooltip=" ")
    graph.attr("edge", fontname=FONT, fontsize=f"{SIZE:g}", arrowsize="0.7")
    return graph


class _Writer:
    def __init__(self, drawing: Drawing) -> None:
        figure = drawing.figure
        self.figure, self.layout, self.drawing = figure, drawing.layout, drawing
        self.height = canvas(drawing)[1]
        self.graph = new_graph(figure, layout="nop2", outputorder="nodesfirst", pad="0.06", margin="0", label="")
        self.names = {node.id: f"n{place:03d}" for place, node in enumerate(figure.nodes, 1)}
        self.names |= {f"{NOTE}{note.node}": f"m{place:03d}" for place, note in enumerate(figure.notes, 1)}

    def point(self, x: float, y: float) -> str:
        """A position; Graphviz counts upwards."""
        return f"{_number(x)},{_number(self.height - y)}"

    def box(self, name: str, x: float, y: float, wide: float, high: float, attributes: Attributes) -> None:
        """A node in its place."""
        size = {"width": _number(wide / 72, 4), "height": _number(high / 72, 4)}
        self.graph.node(name, **(attributes | size | {"pos": self.point(x, y)}))

    def bands(self) -> None:
        """Backgrounds and titles of the stages."""
        layout = self.layout
        for place, band in enumerate(layout.bands):
            middle = (band.left + band.right) / 2
            look = {"style": "filled", "penwidth": "0", "fillcolor": BANDS[place % 2]}
            named = {"class": "band", "id": f"band-{place + 1}"}
            y, high = (band.top + band.bottom) / 2, band.bottom - band.top
            self.box(f"b{place + 1}", middle, y, band.right - band.left, high, look | named)
            if band.stage:
                size = block(band.lines, TITLE, "bold")
                text = "<BR/>".join(font(line, TITLE, BLACK, "bold") for line in band.lines)
                look = {"shape": "plaintext", "label": f"<{text}>", "class": "stage"}
                look["id"] = dot_id(f"stage-{band.stage}")
                self.box(f"t{place + 1}", band.title_x, band.title_y + size[1] / 2, size[0] + 8, size[1], look)

    def nodes(self) -> None:
        """The boxes of the process."""
        steps = set(main_line(self.figure))
        for node in self.figure.nodes:
            spot = self.layout.spots[node.id]
            look = node_look(node, node.id in steps) | {"label": node_box(node, node.id in steps).label}
            self.box(self.names[node.id], spot.x, spot.y, spot.box.width, spot.box.height, look)

    def notes(self) -> None:
        """Findings beside their nodes."""
        for note in self.figure.notes:
            name = f"{NOTE}{note.node}"
            spot = self.layout.spots[name]
            look = NOTE_LOOK | {"label": note_box(note).label, "id": dot_id(f"finding-{note.node}")}
            look["tooltip"] = dot_label(note.tooltip or " ")
            self.box(self.names[name], spot.x, spot.y, spot.box.width, spot.box.height, look)

    def caption(self) -> None:
        """The lines below the picture."""
        for place, line in enumerate(caption_lines(self.drawing)):
            wide = ceil(block([line], CAPTION_SIZE)[0] * 1.04) + 8
            y = self.layout.bottom + 12 + (place + 0.5) * CAPTION_SIZE * LINE
            row = f'<TR><TD ALIGN="LEFT" WIDTH="{wide}">{font(line, CAPTION_SIZE, CAPTION_COLOR)}</TD></TR>'
            table = f'<<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="0">{row}</TABLE>>'
            look = {"shape": "plaintext", "label": table, "class": "caption"}
            self.box(f"c{place + 1}", 10 + wide / 2, y, wide, CAPTION_SIZE * LINE, look)

    def edges(self) -> None:
        """Edges, grey ones first and the widest last, so that what counts lies on top."""
        labels: dict[str, list[Label]] = {}
        for label in self.drawing.labels:
            labels.setdefault(label.edge, []).append(label)
        rank = {"missing": 0, "hint": 0, "plain": 1, "unexpected": 2, "other": 2}
        for route in sorted(self.layout.routes, key=lambda r: (rank[r.edge.tone], pen(r.edge))):
            edge = route.edge
            look = edge_look(edge, self.figure) | {"pos": self.spline(route.points, edge)}
            for label in labels.get(edge.id, ()):
                look[label.slot] = dot_label("\n".join(label.lines))
                look[_SLOTS[label.slot]] = self.point(label.x, label.y)
            self.graph.edge(self.names[edge.source], self.names[edge.target], **look)

    def spline(self, points: Sequence[Point], edge: FigureEdge) -> str:
        """Straight lines with round corners, as cubic curves; the arrow head's tip lies on the target."""
        points = list(points)
        start = ""
        if edge.directed:
            tip = points[-1]
            points[-1] = _back_from(points[-2], tip, _HEAD)
            start = f"e,{self.point(*tip)} "
        controls = [points[0]]
        for before, corner, after in zip(points, points[1:], points[2:], strict=False):
            radius = min(_RADIUS, dist(before, corner) / 2, dist(corner, after) / 2)
            enter, leave = _back_from(before, corner, radius), _back_from(after, corner, radius)
            controls += [*_line(controls[-1], enter), _toward(enter, corner), _toward(leave, corner), leave]
        controls += _line(controls[-1], points[-1])
        return start + " ".join(self.point(x, y) for x, y in controls)


NOTE_LOOK = {"shape": "note", "style": "filled", "color": PURPLE, "fillcolor": NOTE_FILL, "class": "finding"}
LINK_LOOK = {"color": PURPLE, "style": "dotted", "arrowhead": "none", "class": "finding-link", "tooltip": " "}


def node_look(node: FigureNode, on_main_line: bool) -> Attributes:
    """Shape, line, colour, id, class, tooltip and link of a node."""
    look = {
        "id": dot_id(f"node-{node.id}"),
        "class": f"node k{node.k} {node.tone} {node.kind}",
        "tooltip": dot_label(node.tooltip or node.label),
    }
    if node.url:
        look["URL"] = dot_id(node.url)
    if node.kind == "terminal" and not on_main_line:
        return look | {"shape": "plaintext"}
    look |= {"fillcolor": "white", "color": COLOR[node.tone], "penwidth": "1.1"}
    if node.kind == "decision":
        return look | {"shape": "diamond", "style": "filled"}
    return look | {"style": f"rounded,{'dashed,' if node.kind == 'factor' else ''}filled"}


def edge_look(edge: FigureEdge, figure: Figure) -> Attributes:
    """Line, colour, head, id, class, tooltip and link of an edge."""
    if edge.id.startswith(LINK):
        return dict(LINK_LOOK)
    color, told = COLOR[edge.tone], dot_label(edge.tooltip or " ")
    look = {
        "color": color,
        "fontcolor": color,
        "penwidth": _number(pen(edge)),
        "id": dot_id(f"edge-{edge.id}"),
        "class": f"edge k{edge.k} {edge.status} {edge.kind}",
        "tooltip": told,
        "labeltooltip": told,
    }
    if edge.kind == "influence":
        look["style"] = "dashed"
    if edge.fragile:
        look["style"] = "dotted"
    if not edge.directed:
        look["arrowhead"] = "none"
    elif edge.one_reader:
        look["arrowhead"] = "empty"
    elif edge.declared and _is_bare_end(edge, figure):
        look["arrowhead"] = "odot"
    return look | ({"URL": dot_id(edge.url)} if edge.url else {})


def _is_bare_end(edge: FigureEdge, figure: Figure) -> bool:
    node = next(node for node in figure.nodes if node.id == edge.target)
    return node.kind == "terminal" and node.id not in main_line(figure)


def _number(value: float, digits: int = 2) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _back_from(start: Point, corner: Point, length: float) -> Point:
    """The point ``length`` before ``corner``, coming from ``start``."""
    whole = dist(start, corner)
    share = min(length / whole, 0.95) if whole else 0.0
    return corner[0] + (start[0] - corner[0]) * share, corner[1] + (start[1] - corner[1]) * share


def _toward(a: Point, b: Point) -> Point:
    """Control point of a quarter circle (0.5523 of the way, the usual approximation)."""
    return a[0] + (b[0] - a[0]) * 0.5523, a[1] + (b[1] - a[1]) * 0.5523


def _line(a: Point, b: Point) -> list[Point]:
    """The three control points of a straight piece."""
    return [
        (a[0] + (b[0] - a[0]) / 3, a[1] + (b[1] - a[1]) / 3),
        (a[0] + (b[0] - a[0]) * 2 / 3, a[1] + (b[1] - a[1]) * 2 / 3),
        b,
    ]
