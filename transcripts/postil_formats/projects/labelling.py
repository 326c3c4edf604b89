"""Speaker labels in the text of another program, put where Postil wants them without moving a position.

Own label lines (``Interviewer:`` alone, with times or without) stay as they are. Labels in front of the words
(``P21: Well …``) get their line by turning the one space after them into a line feed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from postil_formats.texts.labels.finding import LabelHit, find_labels
from postil_formats.texts.labels.lines import SourceLine
from postil_study.text.turns import clean_label, is_label, label_lines

_MOST = 0.8  # of the labels must be such that a line feed can follow them
_LONGEST = 60
_SPACES = ("", " ", "\t", "\u00a0")


def labelled(text: str, known: Collection[str] = ()) -> tuple[str, list[str]] | None:
    r"""The text with every label on a line of its own, as long as it was, and the labels; None when it has none.

    >>> labelled("P21: Well.\nI: Why?\nP21: So.\nI: Ah.")
    ('P21:\nWell.\nI:\nWhy?\nP21:\nSo.\nI:\nAh.', ['P21', 'I'])
    """
    own = _own_lines(text, known)
    if own:
        return text, own
    changed = _inline(text)
    if changed is None:
        return None
    labels = [hit.label for hit in find_labels([SourceLine(line) for line in changed.split("\n")]).hits]
    return changed, list(dict.fromkeys(label for label in labels if is_label(label)))


def _own_lines(text: str, known: Collection[str]) -> list[str]:
    """Labels on lines of their own in our very form: those that recur, and people who are known."""
    lines = [line for line in text.split("\n") if line.endswith(":") and len(line) <= _LONGEST]
    counts = Counter(label for line in lines if (label := clean_label(line)) and not line[0].isspace())
    found = {label for label, count in counts.items() if is_label(label) and (count > 1 or label in known)}
    starts = list(label_lines(text, found)) if found else []
    return list(dict.fromkeys(line.label for line in starts)) if len(starts) > 2 or found & set(known) else []


def _inline(text: str) -> str | None:
    lines = text.split("\n")
    labelling = find_labels([SourceLine(line) for line in lines])
    if labelling.shape != "colon":
        return None
    fits = [hit for hit in labelling.hits if _fits(lines[hit.line], hit)]
    if not fits or len(fits) < _MOST * len(labelling.hits):
        return None
    for hit in fits:
        line, at = lines[hit.line], len(hit.label) + 1
        lines[hit.line] = f"{line[:at]}\n{line[at + 1 :]}" if len(line) > at else line
    return "\n".join(lines)


def _fits(line: str, hit: LabelHit) -> bool:
    """Whether a line is ``Label:``, alone or with a space behind it."""
    at = len(hit.label) + 1
    return line.startswith(f"{hit.label}:") and line[at : at + 1] in _SPACES
