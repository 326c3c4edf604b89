"""Alpha over the label set at every character, with Jaccard and MASI distances, by the same sweep over span ends.

The observed part comes from the pieces between span ends, each with its coders' label sets; the expected part needs
only the distinct sets and how much text carries each.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

from postil_model.agreement.measures.estimate import Estimate
from postil_model.agreement.measures.ratings import Floats, Ints
from postil_model.agreement.measures.resample import errors_of, estimate_of
from postil_model.agreement.measures.scales import member_distances
from postil_model.agreement.measures.spans import SpanTable

NOTHING = "nobody applied any code, so there is no disagreement to expect"
ALIKE = "every coder put the same codes on all of the text, so there is no disagreement to expect"
NO_OVERLAP = "no text was seen by two coders"


Numbers = np.ndarray[tuple[int, ...], np.dtype[np.int32]]  # half the room: there is one per piece and coder
Bytes = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]

_BLOCK = 20_000  # pieces of text
_WIDE = 8  # bytes of a row that is one number


@dataclass(frozen=True)
class LabelSets:
    """Pieces of text with each coder's label set, and the sets as rows of labels."""

    document: Ints  # of each piece
    length: Floats
    sets: Numbers  # coder × piece: number of the set
    member: Floats  # set × code

    def coded_by(self, i: int, j: int) -> Ints:
        """Numbers of the pieces in which at least one of two coders applied anything."""
        applied = np.asarray(self.member.any(axis=1))
        return np.flatnonzero(applied[self.sets[i]] | applied[self.sets[j]])


def label_sets(table: SpanTable) -> LabelSets:
    """Cut every document at all span ends; text nobody coded is one piece with empty sets."""
    piece_document, piece_length, piece_of_edge, spans = _pieces(table)
    coders, codes = len(table.coders), len(table.codes)
    distinct, number = _distinct(_packed(len(piece_length), coders, codes, piece_of_edge, spans))
    rows = np.unpackbits(distinct, axis=1)[:, :codes].astype(float)
    return LabelSets(piece_document, piece_length, np.ascontiguousarray(number.reshape(-1, coders).T), rows)


