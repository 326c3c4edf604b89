"""Agreement without regard to where in the text: code existence and frequency per document, and F1 of spans."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from postil_model.agreement.measures.binary import cohen_kappa, pair_names
from postil_model.agreement.measures.estimate import Estimate, quotient, undefined
from postil_model.agreement.measures.ratings import Floats, Ints
from postil_model.agreement.measures.spans import SpanTable

EVERY_CELL = "both coders applied every code in every transcript"
NO_CELL = "neither coder applied any code"
NO_CELLS = "no document was seen by both coders"
NO_SPANS = "neither coder has a span"


def frequencies(table: SpanTable) -> Ints:
    """[document, code, coder]: number of spans."""
    shape = (len(table.documents), len(table.codes), len(table.coders))
    flat = (table.document * shape[1] + table.code) * shape[2] + table.coder
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)


def code_existence_agreement(table: SpanTable, whole: Ints | None = None) -> dict[str, Estimate]:
    """Per pair: share of (document, code) cells in which both or neither applied the code; documents both saw.

    ``whole`` adds codings of whole documents, [document, code, coder]. Undefined if no document was seen by both.
    """
    return _cells(table, (frequencies(table) + (0 if whole is None else whole)) > 0)


def code_frequency_agreement(table: SpanTable, whole: Ints | None = None) -> dict[str, Estimate]:
    """Per pair: share of (document, code) cells in which both have the same number of segments."""
    return _cells(table, frequencies(table) + (0 if whole is None else whole))


def code_existence_kappa(table: SpanTable, whole: Ints | None = None) -> dict[str, Estimate]:
    """Cohen's kappa per pair over the (document, code) cells, applied or not."""
    exists = (frequencies(table) + (0 if whole is None else whole)) > 0
    found = {}
    for (i, j), name in _pairs(table):
        both = table.present[:, i] & table.present[:, j]
        a, b = exists[both][:, :, i], exists[both][:, :, j]
        counts = np.array([(a & b).sum(), (a & ~b).sum(), (~a & b).sum(), (~a & ~b).sum()], dtype=float)
        value = float(cohen_kappa(counts))
        alike = EVERY_CELL if counts[0] else NO_CELL
        reason = alike if counts.sum() else NO_CELLS
        found[name] = undefined(reason) if np.isnan(value) else Estimate(value)
    return found


def _pairs(table: SpanTable) -> list[tuple[tuple[int, int], str]]:
    return list(zip(combinations(range(len(table.coders)), 2), pair_names(table.coders), strict=True))


def _cells(table: SpanTable, cells: NDArray[Any]) -> dict[str, Estimate]:
    found = {}
    for (i, j), name in _pairs(table):
        both = table.present[:, i] & table.present[:, j]
        same = cells[both][:, :, i] == cells[both][:, :, j]
        found[name] = quotient(float(same.sum()), float(same.size), NO_CELLS)
    return found


def exact_f1(table: SpanTable) -> dict[str, Estimate]:
    """Per pair: 2 |A and B| / (|A| + |B|) over exact (document, code, start, end). Not corrected for chance."""
    rows = np.stack([_group(table), table.start, table.end], axis=1)
    _, first, number = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    has = np.zeros((len(table.coders), len(first)), dtype=bool)  # who has which of the spans that differ
    has[table.coder, number.reshape(-1)] = True
    document = table.document[first]
    found = {}
    for (i, j), name in _pairs(table):
        both = (table.present[:, i] & table.present[:, j])[document]
        a, b = has[i] & both, has[j] & both
        found[name] = quotient(2.0 * int((a & b).sum()), float(a.sum() + b.sum()), NO_SPANS)
    return found


def overlap_f1(table: SpanTable) -> dict[str, Estimate]:
    """Per pair: the share of both coders' distinct spans that meet a span of the same code of the other.

    (spans of A that meet one of B + spans of B that meet one of A) / (|A| + |B|). Not corrected for chance.
    """
    rows = [_rows(table, coder) for coder in range(len(table.coders))]
    documents = [of[:, 0] // max(len(table.codes), 1) for of in rows]
    found = {}
    for (i, j), name in _pairs(table):
        a, b = rows[i][table.present[documents[i], j]], rows[j][table.present[documents[j], i]]
        found[name] = quotient(float(_meeting(a, b) + _meeting(b, a)), float(len(a) + len(b)), NO_SPANS)
    return found


def mean_of(by_pair: Mapping[str, Estimate]) -> Estimate:
    """The mean over pairs; undefined if one of them is."""
    for name, estimate in by_pair.items():
        if estimate.undefined is not None:
            return undefined(f"undefined for {name}: {estimate.undefined}")
    return Estimate(float(np.mean([estimate.value for estimate in by_pair.values()])))


def _group(table: SpanTable) -> Ints:
    """Document and code of each span in one number."""
    return np.asarray(table.document * len(table.codes) + table.code)


def _rows(table: SpanTable, coder: int) -> Ints:
    """Distinct (document and code, start, end) of a coder."""
    keep = table.coder == coder
    return np.unique(np.stack([_group(table)[keep], table.start[keep], table.end[keep]], axis=1), axis=0)


def _meeting(a: Ints, b: Ints) -> int:
    """How many rows of ``a`` share a character with a row of ``b`` of the same group.

    A span meets one of the others exactly if more of them start before its end than end at or before its start.
    """
    size = int(max(a[:, 2].max(initial=0), b[:, 2].max(initial=0))) + 1
    starts, ends = np.sort(b[:, 0] * size + b[:, 1]), np.sort(b[:, 0] * size + b[:, 2])
    begun = np.searchsorted(starts, a[:, 0] * size + a[:, 2], "left")
    over = np.searchsorted(ends, a[:, 0] * size + a[:, 1], "right")
    return int((begun > over).sum())


def coded_counts(table: SpanTable) -> Floats:
    """[code, coder]: number of spans, all documents together."""
    return np.asarray(frequencies(table).sum(axis=0), dtype=float)
