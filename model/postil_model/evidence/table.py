"""The chain-of-evidence table that papers attach: a row a piece of evidence, down to the words and their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from postil_base.plural import counted
from postil_formats.tables.files import Cell, Table
from postil_model.decision.model import Model
from postil_model.evidence.edges import EdgeBook
from postil_model.evidence.hints import cooccur_rows, order_rows
from postil_model.evidence.rows import Evidence, EvidenceRow

HEADERS = (
    "object", "what", "item", "kind", "participant", "transcript", "segments", "code", "to code", "guard", "mode",
    "quote", "cue", "coder", "elicited", "question", "start", "end", "turn", "unsure", "memo",
)  # fmt: skip


def evidence_table(model: Model, hints: bool = False, quotes: bool = True) -> Table:
    """All evidence of a model: declared objects first, then what people said; hints only if asked for."""
    evidence = model.evidence
    rows = [row for row in evidence.rows if row.participant in model.people]
    if hints:
        book = EdgeBook(model.process)
        found = (*order_rows(evidence, book), *cooccur_rows(evidence, book))
        rows += [row for row in found if row.participant in model.people]
    return Table(
        HEADERS,
        (*_declared(model), *(_cells(row, evidence, quotes) for row in _in_order(rows, model))),
        title="Evidence",
        notes=(f"{model.params.layers}; {counted(len(model.participants), 'participant')}; turns are counted from 1",),
    )


def _declared(model: Model) -> Iterator[tuple[Cell, ...]]:
    for node in model.process.nodes:
        yield (node.id, "node", "", "declared", *[""] * 12, None, None, None, "", node.origin)
    for edge in model.edges.values():
        if edge.declared:
            empty = ("", "", "", "", "", edge.key.guard, *[""] * 6)
            yield (edge.id, "edge", "", "declared", *empty, None, None, None, "", edge.declared.origin)


def _in_order(rows: Iterable[EvidenceRow], model: Model) -> list[EvidenceRow]:
    """By object in the order of the model, then by participant and place; codes nobody claims come last."""
    order = {name: place for place, name in enumerate([*model.nodes, *model.edges])}
    people = {name: place for place, name in enumerate(model.participants)}
    return sorted(
        rows,
        key=lambda row: (
            order.get(row.object, len(order)), row.object, row.code, row.kind, people[row.participant],
            row.transcript, row.start or 0, row.segments,
        ),
    )  # fmt: skip


def _cells(row: EvidenceRow, evidence: Evidence, quotes: bool) -> tuple[Cell, ...]:
    quote, cue = (evidence.told(row), evidence.told_cue(row)) if quotes else ("", "")
    return (
        row.object, row.what, row.item, row.kind, row.participant, row.transcript, "; ".join(row.segments), row.code,
        row.target_code, row.guard, row.mode, quote, cue, row.coder,
        row.elicited, row.question, row.start, row.end, row.turn + 1 or None, "yes" if row.unsure else "",
        row.memo,
    )  # fmt: skip
