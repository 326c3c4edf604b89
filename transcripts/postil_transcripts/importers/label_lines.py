"""Finding out how a text marks its speakers. Never the first ``word:`` counts, but what recurs.

Every layout is tried on every line; a label counts when it comes back, or when it stands in the body in the same
place as those that come back and looks like a name. The layout that labels most lines wins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from postil_transcripts.importers.lines import Line
from postil_transcripts.importers.times import TIME, to_ms
from postil_transcripts.importers.vocabulary import HEADER_KEYS, NO_LABELS, PARTICLES, ROLES

REACH = 140  # a label stands within so many characters
_LABEL = r"(?P<label>[^\s:：\[\]{}<>|=#*][^:：\[\]{}<>|=\t\n]{0,39}?)"
_LOOSE = r"\d{1,3}:\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"


def _clock(group: str) -> str:
    return rf"[\[(#]?(?P<{group}>{TIME})[\])#]?"


_SHAPES = {
    "colon": re.compile(
        rf"(?:{_clock('first')}\s+(?:[-–—]\s*)?)?{_LABEL}"
        rf"\s*(?:[\[(](?P<second>{TIME})(?:\s*[-–—]\s*(?P<until>{TIME}))?[\])]|(?<=\s)(?P<bare>{TIME}))?"
        rf"\s*(?::(?![\d/\\])|：)(?:\s*[\[(](?P<third>{TIME})[\])](?=\s|$))?"
    ),
    "time after name": re.compile(rf"{_LABEL}(?P<gap>\s+){_clock('second')}\s*$"),
    "time before name": re.compile(rf"{_clock('first')}\s+{_LABEL}\s*$"),
    "bracket": re.compile(rf"\[(?P<label>[^\]\[:\d\s][^\]\[:]{{0,39}})\]:?(?=\s|$)(?:\s+{_clock('second')}\s*$)?"),
}
# Layouts that would find speakers in any text; they are tried only where those above find none.
_FALLBACKS = {
    "point": re.compile(r"(?P<label>[A-Z]{1,2}\d{0,3})[.)](?=\s)"),
    "tab": re.compile(r"(?P<label>[^\W_][^:\t\n]{0,29})\t(?=\s*\S)"),
    "dash": re.compile(r"(?P<label>[^\W_][\w .]{0,29}?)\s+[-–—]\s(?=\s*\S)"),
    "angle": re.compile(r"<(?P<label>[^<>:\n]{1,40})>:?(?=\s)"),
    "name": re.compile(r"(?P<label>[^\W_](?:[\w .'’-]{0,38}[\w)])?)\s*$"),
}
TIMING = re.compile(rf"\s*(?P<first>{_LOOSE})\s*-->\s*(?P<until>{_LOOSE})\s*")
_OF_DIRECTION = "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"

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
    timed = _names_below_times(lines)
    if timed.hits:
        return timed
    found = [_labelling(shape, lines) for shape in _SHAPES]
    best = max(found, key=lambda labelling: len(labelling.hits))
    return best if best.hits else _fallback(lines)


def _names_below_times(lines: Sequence[Line]) -> Labelling:
    """Teams' older layout: ``0:0:3.4 --> 0:0:7.1``, the name on the next line, then the words."""
    timings = sum(1 for line in lines if "-->" in line.text and TIMING.fullmatch(line.text))
    if timings < 2:
        return Labelling("time above name")
    filled = [number for number, line in enumerate(lines) if line.text.strip()]
    hits = []
    for number, below in pairwise(filled):
        match = TIMING.fullmatch(lines[number].text)
        label = _plain_label(lines[below].text)
        if match is not None and like_name(label) and len(label) <= 60:
            hits.append(LabelHit(below, label, len(lines[below].text), to_ms(match["first"]), to_ms(match["until"])))
    sure = len(hits) >= 2 and len(hits) >= 0.9 * timings and len({hit.label for hit in hits}) <= len(hits) / 2 + 1
    return Labelling("time above name", tuple(hits), True) if sure else Labelling("time above name")


def _fallback(lines: Sequence[Line]) -> Labelling:
    """A layout without colons or times: several labels that come back, and most of the text below them."""
    filled = sum(1 for line in lines if line.text.strip())
    for shape, pattern in _FALLBACKS.items():
        matches = [(n, match) for n, line in enumerate(lines) if (match := pattern.match(line.text[:REACH]))]
        hits = [LabelHit(n, _plain_label(match["label"]), match.end()) for n, match in matches]
        counts = Counter(hit.label for hit in hits if like_name(hit.label) and hit.label.lower() not in NO_LABELS)
        known = {label for label, count in counts.items() if count > 1 or like_role(label)}
        kept = tuple(hit for hit in hits if hit.label in known)
        alone = shape == "name"
        if len(kept) >= (0.25 if alone else 0.5) * filled and _speakers(known, counts, kept, alone=alone):
            return Labelling(shape, kept, alone, tuple(hit.label for hit in kept if counts[hit.label] == 1))
    return Labelling("none")


def _speakers(known: set[str], counts: Counter[str], hits: Sequence[LabelHit], *, alone: bool) -> bool:
    """Two speakers or more who take turns; names on lines of their own never follow each other directly."""
    recurring = [label for label in known if counts[label] > 1]
    if len(known) < 2 or not recurring or len(hits) < 3 or len(known) > 8:
        return False
    apart = all(b.line - a.line > 1 for a, b in pairwise(hits))
    capitals = all(like_role(label) or label[0].isupper() for label in known)
    names = any(like_role(label) or " " in label for label in known)  # else short answers would pass for speakers
    return not alone or (apart and capitals and names)


def _plain_label(label: str) -> str:
    """A label in one line, without the marks that only tell a direction of writing."""
    return " ".join(label.split()).strip(_OF_DIRECTION + " ")


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
            label = _plain_label(match["label"])
            groups = match.groupdict()
            start = next((groups[k] for k in ("third", "second", "bare", "first") if groups.get(k)), None)
            end = match.end()
            while line.text[end : end + 1] and line.text[end] in _OF_DIRECTION:
                end += 1
            if label:
                yield LabelHit(number, label, end, to_ms(start), to_ms(groups.get("until")))


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
    timed = all(hit.start_ms is not None for hit in body)

    def accepted(hit: LabelHit) -> bool:
        placed = hit.line > first or hit.start_ms is not None
        sure = own_line or (timed and hit.start_ms is not None)
        return hit.label in known or (placed and _single(hit.label, lines, hit.line, strong=sure))

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
    lower = label.islower() and not any(character.isdigit() for character in label)
    return strong or like_role(label) or not (lower or lines[number].wrapped or lines[number].quoted)


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
    plain = (
        re.sub(r"\([^()]*\)", " ", label) if "(" in label else label
    )  # (she/her), (Guest): part of the label all the same
    words = re.findall(r"[^\s(),]+", plain)
    if not words or len(words) > 5 or not any(character.isalnum() for character in label):
        return False
    return len(words) == 1 or like_role(label) or all(word in PARTICLES or not word[0].islower() for word in words)
