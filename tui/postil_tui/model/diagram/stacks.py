"""Which boxes stand in which stack, and in which order: a stack a stage, or all in one below each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from postil_model.drawing.columns import main_line
from postil_model.drawing.figure import Figure, FigureNode


@dataclass
class StageStack:
    """A stage with its nodes from top to bottom."""

    label: str
    nodes: list[str] = field(default_factory=list)


def stages_of(figure: Figure) -> list[StageStack]:
    """The stages that hold nodes, in their order; nodes of no known stage come last."""
    line = main_line(figure)
    known = [stage for stage, _ in figure.stages]
    found = []
    for stage, label in [*figure.stages, ("", "")]:
        nodes = [n for n in figure.nodes if (n.stage == stage if stage else n.stage not in known)]
        if nodes:
            found.append(StageStack(label, _ordered(nodes, line, figure)))
    return found


def _ordered(nodes: Sequence[FigureNode], line: Sequence[str], figure: Figure) -> list[str]:
    """The main line unbroken in the middle; what influences its first step above, everything else below."""
    here = {node.id for node in nodes}
    main = [name for name in line if name in here]
    above: list[str] = []
    below: list[tuple[int, str]] = []
    for node in nodes:
        if node.id in main:
            continue
        anchor = _anchor(node.id, main, figure)
        if anchor == 0 and main and _leads_to(node.id, main[0], figure):
            above.append(node.id)
        else:
            below.append((-anchor, node.id))
    below.sort(key=lambda pair: pair[0])  # what hangs on the last step stands next to it
    return [*above, *main, *(name for _, name in below)]


def _anchor(node: str, main: Sequence[str], figure: Figure) -> int:
    """The step of the main line a node is tied to: by a declared edge if there is one; -1 for none."""
    edges = sorted(figure.edges, key=lambda edge: not edge.declared)
    for edge in edges:
        for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if one == node and other in main:
                return main.index(other)
    return -1


def _leads_to(source: str, target: str, figure: Figure) -> bool:
    return any((edge.source, edge.target) == (source, target) for edge in figure.edges)
