"""What if the type of a relation, its guard or its direction was read otherwise?

An edge is this edge by (source, target, type, guard); those that differ in an ignored part alone are one. The people
behind them are put together first, and only then is asked for the threshold: who states "leads to" and who states
"influences" between the same ends support one edge.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from postil_base.problem import PostilError
from postil_model.decision.model import Edge, Model
from postil_model.decision.support import Support, SupportCounter, coders_needed
from postil_model.evidence.rows import KINDS, EvidenceRow, Kind

PARTS = ("type", "guard", "direction")
READINGS: tuple[tuple[str, ...], ...] = ((), ("guard",), ("type",), ("type", "guard"), ("type", "guard", "direction"))


def parts_of(text: str) -> tuple[str, ...]:
    """A comma list of parts, in the order of `PARTS`.

    >>> parts_of("guard, type")
    ('type', 'guard')
    """
    asked = [part.strip() for part in text.split(",") if part.strip()]
    for part in asked:
        if part not in PARTS:
            raise PostilError(f"--ignore knows {', '.join(PARTS)}, not {part!r}")
    return tuple(part for part in PARTS if part in asked)


def reduced(key: Sequence[str], ignored: Sequence[str]) -> tuple[str, ...]:
    """What is left of an edge's identity.

    >>> reduced(("b", "a", "leads-to", "poor"), ("guard", "direction"))
    ('a', 'b', 'leads-to', '')
    """
    source, target, type_, guard = key
    if "direction" in ignored:
        source, target = sorted((source, target))
    return source, target, "" if "type" in ignored else type_, "" if "guard" in ignored else guard


def ignoring(model: Model, ignored: Sequence[str]) -> Model:
    """The model with edges that differ in ignored parts put together, under the name of the declared or first one."""
    if not ignored:
        return model
    groups: dict[tuple[str, ...], list[Edge]] = {}
    for edge in model.edges.values():
        groups.setdefault(reduced(edge.key, ignored), []).append(edge)
    merged = [_merged(model, edges, ignored) for edges in groups.values()]
    rows = {edge.id: list(chain.from_iterable(_rows(model, e) for e in edges)) for edge, edges in _named(groups)}
    evidence = replace(model.evidence, by_object={**model.evidence.by_object, **rows})
    params = replace(model.params, ignored=tuple(ignored))
    return replace(model, edges={edge.id: edge for edge in merged}, evidence=evidence, params=params)


def _named(groups: Mapping[tuple[str, ...], list[Edge]]) -> list[tuple[Edge, list[Edge]]]:
    return [(_first(edges), edges) for edges in groups.values()]


def _first(edges: Sequence[Edge]) -> Edge:
    return next((edge for edge in edges if edge.declared), edges[0])


def _rows(model: Model, edge: Edge) -> Sequence[EvidenceRow]:
    return model.evidence.by_object.get(edge.id, ())


def _merged(model: Model, edges: Sequence[Edge], ignored: Sequence[str]) -> Edge:
    first = _first(edges)
    if len(edges) == 1:
        return first
    guard = "" if "guard" in ignored else first.key.guard
    key = first.key._replace(guard=guard)
    rows = [row for edge in edges for row in _rows(model, edge)]
    return replace(first, key=key, support={kind: _support(model, edges, rows, kind) for kind in KINDS})


def _support(model: Model, edges: Sequence[Edge], rows: Sequence[EvidenceRow], kind: Kind) -> Support:
    """Counted anew from the rows, so that coders who differ in an ignored part agree; hints have no rows here."""
    if kind in ("order", "cooccur"):
        return joined([edge.support[kind] for edge in edges], model.participants)
    asked = model.params
    counter = SupportCounter(
        model.participants, not asked.participants, coders_needed(model.evidence, asked.coder_rule)
    )
    return counter.support(
        row for row in rows if row.kind == kind and (not asked.elicited or row.elicited == asked.elicited)
    )


def joined(supports: Sequence[Support], participants: Sequence[str]) -> Support:
    """The people of several supports together."""

    def people(name: str, but: frozenset[str] = frozenset()) -> tuple[str, ...]:
        named = {person for support in supports for person in getattr(support, name)} - but
        return tuple(person for person in participants if person in named)

    said = frozenset((*people("affirm"), *people("deny")))
    return Support(
        everybody=tuple(participants),
        affirm=people("affirm"),
        deny=people("deny"),
        hypothetical=people("hypothetical", said),
        wish=people("wish", said),
        reported=people("reported", said),
        segments=sum(support.segments for support in supports),
        quotes=sum(support.quotes for support in supports),
        coders=tuple(sorted({coder for support in supports for coder in support.coders})),
        mentions=sum((Tally(support.mentions) for support in supports), Tally()),
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """One way of counting: a kind of evidence and what is ignored."""

    kind: Kind
    ignored: tuple[str, ...]

    @property
    def words(self) -> str:
        """As it stands above a column.

        >>> Setting("stated", ("type", "guard")).words, Setting("stated", ()).words
        ('stated, type and guard ignored', 'stated')
        """
        if not self.ignored:
            return self.kind
        *others, last = self.ignored
        return f"{self.kind}, {', '.join(others)}{' and ' if others else ''}{last} ignored"


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """What a threshold leaves in a setting."""

    setting: Setting
    threshold: int
    edges: int
    matched: int
    declared: int

    @property
    def coverage(self) -> float | None:
        """Share of the declared edges that are stated by enough."""
        return self.matched / self.declared if self.declared else None

    @property
    def precision(self) -> float | None:
        """Share of the edges stated by enough that are declared."""
        return self.matched / self.edges if self.edges else None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """An edge over all settings of the model's own kind: its lowest and highest support, and what this leaves open."""

    edge: str
    declared: bool
    supports: tuple[int, ...]  # k in each setting

    @property
    def lowest(self) -> int:
        """Up to this threshold it is there whatever is ignored."""
        return min(self.supports)

    @property
    def highest(self) -> int:
        """Above this threshold it is there in no setting."""
        return max(self.supports)

    def verdict(self, threshold: int) -> str:
        """Whether what is concluded at a threshold depends on the reading."""
        if self.lowest >= threshold:
            return "holds in every reading"
        return "fails in every reading" if self.highest < threshold else "depends on the reading"


