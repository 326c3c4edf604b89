"""The decision diagram for each threshold, ready to stand together in one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from postil_base.quoting.pages import as_html
from postil_codebook.values import Finding
from postil_model.decision.model import Model
from postil_model.decision.stage_figure import stage_figure, too_many
from postil_model.decision.undeclared import drawn_figure
from postil_model.drawing.picture import Picture
from postil_model.drawing.pictures import laid_out
from postil_model.drawing.shapes import picture
from postil_model.drawing.svg import element

MOST_THRESHOLDS = 6


@dataclass(frozen=True, slots=True)
class DrawnFigure:
    """A figure in the page: the SVG element with ids of its own, and the lines below it."""

    threshold: int
    svg: str
    caption: tuple[str, ...]


def thresholds(model: Model) -> list[int]:
    """Thresholds at which the figure differs, from 1 up, the study's own among them; at most six.

    >>> from types import SimpleNamespace as Stub
    >>> edges = {str(k): k for k in (1, 2, 3, 4, 5, 6, 7, 8)}
    >>> model = Stub(edges=edges, support=lambda k: Stub(k=k), params=Stub(min_participants=8))
    >>> thresholds(model)
    [1, 2, 3, 4, 5, 8]
    """
    own = model.params.min_participants
    others = {1, *(model.support(edge).k for edge in model.edges.values())} - {0, own}
    return sorted([own, *sorted(t for t in others if t <= max(MOST_THRESHOLDS, own))[: MOST_THRESHOLDS - 1]])


def figures(model: Model, findings: Sequence[Finding]) -> list[DrawnFigure]:
    """The figure for each threshold; what is too much for one picture is drawn by stage."""
    found = []
    for threshold in thresholds(model):
        under = replace(model, params=replace(model.params, min_participants=threshold))
        figure = stage_figure(under) if too_many(under) else drawn_figure(under, findings, "none")
        drawn = picture(laid_out(replace(figure, caption=())))
        found.append(DrawnFigure(threshold, inline(drawn, f"t{threshold}-"), figure.caption))
    return found


def inline(drawn: Picture, prefix: str) -> str:
    """A picture as an element of a page, its ids unique by ``prefix``."""
    return as_html(element(drawn, prefix))
