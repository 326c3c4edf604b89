"""The decision diagram for each threshold, ready to stand together in one page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from postil_codebook.values import Finding
from postil_model.decision.figure import figure_of
from postil_model.decision.model import Model
from postil_model.decision.stage_figure import stage_figure, too_many
from postil_model.drawing.pictures import draw

MOST_THRESHOLDS = 6


def thresholds(model: Model) -> list[int]:
    """Thresholds at which the figure differs, from 1 up, the study's own among them; at most six."""
    counts = {model.support(edge).k for edge in model.edges.values()} - {0}
    own = model.params.min_participants
    found = sorted({1, own, *(k for k in counts)})
    return [t for t in found if t <= max(MOST_THRESHOLDS, own)][:MOST_THRESHOLDS]


def figures(model: Model, findings: Sequence[Finding]) -> dict[int, str]:
    """Inline SVG by threshold; ids carry the threshold as a prefix, so that they are unique in the page.

    What is too much for one picture is drawn by stage.
    """
    found = {}
    for threshold in thresholds(model):
        under = replace(model, params=replace(model.params, min_participants=threshold))
        figure = stage_figure(under) if too_many(under) else figure_of(under, findings, "none")
        svg = draw(figure, ["svg"])["svg"].decode("utf-8")
        found[threshold] = inline(svg, f"t{threshold}-")
    return found


def inline(svg: str, prefix: str) -> str:
    """An SVG document as an element of a page: prologue off, ids prefixed, size left to the page."""
    svg = svg[svg.index("<svg") :]
    seen: set[str] = set()

    def renamed(match: re.Match[str]) -> str:
        """Graphviz gives the parts of one label the same id; only the first keeps it."""
        if match[1] in seen:
            return ""
        seen.add(match[1])
        return f' id="{prefix}{match[1]}"'

    svg = re.sub(r'\sid="([^"]*)"', renamed, svg)
    svg = re.sub(r"<svg[^>]*>", _flexible, svg, count=1)
    return svg.strip()


def _flexible(match: re.Match[str]) -> str:
    """Keep the view box, drop the fixed width and height."""
    return re.sub(r'\s(?:width|height)="[^"]*"', "", match[0])
