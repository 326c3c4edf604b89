"""The model against a reference: what is matched, weak, missing and unexpected (docs/methods.md).

A reference is another process: a published one, an older version, another study's or another coder's model. The
evidence is read against the reference's edges, so that comparing and drawing are the same thing. *Edge fit* and *edge
precision* are set ratios over stated relations, no replay fitness; both lists are always given with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from postil_codebook.values import EdgeKind, Item, Process, ProcessEdge, ProcessNode, Stage
from postil_model.decision.model import Model, edge_label
from postil_model.decision.support import Support

Status = Literal["matched", "weak", "missing", "unexpected"]
What = Literal["node", "item", "edge"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One node, item or edge in the comparison."""

    what: What
    id: str
    label: str
    status: Status
    support: Support


@dataclass(frozen=True, slots=True)
class Ratios:
    """|matched| of the reference's and of the model's objects; None where there is nothing to divide by."""

    coverage: float | None
    precision: float | None
    weighted_precision: float | None
    matched: int
    reference: int
    found: int


@dataclass(frozen=True, slots=True)
class PersonFit:
    """Share of a participant's edges that are in the reference: the same edge, a path, the same pair of stages."""

    participant: str
    edges: int
    strict: float | None
    relaxed: float | None
    stage: float | None


@dataclass(frozen=True)
class Comparison:
    """The result. ``word`` is "fit", or "traceability" where the reference was made from the same interviews."""

    title: str
    threshold: int
    rows: tuple[Compared, ...]
    ratios: Mapping[What, Ratios]
    people: tuple[PersonFit, ...]
    word: str
    model: Model

    def of(self, what: What, status: Status) -> list[Compared]:
        """Objects with a status."""
        return [row for row in self.rows if row.what == what and row.status == status]


def merged(own: Process, reference: Process, names: Mapping[str, str] | None = None) -> Process:
    """The reference with the codes of one's own nodes; own nodes that it does not have come last, as unexpected.

    Nodes are the same if their ids are, if ``names`` (own id → reference id) says so, or if their labels are.
    """
    same = _same_nodes(own, reference, names or {})
    theirs = {other: node for node in own.nodes if (other := same.get(node.id))}
    nodes = [_with_codes(node, theirs.get(node.id)) for node in reference.nodes]
    stages = list(reference.stages)
    taken = {node.id for node in nodes}
    for node in own.nodes:
        if node.id not in same:
            stage = _stage_of(node, own, stages, theirs, reference)
            name = node.id if node.id not in taken else f"own:{node.id}"
            nodes.append(msgspec.structs.replace(node, id=name, stage=stage, origin="derived"))
    return msgspec.structs.replace(reference, nodes=tuple(nodes), stages=tuple(stages), evidence=own.evidence)


def _same_nodes(own: Process, reference: Process, names: Mapping[str, str]) -> dict[str, str]:
    ids = {node.id for node in reference.nodes}
    labels = {_plain(node.label): node.id for node in reference.nodes}
    found: dict[str, str] = {}
    for node in own.nodes:
        other = names.get(node.id) or (node.id if node.id in ids else labels.get(_plain(node.label), ""))
        if other in ids and other not in found.values():
            found[node.id] = other
    return found


def _with_codes(node: ProcessNode, own: ProcessNode | None) -> ProcessNode:
    if own is None:
        return msgspec.structs.replace(
            node, codes=(), items=tuple(msgspec.structs.replace(item, codes=()) for item in node.items), origin="prior"
        )
    by_name = {name: item for item in own.items for name in (item.id, _plain(item.label))}
    items: list[Item] = []
    used: set[str] = set()
    for item in node.items:
        mine = by_name.get(item.id) or by_name.get(_plain(item.label))
        used |= {mine.id} if mine else set()
        items.append(msgspec.structs.replace(item, codes=mine.codes if mine else ()))
    rest = [code for item in own.items if item.id not in used for code in item.codes]
    return msgspec.structs.replace(node, codes=(*own.codes, *rest), items=tuple(items), origin="prior")


def _stage_of(
    node: ProcessNode, own: Process, stages: list[Stage], theirs: Mapping[str, ProcessNode], reference: Process
) -> str:
    """The reference's stage for an own node: the same id or label, else where the nodes of its stage went."""
    label = next((stage.label for stage in own.stages if stage.id == node.stage), node.stage)
    for stage in stages:
        if node.stage == stage.id or _plain(label) == _plain(stage.label):
            return stage.id
    moved = [other.stage for other in reference.nodes if other.id in theirs and theirs[other.id].stage == node.stage]
    if moved:
        return moved[0]
    stages.append(Stage(node.stage, label))
    return node.stage


