"""Questions to the model: paths, threads, loops, cuts, must-pass nodes, what is lost without something.

A chain on the map is not a chain in a head: every answer gives, beside the aggregated one, the participants who state
the whole of it (docs/methods.md). No simulation, no probabilities on branches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postil_base.problem import PostilError
from postil_model.decision.model import Edge, Model

if TYPE_CHECKING:
    import networkx

MOST_PATHS = 1_000
LONGEST = 6


@dataclass(frozen=True, slots=True)
class Chain:
    """Edges one after the other; ``weakest`` is the smallest k on the way, ``people`` state every step of it."""

    nodes: tuple[str, ...]
    edges: tuple[str, ...]
    weakest: int
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chains:
    """The chains found, and whether there are more than were listed."""

    chains: tuple[Chain, ...]
    cut_off: bool = False


def stated_edges(model: Model, threshold: int = 1) -> list[Edge]:
    """Edges with support of the asked kind, steps and loops only (influences lead nowhere in time)."""
    kind = model.params.evidence
    return [e for e in model.edges.values() if e.support[kind].k >= threshold and e.key.type != "influences"]


def paths(model: Model, source: str, target: str, longest: int = LONGEST, threshold: int = 1) -> Chains:
    """All simple paths of at most so many edges; stops at 1,000 and says so."""
    _known(model, source, target)
    found: list[Chain] = []
    for edges in _walk(stated_edges(model, threshold), source, target, longest):
        if len(found) == MOST_PATHS:
            return Chains(tuple(found), cut_off=True)
        found.append(_chain(model, edges))
    return Chains(tuple(sorted(found, key=lambda chain: (-len(chain.people), -chain.weakest, chain.nodes))))


def _walk(edges: Sequence[Edge], source: str, target: str, longest: int) -> Iterator[list[Edge]]:
    following = _following(edges)
    stack: list[tuple[str, list[Edge]]] = [(source, [])]
    while stack:
        node, way = stack.pop()
        if way and node == target:
            yield way
            continue
        if len(way) == longest:
            continue
        seen = {source, *(edge.key.target for edge in way)}
        for edge in reversed(following.get(node, [])):
            if edge.key.target not in seen or (edge.key.target == target == source):
                stack.append((edge.key.target, [*way, edge]))


def _following(edges: Iterable[Edge]) -> dict[str, list[Edge]]:
    found: dict[str, list[Edge]] = {}
    for edge in edges:
        found.setdefault(edge.key.source, []).append(edge)
    return found


def _chain(model: Model, edges: Sequence[Edge]) -> Chain:
    supports = [edge.support[model.params.evidence] for edge in edges]
    people = set(model.participants).intersection(*(support.affirm for support in supports))
    return Chain(
        nodes=(edges[0].key.source, *(edge.key.target for edge in edges)),
        edges=tuple(edge.id for edge in edges),
        weakest=min(support.k for support in supports),
        people=tuple(p for p in model.participants if p in people),
    )


def loops(model: Model, longest: int = LONGEST, threshold: int = 1) -> Chains:
    """Simple cycles of at most so many edges, each once, beginning at the node that stands first in the process."""
    order = {name: place for place, name in enumerate(model.nodes)}
    edges = stated_edges(model, threshold)
    found: list[Chain] = []
    for start in model.nodes:
        inside = [e for e in edges if order[e.key.source] >= order[start] and order[e.key.target] >= order[start]]
        for way in _walk(inside, start, start, longest):
            if len(found) == MOST_PATHS:
                return Chains(tuple(found), cut_off=True)
            found.append(_chain(model, way))
    return Chains(tuple(sorted(found, key=lambda chain: (-len(chain.people), len(chain.edges), chain.nodes))))


@dataclass(frozen=True, slots=True)
class Thread:
    """The longest chain that one participant tells."""

    participant: str
    nodes: tuple[str, ...]


def threads(model: Model) -> list[Thread]:
    """The longest chain of each participant: no node twice, so that a loop is told once."""
    found = []
    for participant in model.participants:
        edges = [e for e in stated_edges(model) if participant in e.support[model.params.evidence].affirm]
        found.append(Thread(participant, _longest(edges)))
    return found


def _longest(edges: Sequence[Edge]) -> tuple[str, ...]:
    following = _following(edges)
    best: tuple[str, ...] = ()
    stack: list[tuple[str, ...]] = [(start,) for start in sorted(following, reverse=True)]
    looked = 0
    while stack and looked < 50_000:  # a participant tells a few dozen edges; this is a net, not a limit
        way = stack.pop()
        looked += 1
        if len(way) > max(len(best), 1):
            best = way
        stack += [(*way, e.key.target) for e in reversed(following.get(way[-1], [])) if e.key.target not in way]
    return best


@dataclass(frozen=True, slots=True)
class Robustness:
    """The edge-count cut between two nodes beside the people who tell a whole way; ``cut`` are the weakest edges."""

    flow: int
    cut: tuple[tuple[str, str], ...]
    tellers: tuple[str, ...]


def robustness(model: Model, source: str, target: str) -> Robustness:
    """Maximum flow with the number of participants as capacity, and the participants who tell a whole path."""
    import networkx

    _known(model, source, target)
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(model.nodes)
    for edge in stated_edges(model):
        before = graph.get_edge_data(*edge.key[:2], default={}).get("capacity", 0)
        graph.add_edge(*edge.key[:2], capacity=before + edge.support[model.params.evidence].k)
    flow, (near, far) = networkx.minimum_cut(graph, source, target)
    cut = tuple(sorted((a, b) for a in near for b in graph.successors(a) if b in far))
    return Robustness(int(flow), cut, tellers(model, source, target))


def tellers(model: Model, source: str, target: str) -> tuple[str, ...]:
    """Participants whose own edges lead from one node to the other."""
    kind, found = model.params.evidence, []
    for participant in model.participants:
        own = [e for e in stated_edges(model) if participant in e.support[kind].affirm]
        if target in reachable(((e.key.source, e.key.target) for e in own), source):
            found.append(participant)
    return tuple(found)


def reachable(pairs: Iterable[tuple[str, str]], start: str) -> set[str]:
    """Nodes that a path leads to, without the start itself (unless a loop leads back)."""
    following: dict[str, list[str]] = {}
    for a, b in pairs:
        following.setdefault(a, []).append(b)
    seen: set[str] = set()
    waiting = list(following.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting.extend(following.get(node, ()))
    return seen


def must_pass(model: Model, start: str, target: str) -> tuple[str, ...]:
    """Nodes on every path from ``start`` to ``target`` (dominators), in order; empty if there is no path."""
    import networkx

    _known(model, start, target)
    graph = networkx.DiGraph([edge.key[:2] for edge in stated_edges(model)])
    if start not in graph or target not in graph or not networkx.has_path(graph, start, target):
        return ()
    above = networkx.immediate_dominators(graph, start)
    chain = [target]
    while chain[-1] != start:
        chain.append(above[chain[-1]])
    return tuple(reversed(chain[1:-1]))


@dataclass(frozen=True, slots=True)
class WithoutIt:
    """What is lost when something is dropped: nodes no longer reached from the start, edges below the threshold."""

    unreachable: tuple[str, ...]
    lost_edges: tuple[str, ...]


def what_if_dropped(model: Model, dropped: str, start: str) -> WithoutIt:
    """Drop a node, an edge, a participant, a guard (``guard:poor``) or a code (``code:price``). Nothing is re-linked.

    An id that means several of them needs its kind in front: ``edge:E01``, ``participant:E01``.
    """
    _known(model, start)
    what, name = _meant(model, dropped)
    before = [edge for edge in stated_edges(model, model.params.min_participants) if edge.key.source != edge.key.target]
    after = [edge for edge in before if not _falls(model, edge, what, name)]
    gone = reachable((e.key[:2] for e in before), start) - reachable((e.key[:2] for e in after), start)
    order = {node: place for place, node in enumerate(model.nodes)}
    lost = tuple(edge.id for edge in before if edge not in after)
    return WithoutIt(tuple(sorted(gone - {name, start}, key=order.__getitem__)), lost)


def _falls(model: Model, edge: Edge, what: str, name: str) -> bool:
    people = model.support(edge).affirm
    if what == "participant":
        return name in people and len(people) - 1 < model.params.min_participants
    if what == "code":
        return len(_without_code(model, edge, name)) < model.params.min_participants
    return name in {"node": edge.key[:2], "edge": (edge.id,), "guard": (edge.key.guard,)}[what]


def _without_code(model: Model, edge: Edge, code: str) -> set[str]:
    """Who would still support the edge without the relations of a code."""
    rows = (row for row in model.evidence.by_object.get(edge.id, ()) if row.kind == model.params.evidence)
    said = {row.participant for row in rows if row.mode == "affirm" and code not in (row.code, row.target_code)}
    return said.intersection(model.support(edge).affirm)


def _meant(model: Model, dropped: str) -> tuple[str, str]:
    """What kind of thing is dropped, and its id."""
    known = {
        "node": set(model.nodes),
        "edge": set(model.edges),
        "participant": set(model.participants),
        "guard": {edge.key.guard for edge in model.edges.values() if edge.key.guard},
        "code": set(model.codebook.codes),
    }
    prefix, _, rest = dropped.partition(":")
    if rest in known.get(prefix, ()):
        return prefix, rest
    kinds = [what for what in ("node", "edge", "participant") if dropped in known[what]]
    if not kinds and dropped in known["code"]:
        return "code", dropped
    if not kinds:
        raise PostilError(f"there is no node, edge, participant, guard or code {dropped!r} in this model")
    if len(kinds) > 1:
        forms = " or ".join(f"{what}:{dropped}" for what in kinds)
        raise PostilError(f"{dropped!r} means several things here; write {forms}")
    return kinds[0], dropped


def _known(model: Model, *names: str) -> None:
    for name in names:
        if name not in model.nodes:
            raise PostilError(f"there is no node {name!r}; there are: {', '.join(model.nodes)}")
