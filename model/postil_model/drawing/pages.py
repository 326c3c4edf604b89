"""Pages: columns that are too many for one row go on in the next, at the beginning of a stage where that can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from postil_model.drawing.columns import Column
from postil_model.drawing.layout import Layout

PageName = Literal["a4", "letter", "slide", "column"]
LONGEST = 4.0  # times its height: a longer strip goes on in a second row, page or not
_WRAPPED = 2.6  # the like of a figure that has rows
MOST_ROWS = 14
_INSIDE_A_STAGE = 0.3  # what a break inside a stage costs, in squares of a row's share


@dataclass(frozen=True, slots=True)
class Page:
    """The room for a figure, in points (1/72 inch)."""

    name: str
    width: float
    height: float

    def scale(self, width: float, height: float) -> float:
        """How much a picture is made smaller to fit; pictures are never made larger."""
        return min(1.0, self.width / width, self.height / height)


PAGES: dict[str, Page] = {
    page.name: page
    for page in (
        Page("a4", 595 - 2 * 43, 842 - 2 * 50),
        Page("letter", 612 - 2 * 45, 792 - 2 * 50),
        Page("slide", 960 - 2 * 30, 540 - 2 * 30),  # 16:9, 13.33 by 7.5 inches
        Page("column", 241, 640),  # of two-column papers (acmart; IEEEtran has 252)
    )
}


def needs_rows(width: float, height: float, page: Page | None) -> bool:
    """Whether a figure in one row is too long a strip, or larger than its page."""
    return width > LONGEST * height if page is None else page.scale(width, height) < 1


def fit(width: float, height: float, page: Page | None) -> float:
    """How well a picture fits, the more the better: how large its letters stay, or how near it is to a good shape."""
    if page is not None:
        return page.scale(width, height)
    shape = width / height
    return -max(shape / _WRAPPED, _WRAPPED / shape)


def in_rows(columns: Sequence[Column], layout: Layout) -> Iterator[list[Column]]:
    """The columns in two rows, in three, and so on."""
    widths = [_width(column, layout) for column in columns]
    for rows in range(2, min(len(columns), MOST_ROWS) + 1):
        breaks = _breaks(columns, widths, rows)
        yield [replace(column, row=sum(at >= start for start in breaks)) for at, column in enumerate(columns)]


def _width(column: Column, layout: Layout) -> float:
    spots = [layout.spots[name] for name in column.everything]
    return max((spot.right for spot in spots), default=40.0) - min((spot.left for spot in spots), default=0.0) + 50


def _breaks(columns: Sequence[Column], widths: Sequence[float], rows: int) -> list[int]:
    """Where rows begin but the first: shares as equal as can be, rather between stages (dynamic programming)."""
    share = sum(widths) / rows
    best: list[dict[int, tuple[float, list[int]]]] = [{0: (0.0, [])}]  # by number of rows: end → cost and breaks
    for row in range(rows):
        ends: dict[int, tuple[float, list[int]]] = {}
        for start, (cost, breaks) in best[-1].items():
            wide = 0.0
            for end in range(start + 1, len(columns) + 1 - (rows - row - 1)):
                wide += widths[end - 1]
                inside = start > 0 and columns[start].stage == columns[start - 1].stage
                price = cost + (wide / share) ** 2 + (_INSIDE_A_STAGE if inside else 0.0)
                if end not in ends or price < ends[end][0]:
                    ends[end] = price, [*breaks, start] if start else breaks
        best.append(ends)
    return best[-1][len(columns)][1]
