"""Saturation as tables, as JSON, as a plot in the terminal and as SVG."""

from __future__ import annotations

from typing import Any

from postil_base.quoting.html import html
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


def plot_svg(found: Saturation) -> str:
    """Both curves as a picture of their own."""
    wide, high, left, bottom = 560.0, 300.0, 46.0, 40.0
    n, top = max(len(found.participants), 1), max(len(found.features), 1)

    def at(place: int, value: float) -> str:
        x = left + (wide - left - 16) * (place + 0.5) / n
        return f"{x:.1f},{high - bottom - (high - bottom - 16) * value / top:.1f}"

    ordered = " ".join(at(place, value) for place, value in enumerate(found.ordered))
    expected = " ".join(at(place, value) for place, value in enumerate(found.expected))
    dots = "".join(
        f'<circle cx="{p.split(",")[0]}" cy="{p.split(",")[1]}" r="2.6" fill="#0072B2"/>' for p in ordered.split()
    )
    ticks = "".join(
        f'<text x="{at(place, 0).split(",")[0]}" y="{high - bottom + 15}" text-anchor="middle">{html(name)}</text>'
        for place, name in enumerate(found.participants)
        if n <= 16 or place % (n // 12) == 0
    )
    grid = "".join(
        f'<line x1="{left}" x2="{wide - 16}" y1="{y}" y2="{y}" stroke="#E3E6EB"/>'
        f'<text x="{left - 6}" y="{float(y) + 3.5}" text-anchor="end">{round(top * share)}</text>'
        for share in (0, 0.25, 0.5, 0.75, 1)
        for y in [at(0, top * share).split(",")[1]]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" '
        f'role="img" aria-label="Saturation of {html(found.of)}" font-family="Liberation Sans,Arial,sans-serif" '
        f'font-size="10" fill="#3C4048">{grid}{ticks}'
        f'<polyline points="{expected}" fill="none" stroke="#C1440E" stroke-width="1.6" stroke-dasharray="5 3"/>'
        f'<polyline points="{ordered}" fill="none" stroke="#0072B2" stroke-width="1.8"/>{dots}'
        f'<text x="{left}" y="{high - 6}">blue: {html(found.of)} in the order of the interviews · orange, dashed: '
        f"expected over all orders</text></svg>\n"
    )
