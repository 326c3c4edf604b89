"""Which code did the other one use for the same words: a confusion matrix of codes that may overlap.

For every stretch of text, codes that both coders put there agree. Of those that only one put there, each meets those
that only the other one put there, or nothing. A stretch with two codes against two thus enters two by two cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from postil_model.agreement.measures.multilabel import LabelSets, label_sets
from postil_model.agreement.measures.ratings import Floats, Ints
from postil_model.agreement.measures.spans import SpanTable


@dataclass(frozen=True)
class Confusion:
    """``lengths[c, k]``: text that the first coder put in c and the second in k; last row and column: nothing."""

    first: str
    second: str
    codes: tuple[str, ...]
    lengths: Floats

    def worst(self, code: str) -> tuple[str, float] | None:
        """The code the other one used most for what one coder put in ``code``, and on how much text."""
        c = self.codes.index(code)
        both = self.lengths[:-1, :-1]
        apart = both[c] + both[:, c]
        apart[c] = 0
        k = int(np.argmax(apart))
        return (self.codes[k], float(apart[k])) if apart[k] > 0 else None


def confusion(table: SpanTable, first: str, second: str) -> Confusion:
    """The confusion matrix of two coders over the documents both saw."""
    pair = table.only_coders([first, second])
    return _of_pair(label_sets(pair), pair, 0, 1)


def confusions(pieces: LabelSets, table: SpanTable) -> list[Confusion]:
    """The same of every pair of coders, from the pieces that the whole table is cut into."""
    return [_of_pair(pieces, table, i, j) for i, j in combinations(range(len(table.coders)), 2)]


def _of_pair(pieces: LabelSets, table: SpanTable, i: int, j: int) -> Confusion:
    length = pieces.length * (table.present[:, i] & table.present[:, j])[pieces.document]
    shared, alone_a, alone_b = _apart(pieces, length, i, j)
    sets = len(pieces.member)
    alike, number = np.unique(
        pieces.sets[i, shared].astype(np.int64) * sets + pieces.sets[j, shared], return_inverse=True
    )
    # stretches with the same codes on either side count together: there are few kinds of them, however long the texts
    a, b = (pieces.member[one] for one in np.divmod(alike, sets))
    only_a, only_b = a * (1 - b), b * (1 - a)
    weight = np.bincount(number, weights=length[shared], minlength=len(alike))[:, None]
    size = len(table.codes)
    lengths = np.zeros((size + 1, size + 1))
    lengths[:size, :size] = only_a.T @ (weight * only_b) + np.diag((weight * a * b).sum(axis=0))
    lengths[:size, size] = ((weight * only_a) * ~only_b.any(axis=1, keepdims=True)).sum(axis=0) + alone_a
    lengths[size, :size] = ((weight * only_b) * ~only_a.any(axis=1, keepdims=True)).sum(axis=0) + alone_b
    return Confusion(table.coders[i], table.coders[j], table.codes, lengths)


def _apart(pieces: LabelSets, length: Floats, i: int, j: int) -> tuple[Ints, Floats, Floats]:
    """Pieces in which both coders applied something; by code, the text of each where the other applied nothing."""
    applied = np.asarray(pieces.member.any(axis=1))
    coded, other = np.flatnonzero(applied[pieces.sets[i]]), np.flatnonzero(applied[pieces.sets[j]])
    shared = applied[pieces.sets[j, coded]]
    alone_a, alone_b = coded[~shared], other[~applied[pieces.sets[i, other]]]
    by_code = [
        np.bincount(pieces.sets[g, rows], weights=length[rows], minlength=len(applied)) @ pieces.member
        for g, rows in ((i, alone_a), (j, alone_b))
    ]
    return coded[shared], by_code[0], by_code[1]
