"""Weights and distances of two categories as operators, so that thousands of categories need no square matrix.

The coefficients need three things of a symmetric matrix K over q categories: its entries at given pairs, its product
with a vector, and its sum. For a scale of numbers each has a form that needs memory in proportion to q; a matrix that
somebody gives (distances of label sets) is used as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from postil_model.agreement.measures.ratings import Floats, Ints

_ROWS = 512  # of a product that is worked out some rows after others


class Kernel(Protocol):
    """A symmetric q x q matrix K."""

    @property
    def size(self) -> int:
        """q, the number of categories."""

    def at(self, first: Ints, second: Ints) -> Floats:
        """``K[first, second]``, entry by entry; both arrays of indices have the same shape."""

    def times(self, vectors: Floats) -> Floats:
        """K v for each row v of ``vectors`` (shape [q] or [m, q])."""

    @property
    def total(self) -> float:
        """The sum of all entries."""

    @property
    def largest(self) -> float:
        """The largest entry; 0 without categories."""


@dataclass(frozen=True)
class Same:
    """1 for equal categories, 0 for others."""

    size: int

    def at(self, first: Ints, second: Ints) -> Floats:
        """1 where both are the same."""
        return np.asarray(first == second, dtype=float)

    def times(self, vectors: Floats) -> Floats:
        """The vectors themselves."""
        return vectors

    @property
    def total(self) -> float:
        """q."""
        return float(self.size)

    @property
    def largest(self) -> float:
        """1."""
        return 1.0 if self.size else 0.0


@dataclass(frozen=True)
class Apart:
    """0 for equal categories, 1 for others: the nominal distance."""

    size: int

    def at(self, first: Ints, second: Ints) -> Floats:
        """1 where they differ."""
        return np.asarray(first != second, dtype=float)

    def times(self, vectors: Floats) -> Floats:
        """The vector's sum less the vector."""
        return np.asarray(vectors.sum(axis=-1)[..., None] - vectors)

    @property
    def total(self) -> float:
        """q (q - 1)."""
        return float(self.size * (self.size - 1))

    @property
    def largest(self) -> float:
        """1, where there are two categories."""
        return 1.0 if self.size > 1 else 0.0


@dataclass(frozen=True)
class Dense:
    """A matrix as it is; it must be symmetric."""

    matrix: Floats

    @property
    def size(self) -> int:
        """Rows of the matrix."""
        return len(self.matrix)

    def at(self, first: Ints, second: Ints) -> Floats:
        """Entries of the matrix."""
        return np.asarray(self.matrix[first, second])

    def times(self, vectors: Floats) -> Floats:
        """The matrix product."""
        return np.asarray(vectors @ self.matrix)

    @property
    def total(self) -> float:
        """The sum of the matrix."""
        return float(self.matrix.sum())

    @property
    def largest(self) -> float:
        """The maximum of the matrix."""
        return float(self.matrix.max()) if self.matrix.size else 0.0


@dataclass(frozen=True)
class Squared:
    """(x_k - x_l)^2 of the values x; its products are moments of x."""

    x: Floats

    @cached_property
    def _centred(self) -> Floats:
        return np.asarray(self.x - (self.x.max() + self.x.min()) / 2) if len(self.x) else self.x

    @property
    def size(self) -> int:
        """Number of values."""
        return len(self.x)

    def at(self, first: Ints, second: Ints) -> Floats:
        """Squared differences."""
        return np.asarray((self.x[first] - self.x[second]) ** 2)

    def times(self, vectors: Floats) -> Floats:
        """x^2 sum(v) - 2 x sum(x v) + sum(x^2 v), with x around the middle of its range."""
        x = self._centred
        mass, first, second = vectors.sum(axis=-1), vectors @ x, vectors @ x**2
        return np.asarray(np.multiply.outer(mass, x**2) - 2 * np.multiply.outer(first, x) + second[..., None])

    @property
    def total(self) -> float:
        """2 q sum x^2 - 2 (sum x)^2."""
        x = self._centred
        return float(2 * len(x) * (x**2).sum() - 2 * x.sum() ** 2)

    @property
    def largest(self) -> float:
        """The squared range."""
        return float((self.x.max() - self.x.min()) ** 2) if len(self.x) else 0.0


