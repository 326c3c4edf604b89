"""What a study's transcripts still say that may tell who is meant: names, organisations, places, addresses, labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from postil_formats.texts.labels.finding import like_role
from postil_formats.texts.roles import NOBODY
from postil_study.check.texts import like_labels
from postil_study.privacy.pseudonyms.found import NameSeen, names_seen
from postil_study.privacy.pseudonyms.matching import Names
from postil_study.privacy.pseudonyms.recogniser import Recogniser, names_recognised
from postil_study.study import Study
from postil_study.text.turns import RawTurn


def seen_in(study: Study, names: Names | None = None) -> tuple[NameSeen, ...]:
    """All of it, most frequent first within its kind; what the mapping has a rule for, or stands for it, left out."""
    turns: list[RawTurn] = []
    labels: dict[str, None] = {}
    for transcript in study.transcripts.values():
        turns += (RawTurn(turn.label, transcript.text[turn.start : turn.end]) for turn in transcript.turns)
        labels.update(dict.fromkeys(_unexpected(transcript.info.speakers, study)))
        labels.update(dict.fromkeys(like_labels(transcript)))
    found = names_seen(turns, labels)
    if names is None:
        return found
    rules = {rule.name for rule in names.rules}
    stands = {word for rule in names.rules for word in (rule.pseudonym, rule.pseudonym.strip("[]"))}
    left = [seen for seen in found if seen.text not in rules and seen.text not in stands]
    return tuple(_numbered(left, {rule.pseudonym for rule in names.rules}))


def together(files: Iterable[Iterable[NameSeen]], names: Names | None = None) -> tuple[NameSeen, ...]:
    """What was seen in several files as one list, with proposals of its own."""
    counts: Counter[str] = Counter()
    kinds: dict[str, str] = {}  # what is a label in one file and a name in another is asked for once
    for seen in files:
        for one in seen:
            counts[one.text] += one.count
            kinds.setdefault(one.text, one.kind)
    ordered = sorted(((kinds[text], text), n) for text, n in counts.items())
    ordered.sort(key=lambda item: (item[0][0], -item[1], item[0][1]))
    taken = {rule.pseudonym for rule in names.rules} if names else set()
    return tuple(_numbered([NameSeen(text, kind, n, f"[{kind} 1]") for (kind, text), n in ordered], taken))


def _unexpected(labels: Iterable[str], study: Study) -> Iterable[str]:
    """Labels that are neither a role nor a participant's id, and so may be a name."""
    known = study.settings.participants
    return (label for label in labels if label not in known and not like_role(label) and label.lower() not in NOBODY)


def _numbered(seen: Iterable[NameSeen], taken: set[str]) -> Iterable[NameSeen]:
    """Proposals that are not taken yet."""
    for one in seen:
        numbers = range(1, len(taken) + 2)
        made = one.pseudonym
        if made in taken:
            made = next(name for n in numbers if (name := f"[{one.kind} {n}]") not in taken)
        taken.add(made)
        yield replace(one, pseudonym=made)


def with_recognised(
    seen: Iterable[NameSeen], texts: Iterable[str], recognise: Recogniser, names: Names | None = None
) -> tuple[NameSeen, ...]:
    """What was seen, and what a model on this machine finds beside it; what the mapping has a rule for is left out."""
    known = {rule.name for rule in names.rules} | {rule.pseudonym for rule in names.rules} if names else set()
    found = {one.text: one for one in names_recognised(texts, recognise) if one.text not in known}
    listed = tuple(seen)
    kinds = {one.text for one in listed}
    return together([listed, [one for text, one in found.items() if text not in kinds]], names)
