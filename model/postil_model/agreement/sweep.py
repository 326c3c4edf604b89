"""The sweep over span ends: how much text each exact set of coders coded, without ever laying out the characters.

The sufficient statistic of all character measures is H[document, code, coder pattern], the length of text that exactly
that set of coders put under that code. The 2n span ends are sorted by (document, code, position), one running count per
coder tells who is inside, and the text between two ends goes to one pattern; the rest of the document is pattern 0.
Cost: O(n log n + documents x codes x patterns), independent of the length of the text. A coder's own overlapping spans
count once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from postil_model.agreement.ratings import Floats, Ints
from postil_model.agreement.spans import SpanTable

DENSE_CODERS = 6  # up to here every one of the 2^m patterns has a place; above only those that occur


@dataclass(frozen=True)
class PatternLengths:
    """``lengths[d, c, p]``: text of document d that exactly the coders in bit mask ``patterns[p]`` put under code c."""

    patterns: Ints
    lengths: Floats


def atoms(group: Ints, start: Ints, end: Ints, coder: Ints, coders: int) -> tuple[Ints, Ints, Ints]:
    """Cut each group's text at all span ends: arrays of group, coder bit mask and length, without empty pieces.

    Text that nobody coded is not among them.
    """
    size = int(end.max(initial=0)) + 1
    place = np.concatenate([group * size + start, group * size + end])
    key = (place * coders + np.concatenate([coder, coder])) * 2
    key[: len(start)] += 1
    key.sort()
    opens, place = key & 1, (key >> 1) // coders
    step = np.zeros((len(key), coders), dtype=np.int32)
    step[np.arange(len(key)), (key >> 1) % coders] = 2 * opens - 1
    inside = np.cumsum(step, axis=0, dtype=np.int32) > 0
    mask = inside[:-1] @ (np.int64(1) << np.arange(coders, dtype=np.int64))
    length = np.diff(place)
    keep = (mask > 0) & (length > 0)
    return (place[:-1] // size)[keep], mask[keep], length[keep]


def pattern_lengths(table: SpanTable) -> PatternLengths:
    """H of the table, by document and code."""
    documents, codes, coders = len(table.documents), len(table.codes), len(table.coders)
    if len(table.start):
        group, mask, length = atoms(table.document * codes + table.code, table.start, table.end, table.coder, coders)
    else:
        group, mask, length = (np.empty(0, dtype=np.int64) for _ in range(3))
    if coders <= DENSE_CODERS:
        patterns = np.arange(1 << coders, dtype=np.int64)
    else:
        patterns = np.unique(np.append(mask, 0))
        mask = np.searchsorted(patterns, mask)
    cells = documents * codes * len(patterns)
    flat: Floats = np.bincount(group * len(patterns) + mask, weights=length, minlength=cells).astype(float)
    lengths = flat.reshape(documents, codes, len(patterns))
    lengths[:, :, 0] = table.lengths[:, None] - lengths.sum(axis=2)
    return PatternLengths(patterns, lengths)
