"""Which way each edge goes: through channels between the boxes, never through a box.

Horizontal channels of a row: *top* above the main line (back edges on their bus, forward skips), *upper* between the
main line and what hangs below it, *lanes* at the bottom. Vertical channels: the gutters beside columns and the middle
of a column with two stacks. Every route is: port, vertical, horizontal, vertical, port. Where the columns stand in
several rows, a route between two rows uses the *corridor* between them; one that passes a whole row goes along the
margin from corridor to corridor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from postil_model.drawing.columns import Column, ColumnPlace
from postil_model.drawing.figure import FigureEdge

Side = Literal["top", "bottom", "left", "right"]
Area = Literal["top", "upper", "lanes", "corridor"]
Channel = tuple[Literal["gutter", "middle", "margin"], int]


@dataclass(eq=False)
class Track:
    """A vertical line in a gutter or in the middle of a column; ``rank`` orders the tracks of one channel."""

    channel: Channel
    rank: float
    x: float = 0.0


@dataclass(eq=False)
class End:
    """One end of a route: the port on a box, and the track it uses, if it does not go straight."""

    node: str
    side: Side
    track: Track | None = None
    jog: bool = False  # moves over to its track in the upper channel
    x: float = 0.0
    y: float = 0.0
    jog_y: float = 0.0


@dataclass(eq=False)
class Route:
    """The way of one edge. Without ``area`` both ends share a track, or the edge is one straight line."""

    edge: FigureEdge
    source: End
    target: End
    area: Area | None = None
    level_y: float = 0.0
    bus: tuple[str, ...] = ()  # edges of one bus share their way up and their height
    straight: bool = False
    row: int = 0  # of the boxes; of a corridor: the row above it
    margin: Track | None = None  # from the first corridor to the second
    last_row: int = 0
    last_y: float = 0.0
    roomy: bool = False  # its text found no place: its line gets more room
    text: tuple[float, float] = (0.0, 0.0)
    points: list[tuple[float, float]] = field(default_factory=list)

    @property
    def tracks(self) -> list[Track]:
        """The upright lines it uses."""
        return [track for track in (self.source.track, self.target.track, self.margin) if track is not None]

    @property
    def shares(self) -> bool:
        """Whether it is one of the edges of a bus, which may lie on each other."""
        return self.area == "top" and self.edge.kind == "back"


class Planner:
    """Chooses routes for edges, given who stands where."""

    def __init__(self, columns: Sequence[Column], places: dict[str, ColumnPlace]) -> None:
        self.columns, self.places = columns, places
        self.mains = [column.main for column in columns if column.main]
        self.next_main = dict(zip(self.mains, self.mains[1:], strict=False))
        self.taken: set[tuple[str, str]] = set()  # pairs of the main line that have their straight line
        self.above: list[tuple[int, int]] = []  # column intervals in use at the top

    def plan(self, edges: Iterable[FigureEdge]) -> list[Route]:
        """Routes of all edges: declared ones choose first, so that unexpected ones take what is left."""
        ordered = sorted(edges, key=lambda edge: not edge.declared)
        routes = {id(edge): self._route(edge) for edge in ordered}
        return [routes[id(edge)] for edge in edges]

    def _route(self, edge: FigureEdge) -> Route:
        source, target = self.places[edge.source], self.places[edge.target]
        rows = self._row(source), self._row(target)
        if rows[0] != rows[1]:
            return self._between_rows(edge, source, target)
        if source.part == target.part == "main":
            route = self._between_steps(edge, source, target)
        elif source.column == target.column:
            route = self._in_column(edge, source, target)
        else:
            route = self._across(edge, source, target)
        route.row = rows[0]
        return route

    def _row(self, place: ColumnPlace) -> int:
        return self.columns[place.column].row

    def _between_rows(self, edge: FigureEdge, source: ColumnPlace, target: ColumnPlace) -> Route:
        pair = edge.source, edge.target
        rows = self._row(source), self._row(target)
        if self.next_main.get(edge.source) == edge.target and edge.kind != "back" and pair not in self.taken:
            self.taken.add(pair)  # the main line goes on at the left of the next row
            ends = (
                End(edge.source, "right", Track(self._gutter(source, right=True), 2.0)),
                End(edge.target, "left", Track(self._gutter(target, right=False), -1.0)),
            )
            return Route(edge, *ends, "corridor", bus=(edge.id,), row=rows[0], last_row=rows[0])
        if rows[0] < rows[1]:
            ends, corridors = (self._below(edge.source), self._above(edge.target)), (rows[0], rows[1] - 1)
        else:
            ends, corridors = (self._above(edge.source), self._below(edge.target)), (rows[0] - 1, rows[1])
        margin = None
        if corridors[0] != corridors[1]:
            middle = sum(column.row == rows[0] for column in self.columns) / 2
            first = next(at for at, column in enumerate(self.columns) if column.row == rows[0])
            margin = Track(("margin", 0 if source.column - first < middle else 1), abs(corridors[0] - corridors[1]))
        return Route(edge, *ends, "corridor", bus=(edge.id,), row=corridors[0], margin=margin, last_row=corridors[1])

    def _below(self, name: str) -> End:
        """How a node reaches the corridor below its row."""
        return self._down(name, self.places[name].column)

    def _above(self, name: str) -> End:
        """How a node reaches the corridor above its row."""
        place = self.places[name]
        if place.part == "main" or (place.row == 0 and place.part == "centre" and not self.columns[place.column].main):
            return End(name, "top")
        side: Side = "right" if place.part == "right" else "left"
        return End(name, side, self._beside(place, side))

    def _gutter(self, place: ColumnPlace, right: bool) -> Channel:
        """The gutter beside a column: every row has one more than columns."""
        return "gutter", place.column + self._row(place) + right

    def _between_steps(self, edge: FigureEdge, source: ColumnPlace, target: ColumnPlace) -> Route:
        pair = edge.source, edge.target
        if self.next_main.get(edge.source) == edge.target and edge.kind != "back" and pair not in self.taken:
            self.taken.add(pair)
            return Route(edge, End(edge.source, "right"), End(edge.target, "left"), straight=True)
        low, high = sorted((source.column, target.column))
        forward = source.column < target.column
        free = all(high <= first or last <= low for first, last in self.above)
        if edge.declared or edge.source == edge.target or (forward and free):
            self.above.append((low, high))
            bus = (edge.source, edge.guard, edge.kind) if edge.kind == "back" else (edge.id,)
            return Route(edge, End(edge.source, "top"), End(edge.target, "top"), "top", bus=bus)
        if high - low == 1:
            return Route(edge, End(edge.source, "bottom"), End(edge.target, "bottom"), "upper", bus=(edge.id,))
        ends = self._down(edge.source, target.column), self._down(edge.target, source.column)
        return Route(edge, *ends, "lanes", bus=(edge.id,))

    def _in_column(self, edge: FigureEdge, source: ColumnPlace, target: ColumnPlace) -> Route:
        if "main" in (source.part, target.part):
            return self._to_own_step(edge, source, target)
        if source.part == target.part:
            if abs(source.row - target.row) == 1:
                down = source.row < target.row
                sides: tuple[Side, Side] = ("bottom", "top") if down else ("top", "bottom")
                return Route(edge, End(edge.source, sides[0]), End(edge.target, sides[1]), straight=True)
            outer: Side = "right" if source.part == "right" else "left"
            track = self._beside(source, outer)
            return Route(edge, End(edge.source, outer, track), End(edge.target, outer, track))
        track = Track(("middle", source.column), 0)
        sides = ("right", "left") if source.part == "left" else ("left", "right")
        return Route(edge, End(edge.source, sides[0], track), End(edge.target, sides[1], track))

    def _to_own_step(self, edge: FigureEdge, source: ColumnPlace, target: ColumnPlace) -> Route:
        hanging = source if target.part == "main" else target
        name = edge.source if hanging is source else edge.target
        step = edge.target if hanging is source else edge.source
        area: Area | None = "upper"
        if hanging.row == 0:
            ends = End(name, "top"), End(step, "bottom")
        elif hanging.part == "centre":
            ends = End(name, "right", self._beside(hanging, "right")), End(step, "bottom")
        else:
            inner: Side = "right" if hanging.part == "left" else "left"
            track = Track(("middle", hanging.column), -9 if inner == "right" else 9)
            ends, area = (End(name, inner, track), End(step, "bottom", track)), None
        first, second = ends if hanging is source else ends[::-1]
        return Route(edge, first, second, area, bus=(edge.id,))

    def _across(self, edge: FigureEdge, source: ColumnPlace, target: ColumnPlace) -> Route:
        near = abs(source.column - target.column) == 1
        if near and "main" not in (source.part, target.part) and (shared := self._shared_gutter(source, target)):
            facing: tuple[Side, Side] = ("right", "left") if source.column < target.column else ("left", "right")
            return Route(edge, End(edge.source, facing[0], shared), End(edge.target, facing[1], shared))
        step_to_low = source.part == "main" and target.row > 0
        if near and "main" in (source.part, target.part) and not step_to_low:
            ends = self._up(edge.source, target.column), self._up(edge.target, source.column)
            return Route(edge, *ends, "upper", bus=(edge.id,))
        ends = self._down(edge.source, target.column), self._down(edge.target, source.column)
        return Route(edge, *ends, "lanes", bus=(edge.id,))

    def _shared_gutter(self, source: ColumnPlace, target: ColumnPlace) -> Track | None:
        left, right = (source, target) if source.column < target.column else (target, source)
        if left.part in ("right", "centre") and right.part in ("left", "centre"):
            return Track(self._gutter(right, right=False), 0.5)
        return None

    def _up(self, name: str, toward: int) -> End:
        """How a node reaches the upper channel."""
        place = self.places[name]
        if place.part == "main":
            return End(name, "bottom")
        if place.row == 0:
            return End(name, "top")
        side: Side = "left" if toward < place.column else "right"
        return End(name, side, self._beside(place, side))

    def _down(self, name: str, toward: int) -> End:
        """How a node reaches the lanes."""
        place = self.places[name]
        column = self.columns[place.column]
        left = toward < place.column
        if place.last:
            return End(name, "bottom")
        if place.part != "main":
            side: Side = "left" if left else "right"
            return End(name, side, self._beside(place, side))
        if column.split:
            return End(name, "bottom", Track(("middle", place.column), -1 if left else 1))
        gutter = self._gutter(place, right=not left)
        return End(name, "bottom", Track(gutter, 1.0 if left else 0.0), jog=True)

    def _beside(self, place: ColumnPlace, side: Side) -> Track:
        """The channel that a side of a hanging box faces."""
        if place.part != "centre" and (place.part == "left") == (side == "right"):
            return Track(("middle", place.column), -9 if place.part == "left" else 9)
        return Track(self._gutter(place, right=side == "right"), 0.0 if side == "right" else 1.0)
