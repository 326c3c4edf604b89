"""How the columns of the code screen divide a width: text first, the margin in what is left."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

MIN_WIDTH, MIN_HEIGHT = 60, 16
MEASURE = 88  # longer lines are hard to read


class TextGeometry(msgspec.Struct, frozen=True):
    """Columns, left to right: padding, edge, turn number, speaker, text, lanes, label, position."""

    width: int
    pad: int
    number: int
    speaker: int
    text: int
    lanes: int
    label: int

    @property
    def text_at(self) -> int:
        """The column where the words begin."""
        return self.pad + 1 + self.number + self.speaker + 1

    @property
    def lanes_at(self) -> int:
        """The column where the lanes begin (one cell behind the widest row)."""
        return self.text_at + self.text + 2

    @property
    def label_at(self) -> int:
        """The column where the labels begin."""
        return self.lanes_at + self.lanes + (2 if self.label else 0)


def geometry(width: int, longest_label: int, turns: int) -> TextGeometry:
    """The columns for a width in cells.

    >>> geometry(80, 11, 20).label, geometry(120, 11, 20).text, geometry(160, 11, 20).text
    (0, 75, 88)
    """
    if width < 100:
        speaker, number, lanes, label = min(longest_label, 3), 0, 3, 0
    else:
        number = max(len(str(turns)), 2) + 1
        speaker = min(longest_label, 11 if width < 140 else 14)
        lanes, label = (4, 20) if width < 140 else (6, 30)
    fixed = 1 + number + speaker + 1 + 2 + lanes + (2 if label else 0) + label + 1
    text = max(min(MEASURE, width - fixed), 10)
    pad = max(width - fixed - text, 0) // 2 if width >= 140 else 0
    return TextGeometry(width, pad, number, speaker, text, lanes, label)


def short_labels(labels: Iterable[str], size: int = 3) -> dict[str, str]:
    """Labels cut for a narrow screen, still told apart: where their beginnings are alike, their ends count.

    >>> short_labels(["Interviewer", "Speaker 1", "Speaker 2"])
    {'Interviewer': 'Int', 'Speaker 1': 'Sp1', 'Speaker 2': 'Sp2'}
    """
    known = list(labels)
    starts = [label[:size] for label in known]
    return {
        label: start if starts.count(start) == 1 or len(label) <= size else label[: size - 1] + label[-1]
        for label, start in zip(known, starts, strict=True)
    }
