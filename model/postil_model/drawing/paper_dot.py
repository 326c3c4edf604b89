"""DOT with a position for everything, for ``nop2``: Graphviz draws it and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from postil_base.quoting.dot import dot_id, dot_label
from postil_model.drawing.boxes import TITLE, node_box, note_box
from postil_model.drawing.columns import NOTE, main_line
from postil_model.drawing.figure import BANDS, BLACK, COLOR, NOTE_FILL, PURPLE, Figure, FigureEdge, FigureNode
from postil_model.drawing.labels import SIZE, Label, pen
from postil_model.drawing.layout import Layout, Spot
from postil_model.drawing.paper import LINK, Drawing
from postil_model.drawing.rows import font
from postil_model.drawing.text import LINE, block, wrap

FONT = "Liberation Sans"
CAPTION_SIZE = 8.5
_RADIUS = 7.0
_HEAD = 7.0  # length of an arrow head of size 0.7


def paper_dot(drawing: Drawing) -> str:
    """The DOT text of a laid out figure."""
    figure, layout = drawing.figure, drawing.layout
    caption = list(_caption_lines(figure, layout.right))
    height = layout.bottom + (10 + len(caption) * CAPTION_SIZE * LINE if caption else 0) + 6
    writer = _Writer(height)
    labels: dict[str, list[Label]] = {}
    for label in drawing.labels:
        labels.setdefault(label.edge, []).append(label)
    names = {node.id: f"n{place:03d}" for place, node in enumerate(figure.nodes, 1)}
    names |= {f"{NOTE}{note.node}": f"m{place:03d}" for place, note in enumerate(figure.notes, 1)}
    lines = [
        *manifest_comment(figure),
        "digraph postil {",
        *_defaults(figure),
        *writer.bands(layout),
        *writer.nodes(figure, layout, names),
        *writer.notes(figure, layout, names),
        *writer.caption(caption, layout),
        *writer.edges(drawing, labels, names),
        "}",
    ]
    return "\n".join(lines) + "\n"


def manifest_comment(figure: Figure) -> Iterator[str]:
    """What the picture was made of, as comments."""
    for key, value in figure.manifest.items():
        yield f"// {key}: {' '.join(value.split())}"


def _defaults(figure: Figure) -> list[str]:
    title = f'  label=""; tooltip={dot_label(figure.title or " ")};'
    return [
        "  graph [outputorder=nodesfirst, splines=true, bgcolor=white, pad=0.06, margin=0];",
        title,
        f'  node [fontname={dot_id(FONT)}, fontsize=11, margin=0, fixedsize=true, shape=box, label="", tooltip=" "];',
        f"  edge [fontname={dot_id(FONT)}, fontsize={SIZE:g}, arrowsize=0.7];",
    ]


class _Writer:
    def __init__(self, height: float) -> None:
        self.height = height

    def point(self, x: float, y: float) -> str:
        """A position; Graphviz counts upwards."""
        return f"{_number(x)},{_number(self.height - y)}"

    def box(self, name: str, x: float, y: float, wide: float, high: float, attributes: Iterable[str]) -> str:
        """A node in its place."""
        size = f'pos="{self.point(x, y)}", width={_number(wide / 72, 4)}, height={_number(high / 72, 4)}'
        return f"  {name} [{', '.join([size, *attributes])}];"

    def bands(self, layout: Layout) -> Iterator[str]:
        """Backgrounds and titles of the stages."""
        for place, band in enumerate(layout.bands):
            wide = band.right - band.left
            middle = (band.left + band.right) / 2
            fill = BANDS[place % 2]
            common = ["style=filled", "penwidth=0", f'fillcolor="{fill}"', 'class="band"', f'id="band-{place + 1}"']
            yield self.box(f"b{place + 1}", middle, layout.bottom / 2, wide, layout.bottom, common)
            if band.stage:
                size = block(band.lines, TITLE, "bold")
                text = "<BR/>".join(font(line, TITLE, BLACK, "bold") for line in band.lines)
                label = f"label=<{text}>"
                attributes = ["shape=plaintext", label, 'class="stage"', f"id={dot_id(f'stage-{band.stage}')}"]
                yield self.box(f"t{place + 1}", middle, layout.title_y + size[1] / 2, size[0] + 8, size[1], attributes)

    def nodes(self, figure: Figure, layout: Layout, names: dict[str, str]) -> Iterator[str]:
        """The boxes of the process."""
        steps = set(main_line(figure))
        for node in figure.nodes:
            spot = layout.spots[node.id]
            label = node_box(node, node.id in steps).label
            attributes = [*node_style(node, node.id in steps), f"label={label}", *node_links(node)]
            yield self.box(names[node.id], spot.x, spot.y, spot.box.width, spot.box.height, attributes)

    def notes(self, figure: Figure, layout: Layout, names: dict[str, str]) -> Iterator[str]:
        """Findings beside their nodes."""
        for note in figure.notes:
            name = f"{NOTE}{note.node}"
            spot = layout.spots[name]
            attributes = [
                "shape=note",
                "style=filled",
                f'color="{PURPLE}"',
                f'fillcolor="{NOTE_FILL}"',
                f"label={note_box(note).label}",
                'class="finding"',
                f"id={dot_id(f'finding-{note.node}')}",
                f"tooltip={dot_label(note.tooltip or ' ')}",
            ]
            yield self.box(names[name], spot.x, spot.y, spot.box.width, spot.box.height, attributes)

    def caption(self, lines: Sequence[str], layout: Layout) -> Iterator[str]:
        """The lines below the picture."""
        for place, line in enumerate(lines):
            wide = ceil(block([line], CAPTION_SIZE)[0] * 1.04) + 8
            y = layout.bottom + 12 + (place + 0.5) * CAPTION_SIZE * LINE
            text = font(line, CAPTION_SIZE, "#3C4048")
            row = f'<TR><TD ALIGN="LEFT" WIDTH="{wide}">{text}</TD></TR>'
            table = f'<<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="0">{row}</TABLE>>'
            attributes = ["shape=plaintext", f"label={table}", 'class="caption"']
            yield self.box(f"c{place + 1}", 10 + wide / 2, y, wide, CAPTION_SIZE * LINE, attributes)

    def edges(self, drawing: Drawing, labels: dict[str, list[Label]], names: dict[str, str]) -> Iterator[str]:
        """Edges, grey ones first and the widest last, so that what counts lies on top."""
        rank = {"missing": 0, "plain": 1, "unexpected": 2}
        routes = sorted(drawing.layout.routes, key=lambda r: (rank[r.edge.tone], pen(r.edge)))
        for route in routes:
            edge = route.edge
            attributes = [
                f'pos="{self.spline(route.points, edge, drawing.layout.spots[edge.target])}"',
                *edge_style(edge, drawing.figure),
            ]
            for label in labels.get(edge.id, []):
                position = {"label": "lp", "taillabel": "tail_lp", "xlabel": "xlp"}[label.slot]
                text = dot_label("\n".join(label.lines))
                attributes.append(f'{label.slot}={text}, {position}="{self.point(label.x, label.y)}"')
            yield f"  {names[edge.source]} -> {names[edge.target]} [{', '.join(attributes)}];"

    def spline(self, points: Sequence[tuple[float, float]], edge: FigureEdge, target: Spot) -> str:
        """Straight lines with round corners, as cubic curves; the arrow head's tip lies on the target."""
        points = list(points)
        start = ""
        if edge.directed:
            tip = points[-1]
            points[-1] = _back_from(points[-2], tip, _HEAD)
            start = f"e,{self.point(*tip)} "
        controls = [points[0]]
        for before, corner, after in zip(points, points[1:], points[2:], strict=False):
            radius = min(_RADIUS, _distance(before, corner) / 2, _distance(corner, after) / 2)
            enter, leave = _back_from(before, corner, radius), _back_from(after, corner, radius)
            controls += [*_line(controls[-1], enter), _toward(enter, corner), _toward(leave, corner), leave]
        controls += _line(controls[-1], points[-1])
        return start + " ".join(self.point(x, y) for x, y in controls)


