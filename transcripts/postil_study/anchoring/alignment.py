"""Which passages of an old text stand where in a new one: equal blocks, in the order of both texts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

_PIECES = (
    re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*\n*|\n+"),
    re.compile(r"[^\n]*\n|[^\n]+"),
    re.compile(r"\w+|\s+|[^\w\s]"),
)
_FIRM = 30  # characters
_SPECIFIC = 20  # characters: what is as long as that is seldom said again by chance
_FAR = 500  # characters that are looked at beside a gap
_MAX_WORK = 200_000  # comparisons of one step; what is more different than that counts as changed
_MAX_DEPTH = 40
_LONGEST_WORD = 40


class EqualBlock(NamedTuple):
    """A passage that stands in both texts."""

    old: int
    new: int
    size: int


class Alignment:
    """Equal blocks of two texts.

    >>> alignment = Alignment("We took the model.", "So we took a model.")
    >>> alignment.exact(3, 7), alignment.exact(3, 11), alignment.around(8, 11)
    ((6, 10), None, (11, 12))
    """

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self.blocks = _joined(_blocks(old, new, 0, 0, 0))
        self._starts = [block.old for block in self.blocks]
        self._new_starts = [block.new for block in self.blocks]

    def exact(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a passage of the old text stands unchanged; None if any of it was touched."""
        block = self._block_at(start)
        if block is None or end > block.old + block.size:
            return None
        shift = block.new - block.old
        return start + shift, end + shift

    def is_firm(self, start: int, end: int) -> bool:
        """Whether it is certain that an unchanged passage stands where its block is.

        The block must be too long to be equal by chance, or a line that stands once in either text; the same words must
        not have been put in a second time, and the block's border must not be one that could as well lie elsewhere.
        """
        block = self._block_at(start)
        if block is None or end > block.old + block.size:
            return False
        long_enough = block.size >= _FIRM or self._is_single_line(block, start, end)
        doubtful = self._is_at_edge(block, start, end) or self._is_doubled(block, start, end)
        return long_enough and not doubtful and not self._can_slide(start, end)

    def _is_at_edge(self, block: EqualBlock, start: int, end: int) -> bool:
        """Whether a short passage has no words between itself and the changes: then it may have come with them."""
        if end - start >= _SPECIFIC:
            return False
        block_end = block.old + block.size
        before, behind = self.old[block.old : start], self.old[end:block_end]
        return not ((_has_words(before) or block.old == 0) and (_has_words(behind) or block_end == len(self.old)))

    def _is_single_line(self, block: EqualBlock, start: int, end: int) -> bool:
        low = self.old.rfind("\n", 0, start) + 1
        high = self.old.find("\n", end) + 1 or len(self.old)
        inside = block.old <= low and high <= block.old + block.size
        return inside and self.old.count(self.old[low:high]) == 1 == self.new.count(self.old[low:high])

    def _is_doubled(self, block: EqualBlock, start: int, end: int) -> bool:
        """Whether the passage (if short, with what is around it), or its start or end, stands oftener than before."""
        needed = max(0, _SPECIFIC - (end - start))
        before = min(start - block.old, needed // 2)
        behind = min(block.old + block.size - end, needed - before)
        before = min(start - block.old, needed - behind)
        passage = self.old[start - before : end + behind]
        half = max(len(passage) // 2, _SPECIFIC)
        parts = {passage, passage[:half], passage[-half:], passage[:_SPECIFIC], passage[-_SPECIFIC:]}
        return any(self.new.count(part) > self.old.count(part) for part in parts)

    def _can_slide(self, start: int, end: int) -> bool:
        """Whether words of the passage lie where the border of their block could as well be elsewhere."""
        index = max(0, bisect_right(self._slides, (start, start)) - 1)
        while index < len(self._slides) and self._slides[index][0] < end:
            low, high = max(start, self._slides[index][0]), min(end, self._slides[index][1])
            if _has_words(self.old[low:high]):
                return True
            index += 1
        return False

    @cached_property
    def _slides(self) -> list[tuple[int, int]]:
        """Passages at borders of blocks that what was put in or taken out beside them repeats, by position."""
        found = []
        for one, other in pairwise([EqualBlock(0, 0, 0), *self.blocks, EqualBlock(len(self.old), len(self.new), 0)]):
            before, behind = self._repeated(one.old + one.size, other.old, one.new + one.size, other.new)
            found.append((max(one.old, one.old + one.size - before), one.old + one.size))
            found.append((other.old, min(other.old + other.size, other.old + behind)))
        return sorted(found)

    def _repeated(self, old: int, old_end: int, new: int, new_end: int) -> tuple[int, int]:
        """How many letters before and behind a gap stand at the gap's other end, too, in the old or the new text."""
        gaps = [(text, a, b) for text, a, b in ((self.old, old, old_end), (self.new, new, new_end)) if a < b]
        before = (_common(text[max(0, a - _FAR) : a][::-1], text[max(0, b - _FAR) : b][::-1]) for text, a, b in gaps)
        behind = (_common(text[a : a + _FAR], text[b : b + _FAR]) for text, a, b in gaps)
        return max(before, default=0), max(behind, default=0)

    def around(self, start: int, end: int) -> tuple[int, int]:
        """The passage of the new text that took the place of one of the old text; empty if it was taken out."""
        first, last = self._block_at(start), self._block_at(end - 1)
        new_start = start - first.old + first.new if first else self._end_before(start)
        new_end = end - last.old + last.new if last else self._start_after(end)
        return new_start, max(new_start, new_end)

    def kept(self, start: int, end: int) -> list[EqualBlock]:
        """What of a passage of the old text stands in the new one."""
        index = max(0, bisect_right(self._starts, start) - 1)
        found = []
        while index < len(self.blocks) and self.blocks[index].old < end:
            block = self.blocks[index]
            low, high = max(start, block.old), min(end, block.old + block.size)
            if low < high:
                found.append(EqualBlock(low, low - block.old + block.new, high - low))
            index += 1
        return found

    def is_new(self, start: int, end: int) -> bool:
        """Whether a passage of the new text was not there before (or stood in another order)."""
        index = bisect_right(self._new_starts, start) - 1
        block = self.blocks[index] if index >= 0 else EqualBlock(0, 0, 0)
        return end > block.new + block.size

    def likeliest(self, start: int, end: int, places: Sequence[int]) -> int:
        """Of several places in the new text with the same words, the one in the surroundings of the old one."""
        behind, before = self.old[end : end + _FIRM], self.old[max(0, start - _FIRM) : start][::-1]
        size = end - start

        def alike(place: int) -> int:
            here_before = self.new[max(0, place - _FIRM) : place][::-1]
            return _common(behind, self.new[place + size : place + size + _FIRM]) + _common(before, here_before)

        return max(places, key=lambda place: (alike(place), -place))

    def is_mostly_new(self, start: int, end: int) -> bool:
        """Whether less than half of a passage of the new text was there before, in the same order."""
        low = max(0, bisect_right(self._new_starts, start) - 1)
        high = bisect_left(self._new_starts, end)
        there = sum(max(0, min(end, b.new + b.size) - max(start, b.new)) for b in self.blocks[low:high])
        return 2 * there < end - start

    def _block_at(self, position: int) -> EqualBlock | None:
        index = bisect_right(self._starts, position) - 1
        if index < 0:
            return None
        block = self.blocks[index]
        return block if position < block.old + block.size else None

    def _end_before(self, position: int) -> int:
        index = bisect_right(self._starts, position) - 1
        return self.blocks[index].new + self.blocks[index].size if index >= 0 else 0

    def _start_after(self, position: int) -> int:
        index = bisect_right(self._starts, position - 1)
        return self.blocks[index].new if index < len(self.blocks) else len(self.new)


def _blocks(old: str, new: str, old_at: int, new_at: int, level: int, depth: int = 0) -> Iterator[EqualBlock]:
    """Equal blocks of two passages: equal ends first, then what is between, by pieces of ever smaller size."""
    head = _whole_words(old, new, _common(old, new))
    if head:
        yield EqualBlock(old_at, new_at, head)
    rest_old, rest_new = old[head:], new[head:]
    tail = _whole_words(rest_old[::-1], rest_new[::-1], _common(rest_old[::-1], rest_new[::-1]))
    inner_old, inner_new = rest_old[: len(rest_old) - tail], rest_new[: len(rest_new) - tail]
    if inner_old and inner_new:
        yield from _inner(inner_old, inner_new, old_at + head, new_at + head, level, depth)
    if tail:
        yield EqualBlock(old_at + len(old) - tail, new_at + len(new) - tail, tail)


def _inner(old: str, new: str, old_at: int, new_at: int, level: int, depth: int) -> Iterator[EqualBlock]:
    """Blocks around pieces that stand once in either passage (patience diff); without any, by smaller pieces."""
    olds, news = _PIECES[level].findall(old), _PIECES[level].findall(new)
    old_starts, new_starts = _starts(olds), _starts(news)
    pairs = _unique_pairs(olds, news) if depth < _MAX_DEPTH else []
    if not pairs:
        if level + 1 < len(_PIECES):
            yield from _blocks(old, new, old_at, new_at, level + 1, depth)
        else:
            yield from _similar(olds, news, [old_at + n for n in old_starts], [new_at + n for n in new_starts])
        return
    last_old = last_new = 0
    for i, j in [*pairs, (len(olds), len(news))]:
        a, b = old_starts[i], new_starts[j]
        yield from _blocks(old[last_old:a], new[last_new:b], old_at + last_old, new_at + last_new, level, depth + 1)
        last_old, last_new = (old_starts[i + 1], new_starts[j + 1]) if i < len(olds) else (a, b)
        if last_old > a:
            yield EqualBlock(old_at + a, new_at + b, last_old - a)


def _unique_pairs(olds: Sequence[str], news: Sequence[str]) -> list[tuple[int, int]]:
    """Numbers of pieces that stand once in either list, the most of them that are in the same order."""
    places = {piece: j for j, piece in enumerate(news)}
    in_old, in_new = Counter(olds), Counter(news)
    once = [(i, places[piece]) for i, piece in enumerate(olds) if in_old[piece] == 1 == in_new[piece]]
    return longest_rising(once)


def _similar(
    olds: Sequence[str], news: Sequence[str], old_starts: list[int], new_starts: list[int]
) -> Iterator[EqualBlock]:
    """What difflib finds equal, unless pieces repeat so often that it would take long."""
    counts = Counter(news)
    if sum(counts[piece] for piece in olds) > _MAX_WORK:
        return
    for match in SequenceMatcher(None, olds, news, autojunk=False).get_matching_blocks():
        if match.size:
            size = old_starts[match.a + match.size] - old_starts[match.a]
            yield EqualBlock(old_starts[match.a], new_starts[match.b], size)


def longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, sorted by their first numbers, whose second numbers never fall (patience sorting).

    >>> longest_rising([(1, 5), (2, 9), (3, 6), (4, 7)])
    [(1, 5), (3, 6), (4, 7)]
    """
    tails: list[tuple[int, int]] = []  # the last value of the best run of each length, and its index
    before: list[int] = []
    for index, (_, value) in enumerate(pairs):
        at = bisect_left(tails, (value + 1, -1))
        before.append(tails[at - 1][1] if at else -1)
        tails[at : at + 1] = [(value, index)]
    found: list[tuple[int, int]] = []
    index = tails[-1][1] if tails else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _has_words(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _starts(pieces: Sequence[str]) -> list[int]:
    return [0, *accumulate(map(len, pieces))]


def _common(one: str, other: str) -> int:
    """Length of the common start, by halving: comparing slices is what Python does fast."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _whole_words(one: str, other: str, size: int) -> int:
    """``size`` without a word at its end that goes on in either text; scripts without blanks have long "words"."""
    if not size or not (_goes_on(one, size) or _goes_on(other, size)):
        return size
    start = size
    while start and one[start - 1].isalnum():
        start -= 1
        if size - start > _LONGEST_WORD:
            return size
    return start


def _goes_on(text: str, at: int) -> bool:
    return at < len(text) and text[at].isalnum()


def _joined(blocks: Iterator[EqualBlock]) -> list[EqualBlock]:
    found: list[EqualBlock] = []
    for block in blocks:
        last = found[-1] if found else None
        if last and (last.old + last.size, last.new + last.size) == (block.old, block.new):
            found[-1] = EqualBlock(last.old, last.new, last.size + block.size)
        else:
            found.append(block)
    return found
