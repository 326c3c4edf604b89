"""Who is behind a label: what the person said with ``--speaker``, and a guess for the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from postil_base.problem import PostilError
from postil_formats.texts.recognised import LabelCount, Recognised
from postil_study.text.turns import clean_label
from postil_study.text.values import Role, Speaker
from postil_study.text.vocabulary import words

UNNAMED, ONLY_ONE = "Unknown", "Participant"
_ROLES: Mapping[str, Role] = {"interviewer": "interviewer", "participant": "participant", "other": "other"}
_INTERVIEWERS = words("interviewer interviewerin moderator facilitator researcher i q question")
_ASKED = words("participant respondent interviewee informant proband befragter befragte b a p expert patient")
_GROUP = words("moderator moderatorin moderation facilitator")  # who leads a group has several participants
WHO_IS_WHO = "several speakers could be participants"
NOBODY = frozenset({"unknown", "unknown speaker", "noise", "music"})


@dataclass(frozen=True, slots=True)
class SpeakerRule:
    """What the person said about a label: another name, a role, the participant's id; empty is not said."""

    label: str = ""
    role: Role | None = None
    participant: str = ""


@dataclass(frozen=True)
class Cast:
    """The labels of a transcript as they will stand in it, and who is behind each."""

    names: Mapping[str, str]  # label in the source → label in the transcript
    speakers: Mapping[str, Speaker]
    guessed: bool = False
    warnings: tuple[str, ...] = ()


@dataclass
class _Casting:
    counts: dict[str, LabelCount]
    roles: dict[str, Speaker] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    guessed: bool = False


def parse_speaker(text: str) -> tuple[str, SpeakerRule]:
    """Read ``LABEL=…``: a role, ``participant:P01``, a new name, or ``Name:role``.

    >>> parse_speaker("Speaker 2=participant:P01")
    ('Speaker 2', SpeakerRule(label='', role='participant', participant='P01'))
    >>> parse_speaker("Speaker 1=Interviewer")
    ('Speaker 1', SpeakerRule(label='Interviewer', role='interviewer', participant=''))
    """
    label, sign, wanted = text.rpartition("=")
    if not sign or not wanted.strip():
        raise PostilError(
            f"{text!r} does not say who a label is. Write LABEL=interviewer, LABEL=participant:P01, LABEL=other, "
            "or LABEL=New name (with :role behind it)."
        )
    return label.strip(), _rule([part.strip() for part in wanted.split(":")], text)


def _rule(parts: Sequence[str], text: str) -> SpeakerRule:
    name = ""
    if parts[0] not in _ROLES:
        name, parts = clean_label(parts[0]), parts[1:]
    role = _ROLES.get(parts[0]) if parts else _ROLES.get(name.lower())
    if (parts and role is None) or len(parts) > 2 or (len(parts) == 2 and role != "participant"):
        raise PostilError(f"{text!r}: a role is interviewer, participant (with :ID) or other.")
    return SpeakerRule(name, role, parts[1] if len(parts) == 2 else "")


def cast(
    recognised: Recognised, rules: Mapping[str, SpeakerRule], participant: str, known: Iterable[str], sure: bool = False
) -> Cast:
    """Give every label a role. ``participant`` is the id of the one participant; ``known`` are those of the study.

    ``sure`` says that the person named the participant, so that there is no other: it is who says most.
    """
    names = {label: _name(label, recognised, rules) for label in recognised.labels}
    casting = _Casting(_merged(recognised.labels, names))
    for label, rule in rules.items():
        if rule.role is not None and label in names:
            who = rule.participant or participant
            casting.roles[names[label]] = Speaker(rule.role, who if rule.role == "participant" else None)
    _guess(casting, participant, set(known), sure)
    speakers = {label: casting.roles[label] for label in casting.counts}
    return Cast(names, speakers, casting.guessed, tuple(casting.warnings))


def _name(label: str, recognised: Recognised, rules: Mapping[str, SpeakerRule]) -> str:
    rule = rules.get(label)
    if rule is not None and rule.label:
        return rule.label
    if label:
        return clean_label(label) or UNNAMED
    return ONLY_ONE if len(recognised.labels) == 1 else UNNAMED


