"""One coder at work on one transcript: what each key does to the layer. Every action is a `RecordChange`.

The session changes records at once and hands the change on, to be saved by somebody else; it never waits for a disk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.ids import new_id
from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_codebook.values import Codebook
from postil_study.layers.values import Deleted, State
from postil_study.text.values import CodeUse, Layer, LayerHeader, Mode, Relation, RelationType, Segment, Transcript
from postil_tui.code.session.record import Act, RecordChange, Records

Span = tuple[int, int]
Listener = Callable[[RecordChange], None]
Record = TypeVar("Record", Segment, Relation)


class Session:
    """The layer being worked on, with undo. Listeners hear of every change after it was made."""

    def __init__(self, transcript: Transcript, codebook: Codebook, layer: Layer, clock: Clock = system_clock) -> None:
        self.transcript = transcript
        self.codebook = codebook
        self.header: LayerHeader = layer.header
        self.records = Records(layer)
        self.listeners: list[Listener] = []
        self._clock = clock
        self.older: Callable[[Act], RecordChange | None] = lambda act: None  # steps of earlier days
        self.read_only = ""  # why nothing can be changed
        self._done: list[RecordChange] = []
        self._undone: list[RecordChange] = []

    @property
    def coder(self) -> str:
        """Whose layer this is."""
        return self.header.coder

    def now(self) -> str:
        """The time that is written into records."""
        return utc_now(self._clock)

    # --- codes -----------------------------------------------------------------------------------------------------

    def code(self, code: str, span: Span, mode: Mode = "affirm") -> RecordChange | None:
        """Put a code on words; None if they carry it already."""
        start, end = self.trimmed(span)
        if start >= end:
            raise PostilError("there are no words in the selection; select some and code again")
        if self._carried(code, start, end):
            return None
        same = self.records.index.exactly(start, end)
        if same:
            segment = self._stamped(same[0], codes=(*same[0].codes, self._use(code, mode)))
            return self.make({segment.id: segment}, f"{code} added")
        alone = [s for s in self.records.index.over(start, end) if s.code_ids == (code,)]
        if alone:
            return self._widen(alone[0], (start, end), code)
        return self._make_segment(code, (start, end), mode)

    def code_all(self, code: str, spans: Sequence[Span]) -> tuple[int, RecordChange | None]:
        """Put a code on several passages as one action; returns how many did not carry it yet."""
        made: dict[str, State | None] = {}
        for span in spans:
            start, end = self.trimmed(span)
            if start < end and not self._carried(code, start, end):
                segment = self.new_segment(code, (start, end), "affirm")
                made[segment.id] = segment
        return len(made), self.make(made, f"{code} on {counted(len(made), 'passage')}") if made else None

    def _carried(self, code: str, start: int, end: int) -> bool:
        over = self.records.index.over(start, end)
        return any(code in s.code_ids and (s.start or 0) <= start and end <= (s.end or 0) for s in over)

    @property
    def last_change(self) -> RecordChange | None:
        """What `undo` would take back, of this sitting."""
        return self._done[-1] if self._done else None

    def _widen(self, segment: Segment, span: Span, code: str) -> RecordChange:
        start, end = min(segment.start or 0, span[0]), max(segment.end or 0, span[1])
        wider = self._stamped(segment, start=start, end=end, quote=self.transcript.text[start:end])
        return self.make({segment.id: wider}, f"{code} extended")

    def _make_segment(self, code: str, span: Span, mode: Mode) -> RecordChange:
        segment = self.new_segment(code, span, mode)
        return self.make({segment.id: segment}, code)

    def new_segment(self, code: str, span: Span, mode: Mode = "affirm") -> Segment:
        """A segment that is not in the layer yet."""
        return Segment(
            id=self._fresh_id(),
            start=span[0],
            end=span[1],
            codes=(self._use(code, mode),),
            quote=self.transcript.text[span[0] : span[1]],
            at=self.now(),
        )

    def code_whole(self, code: str) -> RecordChange | None:
        """Put a code on the whole transcript; None if it is there already."""
        whole = self.records.whole()
        if any(code in segment.code_ids for segment in whole):
            return None
        segment = Segment(id=self._fresh_id(), codes=(code,), at=self.now())
        return self.make({segment.id: segment}, f"{code} on the whole transcript")

    def remove_code(self, segment_id: str, code: str) -> RecordChange:
        """Take one code off a segment; with its last code the segment goes, and the relations that hang on it."""
        segment = self._segment(segment_id)
        left = tuple(use for use in segment.uses if use.code != code)
        if not left:
            return self.remove_segment(segment_id, said=f"{code} removed")
        self._refuse_unclear(segment)
        changes: dict[str, State | None] = {segment_id: self._stamped(segment, codes=_plain(left))}
        ends = {(segment_id, code)}
        for relation in self.records.touching(segment_id):
            if not ends.isdisjoint({(relation.source, relation.source_code), (relation.target, relation.target_code)}):
                changes[relation.id] = Deleted(relation.id, self.now())
        return self.make(changes, f"{code} removed")

    def _refuse_unclear(self, segment: Segment) -> None:
        """A relation that does not say which code it is about would speak of another one than before."""
        for relation in self.records.touching(segment.id):
            ends = ((relation.source, relation.source_code), (relation.target, relation.target_code))
            if (segment.id, "") in ends:
                codes = " or ".join(segment.code_ids)
                raise PostilError(f"relation {relation.id} does not say whether it is about {codes}; say so first (L)")

    def remove_segment(self, segment_id: str, said: str = "segment removed") -> RecordChange:
        """Take a segment out, with the relations that start or end at it."""
        ids = [segment_id, *(relation.id for relation in self.records.touching(segment_id))]
        return self.make({id_: Deleted(id_, self.now()) for id_ in ids}, said)

    def set_mode(self, segment_id: str, code: str, mode: Mode) -> RecordChange:
        """Say how the speaker meant a code."""
        segment = self._segment(segment_id)
        uses = tuple(CodeUse(use.code, mode) if use.code == code else use for use in segment.uses)
        return self.make({segment_id: self._stamped(segment, codes=_plain(uses))}, f"{code}: {mode}")

    def set_unsure(self, segment_id: str, unsure: bool) -> RecordChange:
        """Flag a segment as unsure, or not."""
        said = "marked unsure" if unsure else "no longer unsure"
        return self.make({segment_id: self._stamped(self._segment(segment_id), unsure=unsure)}, said)

    def set_memo(self, segment_id: str, memo: str) -> RecordChange:
        """Write the memo of a segment."""
        said = "memo written" if memo.strip() else "memo removed"
        return self.make({segment_id: self._stamped(self._segment(segment_id), memo=memo.strip())}, said)

    def set_borders(self, segment_id: str, span: Span) -> RecordChange:
        """Give a segment other borders."""
        start, end = self.trimmed(span)
        if start >= end:
            raise PostilError("a segment needs at least one character; its borders stay as they are")
        quote = self.transcript.text[start:end]
        moved = self._stamped(self._segment(segment_id), start=start, end=end, quote=quote, unanchored=False)
        return self.make({segment_id: moved}, "borders changed")

    # --- relations -------------------------------------------------------------------------------------------------

    def relate(self, source: str, source_code: str, target: str, target_code: str, kind: RelationType) -> RecordChange:
        """Join a code of one segment to a code of another (or of the same)."""
        relation = Relation(
            id=self._fresh_id(),
            source=source,
            target=target,
            type=kind,
            source_code=source_code,
            target_code=target_code,
            at=self.now(),
        )
        return self.make({relation.id: relation}, f"{source_code} {kind} {target_code}")

    def set_relation(self, relation_id: str, said: str, **fields: object) -> RecordChange:
        """Change guard, cue, type, mode or memo of a relation."""
        relation = self.records.relations.get(relation_id)
        if relation is None:
            raise PostilError("this relation is not there any more; it may have been removed meanwhile")
        return self.make({relation_id: self._stamped(relation, **fields)}, said)

    def remove_relation(self, relation_id: str) -> RecordChange:
        """Take a relation out."""
        return self.make({relation_id: Deleted(relation_id, self.now())}, "relation removed")

    # --- undo --------------------------------------------------------------------------------------------------------

    def undo(self) -> RecordChange | None:
        """Take the last action back; None if there is none."""
        return self._go(self._done, self._undone, "undo")

    def redo(self) -> RecordChange | None:
        """Do again what was taken back last; None if there is nothing."""
        return self._go(self._undone, self._done, "redo")

    @property
    def redoable(self) -> RecordChange | None:
        """What `redo` would do again, as it was taken back."""
        return self._undone[-1] if self._undone else self.older("redo")

    def _go(self, source: list[RecordChange], goal: list[RecordChange], act: Act) -> RecordChange | None:
        last = source[-1] if source else self.older(act)
        if last is None:
            return None
        from postil_study.history.undo import same_words

        if any(not same_words(self.records.state(id_), after) for id_, (_, after) in last.states.items()):
            raise PostilError(
                f"“{last.said}” was changed since; it stays as it is, so that the newer change is not lost"
            )
        if source:
            source.pop()
        back = {id_: self._as_new(id_, before) for id_, (before, _) in last.states.items()}
        change = self._carry_out(back, last.said, act)
        goal.append(change)
        return change

    def _as_new(self, record_id: str, state: State | None) -> State:
        if state is None or isinstance(state, Deleted):
            return Deleted(record_id, self.now())
        return msgspec.structs.replace(state, at=self.now())

    # --- what all share --------------------------------------------------------------------------------------------

    def trimmed(self, span: Span) -> Span:
        """The span without white space at its ends."""
        words = self.transcript.text[span[0] : span[1]]
        left = len(words) - len(words.lstrip())
        return span[0] + left, span[0] + left + len(words.strip())

    def take_over(self, changes: dict[str, State | None]) -> RecordChange:
        """Bring in what changed outside: no undo step, nothing to save."""
        states = {id_: (self.records.state(id_), after) for id_, after in changes.items()}
        for id_, after in changes.items():
            self.records.put(id_, after)
        return RecordChange(states, "changed outside", "outside")

    def make(self, after: Mapping[str, State | None], said: str) -> RecordChange:
        """Bring records into these states, as one action."""
        change = self._carry_out(after, said)
        self._done.append(change)
        self._undone.clear()
        return change

    def _carry_out(self, after: Mapping[str, State | None], said: str, act: Act = "do") -> RecordChange:
        if self.read_only:
            raise PostilError(self.read_only)
        states = {id_: _before_and_after(self.records.state(id_), state) for id_, state in after.items()}
        for id_, (_, state) in states.items():
            self.records.put(id_, state)
        change = RecordChange(states, said, act)
        for listener in self.listeners:
            listener(change)
        return change

    def _segment(self, segment_id: str) -> Segment:
        segment = self.records.segments.get(segment_id)
        if segment is None:
            raise PostilError("this segment is not there any more; it may have been removed meanwhile")
        return segment

    def _stamped(self, record: Record, **fields: object) -> Record:
        return msgspec.structs.replace(record, **fields, at=self.now())

    def _fresh_id(self) -> str:
        records = self.records
        while True:
            made = new_id(records.segments)
            if made not in records.relations and made not in records.deleted:
                return made

    @staticmethod
    def _use(code: str, mode: Mode) -> str | CodeUse:
        return code if mode == "affirm" else CodeUse(code, mode)


def _plain(uses: tuple[CodeUse, ...]) -> tuple[str | CodeUse, ...]:
    return tuple(use.code if use.mode == "affirm" else use for use in uses)


def _before_and_after(before: State | None, after: State | None) -> tuple[State | None, State | None]:
    """A change, whose time is never older than what it changes: a clock that is slow makes no edit an old version."""
    if before is None or after is None or after.at >= before.at:
        return before, after
    if isinstance(after, Deleted):
        return before, Deleted(after.id, before.at)
    return before, msgspec.structs.replace(after, at=before.at)
