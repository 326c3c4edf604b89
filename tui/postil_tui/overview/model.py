"""The decision model in numbers: how many participants stand behind each step and each arrow."""

from __future__ import annotations

from collections.abc import Iterable

from rich.style import Style

from postil_base.plural import counted
from postil_model.decision.model import Model
from postil_tui.model.diagram.about import KIND_WORDS, title
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import fitted, shown
from postil_tui.widgets.rows import Line

_BAR = 12


def model_lines(model: Model, ink: StyleSheet) -> list[Line]:
    """Steps, then arrows, those most people stand behind first."""
    if not model.n or not model.nodes:
        return [[("  nothing to draw: the study declares no process and nothing is coded yet", ink.quiet)]]
    params = model.params
    head = f"{counted(model.n, 'participant')} · {KIND_WORDS[params.evidence]} · edges from {params.min_participants}"
    lines: list[Line] = [[(f"  {head}", ink.strong), ("   ⏎ walks through the diagram", ink.accent)], []]
    lines += _counted(model, ((name, node.support.k) for name, node in model.nodes.items()), "steps", ink)
    shown_edges = (edge for edge in model.edges.values() if model.status(edge) != "hidden")
    edges = ((edge.id, model.support(edge).k) for edge in shown_edges)
    return [*lines, [], *_counted(model, edges, "arrows", ink)]


def _counted(model: Model, found: Iterable[tuple[str, int]], what: str, ink: StyleSheet) -> list[Line]:
    lines: list[Line] = [[(f"  {what}", ink.faint)]]
    for name, k in sorted(found, key=lambda pair: -pair[1]):
        full = round(k / model.n * _BAR)
        edge = model.edges.get(name)
        sign = " " if edge is None or edge.declared is not None else "✱"
        style: Style = ink.plain if k else ink.faint
        lines.append(
            [
                (f"  {sign} ", ink.accent),
                (fitted(shown(title(model, name)), 52), style),
                ("━" * full, ink.accent),
                ("─" * (_BAR - full), ink.line),
                (f" {k:>3} of {model.n}", ink.quiet),
            ]
        )
    return lines
