"""Pictures of counts: a heat map of codes by transcripts (or by codes), and curves of saturation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from postil_model.counts.saturation import Saturation
from postil_model.drawing.picture import Picture
from postil_model.drawing.plot_canvas import BLACK, GREY, INK, PALE, PlotCanvas
from postil_model.drawing.text import shorten, width

_CELL, _ROW, _SIZE = 26.0, 13.0, 8.5
_WIDE, _HIGH = 300.0, 110.0
_DARK = 0.55  # share of the ink from which numbers are white


def heat_picture(
    title: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]], note: str = ""
) -> Picture:
    """Rows of counts, the darker the more; the sum of each row at its end.

    >>> made = heat_picture("Codes", ["I01"], [("trust", [2])])
    >>> [part.text for part in made.shapes if hasattr(part, "text")]
    ['Codes', 'I01', 'trust', '2', '2']
    """
    paper = PlotCanvas()
    left = max((width(shorten(name, 40), _SIZE) for name, _ in rows), default=40.0) + 8
    most = max((count for _, counts in rows for count in counts), default=1) or 1
    top = _ROW * len(rows)
    paper.text(title, 0, top + 34, _SIZE + 2, "left")
    if note:
        paper.text(note, 0, -14, _SIZE - 1, "left", GREY)
    for number, column in enumerate(columns):
        paper.text(shorten(column, 8), left + (number + 0.5) * _CELL, top + 8, _SIZE - 1, "centre", GREY)
    for number, (name, counts) in enumerate(rows):
        y = top - (number + 0.5) * _ROW
        paper.text(shorten(name, 40), left - 6, y, _SIZE, "right")
        for place, count in enumerate(counts):
            _cell(paper, left + (place + 0.5) * _CELL, y, count, most)
        paper.text(str(sum(counts)), left + len(columns) * _CELL + 20, y, _SIZE - 1, "right", GREY)
    return paper.picture(title)


def _cell(paper: PlotCanvas, x: float, y: float, count: int, most: int) -> None:
    share = 0.12 + 0.88 * count / most if count else 0.0
    fill = blended(share) if count else "#F4F6F8"
    paper.box(x, y, _CELL - 1.5, _ROW - 1.5, fill, str(count or ""), "#FFFFFF" if share > _DARK else BLACK)


def blended(share: float) -> str:
    """The ink of plots, thinned with white.

    >>> blended(1.0) == INK, blended(0.0)
    (True, '#FFFFFF')
    """
    parts = [int(INK[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(255 + (part - 255) * share):02X}" for part in parts)


def curves_picture(title: str, curves: Sequence[tuple[str, Saturation]], summaries: Sequence[str]) -> Picture:
    """Curves below each other: reached in the order of the interviews, and expected over all orders."""
    paper = PlotCanvas()
    step = _HIGH + 58
    top = step * len(curves)
    paper.text(title, 0, top + 22, _SIZE + 2, "left")
    paper.text(
        "filled: in the order of the interviews · hollow: expected over all orders", 0, top + 6, _SIZE - 1, "left", GREY
    )
    for number, ((name, curve), summary) in enumerate(zip(curves, summaries, strict=True)):
        _curve(paper, top - (number + 1) * step + 24, name, curve, summary)
    return paper.picture(title)


def _curve(paper: PlotCanvas, y: float, name: str, curve: Saturation, summary: str) -> None:
    most = max(curve.ordered[-1], 1)
    gap = _WIDE / max(len(curve.participants), 1)
    paper.text(name, 0, y + _HIGH + 20, _SIZE + 0.5, "left")
    paper.text(summary, 0, y + _HIGH + 9, _SIZE - 1.5, "left", GREY)
    paper.line([(20, y), (20, y + _HIGH)], PALE, 1.0)
    paper.line([(20, y), (20 + _WIDE, y)], PALE, 1.0)
    for value in (0, most):
        paper.text(str(value), 16, y + _HIGH * value / most, _SIZE - 1, "right", GREY)
    places = [20 + gap * (number + 0.5) for number in range(len(curve.participants))]
    for values, filled in ((curve.expected, False), (curve.ordered, True)):
        points = [(x, y + _HIGH * value / most) for x, value in zip(places, values, strict=True)]
        for one, other in pairwise(points):
            paper.line([one, other], INK if filled else GREY, 1.0 if filled else 0.6)
        for x, height in points:
            paper.point(x, height, filled)
    for x, person in zip(places, curve.participants, strict=True):
        if len(curve.participants) <= 30:
            paper.text(shorten(person, 6), x, y - 8, _SIZE - 2, "centre", GREY)
