"""The passages where two coders differ, worst code first, each with both sides' words and what stands around them.

Segments of one code that overlap, of either coder, are one passage. If both coded it, the coders differ in *boundaries*
where the coded words differ by more than white space. If one alone coded it, the other one either put *another code*
on some of these words, which the first did not, or nothing: *only-a*, *only-b*. What the sides have in common with
other passages is not repeated: a pair of codes meets once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from postil_model.agreement.measures.spans import Piece
from postil_model.agreement.result import StudyAgreement
from postil_model.agreement.sample import turn_pieces
from postil_study.text.values import Layer, Segment, Transcript

Kind = Literal["only-a", "only-b", "other-code", "boundaries"]
KINDS: tuple[Kind, ...] = ("only-a", "only-b", "other-code", "boundaries")
CONTEXT = 70


@dataclass(frozen=True, slots=True)
class UseOfCode:
    """One segment as one side coded it; ``quote`` are its words as they stand in the transcript."""

    segment: str
    code: str
    start: int
    end: int
    quote: str
    memo: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One passage. ``a`` and ``b`` are what each coder has there, under the code or under others."""

    transcript: str
    code: str
    kind: Kind
    coder_a: str
    coder_b: str
    a: tuple[UseOfCode, ...]
    b: tuple[UseOfCode, ...]
    start: int
    end: int
    differs: int  # characters that only one side has, white space apart
    speaker: str
    before: str
    after: str
    settled: bool = False  # a consensus layer has something to say about these words

    @property
    def other_codes(self) -> tuple[str, ...]:
        """Codes other than the passage's own, of either side."""
        return tuple(dict.fromkeys(use.code for use in (*self.a, *self.b) if use.code != self.code))


def disagreements(
    result: StudyAgreement, codes: Iterable[str] = (), kinds: Iterable[str] = (), transcripts: Iterable[str] = ()
) -> list[Disagreement]:
    """All passages of all pairs of coders, worst code first by the headline's measure, then by transcript and place."""
    wanted_codes, wanted_kinds = frozenset(codes), frozenset(kinds)
    wanted = frozenset(transcripts)
    found = [
        each
        for transcript in result.sample.transcripts
        if not wanted or transcript.id in wanted
        for each in _of_transcript(result, transcript)
        if (not wanted_codes or wanted_codes & {each.code, *each.other_codes})
        and (not wanted_kinds or each.kind in wanted_kinds)
    ]
    rank = worst_first(result, found)
    order = {transcript.id: i for i, transcript in enumerate(result.sample.transcripts)}
    return sorted(found, key=lambda d: (rank[d.code], order[d.transcript], d.start, d.end, d.coder_a, d.coder_b))


def worst_first(result: StudyAgreement, found: Sequence[Disagreement]) -> Mapping[str, int]:
    """The rank of each code: lowest agreement first, undefined last; among equals the one with more text apart."""
    apart: dict[str, int] = {}
    for each in found:
        apart[each.code] = apart.get(each.code, 0) + each.differs
    values = {
        code: estimate.value if (estimate := result.headline.codes.get(code)) and estimate.value is not None else 2.0
        for code in apart
    }
    ordered = sorted(apart, key=lambda code: (values[code], -apart[code], code))
    return {code: place for place, code in enumerate(ordered)}


def _of_transcript(result: StudyAgreement, transcript: Transcript) -> Iterator[Disagreement]:
    study = result.sample.study
    layers = {coder: study.layer(coder, transcript.id) for coder in result.coders}
    done = [coder for coder, layer in layers.items() if layer is not None and layer.header.done]
    counted = turn_pieces(transcript, result.sample.speakers)
    settled = _settled_pieces(result, transcript)
    for coder_a, coder_b in combinations(done, 2):
        sides = [_uses(layers[coder], transcript, result.codes, counted) for coder in (coder_a, coder_b)]
        yield from _CoderPair(transcript, (coder_a, coder_b), sides[0], sides[1], settled).passages()


def _settled_pieces(result: StudyAgreement, transcript: Transcript) -> list[Piece]:
    return [
        (segment.start, segment.end)
        for layer in result.sample.study.layers("consensus")
        if layer.header.transcript == transcript.id
        for segment in layer.segments
        if segment.start is not None and segment.end is not None
    ]


def _uses(
    layer: Layer | None, transcript: Transcript, codes: Sequence[str], counted: Sequence[Piece]
) -> dict[str, list[UseOfCode]]:
    """A coder's uses by code, in order; those outside the words that count are left out."""
    found: dict[str, list[UseOfCode]] = {}
    known = frozenset(codes)
    for segment in layer.segments if layer else ():
        if segment.start is None or segment.end is None or segment.unanchored:
            continue
        if not any(start < segment.end and segment.start < end for start, end in counted):
            continue
        for code in segment.code_ids:
            if code in known:
                found.setdefault(code, []).append(_use(segment, segment.start, segment.end, code, transcript))
    return found


