"""Whose words a quotation could be: turns of participants and interviewers, and researchers' memos.

Words are compared as sequences of folded words, so that case, punctuation and white space do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal["participant", "interviewer", "other", "memo"]
# Scripts that put no spaces between words are compared letter by letter.
_EACH = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"[{_EACH}]|[^\W_{_EACH}]+(?:['’-][^\W_{_EACH}]+)*")
OMITTED = re.compile(r"\[[^\]]*\]|\.\s?\.\s?\.|…")


@dataclass(frozen=True, slots=True)
class Voice:
    """A stretch of words by one person (or one memo): who, where, and the words as they stand."""

    role: Role
    person: str
    where: str
    text: str
    folded: str  # words, folded, with one space around each


def voice(role: Role, person: str, where: str, text: str) -> Voice:
    """A voice with its folded words."""
    return Voice(role, person, where, text, folded(text))


def folded(text: str) -> str:
    """Words in small letters with straight apostrophes, one space around each.

    >>> folded("It wasn’t — “good”!")
    " it wasn't good "
    """
    words = (word.casefold().replace("’", "'") for word in WORD.findall(text))
    return f" {' '.join(words)} "


def fragments(quotation: str) -> list[str]:
    """A quotation cut where something was left out or put in, each part folded; empty parts dropped."""
    return [part for part in map(folded, OMITTED.split(quotation)) if part.strip()]


def holds(voice_: Voice, parts: Sequence[str]) -> bool:
    """Whether all parts stand in the voice, in order and without overlap."""
    position = 0
    for part in parts:
        found = voice_.folded.find(part, position)
        if found < 0:
            return False
        position = found + len(part) - 1
    return True


@dataclass(frozen=True, slots=True)
class Likeness:
    """The voice that comes nearest, from 0 to 100, and its words there."""

    voice: Voice
    score: float
    words: str


def nearest(quotation: str, voices: Iterable[Voice]) -> Likeness | None:
    """The voice that holds the most similar stretch of words (partial ratio of rapidfuzz), None without voices."""
    from rapidfuzz import fuzz

    wanted = folded(quotation)
    best: Likeness | None = None
    for one in voices:
        cutoff = best.score if best else 0
        if len(one.folded) < len(wanted) * 0.6:
            continue
        found = fuzz.partial_ratio_alignment(wanted, one.folded, score_cutoff=cutoff)
        if found is not None and (best is None or found.score > best.score):
            best = Likeness(one, found.score, _whole_words(one.folded, found.dest_start, found.dest_end))
    return best


def _whole_words(text: str, start: int, end: int) -> str:
    start = text.rfind(" ", 0, start + 1) + 1
    stop = text.find(" ", max(end - 1, start))
    return text[start : stop if stop >= 0 else len(text)]
