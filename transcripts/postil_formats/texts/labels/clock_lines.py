"""Clocks that stand beside the words: alone on a line, in front of it or behind it. They are taken off.

A clock in the words stays ("So, 10:30 we met"): what is taken off stands in brackets or alone, comes more than once,
and its times run on as a recording does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.shapes import LabelHit
from postil_formats.texts.labels.stacks import clock_line
from postil_formats.texts.labels.times import DIGITS, TIME, TO, TimedPattern, mostly_rising, to_ms

_RANGE = rf"(?P<start>{TIME})(?:{TO}(?P<until>{DIGITS}))?"
_IN_BRACKETS = TimedPattern(rf"\s*[\[({{<]\s?{_RANGE}\s?[\])}}>]:?(?=\s+\S)")
_BARE = TimedPattern(rf"\s*{_RANGE}:?(?=\s+\S)")
INSIDE = TimedPattern(rf"\[\s?{_RANGE}\s?\]")
_BEHIND = TimedPattern(rf"\s+[\[({{<]\s?{_RANGE}\s?[\])}}>]\s*$")

Times = tuple[int | None, int | None]


class Clocks(NamedTuple):
    """Clocks to take off: lines that hold nothing else, and where the words begin and end beside a clock."""

    alone: Mapping[int, Times]
    front: Mapping[int, tuple[int, Times]]
    behind: Mapping[int, int]
    inside: bool = False  # clocks in square brackets stand between the words


def find_clocks(lines: Sequence[SourceLine], labelled: Mapping[int, LabelHit]) -> Clocks:
    """The clocks of a text; ``labelled`` are lines that start with a label, whose own clocks were read with it."""
    alone = {n: _times(match) for n, line in enumerate(lines) if n not in labelled and (match := clock_line(line.text))}
    alone = {n: times for n, times in alone.items() if n not in _answers(lines, labelled, alone)}
    front = _matches(_IN_BRACKETS, lines, labelled, alone)
    bare = {} if labelled else _matches(_BARE, lines, labelled, alone)
    filled = sum(1 for n, line in enumerate(lines) if line.text.strip() and n not in labelled and n not in alone)
    if len(bare) >= 3 and len(bare) >= 0.8 * filled:
        front |= bare
    behind = {n: match for n, line in enumerate(lines) if ":" in line.text and (match := _BEHIND.search(line.text))}
    return Clocks(
        alone if _clocks(list(alone.values()), lines, alone) else {},
        {n: (match.end(), _times(match)) for n, match in front.items()} if _run(front) else {},
        {n: match.start() for n, match in behind.items()} if _run(behind) else {},
        _between(lines, labelled),
    )


def _answers(lines: Sequence[SourceLine], labelled: Mapping[int, LabelHit], alone: Mapping[int, Times]) -> set[int]:
    """Clocks that are all that stands between a label with a colon and the next label: "When?" "10:30"."""
    if not alone or not labelled:
        return set()
    found: set[int] = set()
    starts = sorted(labelled)
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        below = [n for n in range(start + 1, end) if lines[n].text.strip()]
        bare = lines[start].text.rstrip().endswith((":", "：")) and not lines[start].text[labelled[start].text_start :]
        if bare and below and all(n in alone for n in below):
            found.update(below)
    return found


def _between(lines: Sequence[SourceLine], labelled: Mapping[int, LabelHit]) -> bool:
    """Whether clocks in square brackets run through the words: nobody says those."""
    begins = {number: hit.text_start for number, hit in labelled.items()}
    found = (INSIDE.finditer(line.text, begins.get(n, 0)) for n, line in enumerate(lines) if "[" in line.text)
    starts = [to_ms(match["start"]) for matches in found for match in matches]
    times = [start for start in starts if start is not None]
    return len(times) >= 2 and len(set(times)) > 1 and mostly_rising(times)


def _matches(
    pattern: TimedPattern, lines: Sequence[SourceLine], labelled: Collection[int], alone: Collection[int]
) -> dict[int, re.Match[str]]:
    return {
        n: match
        for n, line in enumerate(lines)
        if n not in labelled and n not in alone and ":" in line.text and (match := pattern.match(line.text))
    }


def _times(match: re.Match[str]) -> Times:
    return to_ms(match["start"]), to_ms(match["until"])


def _run(matches: Mapping[int, re.Match[str]]) -> bool:
    """Whether there are several, and they run on."""
    return len(matches) >= 2 and mostly_rising(
        [start for m in matches.values() if (start := to_ms(m["start"])) is not None]
    )


def _clocks(times: Sequence[Times], lines: Sequence[SourceLine], alone: Collection[int]) -> bool:
    """Several that run on; a single one in brackets or with hours."""
    if len(times) == 1:
        text = lines[next(iter(alone))].text.strip()
        return not text[0].isdigit() or text.count(":") > 1
    return bool(times) and mostly_rising([start for start, _ in times if start is not None])
