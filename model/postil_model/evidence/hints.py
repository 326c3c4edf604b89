"""Hints: order of talk and co-occurrence inside one answer. Candidates for coders, never counted with what was stated.

Definitions (docs/methods.md). Scope of a segment: its turn, or the whole answer where the question says that
order matters. *order*: two mapped segments of one participant, consecutive by (start, -end, id) in one scope, not
overlapping, of different nodes. *guide-order*: the same, but answering different questions. *cooccur*: two nodes
in one scope, without direction.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, groupby, pairwise
from operator import ne

import msgspec

from postil_model.evidence.edges import EdgeBook
from postil_model.evidence.rows import EdgeKey, EdgeType, Evidence, EvidenceRow, Kind

Scope = tuple[str, str, str, int]  # participant, transcript, coder, turn or (negative) mark


def scoped(evidence: Evidence, every_turn: bool = False) -> dict[Scope, list[EvidenceRow]]:
    """Node rows with a place, by the scope in which their order may mean something; each scope in order of talk.

    ``every_turn``: in each turn that they touch, not only where they begin.
    """
    scopes: dict[Scope, list[EvidenceRow]] = defaultdict(list)
    order_questions = evidence.order_questions
    for row in evidence.rows:
        if row.what == "node" and row.parts:
            number = row.turn
            if row.question and row.question in order_questions:
                number = -2 - _mark(evidence, row)
            for place in _turns(evidence, row) if every_turn and number == row.turn else (number,):
                scopes[row.participant, row.transcript, row.coder, place].append(row)
    for rows in scopes.values():
        rows.sort(key=_place)
    return scopes


def _turns(evidence: Evidence, row: EvidenceRow) -> Iterable[int]:
    """Every turn of the participant that a row's words are in."""
    transcript = evidence.transcripts[row.transcript]
    if len(row.parts) == 1 and row.turn >= 0:
        turn = transcript.turns[row.turn]
        if turn.start <= row.parts[0][0] < turn.end:
            return (row.turn,)
    turns = (transcript.turn_at(start) for start, _ in row.parts)
    return dict.fromkeys(turn.index for turn in turns if turn is not None)


def _place(row: EvidenceRow) -> tuple[int, int, str]:
    return row.parts[0][0], -row.parts[-1][1], row.segments[0]


def _mark(evidence: Evidence, row: EvidenceRow) -> int:
    marks = evidence.marks.get(row.transcript, ())
    index = bisect_right(marks, (row.parts[0][0], float("inf"), "")) - 1
    while index >= 0 and marks[index][1] <= row.parts[0][0]:
        index -= 1
    return index


Pair = tuple[EvidenceRow, EvidenceRow, Kind]


def order_pairs(evidence: Evidence) -> Iterator[Pair]:
    """What was said one after the other inside a scope: both rows, and whether it is order or guide-order."""
    for rows in scoped(evidence).values():
        segments = [list(group) for _, group in groupby(rows, key=lambda row: row.segments)]
        for earlier, later in pairwise(segments):
            if later[0].parts[0][0] >= earlier[0].parts[-1][1]:
                yield from _pairs(earlier, later)


def cooccur_pairs(evidence: Evidence) -> Iterator[Pair]:
    """Pairs of nodes in a scope, in the order of the process, with the first segments of both."""
    rank = {node: place for place, node in enumerate(evidence.nodes)}
    told: set[tuple[str, str, tuple[str, ...], tuple[str, ...]]] = set()  # pairs that meet in several turns
    for rows in scoped(evidence, every_turn=True).values():
        first: dict[str, EvidenceRow] = {}
        for row in rows:
            first.setdefault(row.object, row)
        nodes = sorted(first, key=lambda node: (rank.get(node, len(rank)), node))
        for one, other in combinations(nodes, 2):
            pair = (one, other, first[one].segments, first[other].segments)
            if len(first[one].parts) + len(first[other].parts) > 2:
                if pair in told:
                    continue
                told.add(pair)
            yield first[one], first[other], "cooccur"


def order_rows(evidence: Evidence, edges: EdgeBook | None = None) -> Iterator[EvidenceRow]:
    """Rows of kind order and guide-order."""
    book = edges or EdgeBook(None)
    return (_hint(one, other, book, "order", kind) for one, other, kind in order_pairs(evidence))


def cooccur_rows(evidence: Evidence, edges: EdgeBook | None = None) -> Iterator[EvidenceRow]:
    """Rows of kind cooccur."""
    book = edges or EdgeBook(None)
    return (_hint(one, other, book, "cooccur", kind) for one, other, kind in cooccur_pairs(evidence))


def _pairs(earlier: Iterable[EvidenceRow], later: list[EvidenceRow]) -> Iterator[Pair]:
    done: set[tuple[str, str]] = set()
    for one in earlier:
        for other in later:
            pair = one.object, other.object
            if one.object != other.object and pair not in done:
                done.add(pair)
                yield one, other, "order" if one.question == other.question else "guide-order"


def _hint(one: EvidenceRow, other: EvidenceRow, book: EdgeBook, type_: EdgeType, kind: Kind) -> EvidenceRow:
    return msgspec.structs.replace(
        one,
        object=book.id(EdgeKey(one.object, other.object, type_)),
        what="edge",
        kind=kind,
        segments=tuple(dict.fromkeys(one.segments + other.segments)),
        parts=tuple(dict.fromkeys(one.parts + other.parts)),
        item="",
        target_code=other.code,
        memo="",
        unsure=one.unsure or other.unsure,
    )


def follow_counts(cases: Sequence[str], nodes: Sequence[str]) -> dict[tuple[str, str], tuple[int, int]]:
    """Directly-follows counts of a log in order: pair of nodes → (how often, in how many cases).

    Cases stand together; a node may follow itself. A count of what was said next, not of what was done next: over
    whole interviews it rediscovers the order of the questions.

    >>> follow_counts(["a", "a", "a", "b", "b"], ["x", "y", "x", "x", "y"])
    {('x', 'y'): (2, 2), ('y', 'x'): (1, 1)}
    """
    import numpy as np

    names = list(dict.fromkeys(nodes))
    size, events = len(names), len(nodes)
    if events < 2:
        return {}
    numbers = {name: number for number, name in enumerate(names)}
    node = np.fromiter(map(numbers.__getitem__, nodes), dtype=np.int64, count=events)
    begins = np.fromiter(map(ne, cases[1:], cases), dtype=bool, count=events - 1)  # another case than the one before
    case = np.cumsum(begins)
    same = ~begins
    pair = (node[:-1] * size + node[1:])[same]
    often = np.bincount(pair, minlength=size * size)
    seen = np.zeros((int(case[-1]) + 1, size * size), dtype=bool)
    seen[case[same], pair] = True
    within = seen.sum(axis=0)
    return {
        (names[number // size], names[number % size]): (int(often[number]), int(within[number]))
        for number in np.flatnonzero(often).tolist()
    }
