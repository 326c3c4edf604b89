"""Prediction of people left out, from a model: edges, nodes, items, the declared process, a holdout, another study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from postil_base.numbers import significant
from postil_base.problem import PostilError
from postil_formats.tables.files import Cell, KOfN, Table
from postil_model.decision.model import Model
from postil_model.validation.incidence import (
    Bools,
    Incidence,
    edge_incidence,
    incidence,
    item_incidence,
    node_incidence,
)
from postil_model.validation.prediction import Predicted, declared_as_predictor, fit_and_test, leave_one_out
from postil_model.validation.readings import Reading, p_text, prediction_reading
from postil_model.validation.redraws import redrawn

What = Literal["edges", "nodes", "items"]
NULL = (
    "p: as many as this person states are drawn without replacement from all that anybody states, this person "
    "included, the others as they are (exact, two-sided, Holm over t)"
)
NULL_ALL = (
    "p all: what everybody states is drawn anew ({} seeded draws; two-sided, corrected over t); a verdict needs both"
)


@dataclass(frozen=True)
class Prediction:
    """All predictions of one run; ``declared`` is None where no edge is declared."""

    found: Mapping[What, list[Predicted]]
    tables: Mapping[What, Incidence]
    declared: Predicted | None
    declared_edges: int
    draws: int
    fitted: tuple[str, ...]
    tested: tuple[str, ...]
    left_out: bool  # each person from all others; else the tested from the fitted
    filters: tuple[str, ...]

    @property
    def n(self) -> int:
        """Participants in all."""
        return len({*self.fitted, *self.tested}) if not self.left_out else len(self.fitted)

    def reading(self, what: What) -> Reading:
        """The two lines under the table."""
        table = self.tables[what]
        return prediction_reading(self.found[what], what, table.singles, len(table.objects), self.n)


def predict(model: Model, thresholds: Sequence[int] = (), seed: int = 1) -> Prediction:
    """Each participant predicted from all others."""
    tables: dict[What, Incidence] = {
        "edges": edge_incidence(model), "nodes": node_incidence(model), "items": item_incidence(model),
    }  # fmt: skip
    found: dict[What, list[Predicted]] = {}
    draws = 0
    for what, table in tables.items():
        found[what], drawn = redrawn(table.stated, leave_one_out(table.stated, thresholds), seed)
        draws = draws or drawn
    declared, size = _declared(model, tables["edges"])
    people = model.participants
    return Prediction(found, tables, declared, size, draws, people, people, True, model.params.filters())


def predict_holdout(model: Model, holdout: Sequence[str], thresholds: Sequence[int] = ()) -> Prediction:
    """Those held out, predicted from all others."""
    for name in holdout:
        if name not in model.people:
            known = ", ".join(model.participants) or "none yet"
            raise PostilError(f"--holdout: there is no participant {name!r} in this model; there are: {known}")
    tested = tuple(name for name in model.participants if name in holdout)
    fitted = tuple(name for name in model.participants if name not in holdout)
    if not fitted:
        raise PostilError("--holdout names everybody: nobody is left to make the model of. Name fewer participants.")
    tables: dict[What, Incidence] = {
        "edges": edge_incidence(model), "nodes": node_incidence(model), "items": item_incidence(model),
    }  # fmt: skip
    found = {
        what: fit_and_test(table.keeping(fitted).stated, table.keeping(tested).stated, thresholds)
        for what, table in tables.items()
    }
    declared, size = _declared(model, tables["edges"].keeping(tested))
    return Prediction(found, tables, declared, size, 0, fitted, tested, False, model.params.filters())


def predict_sample(model: Model, other: Model, thresholds: Sequence[int] = ()) -> Prediction:
    """The participants of another study, read against the same process, predicted from this one's."""
    whats: tuple[What, ...] = ("edges", "nodes", "items")
    tables = {what: _both(model, other, what) for what in whats}
    found: dict[What, list[Predicted]] = {}
    split = model.n
    for what, table in tables.items():
        found[what] = fit_and_test(table.stated[:split], table.stated[split:], thresholds)
    edges = tables["edges"]
    tested = Incidence(edges.people[split:], edges.objects, edges.stated[split:])
    declared, size = _declared(model, tested)
    people = edges.people
    return Prediction(found, tables, declared, size, 0, people[:split], people[split:], False, model.params.filters())


