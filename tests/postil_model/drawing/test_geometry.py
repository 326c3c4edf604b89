"""Geometry of any process: two hundred drawn from seeds, by a checker that knows nothing of how they are laid out."""

from __future__ import annotations

import re
from dataclasses import replace
from math import hypot
from xml.etree import ElementTree

import pytest

from postil_model.drawing.figure import Figure
from postil_model.drawing.pages import PAGES
from postil_model.drawing.paper import Drawing, lay_out
from postil_model.drawing.pictures import draw
from tests.geometry import Shape, crossings, hard, soft
from tests.model_figures import innovation_decision, node
from tests.random_processes import COUNT, process

SAMPLE = range(0, COUNT, 9)
MOST_SOFT, MOST_CROSSINGS = 50, 1300


@pytest.mark.parametrize("seed", SAMPLE)
def test_no_drawing_of_a_sample_misleads(seed: int) -> None:
    assert hard(lay_out(process(seed))) == []


@pytest.mark.prove
def test_no_drawing_of_two_hundred_misleads_few_are_ugly_and_few_lines_cross() -> None:
    ugly = crossed = 0
    for seed in range(COUNT):
        drawing = lay_out(process(seed))
        assert hard(drawing) == [], seed
        ugly += len(soft(drawing))
        crossed += crossings(drawing)
    assert ugly < MOST_SOFT
    assert crossed <= MOST_CROSSINGS


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_a_sample_are_drawn_as_well(page: str) -> None:
    for seed in range(0, 40, 8):
        assert hard(lay_out(process(seed), PAGES[page])) == [], seed


@pytest.mark.prove
@pytest.mark.parametrize("page", PAGES)
def test_pages_of_all_are_drawn_as_well(page: str) -> None:
    for seed in range(COUNT):
        assert hard(lay_out(process(seed), PAGES[page])) == [], seed


def test_nothing_is_lost_on_a_page_and_rows_follow_the_main_line() -> None:
    for seed in (2, 3, 7, 36):
        figure = process(seed)
        for page in PAGES.values():
            drawing = lay_out(figure, page)
            assert {n.id for n in figure.nodes} <= set(drawing.layout.spots)
            assert {e.id for e in figure.edges} <= {route.edge.id for route in drawing.layout.routes}
            steps = [drawing.layout.spots[name] for name in figure.main_line]
            places = [(round(spot.y), spot.x) for spot in steps]
            assert places == sorted(places)


def test_a_long_process_is_no_strip() -> None:
    names = [f"n{at}" for at in range(40)]
    figure = Figure("Long", (), tuple(node(name, "Step", "activity", "") for name in names), (), tuple(names))
    layout = lay_out(figure).layout
    assert layout.right < 4 * layout.bottom
    for page in PAGES.values():
        there = lay_out(figure, page).layout
        assert page.scale(there.right, there.bottom) >= page.scale(layout.right, layout.bottom)


def test_the_figure_of_a_publication_stands_in_one_row() -> None:
    layout = lay_out(innovation_decision()).layout
    assert {band.row for band in layout.bands} == {0}


_NUMBER = r"-?[\d.]+"


@pytest.mark.parametrize("seed", [0, 9, 28, 61, 93])
def test_arrows_touch_the_outlines_that_are_painted(seed: int) -> None:
    """As the picture has them: polygons and paths of the SVG, which are rounded once more."""
    figure = process(seed)
    root = ElementTree.fromstring(draw(figure, ["svg"])["svg"])
    drawn = {group.get("id", ""): group for group in root.iter("{http://www.w3.org/2000/svg}g") if group.get("id")}
    kinds = {n.id: n.kind for n in figure.nodes}
    seen = 0
    shapes = {name: _painted(drawn[f"node-{name}"], kinds[name] == "decision") for name in kinds}
    for edge in figure.edges:
        group = drawn.get(f"edge-{edge.id}")
        if group is None or edge.kind == "back":
            continue  # edges of a bus may begin where they branch off
        path = next(group.iter("{http://www.w3.org/2000/svg}path")).get("d", "")
        x, y = (float(number) for number in re.findall(_NUMBER, path)[:2])
        if (start := shapes[edge.source]) is not None:
            assert start.off_outline((x, y)) < 1.0, edge.id
        head = next(group.iter("{http://www.w3.org/2000/svg}polygon"), None)
        if head is not None and (end := shapes[edge.target]) is not None:
            corners = [_pair(text) for text in head.get("points", "").split()]
            assert min(end.off_outline(corner) for corner in corners) < 1.0, edge.id
            seen += 1
    assert seen


