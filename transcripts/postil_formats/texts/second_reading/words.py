"""Texts as sequences of words, and where two sequences differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from postil_base.late import LatePattern

# Letters and digits; scripts that leave no space between words count letter by letter.
_WORD = LatePattern(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f]|"
    r"(?:(?![\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f])[^\W_])+"
)
_PLAIN = re.compile(r"[^\W_]+")
_FIRST, _LARGEST = 1_024, 4_096  # words compared at a time
_BETWEEN = 12
_SURE = 8  # so many equal words in a row end a window


class Gap(NamedTuple):
    """A stretch of the first sequence that the second has otherwise, or not at all; ends are exclusive."""

    start: int
    end: int
    other_start: int
    other_end: int


def words_of(text: str) -> list[str]:
    """The words of a text, case and punctuation folded.

    >>> words_of("P07: Don't – 10:30, I_think. まず")
    ['p07', 'don', 't', '10', '30', 'i', 'think', 'ま', 'ず']
    """
    return (_PLAIN if text.isascii() or _is_western(text) else _WORD).findall(text.casefold())


def _is_western(text: str) -> bool:
    """Whether a text has the letters and quotation marks of Western Europe alone; asked in one call of the codec."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def gaps(one: Sequence[str], other: Sequence[str]) -> Iterator[Gap]:
    """Where two sequences differ, in order: what is equal between the gaps is a longest common part, window by window.

    Equal runs cost next to nothing; a window around a difference costs its length squared over the size of a machine
    word (bit-parallel Indel distance).
    """
    i = j = 0
    while True:
        while i < len(one) and j < len(other) and one[i] == other[j]:
            i, j = i + 1, j + 1
        if i >= len(one) and j >= len(other):
            return
        found, (i, j) = _window(one, other, i, j) or _far(one, other, i, j)
        yield from _slid_together(found, one)


_Found = tuple[list[Gap], tuple[int, int]]


def _window(one: Sequence[str], other: Sequence[str], i: int, j: int) -> _Found | None:
    """The differences from a place on, up to where the sequences run alike again, and that place; None if it is far."""
    from rapidfuzz.distance import Indel

    for size in (_FIRST, _LARGEST):
        steps = list(Indel.opcodes(one[i : i + size], other[j : j + size]))
        if i + size >= len(one) and j + size >= len(other):
            return _gaps(steps, i, j), (len(one), len(other))
        cuts = [n for n, step in enumerate(steps) if _runs_alike(step, size // 2)]
        if cuts:
            cut = steps[cuts[-1]]
            return _gaps(steps[: cuts[-1]], i, j), (i + cut.src_start, j + cut.dest_start)
    return None


def _far(one: Sequence[str], other: Sequence[str], i: int, j: int) -> _Found:
    """A difference too long for a window: all up to the next words in a row that both have."""
    places: dict[tuple[str, ...], int] = {}
    for place in range(len(other) - _SURE, j - 1, -1):
        places[tuple(other[place : place + _SURE])] = place
    best = (len(one), len(other))
    for place in range(i, len(one) - _SURE + 1):
        if place - i >= best[0] - i + best[1] - j:
            break
        there = places.get(tuple(one[place : place + _SURE]))
        if there is not None and place + there < sum(best):
            best = (place, there)
    return [Gap(i, best[0], j, best[1])], best


def _runs_alike(step: Any, limit: int) -> bool:
    """Whether the sequences are surely side by side again: a long equal run that begins well before the window ends."""
    long_enough = step.tag == "equal" and step.src_end - step.src_start >= _SURE
    begins = step.src_start + step.dest_start > 0 and max(step.src_start, step.dest_start) <= limit
    return bool(long_enough and begins)


def _gaps(steps: Sequence[Any], i: int, j: int) -> list[Gap]:
    """The steps that are no equal run; those that follow each other at once are one."""
    found: list[Gap] = []
    for step in steps:
        if step.tag == "equal":
            continue
        gap = Gap(i + step.src_start, i + step.src_end, j + step.dest_start, j + step.dest_end)
        if found and (found[-1].end, found[-1].other_end) == (gap.start, gap.other_start):
            gap = Gap(found[-1].start, gap.end, found[-1].other_start, gap.other_end)
            found.pop()
        found.append(gap)
    return found


def _slid_together(found: Sequence[Gap], one: Sequence[str]) -> list[Gap]:
    """Missing stretches that only a few words part, which stand as well before or behind both, are one stretch.

    Of several longest common parts one is as good as another; the one with the fewest stretches says what happened.
    """
    made: list[Gap] = []
    for gap in found:
        while made and (joined := _joined(made[-1], gap, one)) is not None:
            made.pop()
            gap = joined
        made.append(gap)
    return made


def _joined(first: Gap, second: Gap, one: Sequence[str]) -> Gap | None:
    """Two missing stretches as one, when the words between them can stand behind or before it."""
    size = second.start - first.end
    if first.other_start != first.other_end or second.other_start != second.other_end or size > _BETWEEN:
        return None
    between = one[first.end : second.start]
    if between == one[second.end - size : second.end]:
        return Gap(first.start, second.end - size, first.other_start, first.other_start)
    if between == one[first.start : first.start + size]:
        return Gap(first.start + size, second.end, second.other_start, second.other_start)
    return None
