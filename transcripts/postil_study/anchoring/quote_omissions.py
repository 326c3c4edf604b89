"""Finding a quote that leaves words out: ``We asked […] the price list`` spans what was left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postil_study.anchoring.quote_search import QuoteIndex, QuoteMatch
from postil_study.text.units import Span

OMITTING = "with an omission"
MAX_OMITTED = 2000  # characters between two pieces of one quote

_OMITTED = re.compile(r"\s*(?:\[\s*(?:\.{2,}|…)\s*\]|\(\s*(?:\.{2,}|…)\s*\)|\.{3,}|…)\s*")
_MARKS = "\"'“”„‟‘’‚‛«»‹›「」『』"


def find_quote(index: QuoteIndex, quote: str) -> QuoteMatch:
    """All places of a quote: as `QuoteIndex.find` has it, without the quotation marks around it, or piece by piece.

    >>> find_quote(QuoteIndex("We asked a colleague. Then we looked."), "“asked […] we looked”")
    QuoteMatch(places=((3, 36),), how='with an omission')
    """
    found = index.find(quote)
    if found.places:
        return found
    pieces = [piece for part in _OMITTED.split(quote) if _has_words(piece := part.strip().strip(_MARKS).strip())]
    if len(pieces) < 2:
        return index.find(pieces[0]) if pieces and pieces[0] != quote.strip() else found
    return QuoteMatch(_chained([index.find(piece).places for piece in pieces]), OMITTING)


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _chained(places: Sequence[tuple[Span, ...]]) -> tuple[Span, ...]:
    """From each place of the first piece to the nearest of the next; of several with one end the shortest."""
    by_end: dict[int, int] = {}
    for start, at in places[0]:
        end: int | None = at
        for piece in places[1:]:
            end = next((b for a, b in sorted(piece) if end is not None and end <= a <= end + MAX_OMITTED), None)
        if end is not None:
            by_end[end] = max(start, by_end.get(end, start))
    return tuple(sorted((start, end) for end, start in by_end.items()))