def _pair(text: str) -> tuple[float, float]:
    x, y = text.split(",")
    return float(x), float(y)


def _painted(group: ElementTree.Element, diamond: bool) -> Shape | None:
    """The outline of a node in the SVG; none where only words stand."""
    for rect in group.iter("{http://www.w3.org/2000/svg}rect"):
        if rect.get("stroke"):
            x, y, wide, high = (float(rect.get(name, "0")) for name in ("x", "y", "width", "height"))
            return Shape(x + wide / 2, y + high / 2, wide / 2, high / 2, diamond)
    for polygon in group.iter("{http://www.w3.org/2000/svg}polygon"):
        xs, ys = zip(*(_pair(text) for text in polygon.get("points", "").split()), strict=True)
        wide, high = (max(xs) - min(xs)) / 2, (max(ys) - min(ys)) / 2
        return Shape((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2, wide, high, diamond)
    return None


def _spoilt(kind: str) -> Drawing:
    """A good drawing with one fault."""
    drawing = lay_out(innovation_decision())
    layout = drawing.layout
    route = next(route for route in layout.routes if route.edge.id == "use-confirm-flow-")
    label = next(label for label in drawing.labels if label.edge == route.edge.id)
    others = [other for other in drawing.labels if other is not label]
    match kind:
        case "beside the outline":
            route.points[-1] = (route.points[-1][0] - 9, route.points[-1][1])
        case "lie on each other":
            other = next(r for r in layout.routes if r.edge.id == "know-attitude-flow-")
            other.points = list(route.points)
        case "runs through":
            spot = layout.spots["reinvent"]
            route.points = [(spot.left - 20, spot.y), (spot.right + 20, spot.y)]
        case "share an end":
            other = next(r for r in layout.routes if r.edge.id == "confirm-stop-branch-no")
            other.points = [route.points[-1], (route.points[-1][0], 0.0)]
        case "overlap":
            layout.spots["use"].x = layout.spots["decide"].x
        case "lies on":
            label = replace(label, x=layout.spots["use"].x, y=layout.spots["use"].y)
        case "texts of":
            label = replace(label, x=others[0].x, y=others[0].y)
        case "is far from its line":
            label = replace(label, y=label.y - 30)
        case "nearer to":
            other = next(r for r in layout.routes if r.edge.id == "know-attitude-flow-")
            (x, y), (end, _) = other.points
            label = replace(label, x=(x + end) / 2, y=y - 10)
            others = [one for one in others if one.edge != other.edge.id]
        case "stands outside":
            layout.spots["use"].y = -20
        case "through the title":
            band = layout.bands[2]
            route.points = [(band.title_x, band.title_y - 4), (band.title_x, band.title_y + 40)]
    return Drawing(drawing.figure, layout, [*others, label])


@pytest.mark.parametrize(
    "kind",
    ["beside the outline", "lie on each other", "runs through", "share an end", "overlap", "lies on", "texts of",
     "is far from its line", "nearer to", "stands outside", "through the title"],
)  # fmt: skip
def test_the_checker_sees_each_fault(kind: str) -> None:
    assert hard(lay_out(innovation_decision())) == []
    assert any(kind in fault for fault in hard(_spoilt(kind))), hard(_spoilt(kind))


def test_the_checker_sees_what_is_ugly_and_counts_crossings() -> None:
    drawing = lay_out(innovation_decision())
    assert soft(drawing) == []
    before = crossings(drawing)
    route = next(route for route in drawing.layout.routes if route.edge.id == "use-confirm-flow-")
    (x, y), (end, _) = route.points
    route.points = [(x, y), (x + 10, y), (x + 10, y + 4), (end, y + 4)]
    assert soft(drawing) == ["use-confirm-flow- makes a small step"]
    route.points = [(x, y), (end, y + 20)]
    assert soft(drawing) == ["use-confirm-flow- is slanted"]
    back = next(route for route in drawing.layout.routes if route.edge.kind == "back" and route.edge.declared)
    level = back.points[1][1]
    route.points = [(end - 60, level - 8), (end - 60, level + 8)]
    assert crossings(drawing) == before + 1


def test_a_diamond_is_measured_by_its_outline() -> None:
    diamond = Shape(0, 0, 40, 30, diamond=True)
    assert diamond.off_outline((20, 15)) == 0
    assert diamond.off_outline((40, 30)) == pytest.approx(40 * 30 / hypot(40, 30))
    assert diamond.inside((0, 0), 20) and not diamond.inside((30, 20), 0)
