"""Coded spans of several coders over several documents, as arrays; cut to what counts, or moved onto units.

A document's continuum runs from 0 to its length. Offsets are half-open. A coder who did not see a document is missing
in it; one who saw it and applied nothing is present without spans.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from postil_model.agreement.measures.ratings import Ints

Span = tuple[int, int, str]
Piece = tuple[int, int]


MOST_CODERS = 62  # one bit each in a whole number, and a sign


@dataclass(frozen=True)
class Document:
    """One document's codings: ``spans[coder]`` is a list of (start, end, code), None where the coder did not see it."""

    id: str
    length: int
    spans: Mapping[str, Sequence[Span] | None]


@dataclass(frozen=True)
class SpanTable:
    """All spans as parallel arrays (document, coder, code, start, end), with who saw which document."""

    documents: tuple[str, ...]
    lengths: Ints
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    present: NDArray[np.bool_]  # documents × coders
    document: Ints
    coder: Ints
    code: Ints
    start: Ints
    end: Ints

    def __post_init__(self) -> None:
        if len(self.coders) < 2:
            raise ValueError("agreement needs at least two coders")
        if len(self.coders) > MOST_CODERS:
            raise ValueError(f"at most {MOST_CODERS} coders can be compared at once")
        if ((self.start < 0) | (self.end > self.lengths[self.document]) | (self.start > self.end)).any():
            raise ValueError("a span lies outside its document or ends before it starts")
        if not self.present[self.document, self.coder].all():
            raise ValueError("a coder who is missing in a document has a span there")

    @cached_property
    def several(self) -> NDArray[np.bool_]:
        """Documents that two or more coders saw: the only ones that can tell anything of agreement."""
        return np.asarray(self.present.sum(axis=1) >= 2)

    def only_documents(self, keep: NDArray[np.bool_]) -> SpanTable:
        """The documents where ``keep`` is true."""
        rows = keep[self.document]
        columns = {name: getattr(self, name)[rows] for name in COLUMNS}
        columns["document"] = (np.cumsum(keep) - 1)[columns["document"]]
        return replace(
            self,
            **columns,
            documents=tuple(name for name, kept in zip(self.documents, keep, strict=True) if kept),
            lengths=self.lengths[keep],
            present=self.present[keep],
        )

    def only_coders(self, chosen: Sequence[str]) -> SpanTable:
        """The chosen coders, in that order."""
        places = np.array([self.coders.index(name) for name in chosen])
        number = np.full(len(self.coders), -1)
        number[places] = np.arange(len(places))
        renumbered = number[self.coder]
        present = self.present[:, places]
        columns = {name: getattr(self, name)[renumbered >= 0] for name in COLUMNS}
        columns["coder"] = renumbered[renumbered >= 0]
        return replace(self, coders=tuple(chosen), present=present, **columns)

    def regrouped(self, groups: Mapping[str, Iterable[str]]) -> SpanTable:
        """Count the codes of each group as one code; a code may be in several groups, others fall away."""
        names = tuple(groups)
        index = {code: i for i, code in enumerate(self.codes)}
        pieces = []
        for number, name in enumerate(names):
            members = np.array([index[code] for code in groups[name] if code in index], dtype=np.int64)
            rows = np.flatnonzero(np.isin(self.code, members))
            pieces.append((rows, np.full(len(rows), number)))
        rows = np.concatenate([rows for rows, _ in pieces]) if pieces else np.empty(0, dtype=np.int64)
        columns = {name: getattr(self, name)[rows] for name in COLUMNS}
        columns["code"] = np.concatenate([number for _, number in pieces]) if pieces else rows
        return replace(self, codes=names, **columns)

    def on_text(self, counted: Sequence[Sequence[Piece]]) -> SpanTable:
        """Keep only what lies in the counted pieces of each document, laid end to end; other text is cut out.

        A span over several pieces becomes one span over what is left of them; a span outside all of them is dropped.
        """
        edges, offset = self._far_apart(counted)
        inside = np.diff(edges)
        inside[1::2] = 0
        before = np.concatenate([[0], np.cumsum(inside)])[: len(edges)]
        lengths = np.array([sum(end - start for start, end in pieces) for pieces in counted], dtype=np.int64)
        shift = (np.cumsum(lengths) - lengths)[self.document]
        here = offset[self.document]
        if not len(edges):
            return self._moved(np.zeros_like(self.start), np.zeros_like(self.end), lengths)
        starts, ends = (np.interp(column + here, edges, before).astype(np.int64) for column in (self.start, self.end))
        return self._moved(starts - shift, ends - shift, lengths)

    def on_units(self, units: Sequence[Sequence[Piece]]) -> SpanTable:
        """Move to units: a unit is coded if at least one of its characters is (any-overlap rule).

        Positions then count units. Units must not overlap; text between them does not count.
        """
        edges, offset = self._far_apart(units)
        lengths = np.array([len(pieces) for pieces in units], dtype=np.int64)
        shift = (np.cumsum(lengths) - lengths)[self.document]
        here = offset[self.document]
        first = np.searchsorted(edges[1::2], self.start + here, "right")
        last = np.searchsorted(edges[::2], self.end + here, "left")
        last = np.where(self.start < self.end, last, first)
        return self._moved(first - shift, last - shift, lengths)

    def _far_apart(self, pieces: Sequence[Sequence[Piece]]) -> tuple[Ints, Ints]:
        """Edges of all documents' pieces on one line, documents one character apart, and where each begins."""
        if len(pieces) != len(self.documents):
            raise ValueError("every document needs its pieces")
        offset = np.concatenate([[0], np.cumsum(self.lengths + 1)[:-1]]).astype(np.int64)
        edges = [
            np.array(_in_order(of_one, int(length)), dtype=np.int64).reshape(-1) + begin
            for of_one, length, begin in zip(pieces, self.lengths, offset, strict=True)
        ]
        return np.concatenate([np.empty(0, dtype=np.int64), *edges]), offset

    def _moved(self, start: Ints, end: Ints, lengths: Ints) -> SpanTable:
        keep = start < end
        columns = {name: getattr(self, name)[keep] for name in COLUMNS} | {"start": start[keep], "end": end[keep]}
        return replace(self, lengths=lengths, **columns)


