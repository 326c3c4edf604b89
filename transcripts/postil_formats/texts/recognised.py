"""What an importer saw in a source file, as values, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from postil_study.text.turns import RawTurn
from postil_study.text.vocabulary import MARKER


class SourceSpot(NamedTuple):
    """A place in the words: the turn's number and the offset into its text, in code points."""

    turn: int
    offset: int


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A note that came with the source: an annotation, a Word comment; ``start``/``end`` None is the whole text."""

    text: str
    start: SourceSpot | None = None
    end: SourceSpot | None = None  # exclusive
    number: int | None = None
    author: str = ""
    date: str = ""
    source: str = "notes"  # names the layer: nvivo, word-comments, protocol


class TakenOff(NamedTuple):
    """Something visible in the source that is not stored as words, and where it stood.

    ``kind`` says what it was: label, clock, anchor, column …; ``turn`` is the turn in which, or before whose words, it
    stood (the number of turns: behind the last one), ``offset`` the place in its text. A turn of None is no place: the
    second reading looks for it wherever words are missing.
    """

    kind: str
    text: str
    turn: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class SourceSection:
    """A heading of the source; ``turn`` is the first turn after it, ``script`` what stood there and was not spoken."""

    title: str
    turn: int
    script: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the person said about the file beforehand; empty is not said."""

    encoding: str = ""
    text: str = ""  # the column (or, in JSON, the key) of the words
    speaker_key: str = ""  # the column (or key) of the speaker
    labels: tuple[str, ...] = ()  # labels that the file has, whatever they look like


class LabelCount(NamedTuple):
    """How often a label starts a turn, with how many words, and how many of the turns end with a question."""

    turns: int
    words: int
    questions: int


@dataclass(frozen=True)
class Recognised:
    """A source file, read: turns (an empty label is a speaker without a name) and all that is not a turn."""

    layout: str
    turns: tuple[RawTurn, ...]
    header: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    notes: tuple[SourceNote, ...] = ()
    sections: tuple[SourceSection, ...] = ()
    unanswered: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    encoding: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    taken: tuple[TakenOff, ...] = ()  # beside header, footer, sections and notes, which are taken off as well

    @cached_property
    def labels(self) -> Mapping[str, LabelCount]:
        """Labels in order of first turn, with what they count."""
        turns: Counter[str] = Counter()
        words: Counter[str] = Counter()
        questions: Counter[str] = Counter()
        for turn in self.turns:
            turns[turn.label] += 1
            words[turn.label] += len(turn.text.split())
            questions[turn.label] += _asks(turn.text)
        return {label: LabelCount(turns[label], words[label], questions[label]) for label in turns}

    @property
    def words(self) -> int:
        """Words of all turns: tokens between white space, labels not counted."""
        return sum(count.words for count in self.labels.values())

    @property
    def script(self) -> tuple[str, ...]:
        """What the sections hold of introductions that nobody spoke."""
        return tuple(line for section in self.sections for line in section.script)

    def markers(self) -> Iterator[tuple[int, int, str]]:
        """Transcriber's markers such as ``[inaudible 00:02:29]``: turn, offset, text."""
        for index, turn in enumerate(self.turns):
            for match in MARKER.finditer(turn.text):
                yield index, match.start(), match[0]


def _asks(text: str) -> bool:
    """Whether a turn ends with a question: interviewers' do, rhetorical questions stand inside a turn."""
    return text.rstrip(" )”»\"'.…").endswith(("?", "？", "؟"))
