r"""How a program counted characters: decided by what the counted passages look like, never by a belief about it.

Programs count code points or UTF-16 units, and CRLF as two or as one. Whatever counts twice under a rule is kept as a
sorted list of places in the text with line feeds, so that a position is one look-up.

>>> ruler = Ruler("\U0001F600 hi\r\nyes", PositionRule(utf16=True, crlf=2))
>>> ruler.text, ruler.at(7), ruler.text[ruler.at(7) : ruler.at(10)]
('😀 hi\nyes', 5, 'yes')
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from postil_base.files.text import unix_lines
from postil_base.plural import counted

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_SHORTEST = 4  # a name of at least so many characters may be the words of the passage
OURS, UTF16_MARK = "Postil", "(positions in UTF-16)"
_TIE = 1.0  # less than one passage more or less proves nothing
_ENOUGH = 2.0  # a rule must be so much better for one source alone to decide against the whole project


@dataclass(frozen=True, slots=True, order=True)
class PositionRule:
    """A way of counting."""

    utf16: bool = False
    crlf: int = 1

    def said(self, raw: str) -> str:
        """In words, as far as it makes a difference in a text."""
        unit = "UTF-16 code units" if self.utf16 and _ASTRAL.search(raw) else "code points"
        return f"{unit}, CRLF counts {self.crlf}" if "\r\n" in raw else unit


CODE_POINTS, UTF16 = PositionRule(), PositionRule(utf16=True, crlf=2)
RULES = (CODE_POINTS, PositionRule(crlf=2), UTF16, PositionRule(utf16=True))


class Ruler:
    """One text under one rule."""

    def __init__(self, raw: str, rule: PositionRule) -> None:
        self.rule = rule
        self.text = unix_lines(raw)
        places = [match.start() for match in _ASTRAL.finditer(self.text)] if rule.utf16 else []
        places += _pairs(raw) if rule.crlf == 2 else []
        self._places = sorted(places)
        self._starts = [place + number for number, place in enumerate(self._places)]

    def at(self, position: int) -> int:
        """Where a counted position lies in the text; one inside a pair lies before it."""
        return position - bisect_left(self._starts, position)

    def splits(self, position: int) -> bool:
        """Whether a position falls inside a character, or between CR and LF."""
        index = bisect_left(self._starts, position - 1)
        return index < len(self._starts) and self._starts[index] == position - 1

    def count(self, offset: int) -> int:
        """How the rule counts an offset into the text: the inverse of `at`."""
        return offset + bisect_left(self._places, offset)


def _pairs(raw: str) -> list[int]:
    """Places of CRLF, counted in the text with line feeds; a byte order mark at the start does not count."""
    shift = raw.startswith("\ufeff")
    return [match.start() - number - shift for number, match in enumerate(re.finditer("\r\n", raw))]


@dataclass(frozen=True, slots=True)
class RefiPassage:
    """A counted passage and what its program calls it."""

    start: int
    end: int
    name: str = ""


@dataclass
class Score:
    """How well a rule fits some passages: names that are the very words, clean borders, passages in the text."""

    named: float = 0.0
    borders: float = 0.0
    inside: int = 0
    passages: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.named + other.named,
            self.borders + other.borders,
            self.inside + other.inside,
            self.passages + other.passages,
        )

    @property
    def worth(self) -> float:
        """One figure: a name that fits proves more than a border."""
        return 4 * self.named + self.borders + 2 * self.inside


@dataclass(frozen=True)
class Verdict:
    """The rule a source was read with, and how clear that was."""

    ruler: Ruler
    said: str
    evidence: str


@dataclass
class PositionEvidence:
    """The scores of all sources of a project; a program counts the same way in all of them."""

    scores: list[Mapping[PositionRule, Score]] = field(default_factory=list)

    def total(self) -> dict[PositionRule, Score]:
        """Scores of all sources together."""
        return {rule: sum((scores[rule] for scores in self.scores), Score()) for rule in RULES}


def weigh(raw: str, passages: Sequence[RefiPassage]) -> Mapping[PositionRule, Score]:
    """Score the rules on one source; those that make no difference there are scored once."""
    astral, pairs = _ASTRAL.search(raw) is not None, "\r\n" in raw
    done: dict[PositionRule, Score] = {}
    for rule in RULES:
        same = PositionRule(rule.utf16 and astral, rule.crlf if pairs else 1)
        if same not in done:
            done[same] = _score(Ruler(raw, same), passages)
    return {rule: done[PositionRule(rule.utf16 and astral, rule.crlf if pairs else 1)] for rule in RULES}


def _score(ruler: Ruler, passages: Iterable[RefiPassage]) -> Score:
    score = Score()
    for passage in passages:
        score.passages += 1
        start, end = ruler.at(passage.start), ruler.at(passage.end)
        if not 0 <= start <= end <= len(ruler.text):
            continue
        score.inside += 1
        score.named += _is_name(passage.name, ruler.text[start:end])
        if start < end and not (ruler.splits(passage.start) or ruler.splits(passage.end)):
            score.borders += (_starts_clean(ruler.text, start) + _ends_clean(ruler.text, end)) / 2
    return score


def _is_name(name: str, words: str) -> bool:
    """Whether a name is the passage's words: ATLAS.ti and QualCoder write them, long ones cut with an ellipsis."""
    said, spoken = " ".join(name.split()), " ".join(words.split())
    if len(said) < _SHORTEST:
        return False
    for ellipsis in ("…", "..."):
        if said.endswith(ellipsis) and len(said) > 20 and spoken.startswith(said.removesuffix(ellipsis).rstrip()):
            return True
    return said == spoken and words == words.strip()


