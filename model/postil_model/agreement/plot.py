"""A plot of agreement per code with its intervals: as a picture, and as text bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from postil_model.agreement.definitions import label_of
from postil_model.agreement.measures.estimate import Estimate
from postil_model.agreement.result import StudyAgreement
from postil_model.agreement.tables import UNIT_NAMES
from postil_model.drawing.picture import Picture
from postil_model.drawing.plot_canvas import GREY, INK, PALE, PlotCanvas
from postil_model.drawing.text import shorten, width

ROW, LEFT, RIGHT, SIZE = 15.0, 8.0, 300.0, 9.0
HOLLOW = "hollow: no interval, since a coder applied the code to fewer than 5 units or there are too few transcripts"


@dataclass(frozen=True)
class Line:
    """One row of a plot."""

    name: str
    estimate: Estimate
    remark: str = ""


def plot_lines(result: StudyAgreement) -> list[Line]:
    """Codes that somebody applied, best first, then those without a value; the pooled value on top."""
    headline = result.headline
    chosen = {code: e for code, e in headline.codes.items() if code in result.used}
    ordered = sorted(chosen, key=lambda code: (chosen[code].value is None, -(chosen[code].value or 0), code))
    top = [Line("all codes, pooled", headline.pooled)] if headline.pooled is not None else []
    return top + [Line(code, chosen[code], _remark(chosen[code])) for code in ordered]


def _remark(estimate: Estimate) -> str:
    if estimate.undefined:
        return f"undefined: {estimate.undefined}"
    return ""


def title_of(result: StudyAgreement) -> str:
    """What is plotted."""
    headline = result.headline
    return f"{label_of(headline.measure)} on {UNIT_NAMES[headline.unit]}, 95% intervals ({result.sample.source})"


def plot_picture(result: StudyAgreement) -> Picture:
    """The plot."""
    return picture_of(plot_lines(result), title_of(result))


def plot(result: StudyAgreement, format_: str) -> bytes:
    """The plot as svg, png or pdf."""
    from postil_model.drawing.pictures import files

    return files(plot_picture(result), [format_])[format_]


def picture_of(lines: Sequence[Line], title: str) -> Picture:
    """Rows of points with intervals on a scale that reaches from the lowest value (at most 0) to 1."""
    low = _low(lines)
    names = max((width(line.name, SIZE) for line in lines), default=60.0)
    paper = _Scale(LEFT + names + 8, low)
    paper.text(title, LEFT, ROW * (len(lines) + 1.5), SIZE + 1.5, "left")
    if any(line.estimate.value is not None and not line.estimate.ci95 for line in lines):
        paper.text(HOLLOW, LEFT, ROW * (len(lines) + 0.55), SIZE - 1, "left", GREY)
    for tick in _ticks(low):
        paper.line([(paper.x(tick), 0), (paper.x(tick), ROW * len(lines))], PALE, 0.5 if tick else 1.2)
        paper.text(f"{tick:g}", paper.x(tick), -9, SIZE - 1, "centre", GREY)
    for number, line in enumerate(lines):
        paper.row(line, ROW * (len(lines) - number - 0.5))
    return paper.picture(title)


def _low(lines: Sequence[Line]) -> float:
    ends = [end for line in lines for end in (line.estimate.value, *(line.estimate.ci95 or ())) if end is not None]
    return min(0.0, *(max(-1.0, int(end * 5 - 1) / 5) for end in ends if end < 0), 0.0)


def _ticks(low: float) -> list[float]:
    return [round(step / 5, 1) for step in range(round(low * 5), 6)]


class _Scale(PlotCanvas):
    """Paper with a scale from the lowest value to 1."""

    def __init__(self, left: float, low: float) -> None:
        super().__init__()
        self.left, self.low = left, low

    def x(self, value: float) -> float:
        return self.left + (max(value, self.low) - self.low) / (1 - self.low) * RIGHT

    def row(self, line: Line, y: float) -> None:
        self.text(line.name, self.left - 8, y, SIZE, "right")
        estimate = line.estimate
        if line.remark:
            self.text(shorten(line.remark, 60), self.left + RIGHT + 8, y, SIZE - 1, "left", GREY)
        if estimate.value is None:
            return
        if estimate.ci95:
            self.line([(self.x(estimate.ci95[0]), y), (self.x(estimate.ci95[1]), y)], INK, 1.6)
        self.point(self.x(estimate.value), y, bool(estimate.ci95))


def bar(estimate: Estimate, cells: int = 21) -> str:
    """An estimate on a scale from 0 to 1 in text: interval as a line, value as a point; ‹ is below 0.

    >>> bar(Estimate(0.5, 0.1, (0.25, 0.75)), 9)
    '··├─●─┤··'
    >>> bar(Estimate(-0.1), 5)
    '‹····'
    """
    row = ["·"] * cells
    if estimate.value is None:
        return " " * cells

    def cell(value: float) -> int:
        return round(min(max(value, 0.0), 1.0) * (cells - 1))

    if estimate.ci95:
        low, high = cell(estimate.ci95[0]), cell(estimate.ci95[1])
        row[low : high + 1] = "─" * (high - low + 1)
        row[low], row[high] = "├", "┤"
    row[cell(estimate.value)] = "●" if estimate.value >= 0 else "‹"
    return "".join(row)


def history_lines(history: Mapping[str, Estimate]) -> list[Line]:
    """The rows of a plot of rounds, in order."""
    return [Line(name, estimate, _remark(estimate)) for name, estimate in history.items()]
