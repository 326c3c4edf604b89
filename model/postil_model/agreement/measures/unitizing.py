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

Intervals are over documents (jackknife).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from postil_model.agreement.measures.estimate import Estimate, undefined
from postil_model.agreement.measures.ratings import Floats
from postil_model.agreement.measures.resample import errors_of, estimate_of
from postil_model.agreement.measures.spans import SpanTable
from postil_model.agreement.measures.unitizing_cuts import GAP, CutSums, cuts_of, cuts_per_code, sums_of

MISSING_CODER = "the source defines no missing coders"
OVERLAPPING = "codes overlap, and the family needs a partition: see it per code and per exclusive group"
NOBODY = "nobody coded anything, so there is no disagreement to expect"
ONE_CODE = "every coder put one code on all of the text, so there is no disagreement to expect"
NO_GAPS = "every coder coded all of the text, so there are no gaps to disagree on"
TOO_FEW = "there are too few units for any disagreement to expect"
NOTHING_SHARED = "no text was coded by two coders"
ONE_SHARED_VALUE = "the text coded in common has one code only"
NOT_USED = "nobody applied the code"
NO_TEXT = "there is no text"


@dataclass(frozen=True)
class Unitizing:
    """The answers of the family on one continuum."""

    u_alpha: Estimate
    bu_alpha: Estimate
    cu_alpha: Estimate
    cu_coverage: Estimate
    ku_alpha: Mapping[str, Estimate]
    ku_coverage: Mapping[str, Estimate]


def unitizing(table: SpanTable) -> Unitizing:
    """The family over all codes of the table, which must not overlap within a coder."""
    whole = table.only_documents(table.several)
    if not whole.present.all():
        return _all_undefined(missing_coders(whole), table.codes)
    cuts = cuts_of(whole)
    if cuts is None:
        return _all_undefined(OVERLAPPING, table.codes)
    return family(sums_of(cuts, len(table.codes), len(whole.documents)), table.codes)


def unitizing_per_code(table: SpanTable) -> dict[str, Unitizing]:
    """The family of each code alone, that code against everything else."""
    whole = table.only_documents(table.several)
    if not whole.present.all():
        reason = missing_coders(whole)
        return {code: _all_undefined(reason, (code,)) for code in table.codes}
    documents = len(whole.documents)
    return {
        code: family(sums_of(cuts, 1, documents), (code,))
        for code, cuts in zip(whole.codes, cuts_per_code(whole), strict=True)
    }


def family(sums: CutSums, codes: tuple[str, ...]) -> Unitizing:
    """The family's answers from the sums by document."""
    pooled, left_out = sums.pooled(), sums.left_out()

    def answer(measure: Callable[[CutSums], Floats], reason: str) -> Estimate:
        count = len(sums.lengths)
        error = errors_of(measure(left_out)) if count > 1 else np.array(np.nan)
        return estimate_of(float(measure(pooled)), float(error), count, reason)

    coded = pooled.observed[1:, 1:].sum()
    ku, coverage = {}, {}
    for k, code in enumerate(codes):
        used, margin = pooled.observed[k + 1].sum(), pooled.observed[k + 1, 1:].sum()
        reason = NOT_USED if not used else ONE_SHARED_VALUE if margin else NOTHING_SHARED
        ku[code] = answer(lambda s, at=k: _ku_alpha(s, at), reason)  # type: ignore[misc]
        coverage[code] = answer(lambda s, at=k: _ku_coverage(s, at), NOT_USED)  # type: ignore[misc]
    return Unitizing(
        answer(_u_alpha, _nothing_expected(pooled, ONE_CODE)),
        answer(_bu_alpha, _nothing_expected(pooled, NO_GAPS)),
        answer(_cu_alpha, ONE_SHARED_VALUE if coded else NOTHING_SHARED),
        answer(_cu_coverage, NO_TEXT),
        ku,
        coverage,
    )