def node_style(node: FigureNode, on_main_line: bool) -> list[str]:
    """Shape, line and colour of a node."""
    color = f'color="{COLOR[node.tone]}"'
    if node.kind == "decision":
        return ["shape=diamond", "style=filled", "fillcolor=white", color, "penwidth=1.1"]
    if node.kind == "terminal" and not on_main_line:
        return ["shape=plaintext"]
    dashed = "dashed," if node.kind == "factor" else ""
    return ["shape=box", f'style="rounded,{dashed}filled"', "fillcolor=white", color, "penwidth=1.1"]


def edge_style(edge: FigureEdge, figure: Figure) -> list[str]:
    """Line, colour, head, id and class of an edge."""
    if edge.id.startswith(LINK):
        return [f'color="{PURPLE}"', "style=dotted", "arrowhead=none", 'class="finding-link"', 'tooltip=" "']
    color = COLOR[edge.tone]
    attributes = [f'color="{color}"', f'fontcolor="{color}"', f"penwidth={_number(pen(edge))}"]
    if edge.kind == "influence":
        attributes.append("style=dashed")
    if not edge.directed:
        attributes.append("arrowhead=none")
    elif edge.declared and _is_bare_end(edge, figure):
        attributes.append("arrowhead=odot")
    attributes += [
        f"id={dot_id(f'edge-{edge.id}')}",
        f'class="edge k{edge.k} {edge.status} {edge.kind}"',
        f"tooltip={dot_label(edge.tooltip or ' ')}, labeltooltip={dot_label(edge.tooltip or ' ')}",
    ]
    return [*attributes, f"URL={dot_id(edge.url)}"] if edge.url else attributes


def _is_bare_end(edge: FigureEdge, figure: Figure) -> bool:
    node = next(node for node in figure.nodes if node.id == edge.target)
    return node.kind == "terminal" and node.id not in main_line(figure)


def node_links(node: FigureNode) -> list[str]:
    """Id, class, tooltip and link of a node."""
    links = [
        f"id={dot_id(f'node-{node.id}')}",
        f'class="node k{node.k} {node.tone} {node.kind}"',
        f"tooltip={dot_label(node.tooltip or node.label)}",
    ]
    return [*links, f"URL={dot_id(node.url)}"] if node.url else links


def _caption_lines(figure: Figure, right: float) -> Iterator[str]:
    for text in figure.caption:
        yield from wrap(text, max(right - 24, 320), CAPTION_SIZE)


def _number(value: float, digits: int = 2) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


Point = tuple[float, float]


def _distance(a: Point, b: Point) -> float:
    return float(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5)


def _back_from(start: Point, corner: Point, length: float) -> Point:
    """The point ``length`` before ``corner``, coming from ``start``."""
    whole = _distance(start, corner)
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
