"""Where the words of a bullet stand: folded texts whose every character knows where it came from.

Case, accents, punctuation and white space do not count; apostrophes vanish, so that ``don't`` stays one word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from postil_study.text.units import Span
from postil_study.text.values import Transcript, Turn

_APOSTROPHES = frozenset("'‘’‚‛′`´ʼ")
TELLING, STEM = 3, 7  # letters


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    if character in _APOSTROPHES:
        return ""
    plain = unicodedata.normalize("NFKD", character).casefold()
    kept = "".join(c for c in plain if c.isalnum())
    return kept if kept or unicodedata.combining(character) else " "


class Folded:
    """A text folded.

    >>> folded = Folded("We don’t  know!")
    >>> folded.text, folded.words, folded.span(3, 7)
    ('we dont know ', ('we', 'dont', 'know'), (3, 8))
    """

    def __init__(self, text: str) -> None:
        characters: list[str] = []
        self.places: list[int] = []
        for place, character in enumerate(text):
            for folded in _fold(character):
                if folded != " " or (characters and characters[-1] != " "):
                    characters.append(folded)
                    self.places.append(place)
        self.text = "".join(characters)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words; scripts without blanks have long ones."""
        return tuple(self.text.split())

    @property
    def size(self) -> int:
        """How many words; a character of a script without blanks counts as one."""
        return sum(max(1, sum(c >= "\u2e80" for c in word)) for word in self.words)

    def span(self, start: int, end: int) -> Span:
        """Where a passage of the folded text stands in the text."""
        return self.places[start], self.places[end - 1] + 1

    def find(self, needle: str) -> Iterator[tuple[int, int]]:
        """Places of some words, not cutting any word in two."""
        at = self.text.find(needle)
        while needle and at >= 0:
            end = at + len(needle)
            if not self._cuts(at) and not self._cuts(end):
                yield at, end
            at = self.text.find(needle, at + 1)

    def _cuts(self, at: int) -> bool:
        inside = 0 < at < len(self.text) and " " not in self.text[at - 1 : at + 1]
        return inside and self.text[at] < "\u2e80"

    def widened(self, start: int, end: int) -> tuple[int, int]:
        """The passage without blanks at its ends, its first and last word whole."""
        passage = self.text[start:end]
        start, end = start + len(passage) - len(passage.lstrip()), end - len(passage) + len(passage.rstrip())
        while self._cuts(start):
            start -= 1
        while self._cuts(end):
            end += 1
        return start, end


@dataclass(frozen=True, slots=True)
class Window:
    """A passage of one turn, and how like the bullet it is (0 to 100)."""

    span: Span
    score: float
    cover: float  # share of the bullet's words that stand in the passage
    turn_cover: float  # … and in the turn


class TurnTexts:
    """What one participant says in a transcript, turn by turn."""

    def __init__(self, transcript: Transcript, participant: str) -> None:
        self.transcript = transcript
        self.turns: Sequence[tuple[Turn, Folded]] = [
            (turn, Folded(transcript.text[turn.start : turn.end]))
            for turn in transcript.turns
            if transcript.speaker(turn).participant == participant
        ]

    def exact(self, bullet: Folded) -> list[Span]:
        """All places of the very words."""
        needle = bullet.text.strip()
        return [_shifted(folded.span(*at), turn) for turn, folded in self.turns for at in folded.find(needle)]

    def windows(self, bullet: Folded, least: float) -> list[Window]:
        """The best passage of each turn that is at least so like the bullet, the best first."""
        from rapidfuzz import fuzz

        needle = bullet.text.strip()
        found = []
        for turn, folded in self.turns:
            made = fuzz.partial_ratio_alignment(needle, folded.text, score_cutoff=least) if folded.words else None
            if made is not None and made.dest_start < made.dest_end:
                start, end = folded.widened(made.dest_start, made.dest_end)
                if start < end:
                    here, around = (cover(bullet.words, text.split()) for text in (folded.text[start:end], folded.text))
                    found.append(Window(_shifted(folded.span(start, end), turn), made.score, here, around))
        return sorted(found, key=lambda window: (-window.score, window.span))


def cover(wanted: Sequence[str], found: Sequence[str]) -> float:
    """Which share of some words is found among others; words of one or two letters say nothing.

    A word may be written in two pieces, or go on (``support``, ``supported``).

    >>> cover(["datasets", "of", "usutally", "known"], ["data", "sets", "usually", "known"])
    0.6666666666666666
    """
    told = [word for word in wanted if len(word) >= TELLING] or wanted
    known = {*found, *("".join(pair) for pair in pairwise(found))}
    return sum(_is_among(word, known) for word in told) / len(told) if told else 0.0


def _is_among(word: str, known: Collection[str]) -> bool:
    return word in known or (len(word) >= STEM and any(other.startswith(word) for other in known))


def _shifted(span: Span, turn: Turn) -> Span:
    return span[0] + turn.start, span[1] + turn.start
