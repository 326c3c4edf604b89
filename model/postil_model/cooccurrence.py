"""Which codes meet: on the same words, in the same turn, in the same transcript.

Overlap counts pairs of coded segments that share a character; c-coefficient = n12 / (n1 + n2 - n12) with the numbers
of segments (it can exceed 1 where segments of one code overlap several of the other; that is said, not hidden).
Jaccard is over characters for overlap, over turns or transcripts otherwise. Segments of one coder are never compared
with those of another. Computed by sorting the bounds, never by comparing all pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from postil_model.evidence.rows import Row, Span
from postil_model.tables import Cell, Table

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

Mode = Literal["overlap", "turn", "transcript"]
Spans = list[tuple[int, tuple[Span, ...], int]]  # number of the code, parts, turn


@dataclass(frozen=True)
class Cooccurrence:
    """Square matrices in the order of ``codes``. ``totals`` are segments (overlap), turns or transcripts of each."""

    mode: Mode
    codes: tuple[str, ...]
    totals: tuple[int, ...]
    counts: Array
    jaccard: Array

    def c_coefficient(self, one: int, other: int) -> float:
        """n12 / (n1 + n2 - n12)."""
        both = int(self.counts[one, other])
        either = self.totals[one] + self.totals[other] - both
        return both / either if either > 0 else float(both > 0)

    def pairs(self) -> list[tuple[str, str, int, float, float]]:
        """Pairs that meet: codes, count, c-coefficient, Jaccard; the most frequent first."""
        found = [
            (self.codes[i], self.codes[j], int(self.counts[i, j]), self.c_coefficient(i, j), float(self.jaccard[i, j]))
            for i in range(len(self.codes))
            for j in range(i + 1, len(self.codes))
            if self.counts[i, j]
        ]
        return sorted(found, key=lambda pair: (-pair[2], pair[0], pair[1]))


def cooccurrence(rows: Iterable[Row], mode: Mode = "overlap", codes: Sequence[str] = ()) -> Cooccurrence:
    """Co-occurrence of all codes in the evidence, or of those given. Codes on whole transcripts count in that mode."""
    documents, names = _documents(rows, mode, codes)
    if mode == "overlap":
        counts, jaccard, totals = _overlaps(documents, len(names))
    else:
        counts, jaccard, totals = _shared_units(documents, len(names), by_turn=mode == "turn")
    return Cooccurrence(mode, tuple(names), tuple(int(total) for total in totals), counts, jaccard)


def _documents(rows: Iterable[Row], mode: Mode, codes: Sequence[str]) -> tuple[list[Spans], list[str]]:
    """Segments by transcript and coder, each once for each of its codes, with all participants' parts in it."""
    number = {code: place for place, code in enumerate(dict.fromkeys(codes))}
    wanted = bool(number)
    parts: dict[tuple[str, str], dict[tuple[str, int], Row | list[Row]]] = defaultdict(dict)
    for row in rows:
        if row.what == "edge" or (wanted and row.code not in number) or (mode != "transcript" and not row.parts):
            continue
        key = row.segments[0], number.setdefault(row.code, len(number))
        document = parts[row.transcript, row.coder]
        before = document.get(key)
        if before is None:
            document[key] = row
        elif isinstance(before, list):
            before.append(row)
        else:
            document[key] = [before, row]
    return [[_as_span(key, found) for key, found in document.items()] for document in parts.values()], list(number)


def _as_span(key: tuple[str, int], found: Row | list[Row]) -> tuple[int, tuple[Span, ...], int]:
    if isinstance(found, list):
        return key[1], tuple(sorted(span for row in found for span in row.parts)), found[0].turn
    return key[1], found.parts, found.turn


