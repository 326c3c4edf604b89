"""Which code did the other one use for the same words: a confusion matrix of codes that may overlap.

For every stretch of text, codes that both coders put there agree. Of those that only one put there, each meets those
that only the other one put there, or nothing. A stretch with two codes against two thus enters two by two cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from postil_model.agreement.multilabel import label_sets
from postil_model.agreement.ratings import Floats
from postil_model.agreement.spans import SpanTable


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
    pair = pair.only_documents(np.asarray(pair.present.all(axis=1)))
    pieces = label_sets(pair)
    alike, number = np.unique(pieces.sets[:, 0] * len(pieces.member) + pieces.sets[:, 1], return_inverse=True)
    # stretches with the same codes on either side count together: there are few kinds of them, however long the texts
    a, b = (pieces.member[one].astype(float) for one in np.divmod(alike, len(pieces.member)))
    only_a, only_b = a * (1 - b), b * (1 - a)
    weight = np.bincount(number, weights=pieces.length, minlength=len(alike))[:, None]
    size = len(table.codes)
    lengths = np.zeros((size + 1, size + 1))
    lengths[:size, :size] = only_a.T @ (weight * only_b) + np.diag((weight * a * b).sum(axis=0))
    lengths[:size, size] = ((weight * only_a) * ~only_b.any(axis=1, keepdims=True)).sum(axis=0)
    lengths[size, :size] = ((weight * only_b) * ~only_a.any(axis=1, keepdims=True)).sum(axis=0)
    return Confusion(first, second, table.codes, lengths)
