"""What participants agreed to, where a study leaves the team.

``share: false`` holds back a transcript, ``quote: false`` the words of a quotation. Consent that nobody wrote down is
no refusal.
"""

from __future__ import annotations

from collections.abc import Iterator

from postil_transcripts.refi.values import Remark
from postil_transcripts.study import Study
from postil_transcripts.types import Transcript


class Consent:
    """What may leave the study."""

    def __init__(self, study: Study, everything: bool = False) -> None:
        people = study.settings.participants.values()
        self._not_shared = frozenset() if everything else frozenset(p.id for p in people if p.consent_share is False)
        self._not_quoted = frozenset() if everything else frozenset(p.id for p in people if p.consent_quote is False)
        self.withheld = any(not self.shares(study.transcripts[id_]) for id_ in study.transcripts)

    def shares(self, transcript: Transcript) -> bool:
        """Whether a transcript may go out: everybody who speaks in it must agree."""
        return self._not_shared.isdisjoint(transcript.participants)

    def shares_person(self, participant: str) -> bool:
        """Whether what is known of a participant may go out."""
        return participant not in self._not_shared

    def quotes(self, transcript: Transcript, start: int | None, end: int | None) -> bool:
        """Whether the words of a passage may stand as a quotation."""
        if not self._not_quoted or start is None or end is None:
            return True
        speakers = (transcript.speaker(turn).participant for turn in transcript.turns_over(start, end))
        return self._not_quoted.isdisjoint(person for person in speakers if person)

    def remarks(self, study: Study) -> Iterator[Remark]:
        """What was held back."""
        for id_ in study.transcripts:
            people = [p for p in study.transcripts[id_].participants if p in self._not_shared]
            if people:
                message = f"{', '.join(people)} did not agree to share it; it and its codings stay here"
                yield Remark(f"transcript {id_}", message)
        if self._not_quoted:
            named = ", ".join(sorted(self._not_quoted))
            yield Remark("quotations", f"words of {named} are not written out as quotations (no consent)", lost=False)
