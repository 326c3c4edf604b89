"""The values of transcripts and codings. Positions are Unicode code points, start inclusive, end exclusive."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import msgspec

from postil_base.problem import Place

Role = Literal["participant", "interviewer", "other"]
LayerKind = Literal["coder", "consensus", "source", "guide"]
Mode = Literal["affirm", "deny", "hypothetical", "wish", "reported"]
RelationMode = Literal["", "affirm", "deny", "hypothetical", "wish", "reported"]  # empty: that of the passages it joins
RelationType = Literal["leads-to", "goes-back-to", "influences", "excludes"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn. ``label_start`` is where its label line starts, ``start``:``end`` its words without the trailing
    line feeds; times in milliseconds, None where the transcript gives none."""

    index: int
    label: str
    label_start: int
    start: int
    end: int
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is behind a label. ``participant`` is the participant's id, for the role participant only."""

    role: Role
    participant: str | None = None


@dataclass(frozen=True, slots=True)
class TranscriptInfo:
    """What ``transcripts.yaml`` says of one transcript."""

    id: str
    speakers: Mapping[str, Speaker] = field(default_factory=dict)
    date: str = ""
    lang: str = ""
    guide_version: str = ""
    pilot: bool = False
    source: str = ""
    source_sha256: str = ""
    text_sha256: str = ""
    imported: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    place: Place = Place("")


@dataclass(frozen=True)
class Transcript:
    """A transcript: its stored text, its turns in order, and what is known of it."""

    id: str
    text: str
    turns: tuple[Turn, ...]
    info: TranscriptInfo
    text_sha256: str
    path: str = ""

    @cached_property
    def _label_starts(self) -> list[int]:
        return [turn.label_start for turn in self.turns]

    def turn_at(self, offset: int) -> Turn | None:
        """The turn whose label line or words hold ``offset`` (blank lines belong to the turn before); or None."""
        index = bisect_right(self._label_starts, offset) - 1
        return self.turns[index] if index >= 0 else None

    def turns_over(self, start: int, end: int) -> Iterator[Turn]:
        """Turns whose words share at least one character with ``start``:``end``."""
        index = max(bisect_right(self._label_starts, start) - 1, 0)
        while index < len(self.turns) and self.turns[index].label_start < end:
            turn = self.turns[index]
            if turn.start < end and start < turn.end:
                yield turn
            index += 1

    @cached_property
    def _asked(self) -> list[int]:
        """For each turn the place of the interviewer's last turn before it; -1 where there is none."""
        found, last = [], -1
        for place, turn in enumerate(self.turns):
            found.append(last)
            if self.speaker(turn).role == "interviewer":
                last = place
        return found

    def question_before(self, turn: Turn) -> Turn | None:
        """The interviewer's last turn before ``turn``."""
        place = self._asked[turn.index]
        return self.turns[place] if place >= 0 else None

    def speaker(self, turn: Turn) -> Speaker:
        """Who speaks in ``turn``; an unknown label is a speaker of role other."""
        return self.info.speakers.get(turn.label, Speaker("other"))

    @cached_property
    def participants(self) -> tuple[str, ...]:
        """Ids of the participants who speak here, in order of first turn."""
        seen: dict[str, None] = {}
        for turn in self.turns:
            speaker = self.speaker(turn)
            if speaker.role == "participant" and speaker.participant:
                seen[speaker.participant] = None
        return tuple(seen)


class CodeUse(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A code on a segment, with the mode in which the speaker said it."""

    code: str
    mode: Mode = "affirm"


# Keys that are not known make the fast decoder refuse, so that they can be kept in ``extra`` by the careful one; the
# field itself has no key of that name in the file. Records hold no cycles, so the collector need not look at them.
_EXTRA_KEY = {"extra": "x-postil-extra"}
_RELATION_KEYS = {"source": "from", "source_code": "from_code", "target": "to", "target_code": "to_code", **_EXTRA_KEY}


class Segment(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False, rename=_EXTRA_KEY):
    """A coded segment; without ``start`` and ``end`` it codes the whole transcript."""

    id: str
    start: int | None = None
    end: int | None = None
    codes: tuple[str | CodeUse, ...] = ()
    quote: str = ""
    memo: str = ""
    unsure: bool = False
    at: str = ""
    checked: str = ""
    unanchored: bool = False  # its words were not found again; positions are those of before
    extra: dict[str, Any] = {}

    @property
    def uses(self) -> tuple[CodeUse, ...]:
        """The codes with their modes."""
        return tuple(CodeUse(use) if isinstance(use, str) else use for use in self.codes)

    @property
    def code_ids(self) -> tuple[str, ...]:
        """The codes' ids, without modes."""
        return tuple(use if isinstance(use, str) else use.code for use in self.codes)


class Relation(
    msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False, rename=_RELATION_KEYS
):
    """A relation from one code of one segment to one code of another (or the same) segment."""

    id: str
    source: str  # "from" in the file
    target: str  # "to" in the file
    type: RelationType
    source_code: str = ""  # "from_code" in the file
    target_code: str = ""  # "to_code" in the file
    guard: str = ""
    cue: tuple[int, int] | None = None
    memo: str = ""
    mode: RelationMode = ""
    at: str = ""
    unanchored: bool = False
    extra: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class LayerHeader:
    """The first line of a layer file."""

    coder: str
    transcript: str
    kind: LayerKind = "coder"
    text_sha256: str = ""
    codebook: str = ""
    round: str = ""
    done: str = ""  # date on which the coder finished; empty while open
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Layer:
    """One coder's codings of one transcript, by position (whole-transcript records first, then by start, -end, id)."""

    header: LayerHeader
    segments: tuple[Segment, ...] = ()
    relations: tuple[Relation, ...] = ()
    deleted: Mapping[str, str] = field(default_factory=dict)  # record id → when it was deleted
    path: str = ""

    @cached_property
    def by_id(self) -> Mapping[str, Segment]:
        """Segments by their record id."""
        return {segment.id: segment for segment in self.segments}


@dataclass(frozen=True, slots=True)
class Coder:
    """A person (or a source) who codes."""

    id: str
    name: str = ""
    place: Place = Place("")


@dataclass(frozen=True, slots=True)
class Participant:
    """A participant with attributes (strings, numbers or lists of them) and consent."""

    id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    consent_quote: bool | None = None  # None: nobody wrote it down
    consent_share: bool | None = None
    place: Place = Place("")
    doubt: str = ""  # what is written of consent and cannot be read, so that it counts as no


@dataclass(frozen=True, slots=True)
class GuideQuestion:
    """A question of the interview guide."""

    id: str
    ask: str = ""
    names: tuple[str, ...] = ()  # topics the question itself names, so that answers on them are prompted
    order_matters: bool = False
    place: Place = Place("")


@dataclass(frozen=True, slots=True)
class Analysis:
    """What counts: the order of layers for the coding of record, and the threshold of the model."""

    record: tuple[str, ...] = ()
    min_participants: int = 2


@dataclass(frozen=True, slots=True)
class AgreementPlan:
    """The headline declared before the reliability round; ``none`` holds the reason when there is none.

    ``at_least`` is the value each code should reach, ``below`` what follows for a code that does not.
    """

    measure: str = "krippendorff_alpha"
    unit: str = "turn"
    speakers: str = "participant"
    codes: tuple[str, ...] = ()
    reason: str = ""
    none: str = ""
    at_least: float | None = None
    below: str = ""
    place: Place = Place("")
