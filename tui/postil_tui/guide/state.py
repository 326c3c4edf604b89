"""Marks of the guide at work: what is proposed, what is confirmed, each change written at once and with its undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from postil_base.clock import utc_now
from postil_base.plural import counted
from postil_base.problem import ChangedUnderneathError, PostilError
from postil_study.anchoring.guide_match import Match, Matcher, answer_after
from postil_study.files import guide_marks as marks
from postil_study.files.codings import GUIDE_FOLDER
from postil_study.layers.store import LayerStore, start_layer
from postil_study.layers.values import Deleted, State, changes_between, with_header, with_states
from postil_study.text.values import GuideQuestion, Layer, Segment, Transcript, Turn
from postil_tui.shell.workspace import Workspace


class GuideStep(msgspec.Struct, frozen=True):
    """One change of one transcript's marks."""

    transcript: str
    before: Layer
    after: Layer
    said: str


class GuideState:
    """The guide's marks on all transcripts of a study."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.questions: tuple[GuideQuestion, ...] = workspace.study.settings.guide
        self.done: list[GuideStep] = []
        self._dropped: set[tuple[str, int]] = set()
        self._layers: dict[str, Layer | None] = {}
        self._marked: dict[str, Mapping[int, Segment]] = {}
        self._proposed: dict[str, Mapping[int, Match]] = {}
        self._matches: dict[str, list[Match]] = {}
        self._matcher: Matcher | None = None

    # --- what there is -------------------------------------------------------------------------------------------

    def question(self, question_id: str) -> GuideQuestion | None:
        """A question by id."""
        return next((question for question in self.questions if question.id == question_id), None)

    def layer(self, transcript_id: str) -> Layer | None:
        """The marks of a transcript; None if it has none."""
        if transcript_id not in self._layers:
            self._layers[transcript_id] = self._store.read(GUIDE_FOLDER, transcript_id)
        return self._layers[transcript_id]

    @property
    def _store(self) -> LayerStore:
        return LayerStore(self.workspace.root, self.workspace.codebook, self.workspace.clock)

    def turns(self, transcript_id: str) -> list[Turn]:
        """The interviewer's turns that somebody answers."""
        transcript = self.workspace.transcript(transcript_id)
        asking = [turn for turn in transcript.turns if transcript.speaker(turn).role == "interviewer"]
        return [turn for turn in asking if answer_after(transcript, turn.index, self._next(asking, turn)) is not None]

    @staticmethod
    def _next(asking: list[Turn], turn: Turn) -> int | None:
        return next((other.index for other in asking if other.index > turn.index), None)

    def marked(self, transcript_id: str) -> Mapping[int, Segment]:
        """The marks by the turn they answer."""
        if transcript_id not in self._marked:
            transcript = self.workspace.transcript(transcript_id)
            self._marked[transcript_id] = marks.starts(transcript, self.layer(transcript_id))
        return self._marked[transcript_id]

    def proposals(self, transcript_id: str) -> Mapping[int, Match]:
        """What is proposed and neither confirmed nor dropped: turns without a mark, questions without one.

        Nothing is where somebody has looked through already.
        """
        if not marks.is_open(self.layer(transcript_id)):
            return {}
        if transcript_id not in self._proposed:
            asked = marks.questions_asked(self.layer(transcript_id))
            there = self.marked(transcript_id)
            found = (m for m in self._found(transcript_id) if m.turn not in there and m.question not in asked)
            self._proposed[transcript_id] = {m.turn: m for m in found if (transcript_id, m.turn) not in self._dropped}
        return self._proposed[transcript_id]

    def _found(self, transcript_id: str) -> list[Match]:
        if transcript_id not in self._matches:
            if self._matcher is None:
                self._matcher = self._learned()
            self._matches[transcript_id] = self._matcher.matches(self.workspace.transcript(transcript_id))
        return self._matches[transcript_id]

    def _learned(self) -> Matcher:
        """A matcher that knows how the questions were asked where marks are confirmed."""
        examples: dict[str, list[str]] = {}
        turns: list[str] = []
        for name, transcript in self.workspace.study.transcripts.items():
            asked = [t for t in transcript.turns if transcript.speaker(t).role == "interviewer"]
            turns += [transcript.text[turn.start : turn.end] for turn in asked]
            for index, segment in self.marked(name).items():
                if index >= 0:
                    turn = transcript.turns[index]
                    examples.setdefault(segment.code_ids[0], []).append(transcript.text[turn.start : turn.end])
        return Matcher(self.questions, self.workspace.codebook, turns, examples)

    def passage(self, transcript_id: str, turn: int) -> tuple[int, int] | None:
        """The words that answer a turn: its mark, or what would be marked."""
        known = self.marked(transcript_id).get(turn)
        if known is not None and known.start is not None and known.end is not None:
            return known.start, known.end
        breaks = sorted({*self.marked(transcript_id), *self.proposals(transcript_id)})
        until = next((other for other in breaks if other > turn), None)
        return answer_after(self.workspace.transcript(transcript_id), turn, until)

    def above(self, transcript_id: str, turn: int) -> str:
        """The question in whose passage a turn lies, "" if it lies in none."""
        start = self.workspace.transcript(transcript_id).turns[turn].start
        layer = self.layer(transcript_id)
        for segment in layer.segments if layer else ():
            if segment.start is not None and segment.start <= start < (segment.end or 0):
                return segment.code_ids[0] if segment.codes else ""
        return ""

    # --- changes -------------------------------------------------------------------------------------------------

    def confirm(self, transcript_id: str, chosen: Mapping[int, str]) -> None:
        """Mark what turns ask."""
        others = set(self.proposals(transcript_id)) - set(chosen)
        said = ", ".join(chosen.values()) if len(chosen) < 3 else f"{counted(len(chosen), 'question')}"
        self._change(transcript_id, said, lambda text, layer, at: marks.mark(text, layer, chosen, others, at))

    def drop(self, transcript_id: str, turn: int) -> None:
        """Take a mark out; a mere proposal is not made again."""
        known = self.marked(transcript_id).get(turn)
        self._dropped.add((transcript_id, turn))
        self._forget(transcript_id)
        if known is not None:
            self._change(transcript_id, "mark removed", lambda text, layer, at: marks.unmark(layer, known.id, at))

    def join(self, transcript_id: str, turn: int) -> None:
        """A turn only followed up on the question above it."""
        self._dropped.add((transcript_id, turn))
        self._change(transcript_id, "belongs above", lambda text, layer, at: marks.join(text, layer, turn, at))

    def toggle_open(self, transcript_id: str) -> bool:
        """Say that a transcript was looked through, or that it was not; tells whether it is open now."""
        still = not marks.is_open(self.layer(transcript_id))
        said = "open again" if still else "looked through"
        self._change(transcript_id, said, lambda text, layer, at: marks.with_open(layer, still))
        return still

    def undo(self) -> str:
        """Take the last change back; says which it was, "" if there is none."""
        if not self.done:
            return ""
        step = self.done[-1]
        now = self._store.read(GUIDE_FOLDER, step.transcript) or step.before
        changes = changes_between(step.before, step.after)
        there = {record.id: record for record in now.segments}
        for id_, (_, after) in changes.items():
            if there.get(id_) != (after if isinstance(after, Segment) else None):
                raise ChangedUnderneathError(f"{step.transcript}: “{step.said}” was changed since; it stays.")
        at = utc_now(self.workspace.clock)
        back: dict[str, State | None] = {id_: before or Deleted(id_, at) for id_, (before, _) in changes.items()}
        restored = with_header(with_states(now, back), extra=step.before.header.extra)
        self._save(step.transcript, now, restored)
        self.done.pop()
        return f"{step.transcript}, {step.said}"

    def _change(self, transcript_id: str, said: str, change: Callable[[Transcript, Layer, str], Layer]) -> None:
        before = self.layer(transcript_id)
        if before is None:  # nobody has looked at it yet
            before = marks.with_open(start_layer(self.workspace.study, GUIDE_FOLDER, transcript_id), True)
        after = change(self.workspace.transcript(transcript_id), before, utc_now(self.workspace.clock))
        saved = self._save(transcript_id, before, after)
        self.done.append(GuideStep(transcript_id, before, saved, said))

    def _save(self, transcript_id: str, before: Layer, after: Layer) -> Layer:
        if not self.questions:
            raise PostilError("the study has no guide yet; write the questions under guide: in study.yaml")
        saved = self._store.save(before, after).layer
        self._layers[transcript_id] = saved
        self._forget(transcript_id)
        return saved

    def _forget(self, transcript_id: str) -> None:
        self._marked.pop(transcript_id, None)
        self._proposed.pop(transcript_id, None)
