"""Titles of stages: in the middle, or beside it where a line from another row passes."""

from __future__ import annotations

from itertools import pairwise

from postil_model.drawing.boxes import TITLE
from postil_model.drawing.layout import Band, Layout
from postil_model.drawing.text import block, wrap

_AIR = 6.0


_LEAST = 50.0  # a title is not broken into narrower lines


def place_titles(layout: Layout) -> bool:
    """Give every title its x; tell whether one had to be broken into shorter lines, which may make its row higher."""
    upright = [
        (a[0], min(a[1], b[1]), max(a[1], b[1]))
        for route in layout.routes
        for a, b in pairwise(route.points)
        if abs(a[0] - b[0]) < 0.5
    ]
    broken = False
    for band in layout.bands:
        band.title_x = (band.left + band.right) / 2
        if band.stage and band.row:
            broken = _into_room(band, upright) or broken
    return broken


def _into_room(band: Band, upright: list[tuple[float, float, float]]) -> bool:
    """The place that is nearest to the middle of the band; shorter lines where none is wide enough."""
    wide, high = block(band.lines, TITLE, "bold")
    lines = sorted(x for x, top, bottom in upright if top < band.title_y + high and bottom > band.title_y)
    walls = [band.left, *(x for x in lines if band.left < x < band.right), band.right]
    rooms = [(a + _AIR, b - _AIR) for a, b in pairwise(walls)]
    enough = [(a, b) for a, b in rooms if b - a >= wide]
    middle = band.title_x
    if enough:
        half = wide / 2
        band.title_x = min((min(max(middle, a + half), b - half) for a, b in enough), key=lambda x: abs(x - middle))
        return False
    a, b = max(rooms, key=lambda room: room[1] - room[0])
    shorter = wrap(" ".join(band.lines), max(b - a, _LEAST), TITLE, "bold")
    band.title_x = (a + b) / 2
    if shorter == band.lines:
        return False
    band.lines = shorter
    return True
