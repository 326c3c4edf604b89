"""Turns: the one place that knows what a label line looks like, in both directions.

A turn starts on a line ``Label:`` or ``Label [hh:mm:ss.mmm-hh:mm:ss.mmm]:`` (the end time may be missing) that stands
alone and whose label is known. The words follow on the next lines, inner blank lines included, until the next label
line; a blank line stands between turns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from postil_base.problem import PostilError
from postil_study.text.values import Turn

_TIME = r"(\d{1,4}):([0-5]\d):([0-5]\d)(?:\.(\d{1,3}))?"
_TIMES = re.compile(rf"(?s:(?P<label>.*)) \[(?P<start>{_TIME})(?:-(?P<end>{_TIME}))?\]")
_ONE_TIME = re.compile(_TIME)


class RawTurn(NamedTuple):
    """A turn before it has a place in a text: who says it, the words, and when (milliseconds)."""

    label: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None


class LabelLine(NamedTuple):
    """A line that has the form of a label line; whether its label is known is another question."""

    label: str
    start: int  # of the line
    end: int  # after the colon
    start_ms: int | None = None
    end_ms: int | None = None


def label_lines(text: str, known_labels: Collection[str]) -> Iterator[LabelLine]:
    """Lines of ``text`` that are label lines of a known label, in order.

    >>> [line.label for line in label_lines("Ana:\\nHello:\\nBen [00:00:01.500]:\\nYes.\\n", {"Ana", "Ben"})]
    ['Ana', 'Ben']
    """
    for start, end in _lines_with_colon(text):
        line = _label_line(text[start : end - 1], start, end, known_labels)
        if line is not None:
            yield line


def _lines_with_colon(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of the lines that end in a colon: few, so that long texts cost one C-level search."""
    end = text.find(":\n") + 1
    while end > 0:
        yield text.rfind("\n", 0, end) + 1, end
        end = text.find(":\n", end) + 1
    if text.endswith(":"):
        yield text.rfind("\n") + 1, len(text)


def _label_line(content: str, start: int, end: int, known: Collection[str]) -> LabelLine | None:
    if content in known:
        return LabelLine(content, start, end)
    timed = _TIMES.fullmatch(content)
    if timed is None or timed["label"] not in known:
        return None
    until = timed["end"]
    return LabelLine(timed["label"], start, end, read_time(timed["start"]), read_time(until) if until else None)


def read_time(text: str) -> int:
    """Milliseconds of ``hh:mm:ss.mmm``; the part after the point may be missing or shorter.

    >>> read_time("01:02:03.5")
    3723500
    """
    match = _ONE_TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a time of the form hh:mm:ss.mmm")
    hours, minutes, seconds, fraction = match.groups()
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int((fraction or "0").ljust(3, "0"))


def write_time(milliseconds: int) -> str:
    """``hh:mm:ss.mmm`` of a time in milliseconds.

    >>> write_time(3723500)
    '01:02:03.500'
    """
    seconds, fraction = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}.{fraction:03d}"


def parse_turns(text: str, known_labels: Collection[str]) -> tuple[Turn, ...]:
    """The turns of a stored text; what stands before the first label line belongs to none.

    >>> [(t.label, t.start, t.end) for t in parse_turns("Ana:\\nHello.\\n\\nBen:\\nYes.\\n", {"Ana", "Ben"})]
    [('Ana', 5, 11), ('Ben', 18, 22)]
    """
    lines = list(label_lines(text, known_labels))
    borders = [*(line.start for line in lines[1:]), len(text)]
    return tuple(_turn(text, index, line, borders[index]) for index, line in enumerate(lines))


def _turn(text: str, index: int, line: LabelLine, border: int) -> Turn:
    start = min(line.end + 1, len(text))
    end = max(start, start + len(text[start:border].rstrip("\n")))
    return Turn(index, line.label, line.start, start, end, line.start_ms, line.end_ms)


def format_transcript(turns: Iterable[RawTurn], known_labels: Collection[str] = ()) -> str:
    """The stored text of turns: the inverse of `parse_turns`.

    A body line that looks like a label line of one of the labels gets one leading space, so that no words of a
    speaker can start a turn.

    >>> format_transcript([RawTurn("Ana", "Hello.\\nBen:"), RawTurn("Ben", "Yes.", 1500)])
    'Ana:\\nHello.\\n Ben:\\n\\nBen [00:00:01.500]:\\nYes.\\n'
    """
    turns = list(turns)
    labels = {turn.label for turn in turns}.union(known_labels)
    parts = [f"{label_line(turn)}\n{_shielded(turn.text.strip(chr(10)), labels)}" for turn in turns]
    return "\n\n".join(parts) + "\n" if parts else ""


def label_line(turn: RawTurn) -> str:
    """The label line of a turn, without line feed."""
    if not is_label(turn.label):
        raise PostilError(f"{turn.label!r} cannot label a turn; give the speaker a name (clean_label makes one)")
    if turn.start_ms is None:
        return f"{turn.label}:"
    end = f"-{write_time(turn.end_ms)}" if turn.end_ms is not None else ""
    return f"{turn.label} [{write_time(turn.start_ms)}{end}]:"


def _shielded(body: str, labels: Collection[str]) -> str:
    starts = [line.start for line in label_lines(body, labels)]
    pieces = [body[a:b] for a, b in pairwise([0, *starts, len(body)])]
    return " ".join(pieces)


def is_label(label: str) -> bool:
    """Whether ``label`` can stand on a label line and be read back as it is."""
    return bool(label) and clean_label(label) == label


def clean_label(label: str) -> str:
    """A label as it can stand in a text: one line, single spaces, no colon or time at the end.

    >>> clean_label(" Speaker  1: ")
    'Speaker 1'
    """
    label = " ".join(label.split())
    while True:
        timed = _TIMES.fullmatch(label)
        shorter = (timed["label"] if timed else label.rstrip(":")).rstrip()
        if shorter == label:
            return label
        label = shorter
