"""The joint display of a study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from postil_model.decision.model import Params
from postil_model.decision.of_study import build_model, study_interviews
from postil_model.findings.computed import computed
from postil_model.findings.joint import JointRow, joint
from postil_study.privacy.consent.copied_words import told_findings, told_themes

if TYPE_CHECKING:
    from postil_study.study import Study


def study_joint(study: Study, participants: Sequence[str] = ()) -> list[JointRow]:
    """Findings, those computed from data included, beside the coding of record."""
    model = build_model(study, Params(study.settings.analysis.min_participants, participants=tuple(participants)))
    findings = told_findings(study, computed(study.findings, study.root))
    return joint(model, findings, told_themes(study), set(not_verbatim(study)))


def not_verbatim(study: Study) -> Iterator[str]:
    """Segments whose stored quote is not what stands at their place in the text."""
    interviews, _ = study_interviews(study)
    for interview in interviews:
        text = interview.transcript.text
        for layer in interview.layers:
            for segment in layer.segments:
                if segment.quote and segment.start is not None and text[segment.start : segment.end] != segment.quote:
                    yield segment.id
