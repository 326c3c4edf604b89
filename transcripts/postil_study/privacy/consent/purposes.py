"""What participants agreed to: the one place that everything asks which tells or writes anybody's words.

``consent: {quote: false}`` withholds the words, ``share: false`` the transcript and all that is known of the person.
What is written and is no clear yes is a no (see `postil_study.privacy.consent.written`). Consent that nobody wrote
down is *not recorded*: inside the team the words are told, with a warning; a release needs a yes for both.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from postil_base.problem import Remark
from postil_study.text.values import Participant, Segment, Transcript

if TYPE_CHECKING:
    from postil_study.study import Study

WITHHELD = "[words withheld: no consent to be quoted]"
MASK, CAPITAL, HAN = "x", "X", "某"
MOST = 10  # people named one by one


def not_quoted(study: Study) -> frozenset[str]:
    """Participants whose words must not be told."""
    return _refusing(study, lambda person: person.consent_quote is False)


def not_shared(study: Study) -> frozenset[str]:
    """Participants whose transcripts must not go out."""
    return _refusing(study, lambda person: person.consent_share is False)


def quoted_by_consent(study: Study) -> frozenset[str]:
    """Participants who clearly agreed to be quoted by whoever gets the study, and to share."""
    agreed = (p for p in study.settings.participants.values() if p.consent_quote is True and p.consent_share is True)
    return frozenset(p.id for p in agreed) - not_quoted(study) - not_shared(study)


def shared_by_consent(study: Study) -> frozenset[str]:
    """Participants who clearly agreed that what they said may be given away."""
    agreed = (p.id for p in study.settings.participants.values() if p.consent_share is True)
    return frozenset(agreed) - not_shared(study)


def not_recorded(study: Study) -> tuple[str, ...]:
    """Participants of whom nobody wrote down whether they may be quoted, in the order of the study."""
    known = study.settings.participants
    refused = not_quoted(study)
    return tuple(p for p in _people(study) if p not in refused and (p not in known or known[p].consent_quote is None))


def doubts(study: Study) -> tuple[str, ...]:
    """What is written of consent and cannot be read, a sentence each: it counts as no."""
    settings = study.settings
    if settings.people_unread:
        return (f"{settings.people_unread}, so nobody's consent is known: no words of participants are told.",)
    return tuple(
        f"participant {person.id}: `{person.doubt}` is no clear consent and counts as no; see postil check."
        for person in settings.participants.values()
        if person.doubt
    )


def _refusing(study: Study, refuses: Callable[[Participant], bool]) -> frozenset[str]:
    """Those who refuse, under every spelling of their id that stands in the study; all while nobody's is known."""
    if study.settings.people_unread:
        return frozenset(_people(study))
    folded = {_folded(person.id) for person in study.settings.participants.values() if refuses(person)}
    return frozenset(person for person in _people(study) if _folded(person) in folded) if folded else frozenset()


def _people(study: Study) -> tuple[str, ...]:
    """Participants whom ``study.yaml`` lists, and those who speak according to the list of transcripts."""
    speaking = (speaker.participant for info in study.infos.values() for speaker in info.speakers.values())
    return tuple(dict.fromkeys([*study.settings.participants, *(person for person in speaking if person)]))