def _use(segment: Segment, start: int, end: int, code: str, transcript: Transcript) -> UseOfCode:
    return UseOfCode(segment.id, code, start, end, transcript.text[start:end], segment.memo, segment.unsure)


class _CoderPair:
    """Two coders' uses in one transcript."""

    def __init__(
        self,
        transcript: Transcript,
        coders: tuple[str, str],
        a: Mapping[str, list[UseOfCode]],
        b: Mapping[str, list[UseOfCode]],
        settled: Sequence[Piece],
    ) -> None:
        self.transcript, self.coders, self.settled = transcript, coders, settled
        self.sides = (a, b)
        self.all = tuple(sorted((u for uses in side.values() for u in uses), key=_place) for side in (a, b))

    def passages(self) -> Iterator[Disagreement]:
        met: set[tuple[str, str, str, str]] = set()
        for code in sorted({*self.sides[0], *self.sides[1]}):
            for a, b in _clusters(self.sides[0].get(code, []), self.sides[1].get(code, [])):
                if a and b:
                    yield from self._boundaries(code, a, b)
                else:
                    yield from self._one_sided(code, a, b, met)

    def _boundaries(self, code: str, a: list[UseOfCode], b: list[UseOfCode]) -> Iterator[Disagreement]:
        differs = self._apart(a, b)
        if differs:
            yield self._make(code, "boundaries", a, b, differs)

    def _one_sided(
        self, code: str, a: list[UseOfCode], b: list[UseOfCode], met: set[tuple[str, str, str, str]]
    ) -> Iterator[Disagreement]:
        """A passage that one side alone has: another code of the other side on these words, or nothing."""
        mine, here = (a, 0) if a else (b, 1)
        instead = self._instead(code, mine, 1 - here)
        pairs = {_pair_key(use, other, here) for use in mine for other in instead}
        if instead and pairs <= met:
            return  # told from the other side already
        met |= pairs
        differs = self._apart(mine, [])
        if not differs:
            return
        sides = (mine, instead) if here == 0 else (instead, mine)
        kind: Kind = "other-code" if instead else ("only-a" if here == 0 else "only-b")
        yield self._make(code, kind, *sides, differs)

    def _instead(self, code: str, mine: list[UseOfCode], other_side: int) -> list[UseOfCode]:
        """What the other side has on these words under codes that this side does not have there."""
        start, end = mine[0].start, max(use.end for use in mine)
        own = {use.code for use in self.all[1 - other_side] if use.start < end and start < use.end}
        return [
            use
            for use in self.all[other_side]
            if use.start < end and start < use.end and use.code != code and use.code not in own
            if any(use.start < one.end and one.start < use.end for one in mine)
        ]

    def _apart(self, a: Sequence[UseOfCode], b: Sequence[UseOfCode]) -> int:
        """Characters of one side only, white space apart."""
        text = self.transcript.text
        only = _covered(a) ^ _covered(b)
        return sum(not text[i].isspace() for i in only)

    def _make(
        self, code: str, kind: Kind, a: Sequence[UseOfCode], b: Sequence[UseOfCode], differs: int
    ) -> Disagreement:
        start, end = min(u.start for u in (*a, *b)), max(u.end for u in (*a, *b))
        turn = self.transcript.turn_at(start)
        low, high = (turn.start, turn.end) if turn else (0, len(self.transcript.text))
        text = self.transcript.text
        return Disagreement(
            self.transcript.id,
            code,
            kind,
            *self.coders,
            tuple(a),
            tuple(b),
            start,
            end,
            differs,
            turn.label if turn else "",
            text[max(low, start - CONTEXT) : start],
            text[end : max(end, min(high, end + CONTEXT))],
            any(s < end and start < e for s, e in self.settled),
        )


def _place(use: UseOfCode) -> tuple[int, int, str]:
    return (use.start, use.end, use.segment)


def _pair_key(use: UseOfCode, other: UseOfCode, here: int) -> tuple[str, str, str, str]:
    first, second = (use, other) if here == 0 else (other, use)
    return (first.segment, first.code, second.segment, second.code)


def _covered(uses: Iterable[UseOfCode]) -> set[int]:
    return {i for use in uses for i in range(use.start, use.end)}


def _clusters(a: Sequence[UseOfCode], b: Sequence[UseOfCode]) -> Iterator[tuple[list[UseOfCode], list[UseOfCode]]]:
    """Groups of uses of one code that overlap, directly or through others."""
    both = sorted([(use, 0) for use in a] + [(use, 1) for use in b], key=lambda pair: _place(pair[0]))
    group: tuple[list[UseOfCode], list[UseOfCode]] = ([], [])
    reach = -1
    for use, side in both:
        if use.start >= reach and (group[0] or group[1]):
            yield group
            group = ([], [])
        group[side].append(use)
        reach = max(reach, use.end)
    if group[0] or group[1]:
        yield group
