"""The model for other programs: networkx, GraphML, GEXF, node-link JSON, Mermaid."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from postil_base.quoting.terminal import json_safe
from postil_model.decision.document import model_json
from postil_model.drawing.figure import Figure, FigureEdge, FigureNode, made_of

if TYPE_CHECKING:
    import networkx

    from postil_model.decision.model import Model

# what XML 1.0 forbids
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|\r(?!\n)")


def to_networkx(model: Model) -> networkx.MultiDiGraph[str]:
    """The shown graph. Attributes are those of `model_json`; the key of an edge is its id."""
    import networkx

    data = model_json(model, with_candidates=False)
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(**data["model"])
    for node in data["nodes"]:
        graph.add_node(node["id"], **{key: value for key, value in node.items() if key != "id"})
    for edge in data["edges"]:
        attributes = {key: value for key, value in edge.items() if key not in ("id", "source", "target")}
        graph.add_edge(edge["source"], edge["target"], key=edge["id"], **attributes)
    return graph


def flattened(graph: networkx.MultiDiGraph[str]) -> networkx.MultiDiGraph[str]:
    """The same graph with text and numbers only: GraphML and GEXF hold no lists, no None and no control characters."""
    import networkx

    flat: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    flat.graph.update(_flat(graph.graph))
    for name, attributes in graph.nodes(data=True):
        flat.add_node(_clean(name), **_flat(attributes))
    for source, target, key, attributes in graph.edges(keys=True, data=True):
        flat.add_edge(_clean(source), _clean(target), key=_clean(str(key)), **_flat(attributes))
    return flat


def _flat(attributes: dict[str, Any]) -> dict[str, str | int | float]:
    return {key: value if isinstance(value, (int, float)) else _as_text(value) for key, value in attributes.items()}


def _as_text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "; ".join(f"{item['id']}={item['k']}" if isinstance(item, dict) else str(item) for item in value)
    return _clean("" if value is None else str(value))


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def graphml(model: Model) -> bytes:
    """GraphML; the id of an edge element is the edge's id."""
    import networkx

    out = BytesIO()
    networkx.write_graphml_xml(flattened(model.graph), out, named_key_ids=True)
    return out.getvalue()


def gexf(model: Model) -> bytes:
    """GEXF 1.2 for Gephi, without the date of writing, so that the same model gives the same bytes."""
    import networkx

    flat = flattened(model.graph)
    for _, _, key, attributes in flat.edges(keys=True, data=True):
        # GEXF reserves these names on edges
        attributes["relation"] = attributes.pop("type")
        attributes["id"] = key
    out = BytesIO()
    networkx.write_gexf(flat, out)
    return re.sub(rb' lastmodifieddate="[^"]*"', b"", out.getvalue())


def node_link(model: Model) -> str:
    """networkx' node-link JSON: `networkx.node_link_graph(data, edges="edges")` reads it."""
    import networkx

    data = networkx.node_link_data(model.graph, edges="edges")
    return json_safe(json.dumps(data, ensure_ascii=False, indent=2)) + "\n"


def mermaid(figure: Figure) -> str:
    """A Mermaid flowchart: stages as subgraphs, decisions as diamonds, influences dotted; needs no Graphviz.

    Nodes without a stage stand in no subgraph. Its grammar is held by a test; Mermaid 12.3 parsed every kind of it.
    """
    names = {node.id: f"n{place}" for place, node in enumerate(figure.nodes, 1)}
    lines = [*(f"%% {_mermaid_comment(line)}" for line in made_of(figure)), "flowchart LR"]
    stages = dict(figure.stages)
    for place, (stage, label) in enumerate(figure.stages, 1):
        inside = [node for node in figure.nodes if node.stage == stage]
        if inside:
            lines.append(f'  subgraph s{place} ["{_mermaid_text(label or stage)}"]')
            lines += [f"    {names[node.id]}{_mermaid_shape(node)}" for node in inside]
            lines.append("  end")
    lines += [f"  {names[node.id]}{_mermaid_shape(node)}" for node in figure.nodes if node.stage not in stages]
    edges = [edge for edge in figure.edges if edge.source in names and edge.target in names]
    lines += [f"  {names[edge.source]} {_mermaid_arrow(edge)} {names[edge.target]}" for edge in edges]
    return "\n".join([*lines, *_mermaid_styles(figure, names, edges)]) + "\n"


def _mermaid_comment(text: str) -> str:
    """A comment that is no directive: Mermaid looks for ``%%{`` anywhere."""
    return _clean(text).replace("{", "(").replace("}", ")")


def _mermaid_shape(node: FigureNode) -> str:
    parts = [node.label, *(f"{i.label}{'' if i.count is None else f' {i.count}'}" for i in node.items)]
    if node.listed:
        parts = parts[1:]
    if node.strip:
        parts.append(f"{node.k}/{len(node.strip)}")
    text = "<br/>".join(_mermaid_text(part) for part in parts)
    opening, closing = {"decision": ("{", "}"), "terminal": ("([", "])")}.get(node.kind, ("(", ")"))
    return f'{opening}"{text}"{closing}'


def _mermaid_arrow(edge: FigureEdge) -> str:
    words = " ".join(part for part in (edge.guard or edge.label, edge.count) if part)
    text = _mermaid_text(words) if words.strip() else ""
    arrow = "-.->" if edge.kind == "influence" else "-->"
    if not edge.directed:
        arrow = "---"
    return f'{arrow}|"{text}"|' if text else arrow


def _mermaid_styles(figure: Figure, names: dict[str, str], edges: list[FigureEdge]) -> Iterator[str]:
    yield "  classDef missing stroke:#8A8A8A,color:#8A8A8A"
    yield "  classDef unexpected stroke:#C1440E,color:#C1440E"
    yield "  classDef factor stroke-dasharray:5 3"
    for node in figure.nodes:
        if node.tone != "plain":
            yield f"  class {names[node.id]} {node.tone}"
        if node.kind == "factor":
            yield f"  class {names[node.id]} factor"
    for tone, color in (("missing", "#8A8A8A"), ("unexpected", "#C1440E")):
        numbers = [str(place) for place, edge in enumerate(edges) if edge.tone == tone]
        if numbers:
            yield f"  linkStyle {','.join(numbers)} stroke:{color},color:{color}"


# a number, hyphen or plus sign with which Markdown begins a list
_LIST = re.compile(r"^(\d*)([.)+-])")


def _mermaid_text(text: str) -> str:
    """Text inside quotes: Mermaid knows entities with ``#``, reads Markdown and HTML, and wants some character."""
    clean = " ".join(_clean(text).split())
    sure = "".join(f"#{ord(char)};" if char in '#"&<>`\\*_|{}[]~$:' else char for char in clean)
    return _LIST.sub(lambda match: f"{match[1]}#{ord(match[2])};", sure) or "#160;"
