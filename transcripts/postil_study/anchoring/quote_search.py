"""Finding the words of a quote in a transcript, although white space, quotation marks, dashes or capitals differ.

Positions found are always those of the stored text. The ways are tried from strict to lax, and the first that finds
anything decides: the very words; words with case, accents, quotes, dashes and space folded; the same without the
annotation numbers that Word glues to words; at last the letters alone.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from postil_study.text.units import Span

EXACT, FOLDED, WITHOUT_NUMBERS, LETTERS = "exact", "folded", "without annotation numbers", "letters only"
MIN_LETTERS = 12  # fewer letters than that stand anywhere by chance

_NUMBERS = re.compile(r"(?<=[^\s\d])\d{1,3}(?:,\s?\d{1,3})*(?=[\s.,;:!?)\]”\"']|$)")
_SAME = str.maketrans(dict.fromkeys("‘’‚‛′`´ʼ", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-"))


@dataclass(frozen=True, slots=True)
class QuoteMatch:
    """Where a quote stands, all places in order, and how laxly it had to be looked for."""

    places: tuple[Span, ...] = ()
    how: str = EXACT


class QuoteIndex:
    """One text, prepared for many quotes.

    >>> index = QuoteIndex("Ana:\\nWe “took” it.\\nAll of it.\\n")
    >>> index.find('we "took" it. 12 All'), index.find("it.7 all OF")
    (QuoteMatch(places=(), how='letters only'), QuoteMatch(places=((15, 25),), how='without annotation numbers'))
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def find(self, quote: str, within: Span | None = None) -> QuoteMatch:
        """All places of a quote, by the strictest way that finds any."""
        wanted = quote.strip()
        low, high = within or (0, len(self.text))
        for how, places in self._ways(wanted):
            inside = tuple(span for span in places if low <= span[0] and span[1] <= high)
            if inside:
                return QuoteMatch(inside, how)
        return QuoteMatch((), LETTERS)

    def _ways(self, wanted: str) -> Iterator[tuple[str, list[Span]]]:
        if not wanted:
            return
        yield EXACT, [(at, at + len(wanted)) for at in _all(self.text, wanted)]
        yield FOLDED, self._folded.find(wanted)
        fewer = _NUMBERS.sub("", wanted)
        if fewer != wanted:
            yield WITHOUT_NUMBERS, self._folded.find(fewer)
        yield LETTERS, self._by_letters(wanted)

    @cached_property
    def _folded(self) -> _Folded:
        return _Folded(self.text)

    def _by_letters(self, wanted: str) -> list[Span]:
        """The same letters in the same order; digits may be missing in the text, but none may be new in it."""
        letters = _letters(wanted)
        if len(letters) < MIN_LETTERS:
            return []
        spans = []
        for at in _all(self._skeleton[0], letters):
            start = self._skeleton[1][at]
            end = self._skeleton[1][at + len(letters) - 1] + 1
            if _is_part(_digits(self.text[start:end]), _digits(wanted)):
                spans.append(self._with_ends(start, end, wanted))
        return spans

    @cached_property
    def _skeleton(self) -> tuple[str, list[int]]:
        pieces = [(letter, place) for place, c in enumerate(self.text) for letter in _fold(c) if letter.isalpha()]
        return "".join(letter for letter, _ in pieces), [place for _, place in pieces]

    def _with_ends(self, start: int, end: int, wanted: str) -> Span:
        """Add the punctuation with which the quote opens and closes, where the text has it, too."""
        opening = re.match(r"[^\w\s]*", wanted)
        closing = re.search(r"[^\w\s]*$", _NUMBERS.sub("", wanted))
        for mark in reversed(opening[0] if opening else ""):
            start -= start > 0 and _fold(self.text[start - 1]) == _fold(mark)
        for mark in closing[0] if closing else "":
            end += end < len(self.text) and _fold(self.text[end]) == _fold(mark)
        return start, end


class _Folded:
    """A text with its differences of form taken away, and where each character came from."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded, self.places = _folded(text)

    def find(self, wanted: str) -> list[Span]:
        needle = _folded(wanted)[0].strip()
        spans = []
        for at in _all(self.folded, needle) if needle else ():
            start, last = self.places[at], self.places[at + len(needle) - 1]
            if at and self.places[at - 1] == start:
                continue  # inside a ligature
            spans.append((start, self._end(last)))
        return spans

    def _end(self, last: int) -> int:
        """Behind the last character and the combining marks that belong to it."""
        end = last + 1
        while end < len(self.text) and unicodedata.combining(self.text[end]):
            end += 1
        return end


def _folded(text: str) -> tuple[str, list[int]]:
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for folded in _fold(character):
            if folded == " " and characters and characters[-1] == " ":
                continue
            characters.append(folded)
            places.append(place)
    return "".join(characters), places


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    """A character without case, accent and form; invisible ones vanish, every white space is a space."""
    if character.isspace():
        return " "
    plain = unicodedata.normalize("NFKD", character.translate(_SAME)).casefold().translate(_SAME)
    return "".join(c for c in plain if not unicodedata.combining(c) and unicodedata.category(c) not in ("Cf", "Cc"))


def _letters(text: str) -> str:
    return "".join(letter for c in text for letter in _fold(c) if letter.isalpha())


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _is_part(few: str, many: str) -> bool:
    """Whether ``few`` is left when characters are struck from ``many``."""
    left = iter(many)
    return all(character in left for character in few)


def _all(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def resolved_by_order(places: list[tuple[Span, ...]]) -> list[Span | None]:
    """One place for each quote of a list in the order of the text; None where the order does not tell.

    Quotes with one place are firm, as long as they are in order; between two firm neighbours a quote with several
    places stands at the only one that fits.

    >>> resolved_by_order([((5, 9),), ((1, 3), (12, 14)), ((20, 25),)])
    [(5, 9), (12, 14), (20, 25)]
    """
    chosen: list[Span | None] = [spans[0] if len(spans) == 1 else None for spans in places]
    firm = [(index, span[0]) for index, span in enumerate(chosen) if span is not None]
    starts = [start for _, start in firm]
    if starts != sorted(starts):
        return chosen
    for index, spans in enumerate(places):
        if len(spans) > 1:
            after = bisect_left(firm, (index, 0))
            low = firm[after - 1][1] if after else -1
            high = firm[after][1] if after < len(firm) else max(span[0] for span in spans) + 1
            fitting = [span for span in spans if low <= span[0] <= high]
            chosen[index] = fitting[0] if len(fitting) == 1 else None
    return chosen