@dataclass(frozen=True)
class Relative:
    """((x_k - x_l) / (x_k + x_l))^2 of values that are not negative; 0 for two zeros."""

    x: Floats

    @property
    def size(self) -> int:
        """Number of values."""
        return len(self.x)

    def at(self, first: Ints, second: Ints) -> Floats:
        """Squared relative differences."""
        return _relative(self.x[first], self.x[second])

    def times(self, vectors: Floats) -> Floats:
        """Products with some rows of the matrix after others."""
        rows = [vectors @ self._rows(low).T for low in range(0, self.size, _ROWS)]
        return np.concatenate(rows, axis=-1) if rows else np.zeros_like(vectors)

    @cached_property
    def total(self) -> float:
        """The sum over some rows after others."""
        return float(sum(self._rows(low).sum() for low in range(0, self.size, _ROWS)))

    @property
    def largest(self) -> float:
        """That of the smallest and the largest value."""
        return float(_relative(self.x.max(), self.x.min())) if len(self.x) else 0.0

    def _rows(self, low: int) -> Floats:
        return _relative(self.x[low : low + _ROWS, None], self.x[None, :])


@dataclass(frozen=True)
class Ranked:
    """C(|k - l| + 1, 2) of ranks k and l: how many pairs of neighbouring ranks lie between, both counted."""

    size: int

    def at(self, first: Ints, second: Ints) -> Floats:
        """By the distance of the ranks."""
        apart = np.abs(first - second)
        return np.asarray(apart * (apart + 1) / 2)

    def times(self, vectors: Floats) -> Floats:
        """(sum (k-l)^2 v_l + sum |k-l| v_l) / 2; the second sum by running sums from below."""
        ranks = np.arange(self.size, dtype=float)
        below, weighted = np.cumsum(vectors, axis=-1), np.cumsum(vectors * ranks, axis=-1)
        mass, moment = vectors.sum(axis=-1), vectors @ ranks
        plain = 2 * (below * ranks - weighted) + moment[..., None] - np.multiply.outer(mass, ranks)
        return np.asarray((Squared(ranks).times(vectors) + plain) / 2)

    @property
    def total(self) -> float:
        """Sum over all pairs of ranks."""
        apart = np.arange(self.size, dtype=float)
        return float((2 * (self.size - apart) * apart * (apart + 1) / 2).sum())

    @property
    def largest(self) -> float:
        """Of the first and the last rank."""
        return self.size * (self.size - 1) / 2


@dataclass(frozen=True)
class Nearness:
    """1 - K / max(K): the weights that belong to distances K (all 1 where K is 0 everywhere)."""

    distance: Kernel

    @property
    def size(self) -> int:
        """Number of categories."""
        return self.distance.size

    @cached_property
    def _scale(self) -> float:
        return 1 / self.distance.largest if self.distance.largest > 0 else 0.0

    def at(self, first: Ints, second: Ints) -> Floats:
        """1 less the scaled distance."""
        return np.asarray(1 - self._scale * self.distance.at(first, second))

    def times(self, vectors: Floats) -> Floats:
        """The vector's sum less the scaled product."""
        return np.asarray(vectors.sum(axis=-1)[..., None] - self._scale * self.distance.times(vectors))

    @property
    def total(self) -> float:
        """q^2 less the scaled sum."""
        return self.size**2 - self._scale * self.distance.total

    @property
    def largest(self) -> float:
        """1, on the diagonal."""
        return 1.0 if self.size else 0.0


def _relative(a: Floats, b: Floats) -> Floats:
    total = np.asarray(a + b, dtype=float)
    ratio = np.divide(a - b, total, out=np.zeros_like(total), where=total != 0)
    return np.asarray(ratio**2)


def kernel_of(given: Kernel | Floats | None, size: int) -> Kernel:
    """The operator of a matrix, of an operator, or of nothing (equality)."""
    if given is None:
        return Same(size)
    return Dense(given) if isinstance(given, np.ndarray) else given
