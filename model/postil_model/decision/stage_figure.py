"""The decision model by stage: what a figure shows where a process has too many nodes to be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from postil_base.plural import counted
from postil_codebook.values import EdgeKind
from postil_model.decision.figure import KIND_OF_TYPE, figure_model
from postil_model.decision.legend import legend, words_of
from postil_model.decision.model import Edge, Model, Node
from postil_model.decision.model_id import manifest
from postil_model.decision.undeclared import drawn_figure
from postil_model.drawing.figure import Figure, FigureEdge, FigureItem, FigureNode, Tone

MOST_NODES, MOST_EDGES = 100, 300  # more can be drawn and not be read
MOST_LISTED = 12  # nodes named in the box of a stage
NO_STAGE = "—"
_Bundle = tuple[str, str, EdgeKind]


def too_many(model: Model) -> str:
    """What there is too much of for one picture, in words; empty if it can be read."""
    nodes, edges = len(model.shown_nodes), len(model.shown_edges)
    if nodes <= MOST_NODES and edges <= MOST_EDGES:
        return ""
    return f"{counted(nodes, 'node')} and {counted(edges, 'arrow')}"


def readable_figure(model: Model) -> Figure:
    """The figure with every node, or by stage where that can't be read in one picture."""
    by_stage = stage_figure(model) if too_many(model) else None
    return by_stage if by_stage is not None and len(by_stage.nodes) > 1 else drawn_figure(model)


def stage_figure(model: Model) -> Figure:
    """A box a stage with its nodes, an arrow a pair of stages; k counts participants behind at least one of them."""
    stages = [(stage.id, stage.label or stage.id) for stage in model.process.stages]
    inside: dict[str, list[Node]] = {name: [] for name, _ in stages}
    for node in model.shown_nodes.values():
        inside.setdefault(_stage(node), []).append(node)
    labels = dict(stages)
    drawn = [name for name in inside if inside[name]]
    figure = Figure(
        title=model.process.title or model.process.id,
        nodes=tuple(_box(name, labels.get(name, name), inside[name], model) for name in drawn),
        edges=tuple(_arrows(model, drawn)),
        main_line=tuple(drawn),
        manifest=manifest(model),
    )
    return replace(figure, caption=tuple(_caption(figure, model)))


def _box(name: str, label: str, nodes: Sequence[Node], model: Model) -> FigureNode:
    most = sorted(nodes, key=lambda node: -node.support.k)[:MOST_LISTED]
    items = [FigureItem(node.node.label or node.node.id, node.support.k) for node in nodes if node in most]
    if len(nodes) > len(items):
        items.append(FigureItem(f"and {len(nodes) - len(items)} more"))
    people = {participant for node in nodes for participant in node.support.affirm}
    return FigureNode(
        id=name,
        label=label,
        kind="activity",
        strip=tuple(participant in people for participant in model.participants),
        items=tuple(items),
        tone="plain" if people or not model.n else "missing",
        tooltip=f"{label}: {counted(len(nodes), 'node')}, {len(people)}/{model.n}",
    )


def _arrows(model: Model, order: Sequence[str]) -> Iterator[FigureEdge]:
    place = {name: number for number, name in enumerate(order)}
    for (source, target, kind), edges in _bundles(model).items():
        people = _people(model, edges)
        declared = any(edge.declared for edge in edges)
        if not declared and len(people) < model.params.min_participants:
            continue
        tone: Tone = "missing" if declared and len(people) < model.params.min_participants else "plain"
        if not declared and model.process.edges:
            tone = "unexpected"
        backwards = place[target] < place[source]
        yield FigureEdge(
            id=f"{source}>{target}:{kind}",
            source=source,
            target=target,
            kind="back" if backwards and kind == "flow" else kind,
            count=f"{len(people)}/{model.n}" if model.n else "",
            k=len(people),
            n=model.n,
            tone=tone,
            declared=declared,
            tooltip=f"{source} → {target}: {counted(len(edges), 'relation')} between nodes, {len(people)}/{model.n}",
            status=tone,
        )


def _stage(node: Node) -> str:
    """Where a node stands; a box without a name is one nobody can lay out."""
    return node.node.stage or NO_STAGE


def _bundles(model: Model) -> dict[_Bundle, list[Edge]]:
    """Edges between nodes of two stages, by both stages and kind of line, whatever the threshold says of each."""
    found: dict[_Bundle, list[Edge]] = {}
    for edge in model.edges.values():
        source, target = (model.shown_nodes.get(name) for name in edge.key[:2])
        if source is None or target is None or _stage(source) == _stage(target):
            continue
        if edge.declared or model.support(edge).k:
            kind: EdgeKind = KIND_OF_TYPE[edge.key.type]
            found.setdefault((_stage(source), _stage(target), kind), []).append(edge)
    return found


def _people(model: Model, edges: Iterable[Edge]) -> set[str]:
    return {participant for edge in edges for participant in model.support(edge).affirm}


def _caption(figure: Figure, model: Model) -> Iterator[str]:
    inside = [
        edge
        for edge in model.edges.values()
        if model.support(edge).k
        and len({node.node.stage for name in edge.key[:2] if (node := model.shown_nodes.get(name))}) == 1
    ]
    yield legend(figure, words_of(model))
    yield (
        f"By stage: {counted(len(model.shown_nodes), 'node')}. An "
        "arrow stands for all relations between nodes of two stages, "
        "k for the participants behind at least one of them; "
        f"not drawn: {counted(len(inside), 'relation')} inside a stage."
    )
    yield figure_model(model)
