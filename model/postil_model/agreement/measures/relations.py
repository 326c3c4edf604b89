"""Agreement of coders on typed relations: positive specific agreement on edges.

What was not related is not counted as agreement (nearly all pairs of codes are unrelated), so chance-corrected measures
over all possible edges would flatter; specific agreement asks: of what either coder drew, how much did both draw?

    PSA = 2 |A and B| / (|A| + |B|)   (Cicchetti & Feinstein 1990; Dice's coefficient, F1 of the edges)

"When it was good, we used it" and "when it was poor, we used it" are two edges: the guard is a part of one. The same
without guards is given beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np

from postil_model.agreement.measures.estimate import Estimate, undefined
from postil_model.agreement.measures.ratings import Floats
from postil_model.agreement.measures.resample import errors_of, estimate_of

Edge = tuple[str, str, str, str]  # from code, type, to code, guard
Edges = Mapping[str, frozenset[Edge] | None]  # coder → edges of one document, None if the coder did not see it
NO_EDGES = "neither coder drew a relation"


def specific_agreement(
    documents: Sequence[Edges], coders: Sequence[str], kind: str = "", guards: bool = True
) -> dict[str, Estimate]:
    """Per pair ``a|b``: positive specific agreement on the edges of the documents both saw, with document intervals.

    An edge counts once a document. ``kind`` keeps the edges of one type; without ``guards`` edges that differ in
    nothing else are one. Undefined if neither drew any.
    """
    found = {}
    for a, b in combinations(coders, 2):
        counts = [
            (_kept(one, kind, guards), _kept(other, kind, guards))
            for document in documents
            if (one := document.get(a)) is not None and (other := document.get(b)) is not None
        ]
        found[f"{a}|{b}"] = _estimate([(len(x & y), len(x) + len(y)) for x, y in counts])
    return found


def _kept(edges: Iterable[Edge], kind: str, guards: bool) -> frozenset[Edge]:
    kept = (edge for edge in edges if not kind or edge[1] == kind)
    return frozenset(kept if guards else ((*edge[:3], "") for edge in kept))


def _estimate(counts: Sequence[tuple[int, int]]) -> Estimate:
    both, either = (np.array([row[i] for row in counts], dtype=float) for i in (0, 1))
    if not either.sum():
        return undefined(NO_EDGES)
    left_out = _dice(both.sum() - both, either.sum() - either)
    value = 2 * both.sum() / either.sum()
    return estimate_of(float(value), float(errors_of(left_out)), len(counts), NO_EDGES)


def _dice(both: Floats, either: Floats) -> Floats:
    good = either > 0
    return np.asarray(np.divide(2 * both, either, out=np.full(len(either), np.nan), where=good))
