"""Boxes of steps, made wide enough for the lines that end on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from postil_model.drawing.boxes import Box
from postil_model.drawing.columns import Column, ColumnPlace
from postil_model.drawing.routes import End, Route

STEP_TRACK = 11.0  # between two upright lines
TEXT_ROOM = 40.0  # of an upright line with a text beside it
PORT_ROOM = 17.0
MOST = 1.58  # times its own width: a box that is mostly empty looks like a mistake
_INSET = 0.12  # ports keep away from corners: share of the width
_INSET_DIAMOND = 0.22


def inset(diamond: bool) -> float:
    """Share of the width at either end of a side that stays without ports."""
    return _INSET_DIAMOND if diamond else _INSET


def track_room(routes: Sequence[Route]) -> dict[int, float]:
    """Room of tracks (by identity) that need more than the usual: both ends share them and a text stands beside."""
    found = {id(r.source.track): TEXT_ROOM for r in routes if r.source.track is r.target.track and r.edge.count}
    for route in routes:
        if route.roomy:
            for track in route.tracks:
                found[id(track)] = max(found.get(id(track), 0.0), 2 * route.text[0] + 2 * STEP_TRACK)
    return found


def middle_width(index: int, routes: Sequence[Route]) -> float:
    """Width of the channel between the two stacks of a column."""
    tracks = {id(e.track): e.track for r in routes for e in (r.source, r.target) if e.track}
    special = track_room(routes)
    inside = [key for key, track in tracks.items() if track.channel == ("middle", index)]
    return max(20.0, sum(special.get(key, STEP_TRACK) for key in inside) + STEP_TRACK)


def widened(
    boxes: Mapping[str, Box],
    columns: Sequence[Column],
    places: Mapping[str, ColumnPlace],
    diamonds: frozenset[str],
    routes: Sequence[Route],
    most: float = MOST,
    bare: Set[str] = frozenset(),
) -> dict[str, Box]:
    """The boxes, with those of the main line as wide as their ports need, within reason."""
    found = dict(boxes)
    for index, column in enumerate(columns):
        if column.main:
            sides = _ports(column.main, places, routes)
            needed = max(sides[0], sides[1]) * 2 * PORT_ROOM + (middle_width(index, routes) if column.split else 0)
            needed = max(needed, sides[2] * 38.0) / (1 - 2 * inset(column.main in diamonds))
            box = found[column.main]
            found[column.main] = replace(box, width=max(box.width, min(needed, most * box.width)))
    for name, needed in _hanging(routes, places).items():
        if name in bare:
            continue  # without an outline a line would end beside the words
        box = found[name]
        found[name] = replace(
            box, width=max(box.width, min(needed / (1 - 2 * inset(name in diamonds)), most * box.width))
        )
    return found


def _hanging(routes: Sequence[Route], places: Mapping[str, ColumnPlace]) -> dict[str, float]:
    """Room that lines need between each other on the upper or lower side of what hangs below a step."""
    found: dict[tuple[str, str], float] = {}
    for route in routes:
        for end in (route.source, route.target):
            if places[end.node].part != "main" and end.side in ("top", "bottom"):
                room = max(PORT_ROOM, route.text[0] + 12) if route.roomy else PORT_ROOM / 2
                found[end.node, end.side] = found.get((end.node, end.side), 0.0) + room
    widest: dict[str, float] = {}
    for (name, _), room in found.items():
        widest[name] = max(widest.get(name, 0.0), room)
    return widest


def _ports(name: str, places: Mapping[str, ColumnPlace], routes: Sequence[Route]) -> tuple[int, int, int]:
    """Number of lower ports that look left and right without a track of their own, and of upper ports."""
    left = right = 0
    upper: set[object] = set()
    for route in routes:
        for end, other in ((route.source, route.target), (route.target, route.source)):
            if end.node == name and end.side == "top":
                upper.add(route.bus if end is route.source else id(end))
            if end.node == name and end.side == "bottom" and not _in_middle(end):
                if _looks_left(places[name], places[other.node]):
                    left += 1
                else:
                    right += 1
    return left, right, len(upper)


def _in_middle(end: End) -> bool:
    return end.track is not None and end.track.channel[0] == "middle"


def _looks_left(place: ColumnPlace, other: ColumnPlace) -> bool:
    return other.column < place.column or (other.column == place.column and other.part == "left")
