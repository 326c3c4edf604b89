"""Numbered annotations as NVivo prints them into Word: raised digits behind a shaded passage, texts at the end.

The digits come off the words, wherever they stand: in a label line, inside a bracket, before a full stop, several
in a row. NVivo numbers annotations by where they start and prints the number where they end, so nested ones come out
of order; that tells where each begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from postil_formats.texts.documents.docx_parts import Paragraph, TextRun
from postil_formats.texts.labels.lines import SourceMap
from postil_formats.texts.recognised import SourceNote

Place = tuple[int, int]  # line and offset of the source

_TITLES = frozenset({"annotations", "annotationen", "anmerkungen", "anotaciones", "annotations:"})
_DIGITS = re.compile(r"[0-9,;\s]*[0-9][0-9,;\s]*")
_PROPERTIES = re.compile(
    r"(name|created (on|by)|modified (on|by)|size|description|number of .{1,20}|color|nickname)\s*:", re.I
)


class Anchor(NamedTuple):
    """Numbers printed at one place."""

    place: Place
    numbers: tuple[int, ...]
    text: str = ""  # as it is printed


@dataclass(slots=True)
class NvivoMarks:
    """What stands in the lines beside the words: shaded stretches and anchors, in order."""

    shades: list[tuple[Place, Place]] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)  # raised digits that belong to no annotation
    removed: list[tuple[int, int]] = field(default_factory=list)  # where anchors stood, in the whole text, and length


def split_annotations(paragraphs: Sequence[Paragraph]) -> tuple[Sequence[Paragraph], dict[int, str]]:
    """The paragraphs before the list of annotations, and the annotations by number."""
    for index in range(len(paragraphs) - 1, -1, -1):
        title = paragraphs[index]
        if title.text.strip().lower() in _TITLES and any(run.bold for run in title.runs):
            entries = _entries(paragraphs[index + 1 :])
            if entries:
                return paragraphs[:index], entries
    return paragraphs, {}


def _entries(paragraphs: Sequence[Paragraph]) -> dict[int, str]:
    entries: dict[int, list[str]] = {}
    current: list[str] | None = None
    for paragraph in paragraphs:
        number = _leading_number(paragraph)
        if number is not None and number not in entries:
            digits = "".join(run.text for run in paragraph.runs if run.raised)
            current = entries[number] = [paragraph.text.strip().removeprefix(digits.strip()).strip()]
        elif current is not None and paragraph.text.strip():
            current.append(paragraph.text.strip())
    return {number: "\n".join(line for line in lines if line) for number, lines in entries.items()}


def _leading_number(paragraph: Paragraph) -> int | None:
    first = next((run for run in paragraph.runs if run.text.strip()), None)
    if first is None or not first.raised:
        return None
    digits = first.text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else None


def property_block(paragraphs: Sequence[Paragraph]) -> int:
    """How many paragraphs at the top are NVivo's block ``Name: … Created On: … Size: …``."""
    index = found = 0
    while index < len(paragraphs):
        text = paragraphs[index].text.strip()
        if text and not _PROPERTIES.match(text):
            break
        found += bool(text)
        index += 1
    created = any(p.text.strip().lower().startswith("created on") for p in paragraphs[:index])
    return index if created and found >= 3 else 0


def without_anchors(paragraph: Paragraph, line: int, numbers: set[int], marks: NvivoMarks) -> list[TextRun]:
    """The paragraph's runs without its anchors, which go to ``marks``; ``numbers`` are those still to be found."""
    kept: list[TextRun] = []
    length = passed = 0
    digits = ""
    for run in [*paragraph.runs, TextRun("")]:
        if run.raised and _DIGITS.fullmatch(run.text) and (digits or not run.text.isspace()):
            digits += run.text
            passed += len(run.text)
            continue
        if digits:
            found = split_numbers(digits, numbers)
            numbers.difference_update(found)
            if found:
                marks.anchors.append(Anchor((line, length), found, digits))
                marks.removed.append((passed - len(digits), len(digits)))
            else:
                kept.append(TextRun(digits))
                length += len(digits)
                marks.unread.append(digits)
            digits = ""
        kept.append(run)
        length += len(run.text)
        passed += len(run.text)
    return kept[:-1]


