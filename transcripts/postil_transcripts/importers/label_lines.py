"""Finding out how a text marks its speakers. Never the first ``word:`` counts, but what recurs.

Every layout is tried on every line; a label counts when it comes back, or when it stands in the body in the same
place as those that come back and looks like a name. The layout that labels most lines wins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from postil_transcripts.importers.lines import Line
from postil_transcripts.importers.times import TIME, to_ms
from postil_transcripts.importers.vocabulary import HEADER_KEYS, NO_LABELS, PARTICLES, ROLES

REACH = 140  # a label stands within so many characters
_LABEL = r"(?P<label>[^\s:：\[\]{}<>|=#*][^:：\[\]{}<>|=\t\n]{0,39}?)"


def _clock(group: str) -> str:
    return rf"[\[(]?(?P<{group}>{TIME})[\])]?"


_SHAPES = {
    "colon": re.compile(
        rf"(?:{_clock('first')}\s+(?:[-–—]\s*)?)?{_LABEL}"
        rf"\s*(?:[\[(](?P<second>{TIME})(?:\s*[-–—]\s*(?P<until>{TIME}))?[\])]|(?<=\s)(?P<bare>{TIME}))?"
        rf"\s*(?::(?![\d/\\])|：)(?:\s*[\[(](?P<third>{TIME})[\])](?=\s|$))?"
    ),
    "time after name": re.compile(rf"{_LABEL}(?P<gap>\s+){_clock('second')}\s*$"),
    "time before name": re.compile(rf"{_clock('first')}\s+{_LABEL}\s*$"),
    "bracket": re.compile(r"\[(?P<label>[^\]\[:\d\s][^\]\[:]{0,39})\]:?(?=\s|$)"),
}

_NEEDED = {"colon": ":：", "time after name": ":", "time before name": ":", "bracket": "["}  # without them no match


class LabelHit(NamedTuple):
    """A line that starts a turn: its label, its times, and where the words begin in the line."""

    line: int
    label: str
    text_start: int
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Labelling:
    """How the lines are labelled; no hits when no layout was recognised."""

    shape: str
    hits: tuple[LabelHit, ...] = ()
    own_line: bool = False
    doubtful: tuple[str, ...] = ()  # labels that occur once


def find_labels(lines: Sequence[Line]) -> Labelling:
    """The layout that labels most lines."""
    found = [_labelling(shape, lines) for shape in _SHAPES]
    return max(found, key=lambda labelling: len(labelling.hits))


def _labelling(shape: str, lines: Sequence[Line]) -> Labelling:
    header = _header_block(lines)
    hits = [hit for hit in _hits(shape, lines) if hit.line >= header]
    if shape == "colon":
        own = _flush(lines, [hit for hit in hits if not lines[hit.line].text[hit.text_start :].strip()])
        labelling = _accepted(shape, lines, own, own_line=True)
        inline = _accepted(shape, lines, hits, own_line=False)
        return labelling if len(labelling.hits) >= 0.8 * len(inline.hits) and labelling.hits else inline
    return _accepted(shape, lines, hits, own_line=shape.startswith("time"))


def _flush(lines: Sequence[Line], hits: list[LabelHit]) -> list[LabelHit]:
    """Labels that are flush left, if any is: an indented line is a paragraph of the turn, whatever it says."""
    return [hit for hit in hits if not lines[hit.line].text[0].isspace()] or hits


def _hits(shape: str, lines: Sequence[Line]) -> Iterable[LabelHit]:
    pattern, needed = _SHAPES[shape], _NEEDED[shape]
    for number, line in enumerate(lines):
        if not any(character in line.text for character in needed):
            continue
        indent = len(line.text) - len(line.text.lstrip())
        match = pattern.match(line.text[:REACH] if shape in ("colon", "bracket") else line.text, indent)
        if match is not None and (shape in ("colon", "bracket") or len(line.text) <= REACH):
            label = " ".join(match["label"].split())
            groups = match.groupdict()
            start = next((groups[k] for k in ("third", "second", "bare", "first") if groups.get(k)), None)
            yield LabelHit(number, label, match.end(), to_ms(start), to_ms(groups.get("until")))


def _header_block(lines: Sequence[Line]) -> int:
    """The line after an opening block of ``Date: …`` lines, which would pass for labels."""
    end = 0
    while end < len(lines) and lines[end].text.strip():
        end += 1
    keys = [match["label"].strip().lower() for match in map(_SHAPES["colon"].match, _texts(lines[:end])) if match]
    if end == len(lines) or not any(key.split()[0] in HEADER_KEYS - ROLES for key in keys if key):
        return 0
    return end if len(keys) >= end - 1 and len(set(keys)) == len(keys) else 0


def _texts(lines: Iterable[Line]) -> Iterable[str]:
    return (line.text.strip()[:REACH] for line in lines)


def _accepted(shape: str, lines: Sequence[Line], hits: list[LabelHit], *, own_line: bool) -> Labelling:
    counts = Counter(hit.label for hit in hits)
    body = [hit for hit in hits if _recurs(hit.label, counts, len(hits))]
    if not body:
        body = _few_turns(lines, hits, counts)
    if not body:
        return Labelling(shape)
    known = {hit.label for hit in body}
    first = body[0].line
    strong = own_line or all(hit.start_ms is not None for hit in body)

    def accepted(hit: LabelHit) -> bool:
        placed = hit.line > first or hit.start_ms is not None
        return hit.label in known or (placed and _single(hit.label, lines, hit.line, strong=strong))

    kept = tuple(hit for hit in hits if accepted(hit))
    doubtful = tuple(hit.label for hit in kept if counts[hit.label] == 1)
    return Labelling(shape, kept, own_line, doubtful)


def _recurs(label: str, counts: Counter[str], total: int) -> bool:
    if counts[label] < 2 or label.lower() in NO_LABELS:
        return False
    return like_name(label) or (counts[label] >= 3 and counts[label] >= 0.2 * total and len(label.split()) <= 3)


def _few_turns(lines: Sequence[Line], hits: list[LabelHit], counts: Counter[str]) -> list[LabelHit]:
    """A text of one or two turns, where nothing recurs: its first line has to start with a label."""
    names = [hit for hit in hits if like_name(hit.label) and hit.label.lower() not in (HEADER_KEYS - ROLES) | NO_LABELS]
    top = next((number for number, line in enumerate(lines) if line.text.strip() and not line.heading), -1)
    if not names or names[0].line != top:
        return []
    return names if len(counts) > 1 or like_role(names[0].label) else []


def _single(label: str, lines: Sequence[Line], number: int, *, strong: bool) -> bool:
    """Whether a label that occurs once in the body is one."""
    if label.lower() in NO_LABELS or not like_name(label) or len(label.split()) > (4 if strong else 3):
        return False
    return strong or like_role(label) or not lines[number].wrapped


def like_role(label: str) -> bool:
    """A label that names a role or carries a number: ``Speaker 2``, ``P31``, ``Unknown Speaker``.

    >>> like_role("Speaker 2"), like_role("P31"), like_role("Maria said"), like_role("I would say")
    (True, True, False, False)
    """
    words = label.split()
    if len(words) > 3 or any(word[0].islower() for word in words[1:]):
        return False
    numbered = any(character.isdigit() for character in label)
    return numbered or (words[0].lower() in ROLES and len(words) == 1) or words[-1].lower() in ROLES


def like_name(label: str) -> bool:
    """A label whose words are capitalised, numbers, or of a script without capitals.

    >>> like_name("Okafor, Dr. Ngozi"), like_name("P32 (Guest)"), like_name("id1"), like_name("Maria said")
    (True, True, True, False)
    """
    words = re.findall(r"[^\s(),]+", label)
    if not words or len(words) > 5 or not any(character.isalnum() for character in label):
        return False
    return len(words) == 1 or like_role(label) or all(word in PARTICLES or not word[0].islower() for word in words)
