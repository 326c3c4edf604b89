"""Passages that were found, and the ways in which lists of them combine."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from postil_study.text.values import Segment


@dataclass(frozen=True, slots=True)
class Use:
    """One code of one segment behind a hit; ``code`` is empty for segments without codes."""

    coder: str
    segment: Segment
    code: str = ""
    mode: str = "affirm"
    round: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage of a transcript, with the codings that led to it (none where words were found)."""

    transcript: str
    start: int
    end: int
    uses: tuple[Use, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes behind the hit, each once, in order."""
        return tuple(dict.fromkeys(use.code for use in self.uses if use.code))

    @property
    def coders(self) -> tuple[str, ...]:
        """Coders behind the hit, each once, in order."""
        return tuple(dict.fromkeys(use.coder for use in self.uses))


Span = tuple[int, int]


def ordered(hits: Iterable[Hit]) -> list[Hit]:
    """Sort by place and join hits of the very same span into one."""
    by_span: dict[tuple[str, int, int], Hit] = {}
    for hit in hits:
        key = (hit.transcript, hit.start, hit.end)
        known = by_span.get(key)
        by_span[key] = replace(known, uses=_joined(known, hit)) if known else hit
    return [by_span[key] for key in sorted(by_span)]


def _joined(one: Hit, other: Hit) -> tuple[Use, ...]:
    return (*one.uses, *(use for use in other.uses if use not in one.uses))


def meeting(left: Sequence[Span], right: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Index pairs of half-open spans that share at least one position.

    >>> list(meeting([(0, 5), (10, 12)], [(4, 11), (20, 21)]))
    [(0, 0), (1, 0)]
    """
    order = sorted(range(len(right)), key=lambda j: right[j][0])
    starts = [right[j][0] for j in order]
    longest = max((end - start for start, end in right), default=0)
    for i, (start, end) in enumerate(left):
        position = bisect_left(starts, end) - 1
        while position >= 0 and starts[position] > start - longest:
            j = order[position]
            if right[j][1] > start:
                yield i, j
            position -= 1


def both(left: Sequence[Hit], right: Sequence[Hit]) -> list[Hit]:
    """The words on which a hit of either side lies: their intersections."""
    pairs = meeting([(h.start, h.end) for h in left], [(h.start, h.end) for h in right])
    return ordered(
        Hit(
            left[i].transcript,
            max(left[i].start, right[j].start),
            min(left[i].end, right[j].end),
            _joined(left[i], right[j]),
        )
        for i, j in pairs
    )


def without(hits: Sequence[Hit], unwanted: Sequence[Hit]) -> list[Hit]:
    """Those hits that no unwanted one touches."""
    touched = {i for i, _ in meeting([(h.start, h.end) for h in hits], [(h.start, h.end) for h in unwanted])}
    return [hit for i, hit in enumerate(hits) if i not in touched]


def near(left: Sequence[Hit], right: Sequence[Hit], distance: int, place: Callable[[int, int], Span]) -> list[Hit]:
    """Pairs at most ``distance`` apart, in the coordinate that ``place`` gives (first and last unit of a span)."""

    def window(hit: Hit, margin: int) -> Span:
        first, last = place(hit.start, hit.end)
        return first - margin, last + margin + 1

    pairs = meeting([window(h, distance) for h in left], [window(h, 0) for h in right])
    return ordered(
        Hit(
            left[i].transcript,
            min(left[i].start, right[j].start),
            max(left[i].end, right[j].end),
            _joined(left[i], right[j]),
        )
        for i, j in pairs
        if not _same(left[i], right[j])
    )


def _same(one: Hit, other: Hit) -> bool:
    """A segment is not near itself."""
    return (one.start, one.end, one.uses) == (other.start, other.end, other.uses)
