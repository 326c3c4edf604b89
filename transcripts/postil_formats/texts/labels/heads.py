"""Lines above the first turn that were taken for a header, and may be what somebody says first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.looks import like_name, no_label, only_a_name
from postil_formats.texts.labels.shapes import REACH, SHAPES, LabelHit
from postil_study.text.vocabulary import HEADER_KEYS, ROLES


def doubtful_heads(lines: Sequence[SourceLine], start: int, hits: Sequence[LabelHit]) -> Iterator[str]:
    """A sentence for each line above the first turn that may be a turn, and for a first turn that may be a header."""
    if not hits:
        return
    first = hits[0]
    said = " ".join(lines[first.line].text[first.text_start :].split())
    below = [n for n in range(first.line + 1, hits[1].line if len(hits) > 1 else len(lines)) if lines[n].text.strip()]
    if first.start_ms is None and not below and only_a_name(said):
        yield (
            f"the first turn is only a name ({first.label}: {said}). If the line is a header, remove it from the file"
        )
    found = [(label, number) for number in range(start) if (label := _label(lines[number]))]
    people = len(found) > 1
    known = {hit.label for hit in hits}
    found = [(label, n) for label, n in found if lines[n].text.partition(":")[2].strip() not in known]
    if any(label.split()[0].casefold() in HEADER_KEYS - ROLES for label, _ in found):
        return  # "Company: small" beside "Date: …" is about the text
    for label, number in found:
        if people and label.casefold() in ROLES:
            continue  # a list of the people
        again = label in known
        way = "end the line with a full stop" if again else f"use --speaker '{label}=participant:ID' (or interviewer)"
        shown = " ".join(lines[number].text.split())
        yield f"read as a header: {shown[:60]!r}. To read it as a turn of {label!r}, {way}"


def _label(line: SourceLine) -> str:
    """The label of a line that has words behind it, too."""
    match = SHAPES["colon"].match(line.text[:REACH].strip())
    if match is None or line.heading or not line.text.strip()[match.end() :].strip():
        return ""
    label = " ".join(match["label"].split())
    return label if like_name(label) and not no_label(label) else ""
