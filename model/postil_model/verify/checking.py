"""The verdicts: each quotation and each count of a manuscript against what the study holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from postil_model.verify.claims import CountClaim, Quotation
from postil_model.verify.voices import Likeness, Voice, folded, fragments, holds, nearest

QuotationVerdict = Literal[
    "verbatim",
    "shortened",
    "other speaker",
    "interviewer's words",
    "memo words",
    "altered",
    "no consent",
    "not found",
    "nobody of the study",
]
CountVerdict = Literal["right", "wrong", "not linked", "other total", "impossible"]
ALTERED = 80.0  # partial ratio from which words count as the same words, changed


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation with what it turned out to be and the words that were found instead."""

    quotation: Quotation
    verdict: QuotationVerdict
    person: str = ""
    where: str = ""
    score: float = 100.0
    words: str = ""


@dataclass(frozen=True, slots=True)
class CountedThing:
    """How many participants something has: a code, theme or node with the names it may be called by."""

    id: str
    names: tuple[str, ...]
    participants: frozenset[str]


@dataclass(frozen=True, slots=True)
class CheckedCount:
    """A count with what the coding of record says of the thing it seems to be about."""

    claim: CountClaim
    verdict: CountVerdict
    about: str = ""
    k: int | None = None


def check_quotation(quotation: Quotation, voices: Sequence[Voice]) -> CheckedQuotation:
    """Say whose words a quotation is. Exact words come before similar ones, participants before everyone else."""
    if quotation.unknown and not quotation.credited:
        found = _found(quotation, voices)
        return replace(found, verdict="nobody of the study")
    return _found(quotation, voices)


def _found(quotation: Quotation, voices: Sequence[Voice]) -> CheckedQuotation:
    for verdict, parts in (("verbatim", [folded(quotation.text)]), ("shortened", fragments(quotation.text))):
        exact = _holding(parts, quotation, voices)
        if exact is not None:
            return _exact(quotation, exact, "verbatim" if verdict == "verbatim" else "shortened")
    return _similar(quotation, voices)


def _holding(parts: Sequence[str], quotation: Quotation, voices: Sequence[Voice]) -> Voice | None:
    found = [one for one in voices if parts and holds(one, parts)]
    return min(found, key=_preference(quotation), default=None)


def _preference(quotation: Quotation) -> Callable[[Voice], tuple[int, int]]:
    order = ("participant", "interviewer", "other", "memo")
    return lambda one: (0 if one.person in quotation.credited else 1, order.index(one.role))


def _exact(quotation: Quotation, one: Voice, verdict: QuotationVerdict) -> CheckedQuotation:
    if one.role == "memo":
        verdict = "memo words"
    elif one.role != "participant":
        verdict = "interviewer's words"
    elif quotation.credited and one.person not in quotation.credited:
        verdict = "other speaker"
    return CheckedQuotation(quotation, verdict, one.person, one.where)


def _similar(quotation: Quotation, voices: Sequence[Voice]) -> CheckedQuotation:
    likeness = nearest(quotation.text, voices)
    if likeness is None or likeness.score < ALTERED:
        score = likeness.score if likeness else 0.0
        return CheckedQuotation(quotation, "not found", score=score)
    return _like(quotation, likeness)


def _like(quotation: Quotation, likeness: Likeness) -> CheckedQuotation:
    one = likeness.voice
    verdict: QuotationVerdict = "altered"
    if one.role == "memo":
        verdict = "memo words"
    elif one.role != "participant":
        verdict = "interviewer's words"
    elif quotation.credited and one.person not in quotation.credited:
        verdict = "other speaker"
    return CheckedQuotation(quotation, verdict, one.person, one.where, likeness.score, likeness.words)


def check_count(claim: CountClaim, things: Iterable[CountedThing], total: int) -> CheckedCount:
    """Compare a count with the thing its sentence names; the longest name that stands in the sentence wins."""
    if claim.k > claim.n:
        return CheckedCount(claim, "impossible")
    sentence = folded(claim.sentence)
    named = [(len(name), thing) for thing in things for name in map(folded, thing.names) if name in sentence]
    if not named:
        return CheckedCount(claim, "not linked")
    thing = max(named, key=lambda pair: pair[0])[1]
    k = len(thing.participants)
    if claim.n != total:
        return CheckedCount(claim, "other total", thing.id, k)
    return CheckedCount(claim, "right" if claim.k == k else "wrong", thing.id, k)


def tally(checked: Iterable[CheckedQuotation | CheckedCount]) -> Mapping[str, int]:
    """How often each verdict was given, in order of first use."""
    counts: dict[str, int] = {}
    for one in checked:
        counts[one.verdict] = counts.get(one.verdict, 0) + 1
    return counts