@dataclass(frozen=True)
class Sweep:
    """All points, and the edges of the model's own kind of evidence over all readings."""

    points: tuple[SweepPoint, ...]
    settings: tuple[Setting, ...]  # of the own kind, in the order of `Conclusion.supports`
    conclusions: tuple[Conclusion, ...]
    threshold: int


def sweep_kinds(models: Mapping[Kind, Model], own: Kind, thresholds: Sequence[int]) -> Sweep:
    """Threshold x kind x reading. ``models`` has the model in each kind of evidence."""
    points: list[SweepPoint] = []
    for kind, model in models.items():
        for ignored in READINGS:
            edges = ignoring(model, ignored).edges.values()
            supports = [(edge.support[kind].k, edge.declared is not None) for edge in edges]
            points += [_point(Setting(kind, ignored), t, supports) for t in thresholds]
    model = models[own]
    readings = [ignoring(model, ignored).edges for ignored in READINGS]
    by_key = [{reduced(e.key, i): e for e in edges.values()} for i, edges in zip(READINGS, readings, strict=True)]
    conclusions = [
        Conclusion(
            edge.id,
            edge.declared is not None,
            tuple(
                found.support[own].k if (found := keys.get(reduced(edge.key, ignored))) else 0
                for ignored, keys in zip(READINGS, by_key, strict=True)
            ),
        )
        for edge in model.edges.values()
        if edge.key.type != "excludes"  # a denial is nothing to conclude
    ]
    settings = tuple(Setting(own, ignored) for ignored in READINGS)
    return Sweep(tuple(points), settings, tuple(conclusions), model.params.min_participants)


def _point(setting: Setting, t: int, supports: Sequence[tuple[int, bool]]) -> SweepPoint:
    reached = [declared for k, declared in supports if k >= t]
    return SweepPoint(setting, t, len(reached), sum(reached), sum(declared for _, declared in supports))
