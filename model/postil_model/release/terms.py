"""On which terms each transcript may be given to everybody: whole, with words masked, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from postil_transcripts.study import Study
from postil_transcripts.types import Participant, Transcript

MASK, CAPITAL, HAN = "x", "X", "某"


@dataclass(frozen=True)
class Terms:
    """What participants agreed to. Giving away needs a yes that is written down; silence is none."""

    participants: Mapping[str, Participant]
    left_out: Mapping[str, str] = field(default_factory=dict)  # transcript → why
    masked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # transcript → who must not be quoted

    def shares(self, participant: str) -> bool:
        """Whether a participant agreed to share."""
        person = self.participants.get(participant)
        return person is not None and person.consent_share is True

    def quotes(self, participant: str) -> bool:
        """Whether a participant's words may stand in what everybody can read."""
        person = self.participants.get(participant)
        return person is not None and person.consent_share is True and person.consent_quote is not False

    def goes(self, transcript: str) -> bool:
        """Whether a transcript is part of the artifact."""
        return transcript not in self.left_out

    def text(self, transcript: Transcript) -> str:
        """The transcript as it goes out: of those who must not be quoted, every letter is an x.

        Lengths, turns and words stay, so that positions and numbers hold.
        """
        hidden = set(self.masked.get(transcript.id, ()))
        text = transcript.text
        for turn in transcript.turns:
            if transcript.speaker(turn).participant in hidden:
                text = text[: turn.start] + masked(text[turn.start : turn.end]) + text[turn.end :]
        return text


def masked(words: str) -> str:
    """Words that cannot be read, of the same form.

    >>> masked("Well, I'd say 5 模型!")
    "Xxxx, X'x xxx x 某某!"
    """
    return "".join(_mask(character) if character.isalnum() else character for character in words)


def _mask(character: str) -> str:
    """Capitals and ideographs stay such, as sentences and words hang on them."""
    if "\u3400" <= character <= "\u9fff":
        return HAN
    return CAPITAL if character.isupper() else MASK


def terms_of(study: Study) -> Terms:
    """What the consent of all who speak means for each transcript."""
    people = study.settings.participants
    bare = Terms(people)
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
    return Terms(people, left_out, hidden)
