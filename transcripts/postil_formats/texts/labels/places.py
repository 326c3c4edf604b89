"""Words with a colon that begin a line and name nobody: told apart by where they stand, and by what they count."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.shapes import LabelHit
from postil_formats.texts.labels.stacks import clock_line
from postil_study.text.vocabulary import COUNTED_THINGS

_NUMBER = re.compile(r"(?:\(?(?P<first>\d{1,4})[.)]\s*|#(?P<hash>\d{1,4})\s+)(?P<label>[^\W\d_].*)")
_NUMBER_BEHIND = re.compile(r"(?P<label>.*\S)\s*(?:\((?P<first>\d{1,4})\)|#(?P<hash>\d{1,4}))")
_THING = re.compile(r"([^\W\d_]+)\s*(?:no\.?\s*|#\s*)?\d{1,3}", re.I)


class Placed(NamedTuple):
    """Hits that may name speakers, and labels that were taken for words."""

    hits: list[LabelHit]
    words: tuple[str, ...] = ()


def placed(lines: Sequence[SourceLine], hits: Sequence[LabelHit]) -> Placed:
    """Hits without items of lists (``1. Price:``, ``Step 2:``) and without lines inside paragraphs."""
    counted = _without_numbers(hits)
    things = [hit for hit in counted if _counts_things(hit.label) and hit.start_ms is None]
    kept = [hit for hit in counted if hit not in things]
    inside = [*_inside(lines, kept), *_in_lists(lines, kept)]
    gone = {hit.line for hit in inside}
    dropped = {hit.line: hit for hit in hits}
    for hit in kept:
        if hit.line not in gone:
            dropped.pop(hit.line, None)
    return Placed([hit for hit in kept if hit.line not in gone], _labels(dropped.values()))


def begins_paragraphs(lines: Sequence[SourceLine], hits: Iterable[LabelHit]) -> bool:
    """Whether nearly all of these labels begin paragraphs: those of two speakers, twice each at least."""
    hits = list(hits)
    first = [hit for hit in hits if _opens(lines, hit.line)]
    speakers = [label for label, count in Counter(hit.label for hit in first).items() if count > 1]
    return len(speakers) > 1 and len(first) >= 0.8 * len(hits)


def _labels(hits: Iterable[LabelHit]) -> tuple[str, ...]:
    """Labels that occur once; the second reading names those that come back."""
    return tuple(label for label, count in Counter(hit.label for hit in hits).items() if count == 1)


def _without_numbers(hits: Sequence[LabelHit]) -> list[LabelHit]:
    """Numbers that count the turns are no part of the label: ``(1) Dana:``; those of a list's items are none at all."""
    hits = _relabelled(hits, _NUMBER_BEHIND) or hits
    counted = _relabelled(hits, _NUMBER)
    found = [hit for hit in hits if _NUMBER.fullmatch(hit.label)]
    items = found and max(Counter(hit.label for hit in found).values()) == 1  # who comes back is somebody
    return counted or [hit for hit in hits if not (items and hit in found)]


def _relabelled(hits: Sequence[LabelHit], pattern: re.Pattern[str]) -> list[LabelHit]:
    """Hits without the numbers of their labels, when these count turns of several people one after the other."""
    found = {hit.line: match for hit in hits if (match := pattern.fullmatch(hit.label))}
    numbers = [int(match["first"] or match["hash"]) for match in found.values()]
    stems = {line: match["label"].strip() for line, match in found.items()}
    others = {hit.label for hit in hits if hit.line not in stems}
    again = [stem for stem, count in Counter(stems.values()).items() if count > 1 or stem in others]
    if len(found) < 3 or any(a >= b for a, b in pairwise(numbers)) or len(again) < 2:
        return []
    return [hit._replace(label=stems.get(hit.line, hit.label)) for hit in hits]


def _counts_things(label: str) -> bool:
    match = _THING.fullmatch(label)
    return match is not None and match[1].casefold() in COUNTED_THINGS


def _inside(lines: Sequence[SourceLine], hits: Sequence[LabelHit]) -> list[LabelHit]:
    """Hits whose label never begins a paragraph, in a text whose speakers do.

    Not where most paragraphs hold one: then a question and its answer are a paragraph.
    """
    outside = {hit.label for hit in hits if _opens(lines, hit.line)}
    speakers = [hit for hit in hits if hit.label in outside]
    blank = any(not line.text.strip() for line in lines)
    within = {n for n, line in enumerate(lines) if line.glued and (blank or not line.wrapped)}  # not those of a cue
    inside = [hit for hit in hits if hit.line in within and hit.label not in outside and hit.start_ms is None]
    if not inside or not begins_paragraphs(lines, speakers):
        return []
    starts = [hit.line for hit in speakers if _opens(lines, hit.line)]
    holding = {bisect_right(starts, hit.line) for hit in inside}
    return inside if 2 * len(holding) <= len(starts) else []


def _in_lists(lines: Sequence[SourceLine], hits: Sequence[LabelHit]) -> list[LabelHit]:
    """Hits on items of lists alone, in a text whose speakers have paragraphs of their own."""
    outside = Counter(hit.label for hit in hits if not lines[hit.line].quoted)
    speakers = [label for label, count in outside.items() if count > 1]
    return [hit for hit in hits if hit.label not in outside] if len(speakers) > 1 else []


def _opens(lines: Sequence[SourceLine], number: int) -> bool:
    """Whether a line begins a paragraph; a clock alone on a line, or a heading, belongs to what is below it."""
    if not lines[number].glued:
        return True
    above = number - 1
    while above >= 0 and lines[above].text.strip() and clock_line(lines[above].text):
        above -= 1
    return above < 0 or not lines[above].text.strip() or lines[above].heading
