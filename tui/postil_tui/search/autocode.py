"""Coding what a search found, in one go: one undo step, whatever the number of transcripts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from postil_base.problem import PostilError
from postil_model.search.hits import Hit, Span
from postil_study.text.units import sentences
from postil_study.text.values import Transcript
from postil_tui.code.session.record import RecordChange
from postil_tui.code.session.session import Session
from postil_tui.shell.state import Kept

Unit = Literal["words", "sentences", "turns"]


@dataclass(frozen=True)
class Batch:
    """What one coding of hits did in each transcript."""

    code: str
    steps: tuple[tuple[Session, RecordChange], ...]
    spans: int  # passages that were to be coded
    new: int  # passages that did not carry the code yet

    @property
    def said(self) -> str:
        """What happened, in words."""
        places = f"{len(self.steps)} transcript{'' if len(self.steps) == 1 else 's'}"
        already = self.spans - self.new
        rest = f", {already} had it already" if already else ""
        return f"{self.code} on {self.new} passage{'' if self.new == 1 else 's'} in {places}{rest}"


def widened(hit: Hit, transcript: Transcript, unit: Unit) -> Span:
    """The words of a hit, or the sentences or turns they lie in."""
    turns = list(transcript.turns_over(hit.start, hit.end))
    if unit == "words" or not turns:
        return hit.start, hit.end
    if unit == "turns":
        return turns[0].start, turns[-1].end
    first = sentences(transcript.text, turns[0].start, turns[0].end)
    last = sentences(transcript.text, turns[-1].start, turns[-1].end)
    start = max((a for a, _ in first if a <= hit.start), default=hit.start)
    end = min((b for _, b in last if b >= hit.end), default=hit.end)
    return start, end


def code_hits(hits: Iterable[Hit], unit: Unit, code: str, session_of: Callable[[str], Session]) -> Batch:
    """Put a code on hits, widened to ``unit``; each transcript's part is one change of its session."""
    by_transcript: dict[str, list[Hit]] = {}
    for hit in hits:
        by_transcript.setdefault(hit.transcript, []).append(hit)
    steps: list[tuple[Session, RecordChange]] = []
    count = new = 0
    for transcript_id, found in by_transcript.items():
        session = session_of(transcript_id)
        spans = list(dict.fromkeys(widened(hit, session.transcript, unit) for hit in found))
        made, change = session.code_all(code, spans)
        count, new = count + len(spans), new + made
        if change is not None:
            steps.append((session, change))
    return Batch(code, tuple(steps), count, new)


def kept(coder: str, batch: Batch) -> Kept:
    """What has to be known of a batch to take it back tomorrow."""
    return Kept(coder, batch.said, {s.transcript.id: sorted(change.states) for s, change in batch.steps})


def take_back(batch: Kept, session_of: Callable[[str], Session]) -> None:
    """Undo a coding of hits as a whole, or not at all; today or on a later day."""
    sessions = [session_of(transcript_id) for transcript_id in batch.records]
    for session in sessions:
        last = session.last_change or session.older("undo")
        if last is None or sorted(last.states) != batch.records[session.transcript.id]:
            where = session.transcript.id
            raise PostilError(f"{where} was coded on since; undo there (u in the transcript), or keep this coding")
    for session in sessions:
        session.undo()
