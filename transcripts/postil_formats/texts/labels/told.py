"""Labels that the person names, and slips of the pen in those that were found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.looks import like_role
from postil_formats.texts.labels.places import begins_paragraphs
from postil_formats.texts.labels.shapes import LabelHit
from postil_formats.texts.labels.times import DIGITS, TO, to_ms

_CLOCK = rf"(?:\s*[\[(]?(?P<start>{DIGITS})(?:{TO}(?P<until>{DIGITS}))?[\])]?)?"


def with_slips(lines: Sequence[SourceLine], hits: Sequence[LabelHit]) -> list[LabelHit]:
    """A short label that is known, with a semicolon where all others have a colon: ``I; And then?``."""
    known = {hit.label for hit in hits if like_role(hit.label) or len(hit.label) <= 3}
    taken = {hit.line for hit in hits}
    found = list(hits)
    apart = begins_paragraphs(lines, hits)
    for number, line in enumerate(lines):
        label, sign, rest = line.text.partition(";")
        slip = bool(sign) and label.strip() in known and (not rest or rest[0].isspace())
        if slip and number not in taken and not (apart and line.glued):
            found.append(LabelHit(number, label.strip(), len(label) + 1))
    return sorted(found)


def with_told(lines: Sequence[SourceLine], hits: Sequence[LabelHit], told: Sequence[str]) -> list[LabelHit]:
    """Labels that the person says the text has start a turn wherever they begin a line."""
    found = list(hits)
    known = {hit.label for hit in hits}
    for label in told:
        if label and label not in known:
            taken = {hit.line for hit in found}
            found += [hit for hit in _of(label, lines) if hit.line not in taken]
    return sorted(found)


def _of(label: str, lines: Sequence[SourceLine]) -> list[LabelHit]:
    """The lines that begin with a label and a sign behind it; without any such, those that begin with the label."""
    spelt = r"\s+".join(map(re.escape, label.split()))
    before = rf"\s*(?:>>+\s*)?(?:[\[(]?(?P<above>{DIGITS})(?:{TO}(?P<rest>{DIGITS}))?[\])]?\s*)?[\[(<]?{spelt}"
    behind = _CLOCK.replace("start", "third").replace("until", "fourth")
    sign = r"\s*(?:[\])>]?\s*[:：;.]|[\])>]|[,|=→»]|[-=]+>|\s[-–—](?=\s)|\t|\s*$)"
    signed = re.compile(rf"{before}{_CLOCK}{sign}{behind}(?=\s|$)")
    bare = re.compile(rf"{before}{_CLOCK}(?=\s)")
    for pattern in (signed, bare):
        matches = [(n, match) for n, line in enumerate(lines) if (match := pattern.match(line.text))]
        if matches:
            return [_hit(label, number, match) for number, match in matches]
    return []


def _hit(label: str, number: int, match: re.Match[str]) -> LabelHit:
    groups = match.groupdict()
    start, until = (
        next((groups[key] for key in keys if groups.get(key)), None)
        for keys in (("start", "third", "above"), ("until", "fourth", "rest"))
    )
    return LabelHit(number, label, match.end(), to_ms(start), to_ms(until))
