"""Certainty of the edges of a study's model, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from postil_base.numbers import decimals
from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_formats.tables.files import Cell, KOfN, Table
from postil_model.decision.legend import legend, words_of
from postil_model.decision.model import Model
from postil_model.decision.of_study import study_evidence
from postil_model.decision.support import coders_needed
from postil_model.drawing.figure import Figure, FigureEdge
from postil_model.evidence.rows import EdgeKey, EvidenceRow
from postil_model.validation.certainty import Certainties, Certainty, Counted, Shared, Told, certainties
from postil_model.validation.readings import Reading, certainty_reading

if TYPE_CHECKING:
    from postil_study.study import Study


def model_certainties(study: Study, model: Model) -> Certainties:
    """Certainty of the edges of a model, against the finished layers of all coders.

    Raises:
        PostilError: the edges are hints, which no coder read.
    """
    if model.params.evidence in ("order", "cooccur"):
        raise PostilError(
            f"--evidence {model.params.evidence} counts hints in the order of talk, which no coder read, so there is "
            "nothing to be sure of. Choose --evidence stated or inferred."
        )
    finished: dict[str, set[str]] = {}
    for layer in study.passing_layers("coder"):
        if layer.header.done:
            finished.setdefault(layer.header.transcript, set()).add(layer.header.coder)
    coders = sorted({coder for found in finished.values() for coder in found})
    settled = frozenset(
        name
        for name in model.evidence.transcripts
        if (record := study.record_layer(name)) is not None and record.header.kind == "consensus"
    )
    told: list[Told] = []
    if coders:
        evidence, book = study_evidence(study, coders, model.process)
        told = [_told(row, book.keys[row.object]) for row in evidence.rows if _counts(row, model)]
    return certainties(
        list(_edges(model)),
        told,
        {name: frozenset(found) for name, found in finished.items()},
        model.params.min_participants,
        settled,
        coders_needed(model.evidence, model.params.coder_rule),
    )


def _edges(model: Model) -> Iterator[Counted]:
    for edge in model.shown_edges.values():
        supporters = model.support(edge).affirm
        rows = [row for row in model.evidence.by_object.get(edge.id, ()) if _counts(row, model)]
        relations = [_told(row, edge.key) for row in rows if row.participant in supporters]
        yield Counted(edge.id, edge.key[:3], model.n, supporters, relations)


def _counts(row: EvidenceRow, model: Model) -> bool:
    """Whether a row is one of those the model counts: affirmed, of its kind, people and filters."""
    asked = model.params.elicited
    return (
        row.what == "edge"
        and row.kind == model.params.evidence
        and row.mode == "affirm"
        and row.participant in model.people
        and (not asked or row.elicited == asked)
    )


def _told(row: EvidenceRow, key: EdgeKey) -> Told:
    return Told(row.coder, row.participant, row.transcript, row.object, key[:3], row.elicited)


def certain_figure(figure: Figure, found: Certainties, model: Model) -> Figure:
    """The figure with what is uncertain about its arrows, quietly: hollow heads, broken lines, a sign at counts."""
    by_edge = {each.edge: each for each in found.edges}
    edges = tuple(_marked(edge, by_edge[edge.id]) if edge.id in by_edge else edge for edge in figure.edges)
    made = replace(figure, edges=edges)
    return replace(made, caption=(legend(made, words_of(model)), *figure.caption[1:], f"{_agreement_line(found)}."))


def _marked(edge: FigureEdge, found: Certainty) -> FigureEdge:
    asked = bool(found.only_asked)
    told = [edge.tooltip, *(["one coder's reading alone"] if found.one_reader else [])]
    told += [f"falls without any one of {', '.join(found.falls_without)}"] if found.fragile else []
    told += ["said only when asked"] if asked else []
    return replace(
        edge,
        one_reader=found.one_reader,
        fragile=found.fragile,
        only_asked=asked,
        count=f"{edge.count}°" if asked and edge.count else edge.count,
        tooltip="\n".join(line for line in told if line),
    )


HEADERS = (
    "edge", "way", "k/n", "agreement", "read twice", "of them by two", "one reader", "falls without any of",
    "one relation carries", "only when asked",
)  # fmt: skip


def certainty_table(found: Certainties, model: Model) -> Table:
    """Every edge at or above the threshold, the least sure first."""
    rows = sorted(found.edges, key=lambda each: (-each.one_reader - each.fragile - bool(each.only_asked), each.k))
    notes = (
        f"at the threshold of {model.params.min_participants}; {model.params.layers}; one reader: no second coder has "
        "a supporter stating it",
        _agreement_line(found),
        *certainty_reading(found, model.n).lines,
    )
    return Table(HEADERS, tuple(_row(each, model) for each in rows), "How sure each arrow is", notes)


def _row(each: Certainty, model: Model) -> tuple[Cell, ...]:
    asked = {None: "not known", True: "yes", False: "no"}[each.only_asked]
    return (
        each.edge,
        model.route(each.edge),
        KOfN(each.k, each.n),
        each.shared.value,
        KOfN(len(each.doubly), each.k),
        KOfN(len([p for p in each.doubly if p in each.confirmed]), len(each.doubly)),
        "yes" if each.one_reader else "no",
        ", ".join(each.falls_without),
        ", ".join(each.hangs_on),
        asked,
    )


def _agreement_line(found: Certainties) -> str:
    if not found.interviews:
        return "No interview was finished by two coders: their agreement on the relations is not known"
    pooled = found.pooled
    what = f"{counted(len(found.interviews), 'interview')} finished by two coders or more"
    if pooled.value is None:
        return f"{what}; nobody has a relation there"
    without = "" if found.without_type.value is None else f"; without the type {decimals(found.without_type.value)}"
    return (
        f"{what}: {pooled.both} participant-edges shared, of {pooled.first} and {pooled.second}; positive specific "
        f"agreement {decimals(pooled.value)}{without}"
    )


def certainty_json(found: Certainties, model: Model) -> dict[str, Any]:
    """Everything as plain values."""
    reading: Reading = certainty_reading(found, model.n)
    return {
        "threshold": model.params.min_participants,
        "agreement": {**_shared(found.pooled), "without_type": found.without_type.value},
        "pairs": {pair: _shared(shared) for pair, shared in found.pairs.items()},
        "doubly_coded": list(found.interviews),
        "edges": [
            {
                "id": each.edge, "way": model.route(each.edge), "k": each.k, "n": each.n,
                "agreement": _shared(each.shared), "doubly_coded": list(each.doubly),
                "confirmed": list(each.confirmed), "one_reader": each.one_reader, "fragile": each.fragile,
                "falls_without": list(each.falls_without), "one_relation_carries": list(each.hangs_on),
                "only_asked": each.only_asked,
            }
            for each in found.edges
        ],
        "filters": list(model.params.filters()),
        "reading": reading.as_json(),
    }  # fmt: skip


def _shared(found: Shared) -> dict[str, Any]:
    return {"shared": found.both, "first": found.first, "second": found.second, "value": found.value}


__all__ = ["certainty_json", "certainty_table", "model_certainties"]
