"""What arrows lose by the rule that a relation supports nothing unless it, or both its ends, are affirmed.

Before that rule a relation without a mode of its own counted as affirmed, whatever the passages were that it joins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from postil_codebook.decision_process.node_codes import map_codes
from postil_model.decision.model import Model, Params, build
from postil_model.decision.of_study import study_frame, study_interviews, study_process
from postil_model.evidence import CodingContext, Interview, gather
from postil_model.evidence.rows import Kind
from postil_study.text.values import Layer

if TYPE_CHECKING:
    from postil_study.study import Study

KINDS: tuple[Kind, ...] = ("stated", "inferred")


@dataclass(frozen=True, slots=True)
class Lost:
    """An arrow with the support it had (``before`` of ``n`` participants) and has."""

    edge: str
    route: str
    kind: Kind
    before: int
    after: int
    n: int

    def __str__(self) -> str:
        return f"{self.route}: {self.before}/{self.n} before, {self.after}/{self.n} now ({self.kind})"


def lost_support(study: Study) -> list[Lost]:
    """Arrows that fewer participants support than under the older rule, in the order of the model."""
    process = study_process(study)
    frame = study_frame(study, process, map_codes(process, study.codebook))
    interviews, _ = study_interviews(study)
    params = Params(study.settings.analysis.min_participants)

    def made(of: Iterable[Interview], frame: CodingContext) -> Model:
        evidence = gather(of, frame, order=study.settings.participants)
        return build(process, study.codebook, evidence, frame.edges, params)

    now = made(interviews, frame)
    before = made((replace(one, layers=tuple(map(_as_before, one.layers))) for one in interviews), frame)
    return [
        Lost(name, before.route(name), kind, edge.support[kind].k, after, before.n)
        for name, edge in before.edges.items()
        for kind in KINDS
        if edge.support[kind].k > (after := now.edges[name].support[kind].k if name in now.edges else 0)
    ]


def _as_before(layer: Layer) -> Layer:
    """The layer with every relation affirmed that does not say otherwise."""
    relations = (
        relation if relation.mode else msgspec.structs.replace(relation, mode="affirm") for relation in layer.relations
    )
    return replace(layer, relations=tuple(relations))
