"""Coders' cuts of the continuum into units and gaps, and what of them adds up over documents.

Documents are laid end to end. Gaps are cut where a document ends, which changes nothing since they enter linearly;
units never reach over the end of a document. So every sum that the unitizing family needs is a sum over documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from postil_model.agreement.measures.ratings import Floats, Ints
from postil_model.agreement.measures.spans import SpanTable

GAP = 0


@dataclass(frozen=True)
class UnitizingCut:
    """One coder's cut of the continuum: borders 0 … L, and value and document of each piece between two of them."""

    borders: Ints
    values: Ints
    document: Ints

    @property
    def lengths(self) -> Floats:
        """How long each piece is."""
        return np.diff(self.borders).astype(float)


@dataclass(frozen=True)
class CutSums:
    """By document: l_ck, lengths and Q_c of the values (gaps first), and Q*_c of the codes."""

    observed: Floats  # [..., value, value]
    lengths: Floats  # [..., value]
    squares: Floats  # [..., value]
    shared: Floats  # [..., code]

    def pooled(self) -> CutSums:
        """Sums over all documents."""
        return CutSums(*(column.sum(axis=0) for column in (self.observed, self.lengths, self.squares, self.shared)))

    def left_out(self) -> CutSums:
        """Sums without each document in turn."""
        columns = (self.observed, self.lengths, self.squares, self.shared)
        return CutSums(*(column.sum(axis=0)[None] - column for column in columns))


def sums_of(cuts: list[UnitizingCut], codes: int, documents: int) -> CutSums:
    """All sums of the coders' cuts."""
    lengths, squares = value_sums(cuts, codes, documents)
    return CutSums(observed_lengths(cuts, codes, documents), lengths, squares, shared_squares(cuts, codes, documents))


def cuts_per_code(table: SpanTable) -> list[list[UnitizingCut]]:
    """For each code the coders' cuts into that code and everything else."""
    order = np.lexsort((table.end, table.start, table.document, table.coder, table.code))
    columns = [column[order] for column in (table.code, table.coder, *_laid_end_to_end(table))]
    edges = np.searchsorted(columns[0], np.arange(len(table.codes) + 1))
    found = []
    for c in range(len(table.codes)):
        _, coder, start, end = (column[edges[c] : edges[c + 1]] for column in columns)
        found.append([_cut(*_merged(start[coder == g], end[coder == g]), 1, table) for g in range(len(table.coders))])
    return found


def cuts_of(table: SpanTable) -> list[UnitizingCut] | None:
    """Every coder's cut of the documents laid end to end; None if two codes of one coder overlap."""
    shifted = _laid_end_to_end(table)
    cuts = []
    for g in range(len(table.coders)):
        pieces = []
        for c in np.unique(table.code[table.coder == g]):
            rows = (table.coder == g) & (table.code == c)
            start, end = _merged(*(column[rows] for column in shifted))
            pieces.append(np.stack([start, end, np.full(len(start), c + 1)]))
        start, end, value = np.concatenate(pieces, axis=1) if pieces else np.empty((3, 0), dtype=np.int64)
        order = np.argsort(start, kind="stable")
        start, end, value = start[order], end[order], value[order]
        if (start[1:] < end[:-1]).any():
            return None
        cuts.append(_cut(start, end, value, table))
    return cuts


def _laid_end_to_end(table: SpanTable) -> tuple[Ints, Ints]:
    offset = np.concatenate([[0], np.cumsum(table.lengths)])[table.document]
    return table.start + offset, table.end + offset


def _merged(start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Merge what overlaps; what only touches stays apart. Empty spans are dropped."""
    keep = start < end
    start, end = start[keep], end[keep]
    order = np.argsort(start, kind="stable")
    start, reach = start[order], np.maximum.accumulate(end[order])
    first = np.ones(len(start), dtype=bool)
    first[1:] = start[1:] >= reach[:-1]
    return start[first], reach[np.append(np.flatnonzero(first)[1:] - 1, len(reach) - 1)] if len(start) else reach


def _cut(start: Ints, end: Ints, value: Ints | int, table: SpanTable) -> UnitizingCut:
    """Units in order and without overlap, with the gaps between them, cut at the ends of documents."""
    offset = np.concatenate([[0], np.cumsum(table.lengths)])
    borders = np.unique(np.concatenate([start, end, offset]))
    place = np.searchsorted(start, borders[:-1], "right") - 1
    inside = (place >= 0) & (borders[:-1] < end[np.maximum(place, 0)]) if len(start) else np.zeros(len(place), bool)
    units = np.broadcast_to(np.asarray(value), start.shape)
    values = np.where(inside, units[np.maximum(place, 0)], GAP) if len(start) else np.zeros(len(place), np.int64)
    return UnitizingCut(borders, values, np.searchsorted(offset, borders[:-1], "right") - 1)


def observed_lengths(cuts: list[UnitizingCut], codes: int, documents: int) -> Floats:
    """l_ck of each document: (1/(m-1)) sum over ordered pairs of coders, by merging the borders of every two."""
    size = codes + 1
    lengths = np.zeros((documents, size, size))
    for a, b in combinations(cuts, 2):
        borders = np.union1d(a.borders, b.borders)
        at_a = np.searchsorted(a.borders, borders[:-1], "right") - 1
        of_b = b.values[np.searchsorted(b.borders, borders[:-1], "right") - 1]
        cell = (a.document[at_a] * size + a.values[at_a]) * size + of_b
        flat = np.bincount(cell, weights=np.diff(borders), minlength=documents * size**2)
        table = flat.reshape(documents, size, size)
        lengths += table + table.transpose(0, 2, 1)
    return np.asarray(lengths / (len(cuts) - 1))


def value_sums(cuts: list[UnitizingCut], codes: int, documents: int) -> tuple[Floats, Floats]:
    """Of each document: all coders' lengths in each value, and Q_c, the squares of units (of gaps the lengths)."""
    size = codes + 1
    lengths, squares = np.zeros(documents * size), np.zeros(documents * size)
    for cut in cuts:
        cell = cut.document * size + cut.values
        squared = np.where(cut.values == GAP, cut.lengths, cut.lengths**2)
        lengths += np.bincount(cell, weights=cut.lengths, minlength=len(lengths))
        squares += np.bincount(cell, weights=squared, minlength=len(squares))
    return lengths.reshape(documents, size), squares.reshape(documents, size)


def shared_squares(cuts: list[UnitizingCut], codes: int, documents: int) -> Floats:
    """Q*_c of each document: (1/(m-1)) sum over units and other coders of (what the other coded inside the unit)^2."""
    squares = np.zeros(documents * (codes + 1))
    coded_before = [np.concatenate([[0], np.cumsum(cut.lengths * (cut.values != GAP))]) for cut in cuts]
    for i, cut in enumerate(cuts):
        units = cut.values != GAP
        start, end = cut.borders[:-1][units], cut.borders[1:][units]
        cell = cut.document[units] * (codes + 1) + cut.values[units]
        for j, other in enumerate(cuts):
            if i != j:
                until, from_ = (np.interp(x, other.borders, coded_before[j]) for x in (end, start))
                squares += np.bincount(cell, weights=(until - from_) ** 2, minlength=len(squares))
    return np.asarray(squares.reshape(documents, codes + 1)[:, 1:] / (len(cuts) - 1))
