"""What a manuscript claims about people: quotations with their attribution, and counts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from postil_model.verify.manuscript import Manuscript
from postil_study.text.units import sentences

MIN_WORDS, MIN_CREDITED = 3, 2
REACH = 160  # characters after (or before) a quotation within which its speaker is named
NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven"),
    *("eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"),
)
NUMBER = rf"(\d{{1,3}}|{'|'.join(NUMBERS)})"
PEOPLE = r"(?:participants|interviewees|respondents|engineers|practitioners|developers|people|interviews|experts)"
OF = r"(?:\s+(?:out\s+)?of\s+(?:the\s+|our\s+|all\s+)?|\s*/\s*)"
COUNT = re.compile(rf"\b{NUMBER}{OF}{NUMBER}\b(?!\s*%)(\s+{PEOPLE})?", re.IGNORECASE)
_WRAPPED = re.compile(r"(?<!\n)\n(?!\s*(?:\n|[-*+•#|>“]|\d+[.)]\s))")
QUOTATION = re.compile("“([^“”]{2,4000})”")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quoted words and the participants they are credited to (none: the text does not say)."""

    text: str
    line: int
    credited: tuple[str, ...]
    unknown: tuple[str, ...] = ()  # ids of the study's form that nobody in it has


@dataclass(frozen=True, slots=True)
class CountClaim:
    """A "k of n" with the sentence it stands in."""

    k: int
    n: int
    line: int
    sentence: str
    of_people: bool


def normal_id(reference: str) -> str:
    """A participant's id without leading zeros, for comparing ``P01`` with ``P1``.

    >>> normal_id("P01"), normal_id("E12"), normal_id("anna")
    ('p1', 'e12', 'anna')
    """
    match = re.fullmatch(r"(.*?)0*(\d+)", reference)
    return f"{match[1]}{match[2]}".casefold() if match else reference.casefold()


def quotations(manuscript: Manuscript, participants: Collection[str]) -> list[Quotation]:
    """All quotations in order: of three words or more, and those of two that are credited to somebody.

    Two words in quotation marks that nobody is named for are mostly a term, and not what somebody said.
    """
    names, known = _mentions(manuscript.text, participants), frozenset(participants)
    found = []
    for match in QUOTATION.finditer(manuscript.text):
        words = len(match[1].split())
        if words < MIN_CREDITED and not _is_spaceless(match[1]):
            continue
        named = _credited(manuscript.text, match.start(), match.end(), names)
        credited = tuple(name for name in named if name in known)
        unknown = tuple(name for name in named if name not in known)
        if words >= MIN_WORDS or named or _is_spaceless(match[1]):
            found.append(Quotation(match[1], manuscript.line(match.start()), credited, unknown))
    return found


def _is_spaceless(words: str) -> bool:
    """Whether the words are of a script that puts no spaces between them, and more than a term."""
    letters = [c for c in words if c.isalpha()]
    return len(letters) >= 6 and sum(c >= "\u3040" for c in letters) > len(letters) / 2


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    participant: str


def _mentions(text: str, participants: Collection[str]) -> list[_Mention]:
    """Ids in the text: those of participants, and those that look like them but are nobody's."""
    known = {normal_id(p): p for p in participants}
    forms = {match[1] for id_ in known if (match := re.fullmatch(r"([a-z]{1,12})\d+", id_))}
    found = []
    for match in re.finditer(r"\b([A-Za-z]{1,12})\d{1,3}\b", text):
        id_ = normal_id(match[0])
        if id_ in known or (match[1].casefold() in forms and match[0][0].isupper()):
            found.append(_Mention(match.start(), match.end(), known.get(id_, match[0])))
    return found


def _credited(text: str, start: int, end: int, names: list[_Mention]) -> tuple[str, ...]:
    """Those named nearest: in the parenthesis right after, else before it in the sentence, else after."""
    after = [m for m in names if end <= m.start <= end + REACH and not _crosses(text[end : m.start].lstrip())]
    right_after = [m for m in after if re.fullmatch(r"[\s,.;]*[(\[]?[^“”()]*", text[end : m.start])]
    if right_after and re.match(r"[\s,.;—–-]*[(\[—–]", text[end : right_after[0].end]):
        return _group(text, right_after)
    before = [m for m in names if start - REACH <= m.end <= start and not _crosses(text[m.end : start])]
    if before:
        return _group(text, list(reversed(before)))
    return _group(text, after)


def _crosses(between: str) -> bool:
    """Another quotation or a paragraph lies between."""
    return "“" in between or "”" in between or "\n\n" in between


def _group(text: str, mentions: list[_Mention]) -> tuple[str, ...]:
    """The first mention and those that follow it in one enumeration (``P2, P8, and P10``)."""
    if not mentions:
        return ()
    group = [mentions[0]]
    for mention in mentions[1:]:
        low, high = min(group[-1].end, mention.end), max(group[-1].start, mention.start)
        if not re.fullmatch(r"[\s,;&]*(?:and|or|und)?\s*", text[low:high]):
            break
        group.append(mention)
    return tuple(sorted({m.participant for m in group}))


def counts(manuscript: Manuscript) -> list[CountClaim]:
    """All "k of n" (also in words, also k/n), in order, with their sentences."""
    text = manuscript.text if manuscript.by_paragraph else joined_lines(manuscript.text)
    return list(_counts(manuscript, sentences(text, 0, len(text))))


def joined_lines(text: str) -> str:
    r"""The text with the ends of wrapped lines as spaces, every offset as it was; items and headings keep their lines.

    >>> joined_lines("Security and\nprivacy: 3 of 8.\n- one\n- two\n\nNext")
    'Security and privacy: 3 of 8.\n- one\n- two\n\nNext'
    """
    return _WRAPPED.sub(" ", text)


def _counts(manuscript: Manuscript, spans: Iterable[tuple[int, int]]) -> Iterator[CountClaim]:
    for start, end in spans:
        for match in COUNT.finditer(manuscript.text, start, end):
            k, n = _number(match[1]), _number(match[2])
            if n < 2 or (k > n and not _says_people(match, manuscript.text)):
                continue  # 24/7 is no count
            if k >= 0:
                sentence = " ".join(manuscript.text[start:end].split())
                yield CountClaim(k, n, manuscript.line(match.start()), sentence, bool(match[3]))


def _says_people(match: re.Match[str], text: str) -> bool:
    """Whether a count above its total is meant as one: with the word of, with people, or alone in parentheses."""
    around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
    return "of" in match[0].casefold() or bool(match[3]) or around == "()"


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS.index(word.lower())
