"""Relations of two layers beside each other: drawn alike by both, by one only, or with another type, guard or cue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from postil_model.evidence.edges import same_guard
from postil_model.evidence.relation_modes import meant
from postil_study.text.values import Layer, Relation, Segment

End = tuple[str, str]  # a segment's id and the code meant; no code where the relation does not say which
Ends = tuple[End, End]
Partner = Mapping[End, End]  # an end of one layer → the same code on the same words in the other


class Drawn(msgspec.Struct, frozen=True):
    """A relation of one coder with what it joins. ``shared``: the other coder has both passages, too."""

    relation: Relation
    ends: Ends
    segments: tuple[Segment, Segment]
    shared: bool

    @property
    def key(self) -> str:
        """How a decision names it."""
        return self.relation.id

    @property
    def span(self) -> tuple[int, int]:
        """Where to look: the words that say so, else those it begins with; (0, 0) for the whole transcript."""
        first = self.segments[0]
        return self.relation.cue or (first.start or 0, first.end or 0)


class RelationPairs(msgspec.Struct, frozen=True):
    """What both drew alike, what both drew differently, and what only one of them drew."""

    alike: tuple[tuple[Drawn, Drawn], ...] = ()
    differing: tuple[tuple[Drawn, Drawn], ...] = ()
    only_a: tuple[Drawn, ...] = ()
    only_b: tuple[Drawn, ...] = ()


def pair_relations(a: Layer, b: Layer, partner: Partner) -> RelationPairs:
    """Pair the relations of two layers by what they join; equal ones first, then those of one type, then the rest."""
    back = {other: one for one, other in partner.items()}
    ours, theirs = list(_drawn(a, partner)), list(_drawn(b, back))
    waiting: dict[Ends, list[Drawn]] = {}
    for drawn in theirs:
        waiting.setdefault(drawn.ends, []).append(drawn)
    alike: list[tuple[Drawn, Drawn]] = []
    differing: list[tuple[Drawn, Drawn]] = []
    left = ours
    for pairs, alike_enough in ((alike, _says_same), (differing, _same_type), (differing, _anything)):
        rest = []
        for one in left:
            there = waiting.get((partner[one.ends[0]], partner[one.ends[1]]), []) if one.shared else []
            found = next((other for other in there if alike_enough(one.relation, other.relation)), None)
            if found is None:
                rest.append(one)
            else:
                there.remove(found)
                pairs.append((one, found))
        left = rest
    paired = {other.key for _, other in (*alike, *differing)}
    return RelationPairs(tuple(alike), tuple(differing), tuple(left), tuple(d for d in theirs if d.key not in paired))


def _drawn(layer: Layer, partner: Partner) -> Iterator[Drawn]:
    for relation in layer.relations:
        first, second = layer.by_id.get(relation.source), layer.by_id.get(relation.target)
        if first is not None and second is not None:
            ends = (first.id, meant(relation.source_code, first)), (second.id, meant(relation.target_code, second))
            yield Drawn(relation, ends, (first, second), ends[0] in partner and ends[1] in partner)


def _says_same(one: Relation, other: Relation) -> bool:
    return (one.type, same_guard(one.guard), one.cue, one.mode) == (
        other.type,
        same_guard(other.guard),
        other.cue,
        other.mode,
    )


def _same_type(one: Relation, other: Relation) -> bool:
    return one.type == other.type


def _anything(one: Relation, other: Relation) -> bool:
    return True


def apart(one: Relation, other: Relation) -> Iterator[str]:
    """In what two relations between the same passages differ."""
    if one.type != other.type:
        yield "type"
    if same_guard(one.guard) != same_guard(other.guard):
        yield "condition"
    if one.cue != other.cue:
        yield "cue words"
    if one.mode != other.mode:
        yield "meaning"


def in_words(drawn: Drawn, text: str = "") -> str:
    """A relation with its condition, and the words that say so where ``text`` is given.

    >>> ends = ("s", "task"), ("t", "search")
    >>> in_words(Drawn(Relation("r", "s", "t", "leads-to", guard="poor"), ends, (Segment("s"), Segment("t")), True))
    'task leads-to search [poor]'
    """
    relation = drawn.relation
    words = f"{drawn.ends[0][1] or '?'} {relation.type} {drawn.ends[1][1] or '?'}"
    words += f" [{' '.join(relation.guard.split())}]" if relation.guard else ""
    words += f" ({relation.mode})" if relation.mode else ""
    if text:
        cue = " ".join(text[slice(*relation.cue)].split()) if relation.cue else ""
        words += f", “{cue}”" if cue else ", inferred"
    return words


def keys(drawn: Iterable[Drawn | None]) -> list[str]:
    """The ids by which a decision names relations."""
    return [one.key for one in drawn if one is not None]
