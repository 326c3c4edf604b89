"""What a model was made of, as one number: the same codings, process and parameters give the same id."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from postil_base.version import __version__

if TYPE_CHECKING:
    from postil_model.graph import Model


def model_id(model: Model) -> str:
    """sha256 over the canonical JSON of process, evidence, texts, parameters and version of the tool."""
    canonical = json.dumps(_content(model), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode("utf-8")).hexdigest()


def _content(model: Model) -> dict[str, Any]:
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
        "rows": sorted(
            [row.object, row.kind, row.participant, list(row.segments), row.code, row.mode, row.coder, row.transcript]
            for row in evidence.rows
        ),
        "filters": list(model.params.filters()),
    }


def manifest(model: Model) -> dict[str, str]:
    """What goes into the figure's file: enough to make it again."""
    evidence = model.evidence
    return {
        "postil": __version__,
        "model": model_id(model),
        "process": f"{model.process.id}: {model.process.title}",
        "filters": "; ".join(model.params.filters()),
        "participants": ", ".join(model.participants),
        "transcripts": ", ".join(evidence.transcripts),
        "coders": ", ".join(evidence.coders),
    }