def _folded(person: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", person).casefold()).strip()


class Consent:
    """What may leave the study; with ``everything`` all of it may, for the team alone."""

    def __init__(self, study: Study, everything: bool = False) -> None:
        self._study = study
        self.not_shared = frozenset() if everything else not_shared(study)
        self.not_quoted = frozenset() if everything else not_quoted(study)
        self._closed = bool(study.settings.people_unread) and not everything

    @property
    def refused(self) -> bool:
        """Whether anybody's words must be withheld at all."""
        return self._closed or bool(self.not_quoted)

    @cached_property
    def withheld(self) -> bool:
        """Whether a transcript stays here."""
        return any(not self.shares(self._study.transcripts[id_]) for id_ in self._study.transcripts)

    def shares(self, transcript: Transcript) -> bool:
        """Whether a transcript may go out: everybody who speaks in it must agree."""
        return not self._closed and self.not_shared.isdisjoint(transcript.participants)

    def shares_person(self, participant: str) -> bool:
        """Whether what is known of a participant may go out."""
        return not self._closed and participant not in self.not_shared

    def quotes_all(self, people: Iterable[str]) -> bool:
        """Whether the words of all of some people may be told together."""
        return not self._closed and self.not_quoted.isdisjoint(people)

    def quotes(self, transcript: Transcript, start: int | None, end: int | None) -> bool:
        """Whether the words of a passage may stand as a quotation: all who speak in it must agree.

        Where nobody knows who speaks in a transcript it may be anybody, and one refusal in the study is enough.
        """
        if self._closed:
            return False
        if not self.not_quoted or start is None or end is None:
            return True
        if not transcript.info.speakers:
            return False
        speakers = (transcript.speaker(turn).participant for turn in transcript.turns_over(start, end))
        return self.not_quoted.isdisjoint(person for person in speakers if person)

    def quotes_in(self, transcript: str, start: int | None, end: int | None) -> bool:
        """The same by a transcript's id."""
        if not self.refused:
            return True  # hits of a search may be millions
        return self.quotes(self._study.transcripts[transcript], start, end)

    def quotes_segment(self, transcript: Transcript, segment: Segment) -> bool:
        """The same for a segment with the words it keeps: when they are not at its place, they may be anybody's."""
        stands = segment.start is not None and segment.end is not None and not segment.unanchored
        here = transcript.text[segment.start : segment.end] if stands else ""
        if segment.quote and segment.quote != here:
            return self.quotes(transcript, 0, len(transcript.text))
        return self.quotes(transcript, segment.start, segment.end)

    def text(self, transcript: Transcript) -> str:
        """A transcript as it may be read: of those who must not be quoted every letter is an x.

        Lengths, turns and words stay, so that positions and numbers hold. Where nobody knows who speaks, all are.
        """
        if not transcript.info.speakers and not self.quotes(transcript, 0, len(transcript.text)):
            return masked(transcript.text)
        return with_masked(transcript, lambda person: not self.quotes_all([person]))

    def remarks(self, study: Study) -> Iterator[Remark]:
        """What was held back."""
        yield from (Remark("consent", doubt) for doubt in doubts(study))
        for id_ in study.transcripts:
            people = [p for p in study.transcripts[id_].participants if p in self.not_shared]
            if people:
                message = f"{', '.join(people)} did not agree to share it; it and its codings stay here"
                yield Remark(f"transcript {id_}", message)
        if self.not_quoted:
            named = ", ".join(sorted(self.not_quoted))
            yield Remark("quotations", f"words of {named} are not written out as quotations (no consent)", lost=False)
        if silent := not_recorded(study):
            message = f"consent to be quoted is not recorded for {_named(silent)}; their words are in it"
            yield Remark("quotations", message, lost=False)


def with_masked(transcript: Transcript, hides: Callable[[str], bool]) -> str:
    """The text of a transcript with the words of some participants masked."""
    text, pieces, at = transcript.text, [], 0
    for turn in transcript.turns:
        person = transcript.speaker(turn).participant
        if person and hides(person):
            pieces += [text[at : turn.start], masked(text[turn.start : turn.end])]
            at = turn.end
    return "".join([*pieces, text[at:]])


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


def warnings(study: Study, told: Iterable[str] | None = None, screen: bool = False) -> list[str]:
    """What to say beside words: whose are withheld, and whose are told though nobody wrote down whether they may be.

    ``told`` are the participants whose words an output is about; None is everybody. On a ``screen`` of the team the
    words of those who refused are shown.
    """
    about = None if told is None else set(told)
    closed = not_quoted(study)
    refused = [p for p in _people(study) if p in closed and (about is None or p in about)] if closed else []
    silent = [p for p in not_recorded(study) if about is None or p in about]
    what = "shown to the team alone" if screen else "withheld"
    found = [f"No consent to be quoted: words of {_named(refused)} are {what}."] if refused else []
    if silent:
        found.append(
            f"Consent to be quoted is not recorded for {_named(silent)}, whose words are told: for the team, until "
            "somebody asks (postil check --privacy)."
        )
    return found


def short_note(study: Study) -> str:
    """The same in a few words, to stand behind what the app has written; "" where there is nothing to say."""
    refused, silent = sorted(not_quoted(study)), not_recorded(study)
    said = [f"words of {_named(refused)} withheld"] if refused else []
    said += ["consent in study.yaml cannot be read: see check"] if doubts(study) else []
    said += [f"consent not recorded: {len(silent)} of {len(_people(study))}"] if silent else []
    return f" ({'; '.join(said)})" if said else ""


def _named(people: Sequence[str]) -> str:
    """Some people by name, and how many more."""
    more = f" and {len(people) - MOST} more" if len(people) > MOST else ""
    return ", ".join(people[:MOST]) + more
