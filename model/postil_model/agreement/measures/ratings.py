"""Rated items: units by coders, with missing ratings and declared categories."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MISSING = -1


@dataclass(frozen=True)
class Ratings:
    """Ratings of units by coders.

    ``values[i, g]`` is the index into ``categories`` that coder g gave unit i, ``MISSING`` if none. ``times[i]`` is how
    many units have this very row, so that a cross table or the characters of a text need no row for each. Units nobody
    rated are kept here and dropped by the measures.
    """

    values: Ints
    categories: tuple[Hashable, ...]
    coders: tuple[str, ...]
    times: Floats

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] < 2:
            raise ValueError("agreement needs ratings of at least two coders")
        if self.values.shape[1] != len(self.coders):
            raise ValueError(f"the ratings have {self.values.shape[1]} columns, the coders are {len(self.coders)}")
        if self.times.shape != self.values.shape[:1] or (self.times < 0).any():
            raise ValueError("every row of ratings needs a number of units, 0 or more")
        if self.values.size and not MISSING <= self.values.min() <= self.values.max() < len(self.categories):
            raise ValueError("a rating is not one of the declared categories")

    @property
    def q(self) -> int:
        """Number of declared categories."""
        return len(self.categories)

    @cached_property
    def counts(self) -> Floats:
        """``r[i, k]``: how many coders put unit i in category k."""
        return category_counts(self.values, self.q)

    @cached_property
    def raters(self) -> Floats:
        """``r[i]``: how many coders rated unit i."""
        return np.asarray((self.values != MISSING).sum(axis=1), dtype=float)

    @property
    def complete(self) -> bool:
        """Whether every unit (of those rated at all) was rated by every coder."""
        return bool(((self.raters == 0) | (self.raters == self.values.shape[1]) | (self.times == 0)).all())

    def pair(self, first: int, second: int) -> Ratings:
        """The two coders' ratings of the units that both rated."""
        values = self.values[:, [first, second]]
        both = (values != MISSING).all(axis=1) & (self.times > 0)
        return Ratings(values[both], self.categories, (self.coders[first], self.coders[second]), self.times[both])

    def resampled(self, times: Floats) -> Ratings:
        """The same rows with other numbers of units."""
        return Ratings(self.values, self.categories, self.coders, times)


def category_counts(values: Ints, size: int) -> Floats:
    """How many coders put each unit in each of ``size`` categories: [units, categories] of values [units, coders].

    >>> category_counts(np.array([[0, 0, MISSING], [1, 0, 1]]), 2).tolist()
    [[2.0, 0.0], [1.0, 2.0]]
    """
    units = len(values)
    rated = values != MISSING
    places = (values + np.arange(units)[:, None] * size)[rated]
    return np.bincount(places, minlength=units * size).reshape(units, size).astype(float)


def from_items(
    items: Sequence[Sequence[Hashable | None]],
    categories: Iterable[Hashable] | None = None,
    coders: Sequence[str] = (),
) -> Ratings:
    """Make ratings of a list of units, each with one entry per coder (None is missing).

    ``categories`` declares them (it may hold unused ones, which matter to Brennan-Prediger and AC1); without it they
    are those that occur, sorted by their text. A rating that is not declared is refused.

    >>> from_items([["a", "b"], ["a", None]]).values.tolist()
    [[0, 1], [0, -1]]
    """
    width = len(coders) or max((len(row) for row in items), default=0)
    for number, row in enumerate(items, 1):
        if len(row) != width:
            raise ValueError(f"unit {number} has {len(row)} ratings, not {width}: every unit needs one per coder")
    known = occurring(items) if categories is None else tuple(dict.fromkeys(categories))
    index: dict[Hashable, int] = {category: k for k, category in enumerate(known)}
    for number, row in enumerate(items, 1):
        for rating in row:
            if rating is not None and rating not in index:
                raise ValueError(f"unit {number} is rated {rating!r}, which is not one of the declared categories")
    values = [[MISSING if rating is None else index[rating] for rating in row] for row in items]
    names = tuple(coders) or tuple(str(g + 1) for g in range(width))
    shaped = np.array(values, dtype=np.int64).reshape(len(items), width)
    return Ratings(shaped, known, names, np.ones(len(items)))


def occurring(items: Iterable[Iterable[Hashable | None]]) -> tuple[Hashable, ...]:
    """The categories that occur, sorted by their text, so that the order of coders and units changes nothing."""
    used = {rating for row in items for rating in row if rating is not None}
    return tuple(sorted(used, key=lambda category: (str(type(category)), str(category))))


def from_crosstab(
    table: Sequence[Sequence[float]], categories: Sequence[Hashable], coders: tuple[str, str] = ("1", "2")
) -> Ratings:
    """Make ratings of a cross table: ``table[i][j]`` units were put in i by the first coder and in j by the second.

    >>> from_crosstab([[20, 5], [10, 15]], ["yes", "no"]).times.tolist()
    [20.0, 5.0, 10.0, 15.0]
    """
    times = np.array(table, dtype=float)
    if times.shape != (len(categories), len(categories)):
        raise ValueError(
            f"the cross table is not {len(categories)} by {len(categories)}, one row and column a category"
        )
    values = np.indices(times.shape).reshape(2, -1).T
    return Ratings(np.ascontiguousarray(values, dtype=np.int64), tuple(categories), coders, times.ravel())
