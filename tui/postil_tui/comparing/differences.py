"""Where two layers differ: same code with other borders, another code on the same words, only one of the two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from postil_transcripts.types import Layer, Segment
from postil_transcripts.units import words

Kind = Literal["only-a", "only-b", "other-code", "borders", "mode"]
Item = tuple[Segment, str]  # a segment and one of its codes

KIND_WORDS: dict[Kind, str] = {
    "only-a": "only A",
    "only-b": "only B",
    "other-code": "other code",
    "borders": "same code, other borders",
    "mode": "same code, meant otherwise",
}


class Difference(msgspec.Struct, frozen=True):
    """One thing to talk about: what A has there and what B has there."""

    kind: Kind
    start: int
    end: int
    a: tuple[Segment, str] | None = None
    b: tuple[Segment, str] | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The records it is about."""
        return tuple(item[0].id for item in (self.a, self.b) if item is not None)


def differences(a: Layer, b: Layer) -> list[Difference]:
    """All differences by position, those that agree left out."""
    items_a, items_b = _items(a), _items(b)
    pairs = _same_code(items_a, items_b)
    found = [difference for one, other in pairs if (difference := _of_pair(one, other)) is not None]
    left_a = [item for item in items_a if item not in [pair[0] for pair in pairs]]
    left_b = [item for item in items_b if item not in [pair[1] for pair in pairs]]
    for one, other in _best(left_a, left_b, same_code=False):
        found.append(_difference("other-code", one, other))
        left_a.remove(one)
        left_b.remove(other)
    found += [_difference("only-a", one, None) for one in left_a]
    found += [_difference("only-b", None, other) for other in left_b]
    return sorted(found, key=lambda d: (d.start, d.end, d.ids))


def agreed(a: Layer, b: Layer) -> list[tuple[Item, Item]]:
    """What both coded alike: code, borders and mode."""
    pairs = _same_code(_items(a), _items(b))
    return [(one, other) for one, other in pairs if _of_pair(one, other) is None]


def _items(layer: Layer) -> list[Item]:
    return [(s, code) for s in layer.segments if s.start is not None and not s.unanchored for code in s.code_ids]


def _same_code(a: Sequence[Item], b: Sequence[Item]) -> list[tuple[Item, Item]]:
    return _best(a, b, same_code=True)


def _best(a: Iterable[Item], b: Iterable[Item], same_code: bool) -> list[tuple[Item, Item]]:
    """Pairs that share words, the largest overlap first; nobody is paired twice."""
    others = list(b)
    scored = []
    for one in a:
        for other in others:
            shared = _overlap(one[0], other[0])
            if shared > 0 and (one[1] == other[1]) == same_code:
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
    return min(one.end or 0, other.end or 0) - max(one.start or 0, other.start or 0)


def _likeness(one: Segment, other: Segment) -> float:
    union = max(one.end or 0, other.end or 0) - min(one.start or 0, other.start or 0)
    return _overlap(one, other) / union


def _of_pair(one: Item, other: Item) -> Difference | None:
    if (one[0].start, one[0].end) != (other[0].start, other[0].end):
        return _difference("borders", one, other)
    return None if _mode(one) == _mode(other) else _difference("mode", one, other)


def _mode(item: Item) -> str:
    return next(use.mode for use in item[0].uses if use.code == item[1])


def _difference(kind: Kind, one: Item | None, other: Item | None) -> Difference:
    segments = [item[0] for item in (one, other) if item is not None]
    start = min(segment.start or 0 for segment in segments)
    return Difference(kind, start, max(segment.end or 0 for segment in segments), one, other)


def described(difference: Difference, text: str) -> str:
    """A difference in words."""
    if difference.kind == "borders" and difference.a and difference.b:
        return f"{difference.a[1]}: borders differ by {_words_apart(difference, text)} words"
    if difference.kind == "other-code" and difference.a and difference.b:
        return f"A says {difference.a[1]}, B says {difference.b[1]}"
    if difference.kind == "mode" and difference.a and difference.b:
        return f"{difference.a[1]}: A {_mode(difference.a)}, B {_mode(difference.b)}"
    item = difference.a or difference.b
    return f"{KIND_WORDS[difference.kind]}: {item[1] if item else ''}"


def _words_apart(difference: Difference, text: str) -> int:
    assert difference.a and difference.b
    one, other = difference.a[0], difference.b[0]
    edges = [(one.start or 0, other.start or 0), (one.end or 0, other.end or 0)]
    return sum(len(words(text, min(edge), max(edge))) for edge in edges)
