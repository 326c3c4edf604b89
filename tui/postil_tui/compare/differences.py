"""Where two layers differ: same code with other borders, another code on the same words, only one of the two.

Relations are compared as codes are, see `postil_tui.compare.relations`; they come after the codes, as what a relation
joins has to be settled first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal

import msgspec

from postil_base.plural import counted
from postil_study.text.units import words
from postil_study.text.values import Layer, Segment
from postil_tui.compare.relations import Drawn, RelationPairs, apart, in_words, keys, pair_relations

Kind = Literal["only-a", "only-b", "other-code", "borders", "mode", "relation-a", "relation-b", "relation"]
Item = tuple[Segment, str]  # a segment and one of its codes

KIND_WORDS: dict[Kind, str] = {
    "only-a": "only A",
    "only-b": "only B",
    "other-code": "other code",
    "borders": "same code, other borders",
    "mode": "same code, meant otherwise",
    "relation-a": "relation, only A",
    "relation-b": "relation, only B",
    "relation": "relation, drawn otherwise",
}


class CodingDifference(msgspec.Struct, frozen=True):
    """One thing to talk about: what A has there and what B has there, codes or relations."""

    kind: Kind
    start: int
    end: int
    a: Item | None = None
    b: Item | None = None
    relation_a: Drawn | None = None
    relation_b: Drawn | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The segments it is about."""
        drawn = (one for one in (self.relation_a, self.relation_b) if one is not None)
        ends = (segment for one in drawn for segment, _ in one.ends)
        return tuple(dict.fromkeys([*(item[0].id for item in (self.a, self.b) if item is not None), *ends]))

    @property
    def is_relation(self) -> bool:
        """Whether it is about a relation."""
        return self.relation_a is not None or self.relation_b is not None

    @property
    def keys(self) -> list[str]:
        """How a decision names what it is about."""
        items = [f"{item[0].id}:{item[1]}" for item in (self.a, self.b) if item is not None]
        return [*items, *keys((self.relation_a, self.relation_b))]


class ComparedLayers:
    """Two layers beside each other: what both coded alike, and where they differ."""

    def __init__(self, a: Layer, b: Layer) -> None:
        self.a, self.b = a, b
        self._items = _items(a), _items(b)
        self._pairs = _best(*self._items, same_code=True)

    @cached_property
    def differences(self) -> list[CodingDifference]:
        """All differences by position, codes first; those that agree left out."""
        of_codes = sorted(self._of_codes(), key=lambda d: (d.start, d.end, d.ids))
        return [*of_codes, *sorted(self._of_relations(), key=lambda d: (d.start, d.end, d.keys))]

    @cached_property
    def agreed(self) -> list[tuple[Item, Item]]:
        """What both coded alike: code, borders and mode."""
        return [(one, other) for one, other in self._pairs if _of_pair(one, other) is None]

    @cached_property
    def relations(self) -> RelationPairs:
        """The relations of both, paired."""
        partner = {(one[0].id, one[1]): (other[0].id, other[1]) for one, other in self._pairs}
        return pair_relations(self.a, self.b, partner)

    def _of_codes(self) -> Iterator[CodingDifference]:
        yield from (found for one, other in self._pairs if (found := _of_pair(one, other)) is not None)
        items_a, items_b = self._items
        left_a = [item for item in items_a if item not in [pair[0] for pair in self._pairs]]
        left_b = [item for item in items_b if item not in [pair[1] for pair in self._pairs]]
        for one, other in _best(_placed(left_a), _placed(left_b), same_code=False):
            yield _difference("other-code", one, other)
            left_a.remove(one)
            left_b.remove(other)
        yield from (_difference("only-a", one, None) for one in left_a)
        yield from (_difference("only-b", None, other) for other in left_b)

    def _of_relations(self) -> Iterator[CodingDifference]:
        found = self.relations
        for one, other in found.differing:
            start, end = one.span
            yield CodingDifference("relation", start, end, relation_a=one, relation_b=other)
        for drawn in found.only_a:
            yield CodingDifference("relation-a", *drawn.span, relation_a=drawn)
        for drawn in found.only_b:
            yield CodingDifference("relation-b", *drawn.span, relation_b=drawn)


