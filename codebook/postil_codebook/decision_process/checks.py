"""What may be wrong with a declared process, once it could be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from postil_base.problem import Place, Problem, Severity
from postil_codebook.decision_process.criteria import check_criteria
from postil_codebook.decision_process.node_codes import map_codes
from postil_codebook.references import short, unknown_id
from postil_codebook.values import Codebook, Process, ProcessEdge, ProcessNode


def check_process(process: Process, codebook: Codebook) -> list[Problem]:
    """Check nodes, edges and main line against each other, and the claims of the nodes against the codebook."""
    return [
        *_edges_to_nowhere(process),
        *_equal_edges(process),
        *_guards(process),
        *_decisions(process),
        *_main_line(process),
        *_backwards(process),
        *_unreachable(process),
        *map_codes(process, codebook).problems,
        *check_criteria(process, codebook),
    ]


def _problem(place: Place, message: str, rule: str, severity: Severity = "error") -> Problem:
    return Problem(place, message, rule, severity)


def _edges_to_nowhere(process: Process) -> Iterator[Problem]:
    ids = dict.fromkeys(node.id for node in process.nodes)
    found = 0
    for edge in process.edges:
        for end in (edge.source, edge.target):
            if end and end not in ids:
                yield unknown_id("node", end, ids, edge.place, f"edge {short(edge.id)}", "edge-to-nowhere", found)
                found += 1


def _equal_edges(process: Process) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str, str], ProcessEdge] = {}
    for edge in process.edges:
        identity = (edge.source, edge.target, edge.kind, edge.guard)
        if (first := seen.setdefault(identity, edge)) is not edge:
            message = (
                f"edge {short(edge.id)} is the same as {short(first.id)} in line {first.place.line} "
                "(source, target, kind and guard); remove one, or tell them apart by a guard."
            )
            yield _problem(edge.place, message, "equal-edges")


def _guards(process: Process) -> Iterator[Problem]:
    for edge in process.edges:
        if edge.kind == "branch" and not edge.guard:
            message = f"edge {short(edge.id)} is a branch without `guard:`; say when it is taken, such as 'yes'."
            yield _problem(edge.place, message, "no-guard")


def _decisions(process: Process) -> Iterator[Problem]:
    if not process.edges:
        return
    ways: dict[str, list[ProcessEdge]] = {}
    for edge in process.edges:
        if edge.kind != "influence":
            ways.setdefault(edge.source, []).append(edge)
    for node in process.nodes:
        leaving = ways.get(node.id, [])
        if node.kind == "decision" and len(leaving) < 2 and (leaving or node.origin == "prior"):
            ways_out = f"one way out ({short(leaving[0].id)})" if leaving else "no way out"
            message = f"node {node.id!r} is a decision with {ways_out}; declare the other ways, or make it an activity."
            yield _problem(node.place, message, "decision-one-edge", "warning")


def _main_line(process: Process) -> Iterator[Problem]:
    ids = dict.fromkeys(node.id for node in process.nodes)
    seen: set[str] = set()
    for number, name in enumerate(process.main_line):
        if name not in ids:
            yield unknown_id("node", name, ids, Place(process.path), "main_line", "unknown-node", number)
        elif name in seen:
            yield _problem(Place(process.path), f"main_line: {name!r} is in it twice; keep one.", "unknown-node")
        seen.add(name)


def _backwards(process: Process) -> Iterator[Problem]:
    order = _order(process)
    for edge in process.edges:
        if edge.kind != "back" or edge.source not in order or edge.target not in order:
            continue
        if order[edge.target] > order[edge.source]:
            message = (
                f"edge {short(edge.id)} is of kind back but does not go backwards: {edge.target!r} does not come "
                f"before {edge.source!r}. Swap the two, or make it a flow."
            )
            yield _problem(edge.place, message, "back-goes-forward", "warning")


def _order(process: Process) -> Mapping[str, int]:
    """Positions along the main line; without one, those of the stages."""
    if process.main_line:
        return {name: position for position, name in enumerate(process.main_line)}
    stages = {stage.id: position for position, stage in enumerate(process.stages)}
    return {node.id: stages[node.stage] for node in process.nodes if node.stage in stages}


def _unreachable(process: Process) -> Iterator[Problem]:
    """Nodes no way leads to. Where no edge is declared, and for what only the interviews say, none is asked for."""
    if not process.edges:
        return
    reached = _reached(process)
    touched = {end for edge in process.edges for end in (edge.source, edge.target)}
    for node in process.nodes:
        if node.id not in reached and (node.origin == "prior" or node.id in touched):
            message = (
                f"node {node.id!r} is reached by no edge; declare an edge that leads to it, "
                "or `origin: derived` if only the interviews bring it up."
            )
            yield _problem(node.place, message, "unreachable-node", "warning")


def _reached(process: Process) -> set[str]:
    """From the tasks (or else the nodes without a way in) along flows; and factors that influence something."""
    ways: dict[str, list[str]] = {}
    for edge in process.edges:
        if edge.kind != "influence":
            ways.setdefault(edge.source, []).append(edge.target)
    reached = {node.id for node in _starts(process, ways)}
    waiting = list(reached)
    while waiting:
        for target in ways.get(waiting.pop(), []):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached | {edge.source for edge in process.edges if edge.kind == "influence"}


def _starts(process: Process, ways: Mapping[str, list[str]]) -> list[ProcessNode]:
    tasks = [node for node in process.nodes if node.kind == "task"]
    if tasks:
        return tasks
    entered = {target for source, targets in ways.items() for target in targets if target != source}
    return [node for node in process.nodes if node.id in ways and node.id not in entered] or list(process.nodes[:1])