def _merged(counts: Mapping[str, LabelCount], names: Mapping[str, str]) -> dict[str, LabelCount]:
    merged: dict[str, LabelCount] = {}
    for label, count in counts.items():
        old = merged.get(names[label], LabelCount(0, 0, 0))
        merged[names[label]] = LabelCount(
            old.turns + count.turns, old.words + count.words, old.questions + count.questions
        )
    return merged


def _guess(casting: _Casting, participant: str, known: set[str], sure: bool) -> None:
    """Interviewer is who is called so, else who asks most; the one other speaker is the participant."""
    open_labels = [label for label in casting.counts if label not in casting.roles]
    for label in open_labels:
        if label.lower() in NOBODY:
            casting.roles[label] = Speaker("other")
        elif label in known:
            casting.roles[label] = Speaker("participant", label)
            casting.warnings.append(f"{label!r} is taken for the participant {label} the study knows already")
    if not any(speaker.role == "interviewer" for speaker in casting.roles.values()):
        _find_interviewer(casting)
    rest = [label for label in casting.counts if label not in casting.roles]
    taken = any(speaker.role == "participant" for speaker in casting.roles.values())
    if len(rest) == 1 and not taken:
        casting.roles[rest[0]] = Speaker("participant", participant)
    elif rest:
        _several(casting, rest, participant, taken=taken, sure=sure)


def _answers(label: str) -> bool:
    """Whether a label is that of somebody who is asked: a role, or an id such as P07."""
    return label.lower() in _ASKED or re.fullmatch(r"[PTBRptbr]-?\d{1,4}", label) is not None


def _find_interviewer(casting: _Casting) -> None:
    rest = [label for label in casting.counts if label not in casting.roles]
    taken = any(speaker.role == "participant" for speaker in casting.roles.values())
    called = [label for label in rest if label.lower() in _INTERVIEWERS]
    if called:
        casting.roles.update((label, Speaker("interviewer")) for label in called)
        return
    asked = max((casting.counts[label].questions for label in rest), default=0)
    if len(rest) < (1 if taken else 2) or (not asked and len(rest) > 2):
        return
    likely = [label for label in rest if not _answers(label)] or rest
    asking = max(likely, key=lambda label: casting.counts[label].questions)
    asked = casting.counts[asking].questions
    others = max((casting.counts[label].questions for label in rest if label != asking), default=0)
    weak = asked <= 1.5 * others or asked < casting.counts[asking].turns / 4
    if len(rest) > 2 and (weak or asked < 2 or asked < casting.counts[asking].turns / 2):
        return  # in a group everybody asks now and then
    casting.guessed = True
    casting.roles[asking] = Speaker("interviewer")
    if weak:
        casting.warnings.append(
            f"that {asking!r} is the interviewer is a weak guess ({asked} turns end with a question, "
            f"against {others}); say --speaker '{asking}=interviewer' to be sure"
        )


def _several(casting: _Casting, rest: Sequence[str], participant: str, *, taken: bool, sure: bool) -> None:
    """Several speakers could be participants: one who says nearly all is; labels that look like ids are, and
    those of a group with a moderator; else ask.
    """
    most = max(rest, key=lambda label: casting.counts[label].words)
    total = sum(casting.counts[label].words for label in rest) or 1
    if not taken and (sure or casting.counts[most].words >= 0.9 * total):
        casting.roles[most] = Speaker("participant", participant)
        minor = [label for label in rest if label != most]
    elif not taken and all(re.fullmatch(r"[A-Za-z]{1,4}-?\d{1,4}", label) for label in rest):
        casting.roles.update((label, Speaker("participant", label)) for label in rest)
        return
    elif not taken and any(label.lower() in _GROUP for label in casting.roles):
        casting.roles.update((label, Speaker("participant", label)) for label in rest)
        listed = ", ".join(repr(label) for label in rest)
        casting.warnings.append(
            f"a group with a moderator: {listed} are taken for participants of their own; "
            f"say --speaker '{rest[0]}=participant:P01' to give them ids, or =other"
        )
        return
    elif not taken:
        listed = ", ".join(repr(label) for label in rest)
        raise PostilError(
            f"{WHO_IS_WHO}: {listed}. Say who is who, for example "
            f"--speaker '{rest[0]}=participant:P01' --speaker '{rest[-1]}=other'."
        )
    else:
        minor = list(rest)
    casting.roles.update((label, Speaker("other")) for label in minor)
    casting.warnings += [
        f"{label!r} is taken for neither participant nor interviewer; see --speaker" for label in minor
    ]
