"""What is to be looked at again: segments whose code changed its meaning, and the decisions that tick them off."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from postil_base.problem import PostilError
from postil_codebook.values import Codebook
from postil_model.search.hits import Hit
from postil_study.layers.values import State
from postil_study.rounds.recode import StaleSegment, recode_queue
from postil_study.study import Study
from postil_study.text.values import CodeUse, Relation, Segment
from postil_tui.code.session.record import RecordChange
from postil_tui.code.session.session import Session

NEVER = "1970-01-01"  # when a segment without any time was last looked at


class QueueItem(msgspec.Struct, frozen=True):
    """One segment to look at again on account of one code."""

    coder: str
    transcript: str
    segment: str
    code: str
    quote: str
    start: int | None
    end: int | None

    @property
    def hit(self) -> Hit | None:
        """The words as a passage; None for what codes the whole transcript."""
        return None if self.start is None or self.end is None else Hit(self.transcript, self.start, self.end)


def items(study: Study, coder: str, hidden: Mapping[tuple[str, str], str]) -> list[QueueItem]:
    """The queue by code: one coder's, or everybody's that is not hidden with ""."""
    return [
        _item(stale)
        for stale in recode_queue(study)
        if (stale.coder, stale.transcript) not in hidden and coder in ("", stale.coder)
    ]


def _item(stale: StaleSegment) -> QueueItem:
    segment = stale.segment
    return QueueItem(
        stale.coder, stale.transcript, segment.id, stale.code, segment.quote, segment.start, segment.end
    )  # fmt: skip


def segment_of(session: Session, item: QueueItem) -> Segment:
    """The segment as it is now."""
    found = session.records.segments.get(item.segment)
    if found is None:
        raise PostilError("this segment is not there any more; it may have been removed meanwhile")
    return found


def keep(session: Session, item: QueueItem) -> RecordChange:
    """The code still holds: the segment is checked as of now."""
    segment = segment_of(session, item)
    checked = msgspec.structs.replace(segment, checked=session.now())
    return session.make({segment.id: checked}, f"{item.code} still holds")


def take_off(session: Session, item: QueueItem) -> RecordChange:
    """The code holds no longer; with its last code the segment goes."""
    return session.remove_code(item.segment, item.code)


def exchange(session: Session, item: QueueItem, code: str) -> RecordChange:
    """Another code holds instead, in the same mode; relations of the old code on these words go with it."""
    segment = segment_of(session, item)
    uses = [CodeUse(code, use.mode) if use.code == item.code else use for use in segment.uses]
    codes = dict.fromkeys(use.code if use.mode == "affirm" else use for use in uses)
    now = session.now()
    states: dict[str, State | None] = {
        segment.id: msgspec.structs.replace(segment, codes=tuple(codes), at=now, checked=now)
    }
    for relation in session.records.touching(segment.id):
        changed = relation
        if (relation.source, relation.source_code) == (segment.id, item.code):
            changed = msgspec.structs.replace(changed, source_code=code, at=now)
        if (relation.target, relation.target_code) == (segment.id, item.code):
            changed = msgspec.structs.replace(changed, target_code=code, at=now)
        if changed is not relation:
            states[relation.id] = changed
    return session.make(states, f"{code} in place of {item.code}")


def put_back(session: Session, change: RecordChange) -> None:
    """Take a decision back. The segment is written anew now, but was last looked at when it was before."""
    if session.last_change is not change:
        raise PostilError(f"{session.transcript.id} was coded on since; undo there (u in the transcript)")
    states: dict[str, State | None] = {}
    for id_, (before, _) in change.states.items():
        if isinstance(before, Segment):
            looked_at = before.checked or before.at or NEVER
            states[id_] = msgspec.structs.replace(before, at=session.now(), checked=looked_at)
        elif isinstance(before, Relation):
            states[id_] = msgspec.structs.replace(before, at=session.now())
    session.make(states, f"taken back: {change.said}")


def finer(book: Codebook, code: str) -> list[str]:
    """The codes beside this one, those that came with the change first: what it may have been split into."""
    known = book.codes.get(code)
    if known is None:
        return []
    beside = [other.id for other in book.codes.values() if other.parent == known.parent and other.id != code]
    return [other for other in beside if book.codes[other].codable]
