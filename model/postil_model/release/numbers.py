"""The numbers of a study, computed anew from what is given away: agreement, model, evidence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from postil_base.numbers import decimals
from postil_base.problem import PostilError
from postil_formats.tables.files import to_csv as table_csv
from postil_model.agreement.files import headline_sentence, to_csv, view
from postil_model.agreement.tables import value
from postil_model.decision.document import model_json
from postil_model.decision.of_study import build_model
from postil_model.evidence.table import evidence_table
from postil_study.study import Study

FOLDER = "numbers"


@dataclass
class Numbers:
    """Files, the figures for a table, and what could not be computed and why."""

    files: dict[str, bytes] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    agreement: str = ""
    remarks: list[str] = field(default_factory=list)
    model_id: str = ""


def numbers_of(study: Study, files: bool = True) -> Numbers:
    """Agreement (JSON, CSV), model (JSON, SVG) and evidence (CSV); without ``files`` the figures alone."""
    made = Numbers()
    layers = [layer for layer in study.layers() if layer.header.kind in ("coder", "consensus")]
    made.figures = {
        "transcripts": str(len(study.transcripts)),
        "participants": str(len({p for t in study.transcripts.values() for p in t.participants})),
        "coded segments": f"{sum(len(layer.segments) for layer in layers):,}",
        "relations": f"{sum(len(layer.relations) for layer in layers):,}",
    }
    _agreement(study, made, files)
    _model(study, made, files)
    return made


def _agreement(study: Study, made: Numbers, files: bool) -> None:
    plan = study.settings.agreement
    if plan is not None and plan.none:
        made.agreement = f"The study reports no agreement: {plan.none}"
        return
    from postil_model.agreement.document import agreement_json
    from postil_model.agreement.result import study_agreement

    try:
        result = study_agreement(study)
    except PostilError as error:
        made.agreement = f"No agreement could be computed: {error}"
        return
    made.agreement = headline_sentence(result)
    made.figures["agreement (headline)"] = _shown(value(result.headline.pooled))
    if files:
        _put(made, "agreement.json", json.dumps(agreement_json(result), ensure_ascii=False, indent=1) + "\n")
        _put(made, "agreement.csv", to_csv(view(result, "code")))


def _shown(cell: Any) -> str:
    return decimals(cell) if isinstance(cell, float) else str(cell or "undefined")


def _model(study: Study, made: Numbers, files: bool) -> None:
    model = build_model(study)
    made.model_id = model.id
    made.figures |= {
        "nodes with support": str(sum(1 for node in model.nodes.values() if node.support.k)),
        "edges shown": str(len(model.shown_edges)),
    }
    if not files:
        return
    _put(made, "model.json", json.dumps(model_json(model, False), ensure_ascii=False, indent=1) + "\n")
    _put(made, "evidence.csv", table_csv(evidence_table(model)))
    from postil_model.decision.undeclared import drawn_figure
    from postil_model.drawing.pictures import draw

    try:
        made.files[f"{FOLDER}/model.svg"] = draw(drawn_figure(model, study.findings, "ids"), ["svg"])["svg"]
    except PostilError as error:
        made.remarks.append(f"model.svg could not be drawn: {error}")


def _put(made: Numbers, name: str, text: str) -> None:
    made.files[f"{FOLDER}/{name}"] = text.encode("utf-8")


def compared(here: Mapping[str, str], whole: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Figures of the artifact beside those of the whole study."""
    return [(name, here.get(name, ""), whole.get(name, "")) for name in dict.fromkeys([*whole, *here])]
