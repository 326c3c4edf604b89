"""What participants agreed to: the one place every export and report asks before it tells anybody's words.

``consent: {quote: false}`` withholds the words, ``share: false`` the transcript and all that is known of the person.
Consent that nobody wrote down is no refusal; `postil check --privacy` names whose is not recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from postil_transcripts.types import Transcript

if TYPE_CHECKING:
    from postil_transcripts.study import Study

WITHHELD = "[words withheld: no consent to be quoted]"


def not_quoted(study: Study) -> frozenset[str]:
    """Participants whose words must not be told."""
    return frozenset(p.id for p in study.settings.participants.values() if p.consent_quote is False)


def not_shared(study: Study) -> frozenset[str]:
    """Participants whose transcripts must not go out."""
    return frozenset(p.id for p in study.settings.participants.values() if p.consent_share is False)


class Consent:
    """What may leave the study; with ``everything`` all of it may, for the team alone."""

    def __init__(self, study: Study, everything: bool = False) -> None:
        self.not_shared = frozenset() if everything else not_shared(study)
        self.not_quoted = frozenset() if everything else not_quoted(study)
        self.withheld = any(not self.shares(study.transcripts[id_]) for id_ in study.transcripts)

    def shares(self, transcript: Transcript) -> bool:
        """Whether a transcript may go out: everybody who speaks in it must agree."""
        return self.not_shared.isdisjoint(transcript.participants)

    def shares_person(self, participant: str) -> bool:
        """Whether what is known of a participant may go out."""
        return participant not in self.not_shared

    def quotes(self, transcript: Transcript, start: int | None, end: int | None) -> bool:
        """Whether the words of a passage may stand as a quotation."""
        if not self.not_quoted or start is None or end is None:
            return True
        speakers = (transcript.speaker(turn).participant for turn in transcript.turns_over(start, end))
        return self.not_quoted.isdisjoint(person for person in speakers if person)
