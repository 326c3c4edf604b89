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

from postil_model.agreement.measures.ratings import Floats, Ints
from postil_model.agreement.measures.spans import SpanTable

DENSE_CODERS = 6  # up to here every one of the 2^m patterns has a place; above only those that occur


@dataclass(frozen=True)
class PatternLengths:
    """``lengths[d, c, p]``: text of document d that exactly the coders in bit mask ``patterns[p]`` put under code c."""

    patterns: Ints
    lengths: Floats


def atoms(group: Ints, start: Ints, end: Ints, coder: Ints, coders: int) -> tuple[Ints, Ints, Ints]:
    """Cut each group's text at all span ends: arrays of group, coder bit mask and length, without empty pieces.

    Text that nobody coded is not among them. Group, position, coder and kind of end are packed into the bits of one
    number, so that one sort of plain numbers does it all; ends sort before starts at the same place.
    """
    for_coder = max(coders - 1, 1).bit_length() + 1
    for_place = max(int(end.max(initial=0)), 1).bit_length()
    at = group << for_place
    low = coder << 1
    key = np.concatenate([(at + start) << for_coder | low | 1, (at + end) << for_coder | low])
    key.sort()
    place = key >> for_coder
    mask = _inside(key & 1, (key >> 1) & ((1 << (for_coder - 1)) - 1), coders)[:-1]
    length = np.diff(place)
    keep = np.flatnonzero((mask > 0) & (length > 0))
    return place[keep] >> for_place, mask[keep], length[keep]


def _inside(opens: Ints, coder: Ints, coders: int) -> Ints:
    """Bit mask of the coders who are inside a span after each end, by one running count per coder.

    The counts stand side by side in one number where there is room for the deepest nesting possible.
    """
    step = 2 * opens - 1
    bits = 63 // coders
    deepest = int(np.bincount(coder[opens == 1], minlength=coders).max(initial=0))
    mask = np.zeros(len(opens), dtype=np.int64)
    if deepest < 1 << bits:
        counts = np.cumsum(step << (coder * bits))
        for g in range(coders):
            mask |= ((counts >> (g * bits) & ((1 << bits) - 1)) > 0).astype(np.int64) << g
        return mask
    for g in range(coders):
        mask |= (np.cumsum(step * (coder == g)) > 0).astype(np.int64) << g
    return mask


def coded_atoms(table: SpanTable) -> tuple[Ints, Ints, Ints]:
    """The atoms of a table, in groups numbered by document and code."""
    if not len(table.start):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    group = table.document * len(table.codes) + table.code
    return atoms(group, table.start, table.end, table.coder, len(table.coders))


def pattern_lengths(table: SpanTable) -> PatternLengths:
    """H of the table, by document and code."""
    documents, codes, coders = len(table.documents), len(table.codes), len(table.coders)
    group, mask, length = coded_atoms(table)
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
