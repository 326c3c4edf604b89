"""Settling a difference: what was decided goes into the consensus layer, with the ids it settles and perhaps a note.

A passage that is taken brings its relations as soon as both its ends are in the consensus, unless the other coder has
both passages and drew something else there: that is a difference of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from postil_base.problem import PostilError
from postil_study.layers.lines import SETTLES
from postil_study.layers.values import State
from postil_study.text.values import CodeUse, Relation, Segment
from postil_tui.code.session.record import RecordChange, Records
from postil_tui.code.session.session import Session
from postil_tui.compare.differences import CodingDifference, ComparedLayers, Item
from postil_tui.compare.relations import Drawn, End, keys

Made = dict[str, State | None]


def settled_ids(records: Iterable[State | None]) -> set[str]:
    """What the records of a consensus settle, as decisions name it."""
    alive = (record for record in records if isinstance(record, (Segment, Relation)))
    return {str(id_) for record in alive for id_ in record.extra.get(SETTLES, ())}


def settled_in(records: Records) -> set[str]:
    """What a consensus that is being worked on settles."""
    return settled_ids([*records.segments.values(), *records.relations.values()])


def is_settled(difference: CodingDifference, done: set[str]) -> bool:
    """Whether a difference was decided already."""
    return all(key in done for key in difference.keys)


def settle(session: Session, difference: CodingDifference, take: str, compared: ComparedLayers) -> RecordChange:
    """Write what was decided into the consensus layer, as one action, with the relations that come with it.

    ``take`` is "a", "b", "both", "neither", or a new cut of a passage that both marked: "shared" (the words both have)
    or "span" (from the first to the last word of the two). Raises PostilError where a relation is taken whose passages
    are not in the consensus.
    """
    made: Made = {}
    if difference.is_relation:
        _take_relations(session, difference, take, compared, made)
    else:
        _take_codes(session, difference, take, made)
    if not made:  # neither: a record without codes keeps the decision that there is nothing
        # of a relation on no words: a record on some would say that the passages there are settled
        start, end = (0, 0) if difference.is_relation else (difference.start, difference.end)
        segment = _empty(session, start, end)
        made[segment.id] = msgspec.structs.replace(segment, codes=(), extra={SETTLES: difference.keys})
    bring_relations(session, compared, made)
    return session.make(made, f"settled: {take}")


def _empty(session: Session, start: int, end: int) -> Segment:
    segment = session.new_segment("", (start, end))
    return segment if start < end else msgspec.structs.replace(segment, start=None, end=None)


def _take_codes(session: Session, difference: CodingDifference, take: str, made: Made) -> None:
    said_by: list[Segment] = []
    if take in ("shared", "span"):
        chosen = [recut(difference, take)]
        said_by = [item[0] for item in (difference.a, difference.b) if item is not None]
    else:
        chosen = [difference.a] if take in ("a", "both") else []
        chosen += [difference.b] if take in ("b", "both") else []
    for item in chosen:
        if item is not None:
            _take(session, item, difference.keys, made, said_by)


def recut(difference: CodingDifference, take: str) -> Item | None:
    """A's code with new borders; None where one of the two marked nothing, or they share no word."""
    if difference.a is None or difference.b is None:
        return None
    (one, code), (other, _) = difference.a, difference.b
    starts, ends = (one.start or 0, other.start or 0), (one.end or 0, other.end or 0)
    start, end = (max(starts), min(ends)) if take == "shared" else (min(starts), max(ends))
    return (msgspec.structs.replace(one, start=start, end=end, quote=""), code) if start < end else None


def take_agreed(session: Session, compared: ComparedLayers) -> RecordChange | None:
    """Take over what both coded alike, as one action; None if the consensus has it all."""
    made: Made = {}
    _take_agreed(session, compared, made)
    segments = len(made)
    bring_relations(session, compared, made)
    relations = len(made) - segments
    said = ", ".join(
        f"{n} {what}{'' if n == 1 else 's'}" for n, what in ((segments, "segment"), (relations, "relation")) if n
    )
    return session.make(made, f"taken over: {said}") if made else None


def _take_agreed(session: Session, compared: ComparedLayers, made: Made, wanted: Collection[str] = ()) -> None:
    """Put into the consensus what both coded alike and it does not have; ``wanted``: of these passages alone."""
    done = settled_in(session.records)
    for one, other in compared.agreed:
        settles = [f"{item[0].id}:{item[1]}" for item in (one, other)]
        if not done.issuperset(settles) and (not wanted or not set(wanted).isdisjoint(settles)):
            _take(session, one, settles, made, (one[0], other[0]))


def _take(session: Session, item: Item, settles: list[str], made: Made, said_by: Sequence[Segment] = ()) -> None:
    """Put one code of a segment into the consensus: on the segment with these borders, or on a new one.

    The memos and the doubts of the segments come along: of ``said_by``, or of the one that is taken.
    """
    segment, code = item
    use = next(use for use in segment.uses if use.code == code)
    added = code if use.mode == "affirm" else CodeUse(code, use.mode)
    place = (segment.start, segment.end)
    there = [s for s in made.values() if isinstance(s, Segment) and (s.start, s.end) == place]
    there += [s for s in _on(session, segment) if s.id not in made]
    base = there[0] if there else _bare(session, segment)
    codes = base.codes if code in base.code_ids else (*base.codes, added)
    known = [str(id_) for id_ in base.extra.get(SETTLES, ())]
    extra = {**base.extra, SETTLES: list(dict.fromkeys([*known, *settles]))}
    sources = said_by or (segment,)
    made[base.id] = msgspec.structs.replace(
        base,
        codes=codes,
        memo=joined_memos([base.memo, *(source.memo for source in sources)]),
        unsure=base.unsure or any(source.unsure for source in sources),
        extra=extra,
        at=session.now(),
    )