def _packed(pieces: int, coders: int, codes: int, edges: tuple[Ints, Ints], spans: tuple[Ints, Ints]) -> Bytes:
    """Row of bits per piece and coder; made block by block, since unpacked all of them would fill the memory."""
    width = -(-codes // 8)
    packed = np.zeros((pieces * coders, max(width, _WIDE)), dtype=np.uint8)
    for low in range(0, pieces, _BLOCK):
        high = min(low + _BLOCK, pieces)
        here = np.flatnonzero((edges[0] < high) & (edges[1] > low))
        first, last = np.maximum(edges[0][here], low) - low, np.minimum(edges[1][here], high) - low
        member = np.zeros(((high - low) * coders, codes), dtype=bool)
        for g, c, a, b in zip(spans[0][here], spans[1][here], first, last, strict=True):
            member[a * coders + g : b * coders + g : coders, c] = True
        packed[low * coders : high * coders, :width] = np.packbits(member, axis=1)
    return packed


def _distinct(packed: Bytes) -> tuple[Bytes, Numbers]:
    """Rows that differ, in order, and the number of each row. Up to 64 codes a row is one number: quick to sort.

    The rows handed in are used up: their bytes are turned around in place.
    """
    if packed.shape[1] != _WIDE:
        distinct, inverse = np.unique(packed, axis=0, return_inverse=True)
        return distinct, inverse.reshape(-1).astype(np.int32)
    keys = packed.view(np.uint64).reshape(-1)
    if sys.byteorder == "little":
        keys.byteswap(inplace=True)
    coded = np.flatnonzero(keys)  # most rows are empty and come first in any order
    found, inverse = np.unique(keys[coded], return_inverse=True)
    with_empty = int(len(coded) < len(keys))
    number = np.zeros(len(keys), dtype=np.int32)
    number[coded] = inverse + with_empty
    rows = np.concatenate([np.zeros(with_empty, dtype=np.uint64), found]).astype(">u8").view(np.uint8)
    return rows.reshape(-1, _WIDE), number


def _pieces(table: SpanTable) -> tuple[Ints, Floats, tuple[Ints, Ints], tuple[Ints, Ints]]:
    offset = np.concatenate([[0], np.cumsum(table.lengths)])
    start, end = table.start + offset[table.document], table.end + offset[table.document]
    edges = np.unique(np.concatenate([offset, start, end]))
    document = np.searchsorted(offset, edges[:-1], "right") - 1
    places = (np.searchsorted(edges, start), np.searchsorted(edges, end))
    return document, np.diff(edges).astype(float), places, (table.coder, table.code)


def multilabel_alpha(table: SpanTable, pieces: LabelSets | None = None) -> dict[str, Estimate]:
    """``alpha_jaccard`` and ``alpha_masi`` over all text, with intervals over documents.

    alpha = 1 - (N-1) sum o d / sum n n d with the distance as it is (not squared). Undefined if no text was seen by two
    coders or all label sets are alike. Quadratic in the number of distinct sets.
    """
    pieces = label_sets(table) if pieces is None else pieces
    margins, total = _margins(pieces, table)
    nothing = not pieces.member[margins.sum(axis=0) > 0].any()
    found = {}
    for kind in ("jaccard", "masi"):
        apart = member_distances(pieces.member, kind)
        found[f"alpha_{kind}"] = _estimate(_crossing(pieces, table, apart), margins, total, apart, nothing)
    return found


def _margins(pieces: LabelSets, table: SpanTable) -> tuple[Floats, Floats]:
    """[document, set] pairable ratings of each set, and their number by document; only documents of several coders."""
    documents, sets = len(table.documents), len(pieces.member)
    margins = np.zeros((documents, sets))
    for g in range(len(table.coders)):
        counted = pieces.length * (table.present[:, g] & table.several)[pieces.document]
        flat = np.bincount(pieces.document * sets + pieces.sets[g], weights=counted, minlength=documents * sets)
        margins += flat.reshape(documents, sets)
    margins = margins[table.several]
    return margins, margins.sum(axis=1)


def _crossing(pieces: LabelSets, table: SpanTable, apart: Floats) -> Floats:
    """[document] sum of o_ck d_ck over ordered pairs: each pair of coders' distance, over (r-1)."""
    raters = table.present.sum(axis=1)
    sums = np.zeros(len(table.documents))
    for i in range(len(table.coders)):
        for j in range(i):
            coded = pieces.coded_by(i, j)  # nobody's text is no disagreement
            document = pieces.document[coded]
            both = (table.present[:, i] & table.present[:, j])[document]
            distance = apart[pieces.sets[i, coded], pieces.sets[j, coded]]
            sums += np.bincount(document, pieces.length[coded] * both * distance * 2, minlength=len(sums))
    return np.asarray(sums[table.several] / (raters[table.several] - 1))


def _estimate(crossing: Floats, margins: Floats, total: Floats, apart: Floats, nothing: bool) -> Estimate:
    def alpha(o: Floats, n: Floats, size: Floats) -> Floats:
        expected = np.einsum("rc,rc->r", n @ apart, n)
        good = expected > 1e-9
        ratio = np.divide((size - 1) * o, expected, out=np.full(len(o), np.nan), where=good)
        return np.asarray(1 - ratio)

    value = alpha(crossing.sum(keepdims=True), margins.sum(axis=0, keepdims=True), total.sum(keepdims=True))[0]
    left_out = alpha(crossing.sum() - crossing, margins.sum(axis=0) - margins, total.sum() - total)
    reason = (NOTHING if nothing else ALIKE) if total.sum() else NO_OVERLAP
    return estimate_of(float(value), float(errors_of(left_out)), len(left_out), reason)
