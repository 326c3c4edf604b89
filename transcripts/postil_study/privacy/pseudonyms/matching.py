"""Names and what stands for them: found as whole words, the longest first, however their words are joined."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from postil_base.problem import PostilError
from postil_study.files.manifest import suggest_transcript_id
from postil_study.privacy.pseudonyms.edits import Edit, Edits
from postil_study.text.values import Turn

_GAP = r"(?:[^\S\n]+|[^\S\n]*\n(?!\n)[^\S\n]*)"  # no name goes over a blank line
_SLUG_GAP = r"[-_. ]+"
_JOINED = 6  # letters from which a name of several words is known without white space between: JaneDoe, Jane_Doe
_LETTER = "[^\\W_]"
_MARK = "[\u0300-\u036f]"  # of a letter that is written as letter and mark


@dataclass(frozen=True, slots=True)
class PseudonymRule:
    """A name and its pseudonym."""

    name: str
    pseudonym: str
    kind: str = ""
    any_case: bool = False


class Names:
    """All rules of a mapping, ready to be used on texts.

    >>> rules = {"Jane Doe": "E01", "Jane": "E01", "Rome": "[place 1]"}
    >>> names = Names([PseudonymRule(name, instead) for name, instead in rules.items()])
    >>> names.text("Jane\\nDoe, or Jane's friend in Rome. Romeo!")
    "E01, or E01's friend in [place 1]. Romeo!"
    >>> names.slug("Interview_jane-doe (1)"), names.text("jane")
    ('Interview_E01 (1)', 'jane')
    >>> names.text("Jane_Doe, @JaneDoe, call_Jane, Jane.Doe@mail and Janet")
    'E01, @E01, call_E01, E01@mail and Janet'
    """

    def __init__(self, rules: Iterable[PseudonymRule]) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: (-len(rule.name), rule.name)))
        self._exact = {_composed(rule.name): rule for rule in self.rules}
        self._letters = {letters_of(rule.name): rule for rule in reversed(self.rules)}
        self._folded = {letters_of(rule.name).casefold(): rule for rule in reversed(self.rules)}
        _check(self.rules)

    def __bool__(self) -> bool:
        return bool(self.rules)

    def find(self, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[re.Match[str], PseudonymRule]]:
        """The names in a passage and their rules."""
        if self.rules:
            for match in self._pattern.finditer(text, start, len(text) if end is None else end):
                yield match, self._rule(match[0])

    def edits(self, text: str) -> Edits:
        """The replacements in a text."""
        return Edits(Edit(match.start(), match.end(), rule.pseudonym) for match, rule in self.find(text))

    def turn_edits(self, text: str, turns: Iterable[Turn]) -> Edits:
        """The replacements in a transcript; no name goes from a label into the words, or into the next turn."""
        borders = [0]
        for turn in turns:
            borders += (turn.label_start, turn.start)
        pairs = zip(borders, [*borders[1:], len(text)], strict=True)
        spans = [(start, end) for start, end in pairs if start < end]
        return Edits(
            Edit(match.start(), match.end(), rule.pseudonym)
            for start, end in spans
            for match, rule in self.find(text, start, end)
        )

    def text(self, text: str) -> str:
        """A text with pseudonyms."""
        return self.edits(text).apply(text) if self.rules else text

    def slug(self, name: str) -> str:
        """A file name or an id with pseudonyms: capitals do not count there, and words are joined by other signs."""
        if not self.rules:
            return name
        return self._slugs.sub(lambda match: suggest_transcript_id(self._slug_rule(match).pseudonym).rstrip("-."), name)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(_pattern_of(rule) for rule in self.rules))

    @cached_property
    def _slugs(self) -> re.Pattern[str]:
        choices = (f"({_slug_gap(rule).join(map(_spelled, _words(rule.name)))})" for rule in self.rules)
        return re.compile(rf"(?<!{_LETTER})(?:{'|'.join(choices)})(?!{_LETTER}|{_MARK})", re.IGNORECASE)

    def _slug_rule(self, match: re.Match[str]) -> PseudonymRule:
        assert match.lastindex is not None
        return self.rules[match.lastindex - 1]

    def _rule(self, found: str) -> PseudonymRule:
        letters = letters_of(found)
        known = self._exact.get(_composed(" ".join(found.split()))) or self._letters.get(letters)
        return known or self._folded[letters.casefold()]


def _check(rules: Iterable[PseudonymRule]) -> None:
    for rule in rules:
        if not rule.name.strip() or rule.name != " ".join(rule.name.split()):
            raise PostilError(f"{rule.name!r} is no name; write it on one line with single spaces.")
        if not rule.pseudonym.strip() or "\n" in rule.pseudonym:
            raise PostilError(f"{rule.name!r} has no pseudonym on one line; write what shall stand for it.")


def _pattern_of(rule: PseudonymRule) -> str:
    gap = rf"(?:{_GAP}|[-_.]?)" if _may_be_joined(rule) else _GAP
    words = gap.join(map(_spelled, rule.name.split()))
    first, last = rule.name[0], rule.name[-1]
    before = rf"(?<!{_LETTER})" if _has_border(first) else ""
    after = rf"(?!{_LETTER}|{_MARK})" if _has_border(last) else ""
    return rf"{before}(?i:{words}){after}" if rule.any_case else f"{before}{words}{after}"


def _may_be_joined(rule: PseudonymRule) -> bool:
    words = rule.name.split()
    return len(words) > 1 and len(letters_of(rule.name)) >= _JOINED and all(len(word) > 1 for word in words)


def _slug_gap(rule: PseudonymRule) -> str:
    return "[-_. ]*" if _may_be_joined(rule) else _SLUG_GAP


def _spelled(word: str) -> str:
    """A word in both ways in which Unicode writes letters with marks."""
    forms = dict.fromkeys(unicodedata.normalize(form, word) for form in ("NFC", "NFD"))
    return re.escape(word) if len(forms) == 1 else f"(?:{'|'.join(map(re.escape, forms))})"


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def letters_of(name: str) -> str:
    """A name without what joins its words.

    >>> letters_of("Jane_Doe"), letters_of("St. Mary's")
    ('JaneDoe', 'StMarys')
    """
    return re.sub(r"[\W_]+", "", _composed(name)) or _composed(name)


def _has_border(character: str) -> bool:
    """Whether words that begin or end with this character are set apart from others; Han and kana are not."""
    return character.isalnum() and character < "\u2e80"


def _words(name: str) -> list[str]:
    return re.split(r"[\W_]+", name.strip("!\"'()[]{}.,;:?")) if re.search(r"\w", name) else [name]
