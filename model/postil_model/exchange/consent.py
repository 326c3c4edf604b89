"""Consent as a project for other programs obeys it, with a remark for everything that was held back."""

from __future__ import annotations

from collections.abc import Iterator

from postil_model import consent
from postil_transcripts.refi.values import Remark
from postil_transcripts.study import Study


class Consent(consent.Consent):
    """What may leave the study, and what to say of the rest."""

    def remarks(self, study: Study) -> Iterator[Remark]:
        """What was held back."""
        for id_ in study.transcripts:
            people = [p for p in study.transcripts[id_].participants if p in self.not_shared]
            if people:
                message = f"{', '.join(people)} did not agree to share it; it and its codings stay here"
                yield Remark(f"transcript {id_}", message)
        if self.not_quoted:
            named = ", ".join(sorted(self.not_quoted))
            yield Remark("quotations", f"words of {named} are not written out as quotations (no consent)", lost=False)
