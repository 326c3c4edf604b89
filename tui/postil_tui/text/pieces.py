"""Words with roles ("quiet", "cue" …) folded into lines of a width; a screen turns roles into styles."""

from __future__ import annotations

from collections.abc import Sequence

from postil_tui.text.cells import shown
from postil_tui.text.wrap import wrap

Piece = tuple[str, str]  # text, role


def fold_pieces(pieces: Sequence[Piece], width: int) -> list[list[Piece]]:
    """Lines of a width, each a list of pieces.

    >>> fold_pieces([("one two ", ""), ("three", "cue")], 9)
    [[('one two', '')], [('three', 'cue')]]
    """
    text = shown("".join(part for part, _ in pieces).replace("\n", " "))
    starts: list[int] = []
    wrap(text, 0, len(text), max(width, 2), starts, narrow=False)
    ends = [*starts[1:], len(text)]
    return [
        _cut(pieces, start, start + len(text[start:end].rstrip()), text)
        for start, end in zip(starts, ends, strict=True)
    ]


def _cut(pieces: Sequence[Piece], start: int, end: int, text: str) -> list[Piece]:
    found: list[Piece] = []
    at = 0
    for part, role in pieces:
        low, high = max(at, start), min(at + len(part), end)
        if low < high:
            found.append((text[low:high], role))
        at += len(part)
    return found
