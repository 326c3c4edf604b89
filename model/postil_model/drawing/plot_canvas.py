"""Paper for plots: texts, lines, points and boxes at places, as DOT for ``nop2``: one engine draws everything."""

from __future__ import annotations

from collections.abc import Sequence

from postil_base.quoting.dot import dot_id, dot_label
from postil_model.drawing.text import width

INK, PALE, GREY = "#1f4e79", "#c9d3df", "#777777"


class Paper:
    """What lies where, in points; y grows upwards."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts: list[str] = []
        self.count = 0

    def text(self, text: str, x: float, y: float, size: float, align: str, color: str = "black") -> None:
        """Words that start, end or have their middle at ``x``."""
        wide = width(text, size)
        middle = x + {"left": wide / 2, "centre": 0.0, "right": -wide / 2}[align]
        style = f'shape=plaintext, fontsize={size:g}, fontcolor="{color}", label={dot_label(text)}'
        self.node(middle, y, wide, size * 1.2, style)

    def line(self, points: Sequence[tuple[float, float]], color: str, pen: float) -> None:
        """A straight line between two places."""
        (ax, ay), (bx, by) = points
        ends = [self.node(x, y, 0.1, 0.1, 'shape=point, style=invis, label=""') for x, y in points]
        middle = [(ax + (bx - ax) * part / 3, ay + (by - ay) * part / 3) for part in range(4)]
        path = " ".join(f"{x:.2f},{y:.2f}" for x, y in middle)
        self.parts.append(
            f'  {ends[0]} -> {ends[1]} [pos="{path}", color="{color}", penwidth={pen:g}, arrowhead=none];'
        )

    def point(self, x: float, y: float, filled: bool) -> None:
        """A dot, filled or hollow."""
        fill = INK if filled else "white"
        self.node(x, y, 6, 6, f'shape=circle, style=filled, fillcolor="{fill}", color="{INK}", label=""')

    def box(
        self, x: float, y: float, wide: float, high: float, fill: str, text: str = "", color: str = "black"
    ) -> None:
        """A filled box around a place, with a number in it."""
        style = f'shape=box, style=filled, fillcolor="{fill}", color="white", fontsize=7.5, fontcolor="{color}"'
        self.node(x, y, wide, high, f"{style}, label={dot_label(text)}")

    def node(self, x: float, y: float, wide: float, high: float, style: str) -> str:
        """Anything at a place; returns its name."""
        self.count += 1
        name = f"n{self.count}"
        size = f"width={wide / 72:.4f}, height={high / 72:.4f}"
        self.parts.append(f'  {name} [pos="{x:.2f},{y:.2f}", {size}, {style}];')
        return name

    def dot(self) -> str:
        """All of it as DOT."""
        font = dot_id("Liberation Sans")
        head = [
            f"digraph {dot_id(self.name)} {{",
            "  graph [splines=true, bgcolor=white, pad=0.1, margin=0, outputorder=edgesfirst];",
            f"  node [fontname={font}, fixedsize=true, margin=0];",
        ]
        return "\n".join([*head, *self.parts, "}"]) + "\n"
