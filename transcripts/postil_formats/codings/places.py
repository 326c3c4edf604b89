"""Where the words of a row stand: in context, without the label they were copied with, in answers only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postil_formats.codings.sources.rows import CodingRow
from postil_study.text.units import Span
from postil_study.text.values import Transcript


def without_label(transcript: Transcript, span: Span) -> Span:
    """The span without the label line it may begin with: a quote was copied with who said it."""
    turn = next(transcript.turns_over(*span), None)
    return (turn.start, span[1]) if turn is not None and turn.label_start <= span[0] < turn.start else span


def in_context(text: str, places: tuple[Span, ...], row: CodingRow) -> tuple[Span, ...]:
    """Of several places those between what the row says stands before and behind; all if none is there."""
    if len(places) < 2 or not (row.prefix or row.suffix):
        return places
    before, behind = " ".join(row.prefix.split()), " ".join(row.suffix.split())
    room = 2 * max(len(row.prefix), len(row.suffix)) + 20

    def fits(span: Span) -> bool:
        left = " ".join(text[max(0, span[0] - room) : span[0]].split())
        right = " ".join(text[span[1] : span[1] + room].split())
        return left.endswith(before) and right.startswith(behind)

    return tuple(filter(fits, places)) or places


def only_in_answers(transcript: Transcript, places: Sequence[Span]) -> Span | None:
    """The one place among several that lies in a participant's words."""
    spans = [
        span
        for span in places
        if any(transcript.speaker(turn).role == "participant" for turn in transcript.turns_over(*span))
    ]
    return spans[0] if len(spans) == 1 else None


def transcript_names(transcript: str, source: str) -> set[str]:
    """What a transcript may be called in another program: its id, its file, its file without the suffix."""
    file = source.rsplit("/", 1)[-1].casefold()
    return {transcript.casefold(), file, file.rsplit(".", 1)[0]} - {""}


def without_number(name: str) -> str:
    """A document's name without the number ATLAS.ti puts in front of it; nothing for a name without one.

    >>> without_number("D 1: P07 interview"), without_number("P07: interview")
    ('P07 interview', '')
    """
    match = re.fullmatch(r"\d{1,4}:\s+(\S.*)|[DP] \d{1,4}:\s*(\S.*)", name)
    return (match[1] or match[2]) if match else ""


def not_there(row: CodingRow, said: str) -> str:
    """What to say of a row whose place is nowhere in the transcripts looked at."""
    if row.quote:
        return f"the words are not in {said}: {_short(row.quote)}"
    return f"the place {row.start}-{'?' if row.end is None else row.end} is not in {said}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
