"""What the drawing is made from: the evidence of a study, gathered once, and the model under filters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from postil_codebook.values import Finding, Process
from postil_model.decision.model import Model, Params, build
from postil_model.decision.of_study import study_evidence, study_process
from postil_model.evidence import EdgeBook, Evidence
from postil_model.evidence.hints import cooccur_rows, order_rows
from postil_model.evidence.rows import EvidenceRow, Kind
from postil_tui.shell.blinded_study import SeenStudy

KINDS: tuple[Kind, ...] = ("stated", "inferred", "order", "cooccur")


@dataclass(frozen=True)
class DiagramSource:
    """Evidence and process, as a coder may see them."""

    study: SeenStudy
    process: Process
    evidence: Evidence
    edges: EdgeBook
    params: Params  # as study.yaml has them

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The measured facts, as they may be drawn into a file."""
        from postil_study.privacy.consent.copied_words import told_findings

        return told_findings(self.study, self.study.findings)

    def model(self, params: Params) -> Model:
        """The model under filters; names that are not in the evidence any more are dropped from them."""
        known = tuple(name for name in params.participants if name in self.evidence.participants)
        return build(self.process, self.study.codebook, self.evidence, self.edges, replace(params, participants=known))

    def rows(self, model: Model, name: str) -> list[EvidenceRow]:
        """The evidence behind a node or edge, in the order of participants; what is not of the kind asked for last."""
        kind = model.params.evidence
        rows = list(self.evidence.by_object.get(name, ()))
        if name in model.edges and kind in ("order", "cooccur"):
            rows += self._hints(model, name)
        people = {participant: place for place, participant in enumerate(model.participants)}
        wanted = [row for row in rows if row.participant in people and self._asked(model, row)]
        first = kind if name in model.edges else "stated"
        return sorted(
            wanted, key=lambda row: (row.kind != first, people[row.participant], row.transcript, row.start or 0)
        )

    @staticmethod
    def _asked(model: Model, row: EvidenceRow) -> bool:
        return not model.params.elicited or row.elicited == model.params.elicited

    def _hints(self, model: Model, name: str) -> list[EvidenceRow]:
        """Hints have no type: they lie between the two nodes."""
        key = model.edges[name].key
        order = model.params.evidence == "order"
        pairs = {key[:2]} if order else {key[:2], (key.target, key.source)}
        rows = order_rows(self.evidence, self.edges) if order else cooccur_rows(self.evidence, self.edges)
        return [row for row in rows if self.edges.keys[row.object][:2] in pairs]


def read_source(root: Path, coder: str) -> DiagramSource:
    """Read the study anew and gather its evidence; takes a moment, so it is done in a thread."""
    study = SeenStudy(root, coder)
    process = study_process(study)
    evidence, edges = study_evidence(study, process=process)
    params = Params(
        min_participants=study.settings.analysis.min_participants,
        coder_rule=str(process.evidence.get("coder_rule", "any")),
    )
    return DiagramSource(study, process, evidence, edges, params)
