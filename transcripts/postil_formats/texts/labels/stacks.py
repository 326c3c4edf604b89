"""Layouts in which the speaker and the clock stand on lines of their own, one above the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.looks import is_date, like_name, no_label
from postil_formats.texts.labels.shapes import TIMING, LabelHit, plain_label
from postil_formats.texts.labels.times import DIGITS, TIME, TO, TimedPattern, mostly_rising, to_ms

CLOCK_LINE = TimedPattern(rf"\s*[\[(<{{#]?\s?(?P<start>{TIME})(?:{TO}(?P<until>{DIGITS}))?\s?[\])>}}#]?:?\s*")


def names_below_times(lines: Sequence[SourceLine]) -> list[LabelHit]:
    """Teams' older layout: ``0:0:3.4 --> 0:0:7.1``, the name on the next line, then the words."""
    timings = sum(1 for line in lines if "-->" in line.text and TIMING.fullmatch(line.text))
    if timings < 2:
        return []
    hits = []
    for number, below in pairwise(_filled(lines)):
        match = TIMING.fullmatch(lines[number].text)
        label = plain_label(lines[below].text)
        if match is not None and like_name(label) and len(label) <= 80:
            hits.append(LabelHit(below, label, len(lines[below].text), to_ms(match["first"]), to_ms(match["until"])))
    sure = len(hits) >= 2 and len(hits) >= 0.9 * timings and len({hit.label for hit in hits}) <= len(hits) / 2 + 1
    return hits if sure else []


def names_beside_clocks(lines: Sequence[SourceLine]) -> Iterator[tuple[str, list[LabelHit]]]:
    """A name with a clock on the line below it, or on the line above it; each layout with its hits."""
    clocks = {n: match for n, line in enumerate(lines) if (match := clock_line(line.text))}
    if len(clocks) < 2:
        return
    below, above = [], []
    for number, following in pairwise(_filled(lines)):
        if following in clocks and number not in clocks and _may_name(lines[number]):
            below.append(_hit(lines, number, clocks[following]))
        if number in clocks and following not in clocks and _may_name(lines[following]):
            above.append(_hit(lines, following, clocks[number]))
    for shape, hits in (("time below name", below), ("time over name", above)):
        if _takes_turns(hits):
            yield shape, hits


def clock_line(text: str) -> re.Match[str] | None:
    """A line that holds a clock or a range of two, and nothing else."""
    short = len(text) <= 60 and any(character.isdigit() for character in text)
    return CLOCK_LINE.fullmatch(text) if short else None


def _filled(lines: Sequence[SourceLine]) -> list[int]:
    return [number for number, line in enumerate(lines) if line.text.strip()]


def _may_name(line: SourceLine) -> bool:
    label = plain_label(line.text)
    sentence = label.endswith((".", "?", "!", ",", ";"))
    return 0 < len(label) <= 80 and like_name(label) and not (sentence or no_label(label) or is_date(label))


def _hit(lines: Sequence[SourceLine], number: int, clock: re.Match[str]) -> LabelHit:
    text = lines[number].text
    return LabelHit(number, plain_label(text).rstrip(":："), len(text), to_ms(clock["start"]), to_ms(clock["until"]))


def _takes_turns(hits: Sequence[LabelHit]) -> bool:
    labels = {hit.label for hit in hits}
    rising = mostly_rising([hit.start_ms for hit in hits if hit.start_ms is not None])
    return len(hits) >= 2 and len(labels) < len(hits) and len(labels) <= len(hits) / 2 + 1 and rising
