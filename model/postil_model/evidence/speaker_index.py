"""Whose words a span holds: evidence belongs to the participant who speaks, never to the interviewer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from postil_model.evidence.rows import Span
from postil_study.text.values import Segment, Speaker, Transcript

Parts = tuple[tuple[str, tuple[Span, ...]], ...]  # participant → spans of the participant's own words


class SpeakerIndex:
    """Looks up, for spans of one transcript, the participants speaking in them and their shares."""

    def __init__(self, transcript: Transcript) -> None:
        who = {label: _participant(speaker) for label, speaker in transcript.info.speakers.items()}
        self._starts = [turn.label_start for turn in transcript.turns]
        self.speakers = [who.get(turn.label, "") for turn in transcript.turns]  # by turn; empty: no participant
        self._turns = [
            (turn.start, turn.end, speaker) for turn, speaker in zip(transcript.turns, self.speakers, strict=True)
        ]
        self.everybody: Parts = tuple((participant, ()) for participant in transcript.participants)

    def turns_around(self, segments: Iterable[Segment]) -> list[int | None]:
        """For each segment the turn of a participant that holds the whole of it; None if there is no such turn."""
        starts, turns = self._starts, self._turns
        found: list[int | None] = []
        for segment in segments:
            start, end = segment.start, segment.end
            if start is not None and end is not None:
                index = bisect_right(starts, start) - 1
                if index >= 0:
                    low, high, participant = turns[index]
                    if low <= start < end <= high and participant:
                        found.append(index)
                        continue
            found.append(None)
        return found

    def turn_index(self, offset: int) -> int:
        """Index of the turn that holds ``offset``; -1 before the first."""
        return bisect_right(self._starts, offset) - 1

    def of(self, segment: Segment) -> Parts:
        """The participants' parts of a segment; a code on the whole transcript belongs to everybody who speaks."""
        if segment.start is None or segment.end is None:
            return self.everybody
        return self.parts(segment.start, segment.end)

    def parts(self, start: int, end: int) -> Parts:
        """The participants who speak in ``start``:``end``, in order of speaking, with their parts."""
        return self.locate(start, end)[1]

    def locate(self, start: int, end: int) -> tuple[int, Parts]:
        """The turn in which a span begins, and its parts."""
        index = bisect_right(self._starts, start) - 1
        if index >= 0:
            turn_start, turn_end, participant = self._turns[index]
            if turn_start <= start < end <= turn_end:  # nearly always: a segment inside one turn
                return index, ((participant, ((start, end),)),) if participant else ()
        return index, self._over_turns(max(index, 0), start, end)

    def _over_turns(self, index: int, start: int, end: int) -> Parts:
        found: dict[str, list[Span]] = {}
        for turn_start, turn_end, participant in self._turns[index:]:
            low, high = max(start, turn_start), min(end, turn_end)
            if participant and low < high:
                found.setdefault(participant, []).append((low, high))
            if turn_end >= end:
                break
        return tuple((participant, tuple(spans)) for participant, spans in found.items())


def _participant(speaker: Speaker) -> str:
    return speaker.participant or "" if speaker.role == "participant" else ""
