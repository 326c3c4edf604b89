"""The decision model: declared and stated nodes and edges with their support, as values and as a networkx graph.

Rules (docs/methods.md): a threshold and filters only hide, they never re-link and never change what stays;
declared objects stay whatever their support; kinds of evidence are never added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from postil_base.plural import counted
from postil_codebook.values import Codebook, Item, Process, ProcessEdge, ProcessNode, Stage
from postil_model.decision.support import Support, SupportCounter, coders_needed, not_asked
from postil_model.evidence.edges import EdgeBook, key_of
from postil_model.evidence.hints import cooccur_rows, order_rows
from postil_model.evidence.rows import KINDS, EdgeKey, Evidence, EvidenceRow, Kind
from postil_model.evidence.sums import Sum

if TYPE_CHECKING:
    import networkx
    from graphviz import Digraph

    from postil_codebook.values import Finding

RECORD = "coding of record"
Status = Literal["matched", "weak", "missing", "unexpected", "hidden"]


@dataclass(frozen=True, slots=True)
class Params:
    """What was asked for. Every filter is printed with the result."""

    min_participants: int = 2
    evidence: Kind = "stated"
    participants: tuple[str, ...] = ()  # empty: all
    stages: tuple[str, ...] = ()  # empty: all
    elicited: str = ""  # "spontaneous" or "prompted"; empty: both
    coder_rule: str = "any"
    layers: str = RECORD
    ignored: tuple[str, ...] = ()  # parts of an edge's identity: type, guard, direction

    def filters(self) -> tuple[str, ...]:
        """The filters in words that can be printed and typed again."""
        words = [f"evidence={self.evidence}", f"min-participants={self.min_participants}"]
        if self.participants:
            words.append("participants=" + ",".join(self.participants))
        if self.stages:
            words.append("stages=" + ",".join(self.stages))
        if self.elicited:
            words.append(f"elicited={self.elicited}")
        if self.ignored:
            words.append("ignore=" + ",".join(self.ignored))
        if self.layers != RECORD:
            words.append(f"layers={self.layers} (coder rule: {self.coder_rule})")
        return tuple(words)


@dataclass(frozen=True, slots=True)
class Node:
    """A node with its support and that of its items."""

    node: ProcessNode
    support: Support
    items: Mapping[str, Support] = field(default_factory=dict)
    declared: bool = True


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge with its support, one for each kind of evidence."""

    id: str
    key: EdgeKey
    declared: ProcessEdge | None
    support: Mapping[Kind, Support]

    def status(self, kind: Kind, threshold: int) -> Status:
        """Where the edge stands: declared ones are matched, weak or missing, others unexpected or hidden."""
        k = self.support[kind].k
        if self.declared is None:
            return "unexpected" if k >= threshold else "hidden"
        if k >= threshold:
            return "matched"
        return "weak" if k else "missing"


