"""Sums over text, by document and code, from which every binary measure follows in closed form.

All of them are linear in H (see ``sweep``), so documents add: pooling, leaving one out and resampling re-weight sums.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from postil_model.agreement.measures.ratings import Floats, Ints
from postil_model.agreement.measures.spans import SpanTable
from postil_model.agreement.measures.sweep import DENSE_CODERS, PatternLengths, coded_atoms, pattern_lengths

N, N_PAIRABLE, AGREEING, SHARE, CROSSING, ONES, RATINGS = range(7)
"""Units with a rating; with two; sum of a_i; sum of x_i/r_i; o_10; pairable ratings of 1; pairable ratings."""


@dataclass(frozen=True)
class Tallies:
    """``sums[..., s]``: for each document and code (or whatever the leading axes are) the sums named above, then per
    coder the text seen and the text coded, then per pair of coders n11, n10, n01, n00."""

    coders: tuple[str, ...]
    sums: Floats

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Pairs of coders by their numbers, in order."""
        return list(combinations(range(len(self.coders)), 2))

    @property
    def seen(self) -> Floats:
        """[..., coder]: units the coder saw."""
        return np.asarray(self.sums[..., 7 : 7 + len(self.coders)])

    @property
    def coded(self) -> Floats:
        """[..., coder]: units the coder coded."""
        m = len(self.coders)
        return np.asarray(self.sums[..., 7 + m : 7 + 2 * m])

    @property
    def without_pairs(self) -> Tallies:
        """The sums of all coders and of each: few beside those of the pairs."""
        return replace(self, sums=self.sums[..., : 7 + 2 * len(self.coders)])

    def pair_counts(self, number: int) -> Floats:
        """[..., 4]: n11, n10, n01, n00 of the pair with this number."""
        at = 7 + 2 * len(self.coders) + 4 * number
        return np.asarray(self.sums[..., at : at + 4])

    def pooled(self) -> Tallies:
        """Sums over all documents."""
        return replace(self, sums=self.sums.sum(axis=0))

    def weighted(self, weights: Floats) -> Tallies:
        """Sums over documents, each counted as often as a row of ``weights`` (replicates × documents) says."""
        documents = self.sums.shape[0]
        flat = weights @ self.sums.reshape(documents, -1)
        return replace(self, sums=flat.reshape(len(weights), *self.sums.shape[1:]))


def tallies(table: SpanTable) -> Tallies:
    """The sums of a table of spans, [document, code, sum]."""
    if len(table.coders) > DENSE_CODERS:
        return _of_many(table)
    return tallies_of(pattern_lengths(table), table)


def _of_many(table: SpanTable) -> Tallies:
    """The sums of many coders, whose patterns are too many to give each a place: what each piece of text adds."""
    group, mask, length = coded_atoms(table)
    documents, codes, m = len(table.documents), len(table.codes), len(table.coders)
    sums = np.zeros((documents, codes, 7 + 2 * m + 2 * m * (m - 1)))
    bits = np.stack([(mask >> g & 1).astype(bool) for g in range(m)])
    sums[:, :, :7] = _counted(group, bits.sum(axis=0), length, table)
    sums[:, :, 7 : 7 + m] = (table.present * table.lengths[:, None])[:, None, :]
    for g in range(m):
        sums[:, :, 7 + m + g] = _laid_out(group, length, np.flatnonzero(bits[g]), table)
    shared = np.flatnonzero(mask & (mask - 1))  # pieces that two or more put under the code
    for number, (i, j) in enumerate(combinations(range(m), 2)):
        n11 = _laid_out(group, length, shared[bits[i, shared] & bits[j, shared]], table)
        both = (table.present[:, i] & table.present[:, j])[:, None]
        n10, n01 = ((sums[:, :, 7 + m + g] - n11) * both for g in (i, j))
        n00 = table.lengths[:, None] * both - n11 - n10 - n01
        for k, cell in enumerate((n11, n10, n01, n00), 7 + 2 * m + 4 * number):
            sums[:, :, k] = cell
    return Tallies(table.coders, sums)


def _laid_out(group: Ints, length: Ints, rows: Ints, table: SpanTable) -> Floats:
    """[document, code]: the text of the pieces in ``rows``."""
    shape = (len(table.documents), len(table.codes))
    cells = np.bincount(group[rows], weights=length[rows], minlength=shape[0] * shape[1])
    return np.asarray(cells, dtype=float).reshape(shape)


def _counted(group: Ints, applied: Ints, length: Ints, table: SpanTable) -> Floats:
    """[document, code, 7]: the sums that ask only how many coders applied the code to a piece, not who."""
    documents, codes, places = len(table.documents), len(table.codes), len(table.coders) + 1
    flat = np.bincount(group * places + applied, weights=length, minlength=documents * codes * places)
    lengths = np.asarray(flat, dtype=float).reshape(documents, codes, places)
    lengths[:, :, 0] = table.lengths[:, None] - lengths.sum(axis=2)
    raters = table.present.sum(axis=1)
    sums = np.zeros((documents, codes, 7))
    for r in np.unique(raters):
        sums[raters == r] = lengths[raters == r] @ _of_counts(np.arange(float(places)), float(r))
    return sums


def tallies_of(h: PatternLengths, table: SpanTable) -> Tallies:
    """The sums of pattern lengths: for each set of coders that saw a document, one matrix product."""
    coders = len(table.coders)
    sums = np.zeros((*h.lengths.shape[:2], 7 + 2 * coders + 2 * coders * (coders - 1)))
    seen_by = table.present @ (np.int64(1) << np.arange(coders, dtype=np.int64))
    for seen in np.unique(seen_by):
        rows = seen_by == seen
        sums[rows] = h.lengths[rows] @ _factors(h.patterns, int(seen), coders)
    return Tallies(table.coders, sums)


def _factors(patterns: Ints, seen: int, coders: int) -> Floats:
    """What one character of each pattern adds to each sum, in documents seen by the coders of mask ``seen``."""
    bits = ((patterns[:, None] >> np.arange(coders)) & 1).astype(float)
    here = np.array([float(seen >> g & 1) for g in range(coders)])
    one = np.ones(len(patterns))
    columns = [*_of_counts(bits.sum(axis=1), float(here.sum())).T]
    columns.extend(here[g] * one for g in range(coders))
    columns.extend(bits[:, g] for g in range(coders))
    for i, j in combinations(range(coders), 2):
        both, a, b = here[i] * here[j], bits[:, i], bits[:, j]
        columns.extend([both * a * b, both * a * (1 - b), both * (1 - a) * b, both * (1 - a) * (1 - b)])
    return np.stack(columns, axis=1)


def _of_counts(x: Floats, r: float) -> Floats:
    """What one character that x of r coders put under the code adds to the sums named at the top."""
    one = np.ones(len(x))
    columns = [one * (r >= 1), one * (r >= 2)]
    columns.append((x * (x - 1) + (r - x) * (r - x - 1)) / (r * (r - 1)) if r >= 2 else 0 * one)
    columns.append(x / r if r >= 1 else 0 * one)
    columns.extend([x * (r - x) / (r - 1), x, r * one] if r >= 2 else [0 * one] * 3)
    return np.stack(columns, axis=1)
