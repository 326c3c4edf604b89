"""The model put to the test, in the report: prediction, certainty and sensitivity, each with what it cannot say."""

from __future__ import annotations

from typing import Any

from postil_base.numbers import decimals
from postil_model.decision.model import Model
from postil_model.validation.certainty import Certainties, Certainty
from postil_model.validation.predicting import predict, prediction_tables
from postil_model.validation.readings import certainty_reading, sweep_reading
from postil_model.validation.sensitivity import sweep_kinds


def tested(model: Model, certain: Certainties) -> dict[str, Any] | None:
    """Tables and readings of the tests of the model; None where nobody states an edge."""
    if not any(model.support(edge).k for edge in model.edges.values()):
        return None
    found = predict(model)
    own = model.params.evidence
    sweep = sweep_kinds({own: model}, own, [model.params.min_participants])
    return {
        "tables": prediction_tables(found)[: 1 if found.declared is None else 2],  # nodes and items: ask predict
        "readings": [
            ("How sure the arrows are", certainty_reading(certain, model.n).lines),
            ("If relations were read otherwise", sweep_reading(sweep, model.n).lines),
        ],
    }


def how_sure(found: Certainty) -> list[str]:
    """The panel's lines about an arrow."""
    lines = []
    if found.shared.value is not None:
        lines.append(f"coders' agreement on it: {decimals(found.shared.value)}")
    if found.one_reader:
        lines.append("one coder's reading alone" + ("" if found.doubly else " (nobody else read these interviews)"))
    if found.fragile:
        lines.append(f"falls below the threshold without any one of {', '.join(found.falls_without)}")
    if found.hangs_on:
        lines.append(f"said in a single relation by {', '.join(found.hangs_on)}")
    if found.only_asked:
        lines.append("said only when asked")
    return lines
