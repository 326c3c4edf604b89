"""What the drawing consists of, in its place. Points are PostScript points, y running down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from postil_model.drawing.boxes import TITLE, Box
from postil_model.drawing.routes import Route
from postil_model.drawing.text import line_height, width


@dataclass
class Spot:
    """A box in its place: centre and size."""

    x: float
    y: float
    box: Box
    diamond: bool = False

    @property
    def left(self) -> float:
        """x of the left side."""
        return self.x - self.box.width / 2

    @property
    def right(self) -> float:
        """x of the right side."""
        return self.x + self.box.width / 2

    @property
    def top(self) -> float:
        """y of the upper side."""
        return self.y - self.box.height / 2

    @property
    def bottom(self) -> float:
        """y of the lower side."""
        return self.y + self.box.height / 2


@dataclass
class Band:
    """The background of a stage."""

    stage: str
    lines: list[str]
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    title_x: float = 0.0  # the middle of the title
    title_y: float = 0.0  # its upper side
    row: int = 0

    def titles(self) -> Iterator[tuple[float, float, float, float]]:
        """Left, top, right and bottom of the lines of the title."""
        y = self.title_y
        for line in self.lines if self.stage else ():
            half, high = width(line, TITLE, "bold") / 2, line_height(line, TITLE)
            yield self.title_x - half, y, self.title_x + half, y + high
            y += high


@dataclass
class Layout:
    """Everything in its place."""

    spots: dict[str, Spot] = field(default_factory=dict)
    bands: list[Band] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    bottom: float = 0.0
    right: float = 0.0

    def move(self, right: float, down: float) -> None:
        """Everything moves; what begins at the edges goes on to begin there."""
        for spot in self.spots.values():
            spot.x, spot.y = spot.x + right, spot.y + down
        for route in self.routes:
            route.points = [(x + right, y + down) for x, y in route.points]
        for band in self.bands:
            band.left += right if band.left else 0.0
            band.top += down if band.top else 0.0
            band.right, band.bottom = band.right + right, band.bottom + down
            band.title_x, band.title_y = band.title_x + right, band.title_y + down
        self.right, self.bottom = self.right + right, self.bottom + down
