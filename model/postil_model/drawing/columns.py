"""Who stands where: one column a step of the main line, everything else below the step it belongs to.

A column holds at most one node of the main line. What hangs below it (factors, ends, side steps, notes) stands in the
middle if it is one thing, else in two stacks with a channel between them that carries lines down from the step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from postil_model.drawing.figure import Figure, FigureEdge, FigureNode

Part = Literal["main", "left", "right", "centre"]
NOTE = "note:"


@dataclass
class Column:
    """A column of the picture; the stacks hold ids from top to bottom (``note:<node>`` for notes)."""

    stage: str
    main: str | None = None
    left: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    centre: list[str] = field(default_factory=list)
    row: int = 0

    @property
    def split(self) -> bool:
        """Whether the column has two stacks with a channel between them."""
        return bool(self.left or self.right)

    @property
    def stacks(self) -> tuple[tuple[Part, list[str]], ...]:
        """The stacks by their part of the column."""
        return (("left", self.left), ("right", self.right), ("centre", self.centre))

    @property
    def everything(self) -> list[str]:
        """All ids in the column."""
        return [*([self.main] if self.main else []), *self.left, *self.right, *self.centre]


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """Where an element stands."""

    column: int
    part: Part
    row: int
    last: bool  # nothing below it


def arrange(
    figure: Figure, height: Callable[[str], float], narrow: bool = False
) -> tuple[list[Column], dict[str, ColumnPlace]]:
    """Put every node and note into a column; ``narrow`` makes one stack of what hangs below a step."""
    nodes = {node.id: node for node in figure.nodes}
    columns = [Column(nodes[name].stage, name) for name in main_line(figure)]
    hanging = [node for node in figure.nodes if node.id not in {column.main for column in columns}]
    _columns_for_other_stages(columns, hanging, figure)
    units = _hang(columns, hanging, figure.edges)
    notes = {note.node for note in figure.notes if note.node in nodes}
    for index, column in enumerate(columns):
        groups = [[node, *([NOTE + node] if node in notes else [])] for node in units[index]]
        if column.main in notes:
            groups.append([f"{NOTE}{column.main}"])
        _stack(column, groups, height, narrow)
    return columns, places_of(columns)


def main_line(figure: Figure) -> list[str]:
    """The declared main line; without one, the longest way along steps (`derived_line`)."""
    known = {node.id for node in figure.nodes}
    declared = [name for name in dict.fromkeys(figure.main_line) if name in known]
    return declared or derived_line(figure)


def derived_line(figure: Figure) -> list[str]:
    """Longest path of forward steps, each node at most once; cycles are cut where they close (depth first).

    The steps are the declared ones; where nothing is declared, what people state, or hints.
    """
    order = [node.id for node in figure.nodes if node.kind != "factor"]
    following: dict[str, list[str]] = {name: [] for name in order}
    declared = any(edge.declared for edge in figure.edges)
    for edge in figure.edges:
        step = edge.directed and (edge.kind in ("flow", "branch") or edge.tone == "hint")
        if step and edge.declared == declared and edge.source in following and edge.target in following:
            following[edge.source].append(edge.target)
    best: dict[str, list[str]] = {}
    for name in order:
        _longest(name, following, best)
    return max((best[name] for name in order), key=len, default=[])


def _longest(start: str, following: Mapping[str, list[str]], best: dict[str, list[str]]) -> None:
    """Depth first without recursion: processes come from files and may be long."""
    stack: list[tuple[str, int]] = [(start, 0)]
    open_ = {start}
    while stack:
        name, at = stack.pop()
        if name in best:
            open_.discard(name)
            continue
        if at < len(following[name]):
            stack.append((name, at + 1))
            then = following[name][at]
            if then not in best and then not in open_:
                open_.add(then)
                stack.append((then, 0))
            continue
        ways = [best[then] for then in following[name] if then in best and name not in best[then]]
        best[name] = [name, *max(ways, key=len, default=[])]
        open_.discard(name)


def _columns_for_other_stages(columns: list[Column], hanging: Iterable[FigureNode], figure: Figure) -> None:
    """A stage that the main line does not touch gets a column of its own, in the order of the stages."""
    order = {stage: place for place, (stage, _) in enumerate(figure.stages)}
    for node in hanging:
        if any(column.stage == node.stage for column in columns):
            continue
        rank = order.get(node.stage, len(order))
        before = [place for place, column in enumerate(columns) if order.get(column.stage, len(order)) <= rank]
        columns.insert(before[-1] + 1 if before else 0, Column(node.stage))


def _hang(columns: list[Column], hanging: list[FigureNode], edges: Iterable[FigureEdge]) -> list[list[str]]:
    """Ids below each column: under the step they are tied to, or near it in their own stage."""
    units: list[list[str]] = [[] for _ in columns]
    column_of = {column.main: index for index, column in enumerate(columns) if column.main}
    neighbours = _neighbours(edges)
    waiting = list(hanging)
    for _ in range(2):  # the second round knows where the first put its nodes
        for node in list(waiting):
            tied = [column_of[other] for other in neighbours.get(node.id, ()) if other in column_of]
            if tied:
                index = _in_stage(columns, node.stage, tied[0])
                column_of[node.id] = index
                units[index].append(node.id)
                waiting.remove(node)
    for node in waiting:
        index = min(_of_stage(columns, node.stage), key=lambda i: (len(units[i]), i))
        units[index].append(node.id)
    return units


def _neighbours(edges: Iterable[FigureEdge]) -> dict[str, list[str]]:
    """Nodes tied to each node, the strongest tie first: what it influences, what leads to it, what it leads to."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    for place, edge in enumerate(edges):
        influence = 0 if edge.kind == "influence" else 1
        strength = (0 if edge.declared else 4) + influence
        found.setdefault(edge.source, []).append((strength + (0 if influence == 0 else 1), place, edge.target))
        found.setdefault(edge.target, []).append((strength + (1 if influence == 0 else 0), place, edge.source))
    return {name: [other for _, _, other in sorted(ties)] for name, ties in found.items()}


def _of_stage(columns: list[Column], stage: str) -> list[int]:
    return [index for index, column in enumerate(columns) if column.stage == stage]


def _in_stage(columns: list[Column], stage: str, wanted: int) -> int:
    return min(_of_stage(columns, stage), key=lambda index: (abs(index - wanted), index))


def _stack(column: Column, groups: list[list[str]], height: Callable[[str], float], narrow: bool) -> None:
    """One group stands in the middle; more are shared out left and right, the next always where there is more room."""
    if len(groups) == 1 or narrow:
        column.centre = [name for group in groups for name in group]
        return
    heights = [0.0, 0.0]
    for place, group in enumerate(groups):
        side = 1 if heights[1] < heights[0] else 0
        if place < 2:
            side = place  # as declared: the first left, the second right
        (column.left, column.right)[side].extend(group)
        heights[side] += sum(height(name) + 22 for name in group)


def places_of(columns: Sequence[Column]) -> dict[str, ColumnPlace]:
    """Where everything stands."""
    places: dict[str, ColumnPlace] = {}
    for index, column in enumerate(columns):
        if column.main:
            places[column.main] = ColumnPlace(index, "main", 0, last=not column.everything[1:])
        for part, stack in column.stacks:
            for row, name in enumerate(stack):
                places[name] = ColumnPlace(index, part, row, last=row == len(stack) - 1)
    return places
