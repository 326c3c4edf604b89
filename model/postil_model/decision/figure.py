"""The decision model as a figure: what is drawn in which tone, with which counts, notes and caption."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal
from urllib.parse import quote

from postil_base.numbers import significant
from postil_base.plural import counted, subject
from postil_codebook.values import Finding, ProcessNode
from postil_model.decision.legend import legend, words_of
from postil_model.decision.model import Edge, Model, Node
from postil_model.decision.model_id import id_with, manifest
from postil_model.decision.support import Support
from postil_model.drawing.figure import Figure, FigureEdge, FigureItem, FigureNode, FigureNote, Tone
from postil_model.drawing.text import shorten
from postil_model.evidence.rows import EvidenceRow

Quotes = Literal["none", "ids", "full"]
KIND_OF_TYPE: dict[str, Literal["flow", "back", "influence"]] = {
    "leads-to": "flow",
    "goes-back-to": "back",
    "influences": "influence",
    "excludes": "flow",
    "order": "flow",
    "cooccur": "influence",
}
MOST_FACTS = 3  # on one note


def figure_of(model: Model, findings: Sequence[Finding] = (), quotes: Quotes = "ids", page: str = "") -> Figure:
    """The figure of a model. ``quotes`` says what of the evidence goes into tooltips: nothing, ids, or the words.

    ``page``: the report in which the words behind a node or an edge stand; boxes and arrows lead there.
    """
    nodes = [_node(model, node, quotes) for node in model.shown_nodes.values()]
    edges = [_edge(model, edge, quotes) for edge in model.shown_edges.values()]
    if page:
        nodes = [replace(node, url=place_in(page, f"node-{node.id}")) for node in nodes]
        edges = [replace(edge, url=place_in(page, f"edge-{edge.id}")) for edge in edges]
    notes = list(_notes(findings, model))
    shown = [finding for found in shown_findings(findings, model).values() for finding in found]
    figure = Figure(
        title=model.process.title or model.process.id,
        stages=tuple((stage.id, stage.label or stage.id) for stage in model.process.stages),
        nodes=tuple(nodes),
        edges=tuple(edges),
        main_line=tuple(name for name in model.process.main_line if name in model.shown_nodes),
        notes=tuple(notes),
        manifest=manifest(model, shown),
    )
    return replace(figure, caption=(legend(figure, words_of(model)), *caption(model, findings)))


def place_in(page: str, name: str) -> str:
    """The address of a node or an edge in a report.

    >>> place_in("report.html", "edge-a:b:leads-to")
    'report.html#edge-a%3Ab%3Aleads-to'
    """
    return f"{page}#{quote(name, safe='')}"


def _node(model: Model, node: Node, quotes: Quotes) -> FigureNode:
    declared, support = node.node, node.support
    rows = [row for row in model.evidence.by_object.get(declared.id, ()) if row.participant in model.people]
    items = tuple(
        FigureItem(item.label or item.id, node.items[item.id].k if model.n else None, item.emphasis)
        for item in declared.items
    )
    return FigureNode(
        id=declared.id,
        label=declared.label or declared.id,
        kind=declared.kind,
        stage=declared.stage,
        strip=tuple(participant in support.affirm for participant in model.participants),
        items=items,
        tone=_node_tone(model, declared, support),
        tooltip=_tooltip(declared.label or declared.id, support, rows, model, quotes),
        listed=_lists_itself(declared),
    )


def _node_tone(model: Model, node: ProcessNode, support: Support) -> Tone:
    """Grey without evidence; orange if the node came out of the interviews and others did not."""
    if model.n and not support.k:
        return "missing"
    mixed = len({other.origin for other in model.process.nodes}) > 1
    return "unexpected" if mixed and node.origin == "derived" else "plain"


def _lists_itself(node: ProcessNode) -> bool:
    """A label that only strings the items together ("A / B / C") is not printed above them."""
    parts = [part.strip().casefold() for part in node.label.split("/")]
    return bool(node.items) and parts == [item.label.strip().casefold() for item in node.items]


def _edge(model: Model, edge: Edge, quotes: Quotes) -> FigureEdge:
    support, status = model.support(edge), model.status(edge)
    declared, key = edge.declared, edge.key
    rows = [
        row
        for row in model.evidence.by_object.get(edge.id, ())
        if row.kind == model.params.evidence and row.participant in model.people
    ]
    names = [model.nodes[name].node.label or name for name in key[:2]]
    title = f"{names[0]} → {names[1]}" + (f" ({key.guard})" if key.guard else "")
    # without a declared skeleton nothing can be unexpected
    tone: Tone = "unexpected" if status == "unexpected" and model.process.edges else "plain"
    if model.n and status in ("missing", "weak"):
        tone = "missing"
    return FigureEdge(
        id=edge.id,
        source=key.source,
        target=key.target,
        kind=declared.kind if declared else KIND_OF_TYPE[key.type],
        guard=declared.guard if declared else key.guard,
        label=declared.label if declared else "",
        count=str(support) if model.n else "",
        k=support.k,
        n=support.n,
        tone=tone,
        declared=declared is not None,
        denied=len(edge.support["stated"].deny_it),
        directed=model.params.evidence != "cooccur",
        tooltip=_tooltip(title, support, rows, model, quotes),
        status=status,
    )


def _tooltip(title: str, support: Support, rows: Iterable[EvidenceRow], model: Model, quotes: Quotes) -> str:
    if not model.n:
        return title
    lines = [f"{title}: {support}", *_who(support)]
    if quotes == "ids":
        places = dict.fromkeys(f"{row.transcript} {'+'.join(row.segments)}" for row in rows)
        lines += list(places)[:12]
        if len(places) > 12:
            lines.append(f"and {len(places) - 12} more")
    if quotes == "full":
        said = dict.fromkeys(f"{row.participant}: {shorten(model.evidence.told(row), 180)}" for row in rows)
        lines += [line for line in said if not line.endswith(": ")][:8]
    return "\n".join(lines)


def _who(support: Support) -> Iterator[str]:
    for word, people in (
        ("", support.affirm),
        ("deny", support.deny_it),
        ("join a denied passage", support.deny_of_end),
        ("hypothetical", support.hypothetical),
        ("wish", support.wish),
        ("reported of others", support.reported),
        ("not asked", support.not_asked),
    ):
        if people:
            yield f"{word}: {', '.join(people)}" if word else ", ".join(people)


def shown_findings(findings: Iterable[Finding], model: Model) -> dict[str, list[Finding]]:
    """The facts of each drawn node: beside the first one they are linked to."""
    facts: dict[str, list[Finding]] = {}
    for finding in findings:
        node = next((name for name in finding.links.get("node", ()) if name in model.shown_nodes), None)
        if node:
            facts.setdefault(node, []).append(finding)
    return facts


def _notes(findings: Sequence[Finding], model: Model) -> Iterator[FigureNote]:
    """Facts beside the first drawn node they are linked to, so that none is printed twice."""
    for node, found in shown_findings(findings, model).items():
        found.sort(key=lambda finding: bool(finding.conflict))  # what stands firm first; the order stays otherwise
        texts = [fact_text(finding) for finding in found[:MOST_FACTS]]
        if len(found) > MOST_FACTS:
            texts.append(f"and {len(found) - MOST_FACTS} more")
        tips = [f"{f.statement} ({f.source})" + (f" [conflict: {f.conflict}]" if f.conflict else "") for f in found]
        yield FigureNote(node, tuple(texts), "\n".join(tips))


def fact_text(finding: Finding) -> str:
    """A fact in few words with its counts: ``3.2% of organizations verified (199/6,243)``."""
    text = shorten(finding.note or finding.statement, 96)
    number = counts_text(finding)
    if not finding.note and not number and finding.value is not None:
        number = f"{_plain(finding.value)} {'%' if finding.unit == 'percent' else finding.unit}".replace(
            " %", "%"
        ).strip()
    shown = f"{text} ({number})" if number and number not in text else text
    return shown + (" [conflict]" if finding.conflict else "")


def counts_text(finding: Finding) -> str:
    """Numerator and denominator, if the finding has them."""
    if finding.numerator is None or finding.denominator is None:
        return ""
    return f"{_plain(finding.numerator)}/{_plain(finding.denominator)}"


def _plain(value: float) -> str:
    return significant(value, 6, thousands=True)


def caption(model: Model, findings: Sequence[Finding] = ()) -> Iterator[str]:
    """What was counted, what is hidden, and the id of the model; the legend is `postil_model.decision.legend`."""
    if not model.n:
        yield f"{model.process.title or model.process.id}. Declared process; nothing is counted here."
        return
    yield " ".join(_counts(model))
    yield figure_model(model, [finding for found in shown_findings(findings, model).values() for finding in found])


def figure_model(model: Model, findings: Sequence[Finding] = ()) -> str:
    """The filters and the id of the model with the findings that are shown beside it."""
    return f"Filters: {'; '.join(model.params.filters())}. Model {id_with(model, findings)[:12]}."


def _relations(count: int) -> str:
    return f"{count} relation{'' if count == 1 else 's'}"


def _counts(model: Model) -> Iterator[str]:
    evidence, kind = model.evidence, model.params.evidence
    stated = [row for row in evidence.rows if row.what == "edge" and row.kind == "stated"]
    relations = sum(1 for row in stated if not row.of_end)
    segments = len({(row.transcript, row.segments) for row in evidence.rows if row.what != "edge"})
    yield (
        f"{counted(model.n, 'participant')}, {counted(segments, 'coded segment')}, "
        f"{counted(relations, 'stated relation')}, {model.params.layers}."
    )
    if others := Tally(row.mode for row in stated if row.of_end):
        words = ", ".join(f"{count} {mode}" for mode, count in others.items())
        yield f"Not counted: {_relations(sum(others.values()))} between passages not affirmed ({words})."
    below = model.below_threshold
    hidden = [edge for edge in below if edge.declared is None]
    weak = len(below) - len(hidden)
    if hidden or weak:
        word = f"{len(hidden)} {kind} edge{'s' if len(hidden) != 1 else ''}"
        yield f"Below the threshold of {model.params.min_participants}: {word} not drawn, {weak} declared drawn grey."
    outside = [e for e in model.edges.values() if model.status(e) != "hidden" and e.id not in model.shown_edges]
    if outside:
        yield f"{subject(len(outside), 'edge', 'leads')} to stages that are not shown."
    if len(evidence.coders) == 1:
        yield "Single coder."
    if unclear := sum(item.reason != "mode" for item in evidence.unclear):
        verb = "counts" if unclear == 1 else "count"
        yield f"{_relations(unclear)} {verb} nowhere yet (postil model --candidates)."
    if evidence.missing:
        yield f"Not finished: {', '.join(evidence.missing)}."
