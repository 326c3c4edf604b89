"""What a model was made of, as one number: the same codings, process and parameters give the same id."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from postil_base.version import __version__

if TYPE_CHECKING:
    from postil_codebook.values import Finding
    from postil_model.decision.model import Model


def model_id(model: Model) -> str:
    """sha256 over process, texts and parameters as canonical JSON, then over the evidence, a line a row."""
    canonical = json.dumps(_frame(model), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = sha256(canonical.encode("utf-8"))
    for row in model.evidence.rows:
        fields = (
            row.object, row.kind, row.participant, *row.segments, row.code, row.target_code, row.mode, row.coder,
            row.transcript, str(row.parts), row.guard, str(row.cue or ""), row.item,
        )  # fmt: skip
        digest.update("\x1f".join(fields).encode("utf-8") + b"\n")
    return digest.hexdigest()


def id_with(model: Model, findings: Sequence[Finding] = ()) -> str:
    """The id of a figure: that of the model, and of the findings shown beside it if there are any."""
    if not findings:
        return model.id
    told = [
        [f.id, f.statement, f.note, f.numerator, f.denominator, f.value, f.unit, f.source, f.conflict] for f in findings
    ]
    return sha256((model.id + json.dumps(told, ensure_ascii=False)).encode("utf-8")).hexdigest()


def _frame(model: Model) -> dict[str, Any]:
    process, evidence = model.process, model.evidence
    return {
        "postil": __version__,
        "process": {
            "id": process.id,
            "nodes": [
                [node.id, node.kind, node.stage, list(node.codes), [[i.id, list(i.codes)] for i in node.items]]
                for node in process.nodes
            ],
            "edges": [[e.id, e.source, e.target, e.kind, e.guard] for e in process.edges],
        },
        "texts": {name: transcript.text_sha256 for name, transcript in evidence.transcripts.items()},
        "filters": list(model.params.filters()),
    }


def manifest(model: Model, findings: Sequence[Finding] = ()) -> dict[str, str]:
    """What goes into the figure's file: enough to make it again."""
    evidence = model.evidence
    return {
        "postil": __version__,
        "model": id_with(model, findings),
        "process": f"{model.process.id}: {model.process.title}",
        "filters": "; ".join(model.params.filters()),
        "participants": ", ".join(model.participants),
        "transcripts": ", ".join(evidence.transcripts),
        "coders": ", ".join(evidence.coders),
    }
