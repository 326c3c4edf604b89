"""Finding words again that were changed: where in a text something most like a quote stands."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from functools import cached_property

from postil_study.text.units import Span, words

ENOUGH = 0.75  # below that two passages are not the same words
_CANDIDATES = 4
_GAP = 1_000  # characters that may have been put into the middle of a passage
_PART = 8  # characters that either part of a torn passage has at least
_SLACK = 3  # words by which the passage found may start or end elsewhere than expected


class WordIndex:
    """The words of a text, by spelling.

    >>> index = WordIndex("And then we looked for the newest modles there.")
    >>> span, score = index.nearest("we looked for the newest models")
    >>> index.text[span[0]:span[1]], score > 0.9
    ('we looked for the newest modles', True)
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def spans(self) -> list[Span]:
        """The words' spans."""
        return words(self.text)

    @cached_property
    def spellings(self) -> list[str]:
        """The words without the difference of capitals."""
        return [self.text[a:b].casefold() for a, b in self.spans]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, word in enumerate(self.spellings):
            found.setdefault(word, []).append(number)
        return found

    def nearest(self, quote: str, expected: int = 0, within: Span | None = None) -> tuple[Span, float] | None:
        """The passage most like ``quote`` and how like it is (0 to 1); of equally good ones the nearest."""
        low, high = self._numbers(within)
        wanted = [quote[a:b].casefold() for a, b in words(quote)]
        if not wanted or low >= high:
            return None
        best: tuple[float, int, Span] | None = None
        for first in self._candidates(wanted, expected, low, high):
            score, span = self._best_near(quote, first, len(wanted), low, high)
            rank = (round(score, 3), -abs(span[0] - expected), span)
            best = max(best, rank) if best else rank
        return (best[2], best[0]) if best and best[0] >= ENOUGH else None

    @cached_property
    def _starts(self) -> list[int]:
        return [span[0] for span in self.spans]

    def _numbers(self, within: Span | None) -> tuple[int, int]:
        if within is None:
            return 0, len(self.spans)
        return bisect_left(self._starts, within[0]), bisect_left(self._starts, within[1])

    def _candidates(self, wanted: list[str], expected: int, low: int, high: int) -> list[int]:
        """Word numbers at which the passage may start: each word of the quote votes, rare words weigh more."""
        votes: Counter[int] = Counter()
        for offset, word in enumerate(wanted):
            places = [n for n in self._places.get(word, ()) if low <= n < high]
            for number in places[:200]:
                votes[max(low, number - offset)] += 1_000 // len(places)
        near = [number for number in votes if abs(self.spans[number][0] - expected) < 2_000]
        best = sorted(votes, key=lambda n: (-votes[n], abs(self.spans[n][0] - expected)))[:_CANDIDATES]
        return list(dict.fromkeys([*best, *sorted(near, key=lambda n: -votes[n])[:2]]))

    def _best_near(self, quote: str, first: int, count: int, low: int, high: int) -> tuple[float, Span]:
        """The best start and end of a passage that starts near a word: start first, then end."""

        def like(start: int, stop: int) -> tuple[float, Span]:
            span = self._span(quote, start, stop, high)
            return likeness(quote, self.text[span[0] : span[1]]), span

        starts = sorted(range(max(low, first - _SLACK), min(high, first + _SLACK + 1)), key=lambda n: abs(n - first))
        start = max(starts, key=lambda n: like(n, first + count)[0])
        stops = range(max(start + 1, first + count - _SLACK), min(high, first + count + _SLACK) + 1)
        return max([like(first, first + count), *(like(start, stop) for stop in stops)])

    def _span(self, quote: str, first: int, stop: int, high: int) -> Span:
        """The span of some words, with the marks before and behind them that the quote has, too."""
        first = min(first, high - 1)
        start, end = self.spans[first][0], self.spans[max(first, min(stop, high) - 1)][1]
        in_quote = words(quote)
        before, behind = quote[: in_quote[0][0]], quote[in_quote[-1][1] :]
        start -= len(before) if self.text.endswith(before, 0, start) else 0
        return start, end + (len(behind) if self.text.startswith(behind, end) else 0)


def likeness(one: str, other: str) -> float:
    """How like two passages are, 0 to 1: by characters, long ones by words.

    >>> likeness("the model", "the modle") > 0.8, likeness("", "a")
    (True, 0.0)
    """
    one, other = one.casefold(), other.casefold()
    if one == other:
        return 1.0
    if len(one) * len(other) > 60_000:
        return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ENOUGH / 2 else 0.0


def torn(text: str, quote: str, expected: int = 0, gap: int = _GAP) -> tuple[Span, float] | None:
    """Where a quote stands in two parts with something between them, and how much of it they are.

    >>> span, score = torn("So we took it, let me think, from the registry.", "we took it from the registry.")
    >>> span, score > 0.9
    ((3, 47), True)
    """
    ends = [end for _, end in words(quote)]
    starts = [start for start, _ in words(quote)]
    first = _longest(lambda n: quote[: ends[n - 1]] in text, len(ends))
    last = _longest(lambda n: quote[starts[-n] :] in text, len(starts))
    if not first or not last or first == len(ends):
        return None
    head, tail = quote[: ends[first - 1]], quote[starts[-min(last, len(starts) - first)] :]
    share = min(1.0, (len(head) + len(tail) + 1) / len(quote))
    if min(len(head), len(tail)) < _PART or share < ENOUGH:
        return None
    pairs = [
        (start, after + len(tail))
        for start in occurrences(text, head)
        if (after := text.find(tail, start + len(head), start + len(head) + gap + len(tail))) >= 0
    ]
    start, end = min(pairs, key=lambda pair: (pair[1] - pair[0], abs(pair[0] - expected)), default=(0, 0))
    return ((start, end), share * (1 - (end - start) / (10 * gap))) if pairs else None


def _longest(holds: Callable[[int], bool], most: int) -> int:
    """The largest number for which something holds that holds for all smaller ones."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def occurrences(text: str, quote: str, limit: int = 200) -> list[int]:
    """Where a quote stands word for word; more than ``limit`` places say no more than that it is everywhere.

    >>> occurrences("so so so", "so")
    [0, 3, 6]
    """
    return list(_occurrences(text, quote, limit)) if quote else []


def _occurrences(text: str, quote: str, limit: int) -> Iterator[int]:
    at = text.find(quote)
    while at >= 0 and limit > 0:
        yield at
        limit -= 1
        at = text.find(quote, at + 1)
