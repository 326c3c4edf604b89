"""Two models of a study (groups, coders, studies, points in time): tables, JSON and one figure in two tones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_codebook.values import EdgeKind
from postil_formats.tables.files import Cell, KOfN, Table
from postil_model.decision.legend import Mark, legend, words_of
from postil_model.decision.model import Edge, Model, Params, edge_label
from postil_model.decision.of_study import build_model
from postil_model.drawing.figure import Figure, FigureEdge, FigureNode, Tone
from postil_model.validation.incidence import Bools
from postil_model.validation.readings import Reading, p_text, two_models_reading
from postil_model.validation.two_models import Difference, Key, TwoModels, two_models

if TYPE_CHECKING:
    from postil_study.study import Study

KINDS: dict[str, EdgeKind] = {"leads-to": "flow", "goes-back-to": "back", "influences": "influence"}


def groups_of(model: Model, values: dict[str, str], attribute: str, value: str) -> TwoModels:
    """Those with the value against all others who have one."""
    people = (
        [name for name in model.participants if values.get(name) == value],
        [name for name in model.participants if name in values and values[name] != value],
    )
    if not all(people):
        raise PostilError(f"everybody who has {attribute!r} has {value!r}: there is no second group to compare with")
    keys = _keys(model)
    t = model.params.min_participants
    left = [name for name in model.participants if name not in values]
    stated = (_table(model, people[0], keys), _table(model, people[1], keys))
    return two_models(keys, (f"{attribute}={value}", "other"), people, stated, (t, t), left_out=left)


def coders_of(study: Study, params: Params, coders: tuple[str, str]) -> tuple[TwoModels, list[Model]]:
    """Two coders' models of the people whose interviews both of them finished; and the models."""
    for coder in coders:
        if coder not in study.coders:
            raise PostilError(f"there is no coder {coder!r} here; the study has {', '.join(study.coders) or 'none'}")
    finished = [_finished(study, coder) for coder in coders]
    both = []
    for name in study.settings.participants:
        texts = [
            {t for t, transcript in study.transcripts.items() if name in transcript.participants} & f for f in finished
        ]
        if texts[0] and texts[0] == texts[1]:
            both.append(name)
    both = [name for name in both if not params.participants or name in params.participants]
    if not both:
        raise PostilError(f"{coders[0]} and {coders[1]} finished no interviews of the same people")
    models = [build_model(study, replace(params, participants=tuple(both)), (coder,)) for coder in coders]
    return models_of(models[0], models[1], coders, paired=True), models


def _finished(study: Study, coder: str) -> set[str]:
    layers = {name: study.layer(coder, name) for name in study.transcripts}
    return {name for name, layer in layers.items() if layer is not None and layer.header.done}


def models_of(first: Model, second: Model, names: tuple[str, str], paired: bool) -> TwoModels:
    """Two models with the same node ids; ``paired``: people of the same id are the same people."""
    keys = list(dict.fromkeys([*_keys(first), *_keys(second)]))
    people: tuple[Sequence[str], Sequence[str]] = (first.participants, second.participants)
    left: list[str] = []
    if paired:
        both = [name for name in first.participants if name in second.people]
        left = [name for name in dict.fromkeys([*first.participants, *second.participants]) if name not in both]
        if not both:
            raise PostilError("nobody is in both models, so there are no pairs to compare")
        people = (both, both)
    stated = (_table(first, people[0], keys), _table(second, people[1], keys))
    thresholds = (first.params.min_participants, second.params.min_participants)
    return two_models(keys, names, people, stated, thresholds, paired, left)


def _keys(model: Model) -> list[Key]:
    nodes = model.shown_nodes
    return [tuple(e.key) for e in model.edges.values() if e.key.source in nodes and e.key.target in nodes]  # type: ignore[misc]


def _table(model: Model, people: Sequence[str], keys: Sequence[Key]) -> Bools:
    by_key = {tuple(edge.key): frozenset(model.support(edge).affirm) for edge in model.edges.values()}
    return np.array([[person in by_key.get(key, ()) for key in keys] for person in people], dtype=bool).reshape(
        len(people), len(keys)
    )


def two_models_tables(found: TwoModels) -> list[Table]:
    """Every edge somebody states, the largest difference first; distances and the test below."""
    order = sorted(found.edges, key=lambda e: (-abs(_shares(found, e)[0] - _shares(found, e)[1]), e.key))
    rows = tuple(_row(found, edge) for edge in order)
    heads = ("way", *(f"{name} (n={len(people)})" for name, people in zip(found.names, found.people, strict=True)))
    return [
        Table((*heads, "in", "difference", "from", "to"), rows, " against ".join(found.names), tuple(_notes(found)))
    ]


def _shares(found: TwoModels, edge: Difference) -> tuple[float, float]:
    one, other = (len(people) or 1 for people in found.people)
    return len(edge.first) / one, len(edge.second) / other


def _row(found: TwoModels, edge: Difference) -> tuple[Cell, ...]:
    counts = (KOfN(len(edge.first), len(found.people[0])), KOfN(len(edge.second), len(found.people[1])))
    return (edge_label(edge.key), *counts, _where(found, edge), *(edge.difference or (None, None, None)))