def differences(a: Layer, b: Layer) -> list[CodingDifference]:
    """All differences of two layers; see `ComparedLayers`."""
    return ComparedLayers(a, b).differences


def _items(layer: Layer) -> list[Item]:
    return [(s, code) for s in layer.segments if not s.unanchored for code in s.code_ids]


def _placed(items: Iterable[Item]) -> list[Item]:
    """Those with a place: several codes of a whole transcript are no answers to one question."""
    return [item for item in items if item[0].start is not None]


def _best(a: Iterable[Item], b: Iterable[Item], same_code: bool) -> list[tuple[Item, Item]]:
    """Pairs that share words, the largest overlap first; nobody is paired twice."""
    others = list(b)
    scored = []
    for one in a:
        for other in others:
            if (one[1] == other[1]) == same_code and _overlap(one[0], other[0]) > 0:
                scored.append((_likeness(one[0], other[0]), one, other))
    scored.sort(key=lambda row: (-row[0], row[1][0].id, row[2][0].id, row[1][1], row[2][1]))
    taken: set[tuple[str, str, str]] = set()
    pairs = []
    for _, one, other in scored:
        keys = {("a", one[0].id, one[1]), ("b", other[0].id, other[1])}
        if taken.isdisjoint(keys):
            taken |= keys
            pairs.append((one, other))
    return pairs


def _overlap(one: Segment, other: Segment) -> int:
    if one.start is None or other.start is None:
        return int(one.start is other.start)  # both code the whole transcript
    return min(one.end or 0, other.end or 0) - max(one.start, other.start)


def _likeness(one: Segment, other: Segment) -> float:
    union = max(one.end or 0, other.end or 0) - min(one.start or 0, other.start or 0)
    return _overlap(one, other) / max(union, 1)


def _of_pair(one: Item, other: Item) -> CodingDifference | None:
    if (one[0].start, one[0].end) != (other[0].start, other[0].end):
        return _difference("borders", one, other)
    return None if _mode(one) == _mode(other) else _difference("mode", one, other)


def _mode(item: Item) -> str:
    return next(use.mode for use in item[0].uses if use.code == item[1])


def _difference(kind: Kind, one: Item | None, other: Item | None) -> CodingDifference:
    segments = [item[0] for item in (one, other) if item is not None]
    start = min(segment.start or 0 for segment in segments)
    return CodingDifference(kind, start, max(segment.end or 0 for segment in segments), one, other)


def described(difference: CodingDifference, text: str) -> str:
    """A difference in words."""
    if difference.is_relation:
        return _relation_described(difference, text)
    if difference.kind == "borders" and difference.a and difference.b:
        return f"{difference.a[1]}: borders differ by {counted(_words_apart(difference, text), 'word')}"
    if difference.kind == "other-code" and difference.a and difference.b:
        return f"A says {difference.a[1]}, B says {difference.b[1]}"
    if difference.kind == "mode" and difference.a and difference.b:
        return f"{difference.a[1]}: A {_mode(difference.a)}, B {_mode(difference.b)}"
    item = difference.a or difference.b
    whole = " (whole transcript)" if item and item[0].start is None else ""
    return f"{KIND_WORDS[difference.kind]}: {item[1] if item else ''}{whole}"


def _relation_described(difference: CodingDifference, text: str) -> str:
    one, other = difference.relation_a, difference.relation_b
    if one is not None and other is not None:
        what = ", ".join(apart(one.relation, other.relation))
        return f"relation, other {what}: A {in_words(one, text)}; B {in_words(other, text)}"
    drawn = one or other
    return f"{KIND_WORDS[difference.kind]}: {in_words(drawn, text) if drawn else ''}"


def _words_apart(difference: CodingDifference, text: str) -> int:
    assert difference.a and difference.b
    one, other = difference.a[0], difference.b[0]
    edges = [(one.start or 0, other.start or 0), (one.end or 0, other.end or 0)]
    return sum(len(words(text, min(edge), max(edge))) for edge in edges)
