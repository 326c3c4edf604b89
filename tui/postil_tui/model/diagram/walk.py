"""Walking through the drawing: from a box along an arrow, one press onto the arrow, the next to the box behind it."""

from __future__ import annotations

from dataclasses import dataclass

from postil_tui.model.diagram.drawing import DiagramDrawing, Rect
from postil_tui.model.diagram.wires import Side

_OPPOSITE: dict[Side, Side] = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}


@dataclass(frozen=True, slots=True)
class Focus:
    """Where one is: at a box, or on an arrow that one entered from a box at one of its sides."""

    at: str
    entered_from: str = ""
    side: Side = "right"

    @property
    def on_arrow(self) -> bool:
        """Whether one stands on an arrow."""
        return bool(self.entered_from)


def step(drawing: DiagramDrawing, focus: Focus, way: Side) -> Focus:
    """Go left, right, up (``top``) or down (``bottom``)."""
    if focus.on_arrow:
        return _step_on_arrow(drawing, focus, way)
    arrows = drawing.sides.get((focus.at, way), [])
    if arrows:
        return Focus(arrows[0], focus.at, way)
    near = _nearest(drawing, focus.at, way)
    return Focus(near) if near else focus


def _step_on_arrow(drawing: DiagramDrawing, focus: Focus, way: Side) -> Focus:
    if way == focus.side:
        source, target = drawing.ends[focus.at]
        return Focus(target if focus.entered_from == source else source)
    if way == _OPPOSITE[focus.side]:
        return Focus(focus.entered_from)
    arrows = drawing.sides.get((focus.entered_from, focus.side), [focus.at])
    by = 1 if way in ("right", "bottom") else -1
    return Focus(arrows[(arrows.index(focus.at) + by) % len(arrows)], focus.entered_from, focus.side)


def onto(drawing: DiagramDrawing, name: str) -> Focus | None:
    """Stand on a box or on an arrow, as after a click; None if it is not drawn."""
    if name in drawing.boxes:
        return Focus(name)
    if name not in drawing.ends:
        return None
    source = drawing.ends[name][0]
    side = next(side for (node, side), arrows in drawing.sides.items() if node == source and name in arrows)
    return Focus(name, source, side)


def next_box(drawing: DiagramDrawing, focus: Focus, by: int) -> Focus:
    """The next box, or the one before, in reading order."""
    names = list(drawing.boxes)
    here = focus.entered_from or focus.at
    return Focus(names[(names.index(here) + by) % len(names)]) if here in names else Focus(names[0])


def first(drawing: DiagramDrawing) -> Focus | None:
    """Where one begins."""
    return Focus(next(iter(drawing.boxes))) if drawing.boxes else None


def _nearest(drawing: DiagramDrawing, name: str, way: Side) -> str:
    """The box that lies nearest in a direction; sideways distance counts more."""
    here = drawing.boxes[name]
    found = []
    for other, there in drawing.boxes.items():
        ahead, aside = _distance(here, there, way)
        if other != name and ahead > 0:
            found.append((ahead + 2 * aside, other))
    return min(found)[1] if found else ""


def _distance(here: Rect, there: Rect, way: Side) -> tuple[int, int]:
    """How far ahead and how far aside; ahead is 0 or less for what does not lie in the direction at all."""
    across = max(there.x - here.x - here.width, here.x - there.x - there.width, 0)
    along = max(there.y - here.y - here.height, here.y - there.y - there.height, 0)
    if way in ("left", "right"):
        sign = 1 if way == "right" else -1
        return (sign * (there.x - here.x), along)
    sign = 1 if way == "bottom" else -1
    return (sign * (there.y - here.y), across)
