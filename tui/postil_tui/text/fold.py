"""Prose folded into lines of a width."""

from __future__ import annotations

from postil_tui.text.wrap import wrap


def folded(text: str, width: int) -> list[str]:
    """The lines of a text at a width.

    >>> folded("one two three", 8)
    ['one two', 'three']
    """
    starts: list[int] = []
    wrap(text, 0, len(text), max(width, 2), starts, narrow=False)
    ends = [*starts[1:], len(text)]
    return [text[a:b].rstrip() for a, b in zip(starts, ends, strict=True)]
