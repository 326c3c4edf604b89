"""Units on a continuum for the gamma family, and how far two of them are apart.

    d_pos = ((|s1-s2| + |e1-e2|) / (len1 + len2))^2 * D,   d_cat = 0 or D,   d = alpha d_pos + beta d_cat

and D for a unit against no unit (Mathet, Widlöcher & Métivier 2015, The unified and holistic method gamma,
Computational Linguistics 41:3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from postil_model.agreement.measures.ratings import Floats, Ints

GammaUnit = tuple[float, float, str]


@dataclass(frozen=True)
class GammaUnits:
    """One coder's units, in order: start, end and number of the category."""

    start: Floats
    end: Floats
    category: Ints

    def __len__(self) -> int:
        """How many units there are."""
        return len(self.start)


@dataclass(frozen=True)
class Dissimilarity:
    """Weights of position and category, and the cost D of a unit that meets no other."""

    alpha: float = 3.0
    beta: float = 1.0
    empty: float = 1.0

    def __post_init__(self) -> None:
        if self.alpha < 0 or self.beta < 0 or self.empty <= 0:
            raise ValueError("alpha and beta must not be negative, and the cost of an empty unit must be above 0")

    def position(self, a: GammaUnits, b: GammaUnits) -> Floats:
        """d_pos of all units of one coder with all of another."""
        apart = np.abs(np.subtract.outer(a.start, b.start)) + np.abs(np.subtract.outer(a.end, b.end))
        lengths = np.add.outer(a.end - a.start, b.end - b.start)
        return np.asarray((apart / lengths) ** 2 * self.empty)

    def category(self, a: GammaUnits, b: GammaUnits) -> Floats:
        """d_cat of all units of one coder with all of another."""
        return np.asarray(np.not_equal.outer(a.category, b.category) * self.empty)

    def combined(self, a: GammaUnits, b: GammaUnits) -> Floats:
        """d of all units of one coder with all of another."""
        return np.asarray(self.alpha * self.position(a, b) + self.beta * self.category(a, b))


def from_spans(spans: Mapping[str, Sequence[GammaUnit]]) -> tuple[list[GammaUnits], tuple[str, ...]]:
    """Each coder's units, sorted, and the categories by number."""
    categories = tuple(sorted({category for units in spans.values() for _, _, category in units}))
    number = {category: i for i, category in enumerate(categories)}
    made = []
    for coder, units in spans.items():
        ordered = sorted(units)
        if any(start >= end for start, end, _ in ordered):
            raise ValueError(f"a unit of {coder} is empty or ends before it starts")
        start, end = (np.array([unit[i] for unit in ordered], dtype=float) for i in (0, 1))
        made.append(GammaUnits(start, end, np.array([number[c] for _, _, c in ordered], dtype=np.int64)))
    return made, categories


Alignment = NDArray[np.int64]  # unitary alignments × coders: number of the unit, -1 for none
