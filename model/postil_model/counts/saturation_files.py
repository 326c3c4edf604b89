"""Saturation as tables, as JSON, as a plot in the terminal and as a picture."""

from __future__ import annotations

from typing import Any

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_formats.tables.files import Table
from postil_model.counts.saturation import RATE, RUNS, Saturation


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
    lines = [
        f"{counted(features, found.of.removesuffix('s'))} of {counted(people, 'participant')}; "
        f"{found.singles} from one only, {found.doubles} from two"
    ]
    lines.append(richness(found))
    for run in RUNS:
        at, why = found.reached(run), found.cannot_tell(run)
        said = f"cannot be told: {why}" if why else f"reached with participant {at}" if at else "not reached"
        lines.append(f"new information at most {RATE:.0%} (base {found.base}, run {run}): {said}")
    lines.append("the order of the interviews is one of many: read the curve over all orders beside it")
    return lines


def richness(found: Saturation, digits: int = 3) -> str:
    """Coverage and Chao2 with its interval in words; why they are undefined, where they are."""
    if found.coverage is None or found.chao2 is None or found.chao2_interval is None:
        why = "nothing was found" if not found.features else "one participant says nothing about others"
        return f"sample coverage and Chao2 are undefined: {why}"
    low, high = found.chao2_interval
    return (
        f"sample coverage {found.coverage:.{digits}f}; Chao2, a lower bound of all there are, {found.chao2:.1f} "
        f"(95% {low:.1f} to {high:.1f})"
    )


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
        "chao2_ci95": list(found.chao2_interval) if found.chao2_interval else None,
        "base": found.base,
        "cannot_tell": {str(run): why for run in RUNS if (why := found.cannot_tell(run))},
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
    from postil_model.counts.plots import curves_picture
    from postil_model.drawing.pictures import files

    if not found.participants:
        raise PostilError("there is no curve to draw: nobody's coding is finished yet (postil done TRANSCRIPT)")
    title, said = f"Saturation of {found.of}", notes(found)
    text = f"{said[0]}; {said[1]}"
    return files(curves_picture(title, [("", found)], [text]), [format_])[format_]