def split_numbers(digits: str, numbers: set[int]) -> tuple[int, ...]:
    """The annotation numbers in a run of digits, each still unused; empty when the digits cannot be read so.

    >>> split_numbers("2625", {25, 26, 27}), split_numbers("5,6", {5, 6}), split_numbers("12", {1, 2, 12})
    ((26, 25), (5, 6), (12,))
    """
    parts = [part for part in re.split(r"[,;\s]+", digits) if part]
    found: list[int] = []
    for part in parts:
        cut = _cut(part[:40], numbers.difference(found))
        if cut is None:
            return ()
        found += cut
    return tuple(found)


def _cut(digits: str, numbers: set[int]) -> list[int] | None:
    """Cut a run of digits into known numbers, as few as possible."""
    best: dict[int, list[int]] = {0: []}
    for end in range(1, len(digits) + 1):
        for start in range(max(0, end - 6), end):
            number = int(digits[start:end])
            known = start in best and digits[start] != "0" and number in numbers and number not in best[start]
            if known and (end not in best or len(best[start]) + 1 < len(best[end])):
                best[end] = [*best[start], number]
    return best.get(len(digits))


def place_notes(
    entries: dict[int, str], marks: NvivoMarks, texts: Sequence[str], source: SourceMap
) -> tuple[list[SourceNote], list[str]]:
    """The annotations on the words they were made on, and what is wrong with some."""
    notes: list[SourceNote] = []
    warnings = [f"raised digits {digits!r} belong to no annotation and stay in the text" for digits in marks.unread]
    spans = _spans(marks, _regions(marks.shades, texts))
    for number, text in sorted(entries.items()):
        span = spans.get(number)
        spots = source.span(*_trimmed(span, texts)) if span else None
        if spots is None:
            warnings.append(f"annotation {number} has no passage; it is kept as a note on the whole transcript")
        start, end = spots or (None, None)
        notes.append(SourceNote(text, start, end, number, source="nvivo"))
    return notes, warnings


def _trimmed(span: tuple[Place, Place], texts: Sequence[str]) -> tuple[Place, Place]:
    """A passage without white space at its ends."""
    (first, start), (last, end) = span
    start += len(texts[first][start:]) - len(texts[first][start:].lstrip())
    return (first, start), (last, len(texts[last][:end].rstrip()))


def _regions(shades: Sequence[tuple[Place, Place]], texts: Sequence[str]) -> list[tuple[Place, Place]]:
    """Shaded stretches joined where nothing but white space or a line's end lies between."""
    regions: list[tuple[Place, Place]] = []
    for start, end in shades:
        if regions and not _between(texts, regions[-1][1], start).strip():
            regions[-1] = (regions[-1][0], end)
        else:
            regions.append((start, end))
    return regions


def _between(texts: Sequence[str], start: Place, end: Place) -> str:
    if start[0] == end[0]:
        return texts[start[0]][start[1] : end[1]]
    inner = texts[start[0] + 1 : end[0]]
    return "".join([texts[start[0]][start[1] :], *inner, texts[end[0]][: end[1]]])


def _spans(marks: NvivoMarks, regions: Sequence[tuple[Place, Place]]) -> dict[int, tuple[Place, Place]]:
    """Where each number's passage starts and ends.

    All numbers of one shaded region start with it, except that a number starts behind the end of a smaller one:
    it was made later in the text, so it cannot lie around it.
    """
    spans: dict[int, tuple[Place, Place]] = {}
    for start, end in regions:
        inside = [anchor for anchor in marks.anchors if start < anchor.place <= end]
        for anchor in inside:
            for number in anchor.numbers:
                smaller = [a.place for a in inside if a.place < anchor.place and max(a.numbers) < number]
                spans[number] = (max(smaller, default=start), anchor.place)
    return spans