def joined_memos(memos: Iterable[str]) -> str:
    """Memos below one another, none of them twice.

    >>> joined_memos(["why?", "", "see I02", "why?"])
    'why?\\n\\nsee I02'
    """
    found = ""
    for memo in memos:
        if memo and f"\n\n{memo}\n\n" not in f"\n\n{found}\n\n":
            found += f"\n\n{memo}" if found else memo
    return found


def _on(session: Session, segment: Segment) -> list[Segment]:
    if segment.start is None or segment.end is None:
        return session.records.whole()
    return session.records.index.exactly(segment.start, segment.end)


def _bare(session: Session, segment: Segment) -> Segment:
    new = session.new_segment("", (segment.start or 0, segment.end or 0))
    fields = {"start": None, "end": None, "quote": ""} if segment.start is None else {}
    return msgspec.structs.replace(new, codes=(), **fields)


# --- relations --------------------------------------------------------------------------------------------------------


def bring_relations(session: Session, compared: ComparedLayers, made: Made) -> None:
    """Add to ``made`` the relations that come with passages: both ends are in the consensus, nothing is undecided."""
    places = _CuePlaces(session, compared, made)
    done = settled_in(session.records) | settled_ids(made.values())
    for drawn, *same in _coming(compared):
        settles = keys((drawn, *same))
        if done.isdisjoint(settles):
            first, second = map(places.of, drawn.ends, drawn.segments)
            if first is not None and second is not None:
                memo = joined_memos([drawn.relation.memo, *(other.relation.memo for other in same)])
                _put(session, drawn, (first, second), settles, made, memo)


def _coming(compared: ComparedLayers) -> Iterator[tuple[Drawn, ...]]:
    """Relations that need no decision of their own: those both drew alike, and those the other cannot have drawn."""
    found = compared.relations
    yield from found.alike
    yield from ((drawn,) for drawn in (*found.only_a, *found.only_b) if not drawn.shared)


def _take_relations(
    session: Session, difference: CodingDifference, take: str, compared: ComparedLayers, made: Made
) -> None:
    sides = ((difference.relation_a, "a"), (difference.relation_b, "b"))
    chosen = [drawn for drawn, wanted in sides if drawn is not None and take in (wanted, "both")]
    if chosen:
        _take_agreed(session, compared, made, {":".join(end) for drawn in chosen for end in drawn.ends})
    places = _CuePlaces(session, compared, made)
    for drawn in chosen:
        first, second = map(places.needed, drawn.ends, drawn.segments)
        settles = difference.keys if take != "both" else keys((drawn,))
        _put(session, drawn, (first, second), settles, made, drawn.relation.memo)


def _put(session: Session, drawn: Drawn, ends: tuple[End, End], settles: list[str], made: Made, memo: str) -> None:
    (source, source_code), (target, target_code) = ends
    id_ = session.new_segment("", (0, 0)).id
    made[id_] = msgspec.structs.replace(
        drawn.relation,
        id=id_,
        source=source,
        target=target,
        source_code=source_code,
        target_code=target_code,
        memo=memo,
        at=session.now(),
        extra={SETTLES: settles},
    )


class _CuePlaces:
    """Where the passages of both coders are in the consensus."""

    def __init__(self, session: Session, compared: ComparedLayers, made: Made) -> None:
        self._segments: dict[str, list[Segment]] = {}
        states: dict[str, State | None] = {**session.records.segments, **made}
        for state in states.values():
            for key in state.extra.get(SETTLES, ()) if isinstance(state, Segment) else ():
                self._segments.setdefault(str(key), []).append(state)  # type: ignore[arg-type]
        self._other = dict(_partners(compared))

    def of(self, end: End, segment: Segment) -> End | None:
        """The consensus' segment on which this end was taken, with its code; None if it was not taken."""
        id_, code = end
        if not code:
            places = (s for key, there in self._segments.items() if key.startswith(f"{id_}:") for s in there if s.codes)
            found = next(places, None)
            return (found.id, "") if found is not None else None
        key = f"{id_}:{code}"
        taken = (s for s in self._segments.get(key, ()) if code in s.code_ids and self._is_own(key, code, s, segment))
        return next(((s.id, code) for s in taken), None)

    def _is_own(self, key: str, code: str, there: Segment, segment: Segment) -> bool:
        """Whether the code stands there for this passage, not for another one while the other coder's was taken."""
        instead = self._other.get(key, code)
        same_words = (there.start, there.end) == (segment.start, segment.end)
        return instead == code or same_words or instead not in there.code_ids

    def needed(self, end: End, segment: Segment) -> End:
        """The same, or with the other coder's code where that was taken instead; a PostilError if there is nothing."""
        found = self.of(end, segment)
        if found is not None:
            return found
        key = ":".join(end)
        instead = self._other.get(key, "")
        for there in self._segments.get(key, ()):
            if instead in there.code_ids:
                return (there.id, instead)
        if key in self._segments:
            raise PostilError(
                f"{end[1]} was not taken on these words, so the relation has no end there: 0 leaves it out"
            )
        what = f"{end[1] or 'a passage'} that the relation joins is not in the consensus yet"
        raise PostilError(f"{what}: settle the passages first (N goes back to them)")


def _partners(compared: ComparedLayers) -> Iterator[tuple[str, str]]:
    """For each passage that the other coder gave another code: that code."""
    for one in compared.differences:
        if one.a is not None and one.b is not None:
            first, second = one.keys
            yield first, one.b[1]
            yield second, one.a[1]
