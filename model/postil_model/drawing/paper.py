"""The engine "paper": a decision process as it is printed in papers, with positions of our own.

Stages are columns, the main line runs straight through them, what weighs on a step hangs below it, back edges share
one bus above, unexpected edges run in lanes below. Graphviz only draws: it gets the position of every node, line and
text, so the picture is the same with every version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from postil_model.drawing.boxes import Box, node_box, note_box
from postil_model.drawing.columns import NOTE, Column, arrange, main_line, places_of
from postil_model.drawing.crossings import crossings, overlaps
from postil_model.drawing.figure import Figure, FigureEdge
from postil_model.drawing.geometry import Geometry
from postil_model.drawing.labels import SIZE, Label, place_labels, room_needed, text_size
from postil_model.drawing.layout import Layout
from postil_model.drawing.pages import Page, fit, in_rows, needs_rows
from postil_model.drawing.room import EDGE, OUTSIDE
from postil_model.drawing.routes import Planner
from postil_model.drawing.search import improved
from postil_model.drawing.text import block
from postil_model.drawing.widen import MOST, widened

LINK = "link:"  # edges from a node to its note


@dataclass(frozen=True)
class Drawing:
    """A laid out figure, ready to be written as DOT."""

    figure: Figure
    layout: Layout
    labels: list[Label]
    trouble: float = 0.0  # what is wrong with the places of texts


def lay_out(figure: Figure, page: Page | None = None) -> Drawing:
    """Compute all positions of a figure; one that is too long a strip, or larger than its page, stands in rows."""
    figure = known_ends(figure)
    drawing = _lay_out(figure, page, narrow=False)
    if not drawing.trouble:
        return drawing
    return min((drawing, _lay_out(figure, page, narrow=True)), key=lambda drawing: drawing.trouble)


# Rounds in which lines get more room for their texts: how wide boxes may get, in times of their own width, and how many
# points are added between boxes. Nearly every figure needs but the first two.
_ROUNDS = ((MOST, 0), (MOST, 0), (MOST, 0), (MOST, 12), (MOST, 30), (2.0, 45), (2.4, 60), (3.5, 90))


_UNCLEAR = 100.0  # what two lines count that can't be told apart


class _Maker:
    """Lays out one figure again and again: with other orders, then with more room for texts."""

    def __init__(self, figure: Figure, narrow: bool) -> None:
        self.figure, self.narrow = figure, narrow
        self.steps = frozenset(main_line(figure))
        self.boxes = measure(figure, self.steps)
        self.diamonds = frozenset(node.id for node in figure.nodes if node.kind == "decision")
        self.bare = frozenset(n.id for n in figure.nodes if n.kind == "terminal" and n.id not in self.steps)
        notes = [_link(note.node) for note in figure.notes if f"{NOTE}{note.node}" in self.boxes]
        self.edges = [*figure.edges, *notes]
        self.texts = {edge.id: text_size(edge) for edge in self.edges}

    def columns(self) -> list[Column]:
        """The columns as they are declared."""
        return arrange(self.figure, lambda name: self.boxes[name].height, self.narrow)[0]

    def layout(
        self, columns: Sequence[Column], roomy: Set[str] = frozenset(), most: float = MOST, air: float = 0
    ) -> Layout:
        """Everything but the texts."""
        places = places_of(columns)
        routes = Planner(columns, places).plan(self.edges)
        gaps: dict[tuple[str, str], float] = {}
        for route in routes:
            route.text, route.roomy = self.texts[route.edge.id], route.edge.id in roomy
            pair = route.edge.source, route.edge.target
            if route.straight and pair[0] in self.steps and pair[1] in self.steps:
                needed = room_needed(route.edge) + (
                    route.text[0] + 24 if route.roomy else 0
                )  # beside a line that passes
                gaps[pair] = max(gaps.get(pair, 0.0), needed)
        wide = widened(self.boxes, columns, places, self.diamonds, routes, most, self.bare)
        return Geometry(columns, places, wide, self.diamonds, routes, dict(self.figure.stages), gaps, air).run()

    def drawing(self, columns: Sequence[Column]) -> Drawing:
        """With texts: where one finds no place its line gets more room, then the lines beside it too."""
        roomy: set[str] = set()
        best: Drawing | None = None
        least = float("inf")
        for place, (most, air) in enumerate(_ROUNDS):
            layout = self.layout(columns, roomy, most, air)
            labels, wrong = place_labels(layout)
            unclear = overlaps(layout.routes)
            trouble = sum(wrong.values()) + _UNCLEAR * unclear
            if best is None or trouble < least:
                best, least = Drawing(self.figure, layout, labels, trouble), trouble
            wrong = {edge: cost for edge, cost in wrong.items() if cost > OUTSIDE}
            if not wrong and not unclear:
                break
            roomy |= set(wrong)
            if place > 1:
                ends = {end for edge in self.edges if edge.id in wrong for end in (edge.source, edge.target)}
                roomy |= {edge.id for edge in self.edges if {edge.source, edge.target} & ends}
        assert best is not None
        return fitted(best)

    def improved(self, columns: Sequence[Column]) -> Sequence[Column]:
        """The columns in the order in which fewest lines cross."""
        edges = max(len(self.edges), 1)
        return improved(columns, lambda other: crossings(self.layout(other).routes), edges, self.narrow)


def _lay_out(figure: Figure, page: Page | None, narrow: bool) -> Drawing:
    """The first arrangement in which every text finds a place, else the best of them."""
    maker = _Maker(figure, narrow)
    best: Drawing | None = None
    for columns in _arrangements(maker, page):
        drawing = maker.drawing(columns)
        if best is None or drawing.trouble < best.trouble:
            best = drawing
        if not best.trouble:
            break
    assert best is not None
    return best


def _arrangements(maker: _Maker, page: Page | None) -> Iterator[Sequence[Column]]:
    """With few crossings; as declared; in other rows; at last in one row."""
    declared = maker.columns()
    improved = maker.improved(declared)
    rows = _rows(maker, improved, page)
    yield maker.improved(rows)
    yield _rows(maker, declared, page)
    count = max(column.row for column in rows) + 1
    if count > 1:
        others = {max(c.row for c in other) + 1: other for other in in_rows(improved, maker.layout(improved))}
        for other in (count + 1, count - 1, count + 2):
            if other in others:
                yield maker.improved(others[other])
        yield improved


def _rows(maker: _Maker, columns: Sequence[Column], page: Page | None) -> Sequence[Column]:
    layout = maker.layout(columns)
    return _best_rows(maker, columns, page) if needs_rows(layout.right, layout.bottom, page) else columns


def _best_rows(maker: _Maker, columns: Sequence[Column], page: Page | None) -> Sequence[Column]:
    """The number of rows that fits best; one more has to be worth it."""
    layout = maker.layout(columns)
    best, most, worse = columns, fit(layout.right, layout.bottom, page), 0
    for other in in_rows(columns, layout):
        there = maker.layout(other)
        value = fit(there.right, there.bottom, page)
        worse = 0 if value > most else worse + 1
        if value > most + 0.01:
            best, most = other, value
        if worse > 1:
            break
    return best


def fitted(drawing: Drawing) -> Drawing:
    """The page as large as its texts need: one that stands beyond the left or upper edge moves everything."""
    layout = drawing.layout
    areas = [(label.x, label.y, *block(list(label.lines), SIZE)) for label in drawing.labels]
    left = max(0.0, EDGE - min((x - wide / 2 for x, _, wide, _ in areas), default=EDGE))
    top = max(0.0, EDGE - min((y - high / 2 for _, y, _, high in areas), default=EDGE))
    right = max(0.0, max((x + wide / 2 for x, _, wide, _ in areas), default=0.0) + EDGE - layout.right)
    if not (left or top or right):
        return drawing
    layout.move(left, top)
    layout.right += right
    for band in layout.bands:
        if band.right >= layout.right - right - 0.01:
            band.right = layout.right
    labels = [replace(label, x=label.x + left, y=label.y + top) for label in drawing.labels]
    return replace(drawing, labels=labels)


def measure(figure: Figure, steps: frozenset[str]) -> dict[str, Box]:
    """Boxes of nodes and notes."""
    boxes = {node.id: node_box(node, node.id in steps) for node in figure.nodes}
    return boxes | {f"{NOTE}{note.node}": note_box(note) for note in figure.notes}


def known_ends(figure: Figure) -> Figure:
    """The figure without edges whose ends are not drawn (hidden by a filter)."""
    known = {node.id for node in figure.nodes}
    edges = tuple(edge for edge in figure.edges if edge.source in known and edge.target in known)
    notes = tuple(note for note in figure.notes if note.node in known)
    return replace(figure, edges=edges, notes=notes)


def _link(node: str) -> FigureEdge:
    return FigureEdge(f"{LINK}{node}", node, f"{NOTE}{node}", "influence", directed=False)
