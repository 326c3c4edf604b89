"""The way of each arrow: straight through the gap between two boxes, beside the stack, across to the next, or around.

Boxes stand in stacks. Left of every stack, and right of the last, there is a channel; lanes run around all of them,
above and below. An arrow leaves its box at a side and enters the other at a side; where exactly is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from postil_model.drawing.figure import FigureEdge
from postil_tui.model.diagram.boxes import UNDECLARED, DiagramBox
from postil_tui.text.cells import cells, shown

Side = Literal["left", "right", "top", "bottom"]
Form = Literal["gap", "beside", "across", "above", "below"]
Gap = tuple[int, int]  # stack, place of the box above
GUARD = 14  # cells of a condition on an arrow
BESIDE_LABEL = 5  # what an arrow in a gap needs besides its label


@dataclass
class WireEnd:
    """Where an arrow touches a box: ``row`` at a left or right side, ``column`` at top or bottom."""

    node: str
    side: Side
    row: int = 0
    column: int = 0


@dataclass
class Wire:
    """An arrow with its way. ``around`` is the row of its lane above or below everything."""

    edge: FigureEdge
    form: Form
    source: WireEnd
    target: WireEnd
    label: str
    around: int = 0

    @property
    def ends(self) -> tuple[WireEnd, WireEnd]:
        """Source and target."""
        return self.source, self.target

    @property
    def goes_around(self) -> bool:
        """Whether it runs above or below everything."""
        return self.form in ("above", "below")

    def other(self, end: WireEnd) -> WireEnd:
        """The end that is not this one."""
        return self.target if end is self.source else self.source


@dataclass
class Standing:
    """A box in its stack; x and y are known when all boxes have their size."""

    box: DiagramBox
    stack: int
    place: int
    x: int = 0
    y: int = 0

    @property
    def middle(self) -> float:
        """The row in the middle."""
        return self.y + (self.box.height - 1) / 2

    def holds_row(self, row: int) -> bool:
        """Whether a line may end at this row of a side."""
        return self.y < row < self.y + self.box.height - 1


@dataclass
class Plan:
    """Boxes and arrows before they are drawn."""

    standing: dict[str, Standing]
    wires: list[Wire]
    at: dict[tuple[str, Side], list[tuple[Wire, WireEnd]]] = field(default_factory=dict)

    def gaps(self) -> dict[Gap, list[Wire]]:
        """Arrows that run straight through a gap, by gap."""
        found: dict[Gap, list[Wire]] = {}
        for wire in self.wires:
            if wire.form == "gap":
                ends = [self.standing[end.node] for end in wire.ends]
                found.setdefault((ends[0].stack, min(stands.place for stands in ends)), []).append(wire)
        return found

    def channel_of(self, end: WireEnd) -> int:
        """The channel beside the box at an end."""
        return self.standing[end.node].stack + (1 if end.side == "right" else 0)


def label_of(edge: FigureEdge) -> str:
    """What stands on an arrow: a sign if it is not declared, the condition, k/n, and how many deny."""
    sign = UNDECLARED if edge.tone == "unexpected" else ""
    guard = " ".join(shown(edge.guard).split())
    guard = guard if cells(guard) <= GUARD else guard[: GUARD - 1] + "…"
    denied = f"−{edge.denied}" if edge.denied else ""
    return " ".join(part for part in (sign, guard, edge.count, denied) if part)


def plan(stacks: Sequence[Sequence[str]], boxes: Mapping[str, DiagramBox], edges: Iterable[FigureEdge]) -> Plan:
    """Choose the way of every arrow between boxes that are there; boxes grow where many arrows end."""
    standing = {
        name: Standing(boxes[name], stack, place)
        for stack, names in enumerate(stacks)
        for place, name in enumerate(names)
    }
    used: dict[Gap, int] = {}
    known = [edge for edge in edges if edge.source in standing and edge.target in standing]
    made = Plan(standing, [_wire(edge, standing, used) for edge in known])
    if len(stacks) > 1:
        _choose_sides(made)
    for wire in made.wires:
        for end in wire.ends:
            made.at.setdefault((end.node, end.side), []).append((wire, end))
    for name, stands in standing.items():
        stands.box = stands.box.with_room(
            max(len(made.at.get((name, "left"), ())), len(made.at.get((name, "right"), ())))
        )
    return made


def _wire(edge: FigureEdge, standing: Mapping[str, Standing], used: dict[Gap, int]) -> Wire:
    label = label_of(edge)
    form, source, target = _way(edge, standing[edge.source], standing[edge.target], label, used)
    return Wire(edge, form, WireEnd(edge.source, source), WireEnd(edge.target, target), label)


def _way(edge: FigureEdge, one: Standing, other: Standing, label: str, used: dict[Gap, int]) -> tuple[Form, Side, Side]:
    apart, down = other.stack - one.stack, other.place > one.place
    if not apart:
        if abs(other.place - one.place) == 1 and _fits_gap(one, other, label, used):
            return ("gap", "bottom", "top") if down else ("gap", "top", "bottom")
        side: Side = "right" if down or one is other else "left"
        return "beside", side, side
    form: Form = "across" if abs(apart) == 1 else "above" if edge.kind == "back" else "below"
    return (form, "right", "left") if apart > 0 else (form, "left", "right")


def _fits_gap(one: Standing, other: Standing, label: str, used: dict[Gap, int]) -> bool:
    """Arrows with their labels stand side by side in a gap, as long as the boxes are wide enough."""
    gap = (one.stack, min(one.place, other.place))
    wanted = used.get(gap, 0) + cells(label) + BESIDE_LABEL
    if wanted > one.box.width:
        return False
    used[gap] = wanted
    return True


def _choose_sides(made: Plan) -> None:
    """Arrows beside a stack take the side where less room is needed for their label."""
    room: dict[int, tuple[int, int]] = {}
    for wire in made.wires:
        if wire.form == "across":
            _reserve(room, min(made.standing[end.node].stack for end in wire.ends) + 1, cells(wire.label), 0)
    for wire in made.wires:
        if wire.form == "beside":
            stack, size = made.standing[wire.source.node].stack, cells(wire.label)
            more = {"left": size - room.get(stack, (0, 0))[1], "right": size - room.get(stack + 1, (0, 0))[0]}
            if max(more["left"], 0) != max(more["right"], 0):
                wire.source.side = wire.target.side = "left" if more["left"] < more["right"] else "right"
            if wire.source.side == "left":
                _reserve(room, stack, 0, size)
            else:
                _reserve(room, stack + 1, size, 0)


def _reserve(room: dict[int, tuple[int, int]], channel: int, left: int, right: int) -> None:
    had = room.get(channel, (0, 0))
    room[channel] = (max(had[0], left), max(had[1], right))


def place_rows(made: Plan) -> None:
    """Give every end at a left or right side its row."""
    for (name, side), ends in made.at.items():
        if side in ("left", "right"):
            stands = made.standing[name]
            ends.sort(key=lambda pair: _order(made, stands, *pair))
            first = stands.y + 1 + max((stands.box.inside - len(ends)) // 2, 0)
            for row, (_, end) in enumerate(ends, first):
                end.row = row
    for wire in made.wires:
        if wire.form == "across":
            _straighten(made, wire)


def _order(made: Plan, stands: Standing, wire: Wire, end: WireEnd) -> tuple[int, float]:
    """From top to bottom, so that few lines cross: up beside the stack, above, across, below, down beside it."""
    there = made.standing[wire.other(end).node].middle
    if wire.form == "beside":
        up = there < stands.middle or (there == stands.middle and end is wire.source)
        return (0 if up else 4), -there  # upwards the nearest first, downwards the farthest
    return {"above": 1, "across": 2, "below": 3}[wire.form], there


def _straighten(made: Plan, wire: Wire) -> None:
    """Move one end onto the row of the other where nothing is in the way."""
    for end in wire.ends:
        row = wire.other(end).row
        others = [other.row for _, other in made.at[end.node, end.side] if other is not end]
        between = range(min(end.row, row), max(end.row, row) + 1)
        if made.standing[end.node].holds_row(row) and not any(other in between for other in others):
            end.row = row
            return


def place_columns(made: Plan) -> None:
    """Arrows through a gap stand side by side, each with its label to the right."""
    for wires in made.gaps().values():
        x = made.standing[wires[0].source.node].x + 3
        for wire in wires:
            wire.source.column = wire.target.column = x
            x += cells(wire.label) + BESIDE_LABEL
