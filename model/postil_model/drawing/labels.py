"""Texts on edges, each where nothing else is: along its own line, tested against boxes, lines and other texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from postil_model.drawing.figure import FigureEdge
from postil_model.drawing.layout import Layout
from postil_model.drawing.room import AIR, Room, head
from postil_model.drawing.routes import Route
from postil_model.drawing.text import LINE, block, wrap

SIZE = 9.0
Slot = Literal["label", "taillabel", "xlabel"]  # count, guard, text: Graphviz has a position for each of the three


@dataclass(frozen=True, slots=True)
class Label:
    """A text in its place (centre)."""

    edge: str
    slot: Slot
    lines: tuple[str, ...]
    x: float
    y: float


def pen(edge: FigureEdge) -> float:
    """Line width: it grows with k, and from 12 participants on with the share."""
    return 0.9 + 0.24 * edge.k * min(1.0, 12 / edge.n) if edge.n else 1.1


def edge_texts(edge: FigureEdge, first_of_bus: bool = True) -> list[tuple[Slot, list[str]]]:
    """What is written on an edge: guard, count and the declared text. A guard is printed once for a bus."""
    texts: list[tuple[Slot, list[str]]] = []
    guard = edge.guard[:1].upper() + edge.guard[1:]
    said = [line for line in wrap(edge.label, 74, SIZE) if line]
    if guard and edge.label.casefold() == guard.casefold():
        said = []
    count = edge.count + (f" (−{edge.denied})" if edge.denied else "")
    on_line = edge.kind != "back" and guard
    if count or on_line:
        short = on_line and len(guard) <= 12
        lines = wrap(guard, 92, SIZE) if on_line and not short else []
        texts.append(
            ("label", [*lines, *([f"{guard}  {count}".strip() if short else count] if count or short else [])])
        )
    if guard and not on_line and first_of_bus:
        texts.append(("taillabel", wrap(guard, 100, SIZE)))
    if said:
        texts.append(("xlabel", said))
    return texts


def text_size(edge: FigureEdge) -> tuple[float, float]:
    """Width of the widest text on an edge and height of all of them; nothing where none is."""
    sizes = [block(lines, SIZE) for _, lines in edge_texts(edge)]
    return max((wide for wide, _ in sizes), default=0.0), sum(high for _, high in sizes)


def room_needed(edge: FigureEdge) -> float:
    """Gap between two steps that holds the texts of the straight edge between them."""
    widest = max((block(lines, SIZE)[0] for _, lines in edge_texts(edge)), default=0.0)
    return widest + head(pen(edge))[0] + 13 if widest else 26.0


_TRIES = 4  # rounds in which the texts that found no good place choose first


def place_labels(layout: Layout) -> tuple[list[Label], dict[str, float]]:
    """Find a place for every text: the shortest lines choose first, and after them whoever found no good place.

    Returns the texts, and what is wrong with the places of those edges that found none that is good.
    """
    wanted = _wanted(layout)
    best: list[Label] = []
    wrong: dict[str, float] = {}
    least = float("inf")
    first: set[int] = set()
    for _ in range(_TRIES):
        room = Room(layout, pen)
        labels: dict[int, Label] = {}
        costs: dict[int, float] = {}
        for at in sorted(range(len(wanted)), key=lambda at: (at not in first, at)):
            route, slot, lines = wanted[at]
            wide, high = block(lines, SIZE)
            places = _candidates(route, slot, wide + 2 * AIR, high)
            (x, y), costs[at] = room.best(places, route, wide + 2 * AIR, high)
            labels[at] = Label(route.edge.id, slot, tuple(lines), x, y)
        if sum(costs.values()) < least:
            least, best = sum(costs.values()), [labels[at] for at in range(len(wanted))]
            wrong = {wanted[at][0].edge.id: cost for at, cost in costs.items() if cost}
        troubled = {at for at, cost in costs.items() if cost}
        if not troubled or troubled <= first:
            break
        first |= troubled
    return best, wrong


def _wanted(layout: Layout) -> list[tuple[Route, Slot, list[str]]]:
    """Every text with its line: those that run straight between steps first, then from the shortest line on."""
    texts: list[tuple[Route, Slot, list[str]]] = []
    seen: set[tuple[str, ...]] = set()
    for route in sorted(layout.routes, key=lambda r: (not (r.straight and r.source.side == "right"), _length(r))):
        first = not route.bus or route.bus not in seen
        seen.add(route.bus)
        texts += [(route, slot, lines) for slot, lines in edge_texts(route.edge, first)]
    return texts


def _length(route: Route) -> float:
    return sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(route.points))


Place = tuple[float, float]


def _candidates(route: Route, slot: Slot, wide: float, high: float) -> Iterator[Place]:
    """Places in order of preference; at last, anywhere along the line."""
    yield from _preferred(route, slot, wide, high)
    air = pen(route.edge) / 2 + 1.5
    segments = list(pairwise(route.points))
    for gap in (air, air + 2.5, air + 5, air + 7.5):
        yield from _along([s for s in segments if _level(s)], wide, high, gap)
        yield from _beside([s for s in segments if not _level(s)], wide, high, gap, from_end=False)


def _level(segment: tuple[Place, Place]) -> bool:
    return abs(segment[0][1] - segment[1][1]) < 0.01


def _preferred(route: Route, slot: Slot, wide: float, high: float) -> list[Place]:
    segments = list(pairwise(route.points))
    air = pen(route.edge) / 2 + 1.5
    level = [s for s in segments if _level(s)]
    upright = [s for s in segments if not _level(s)]
    if slot == "taillabel":  # the guard stands where the edge leaves
        return _beside(upright[:1], wide, high, air, from_end=True) + _along(level[:1], wide, high, air)
    if route.straight and level:
        below = slot == "xlabel"
        (x1, y), (x2, _) = level[0]
        side = 1 if below else -1
        long = head(pen(route.edge))[0]
        return [((x1 + x2 - long) / 2 + shift, y + side * (high / 2 + air)) for shift in (0, -3, 3, -6, 6)]
    if route.area == "top" and route.edge.kind == "back":
        beside_head = (
            head(pen(route.edge))[1] + 0.5
        )  # a text above the line that edges share would belong to all of them
        last = upright[-1:]
        near = [place for gap in (air, beside_head) for place in _beside(last, wide, high, gap, from_end=False)]
        return near + _along(level, wide, high, air)
    if route.area == "lanes" or route.area == "top":
        longest = sorted(level, key=lambda s: -abs(s[0][0] - s[1][0]))
        return _along(longest, wide, high, air) + _beside(upright, wide, high, air, from_end=False)
    return _beside(upright, wide, high, air, from_end=False) + _along(level, wide, high, air)


def _along(segments: list[tuple[Place, Place]], wide: float, high: float, air: float) -> list[Place]:
    """Above the line, from the middle outwards; then below."""
    found: list[Place] = []
    for (x1, y), (x2, _) in segments:
        middle, reach = (x1 + x2) / 2, max(abs(x1 - x2) / 2 - wide / 2 - 4, 0)
        steps = [0.0] + [sign * step * 9.0 for step in range(1, int(reach / 9) + 1) for sign in (1, -1)]
        found += [(middle + step, y - high / 2 - air + 0.5) for step in steps]
        found += [(middle + step, y + high / 2 + air - 0.5) for step in steps]
    return found


def _beside(segments: list[tuple[Place, Place]], wide: float, high: float, air: float, from_end: bool) -> list[Place]:
    """Right of the line, then left; from its middle outwards, or beginning at its end."""
    found: list[Place] = []
    for (x, y1), (_, y2) in segments:
        span = abs(y1 - y2)
        middle = (y1 + y2) / 2
        reach = max(span / 2 - high / 2 - 2, 0)
        steps = [0.0] + [sign * step * 4.0 for step in range(1, int(reach / 4) + 1) for sign in (1, -1)]
        if from_end:
            steps = sorted(steps, key=lambda step: abs(middle + step - y2))
        sides = (-1, 1) if from_end else (1, -1)
        found += [(x + side * (wide / 2 + air + 1), middle + step) for side in sides for step in steps]
    return found


def text_height(lines: Iterable[str]) -> float:
    """Height of some lines of label text."""
    return sum(1 for _ in lines) * SIZE * LINE
