"""What decides: participants by criteria and the way they take, from a model (docs/methods.md, "Criteria")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from postil_base.problem import PostilError
from postil_codebook.decision_process.criteria import factor_names, split_names
from postil_codebook.references import glob_root, is_glob
from postil_codebook.values import Criterion, ProcessNode
from postil_model.decision.model import Model
from postil_model.decision.support import Support, SupportCounter, coders_needed
from postil_model.validation.incidence import Bools
from postil_model.validation.rules import MOST_CRITERIA, SHUFFLES, Fit, fit_rules

Way = tuple[str, str]  # target, guard


@dataclass(frozen=True, slots=True)
class Known:
    """A criterion and what is known of it: who affirms it, who denies it, who does both; the rest is silent."""

    criterion: Criterion
    holds: tuple[str, ...]
    fails: tuple[str, ...]
    mixed: tuple[str, ...]

    def of(self, participant: str) -> str:
        """In a word; empty where the participant is silent."""
        for word, people in (("holds", self.holds), ("fails", self.fails), ("mixed", self.mixed)):
            if participant in people:
                return word
        return ""


@dataclass(frozen=True)
class Decision:
    """A decision with its criteria, the ways out of it and the rules found.

    ``way_of``: participants who state one way; ``several`` state more than one and ``silent`` none, and neither is part
    of the rules. ``unused`` are criteria beyond the ten that most is known of. ``fit`` is None without two ways.
    """

    node: ProcessNode
    known: tuple[Known, ...]
    ways: tuple[Way, ...]
    way_of: dict[str, Way]
    several: dict[str, tuple[Way, ...]]
    silent: tuple[str, ...]
    unused: tuple[Known, ...]
    declared: bool
    fit: Fit | None

    @property
    def people(self) -> tuple[str, ...]:
        """Participants with one way, in order."""
        return tuple(self.way_of)

    @property
    def commonest(self) -> float | None:
        """Share of the way that most take."""
        counts = [list(self.way_of.values()).count(way) for way in self.ways]
        return max(counts) / len(self.way_of) if self.way_of else None

    def wrong(self) -> tuple[str, ...]:
        """Participants whom the first set of rules does not give the way they take."""
        correct = self.fit.correct if self.fit else ()
        return tuple(person for person, right in zip(self.people, correct, strict=False) if not right)


def decide(model: Model, name: str, shuffles: int = SHUFFLES, seed: int = 1) -> Decision:
    """What speaks for which way out of a decision, and the smallest rules that say so."""
    node = _decision(model, name)
    declared = bool(node.criteria)
    known = [_known(model, criterion) for criterion in node.criteria or _influences(model, name)]
    known.sort(key=lambda each: -len(each.holds) - len(each.fails))
    used, unused = known[:MOST_CRITERIA], known[MOST_CRITERIA:]
    taken = _taken(model, name)
    way_of = {person: ways[0] for person, ways in taken.items() if len(ways) == 1}
    ways = tuple(dict.fromkeys([*_declared_ways(model, name), *(way for each in taken.values() for way in each)]))
    ways = tuple(way for way in ways if any(way in each for each in taken.values()))
    fit = None
    if len(set(way_of.values())) > 1 and used:
        fit = fit_rules(*_tables(used, list(way_of)), [ways.index(way) for way in way_of.values()], shuffles, seed)
    return Decision(
        node=node,
        known=tuple(used),
        ways=ways,
        way_of=way_of,
        several={person: each for person, each in taken.items() if len(each) > 1},
        silent=tuple(person for person in model.participants if person not in taken),
        unused=tuple(unused),
        declared=declared,
        fit=fit,
    )


def _decision(model: Model, name: str) -> ProcessNode:
    decisions = [node.node.id for node in model.nodes.values() if node.node.kind == "decision"]
    if name in model.nodes:
        return model.nodes[name].node
    known = f"decisions here: {', '.join(decisions)}" if decisions else "this process declares no decision"
    raise PostilError(f"there is no node {name!r}; {known}")


def _tables(known: Sequence[Known], people: Sequence[str]) -> tuple[Bools, Bools]:
    """Participants x criteria: who affirms and who denies."""
    shape = (len(people), len(known))
    holds = np.array([[person in each.holds for each in known] for person in people], dtype=bool)
    fails = np.array([[person in each.fails for each in known] for person in people], dtype=bool)
    return holds.reshape(shape), fails.reshape(shape)


def _taken(model: Model, name: str) -> dict[str, tuple[Way, ...]]:
    """The ways each participant states out of a node, in the kind of evidence asked for."""
    found: dict[str, list[Way]] = {}
    for edge in model.edges.values():
        if edge.key.source == name and edge.key.type in ("leads-to", "goes-back-to") and edge.key.target in model.nodes:
            for person in model.support(edge).affirm:
                found.setdefault(person, []).append((edge.key.target, edge.key.guard))
    return {person: tuple(dict.fromkeys(found[person])) for person in model.participants if person in found}


def _declared_ways(model: Model, name: str) -> list[Way]:
    return [
        (edge.key.target, edge.key.guard)
        for edge in model.edges.values()
        if edge.declared and edge.key.source == name and edge.key.type != "influences"
    ]


def _influences(model: Model, name: str) -> Iterator[Criterion]:
    """Without declared criteria: factors (their items, if they have any) that influence the decision."""
    seen = dict.fromkeys(
        edge.key.source
        for edge in model.edges.values()
        if edge.key.target == name and edge.key.type == "influences" and (edge.declared or edge.support["stated"].k)
    )
    for source in seen:
        node = model.nodes[source].node
        for item in node.items:
            yield Criterion(f"{source}.{item.id}", item.label or item.id, factors=(f"{source}.{item.id}",))
        if not node.items:
            yield Criterion(source, node.label or source, factors=(source,))


def _known(model: Model, criterion: Criterion) -> Known:
    codes, factors = split_names(criterion, factor_names(model.process))
    supports = [found for name in factors if (found := _factor(model, name)) is not None]
    supports += [_coded(model, codes)] if codes else []
    affirm = {person for support in supports for person in support.affirm}
    deny = {person for support in supports for person in support.deny}
    return Known(
        criterion,
        tuple(person for person in model.participants if person in affirm - deny),
        tuple(person for person in model.participants if person in deny - affirm),
        tuple(person for person in model.participants if person in affirm & deny),
    )


def _factor(model: Model, name: str) -> Support | None:
    if name in model.nodes:
        return model.nodes[name].support
    node, _, item = name.rpartition(".")
    return model.nodes[node].items.get(item) if node in model.nodes else None


def _coded(model: Model, references: Iterable[str]) -> Support:
    """Who affirms or denies one of these codes, whether a node claims it or not."""
    book = model.codebook
    wanted: set[str] = set()
    for reference in references:
        code = book.resolve(glob_root(reference) if is_glob(reference) else reference)
        if code is not None and is_glob(reference):
            wanted |= {each for each in book.codes if code in book.ancestors(each)}
        elif code is not None:
            wanted.add(code)
    asked = model.params
    counter = SupportCounter(model.participants, False, coders_needed(model.evidence, asked.coder_rule))
    return counter.support(
        row
        for row in model.evidence.rows
        if row.what != "edge" and row.code in wanted and (not asked.elicited or row.elicited == asked.elicited)
    )
