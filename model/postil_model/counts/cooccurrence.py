"""Which codes meet: on the same words, in the same turn, in the same transcript.

Overlap counts pairs of coded segments that share a character; c-coefficient = n12 / (n1 + n2 - n12) with the numbers
of segments (it can exceed 1 where segments of one code overlap several of the other; that is said, not hidden).
Jaccard is over characters for overlap, over turns or transcripts otherwise. A segment is in every turn of a
participant that it touches. Segments of one coder are never compared
with those of another. Computed by sorting the bounds, never by comparing all pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from postil_formats.tables.files import Cell, Table
from postil_model.evidence.rows import EvidenceRow, Interview, Span
from postil_model.evidence.speaker_index import SpeakerIndex
from postil_study.text.values import Segment, Transcript

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

Mode = Literal["overlap", "turn", "transcript"]
Turns = tuple[int, ...]
NOWHERE = -1  # start and end of a code on a whole transcript


JACCARD_OF: dict[Mode, str] = {"overlap": "characters", "turn": "turns", "transcript": "transcripts"}


@dataclass
class Spans:
    """The coded segments of one transcript by one coder, column by column; a segment once for each of its codes."""

    code: list[int] = field(default_factory=list)  # numbers of codes
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    turns: list[Turns] = field(default_factory=list)  # every turn of a participant that a segment touches
    parts: dict[int, tuple[Span, ...]] = field(default_factory=dict)  # of segments in several parts, by their place

    def add(self, code: int, parts: tuple[Span, ...], turns: Turns) -> None:
        """Add a segment with the participants' parts of it."""
        if len(parts) > 1:
            self.parts[len(self.code)] = parts
        self.code.append(code)
        self.start.append(parts[0][0] if parts else NOWHERE)
        self.end.append(parts[-1][1] if parts else NOWHERE)
        self.turns.append(turns)


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

    def pairs(self, most: int | None = None) -> list[tuple[str, str, int, float, float]]:
        """Pairs that meet: codes, count, c-coefficient, Jaccard; the most frequent first, or only so many of them."""
        import numpy as np

        one, other = self._meeting(self._least(most))
        rank = np.empty(len(self.codes), dtype=np.int64)
        rank[sorted(range(len(self.codes)), key=self.codes.__getitem__)] = np.arange(len(self.codes))
        order = np.lexsort((rank[other], rank[one], -self.counts[one, other].astype(np.int64)))[:most]
        return [
            (self.codes[i], self.codes[j], int(self.counts[i, j]), self.c_coefficient(i, j), float(self.jaccard[i, j]))
            for i, j in zip(one[order].tolist(), other[order].tolist(), strict=True)
        ]

    @property
    def c_above_one(self) -> bool:
        """Whether segments of one code overlap several of another so often that a c-coefficient exceeds 1."""
        import numpy as np

        totals = np.array(self.totals, dtype=np.int64)
        rows = (2 * self.counts[i, i + 1 :] > totals[i] + totals[i + 1 :] for i in range(len(self.codes)))
        return any(bool(row.any()) for row in rows)

    def _least(self, most: int | None) -> int:
        """The smallest count among the ``most`` frequent pairs; 1 for all."""
        import numpy as np

        if most is None or not len(self.codes):
            return 1
        top = np.zeros(0, dtype=self.counts.dtype)  # row after row, as a list of all pairs would fill the memory
        for i in range(len(self.codes)):
            top = np.concatenate([top, self.counts[i, i + 1 :]])
            if len(top) > most:
                top = np.partition(top, len(top) - most)[-most:]
        return max(int(top.min()), 1) if len(top) else 1

    def _meeting(self, least: int) -> tuple[Array, Array]:
        """Places above the diagonal with at least this count."""
        import numpy as np

        places = [np.flatnonzero(self.counts[i, i + 1 :] >= least) + i + 1 for i in range(len(self.codes))]
        one = np.repeat(np.arange(len(places)), [len(row) for row in places])
        return one, np.concatenate([*places, np.zeros(0, dtype=np.int64)]).astype(np.int64)


def cooccurrence(
    rows: Iterable[EvidenceRow],
    mode: Mode = "overlap",
    codes: Sequence[str] = (),
    transcripts: Mapping[str, Transcript] = MappingProxyType({}),
) -> Cooccurrence:
    """Co-occurrence of all codes in the evidence, or of those given. Codes on whole transcripts count in that mode.

    ``transcripts`` by id: whose turns the parts of the rows are in; needed for turns alone.
    """
    return _computed(*_from_rows(rows, mode, codes, transcripts), mode)


def cooccurrence_in(interviews: Iterable[Interview], mode: Mode = "overlap", codes: Sequence[str] = ()) -> Cooccurrence:
    """The same straight from the layers, for those who need no evidence table."""
    return _computed(*_from_layers(interviews, mode, codes), mode)


