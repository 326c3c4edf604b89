"""Who states what, as a table of participants by objects: all that the tests of a model compute from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from postil_model.decision.model import Model

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Incidence:
    """``stated[p, e]``: participant ``people[p]`` states object ``objects[e]``. Every object has a statement."""

    people: tuple[str, ...]
    objects: tuple[str, ...]
    stated: Bools

    @property
    def singles(self) -> int:
        """Objects that one participant alone states."""
        return int((self.stated.sum(axis=0) == 1).sum())

    def keeping(self, people: Sequence[str]) -> Incidence:
        """The rows of some participants; the objects stay."""
        rows = [self.people.index(person) for person in people]
        return Incidence(tuple(people), self.objects, self.stated[rows])


def incidence(people: Sequence[str], sets: Iterable[tuple[str, Iterable[str]]]) -> Incidence:
    """The table of ``sets``: an object with those who state it. Objects nobody states are left out.

    >>> incidence(["P1", "P2"], [("a", ["P1"]), ("b", []), ("c", ["P2", "P1"])]).stated.tolist()
    [[True, True], [False, True]]
    """
    rank = {person: place for place, person in enumerate(people)}
    found = [(name, rows) for name, who in sets if (rows := [rank[person] for person in who])]
    stated = np.zeros((len(people), len(found)), dtype=bool)
    for column, (_, rows) in enumerate(found):
        stated[rows, column] = True
    return Incidence(tuple(people), tuple(name for name, _ in found), stated)


def edge_incidence(model: Model) -> Incidence:
    """Edges in the kind asked for, affirmed, whatever the threshold; those a filter of stages hides are left out."""
    nodes = model.shown_nodes
    return incidence(
        model.participants,
        (
            (edge.id, model.support(edge).affirm)
            for edge in model.edges.values()
            if edge.key.source in nodes and edge.key.target in nodes
        ),
    )


def node_incidence(model: Model) -> Incidence:
    """Nodes by who supports them."""
    return incidence(model.participants, ((name, node.support.affirm) for name, node in model.shown_nodes.items()))


def item_incidence(model: Model) -> Incidence:
    """Items of nodes, as ``node.item``, by who supports them."""
    return incidence(
        model.participants,
        (
            (f"{name}.{item}", support.affirm)
            for name, node in model.shown_nodes.items()
            for item, support in node.items.items()
        ),
    )
