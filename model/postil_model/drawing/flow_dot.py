"""The engine "dot": Graphviz' own layout, for processes without a main line. Stages are clusters, left to right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from postil_base.quoting.dot import dot_id, dot_label
from postil_model.drawing.boxes import TITLE, node_box, note_box
from postil_model.drawing.figure import BANDS, BLACK, COLOR, NOTE_FILL, PURPLE, Figure, FigureEdge, FigureNode
from postil_model.drawing.labels import SIZE, edge_texts
from postil_model.drawing.paper import known_ends
from postil_model.drawing.paper_dot import CAPTION_SIZE, FONT, edge_style, manifest_comment, node_links, node_style
from postil_model.drawing.rows import font
from postil_model.drawing.text import wrap

_CAPTION_WIDTH = 700.0
_PAPER = "#FFFFFFD8"


def flow_dot(figure: Figure) -> str:
    """DOT without positions."""
    figure = known_ends(figure)
    names = {node.id: f"n{place:03d}" for place, node in enumerate(figure.nodes, 1)}
    lines = [*manifest_comment(figure), "digraph postil {", *_defaults(figure)]
    for place, (stage, label) in enumerate(figure.stages, 1):
        lines += _cluster(place, stage, label, figure, names)
    staged = {stage for stage, _ in figure.stages}
    loose = [node for node in figure.nodes if node.stage not in staged]
    lines += [f"  {_node(node, names)}" for node in loose]
    lines += [f"  {line}" for line in (*_notes(loose, figure, names), *_in_columns(loose, figure, names))]
    lines += [_edge(edge, figure, names) for edge in figure.edges]
    return "\n".join([*lines, "}"]) + "\n"


def _defaults(figure: Figure) -> list[str]:
    rows = [line for text in figure.caption for line in wrap(text, _CAPTION_WIDTH, CAPTION_SIZE)]
    caption = "".join(f'{font(line, CAPTION_SIZE, "#3C4048")}<BR ALIGN="LEFT"/>' for line in rows)
    return [
        "  graph [rankdir=LR, bgcolor=white, pad=0.1, nodesep=0.3, ranksep=0.55, splines=true, labelloc=b, labeljust=l,"
        f" fontname={dot_id(FONT)}, tooltip={dot_label(figure.title or ' ')}, label=<{caption or ' '}>];",
        f'  node [fontname={dot_id(FONT)}, fontsize=11, margin=0, fixedsize=true, shape=box, label="", tooltip=" "];',
        f"  edge [fontname={dot_id(FONT)}, fontsize={SIZE:g}, arrowsize=0.7];",
    ]


def _cluster(place: int, stage: str, label: str, figure: Figure, names: dict[str, str]) -> list[str]:
    inside = [node for node in figure.nodes if node.stage == stage]
    if not inside:
        return []
    title = "<BR/>".join(font(line, TITLE, BLACK, "bold") for line in wrap(label, 240, TITLE, "bold"))
    return [
        f"  subgraph cluster_{place} {{",
        f'    style=filled; color="{BANDS[place % 2]}"; margin=14; labelloc=t; labeljust=c; label=<{title}>;',
        f"    class=band; id={dot_id(f'stage-{stage}')};",
        *(f"    {_node(node, names)}" for node in inside),
        *(f"    {line}" for line in _notes(inside, figure, names)),
        *(f"    {line}" for line in _in_columns(inside, figure, names)),
        "  }",
    ]


def _node(node: FigureNode, names: dict[str, str]) -> str:
    box = node_box(node, on_main_line=True)
    size = f"width={box.width / 72:.4f}, height={box.height / 72:.4f}"
    return f"{names[node.id]} [{', '.join([size, *node_style(node, True), f'label={box.label}', *node_links(node)])}];"


def _notes(nodes: Sequence[FigureNode], figure: Figure, names: dict[str, str]) -> Iterator[str]:
    """The notes of some nodes, each in the rank and the cluster of its node: right above or below it."""
    inside = {node.id for node in nodes}
    for place, note in enumerate(figure.notes, 1):
        if note.node not in inside:
            continue
        box = note_box(note)
        size = f"width={box.width / 72:.4f}, height={box.height / 72:.4f}"
        look = f'shape=note, style=filled, color="{PURPLE}", fillcolor="{NOTE_FILL}", class=finding'
        yield f"m{place:03d} [{size}, {look}, label={box.label}, tooltip={dot_label(note.tooltip or ' ')}];"
        yield f"{{ rank=same; {names[note.node]}; m{place:03d}; }}"
        yield f'{names[note.node]} -> m{place:03d} [color="{PURPLE}", style=dotted, arrowhead=none];'


def _in_columns(nodes: Sequence[FigureNode], figure: Figure, names: dict[str, str]) -> Iterator[str]:
    """Nodes without any line stand in columns beside each other: one below the other they would make a tower."""
    tied = {name for edge in figure.edges for name in (edge.source, edge.target)} | {note.node for note in figure.notes}
    alone = [node for node in nodes if node.id not in tied]
    rows = max(ceil(len(alone) ** 0.5), 3)
    for node, beside in zip(alone, alone[rows:], strict=False):
        yield f"{names[node.id]} -> {names[beside.id]} [style=invis, weight=0, minlen=1];"


def _edge(edge: FigureEdge, figure: Figure, names: dict[str, str]) -> str:
    attributes = edge_style(edge, figure)
    if lines := [line for _, texts in edge_texts(edge) for line in texts]:
        attributes.append(f"label={_on_paper(lines, COLOR[edge.tone])}")
    if edge.kind == "back":
        attributes.append("constraint=false")
    return f"  {names[edge.source]} -> {names[edge.target]} [{', '.join(attributes)}];"


def _on_paper(lines: Sequence[str], color: str) -> str:
    """A text on a light ground: Graphviz lays lines of other edges through it."""
    rows = "".join(f"<TR><TD>{font(line, SIZE, color)}</TD></TR>" for line in lines)
    table = f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" BGCOLOR="{_PAPER}">'
    return f"<{table}{rows}</TABLE>>"
