"""Segments find their words again when the text of a transcript was corrected.

With the old text at hand, each passage is followed through the differences; without it, the quotes are looked up,
those that stand there once first, the others between them. Whatever is not certain is reported, and a segment whose
words are gone keeps its old positions and is marked as unanchored.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import msgspec

from postil_base.files.text import sha256_text
from postil_study.anchoring.alignment import Alignment, longest_rising
from postil_study.anchoring.fuzzy import ENOUGH, WordIndex, likeness, occurrences, torn
from postil_study.layers.values import make_layer
from postil_study.text.values import Layer, Relation, Segment

Fate = Literal["same", "moved", "guessed", "changed", "lost"]
Span = tuple[int, int]

_SWELLS = 4  # times the letters it replaces: what is longer was put in beside a passage, not in place of its ends
LONG = 20  # characters: a quote as long as that does not stand somewhere else by chance


@dataclass(frozen=True, slots=True)
class Move:
    """What became of one record: where its words were and are, and how sure that is.

    ``same`` and ``moved`` are certain. ``guessed``: the words stand at several places, or not where their neighbours
    would have them. ``changed``: something like them stands there. ``lost``: nothing was found.
    """

    id: str
    fate: Fate
    old: Span
    new: Span | None
    score: float = 1.0
    quote: str = ""
    now: str = ""  # the words that stand there, where they differ from the quote

    @property
    def needs_a_look(self) -> bool:
        """Whether a person should look at it."""
        return self.fate not in ("same", "moved")

    def __str__(self) -> str:
        """Say it in words."""
        where = f"{self.new[0]}-{self.new[1]}" if self.new else ""
        return {
            "same": "its words stand where they stood",
            "moved": f"its words now stand at {where}",
            "guessed": f"its words probably stand at {where}, but not there alone or not in the same surroundings",
            "changed": f"the nearest words stand at {where}, {self.score:.0%} alike: {_short(self.now)}",
            "lost": "its words are gone; it would be kept as unanchored",
        }[self.fate]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of all records of a layer, by position."""

    moves: tuple[Move, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def warnings(self) -> tuple[Move, ...]:
        """Records a person should look at."""
        return tuple(move for move in self.moves if move.needs_a_look)


def reanchor(layer: Layer, old_text: str | None, new_text: str, at: str = "") -> tuple[Layer, Report]:
    """The layer on the new text, and what became of each segment and cue; ``at`` stamps the records that changed.

    >>> from postil_study.text.values import LayerHeader
    >>> segment = Segment("a", 0, 21, ("trust",), "We took their models.")
    >>> moved, report = reanchor(Layer(LayerHeader("ana", "I01"), (segment,)), None, "Well. We took their models.")
    >>> moved.segments[0].start, report.moves[0].fate
    (6, 'moved')
    """
    finder = _SegmentFinder(layer, old_text, new_text)
    moves = {s.id: finder.move(s) for s in layer.segments if s.start is not None}
    segments = [_moved_segment(s, moves[s.id], new_text, at) if s.id in moves else s for s in layer.segments]
    cues = {r.id: finder.move_cue(r, moves) for r in layer.relations if r.cue is not None}
    relations = [_moved_relation(r, cues[r.id], at) if r.id in cues else r for r in layer.relations]
    header = replace(layer.header, text_sha256=sha256_text(new_text))
    found = (*moves.values(), *cues.values())
    report = Report(found, dict(Counter(move.fate for move in found)))
    return make_layer(header, segments, relations, layer.deleted, layer.path), report


class _SegmentFinder:
    """Looks for the words of one layer's segments in the new text."""

    def __init__(self, layer: Layer, old_text: str | None, new_text: str) -> None:
        self.new = new_text
        self.old = old_text
        self.alignment = Alignment(old_text, new_text) if old_text is not None else None
        self.index = WordIndex(new_text)
        quotes = {s.id: s.quote for s in layer.segments if s.quote} if old_text is None else {}
        self.places = {id_: occurrences(new_text, quote) for id_, quote in quotes.items()}
        self.anchors = _anchors(layer, self.places)
        self._in_order = set(self.anchors)

    def move(self, segment: Segment) -> Move:
        """Where a segment's words are now."""
        old = (segment.start or 0, segment.end or 0)
        quote = segment.quote or (self.old[old[0] : old[1]] if self.old is not None else "")
        if not quote:
            return Move(segment.id, "lost", old, None)
        if self.alignment is not None and self.alignment.old[old[0] : old[1]] == quote:
            followed = self._follow(segment, old, quote, self.alignment)
            return followed or self._moved_away(segment, old, quote, self.alignment)
        return self._look_up(segment, old, quote)

    def _follow(self, segment: Segment, old: Span, quote: str, alignment: Alignment) -> Move | None:
        """Follow a passage through the differences between the texts."""
        span = alignment.exact(*old)
        if span is not None and alignment.is_firm(*old):
            return Move(segment.id, "same" if span == old else "moved", old, span, quote=quote)
        around = alignment.around(*old)
        places = [p for p in occurrences(self.new, quote) if around[0] <= p and p + len(quote) <= around[1]]
        if places:
            place = alignment.likeliest(*old, places)
            return Move(segment.id, "guessed", old, (place, place + len(quote)), quote=quote)
        nearest = (
            self._pieces(old, alignment)
            or self._in_place(quote, around)
            or self.index.nearest(quote, around[0], around)
        )
        return self._changed(segment, old, quote, nearest) if nearest else None

    def _pieces(self, old: Span, alignment: Alignment) -> tuple[Span, float] | None:
        """From the first to the last of its letters, if most are left, with what replaced those at the ends."""
        kept = alignment.kept(*old)
        left = sum(block.size for block in kept if self.new[block.new : block.new + block.size].strip())
        if left < ENOUGH * (old[1] - old[0]):
            return None
        around = alignment.around(*old)
        start, end = kept[0].new, kept[-1].new + kept[-1].size
        start = around[0] if start - around[0] <= _SWELLS * (kept[0].old - old[0]) else start
        end = around[1] if around[1] - end <= _SWELLS * (old[1] - kept[-1].old - kept[-1].size) else end
        span = self._trimmed((start, end))
        score = likeness(alignment.old[slice(*old)], self.new[slice(*span)])
        return span, max(score, 2 * left / (old[1] - old[0] + end - start))

    def _trimmed(self, span: Span) -> Span:
        """The span without white space at its ends."""
        words = self.new[slice(*span)]
        start = span[0] + len(words) - len(words.lstrip())
        return start, start + len(words.strip())

    def _in_place(self, quote: str, around: Span) -> tuple[Span, float] | None:
        """What took the passage's place, if it is like it as a whole."""
        span = self._trimmed(around)
        size = span[1] - span[0]
        score = likeness(quote, self.new[slice(*span)]) if size < 2 * len(quote) + 20 else 0.0
        return (span, score) if score >= ENOUGH else None

    def _moved_away(self, segment: Segment, old: Span, quote: str, alignment: Alignment) -> Move:
        """A passage that was taken out, and perhaps put in elsewhere; what stood there before is something else."""
        lost, size = Move(segment.id, "lost", old, None, 0, quote), len(quote)
        places = [p for p in occurrences(self.new, quote) if alignment.is_new(p, p + size)]
        if not places:
            nearest = self.index.nearest(quote, alignment.around(*old)[0])
            is_new = nearest is not None and alignment.is_mostly_new(*nearest[0])
            return self._changed(segment, old, quote, nearest) if nearest and is_new else lost
        place = alignment.likeliest(*old, places)
        return Move(segment.id, "guessed", old, (place, place + size), quote=quote)

    def _look_up(self, segment: Segment, old: Span, quote: str) -> Move:
        """Look the quote up: word for word, then the words most like it."""
        places = self.places.get(segment.id) or occurrences(self.new, quote)
        expected = self._expected(old[0])
        if not places:
            nearest = self._nearest(quote, expected[0])
            lost = Move(segment.id, "lost", old, None, 0, quote)
            return self._changed(segment, old, quote, nearest) if nearest else lost
        place = min(places, key=lambda p: (min(abs(p - at) for at in expected), p))
        span = place, place + len(quote)
        between_alike = len(expected) == 2 and set(expected) == {place}
        sure = len(places) == 1 and (between_alike or self._stands_out(old[0], span, quote))
        fate: Fate = "guessed" if not sure else "same" if span == old else "moved"
        return Move(segment.id, fate, old, span, quote=quote)

    def _stands_out(self, start: int, span: Span, quote: str) -> bool:
        """Whether a quote that stands once is in order with the others, and beside a neighbour or alone of its kind."""
        if (start, span[0]) not in self._in_order:
            return False
        index = bisect_left(self.anchors, (start, span[0]))
        beside = [*self.anchors[max(0, index - 1) : index], *self.anchors[index + 1 : index + 2]]
        if any(new - old == span[0] - start for old, new in beside):
            return True
        rest = ((0, span[0]), (span[1], len(self.new)))
        return not any(self.index.nearest(quote, start, passage) for passage in rest)

    def _nearest(self, quote: str, expected: int) -> tuple[Span, float] | None:
        """The passage most like a quote: as it is, or torn in two by what was put in between."""
        found = [torn(self.new, quote, expected), self.index.nearest(quote, expected)]
        return max(filter(None, found), key=lambda place: place[1], default=None)

    def _expected(self, position: int) -> list[int]:
        """Where a passage should be by its neighbours' moves, the nearer one first."""
        if not self.anchors:
            return [position]
        index = bisect_left(self.anchors, (position, -1))
        near = sorted(self.anchors[max(0, index - 1) : index + 1], key=lambda pair: abs(pair[0] - position))
        return [max(0, position + new - old) for old, new in near]

    def _changed(self, segment: Segment, old: Span, quote: str, nearest: tuple[Span, float]) -> Move:
        span, score = nearest
        return Move(segment.id, "changed", old, span, score, quote, self.new[span[0] : span[1]])

    def move_cue(self, relation: Relation, moves: Mapping[str, Move]) -> Move:
        """A cue has no quote of its own: it follows the differences, or else the segments it lies in or between."""
        cue = relation.cue or (0, 0)
        name = f"{relation.id} (cue)"
        if self.alignment is not None:
            span = self.alignment.exact(*cue) if self.alignment.is_firm(*cue) else None
        else:
            span = self._with_neighbours(cue, [moves.get(relation.source), moves.get(relation.target)])
        if span is None or not self.new[span[0] : span[1]].strip():
            return Move(name, "lost", cue, None, 0)
        return Move(name, "same" if span == cue else "moved", cue, span)

    def _with_neighbours(self, cue: Span, ends: list[Move | None]) -> Span | None:
        sure = [move for move in ends if move and move.new and not move.needs_a_look]
        inside = [m for m in sure if m.old[0] <= cue[0] and cue[1] <= m.old[1]]
        shifts = {move.new[0] - move.old[0] for move in (inside[:1] or sure) if move.new}
        if len(shifts) != 1 or (not inside and len(sure) < len(ends)):
            return None
        shift = shifts.pop()
        return cue[0] + shift, cue[1] + shift


def _anchors(layer: Layer, places: Mapping[str, list[int]]) -> list[tuple[int, int]]:
    """Old and new starts of quotes that stand in the text once, without those that would break the order."""
    single = {(s.start, places[s.id][0]) for s in layer.segments if s.start is not None and _is_single(s, places)}
    return longest_rising(sorted(single))


def _is_single(segment: Segment, places: Mapping[str, list[int]]) -> bool:
    found = places.get(segment.id, [])
    return len(found) == 1 and len(segment.quote) >= LONG


def _moved_segment(segment: Segment, move: Move, new_text: str, at: str) -> Segment:
    if move.new is None:
        changed = msgspec.structs.replace(segment, unanchored=True, quote=segment.quote or move.quote)
    else:
        start, end = move.new
        quote = new_text[start:end] if segment.quote or move.fate == "changed" else ""
        changed = msgspec.structs.replace(segment, start=start, end=end, quote=quote, unanchored=False)
    return msgspec.structs.replace(changed, at=at) if at and changed != segment else changed


def _moved_relation(relation: Relation, move: Move, at: str) -> Relation:
    changed = msgspec.structs.replace(relation, cue=move.new or relation.cue, unanchored=move.new is None)
    return msgspec.structs.replace(changed, at=at) if at and changed != relation else changed


def _short(text: str, limit: int = 60) -> str:
    text = " ".join(text.split())
    return f"“{text if len(text) <= limit else text[: limit - 1] + '…'}”"
