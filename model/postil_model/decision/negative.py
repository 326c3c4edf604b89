"""Negative cases: what speaks against a node or an edge (docs/methods.md). Denials know no threshold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from postil_model.decision.model import Model
from postil_model.evidence.rows import EvidenceRow


@dataclass(frozen=True, slots=True)
class NegativeCase:
    """One case: ``why`` is denied (or one of its passages is), against the declared direction, or opposite outcomes."""

    why: str
    object: str
    participant: str
    quote: str
    transcript: str
    segments: tuple[str, ...]


def negative_cases(model: Model) -> list[NegativeCase]:
    """All cases, denials first."""
    return [*_denied(model), *_against_direction(model), *_opposite_outcomes(model)]


def never_denied(model: Model) -> bool:
    """Whether no coder ever used a denial, which the report then says."""
    return not any(row.mode == "deny" for row in model.evidence.rows)


def _denied(model: Model) -> Iterator[NegativeCase]:
    for row in model.evidence.rows:
        if row.mode == "deny" and row.participant in model.people:
            name = row.object or row.code
            why = "one of its passages is denied" if row.of_end else "denied"
            yield _case(why, f"{name}.{row.item}" if row.item else name, row, model)


def _against_direction(model: Model) -> Iterator[NegativeCase]:
    """Edges turned round. The way forward beside a declared way back (or the other way round) contradicts nothing."""
    declared = {edge.key[:3] for edge in model.edges.values() if edge.declared}
    pairs = {key[:2] for key in declared}
    for edge in model.edges.values():
        turned = edge.key.target, edge.key.source, edge.key.type
        if edge.declared is None and turned in declared and edge.key[:2] not in pairs:
            for row in _affirmed(model, edge.id):
                yield _case("against the declared direction", edge.id, row, model)


def _opposite_outcomes(model: Model) -> Iterator[NegativeCase]:
    """One participant, one pair of nodes, several guards: the outcome does not decide."""
    seen: dict[tuple[str, str, str], dict[str, EvidenceRow]] = defaultdict(dict)
    for edge in model.edges.values():
        if edge.key.guard:
            for row in _affirmed(model, edge.id):
                seen[row.participant, *edge.key[:2]].setdefault(edge.key.guard, row)
    for (_, source, target), guards in seen.items():
        if len(guards) > 1:
            for guard, row in guards.items():
                yield _case(f"opposite outcomes ({guard})", f"{source} → {target}", row, model)


def _affirmed(model: Model, edge: str) -> Iterator[EvidenceRow]:
    for row in model.evidence.by_object.get(edge, ()):
        if row.mode == "affirm" and row.kind == "stated" and row.participant in model.people:
            yield row


def _case(why: str, name: str, row: EvidenceRow, model: Model) -> NegativeCase:
    return NegativeCase(why, name, row.participant, model.evidence.told(row), row.transcript, row.segments)