def _starts_clean(text: str, start: int) -> bool:
    """Whether a passage starts at a word, not inside one and not at the space before it."""
    inside = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    return not inside and not text[start].isspace()


def _ends_clean(text: str, end: int) -> bool:
    """Whether a passage ends at a word's end; whole lines take their line feed along."""
    inside = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return not inside and (not text[end - 1].isspace() or text[end - 1] == "\n")


def decide(raw: str, scores: Mapping[PositionRule, Score], total: Mapping[PositionRule, Score], origin: str) -> Verdict:
    """The rule of one source: its own passages decide when they are clear, then the whole project, then the program."""
    if origin.startswith(OURS):
        ours = PositionRule(utf16=origin.endswith(UTF16_MARK))
        return Verdict(Ruler(raw, ours), ours.said(raw), "the file is Postil's own and says so")
    best = _best(scores, total, origin)
    return Verdict(Ruler(raw, best), best.said(raw), _evidence(best, scores, total))


def _best(scores: Mapping[PositionRule, Score], total: Mapping[PositionRule, Score], origin: str) -> PositionRule:
    """What fits the project best, unless the passages of this source clearly say something else."""
    habit = habit_of(origin)

    def standing(rule: PositionRule) -> tuple[float, float, bool, int]:
        return scores[rule].worth, total[rule].worth, rule == habit, -RULES.index(rule)

    most = max(score.worth for score in total.values())
    as_good = [rule for rule in RULES if most - total[rule].worth < _TIE]
    favoured = max(as_good, key=lambda rule: (rule == habit, -RULES.index(rule)))
    own = max(RULES, key=standing)
    lead = scores[own].worth - scores[favoured].worth
    return own if lead >= max(_ENOUGH, 0.05 * scores[own].passages) else favoured


def habit_of(origin: str) -> PositionRule:
    """What is known of a program; only ever asked when the passages do not say."""
    name = origin.casefold()
    if "nvivo" in name:
        return UTF16
    return PositionRule(crlf=2) if "maxqda" in name else CODE_POINTS


def _evidence(best: PositionRule, scores: Mapping[PositionRule, Score], total: Mapping[PositionRule, Score]) -> str:
    own = scores[best]
    if not own.passages:
        return "no passages to tell by"
    others = [scores[rule] for rule in RULES if scores[rule] != own]
    if not others:
        return "all ways of counting agree"
    counts = f"{own.named:g} of {counted(own.passages, 'passage')} are named by their words, " if own.named else ""
    counts += f"{own.borders:g} of {own.passages} start and end at words"
    rival = max(others, key=lambda score: score.worth)
    said = f"{counts}; the next way: {rival.borders:g}"
    if rival.worth >= own.worth:
        said += f"; not clear here, decided by all sources ({total[best].borders:g} of {total[best].passages})"
    return said
