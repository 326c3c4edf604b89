"""Krippendorff's unitizing family: u-alpha, |u-alpha (binary), cu-alpha, (k)u-alpha with coverage.

Each coder cuts the continuum 0..L into units with a value and gaps between them; documents are laid end to end.
Source: Krippendorff, Mathet, Bouvry & Widlöcher 2016, On the reliability of unitizing textual continua, Quality &
Quantity 50:2347; Krippendorff 2019, Content Analysis, sec. 12.6. The 1995/2004 alpha_U is another measure and not here.

Observed: l_ck = (1/(m-1)) sum over ordered pairs of coders of the text that one puts in c and the other in k, gaps
(phi) counting as a value. Expected: e_ck = l.. (l_c. l_k. - [c=k] Q_c) / (l..^2 - sum Q), Q_c the sum of squared
lengths of units, Q_phi the sum of gap lengths (not squared).

A coder's own overlapping units of one code are merged, touching ones are not. Inner borders of agreed matter cost
nothing by themselves, but change what is expected. Undefined: codes that overlap; a coder missing in a
document that others saw (documents of one coder are left out); no
expected disagreement (nothing coded; one code everywhere); no coded matter in common (cu, (k)u).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from postil_model.agreement.estimate import Estimate, undefined
from postil_model.agreement.ratings import Floats, Ints
from postil_model.agreement.spans import SpanTable

GAP = 0
MISSING_CODER = "not every coder coded every transcript compared, and the source defines no missing coders"
OVERLAPPING = "codes overlap, and the family needs a partition: see it per code and per exclusive group"
NOTHING_EXPECTED = "there is no disagreement to expect: nobody coded anything, or one code covers everything"
NOTHING_SHARED = "no text was coded by two coders"
ONE_SHARED_VALUE = "the text coded in common has one code only"
NOT_USED = "nobody applied the code"


@dataclass(frozen=True)
class Unitizing:
    """The answers of the family on one continuum."""

    u_alpha: Estimate
    bu_alpha: Estimate
    cu_alpha: Estimate
    cu_coverage: Estimate
    ku_alpha: Mapping[str, Estimate]
    ku_coverage: Mapping[str, Estimate]


@dataclass(frozen=True)
class Cut:
    """One coder's cut of the continuum: borders 0 … L, and the value of each piece between two of them."""

    borders: Ints
    values: Ints


def unitizing(table: SpanTable) -> Unitizing:
    """The family over all codes of the table, which must not overlap within a coder."""
    whole = table.only_documents(table.several)
    if not whole.present.all():
        return _all_undefined(MISSING_CODER, table.codes)
    cuts = cuts_of(whole)
    return _all_undefined(OVERLAPPING, table.codes) if cuts is None else family(cuts, table.codes)


def unitizing_per_code(table: SpanTable) -> dict[str, Unitizing]:
    """The family of each code alone, that code against everything else."""
    whole = table.only_documents(table.several)
    if not whole.present.all():
        return {code: _all_undefined(MISSING_CODER, (code,)) for code in table.codes}
    order = np.lexsort((whole.end, whole.start, whole.document, whole.coder, whole.code))
    shifted = _laid_end_to_end(whole)
    columns = [column[order] for column in (whole.code, whole.coder, *shifted)]
    found = {}
    edges = np.searchsorted(columns[0], np.arange(len(whole.codes) + 1))
    for c, code in enumerate(whole.codes):
        _, coder, start, end = (column[edges[c] : edges[c + 1]] for column in columns)
        cuts = [_cut(*_merged(start[coder == g], end[coder == g]), 1, whole) for g in range(len(whole.coders))]
        found[code] = family(cuts, (code,))
    return found


def cuts_of(table: SpanTable) -> list[Cut] | None:
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


def _cut(start: Ints, end: Ints, value: Ints | int, table: SpanTable) -> Cut:
    """Units in order and without overlap, with the gaps between them; the cuts between documents may lie in gaps."""
    total = int(table.lengths.sum())
    borders = np.empty(2 * len(start) + 2, dtype=np.int64)
    borders[0], borders[-1] = 0, total
    borders[1:-1:2], borders[2:-1:2] = start, end
    values = np.full(2 * len(start) + 1, GAP)
    values[1::2] = value
    keep = np.diff(borders) > 0
    return Cut(np.append(borders[:-1][keep], total), values[keep])


