"""Criteria of a decision: tables, JSON, and the rules as an ethnographic decision tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from postil_base.numbers import decimals
from postil_base.plural import counted
from postil_formats.tables.files import Cell, KOfN, Table
from postil_model.decision.legend import Mark, legend, words_of
from postil_model.decision.model import Model
from postil_model.drawing.figure import Figure, FigureEdge, FigureNode
from postil_model.validation.criteria import Decision, Way
from postil_model.validation.readings import Reading, criteria_reading, p_text
from postil_model.validation.rules import Condition, Fit, Rule

MOST_SHOWN = 10  # sets of rules that a table shows


def way_text(way: Way, model: Model) -> str:
    """A way as it is read: ``From-scratch (no)``."""
    target, guard = way
    label = model.nodes[target].node.label if target in model.nodes else target
    return f"{label or target}{f' ({guard})' if guard else ''}"


def case_table(found: Decision, model: Model) -> Table:
    """Participants down, criteria across, and the way each takes; an empty cell is silence, never no."""
    heads = ("participant", *(each.criterion.label for each in found.known), "way", "by the rules")
    wrong = found.wrong()
    rows: list[tuple[Cell, ...]] = []
    for person in model.participants:
        way = found.way_of.get(person)
        more = " and ".join(way_text(each, model) for each in found.several.get(person, ()))
        ruled = "" if way is None or found.fit is None else "wrong" if person in wrong else "right"
        rows.append((person, *(each.of(person) for each in found.known), way_text(way, model) if way else more, ruled))
    notes = [
        "criteria as declared"
        if found.declared
        else "no criteria are declared (criteria: in process.yaml): the factors that influence the decision",
        "an empty cell: the participant says nothing of it, which is not no",
    ]
    if found.several:
        notes.append(f"state several ways, not part of the rules: {', '.join(found.several)}")
    if found.silent:
        notes.append(f"state no way, not part of the rules: {', '.join(found.silent)}")
    if found.unused:
        notes.append(
            f"not part of the rules, less is known of them: {', '.join(each.criterion.id for each in found.unused)}"
        )
    return Table(heads, tuple(rows), f"What decides: {found.node.label or found.node.id}", tuple(notes))


def criterion_table(found: Decision, model: Model) -> Table:
    """How many of those who meet a criterion take each way, and the way it was expected to speak for."""
    rows: list[tuple[Cell, ...]] = []
    for each in (*found.known, *found.unused):
        for word, people in (("holds", each.holds), ("fails", each.fails)):
            with_way = [person for person in people if person in found.way_of]
            counts = [KOfN(sum(found.way_of[p] == way for p in with_way), len(with_way)) for way in found.ways]
            if people:
                rows.append((each.criterion.label, word, len(people), *counts, each.criterion.speaks_for))
    heads = ("criterion", "", "participants", *(way_text(way, model) for way in found.ways), "expected to speak for")
    return Table(heads, tuple(rows), "Criteria by way", ("of those who state one way",))


def rule_table(found: Decision, model: Model) -> Table:
    """The best sets of rules, and how far they can be trusted."""
    reading = criteria_reading(found)
    if found.fit is None:
        return Table(("set", "if", "then"), (), "Rules", reading.lines)
    rows = []
    for number, rules in enumerate(found.fit.sets[:MOST_SHOWN], 1):
        for rule in rules:
            rows.append((number, rule_text(rule, found), way_text(found.ways[rule.way], model)))
    return Table(("set", "if", "then"), tuple(rows), "Rules", (*_fit_notes(found, found.fit), *reading.lines))


def rule_text(rule: Rule, found: Decision) -> str:
    """Conditions in words."""
    names = [found.known[each.criterion].criterion.label for each in rule.conditions]
    words = ["holds" if each.holds else "fails" for each in rule.conditions]
    return " and ".join(f"{name} {word}" for name, word in zip(names, words, strict=True))


def _fit_notes(found: Decision, fit: Fit) -> list[str]:
    n = len(found.way_of)
    notes = [f"errors: {fit.errors} of {n}" + (f" ({', '.join(found.wrong())})" if fit.errors else "")]
    if fit.ties > 1:
        shown = min(fit.ties, MOST_SHOWN, len(fit.sets))
        notes.append(
            f"{counted(fit.ties, 'set')} of rules are equally good; {shown} are shown, errors are of the first"
        )
    if fit.accuracy is not None and found.commonest is not None:
        notes.append(
            f"left out one by one, the rules of the others are right for {decimals(fit.accuracy)} of people (ties by "
            f"their share); always the commonest way: {decimals(found.commonest)}"
        )
    notes.append(
        f"shuffled ways are fitted as well: {p_text(fit.shuffled_p)} ({fit.shuffles} seeded shuffles); at most "
        f"{fit.rules} rules of two conditions"
    )
    return notes


def criteria_json(found: Decision, model: Model) -> dict[str, Any]:
    """Everything as plain values."""
    reading: Reading = criteria_reading(found)
    fit = found.fit
    return {
        "decision": found.node.id,
        "declared": found.declared,
        "criteria": [
            {
                "id": each.criterion.id, "label": each.criterion.label, "speaks_for": each.criterion.speaks_for,
                "holds": list(each.holds), "fails": list(each.fails), "mixed": list(each.mixed),
            }
            for each in (*found.known, *found.unused)
        ],
        "ways": [
            {"target": way[0], "guard": way[1], "participants": [p for p, own in found.way_of.items() if own == way]}
            for way in found.ways
        ],
        "several": {person: [list(way) for way in ways] for person, ways in found.several.items()},
        "silent": list(found.silent),
        "rules": None if fit is None else [_rules_json(rules, found) for rules in fit.sets],
        "ties": None if fit is None else fit.ties,
        "errors": None if fit is None else fit.errors,
        "wrong": list(found.wrong()),
        "left_out_accuracy": None if fit is None else fit.accuracy,
        "commonest": found.commonest,
        "shuffled_p": None if fit is None else fit.shuffled_p,
        "filters": list(model.params.filters()),
        "reading": reading.as_json(),
    }  # fmt: skip


def _rules_json(rules: Sequence[Rule], found: Decision) -> list[dict[str, Any]]:
    return [
        {
            "if": [
                {"criterion": found.known[each.criterion].criterion.id, "holds": each.holds} for each in rule.conditions
            ],
            "way": {"target": found.ways[rule.way][0], "guard": found.ways[rule.way][1]},
        }
        for rule in rules
    ]


def tree_figure(found: Decision, model: Model) -> Figure:
    """The first set of rules as a tree: criteria as questions, ways as ends, with how many each end gets right."""
    fit = found.fit
    tree = _Tree(found, model)
    for number, rule in enumerate(fit.sets[0] if fit else (), 1):
        tree.add(number, rule)
    notes = _fit_notes(found, fit) if fit else []
    said: dict[Mark, str] = {
        **words_of(model),
        "counts": "At an arrow: right of those who come this way; line width grows with them.",
        "black": "",
        "grey": "Grey: no rule speaks of them.",
        "diamond": "Diamond: criterion.",
        "ring": "Ring: a way.",
    }
    figure = Figure(
        title=f"Decision tree: {found.node.label or found.node.id}",
        nodes=(*tree.nodes, *tree.ending()),
        edges=tuple(tree.edges),
        main_line=tuple(tree.line),
    )
    first = "yes: the participant affirms it; no: denies it; else: neither, or another answer."
    told = (f"{note[0].upper()}{note[1:]}." for note in notes)
    return replace(figure, caption=(" ".join((first, legend(figure, said))), *told))


class _Tree:
    """Questions in a row, each with its ends below; a question that is there already is not asked again."""

    def __init__(self, found: Decision, model: Model) -> None:
        self.found, self.model = found, model
        self.nodes = [FigureNode("start", found.node.label or found.node.id, "task")]
        self.edges: list[FigureEdge] = []
        self.line = ["start"]
        self.asked: dict[int, str] = {}  # criterion → its question on the line
        self.taken: set[Condition] = set()
        self.left = list(found.way_of)

    def add(self, number: int, rule: Rule) -> None:
        """A rule: its questions, and the way at the end."""
        first, *more = rule.conditions
        known = self.asked.get(first.criterion) if first not in self.taken else None
        at = known or self._question(f"rule{number}", first, self.line[-1], "else" if len(self.line) > 1 else "")
        if known is None:
            self.line.append(at)
            self.asked[first.criterion] = at
        self.taken.add(first)
        guard = _answer(first)
        for condition in more:
            at = self._question(f"rule{number}-then", condition, at, guard)
            guard = _answer(condition)
        self._end(number, rule, at, guard)

    def _question(self, name: str, condition: Condition, before: str, guard: str) -> str:
        label = self.found.known[condition.criterion].criterion.label
        self.nodes.append(FigureNode(name, f"{label}?", "decision"))
        self.edges.append(FigureEdge(f"{before}>{name}", before, name, "branch" if guard else "flow", guard))
        return name

    def _end(self, number: int, rule: Rule, at: str, guard: str) -> None:
        found, end = self.found, f"way{number}"
        met = [person for person in found.way_of if _meets(person, rule, found)]
        right = sum(found.way_of[person] == found.ways[rule.way] for person in met)
        self.nodes.append(FigureNode(end, way_text(found.ways[rule.way], self.model), "activity"))
        edge = FigureEdge(f"{at}>{end}", at, end, "branch", guard, count=f"{right} of {len(met)}")
        self.edges.append(replace(edge, k=right, n=len(found.way_of)))
        self.left = [person for person in self.left if person not in met]

    def ending(self) -> list[FigureNode]:
        """Those whom no rule reaches, at the end of the line."""
        if not self.left or len(self.line) < 2:
            return []
        self.edges.append(FigureEdge("else", self.line[-1], "nobody", "branch", "else", tone="missing"))
        self.line.append("nobody")
        shown = ", ".join(self.left) if len(self.left) <= 6 else counted(len(self.left), "participant")
        return [FigureNode("nobody", f"no rule: {shown}", "terminal", tone="missing")]


def _answer(condition: Condition) -> str:
    return "yes" if condition.holds else "no"


def _meets(person: str, rule: Rule, found: Decision) -> bool:
    return all(
        person in (found.known[each.criterion].holds if each.holds else found.known[each.criterion].fails)
        for each in rule.conditions
    )