def missing_coders(table: SpanTable) -> str:
    """Who lacks which document, and what that means."""
    lacking = []
    for g, coder in enumerate(table.coders):
        names = [name for name, there in zip(table.documents, table.present[:, g].tolist(), strict=True) if not there]
        if names:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            lacking.append(f"{coder} has no finished layer of {', '.join(names[:3])}{more}")
    return f"{', '.join(lacking)}: {MISSING_CODER}"


def _nothing_expected(sums: CutSums, covered: str) -> str:
    """Why there is no disagreement to expect; ``covered`` is said where no gap is left."""
    lengths = sums.lengths
    if lengths[GAP] == lengths.sum():
        return NOBODY
    return covered if not lengths[GAP] else TOO_FEW


def _alpha(observed: Floats, expected: Floats, whole: Floats) -> Floats:
    """1 - observed/expected, NaN where nothing is expected; ``whole`` is what rounding is measured against."""
    expected, observed = np.asarray(expected, dtype=float), np.asarray(observed, dtype=float)
    good = expected > 1e-12 * np.asarray(whole)
    return np.asarray(1 - np.divide(observed, expected, out=np.full(expected.shape, np.nan), where=good))


def _share(part: Floats, whole: Floats) -> Floats:
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    return np.asarray(np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0))


def _room(total: Floats, squares: Floats) -> Floats:
    """l../(l..^2 - sum Q), 0 where there is no room."""
    room = np.asarray(total**2 - squares.sum(axis=-1), dtype=float)
    return np.asarray(np.divide(total, room, out=np.zeros_like(room), where=room > 0))


def _same(observed: Floats) -> Floats:
    return np.asarray(np.trace(observed, axis1=-2, axis2=-1))


def _u_alpha(s: CutSums) -> Floats:
    total = s.lengths.sum(axis=-1)
    expected_same = _room(total, s.squares) * (s.lengths**2 - s.squares).sum(axis=-1)
    room = _room(total, s.squares) > 0
    return _alpha(total - _same(s.observed), np.where(room, total - expected_same, 0.0), total)


def _bu_alpha(s: CutSums) -> Floats:
    total, gaps = s.lengths.sum(axis=-1), s.lengths[..., GAP]
    return _alpha(s.observed[..., GAP, 1:].sum(axis=-1), _room(total, s.squares) * gaps * (total - gaps), total)


def _coded(s: CutSums) -> tuple[Floats, Floats, Floats]:
    """Text that two coders coded: its table, margins and total."""
    both = s.observed[..., 1:, 1:]
    margins = both.sum(axis=-1)
    return both, margins, np.asarray(margins.sum(axis=-1))


def _cu_alpha(s: CutSums) -> Floats:
    both, margins, total = _coded(s)
    rate = _room(total, s.shared)
    expected = np.where(rate > 0, total - rate * (margins**2 - s.shared).sum(axis=-1), 0.0)
    return _alpha(total - _same(both), expected, total)


def _cu_coverage(s: CutSums) -> Floats:
    return _share(_coded(s)[2], s.observed.sum(axis=(-2, -1)))


def _ku_alpha(s: CutSums, k: int) -> Floats:
    both, margins, total = _coded(s)
    rate = _room(total, s.shared)
    column = rate * (margins[..., k] * total - s.shared[..., k])
    others = rate * margins[..., k] * (total - margins[..., k])
    found = np.nan_to_num(_share(margins[..., k] - both[..., k, k], margins[..., k]))
    by_chance = np.nan_to_num(_share(others, column))
    return _alpha(found, by_chance, np.ones_like(by_chance))


def _ku_coverage(s: CutSums, k: int) -> Floats:
    return _share(_coded(s)[1][..., k], s.observed[..., k + 1, :].sum(axis=-1))


def _all_undefined(reason: str, codes: tuple[str, ...]) -> Unitizing:
    no = undefined(reason)
    return Unitizing(no, no, no, no, dict.fromkeys(codes, no), dict.fromkeys(codes, no))