COLUMNS = ("document", "coder", "code", "start", "end")


def _in_order(pieces: Sequence[Piece], length: int) -> list[Piece]:
    ordered = sorted(pieces)
    for start, end in ordered:
        if not 0 <= start < end <= length:
            raise ValueError(f"the unit {start}-{end} is empty or lies outside its document of {length} characters")
    for (_, end), (start, _) in pairwise(ordered):
        if start < end:
            raise ValueError(f"units overlap at {start}")
    return ordered


def from_documents(documents: Sequence[Document], coders: Sequence[str], codes: Sequence[str]) -> SpanTable:
    """Make a table of documents; codes that are not asked for are left out.

    >>> table = from_documents([Document("d", 9, {"ana": [(0, 4, "x")], "ben": []})], ["ana", "ben"], ["x"])
    >>> table.start.tolist(), table.present.tolist()
    ([0], [[True, True]])
    """
    code_number = {code: i for i, code in enumerate(codes)}
    rows: list[tuple[int, int, int, int, int]] = []
    present = np.zeros((len(documents), len(coders)), dtype=bool)
    for d, document in enumerate(documents):
        for g, coder in enumerate(coders):
            spans = document.spans.get(coder)
            if spans is None:
                continue
            present[d, g] = True
            rows.extend((d, g, code_number[code], start, end) for start, end, code in spans if code in code_number)
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    lengths = np.array([document.length for document in documents], dtype=np.int64)
    names = tuple(document.id for document in documents)
    return SpanTable(names, lengths, tuple(coders), tuple(codes), present, *(np.ascontiguousarray(c) for c in columns))