def family(cuts: list[Cut], codes: tuple[str, ...]) -> Unitizing:
    """The family's answers from the coders' cuts; values are 0 for gaps, then the codes in order."""
    observed, expected = observed_lengths(cuts, len(codes)), expected_lengths(cuts, len(codes))
    apart = observed.sum() - np.trace(observed), expected.sum() - np.trace(expected)
    u_alpha = _alpha(*apart, observed.sum(), NOTHING_EXPECTED)
    bu_alpha = _alpha(observed[GAP, 1:].sum(), expected[GAP, 1:].sum(), observed.sum(), NOTHING_EXPECTED)
    return Unitizing(u_alpha, bu_alpha, *_coded_family(cuts, observed, codes))


def _coded_family(
    cuts: list[Cut], observed: Floats, codes: tuple[str, ...]
) -> tuple[Estimate, Estimate, dict[str, Estimate], dict[str, Estimate]]:
    """cu-alpha and (k)u-alpha: only text that two coders coded, whatever the code."""
    both = observed[1:, 1:]
    margins, total = both.sum(axis=1), both.sum()
    squares = shared_squares(cuts, len(codes))
    room = total**2 - squares.sum()
    expected = total * (np.outer(margins, margins) - np.diag(squares)) / room if room > 0 else np.zeros_like(both)
    reason = ONE_SHARED_VALUE if total else NOTHING_SHARED
    cu = _alpha(total - np.trace(both), total - np.trace(expected) if room > 0 else 0.0, total, reason)
    ku, coverage = {}, {}
    for k, code in enumerate(codes):
        in_all = observed[k + 1].sum()
        reason = NOT_USED if not in_all else ONE_SHARED_VALUE if margins[k] else NOTHING_SHARED
        coverage[code] = undefined(NOT_USED) if not in_all else Estimate(float(margins[k] / in_all))
        column = expected[:, k].sum()
        by_chance = (column - expected[k, k]) / column if column > 0 else 0.0
        found = (margins[k] - both[k, k]) / margins[k] if margins[k] > 0 else 0.0
        ku[code] = _alpha(found, by_chance, 1.0, reason)
    covered = Estimate(float(total / observed.sum())) if observed.sum() else undefined("there is no text")
    return cu, covered, ku, coverage


def _alpha(observed: float, expected: float, of: float, reason: str) -> Estimate:
    """1 - observed/expected; ``of`` is what both are parts of, against which rounding is measured."""
    return undefined(reason) if expected <= 1e-12 * of else Estimate(float(1 - observed / expected))


def observed_lengths(cuts: list[Cut], codes: int) -> Floats:
    """l_ck: by merging the borders of every two coders."""
    size = codes + 1
    lengths = np.zeros((size, size))
    for a, b in combinations(cuts, 2):
        borders = np.union1d(a.borders, b.borders)
        of_a = a.values[np.searchsorted(a.borders, borders[:-1], "right") - 1]
        of_b = b.values[np.searchsorted(b.borders, borders[:-1], "right") - 1]
        table = np.bincount(of_a * size + of_b, weights=np.diff(borders), minlength=size**2).reshape(size, size)
        lengths += table + table.T
    return np.asarray(lengths / (len(cuts) - 1))


def expected_lengths(cuts: list[Cut], codes: int) -> Floats:
    """e_ck, from all coders' lengths in each value and the squares of their units."""
    lengths, squares = np.zeros(codes + 1), np.zeros(codes + 1)
    for cut in cuts:
        length = np.diff(cut.borders).astype(float)
        lengths += np.bincount(cut.values, weights=length, minlength=codes + 1)
        squares += np.bincount(cut.values, weights=np.where(cut.values == GAP, length, length**2), minlength=codes + 1)
    total = lengths.sum()
    room = total**2 - squares.sum()
    if room <= 0:
        return np.zeros((codes + 1, codes + 1))
    return np.asarray(total * (np.outer(lengths, lengths) - np.diag(squares)) / room)


def shared_squares(cuts: list[Cut], codes: int) -> Floats:
    """Q*_c = (1/(m-1)) sum over units of value c and other coders of (what the other coded inside the unit)^2."""
    squares = np.zeros(codes + 1)
    coded_before = [np.concatenate([[0], np.cumsum(np.diff(cut.borders) * (cut.values != GAP))]) for cut in cuts]
    for i, cut in enumerate(cuts):
        units = cut.values != GAP
        start, end, value = cut.borders[:-1][units], cut.borders[1:][units], cut.values[units]
        for j, other in enumerate(cuts):
            if i != j:
                inside = np.interp(end, other.borders, coded_before[j]) - np.interp(
                    start, other.borders, coded_before[j]
                )
                squares += np.bincount(value, weights=inside**2, minlength=codes + 1)
    return squares[1:] / (len(cuts) - 1)


def _all_undefined(reason: str, codes: tuple[str, ...]) -> Unitizing:
    no = undefined(reason)
    return Unitizing(no, no, no, no, dict.fromkeys(codes, no), dict.fromkeys(codes, no))