def _computed(documents: list[Spans], names: list[str], mode: Mode) -> Cooccurrence:
    if mode == "overlap":
        counts, jaccard, totals = _overlaps(documents, len(names))
    else:
        counts, jaccard, totals = _shared_units(documents, len(names), by_turn=mode == "turn")
    return Cooccurrence(mode, tuple(names), tuple(int(total) for total in totals), counts, jaccard)


def _from_rows(
    rows: Iterable[EvidenceRow], mode: Mode, codes: Sequence[str], transcripts: Mapping[str, Transcript]
) -> tuple[list[Spans], list[str]]:
    """Segments by transcript and coder, each once for each of its codes, with all participants' parts in it."""
    number = {code: place for place, code in enumerate(dict.fromkeys(codes))}
    wanted = bool(number)
    parts: dict[tuple[str, str], dict[tuple[str, int], list[EvidenceRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.what != "edge" and (not wanted or row.code in number) and (mode == "transcript" or row.parts):
            key = row.segments[0], number.setdefault(row.code, len(number))
            parts[row.transcript, row.coder][key].append(row)
    documents = []
    for (transcript, _), document in parts.items():
        spans = Spans()
        for (_, code), found in document.items():
            places = tuple(sorted(span for row in found for span in row.parts))
            turns = turns_of(places, transcripts[transcript]) if mode == "turn" else ()
            spans.add(code, places, turns)
        documents.append(spans)
    return documents, list(number)


def _from_layers(interviews: Iterable[Interview], mode: Mode, codes: Sequence[str]) -> tuple[list[Spans], list[str]]:
    number = {code: place for place, code in enumerate(dict.fromkeys(codes))}
    wanted = bool(number)
    documents: list[Spans] = []
    for interview in interviews:
        voices = SpeakerIndex(interview.transcript)
        for layer in interview.layers:
            spans = Spans()
            for segment in layer.segments:
                places = None if segment.unanchored else _place(segment, voices)
                if places is None or (mode != "transcript" and not places):
                    continue
                turns = tuple(dict.fromkeys(voices.turn_index(start) for start, _ in places)) if mode == "turn" else ()
                for code in dict.fromkeys(segment.code_ids):
                    if not wanted or code in number:
                        spans.add(number.setdefault(code, len(number)), places, turns)
            documents.append(spans)
    return documents, list(number)


def turns_of(parts: Iterable[Span], transcript: Transcript) -> Turns:
    """The turns that parts of a segment are in, each once; a part never goes over the end of a turn."""
    turns = (transcript.turn_at(start) for start, _ in parts)
    return tuple(dict.fromkeys(turn.index for turn in turns if turn is not None))


def _place(segment: Segment, voices: SpeakerIndex) -> tuple[Span, ...] | None:
    """The participants' parts of a segment; None if no participant speaks in it."""
    if segment.start is None or segment.end is None:
        return () if voices.everybody else None
    parts = voices.parts(segment.start, segment.end)
    if len(parts) == 1:
        return parts[0][1]
    return tuple(sorted(span for _, spans in parts for span in spans)) or None


def _overlaps(documents: Sequence[Spans], size: int) -> tuple[Array, Array, Array]:
    """Counts, Jaccard and totals; each document is worked out over the codes that it has."""
    import numpy as np

    counts = np.zeros((size, size), dtype=np.int32)
    totals = np.zeros(size, dtype=np.int64)
    shared = np.zeros((size, size))
    for document in documents:
        if not document.code:
            continue
        code, start, end = (np.array(c, dtype=np.int64) for c in (document.code, document.start, document.end))
        totals += np.bincount(code, minlength=size)
        here, local = np.unique(code, return_inverse=True)
        one, other, times = _crossings(local, start, end, len(here))
        counts[here[one], here[other]] += times.astype(np.int32)
        pieces = _pieces(document, code, start, end)
        pieces[:, 0] = np.searchsorted(here, pieces[:, 0])
        one, other, characters = _shared_characters(pieces, len(here))
        shared[here[one], here[other]] += characters
    own = np.diag(shared).copy()
    for row in range(size):  # in place, a row after another: of thousands of codes a copy would fill the memory
        either = own[row] + own - shared[row]
        shared[row] = np.divide(shared[row], either, out=np.zeros(size), where=either > 0)
    return counts, shared, totals


def _pieces(document: Spans, code: Array, start: Array, end: Array) -> Array:
    """Code, start and end of every part: nearly always the segments themselves."""
    import numpy as np

    whole = np.stack([code, start, end], axis=1)
    if not document.parts:
        return whole
    more = [(document.code[place], *part) for place, parts in document.parts.items() for part in parts]
    return np.concatenate([np.delete(whole, list(document.parts), axis=0), np.array(more, dtype=np.int64)])


_MANY = 4_000_000  # pairs of a document that are listed; with more, codes are counted against codes


Cells = tuple["Array", "Array", "Array"]  # rows, columns and values of what is not 0 in a matrix, each place once


def _crossings(code: Array, start: Array, end: Array, size: int) -> Cells:
    """Pairs of segments that overlap, by code; two of one code stand on the diagonal, once."""
    import numpy as np

    order = np.argsort(start, kind="stable")
    code, start, end = code[order], start[order], end[order]
    later = np.searchsorted(start, end, side="left") - np.arange(1, len(code) + 1)
    later = np.maximum(later, 0)
    if later.sum() > _MANY:
        return _crossings_of_codes(code, start, end, size)
    first = np.repeat(np.arange(len(code)), later)
    second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(later) - later, later)
    a, b = code[first], code[second]
    apart = a != b
    keys = np.concatenate([a * size + b, (b * size + a)[apart]])
    places, times = np.unique(keys, return_counts=True)
    return (*np.divmod(places, size), times)


def _crossings_of_codes(code: Array, start: Array, end: Array, size: int) -> Cells:
    """The same without a list of pairs: the others' starts before a segment's end, less their ends before its start."""
    import numpy as np

    order = np.argsort(code, kind="stable")
    bounds = np.searchsorted(code[order], np.arange(size + 1))
    by_code = np.empty((size, size), dtype=np.int64)
    for other in range(size):
        inside = order[bounds[other] : bounds[other + 1]]
        begun = np.searchsorted(np.sort(start[inside]), end, side="left")
        ended = np.searchsorted(np.sort(end[inside]), start, side="right")
        by_code[other] = np.bincount(code, weights=begun - ended, minlength=size)
    # every segment meets itself, and two of one code are counted from both sides
    np.fill_diagonal(by_code, (np.diag(by_code) - np.bincount(code, minlength=size)) // 2)
    rows, columns = np.nonzero(by_code)
    return rows, columns, by_code[rows, columns]


def _shared_characters(pieces: Array, size: int) -> Cells:
    """Characters under both codes, for every pair: elementary intervals between bounds, weighted with their length."""
    import numpy as np
    from scipy.sparse import csr_array

    bounds = np.unique(pieces[:, 1:])
    low, high = np.searchsorted(bounds, pieces[:, 1]), np.searchsorted(bounds, pieces[:, 2])
    long = high - low
    intervals = np.repeat(low - (np.cumsum(long) - long), long) + np.arange(long.sum())
    cells = np.unique(intervals * size + np.repeat(pieces[:, 0], long))  # two segments of one code count once
    interval, code = np.divmod(cells, size)
    covered = csr_array((np.ones(len(cells)), (interval, code)), shape=(max(len(bounds) - 1, 1), size))
    weighted = csr_array((np.diff(bounds)[interval].astype(float), (interval, code)), shape=covered.shape)
    found = (covered.T @ weighted).tocoo()
    return found.row, found.col, found.data


def _shared_units(documents: Sequence[Spans], size: int, by_turn: bool) -> tuple[Array, Array, Array]:
    """Turns or transcripts with both codes."""
    import numpy as np
    from scipy.sparse import csr_array

    units: dict[tuple[int, int], int] = {}
    places: set[tuple[int, int]] = set()
    for number, document in enumerate(documents):
        for code, turns in zip(document.code, document.turns, strict=True):
            for turn in turns if by_turn else (0,):
                places.add((units.setdefault((number, turn), len(units)), code))
    rows, columns = np.array(sorted(places), dtype=np.int64).reshape(-1, 2).T
    present = csr_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=(max(len(units), 1), size))
    counts = (present.T @ present).toarray()
    totals = np.diag(counts).copy()
    either = totals[:, None] + totals[None, :] - counts
    return counts, np.divide(counts, either, out=np.zeros(counts.shape), where=either > 0), totals


def pair_table(found: Cooccurrence, most: int | None = None) -> Table:
    """The pairs as a list, or the most frequent of them."""
    unit = {"overlap": "segment pairs", "turn": "turns", "transcript": "transcripts"}[found.mode]
    over = JACCARD_OF[found.mode]
    counted = "segments" if found.mode == "overlap" else unit
    notes = [
        f"{found.mode}: {unit} with both codes; c = n12 / (n1 + n2 - n12), n1 and n2 the {counted} of each code",
        f"Jaccard of {over}: those with both codes by those with either",
    ]
    if found.c_above_one:
        notes.append("c above 1: segments of one code overlap several of the other")
    return Table(
        ("code", "code ", unit, "c", f"Jaccard of {over}"), tuple(found.pairs(most)), "Co-occurrence", tuple(notes)
    )


def matrix_table(found: Cooccurrence) -> Table:
    """The square matrix; the diagonal is how often segments of one code overlap one another, or its own total."""
    rows: list[tuple[Cell, ...]] = [
        (code, *(int(value) for value in found.counts[place])) for place, code in enumerate(found.codes)
    ]
    return Table(("code", *found.codes), tuple(rows), "Co-occurrence matrix", (f"mode: {found.mode}",))
