"""Edge identity: which edge a relation supports (source, target, type and guard; the pair alone would mix edges up)."""

from __future__ import annotations

from postil_codebook.values import Process, ProcessEdge
from postil_model.evidence.rows import EdgeKey, EdgeType

TYPE_OF_KIND: dict[str, EdgeType] = {
    "flow": "leads-to",
    "branch": "leads-to",
    "back": "goes-back-to",
    "influence": "influences",
}


def same_guard(guard: str) -> str:
    """A guard as it is compared: case and spacing do not make another guard.

    >>> same_guard("  Poor  result ")
    'poor result'
    """
    return " ".join(guard.split()).casefold()


class EdgeBook:
    """The declared edges by identity; gives every identity, declared or not, its id."""

    def __init__(self, process: Process | None) -> None:
        self.declared: dict[EdgeKey, ProcessEdge] = {}
        self._fitting: dict[tuple[str, str, str], list[EdgeKey]] = {}
        self._between: dict[tuple[str, str], list[EdgeKey]] = {}
        self.keys: dict[str, EdgeKey] = {}
        self._ids: dict[EdgeKey, str] = {}
        for edge in process.edges if process else ():
            self._declare(edge)

    def _declare(self, edge: ProcessEdge) -> None:
        key = key_of(edge)
        if key in self.declared:
            return  # `postil check` names the double
        self.declared[key] = edge
        self._fitting.setdefault(key[:3], []).append(key)
        self._between.setdefault(key[:2], []).append(key)
        self.keys[self.id(key)] = key

    def id(self, key: EdgeKey) -> str:
        """The declared id, else one made of the identity."""
        known = self._ids.get(key)
        return known if known is not None else self._name(key)

    def _name(self, key: EdgeKey) -> str:
        edge = self.declared.get(key)
        made = ":".join(part for part in key if part)
        identifier = edge.id if edge and edge.id else made
        self.keys.setdefault(identifier, key)
        self._ids[key] = identifier
        return identifier

    def resolve(self, source: str, target: str, type_: EdgeType, guard: str) -> EdgeKey | None:
        """The edge meant; None if there is no guard and several declared edges fit."""
        key = EdgeKey(source, target, type_, same_guard(guard) if guard else "")
        if key.guard or key in self.declared:
            return key
        fitting = self._fitting.get(key[:3], [])
        if len(fitting) > 1:
            return None
        return fitting[0] if fitting else key

    def denied(self, source: str, target: str, guard: str) -> EdgeKey:
        """The edge that an "excludes" denies: the only declared one between both nodes, else the exclusion itself."""
        between = self._between.get((source, target), [])
        return between[0] if len(between) == 1 else EdgeKey(source, target, "excludes", same_guard(guard))


def key_of(edge: ProcessEdge) -> EdgeKey:
    """The identity of a declared edge."""
    return EdgeKey(edge.source, edge.target, TYPE_OF_KIND[edge.kind], same_guard(edge.guard))
