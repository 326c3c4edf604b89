"""The model as JSON (``postil model --json``): nodes, edges, what was inferred, what nobody claims, what is to do."""

from __future__ import annotations

from typing import Any

from postil_model.decision.candidates import WorkList, work_list
from postil_model.decision.model import Edge, Model, Node
from postil_model.decision.support import Support


def model_json(model: Model, with_candidates: bool = True, most: int = 0) -> dict[str, Any]:
    """Nodes, edges, inferred edges, codes no node claims, the work list, and what the model was made of.

    ``most``: so many items of the work list (0: all); how many there are stands in ``candidates_in_all``.
    """
    work = work_list(model, most=most) if with_candidates else WorkList([], 0)
    return {
        "nodes": [_node(node) for node in model.shown_nodes.values()],
        "edges": [_edge(model, edge, model.support(edge)) for edge in model.shown_edges.values()],
        "inferred": [
            _edge(model, edge, edge.support["inferred"])
            for edge in model.edges.values()
            if edge.support["inferred"].k or edge.support["inferred"].deny
        ],
        "unmapped": list(model.evidence.unclaimed),
        "candidates": [candidate.as_json() for candidate in work.first],
        "candidates_in_all": work.total,
        "model": {
            "id": model.id,
            "process": model.process.id,
            "n": model.n,
            "participants": list(model.participants),
            "filters": list(model.params.filters()),
            "below_threshold": [edge.id for edge in model.below_threshold],
            "unfinished": list(model.evidence.missing),
        },
    }


def _node(node: Node) -> dict[str, Any]:
    return {
        "id": node.node.id,
        **_support(node.support),
        "label": node.node.label,
        "kind": node.node.kind,
        "stage": node.node.stage,
        "items": [{"id": name, **_support(support)} for name, support in node.items.items()],
    }


def _edge(model: Model, edge: Edge, support: Support) -> dict[str, Any]:
    return {
        "id": edge.id,
        "source": edge.key.source,
        "target": edge.key.target,
        "type": edge.key.type,
        "guard": edge.key.guard,
        **_support(support),
        "kind": edge.declared.kind if edge.declared else "",
        "status": model.status(edge),
    }


def _support(support: Support) -> dict[str, Any]:
    found: dict[str, Any] = {"k": support.k, "n": support.n, "participants": list(support.affirm)}
    found["segments"], found["coders"] = support.segments, list(support.coders)
    for word in ("deny", "deny_of_end", "hypothetical", "wish", "reported", "not_asked"):
        if people := getattr(support, word):
            found[word] = list(people)
    return found