@dataclass(frozen=True, repr=False)
class Model:
    """A decision model: what is declared, what participants say, and what was asked for.

    A notebook shows its figure; `repr` is one line.
    """

    process: Process
    codebook: Codebook
    evidence: Evidence
    params: Params
    participants: tuple[str, ...]
    nodes: Mapping[str, Node]
    edges: Mapping[str, Edge]

    @property
    def n(self) -> int:
        """Number of participants."""
        return len(self.participants)

    @cached_property
    def people(self) -> frozenset[str]:
        """The participants as a set, for looking them up."""
        return frozenset(self.participants)

    @cached_property
    def id(self) -> str:
        """What the model was made of, as one number; see `postil_model.decision.model_id`."""
        from postil_model.decision.model_id import model_id

        return model_id(self)

    def status(self, edge: Edge) -> Status:
        """The status of an edge under the kind and threshold asked for."""
        return edge.status(self.params.evidence, self.params.min_participants)

    def support(self, edge: Edge) -> Support:
        """The support of an edge in the kind asked for."""
        return edge.support[self.params.evidence]

    def route(self, edge: str) -> str:
        """An edge as it is read: ``evaluate → find_ptm [goes-back-to: poor]``."""
        return edge_label(self.edges[edge].key)

    @cached_property
    def shown_nodes(self) -> dict[str, Node]:
        """Nodes that no filter hides."""
        stages = self.params.stages
        return {name: node for name, node in self.nodes.items() if not stages or node.node.stage in stages}

    @cached_property
    def shown_edges(self) -> dict[str, Edge]:
        """Edges that no filter hides; no edge is ever made up for a hidden node."""
        nodes = self.shown_nodes
        return {
            name: edge
            for name, edge in self.edges.items()
            if self.status(edge) != "hidden" and edge.key.source in nodes and edge.key.target in nodes
        }

    @cached_property
    def below_threshold(self) -> tuple[Edge, ...]:
        """Edges with support that the threshold hides, and declared ones that it draws grey."""
        kind, threshold = self.params.evidence, self.params.min_participants
        return tuple(edge for edge in self.edges.values() if 0 < edge.support[kind].k < threshold)

    def __repr__(self) -> str:
        title, threshold = self.process.title or self.process.id, self.params.min_participants
        asked = f"{self.params.evidence} by at least {threshold} of {counted(self.n, 'participant')}"
        shown = f"{counted(len(self.shown_nodes), 'node')}, {counted(len(self.shown_edges), 'edge')}"
        return f"<decision model {title!r}: {shown}, {asked}>"

    def _repr_svg_(self) -> str:
        """The figure, for notebooks; by stage where there are too many nodes to be read."""
        from postil_model.decision.stage_figure import readable_figure
        from postil_model.drawing.pictures import draw

        return draw(readable_figure(self), ["svg"])["svg"].decode("utf-8")

    def to_graphviz(self, findings: Sequence[Finding] = (), engine: Literal["paper", "dot"] = "paper") -> Digraph:
        """The figure as a `graphviz.Digraph`.

        Args:
            findings: measured facts to be noted beside their nodes.
            engine: ``paper`` gives every node and edge its place, so that Graphviz draws what Postil draws; ``dot``
                leaves the layout to Graphviz.

        Raises:
            PostilError: the model has no node.
        """
        from postil_model.decision.undeclared import drawn_figure
        from postil_model.drawing.pictures import digraph

        return digraph(drawn_figure(self, findings), engine)

    @cached_property
    def graph(self) -> networkx.MultiDiGraph[str]:
        """The shown graph: nodes by id, edges keyed by edge id, with flat and list attributes."""
        from postil_model.decision.exports import to_networkx

        return to_networkx(self)


def edge_label(key: Sequence[str]) -> str:
    """``evaluate → find_ptm [goes-back-to: poor]``."""
    source, target, type_, guard = key
    return f"{source} → {target} [{type_}{f': {guard}' if guard else ''}]"


def build(
    process: Process,
    codebook: Codebook,
    evidence: Evidence,
    edges: EdgeBook,
    params: Params = Params(),
) -> Model:
    """Compute the model from the evidence table; see `postil_model.decision.of_study.build_model` for a study."""
    participants = tuple(p for p in evidence.participants if not params.participants or p in params.participants)
    counter = SupportCounter(participants, not params.participants, coders_needed(evidence, params.coder_rule))
    nodes = {node.id: _node(node, evidence, counter, params.elicited) for node in process.nodes}
    rows = _by_object(
        _chosen((row for name in edges.keys for row in evidence.by_object.get(name, ())), params.elicited)
    )
    hints = _hints(evidence, edges, params)
    names = dict.fromkeys([*_declared(edges), *sorted(rows), *hints])
    found = {
        name: Edge(name, key, edges.declared.get(key), _edge_support(name, rows, hints, counter))
        for name in names
        if (key := edges.keys[name]).source in nodes and key.target in nodes
    }
    return Model(process, codebook, evidence, params, participants, nodes, found)


Grouped = dict[str, dict[Kind, list[EvidenceRow]]]


