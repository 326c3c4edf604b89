"""Paper for plots: texts, lines, points and boxes at places; y grows upwards, and the page fits what lies on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from postil_model.drawing.picture import Align, Outline, Part, Picture, Point, Stroke, Words

INK, PALE, GREY, BLACK = "#1F4E79", "#C9D3DF", "#5F6670", "#1A1A1A"
_MARGIN = 8.0


class PlotCanvas:
    """What lies where, in points. Lines lie below everything else."""

    def __init__(self) -> None:
        self.parts: list[Part] = []

    def text(self, text: str, x: float, y: float, size: float, align: Align, color: str = BLACK) -> None:
        """Words that start, end or have their middle at ``x``."""
        self.parts.append(Words(x, -y, text, size, color, align=align))

    def line(self, points: Sequence[Point], color: str, pen: float) -> None:
        """A straight line between two places."""
        self.parts.append(Stroke(tuple((x, -y) for x, y in points), color, pen))

    def point(self, x: float, y: float, filled: bool) -> None:
        """A dot, filled or hollow."""
        self.parts.append(Outline("circle", x, -y, 6, 6, INK if filled else "#FFFFFF", INK, pen=1.0))

    def box(self, x: float, y: float, wide: float, high: float, fill: str, text: str = "", color: str = BLACK) -> None:
        """A filled box around a place, with a number in it."""
        self.parts.append(Outline("rectangle", x, -y, wide, high, fill))
        if text:
            self.text(text, x, y, 7.5, "centre", color)

    def picture(self, title: str) -> Picture:
        """All of it on a page with a margin."""
        areas = [part.area for part in self.parts] or [(0.0, 0.0, 0.0, 0.0)]
        left, top = (min(area[at] for area in areas) - _MARGIN for at in (0, 1))
        right, bottom = (max(area[at] for area in areas) + _MARGIN for at in (2, 3))
        ordered = sorted(self.parts, key=lambda part: not isinstance(part, Stroke))
        return Picture(title, right - left, bottom - top, tuple(_moved(part, -left, -top) for part in ordered))


def _moved(part: Part, dx: float, dy: float) -> Part:
    if isinstance(part, Stroke):
        return replace(part, points=tuple((x + dx, y + dy) for x, y in part.points))
    return replace(part, x=part.x + dx, y=part.y + dy)
