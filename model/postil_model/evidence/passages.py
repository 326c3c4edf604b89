"""Rows of coded segments, a layer at a time: where a large study spends its time, so they are made column by column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, repeat
from typing import cast

from postil_model.evidence.guide import Guide, GuideMarks
from postil_model.evidence.rows import Elicited, EvidenceRow, Kind, Span, What
from postil_model.evidence.speaker_index import SpeakerIndex
from postil_model.evidence.sums import NOBODY, Claim, Sums
from postil_study.text.values import CodeUse, Layer, Mode, Segment

_AFFIRM: Mode = "affirm"
_STATED: Kind = "stated"
_NODE: What = "node"
_UNKNOWN: Elicited = "unknown"
EVERY_TURN = -1  # the turn of a code on the whole transcript


@dataclass(frozen=True, slots=True)
class _Uses:
    """Codes in the words of one participant each, column by column."""

    segments: Sequence[Segment]
    codes: Sequence[str]
    modes: Iterable[Mode]
    participants: Sequence[str]
    turns: Sequence[int]
    parts: Iterable[tuple[Span, ...]]


class Passages:
    """Turns the segments of layers into rows, and counts what becomes none."""

    def __init__(self, node_of: Mapping[str, str], item_of: Mapping[str, tuple[str, str]], guide: Guide) -> None:
        self._claims = _Claims({code: (node, item_of.get(code, ("", ""))[1]) for code, node in node_of.items()})
        self._guide = guide
        self.sums = Sums()
        self.outside = 0  # segments without a word of a participant
        self.unanchored = 0  # segments whose words are gone

    def read(self, layer: Layer, voices: SpeakerIndex, marks: GuideMarks) -> list[EvidenceRow]:
        """The rows of a layer, in its order."""
        here = [segment for segment in layer.segments if segment.codes and not segment.unanchored]
        self.unanchored += sum(segment.unanchored and bool(segment.codes) for segment in layer.segments)
        turns = voices.turns_around(here)
        if None not in turns:  # nearly always: every segment lies inside one turn of a participant
            return self._plain_rows(layer, here, turns, voices, marks)
        rows: list[EvidenceRow] = []
        for inside, run in groupby(zip(here, turns, strict=True), key=lambda pair: pair[1] is not None):
            if inside:
                segments, of_run = zip(*run, strict=True)
                rows += self._rows(layer, _plain(segments, of_run, voices), marks)
            else:
                for segment, _ in run:
                    rows += self._rows(layer, self._anywhere(segment, voices), marks)
        self.sums.add_rows(rows)
        return rows

    def _plain_rows(
        self,
        layer: Layer,
        segments: Sequence[Segment],
        turns: Sequence[int | None],
        voices: SpeakerIndex,
        marks: GuideMarks,
    ) -> list[EvidenceRow]:
        """Rows and sums of segments of which each is the words of one participant."""
        uses = _plain(segments, turns, voices)
        rows = self._rows(layer, uses, marks)
        if len(set(uses.participants)) == 1 and isinstance(uses.modes, repeat):
            ids = [segment.id for segment in uses.segments] if len(rows) > len(segments) else ()
            self.sums.add_affirmed(self._claims, uses.codes, ids, uses.participants[0], layer.header.coder)
        else:
            self.sums.add_rows(rows)
        return rows

    def _anywhere(self, segment: Segment, voices: SpeakerIndex) -> _Uses:
        """A segment over several turns, or on the whole transcript: its codes, for each who speaks in it."""
        if segment.start is None or segment.end is None:
            turn, parts = EVERY_TURN, voices.everybody
        else:
            turn, parts = voices.locate(segment.start, segment.end)
        self.outside += not parts
        uses = [(use, participant, spans) for use in segment.codes for participant, spans in parts]
        return _Uses(
            [segment] * len(uses),
            *_split([use for use, _, _ in uses]),
            [participant for _, participant, _ in uses],
            [turn] * len(uses),
            [spans for _, _, spans in uses],
        )

    def _rows(self, layer: Layer, uses: _Uses, marks: GuideMarks) -> list[EvidenceRow]:
        segments, codes = uses.segments, uses.codes
        if not codes:
            return []
        nodes, items = zip(*map(self._claims.__getitem__, codes), strict=True)
        questions, elicited = self._asked(segments, codes, marks)
        # by position: naming the fields would cost a third more
        return list(
            map(
                EvidenceRow,
                nodes, [_NODE if node else "code" for node in nodes], repeat(_STATED),
                uses.participants, zip([segment.id for segment in segments]), codes, items,
                uses.modes, repeat(layer.header.coder), repeat(layer.header.transcript), uses.turns, uses.parts,
                questions, elicited, [segment.unsure for segment in segments], [segment.memo for segment in segments],
            )
        )  # fmt: skip

    def _asked(
        self, segments: Sequence[Segment], codes: Sequence[str], marks: GuideMarks
    ) -> tuple[Iterable[str], Iterable[Elicited]]:
        """Question and how the answer came about, for each use of a code."""
        if not marks.marked:
            return repeat(""), repeat(_UNKNOWN)
        questions = [marks.question(segment.start) for segment in segments]
        return questions, [self._guide.elicited(*asked, True) for asked in zip(questions, codes, strict=True)]


class _Claims(dict[str, Claim]):
    """What claims each code; nobody claims a code that is not there."""

    def __missing__(self, code: str) -> Claim:
        return NOBODY


def _split(uses: Sequence[str | CodeUse]) -> tuple[Sequence[str], Iterable[Mode]]:
    """The codes, and the mode of each; nearly always all are affirmed."""
    if set(map(type, uses)) <= {str}:
        return cast("Sequence[str]", uses), repeat(_AFFIRM)
    codes = [use if isinstance(use, str) else use.code for use in uses]
    return codes, [_AFFIRM if isinstance(use, str) else use.mode for use in uses]


def _plain(segments: Sequence[Segment], around: Sequence[int | None], voices: SpeakerIndex) -> _Uses:
    """Segments inside one turn of a participant each; ``around``: which turn that is."""
    turns = cast("Sequence[int]", around)
    codes = [use for segment in segments for use in segment.codes]
    if len(codes) != len(segments):
        turns = [turn for segment, turn in zip(segments, turns, strict=True) for _ in segment.codes]
        segments = [segment for segment in segments for _ in segment.codes]
    places = cast("list[Span]", [(segment.start, segment.end) for segment in segments])
    return _Uses(segments, *_split(codes), [voices.speakers[turn] for turn in turns], turns, zip(places))