def _both(model: Model, other: Model, what: What) -> Incidence:
    """One table of both studies; people are told apart by the study, objects are the same by what they join."""
    sets: dict[str, list[str]] = {}
    for number, each in enumerate((model, other)):
        table = {"edges": edge_incidence, "nodes": node_incidence, "items": item_incidence}[what](each)
        for column, name in enumerate(table.objects):
            key = "|".join(each.edges[name].key) if what == "edges" else name
            who = [table.people[row] for row in np.flatnonzero(table.stated[:, column])]
            sets.setdefault(key, []).extend(f"{number}:{person}" for person in who)
    people = [*(f"0:{person}" for person in model.participants), *(f"1:{person}" for person in other.participants)]
    return incidence(people, sets.items())


def _declared(model: Model, table: Incidence) -> tuple[Predicted | None, int]:
    """The declared process (what is of prior origin) as predictor, and how many edges it has."""
    nodes = model.shown_nodes
    own = {
        key
        for edge in model.edges.values()
        if edge.declared and edge.declared.origin == "prior" and {edge.key.source, edge.key.target} <= nodes.keys()
        for key in (edge.id, "|".join(edge.key))
    }
    size = len(own) // 2 if own else 0
    if not own:
        return None, 0
    guess: Bools = np.array([name in own for name in table.objects], dtype=bool)
    return declared_as_predictor(table.stated, guess, also=size - int(guess.sum())), size


HEADERS = (
    "t", "recalled", "recall", "predicted", "precision", "recall by chance", "lift", "p", "p all", "against chance",
)  # fmt: skip
WORDS = {"better": "better", "worse": "worse", "chance": "no better", "undefined": "cannot tell"}


def prediction_tables(found: Prediction) -> list[Table]:
    """Edges, nodes and items by threshold, and the declared process."""
    who = "each participant from all others" if found.left_out else _held(found)
    heads = tuple(head for head in HEADERS if found.left_out or head != "p all")
    tables = [
        Table(
            heads,
            tuple(_row(str(each.t), each, found.left_out) for each in found.found[what]),
            f"{what.capitalize()} predicted: {who}",
            _notes(found, what),
        )
        for what in ("edges", "nodes", "items")
        if found.found[what][0].of or what == "edges"
    ]
    if found.declared is not None:
        heads = tuple(head for head in HEADERS[1:] if head != "p all")
        title = f"The declared process as predictor ({found.declared_edges} edges)"
        note = f"{p_text(found.declared.p)} for this one prediction; what is of derived origin is left out"
        tables.insert(1, Table(heads, (_row("", found.declared, False)[1:],), title, (note,)))
    return tables


def _notes(found: Prediction, what: What) -> tuple[str, ...]:
    """The null and both lines under the edges; under the others what differs."""
    says, cannot = found.reading(what).lines
    if what != "edges":
        return (says,)
    return (NULL, *([NULL_ALL.format(found.draws)] if found.draws else []), says, cannot)


def _held(found: Prediction) -> str:
    names = [name.partition(":")[2] or name for name in found.tested]
    shown = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    return f"{shown} from {len(found.fitted)} others"


def _row(t: str, each: Predicted, both: bool) -> tuple[Cell, ...]:
    predicted, recalled = KOfN(each.recalled, each.predicted), KOfN(each.recalled, each.of)
    tests = (_small(each.p), _small(each.p_all)) if both else (_small(each.p),)
    return (t, recalled, each.recall, predicted, each.precision, each.null, each.lift, *tests, WORDS[each.verdict])


def _small(p: float | None) -> Cell:
    return p if p is None or p >= 0.0001 else "<0.0001"


def prediction_json(found: Prediction) -> dict[str, Any]:
    """Everything as plain values; ``thresholds`` are those of the edges."""
    declared = None
    if found.declared is not None:
        declared = {"edges": found.declared_edges, **_plain(found.declared)}
        del declared["t"]
    return {
        "thresholds": [_plain(each) for each in found.found["edges"]],
        "declared": declared,
        "nodes": [_plain(each) for each in found.found["nodes"]],
        "items": [_plain(each) for each in found.found["items"]],
        "n": found.n,
        "fitted": list(found.fitted),
        "tested": list(found.tested),
        "edges": len(found.tables["edges"].objects),
        "one_speaker": found.tables["edges"].singles,
        "null_model": NULL,
        "draws": found.draws,
        "filters": list(found.filters),
        "reading": found.reading("edges").as_json(),
    }


def _plain(each: Predicted) -> dict[str, Any]:
    numbers = {name: rounded(getattr(each, name)) for name in NUMBERS}
    return {
        "t": each.t, "recalled": each.recalled, "of": each.of, "predicted": each.predicted, **numbers,
        "verdict": each.verdict,
    }  # fmt: skip


NUMBERS = ("null", "p", "p_single", "p_all", "recall", "precision", "lift", "expected")


def rounded(value: float | None) -> float | None:
    """Ten digits: the last ones of a sum differ between machines."""
    return None if value is None else float(significant(value, 10))
