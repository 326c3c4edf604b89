"""What the drawing consists of, in its place. Points are PostScript points, y running down."""

from __future__ import annotations

from dataclasses import dataclass, field

from postil_model.drawing.boxes import Box
from postil_model.drawing.routes import Route


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


@dataclass
class Layout:
    """Everything in its place."""

    spots: dict[str, Spot] = field(default_factory=dict)
    bands: list[Band] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    top: float = 0.0
    title_y: float = 0.0
    bottom: float = 0.0
    left: float = 0.0
    right: float = 0.0
