"""Which segments lie over a stretch of text, in constant time whatever the size of the layer."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator

from postil_study.text.values import Segment

_BUCKET = 1024  # characters; a sentence touches one or two buckets


def span_of(segment: Segment) -> tuple[int, int] | None:
    """Start and end of a segment, or None if it codes the whole transcript or lost its words."""
    if segment.start is None or segment.end is None or segment.unanchored:
        return None
    return segment.start, segment.end


def by_position(segment: Segment) -> tuple[int, int, str]:
    """Sort key: start, longer first, id."""
    return segment.start or 0, -(segment.end or 0), segment.id


class SpanIndex:
    """The segments of a layer that stand on words, by place."""

    def __init__(self, segments: Iterable[Segment] = ()) -> None:
        self.segments = {one.id: one for one in segments if span_of(one) is not None}
        self._buckets: defaultdict[int, list[Segment]] = defaultdict(list)
        for segment in self.segments.values():
            self._file(segment)
        self._order = sorted(map(by_position, self.segments.values()))

    def __len__(self) -> int:
        return len(self.segments)

    def add(self, segment: Segment) -> None:
        """Add a segment, or put it in place of the one with its id."""
        self.remove(segment.id)
        if span_of(segment) is None:
            return
        self.segments[segment.id] = segment
        self._file(segment)
        insort(self._order, by_position(segment))

    def remove(self, segment_id: str) -> None:
        """Take a segment out, if it is there."""
        segment = self.segments.pop(segment_id, None)
        if segment is None:
            return
        first, last = self._ends(segment)
        for bucket in range(first, last + 1):
            kept = [other for other in self._buckets[bucket] if other.id != segment_id]
            self._buckets[bucket] = kept
        index = bisect_left(self._order, by_position(segment))
        del self._order[index]

    def _file(self, segment: Segment) -> None:
        first, last = self._ends(segment)
        self._buckets[first].append(segment)
        for bucket in range(first + 1, last + 1):
            self._buckets[bucket].append(segment)

    @staticmethod
    def _ends(segment: Segment) -> tuple[int, int]:
        """The first and the last bucket of a segment."""
        start, end = segment.start or 0, segment.end or 0
        return start // _BUCKET, (end - 1 if end > start else start) // _BUCKET

    def over(self, start: int, end: int) -> list[Segment]:
        """Segments that share a character with ``start``:``end``, by position."""
        found: dict[str, Segment] = {}
        for bucket in range(start // _BUCKET, max(end - 1, start) // _BUCKET + 1):
            for segment in self._buckets.get(bucket, ()):
                if (segment.start or 0) < end and start < (segment.end or 0):
                    found[segment.id] = segment
        return sorted(found.values(), key=by_position) if len(found) > 1 else list(found.values())

    def at(self, offset: int) -> list[Segment]:
        """Segments that hold the character at ``offset``, the shortest last."""
        return self.over(offset, offset + 1)

    def exactly(self, start: int, end: int) -> list[Segment]:
        """Segments with just these borders."""
        return [segment for segment in self.over(start, end) if segment.start == start and segment.end == end]

    def in_order(self) -> Iterator[Segment]:
        """The segments by position."""
        return (self.segments[id_] for _, _, id_ in self._order)

    def next_after(self, offset: int) -> Segment | None:
        """The first segment that starts after ``offset``."""
        index = bisect_right(self._order, (offset, 1, ""))
        return self.segments[self._order[index][2]] if index < len(self._order) else None

    def last_before(self, offset: int) -> Segment | None:
        """The last segment that starts before ``offset``."""
        index = bisect_left(self._order, (offset, -(1 << 62), "")) - 1
        return self.segments[self._order[index][2]] if index >= 0 else None
