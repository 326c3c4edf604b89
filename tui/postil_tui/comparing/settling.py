"""Settling a difference: what was decided goes into the consensus layer, with the ids it settles and perhaps a note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from postil_transcripts.layer_lines import SETTLES
from postil_transcripts.layers import State
from postil_transcripts.types import CodeUse, Segment
from postil_tui.coding.record import Change
from postil_tui.coding.session import Session
from postil_tui.comparing.differences import Difference, Item


def settled_ids(segments: Iterable[Segment]) -> set[str]:
    """Ids of all records that consensus segments settle."""
    return {str(id_) for segment in segments for id_ in segment.extra.get(SETTLES, ())}


def is_settled(difference: Difference, done: set[str]) -> bool:
    """Whether a difference was decided already."""
    return all(f"{id_}:{code}" in done for id_, code in _keys(difference))


def _keys(difference: Difference) -> list[tuple[str, str]]:
    return [(item[0].id, item[1]) for item in (difference.a, difference.b) if item is not None]


def settle(session: Session, difference: Difference, take: str) -> Change:
    """Write what was decided into the consensus layer, as one action.

    ``take`` is "a", "b", "both", "neither", or a new cut of a passage that both marked: "shared" (the words both have)
    or "span" (from the first to the last word of the two).
    """
    if take in ("shared", "span"):
        chosen = [recut(difference, take)]
    else:
        chosen = [difference.a] if take in ("a", "both") else []
        chosen += [difference.b] if take in ("b", "both") else []
    settles = [f"{id_}:{code}" for id_, code in _keys(difference)]
    made: dict[str, State | None] = {}
    for item in chosen:
        if item is not None:
            _take(session, item, settles, made)
    if not made:  # neither: a record without codes keeps the decision that there is nothing
        segment = session.new_segment("", (difference.start, difference.end))
        made[segment.id] = msgspec.structs.replace(segment, codes=(), extra={SETTLES: settles})
    return session.make(made, f"settled: {take}")


def recut(difference: Difference, take: str) -> Item | None:
    """A's code with new borders; None where one of the two marked nothing, or they share no word."""
    if difference.a is None or difference.b is None:
        return None
    (one, code), (other, _) = difference.a, difference.b
    starts, ends = (one.start or 0, other.start or 0), (one.end or 0, other.end or 0)
    start, end = (max(starts), min(ends)) if take == "shared" else (min(starts), max(ends))
    return (msgspec.structs.replace(one, start=start, end=end, quote=""), code) if start < end else None


def take_agreed(session: Session, agreed: Sequence[tuple[Item, Item]]) -> Change | None:
    """Take over what both coded alike, as one action; None if the consensus has it all."""
    done = settled_ids(session.records.segments.values())
    made: dict[str, State | None] = {}
    for one, other in agreed:
        settles = [f"{item[0].id}:{item[1]}" for item in (one, other)]
        if not done.issuperset(settles):
            _take(session, one, settles, made)
    return session.make(made, f"{len(made)} segments that agree taken over") if made else None


def _take(session: Session, item: Item, settles: list[str], made: dict[str, State | None]) -> None:
    """Put one code of a segment into the consensus: on the segment with these borders, or on a new one."""
    segment, code = item
    use = next(use for use in segment.uses if use.code == code)
    added = code if use.mode == "affirm" else CodeUse(code, use.mode)
    span = (segment.start or 0, segment.end or 0)
    there = [s for s in made.values() if isinstance(s, Segment) and (s.start, s.end) == span]
    there += [s for s in session.records.index.exactly(*span) if s.id not in made]
    base = there[0] if there else msgspec.structs.replace(session.new_segment(code, span), codes=())
    codes = base.codes if code in base.code_ids else (*base.codes, added)
    known = [str(id_) for id_ in base.extra.get(SETTLES, ())]
    extra = {**base.extra, SETTLES: list(dict.fromkeys([*known, *settles]))}
    made[base.id] = msgspec.structs.replace(base, codes=codes, extra=extra, at=session.now())
