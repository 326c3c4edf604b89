"""A picture as shapes in their places: what every writer reads. In PostScript points, y running down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from postil_model.drawing.text import LINE, Style, width

Form = Literal["rectangle", "rounded", "diamond", "note", "circle"]
Dash = Literal["", "dashed", "dotted", "broken", "broken dashes"]
Head = Literal["", "arrow", "hollow", "circle"]
Align = Literal["left", "centre", "right"]
Point = tuple[float, float]
Area = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Outline:
    """A filled shape around a centre; without a line where ``line`` is empty."""

    form: Form
    x: float
    y: float
    width: float
    height: float
    fill: str
    line: str = ""
    dash: Dash = ""
    pen: float = 1.1

    @property
    def area(self) -> Area:
        """The room it takes."""
        wide, high = self.width / 2, self.height / 2
        return self.x - wide, self.y - high, self.x + wide, self.y + high


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; ``y`` is its middle, ``x`` its start, middle or end."""

    x: float
    y: float
    text: str
    size: float
    color: str
    style: Style = "regular"
    align: Align = "centre"

    @property
    def area(self) -> Area:
        """The room it takes in the shipped font."""
        wide, high = width(self.text, self.size, self.style), self.size * LINE / 2
        left = self.x - {"left": 0.0, "centre": wide / 2, "right": wide}[self.align]
        return left, self.y - high, left + wide, self.y + high


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line with round corners; the head's tip lies on the last point."""

    points: tuple[Point, ...]
    color: str
    pen: float
    dash: Dash = ""
    head: Head = ""

    @property
    def area(self) -> Area:
        """The room its points take."""
        across, down = [x for x, _ in self.points], [y for _, y in self.points]
        return min(across), min(down), max(across), max(down)


Part = Outline | Words | Stroke


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that are one thing to whoever points at it: a node with its text, an arrow with its count."""

    parts: tuple[Part, ...]
    id: str = ""
    classes: str = ""
    tooltip: str = ""
    url: str = ""


Shape = Part | Group


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes from the back to the front on a page; ``about`` says what the picture was made of.

    ``scale``: how large it is to be printed, 1 for as it is.
    """

    title: str
    width: float
    height: float
    shapes: tuple[Shape, ...]
    about: tuple[str, ...] = ()
    scale: float = 1.0


def parts(shapes: Iterable[Shape]) -> Iterator[Part]:
    """Every part, those of groups among them, in the order of painting."""
    for shape in shapes:
        if isinstance(shape, Group):
            yield from shape.parts
        else:
            yield shape
