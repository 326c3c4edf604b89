"""How a line looks: the more participants, the heavier; influences dashed; declared without evidence dotted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from postil_model.drawing.figure import FigureEdge
from postil_tui.model.diagram.wires import Side

Step = tuple[int, int]
_ARROWS: Mapping[Side, str] = {"left": "▶", "right": "◀", "top": "▼", "bottom": "▲"}
_INFLUENCE: Mapping[Side, str] = {"left": "▷", "right": "◁", "top": "▽", "bottom": "△"}
_LEAVING: Mapping[Side, str] = {"left": "┤", "right": "├", "top": "┴", "bottom": "┬"}
_LIGHT, _HEAVY = "╭╮╰╯", "┏┓┗┛"
_RIGHT, _LEFT, _DOWN, _UP = (1, 0), (-1, 0), (0, 1), (0, -1)


@dataclass(frozen=True, slots=True)
class CellStroke:
    """The characters of a line."""

    across: str
    down: str
    corners: str
    heads: Mapping[Side, str]

    def corner(self, into: Step, out: Step) -> str:
        """The corner between two directions of travel."""
        ways = {_back(into), out}
        for corner, arms in zip(self.corners, _ARMS, strict=True):
            if ways == arms:
                return corner
        return self.across if into[1] == 0 else self.down

    def head(self, side: Side) -> str:
        """The head at the side of a box where the arrow ends."""
        return self.heads[side]

    @staticmethod
    def leaving(side: Side) -> str:
        """What the border of a box becomes where a line leaves it."""
        return _LEAVING[side]


_ARMS = ({_RIGHT, _DOWN}, {_LEFT, _DOWN}, {_RIGHT, _UP}, {_LEFT, _UP})


def _back(step: Step) -> Step:
    return -step[0], -step[1]


def stroke_of(edge: FigureEdge) -> CellStroke:
    """The stroke of an edge."""
    heads = _INFLUENCE if edge.kind == "influence" else _ARROWS
    if not edge.directed:
        heads = {"left": "─", "right": "─", "top": "│", "bottom": "│"}
    if edge.tone == "missing":
        return CellStroke("┈", "┊", _LIGHT, heads)
    strong = 2 * edge.k >= edge.n > 0
    if edge.kind == "influence":
        return CellStroke("╍" if strong else "╌", "╏" if strong else "╎", _HEAVY if strong else _LIGHT, heads)
    return CellStroke("━" if strong else "─", "┃" if strong else "│", _HEAVY if strong else _LIGHT, heads)
