"""What of a transcript is shown: which turns, which codes, whose codings. What is hidden is only out of sight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from postil_study.text.values import Segment, Transcript
from postil_tui.text.layout import Block
from postil_tui.text.spans import SpanIndex, span_of

Turns = Literal["all", "participants", "coded", "uncoded"]
TURN_WORDS: dict[Turns, str] = {
    "all": "all turns",
    "participants": "participants only",
    "coded": "coded turns",
    "uncoded": "uncoded turns",
}


class Sight(msgspec.Struct, frozen=True):
    """The filter. ``codes`` None shows all; ``others`` are the segments of other coders, by coder."""

    turns: Turns = "all"
    codes: frozenset[str] | None = None
    code: str = ""  # as it is named to the person
    others: Mapping[str, tuple[Segment, ...]] = {}
    notes: Mapping[str, tuple[Segment, ...]] = {}  # of the source, by layer; no filter of codes holds for them

    def words(self) -> str:
        """What is on, in a few words; "" when everything is shown and nothing else.

        >>> Sight("uncoded", others={"ben": ()}).words()
        'uncoded turns, with ben'
        """
        parts = [TURN_WORDS[self.turns]] if self.turns != "all" else []
        parts += [f"only {self.code}"] if self.codes is not None else []
        parts += [f"with {', '.join(self.others)}"] if self.others else []
        return ", ".join(parts)

    def shows(self, segment: Segment) -> bool:
        """Whether a segment carries one of the codes shown."""
        return self.codes is None or not self.codes.isdisjoint(segment.code_ids)

    def blocks(self, transcript: Transcript, blocks: Sequence[Block], index: SpanIndex) -> list[Block]:
        """The blocks in sight."""
        if self.turns == "all":
            return list(blocks)
        return [block for block in blocks if self._shows_block(transcript, block, index)]

    def _shows_block(self, transcript: Transcript, block: Block, index: SpanIndex) -> bool:
        is_participant = block.turn >= 0 and transcript.speaker(transcript.turns[block.turn]).role == "participant"
        if self.turns == "participants":
            return is_participant
        is_coded = any(self.shows(segment) for segment in index.over(block.start, max(block.end, block.start + 1)))
        return is_coded if self.turns == "coded" else is_participant and not is_coded

    def beside(self) -> dict[str, str]:
        """Whose each segment is that is shown beside one's own: another coder's, or a layer of notes."""
        return {s.id: whose for group in (self.others, self.notes) for whose, some in group.items() for s in some}

    def clipped_beside(self, blocks: Sequence[Block]) -> list[Segment]:
        """What is shown beside one's own segments, cut to the words in sight."""
        others = [segment for segments in self.others.values() for segment in segments]
        notes = [segment for segments in self.notes.values() for segment in segments if span_of(segment)]
        return [*self.clipped(others, blocks), *self._cut_all(notes, blocks)]

    def clipped(self, segments: Iterable[Segment], blocks: Sequence[Block]) -> list[Segment]:
        """The segments in sight, cut to the words in sight."""
        return self._cut_all([segment for segment in segments if self.shows(segment) and span_of(segment)], blocks)

    def _cut_all(self, kept: list[Segment], blocks: Sequence[Block]) -> list[Segment]:
        if self.turns == "all":
            return kept
        return [part for segment in kept if (part := _cut(segment, blocks)) is not None]


def _cut(segment: Segment, blocks: Sequence[Block]) -> Segment | None:
    start, end = segment.start or 0, segment.end or 0
    over = [block for block in blocks if block.start < end and start < block.end]
    if not over:
        return None
    return msgspec.structs.replace(segment, start=max(start, over[0].start), end=min(end, over[-1].end))
