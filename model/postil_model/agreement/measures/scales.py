"""Weights and distances between categories: how far two ratings are apart.

A weight is 1 for equal categories and falls with their distance; a distance is 0 for equal ones. All matrices are
square and symmetric, in the order of the declared categories.

Sources: Gwet, Handbook of Inter-Rater Reliability (2014), ch. 3, for weights; Krippendorff 2011, Computing
Krippendorff's alpha-reliability, section E, for alpha's distances; Jaccard 1901; Passonneau 2006 for MASI.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Literal

import numpy as np

from postil_model.agreement.measures.kernels import Apart, Kernel, Nearness, Ranked, Relative, Same, Squared
from postil_model.agreement.measures.ratings import Floats

Scale = Literal["nominal", "ordinal", "interval", "ratio"]
SCALES: tuple[Scale, ...] = ("nominal", "ordinal", "interval", "ratio")


def weights(scale: Scale, values: Sequence[float]) -> Floats:
    """Gwet's weights for categories with these values, ascending for ordinal ones.

    nominal: 1 if equal, else 0. ordinal: 1 - M_kl / M_1q with M_kl = C(|k-l|+1, 2), by rank. interval (quadratic):
    1 - (x-y)^2/(max-min)^2. ratio: 1 - ((x-y)/(x+y))^2 / ((max-min)/(max+min))^2.

    >>> weights("ordinal", [1, 2, 3])[0].tolist()
    [1.0, 0.6666666666666667, 0.0]
    >>> weights("interval", [1, 2, 3])[0].tolist()
    [1.0, 0.75, 0.0]
    """
    x = np.asarray(values, dtype=float)
    if len(x) < 2 or scale == "nominal":
        return np.eye(len(x))
    _validate(scale, x)
    if scale == "ordinal":
        apart = np.abs(np.subtract.outer(np.arange(len(x)), np.arange(len(x)))) + 1.0
        chances = apart * (apart - 1) / 2
        return np.asarray(1 - chances / chances.max())
    if scale == "interval":
        return np.asarray(1 - np.subtract.outer(x, x) ** 2 / (x.max() - x.min()) ** 2)
    largest = (x.max() - x.min()) / (x.max() + x.min())
    return np.asarray(1 - (_ratio(x) / largest) ** 2)


def distances(scale: Scale, values: Sequence[float], margins: Floats | None = None) -> Floats:
    """Krippendorff's distances. The ordinal one depends on how often each category was used (``margins``).

    nominal: 0 if equal, else 1. interval: (x-y)^2. ratio: ((x-y)/(x+y))^2. ordinal: the square of the ratings
    between the two, their own counted half: (sum_{g=k..l} n_g - (n_k+n_l)/2)^2.

    >>> distances("interval", [1, 2, 4])[0].tolist()
    [0.0, 1.0, 9.0]
    >>> distances("ordinal", [1, 2, 3], np.array([2.0, 4.0, 2.0]))[0].tolist()
    [0.0, 9.0, 36.0]
    """
    x = np.asarray(values, dtype=float)
    if scale == "nominal":
        return 1 - np.eye(len(x))
    _validate(scale, x)
    if scale == "interval":
        return np.asarray(np.subtract.outer(x, x) ** 2)
    if scale == "ratio":
        return np.asarray(_ratio(x) ** 2)
    if margins is None:
        raise ValueError("ordinal distances need the number of ratings in each category")
    middle = np.cumsum(margins) - margins / 2
    return np.asarray(np.subtract.outer(middle, middle) ** 2)


def weighting(scale: Scale, values: Sequence[float]) -> Kernel:
    """The same weights as ``weights``, as an operator that needs no q x q matrix.

    >>> weighting("interval", [1, 2, 3]).times(np.array([1.0, 0.0, 0.0])).tolist()
    [1.0, 0.75, 0.0]
    """
    x = np.asarray(values, dtype=float)
    if len(x) < 2 or scale == "nominal":
        return Same(len(x))
    _validate(scale, x)
    if scale == "ordinal":
        return Nearness(Ranked(len(x)))
    return Nearness(Squared(x) if scale == "interval" else Relative(x))


def distancing(scale: Scale, values: Sequence[float], margins: Floats | None = None) -> Kernel:
    """The same distances as ``distances``, as an operator that needs no q x q matrix."""
    x = np.asarray(values, dtype=float)
    if scale == "nominal":
        return Apart(len(x))
    _validate(scale, x)
    if scale == "ordinal":
        if margins is None:
            raise ValueError("ordinal distances need the number of ratings in each category")
        return Squared(np.cumsum(margins) - margins / 2)
    return Squared(x) if scale == "interval" else Relative(x)


def _validate(scale: Scale, x: Floats) -> None:
    if not np.isfinite(x).all():
        raise ValueError(f"a {scale} scale needs finite numbers as categories")
    if scale == "ordinal" and (np.diff(x) <= 0).any():
        raise ValueError("the categories of an ordinal scale must be declared in ascending order")
    if scale == "ratio" and (x < 0).any():
        raise ValueError("a ratio scale has no negative values")


def _ratio(x: Floats) -> Floats:
    total = np.add.outer(x, x)
    return np.asarray(np.divide(np.subtract.outer(x, x), total, out=np.zeros_like(total), where=total != 0))


def jaccard_distance(a: AbstractSet[str], b: AbstractSet[str]) -> float:
    """1 - |A and B| / |A or B|; 0 for two empty sets, 1 if one is empty.

    >>> jaccard_distance({"x"}, {"x", "y"}), jaccard_distance(set(), set())
    (0.5, 0.0)
    """
    return 1 - len(a & b) / len(a | b) if a or b else 0.0


def masi_distance(a: AbstractSet[str], b: AbstractSet[str]) -> float:
    """1 - J*M (Passonneau 2006): J the Jaccard similarity, M 1 if equal, 2/3 if one holds the other, 1/3 if they meet.

    Two empty sets have distance 0, an empty and another one 1.

    >>> masi_distance({"x", "y"}, {"y", "z"})
    0.8888888888888888
    """
    if a == b:
        return 0.0
    together = len(a & b)
    if not together:
        return 1.0
    monotonicity = 2 / 3 if a <= b or b <= a else 1 / 3
    return 1 - together / len(a | b) * monotonicity


def set_distances(sets: Sequence[AbstractSet[str]], kind: Literal["jaccard", "masi"]) -> Floats:
    """Distances between all pairs of label sets, by one matrix product."""
    labels = {label: i for i, label in enumerate(sorted({label for s in sets for label in s}))}
    member = np.zeros((len(sets), len(labels)))
    for row, labels_of_row in enumerate(sets):
        member[row, [labels[label] for label in labels_of_row]] = 1
    return member_distances(member, kind)


_ROWS = 256


def member_distances(member: Floats, kind: Literal["jaccard", "masi"]) -> Floats:
    """Distances between all rows of a 0/1 matrix, sets by labels; some rows after others, to need little memory."""
    found = np.empty((len(member), len(member)))
    for low in range(0, len(member), _ROWS):
        found[low : low + _ROWS] = _distances_from(member[low : low + _ROWS], member, kind)
    return found


def _distances_from(some: Floats, member: Floats, kind: Literal["jaccard", "masi"]) -> Floats:
    together = some @ member.T
    here, there = some.sum(axis=1)[:, None], member.sum(axis=1)[None, :]
    union = here + there - together
    similarity = np.divide(together, union, out=np.ones_like(union), where=union > 0)
    if kind == "jaccard":
        return np.asarray(1 - similarity)
    nested = together == np.minimum(here, there)
    monotonicity = np.where(nested, 2 / 3, 1 / 3)
    monotonicity[here + there == 2 * together] = 1.0
    return np.asarray(1 - similarity * monotonicity)
