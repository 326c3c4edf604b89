"""Cues, and turns made of them: cues of one speaker merge, a cue without a name continues the turn before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from postil_formats.texts.labels.times import ordered
from postil_formats.texts.recognised import TakenOff
from postil_study.text.turns import RawTurn

LONG_TURN, LONG_PAUSE_MS = 400, 2_000
TWO_VOICES = re.compile(r"[-–—]\s?\S.*\n[-–—]\s?\S")


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue: its speaker (empty when it names none), its words and its times."""

    label: str
    text: str
    start_ms: int | None
    end_ms: int | None
    taken: tuple[tuple[str, str], ...] = ()  # what stood in front of the words and is none: its kind, its text
    changes: bool = False  # the speaker changes here, and nobody says to whom
    identifier: str = ""


def merge_cues(cues: Sequence[Cue]) -> tuple[RawTurn, ...]:
    """Turns from cues, in their order."""
    return turns_of(cues)[0]


def turns_of(cues: Sequence[Cue]) -> tuple[tuple[RawTurn, ...], tuple[TakenOff, ...]]:
    """Turns from cues, in their order, and what was taken off, at its place."""
    named = any(cue.label for cue in cues)
    turns: list[RawTurn] = []
    taken: list[TakenOff] = []
    above: list[tuple[str, str]] = []  # of cues that hold no words
    label = ""  # named by a cue of its own, for the next one
    for cue in cues:
        above += cue.taken
        if not cue.text:
            label = cue.label or label
            continue
        who, label = cue.label or label, ""
        if turns and _continues(turns[-1], who, cue, named):
            taken += [TakenOff(kind, text, len(turns) - 1, len(turns[-1].text)) for kind, text in above]
            last = turns[-1]
            end = cue.end_ms if cue.end_ms is not None else last.end_ms
            turns[-1] = RawTurn(last.label, f"{last.text} {cue.text}", *ordered(last.start_ms, end))
        else:
            taken += [TakenOff(kind, text, len(turns)) for kind, text in above]
            turns.append(RawTurn(who, cue.text, cue.start_ms, cue.end_ms))
        above = []
    return tuple(turns), (*taken, *(TakenOff(kind, text, len(turns)) for kind, text in above))


def _continues(last: RawTurn, label: str, cue: Cue, named: bool) -> bool:
    if cue.changes or TWO_VOICES.match(cue.text) or TWO_VOICES.match(last.text):
        return False
    if named:
        return label in ("", last.label)
    return not _paragraph_ends(last, cue)


def _paragraph_ends(last: RawTurn, cue: Cue) -> bool:
    """Without speakers a turn is a paragraph: it ends with a sentence, when it is long or a pause follows."""
    if not last.text.endswith((".", "?", "!", "…", "。", "？", "！")):
        return False
    pause = (cue.start_ms or 0) - (last.end_ms or 0) >= LONG_PAUSE_MS
    return pause or len(last.text) >= LONG_TURN
