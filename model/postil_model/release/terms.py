"""On which terms each transcript may be given to everybody: whole, with words masked, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from postil_study.privacy.consent.purposes import quoted_by_consent, shared_by_consent, with_masked
from postil_study.study import Study
from postil_study.text.values import Transcript


@dataclass(frozen=True)
class Terms:
    """What participants agreed to. Giving away needs a yes that is written down; silence is none."""

    sharing: frozenset[str]
    quotable: frozenset[str]
    left_out: Mapping[str, str] = field(default_factory=dict)  # transcript → why
    masked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # transcript → who must not be quoted

    def shares(self, participant: str) -> bool:
        """Whether a participant agreed to share."""
        return participant in self.sharing

    def quotes(self, participant: str) -> bool:
        """Whether a participant's words may stand in what everybody can read."""
        return participant in self.quotable

    def goes(self, transcript: str) -> bool:
        """Whether a transcript is part of the artifact."""
        return transcript not in self.left_out

    def text(self, transcript: Transcript) -> str:
        """The transcript as it goes out: of those who must not be quoted, every letter is an x."""
        return with_masked(transcript, lambda person: not self.quotes(person))


def terms_of(study: Study) -> Terms:
    """What the consent of all who speak means for each transcript."""
    bare = Terms(shared_by_consent(study), quoted_by_consent(study))
    left_out: dict[str, str] = {}
    hidden: dict[str, tuple[str, ...]] = {}
    for transcript in study.transcripts.values():
        speakers = transcript.participants
        silent = [name for name in speakers if not bare.shares(name)]
        if not speakers:
            left_out[transcript.id] = "nobody of the participants speaks in it"
        elif silent:
            left_out[transcript.id] = f"{', '.join(silent)} did not agree to share it"
        elif quiet := tuple(name for name in speakers if not bare.quotes(name)):
            hidden[transcript.id] = quiet
    return Terms(bare.sharing, bare.quotable, left_out, hidden)