def _overlaps(documents: Sequence[Spans], size: int) -> tuple[Array, Array, Array]:
    import numpy as np

    counts = np.zeros((size, size), dtype=np.int64)
    totals = np.zeros(size, dtype=np.int64)
    shared = np.zeros((size, size))
    for document in documents:
        code = np.array([span[0] for span in document], dtype=np.intp)
        start = np.array([span[1][0][0] for span in document], dtype=np.int64)
        end = np.array([span[1][-1][1] for span in document], dtype=np.int64)
        totals += np.bincount(code, minlength=size)
        counts += _crossings(code, start, end, size)
        pieces = [(span[0], *part) for span in document for part in span[1]]
        shared += _shared_characters(np.array(pieces, dtype=np.int64), size)
    diagonal = np.diag(counts).copy()
    # every segment meets itself, and two of one code would be counted from both sides
    np.fill_diagonal(counts, (diagonal - totals) // 2)
    own = np.diag(shared)
    either = own[:, None] + own[None, :] - shared
    return counts, np.divide(shared, either, out=np.zeros_like(shared), where=either > 0), totals


def _crossings(code: Array, start: Array, end: Array, size: int) -> Array:
    """Pairs that overlap, by code: the others' starts before a segment's end, less their ends before its start."""
    import numpy as np

    order = np.argsort(code, kind="stable")
    bounds = np.searchsorted(code[order], np.arange(size + 1))
    begun, ended = np.empty((size, len(code)), dtype=np.int64), np.empty((size, len(code)), dtype=np.int64)
    for other in range(size):
        inside = order[bounds[other] : bounds[other + 1]]
        begun[other] = np.searchsorted(np.sort(start[inside]), end, side="left")
        ended[other] = np.searchsorted(np.sort(end[inside]), start, side="right")
    met = (begun - ended)[:, order]
    sums = np.concatenate([np.zeros((size, 1), dtype=np.int64), np.cumsum(met, axis=1)], axis=1)
    by_code: Array = sums[:, bounds[1:]] - sums[:, bounds[:-1]]
    return by_code


def _shared_characters(pieces: Array, size: int) -> Array:
    """Characters under both codes, for every pair: elementary intervals between bounds, weighted with their length."""
    import numpy as np

    bounds = np.unique(pieces[:, 1:])
    depth = np.zeros((len(bounds), size), dtype=np.int32)
    np.add.at(depth, (np.searchsorted(bounds, pieces[:, 1]), pieces[:, 0]), 1)
    np.add.at(depth, (np.searchsorted(bounds, pieces[:, 2]), pieces[:, 0]), -1)
    covered = (np.cumsum(depth, axis=0)[:-1] > 0).astype(np.float64)
    found: Array = covered.T @ (covered * np.diff(bounds)[:, None])
    return found


def _shared_units(documents: Sequence[Spans], size: int, by_turn: bool) -> tuple[Array, Array, Array]:
    """Turns or transcripts with both codes."""
    import numpy as np

    units: dict[tuple[int, int], set[int]] = defaultdict(set)
    for place, document in enumerate(documents):
        for code, _, turn in document:
            units[place, turn if by_turn else 0].add(code)
    present = np.zeros((len(units), size))
    for place, codes in enumerate(units.values()):
        present[place, list(codes)] = 1
    counts = (present.T @ present).astype(np.int64)
    totals = np.diag(counts).copy()
    either = totals[:, None] + totals[None, :] - counts
    return counts, np.divide(counts, either, out=np.zeros(counts.shape), where=either > 0), totals


def pair_table(found: Cooccurrence) -> Table:
    """The pairs as a list."""
    unit = {"overlap": "segment pairs", "turn": "turns", "transcript": "transcripts"}[found.mode]
    notes = [f"{found.mode}: {unit} with both codes; c = n12 / (n1 + n2 - n12)"]
    if any(c > 1 for _, _, _, c, _ in found.pairs()):
        notes.append("c above 1: segments of one code overlap several of the other")
    return Table(("code", "code ", unit, "c", "Jaccard"), tuple(found.pairs()), "Co-occurrence", tuple(notes))


def matrix_table(found: Cooccurrence) -> Table:
    """The square matrix; the diagonal is how often segments of one code overlap one another, or its own total."""
    rows: list[tuple[Cell, ...]] = [
        (code, *(int(value) for value in found.counts[place])) for place, code in enumerate(found.codes)
    ]
    return Table(("code", *found.codes), tuple(rows), "Co-occurrence matrix", (f"mode: {found.mode}",))
