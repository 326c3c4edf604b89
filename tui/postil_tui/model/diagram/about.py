"""What is said of the node or edge one stands on, as lines of words with roles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from postil_codebook.values import Finding
from postil_model.decision.figure import fact_text
from postil_model.decision.model import Edge, Model, Node
from postil_model.decision.support import Support
from postil_tui.code.session.labels import RELATION_SIGNS, RELATION_WORDS
from postil_tui.text.pieces import Piece, fold_pieces

STATUS_WORDS = {
    "matched": "declared and supported",
    "weak": "declared, below the threshold",
    "missing": "declared, nobody says it",
    "unexpected": "not declared",
    "hidden": "below the threshold",
}
KIND_WORDS = {
    "stated": "stated in words",
    "inferred": "inferred by coders",
    "order": "order of talk (a hint)",
    "cooccur": "spoken of together (a hint)",
}
_UNAFFIRMED = (
    ("deny_it", "✗ deny"),
    ("deny_of_end", "✗ join a denied passage"),
    ("hypothetical", "◇ hypothetical"),
    ("wish", "☆ wish for"),
    ("reported", "❝ report of others"),
    ("not_asked", "not asked"),
)


def about(model: Model, name: str, findings: Sequence[Finding], width: int) -> list[list[Piece]]:
    """A title, who says so and who says otherwise, then what else is known."""
    if name in model.nodes:
        pieces = _node(model, model.nodes[name], findings)
    elif name in model.edges:
        pieces = _edge(model, model.edges[name])
    else:
        return []
    return [line for part in pieces for line in fold_pieces(part, width)]


def title(model: Model, name: str) -> str:
    """The name of a node, or what an edge joins."""
    if name in model.nodes:
        return model.nodes[name].node.label or name
    key = model.edges[name].key
    ends = [(model.nodes[end].node.label or end) if end in model.nodes else end for end in key[:2]]
    sign = RELATION_SIGNS.get(key.type, "→" if key.type == "order" else "–")
    return f"{ends[0]} {sign} {ends[1]}" + (f" [{key.guard}]" if key.guard else "")


def _node(model: Model, node: Node, findings: Sequence[Finding]) -> Iterator[list[Piece]]:
    declared = node.node
    yield [(title(model, declared.id), "title"), (f"   {node.support}", "count"), (f"   {_origin(node)}", "quiet")]
    yield from _people(node.support)
    for item in declared.items:
        yield [(f"{item.label or item.id}  ", ""), (str(node.items[item.id]), "count"), *_said(node.items[item.id])]
    for finding in findings:
        if declared.id in finding.links.get("node", ()):
            yield [("≡ ", "note"), (fact_text(finding), "note")]


def _origin(node: Node) -> str:
    if node.node.origin == "derived":
        return "✱ not in the declared process: it came out of the interviews"
    return "declared" if node.support.k else "declared, nobody speaks of it"


def _edge(model: Model, edge: Edge) -> Iterator[list[Piece]]:
    support, status = model.support(edge), model.status(edge)
    sign = "✱ " if status == "unexpected" else ""
    yield [(title(model, edge.id), "title"), (f"   {support}", "count"), (f"   {sign}{STATUS_WORDS[status]}", "quiet")]
    relation = RELATION_WORDS.get(edge.key.type, "")
    kind = KIND_WORDS[model.params.evidence]
    yield from _people(support)
    others = [f"{KIND_WORDS[k]}: {s}" for k, s in edge.support.items() if k != model.params.evidence and s.k]
    yield [("; ".join(part for part in (relation, kind, *others) if part), "faint")]


def _people(support: Support) -> Iterator[list[Piece]]:
    if support.affirm:
        yield [("■ ", "count"), (", ".join(support.affirm), "")]
    else:
        yield [("nobody", "quiet")]
    others = [(words, getattr(support, name)) for name, words in _UNAFFIRMED if getattr(support, name)]
    if others:
        yield list(_joined(others))


def _joined(others: Iterable[tuple[str, Sequence[str]]]) -> Iterator[Piece]:
    for number, (words, people) in enumerate(others):
        yield (" · " if number else "") + f"{words} ", "quiet"
        yield ", ".join(people), ""


def _said(support: Support) -> list[Piece]:
    return [("  " + ", ".join(support.affirm), "quiet")] if support.affirm else []