def _where(found: TwoModels, edge: Difference) -> str:
    one, other = found.present(edge)
    return "both" if one and other else found.names[0] if one else found.names[1] if other else "neither"


def _notes(found: TwoModels) -> list[str]:
    t = found.thresholds
    at = f"at least {t[0]}" if t[0] == t[1] else f"at least {t[0]} and {t[1]}"
    one, other = len(found.only(0)), len(found.only(1))
    notes = [
        f"stated by {at}: only in {found.names[0]}: {one}, only in {found.names[1]}: {other}; structural Hamming "
        f"distance {found.hamming}, of the ends alone {found.hamming_of_ends} (a turned edge counts once)"
    ]
    if found.test is None:
        notes.append("fewer than 3 people in a model: counts only, no intervals and no test")
    else:
        how = "exact over all" if found.test.exact else "seeded,"
        what = "swaps of each person's two lists" if found.paired else "relabellings"
        notes.append(
            f"one test over all edges: T = {found.test.statistic:.3f}, {p_text(found.test.p)} "
            f"({how} {found.test.relabellings:,} {what})"
        )
        pairs = " for pairs" if found.paired else ""
        notes.append(f"from, to: Newcombe's 95% interval{pairs}, for orientation; none is corrected for the others")
    if found.left_out:
        why = "not in both" if found.paired else "without a value"
        notes.append(f"left out, {why}: {', '.join(found.left_out)}")
    return [*notes, *two_models_reading(found).lines]


def two_models_json(found: TwoModels) -> dict[str, Any]:
    """Everything as plain values."""
    reading: Reading = two_models_reading(found)
    return {
        "names": list(found.names),
        "people": [list(people) for people in found.people],
        "thresholds": list(found.thresholds),
        "paired": found.paired,
        "hamming": {"edges": found.hamming, "ends": found.hamming_of_ends},
        "only": [[edge_label(e.key) for e in found.only(which)] for which in (0, 1)],
        "test": None if found.test is None else found.test._asdict(),
        "edges": [
            {
                "source": e.key[0], "target": e.key[1], "type": e.key[2], "guard": e.key[3],
                "first": list(e.first), "second": list(e.second),
                "difference": None if e.difference is None else e.difference[0],
                "low": None if e.difference is None else e.difference[1],
                "high": None if e.difference is None else e.difference[2],
                "in": _where(found, e),
            }
            for e in found.edges
        ],
        "left_out": list(found.left_out),
        "reading": reading.as_json(),
    }  # fmt: skip


def two_models_figure(found: TwoModels, models: Sequence[Model]) -> Figure:
    """Both in one picture: black in both, orange only in the first, blue only in the second, with both counts."""
    nodes: dict[str, FigureNode] = {}
    declared: dict[Key, Edge] = {}
    for model in models:
        for name, node in model.shown_nodes.items():
            one = node.node
            nodes.setdefault(name, FigureNode(name, one.label or name, one.kind, one.stage))
        for edge in model.edges.values():
            if edge.declared:
                declared.setdefault(tuple(edge.key), edge)  # type: ignore[arg-type]
    edges = [_edge(found, edge, declared.get(edge.key)) for edge in found.edges if any(found.present(edge))]
    first, second = found.names
    people = [counted(len(each), "participant") for each in found.people]
    said: dict[Mark, str] = {
        **words_of(models[0]),
        "black": "Black: in both.",
        "orange": f"Orange: only in {first} ({len(found.only(0))}).",
        "blue": f"Blue: only in {second} ({len(found.only(1))}).",
        "counts": f"Counts: {first} {people[0]} · {second} {people[1]}; line width grows with the larger.",
    }
    process = models[0].process
    figure = Figure(
        title=f"{first} against {second}",
        stages=tuple((stage.id, stage.label or stage.id) for stage in process.stages),
        nodes=tuple(nodes.values()),
        edges=tuple(edges),
        main_line=tuple(name for name in process.main_line if name in nodes),
    )
    notes = (f"{line[0].upper()}{line[1:]}." for line in _notes(found)[:2])
    return replace(figure, caption=(legend(figure, said), *notes))


def _edge(found: TwoModels, edge: Difference, declared: Edge | None) -> FigureEdge:
    source, target, type_, guard = edge.key
    one, other = found.present(edge)
    tone: Tone = "plain" if one and other else "unexpected" if one else "other"
    count = f"{len(edge.first)}/{len(found.people[0])} · {len(edge.second)}/{len(found.people[1])}"
    own = declared.declared if declared else None
    return FigureEdge(
        id=":".join(part for part in edge.key if part),
        source=source,
        target=target,
        kind=own.kind if own else KINDS.get(type_, "flow"),
        guard=own.guard if own else guard,
        count=count,
        k=max(len(edge.first), len(edge.second)),
        n=max(map(len, found.people)),
        tone=tone,
        declared=own is not None,
        tooltip=f"{edge_label(edge.key)}: {count}",
        status=_where(found, edge),
    )