def _chosen(rows: Iterable[EvidenceRow], elicited: str) -> Iterable[EvidenceRow]:
    return (row for row in rows if row.elicited == elicited) if elicited else rows


def _by_object(rows: Iterable[EvidenceRow]) -> Grouped:
    found: Grouped = {}
    for row in rows:
        found.setdefault(row.object, {}).setdefault(row.kind, []).append(row)
    return found


def _declared(edges: EdgeBook) -> list[str]:
    return [edges.id(key) for key in edges.declared]


def _hints(evidence: Evidence, edges: EdgeBook, params: Params) -> Grouped:
    """Hints are computed only when the figure is asked for in their kind; the rest of the time they cost nothing."""
    if params.evidence not in ("order", "cooccur"):
        return {}
    rows = order_rows(evidence, edges) if params.evidence == "order" else cooccur_rows(evidence, edges)
    return _by_object(_chosen((_on_declared(row, edges) for row in rows), params.elicited))


def _on_declared(row: EvidenceRow, edges: EdgeBook) -> EvidenceRow:
    """A hint has no type: it is shown on the declared step between its nodes if there is just one."""
    import msgspec

    key = edges.keys[row.object]
    pairs = {key[:2], (key.target, key.source)} if row.kind == "cooccur" else {key[:2]}
    fitting = [declared for declared in edges.declared if declared[:2] in pairs]
    return msgspec.structs.replace(row, object=edges.id(fitting[0])) if len(fitting) == 1 else row


def _edge_support(name: str, rows: Grouped, hints: Grouped, counter: SupportCounter) -> dict[Kind, Support]:
    """Support of an edge, kind by kind."""
    said, hinted = rows.get(name, {}), hints.get(name, {})
    return {kind: counter.support((hinted if kind in ("order", "cooccur") else said).get(kind, ())) for kind in KINDS}


def _node(node: ProcessNode, evidence: Evidence, counter: SupportCounter, elicited: str) -> Node:
    said = list(_chosen(evidence.by_object.get(node.id, ()), elicited)) if elicited else None
    items = {item.id: _summed(f"{node.id}.{item.id}", item.id, said, evidence, counter) for item in node.items}
    return Node(node, _summed(node.id, "", said, evidence, counter), items)


def _summed(
    name: str, item: str, said: Sequence[EvidenceRow] | None, evidence: Evidence, counter: SupportCounter
) -> Support:
    """Support of a node or of an item of it; ``said``: the node's rows, where not all of them are wanted."""
    silent = not_asked(evidence, name)
    whole = counter.whole(evidence.sums.get(name, Sum()), silent) if said is None else None
    if whole is not None:
        return whole
    rows = evidence.by_object.get(name.removesuffix(f".{item}"), ()) if said is None else said
    return counter.support((row for row in rows if not item or row.item == item), silent)


def discovered(codebook: Codebook, used: Iterable[str]) -> Process:
    """A process for a study that declares none: every used code is a step, headings at the top are the stages."""
    used_codes = set(used)
    nodes = [
        ProcessNode(code.id, code.label, "activity", _top(codebook, code.id), (code.id,), origin="derived")
        for code in codebook.codes.values()
        if code.id in used_codes
    ]
    stages = {node.stage for node in nodes}
    return Process(
        id="discovered",
        title=codebook.title,
        stages=tuple(Stage(code.id, code.label) for code in codebook.codes.values() if code.id in stages),
        nodes=tuple(nodes),
    )


def _top(codebook: Codebook, code: str) -> str:
    above = codebook.ancestors(code)
    return above[-1] if above else ""


def with_params(model: Model, edges: EdgeBook, **changes: Any) -> Model:
    """The same evidence under other parameters."""
    return build(model.process, model.codebook, model.evidence, edges, replace(model.params, **changes))


__all__ = ["Edge", "EdgeBook", "Item", "Model", "Node", "Params", "build", "discovered", "key_of", "with_params"]
