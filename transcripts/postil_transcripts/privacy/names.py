"""Names and what stands for them: found as whole words, the longest first, whatever white space is between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from postil_base.problem import PostilError
from postil_transcripts.manifest import suggest_transcript_id
from postil_transcripts.privacy.edits import Edit, Edits
from postil_transcripts.types import Turn

_GAP = r"(?:[^\S\n]+|[^\S\n]*\n(?!\n)[^\S\n]*)"  # no name goes over a blank line
_SLUG_GAP = r"[-_. ]+"


@dataclass(frozen=True, slots=True)
class Rule:
    """A name and its pseudonym."""

    name: str
    pseudonym: str
    kind: str = ""
    any_case: bool = False


class Names:
    """All rules of a mapping, ready to be used on texts.

    >>> names = Names([Rule("Jane Doe", "E01"), Rule("Jane", "E01"), Rule("Rome", "[place 1]")])
    >>> names.text("Jane\\nDoe, or Jane's friend in Rome. Romeo!")
    "E01, or E01's friend in [place 1]. Romeo!"
    >>> names.slug("Interview_jane-doe (1)"), names.text("jane")
    ('Interview_E01 (1)', 'jane')
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: (-len(rule.name), rule.name)))
        self._exact = {rule.name: rule for rule in self.rules}
        self._folded = {rule.name.casefold(): rule for rule in reversed(self.rules)}
        _check(self.rules)

    def __bool__(self) -> bool:
        return bool(self.rules)

    def find(self, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[re.Match[str], Rule]]:
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
        choices = (f"({_SLUG_GAP.join(map(re.escape, _words(rule.name)))})" for rule in self.rules)
        return re.compile(rf"(?<![^\W_])(?:{'|'.join(choices)})(?![^\W_])", re.IGNORECASE)

    def _slug_rule(self, match: re.Match[str]) -> Rule:
        assert match.lastindex is not None
        return self.rules[match.lastindex - 1]

    def _rule(self, found: str) -> Rule:
        key = " ".join(found.split())
        return self._exact.get(key) or self._folded[key.casefold()]


def _check(rules: Iterable[Rule]) -> None:
    for rule in rules:
        if not rule.name.strip() or rule.name != " ".join(rule.name.split()):
            raise PostilError(f"{rule.name!r} is no name; write it on one line with single spaces.")
        if not rule.pseudonym.strip() or "\n" in rule.pseudonym:
            raise PostilError(f"{rule.name!r} has no pseudonym on one line; write what shall stand for it.")


def _pattern_of(rule: Rule) -> str:
    words = _GAP.join(map(re.escape, rule.name.split()))
    first, last = rule.name[0], rule.name[-1]
    before = r"(?<!\w)" if _has_border(first) else ""
    after = r"(?!\w)" if _has_border(last) else ""
    return rf"{before}(?i:{words}){after}" if rule.any_case else f"{before}{words}{after}"


def _has_border(character: str) -> bool:
    """Whether words that begin or end with this character are set apart from others; Han and kana are not."""
    return character.isalnum() and character < "\u2e80"


def _words(name: str) -> list[str]:
    return re.split(r"[\W_]+", name.strip("!\"'()[]{}.,;:?")) if re.search(r"\w", name) else [name]