def _plain(label: str) -> str:
    return " ".join(label.casefold().split())


def as_process(model: Model) -> Process:
    """A model as a reference: the nodes and edges that reach its threshold."""
    t, kind = model.params.min_participants, model.params.evidence
    nodes = tuple(node.node for node in model.nodes.values() if node.support.k >= t)
    kept = {node.id for node in nodes}
    kinds: dict[str, EdgeKind] = {"leads-to": "flow", "goes-back-to": "back", "influences": "influence"}
    edges = tuple(
        edge.declared or ProcessEdge(edge.id, *edge.key[:2], kinds.get(edge.key.type, "flow"), edge.key.guard)
        for edge in model.edges.values()
        if edge.support[kind].k >= t and edge.key.source in kept and edge.key.target in kept
    )
    return msgspec.structs.replace(
        model.process, nodes=nodes, edges=tuple(edges), main_line=tuple(n for n in model.process.main_line if n in kept)
    )


def prior_part(process: Process) -> Process:
    """A study's own process without what was derived from its interviews."""
    nodes = tuple(node for node in process.nodes if node.origin == "prior")
    kept = {node.id for node in nodes}
    edges = tuple(e for e in process.edges if e.origin == "prior" and e.source in kept and e.target in kept)
    return msgspec.structs.replace(process, nodes=nodes, edges=edges)


def compare(model: Model, reference: Process) -> Comparison:
    """Compare a model built on `merged` with the reference it was merged from."""
    rows = tuple(_rows(model, {node.id for node in reference.nodes}))
    derived = any(edge.origin == "derived" for edge in reference.edges)
    return Comparison(
        title=reference.title or reference.id,
        threshold=model.params.min_participants,
        rows=rows,
        ratios={what: _ratios([row for row in rows if row.what == what]) for what in ("node", "item", "edge")},
        people=tuple(_person(participant, model) for participant in model.participants),
        word="traceability" if derived else "fit",
        model=model,
    )


def _rows(model: Model, known: set[str]) -> Iterator[Compared]:
    t = model.params.min_participants
    for node in model.nodes.values():
        declared = node.node.id in known
        if status := _status(node.support.k, t, declared):
            yield Compared("node", node.node.id, node.node.label, status, node.support)
        for item in node.node.items:
            if status := _status(node.items[item.id].k, t, declared):
                yield Compared("item", f"{node.node.id}.{item.id}", item.label, status, node.items[item.id])
    for edge in model.edges.values():
        support = model.support(edge)
        if status := _status(support.k, t, edge.declared is not None):
            yield Compared("edge", edge.id, edge_label(edge.key), status, support)


def _status(k: int, t: int, declared: bool) -> Status | None:
    if declared:
        return "matched" if k >= t else "weak" if k else "missing"
    return "unexpected" if k >= t else None


def _ratios(rows: Sequence[Compared]) -> Ratios:
    matched = [row for row in rows if row.status == "matched"]
    reference = sum(1 for row in rows if row.status != "unexpected")
    found = [row for row in rows if row.status in ("matched", "unexpected")]
    said = sum(row.support.k for row in found)
    return Ratios(
        coverage=len(matched) / reference if reference else None,
        precision=len(matched) / len(found) if found else None,
        weighted_precision=sum(row.support.k for row in matched) / said if said else None,
        matched=len(matched),
        reference=reference,
        found=len(found),
    )


def _person(participant: str, model: Model) -> PersonFit:
    kind = model.params.evidence
    said = [edge for edge in model.edges.values() if participant in edge.support[kind].affirm]
    if not said:
        return PersonFit(participant, 0, None, None, None)
    declared = [edge.key for edge in model.edges.values() if edge.declared]
    reach = _reachable((key.source, key.target) for key in declared)
    stages = {(_stage(model, key.source), _stage(model, key.target)) for key in declared}
    strict = sum(1 for edge in said if edge.declared)
    relaxed = sum(1 for edge in said if edge.declared or edge.key.target in reach.get(edge.key.source, ()))
    staged = sum(1 for e in said if (_stage(model, e.key.source), _stage(model, e.key.target)) in stages)
    return PersonFit(participant, len(said), strict / len(said), relaxed / len(said), staged / len(said))


def _stage(model: Model, node: str) -> str:
    return model.nodes[node].node.stage


def _reachable(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Every node that a path of at least one edge leads to, by its start."""
    following: dict[str, set[str]] = {}
    for source, target in pairs:
        following.setdefault(source, set()).add(target)
    found: dict[str, set[str]] = {}
    for start in following:
        seen: set[str] = set()
        waiting = list(following[start])
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting.extend(following.get(node, ()))
        found[start] = seen
    return found
