"""Lines inside turns that look like the label of somebody, or carry a clock."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from postil_formats.texts.labels.finding import like_name
from postil_study.text.turns import RawTurn
from postil_study.text.vocabulary import NO_LABELS

_LABEL = re.compile(r"\s*(?:>>\s*)?[\[(<]?([^\s:：\[\]<>()][^:：\n\[\]<>]{0,59}?)[\])>]?\s*[:：](?=\s|$)")
_OTHER_SIGNS = r"\d{1,2}\.[0-5]\d\.[0-5]\d|(?:\d{1,2}h)?\d{1,3}['’′][0-5]\d|[^\W\D0-9]{1,3}[:：][^\W\D0-9]{2}"
_CLOCK = re.compile(rf"[\[(#<]?(?:\d{{1,3}}:[0-5]\d(?::[0-5]\d)?(?:[.,]\d{{1,3}})?|{_OTHER_SIGNS})[\])#>]?")
_ALONE = re.compile(rf"\s*{_CLOCK.pattern}(?:\s*(?:-|–|—|-->)\s*{_CLOCK.pattern})?\s*")
_BRACKETED = re.compile(
    rf"[\[(<](?:\d{{1,3}}:[0-5]\d(?::[0-5]\d)?(?:[.,]\d{{1,3}})?|{_OTHER_SIGNS}|\d{{1,3}}\s?min\.?)[\])>]"
)
_SECONDS_FIRST = re.compile(r"\A[\[(](\d{1,5})\s?s(?:e[ck]\w*)?\.?[\])]")
_SECONDS_ALONE = re.compile(r"\s*\d{2,5}\s?s\s*")
_SECONDS_LAST = re.compile(r"[\[(](\d{1,5})\s?s(?:e[ck]\w*)?\.?[\])]\s*\Z")
_SHOWN = 5


def like_labels(turns: Sequence[RawTurn]) -> tuple[str, ...]:
    """Sentences about lines that may be labels and were stored as words."""
    known = {turn.label.casefold() for turn in turns}
    seen: Counter[str] = Counter()
    lines: dict[str, str] = {}
    clocks: list[str] = []
    for line in _lines(turns):
        match = _LABEL.match(line) if ":" in line or "：" in line else None
        if match is not None and (match[1].casefold() in known or _may_name(match[1])):
            seen[match[1]] += 1
            lines.setdefault(match[1], line.strip())
        elif match is None and (_ALONE.fullmatch(line) or _SECONDS_ALONE.fullmatch(line)):
            clocks.append(line.strip())
    return (*_told(seen, lines, known), *_told_clocks(clocks), *_told_inside(turns), *_within(turns))


def _within(turns: Sequence[RawTurn]) -> Iterator[str]:
    """Known labels in the middle of a line, or at its start with another sign than a colon."""
    labels = sorted({turn.label for turn in turns if turn.label}, key=len, reverse=True)
    if not labels:
        return
    spelt = "|".join(map(re.escape, labels))
    longer = "|".join(re.escape(label) for label in labels if len(label) > 1) or r"(?!)"
    pattern = re.compile(rf"(?:^|\n)[ \t]*(?:{longer})[.;)\]>][ \t]|(?<=[.?!…\"”)\]])[ \t]+(?:{spelt}):[ \t]")
    found = [match[0].strip() for turn in turns for match in pattern.finditer(turn.text)]
    if found:
        places = f"{len(found)} place{'' if len(found) == 1 else 's'}"
        yield f"a label stands among the words of a turn at {places} ({found[0]!r}): look whether somebody else speaks"


def _lines(turns: Sequence[RawTurn]) -> Iterator[str]:
    """Lines that may begin with a label: not the first of a turn in a text without speakers' names alone."""
    for turn in turns:
        yield from turn.text.split("\n")


def _may_name(label: str) -> bool:
    lower = label.casefold()
    return lower not in NO_LABELS and like_name(label) and not label.islower() and not lower.startswith("http")


def _told(seen: Counter[str], lines: dict[str, str], known: set[str]) -> Iterator[str]:
    often = [label for label, count in seen.items() if count > 1 or label.casefold() in known]
    for label in often[:_SHOWN]:
        count = seen[label]
        times = f"{count} times" if count > 1 else "once"
        yield (
            f"{label + ':'!r} stands {times} at the start of a line inside a turn ({_cut(lines[label])!r}); "
            f"if it is a speaker, say --speaker '{label}=participant:ID', interviewer or other"
        )
    if len(often) > _SHOWN:
        yield f"{len(often) - _SHOWN} more recurring words with a colon stand at the start of lines inside turns"


def _told_clocks(clocks: Sequence[str]) -> Iterator[str]:
    if clocks:
        count = len(clocks)
        yield f"{count} line{'' if count == 1 else 's'} inside turns hold only a clock ({clocks[0]!r})"


def _told_inside(turns: Sequence[RawTurn]) -> Iterator[str]:
    """Clocks in brackets among the words."""
    found = [match[0] for turn in turns for match in _BRACKETED.finditer(turn.text)] or _counted(turns)
    if len(found) > 1:
        yield f"{len(found)} clocks in brackets stand among the words ({found[0]!r}, {found[1]!r}, …)"


def _counted(turns: Sequence[RawTurn]) -> list[str]:
    """Seconds in brackets at the beginning or the end of most turns, which run on: others are pauses."""
    for pattern in (_SECONDS_FIRST, _SECONDS_LAST):
        found = [match for turn in turns if (match := pattern.search(turn.text))]
        seconds = [int(match[1]) for match in found]
        if len(found) > 2 and 2 * len(found) > len(turns) and all(a < b for a, b in pairwise(seconds)):
            return [match[0].strip() for match in found]
    return []


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
