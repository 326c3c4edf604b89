"""Saturation as tables, as JSON, as a plot in the terminal and as a picture."""

from __future__ import annotations

from typing import Any

from postil_base.problem import PostilError
from postil_model.saturation import RATE, RUNS, Saturation
from postil_model.tables import Table


def curve_table(found: Saturation) -> Table:
    """Both curves, participant by participant."""
    before = (0, *found.ordered)
    rows = tuple(
        (place, participant, found.ordered[place - 1], found.ordered[place - 1] - before[place - 1], round(expected, 1))
        for place, (participant, expected) in enumerate(zip(found.participants, found.expected, strict=True), 1)
    )
    return Table(
        ("after", "participant", f"{found.of}, in order", "new", "over all orders"),
        rows,
        f"Saturation of {found.of}",
        tuple(notes(found)),
    )


def notes(found: Saturation) -> list[str]:
    """What the curves rest on."""
    people, features = len(found.participants), len(found.features)
    lines = [f"{features} {found.of} of {people} participants; {found.singles} from one only, {found.doubles} from two"]
    if found.coverage is not None and found.chao2 is not None:
        lines.append(f"sample coverage {found.coverage:.3f}; Chao2, a lower bound of all there are, {found.chao2:.1f}")
    for run in RUNS:
        at = found.reached(run)
        said = f"reached with participant {at}" if at else "not reached"
        lines.append(f"new information at most {RATE:.0%} (base 4, run {run}): {said}")
    lines.append("the order of the interviews is one of many: read the curve over all orders beside it")
    return lines


def saturation_json(found: Saturation) -> dict[str, Any]:
    """Everything as plain values."""
    return {
        "of": found.of,
        "participants": list(found.participants),
        "ordered": list(found.ordered),
        "expected": [round(value, 6) for value in found.expected],
        "features": {name: list(people) for name, people in found.features.items()},
        "singles": found.singles,
        "doubles": found.doubles,
        "coverage": found.coverage,
        "chao2": found.chao2,
        "runs": [{"run": c.run, "upto": c.upto, "new": c.new, "share": c.share} for c in found.runs],
    }


def terminal_plot(found: Saturation, width: int = 50) -> str:
    """One line a participant: the ordered curve as a bar, the expectation as a mark in it."""
    top = max(len(found.features), 1)
    lines = []
    for place, participant in enumerate(found.participants):
        filled = round(width * found.ordered[place] / top)
        mark = min(round(width * found.expected[place] / top), width - 1)
        bar = ["█" if i < filled else "·" for i in range(width)]
        bar[mark] = "┃"
        lines.append(f"{participant:>6} {''.join(bar)} {found.ordered[place]:>4}  ({found.expected[place]:.1f})")
    return "\n".join([*lines, f"{'':>6} █ in the order of the interviews   ┃ expected over all orders"])


def plot(found: Saturation, format_: str) -> bytes:
    """Both curves drawn as svg, png or pdf."""
    from postil_model.count_plots import curves_dot
    from postil_model.drawing.render import render

    if not found.participants:
        raise PostilError("there is no curve to draw: nobody's coding is finished yet (postil done TRANSCRIPT)")
    title, said = f"Saturation of {found.of}", notes(found)
    text = said[0] if found.coverage is None else f"{said[0]}; {said[1]}"
    return render(curves_dot(title, [("", found)], [text]), [format_], title=title)[format_]
