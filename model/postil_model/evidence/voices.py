"""Whose words a span holds: evidence belongs to the participant who speaks, never to the interviewer."""

from __future__ import annotations

from bisect import bisect_right

from postil_model.evidence.rows import Span
from postil_transcripts.types import Transcript, Turn

Parts = tuple[tuple[str, tuple[Span, ...]], ...]  # participant → spans of the participant's own words


class Voices:
    """Looks up, for spans of one transcript, the participants speaking in them and their shares."""

    def __init__(self, transcript: Transcript) -> None:
        self._starts = [turn.label_start for turn in transcript.turns]
        self._turns = [(turn.start, turn.end, _participant(transcript, turn)) for turn in transcript.turns]
        self.everybody: Parts = tuple((participant, ()) for participant in transcript.participants)

    def turn_index(self, offset: int) -> int:
        """Index of the turn that holds ``offset``; -1 before the first."""
        return bisect_right(self._starts, offset) - 1

    def parts(self, start: int, end: int) -> Parts:
        """The participants who speak in ``start``:``end``, in order of speaking, with their parts."""
        return self.locate(start, end)[1]

    def locate(self, start: int, end: int) -> tuple[int, Parts]:
        """The turn in which a span begins, and its parts; half the time of a large study is spent here."""
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


def _participant(transcript: Transcript, turn: Turn) -> str:
    speaker = transcript.speaker(turn)
    return speaker.participant or "" if speaker.role == "participant" else ""
