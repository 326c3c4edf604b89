"""Talk as Japanese and Chinese print it: a name, and the words between corner brackets, ``田中「はい。」``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.shapes import LabelHit

_CLOSING = {"「": "」", "『": "』"}


def closing_brackets(lines: Sequence[SourceLine], hits: Sequence[LabelHit]) -> Mapping[int, int]:
    """Where the bracket closes that the label of a turn opened, by line; nothing when most turns go on behind it.

    ``田中「はい」と答えた。`` tells what somebody said and names no speaker.
    """
    starts = [hit.line for hit in hits]
    found: dict[int, int] = {}
    for hit, (start, end) in zip(hits, pairwise([*starts, len(lines)]), strict=True):
        last = next((n for n in range(end - 1, start - 1, -1) if lines[n].text.strip()), start)
        text = lines[last].text.rstrip()
        if text.endswith(_CLOSING[lines[hit.line].text[hit.text_start - 1]]):
            found[last] = len(text) - 1
    return found if len(found) >= 0.8 * len(hits) else {}
