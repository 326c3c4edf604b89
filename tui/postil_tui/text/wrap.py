"""Breaking text into rows: by counting where every character is one cell wide, by graphemes where not."""

from __future__ import annotations

from postil_tui.text.cells import ONE_CELL, graphemes

# No row starts with these (closing marks of Chinese and Japanese).
_NOT_FIRST = frozenset("、。，．！？；：）」』】》〉・ー々…")


def wrap(text: str, start: int, end: int, width: int, starts: list[int], narrow: bool) -> None:
    """Append to ``starts`` where each row of ``text[start:end]`` begins; at least one row for every paragraph.

    The space or line feed at which a row is broken belongs to the row before it, so rows cover the text without gaps.

    >>> rows: list[int] = []
    >>> wrap("one two three\\nfour", 0, 18, 7, rows, narrow=True)
    >>> rows
    [0, 8, 14]
    """
    position = start
    while True:
        stop = text.find("\n", position, end)
        stop = end if stop < 0 else stop
        if narrow or ONE_CELL.issuperset(text[position:stop]):
            _wrap_narrow(text, position, stop, width, starts)
        else:
            _wrap_wide(text[position:stop], position, width, starts)
        if stop >= end:
            return
        position = stop + 1


def _wrap_narrow(text: str, start: int, end: int, width: int, starts: list[int]) -> None:
    add = starts.append
    find = text.rfind
    add(start)
    while end - start > width:
        space = find(" ", start, start + width + 1)
        start = space + 1 if space > start else start + width
        if start >= end:  # only the space at the break was left over
            return
        add(start)


def _wrap_wide(paragraph: str, shift: int, width: int, starts: list[int]) -> None:
    starts.append(shift)
    row = used = 0
    candidate = -1  # where the row may be broken, and the cells used up to there
    used_at_candidate = 0
    wide_before = False
    for start, end, size in graphemes(paragraph):
        mark = paragraph[start]
        if (size == 2 or wide_before) and mark not in _NOT_FIRST and start > row:
            candidate, used_at_candidate = start, used
        if used + size > width and mark != " ":
            if candidate <= row:
                candidate, used_at_candidate = start, used
            row = candidate
            used -= used_at_candidate
            starts.append(shift + row)
            candidate, used_at_candidate = -1, 0
        used += size
        wide_before = size == 2
        if mark == " ":
            candidate, used_at_candidate = end, used
