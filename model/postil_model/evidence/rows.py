"""The one long table everything is computed from: a row is one piece of evidence, spoken by one participant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from postil_study.privacy.consent.purposes import WITHHELD
from postil_study.text.values import Layer, Mode, Transcript

if TYPE_CHECKING:
    from postil_model.evidence.sums import Sum

Kind = Literal["stated", "inferred", "order", "guide-order", "cooccur", "declared"]
What = Literal["node", "edge", "code"]
Elicited = Literal["prompted", "spontaneous", "unknown"]
EdgeType = Literal["leads-to", "goes-back-to", "influences", "excludes", "order", "cooccur"]
Span = tuple[int, int]

KINDS: tuple[Kind, ...] = ("stated", "inferred", "order", "cooccur")
MODES: tuple[Mode, ...] = ("affirm", "deny", "hypothetical", "wish", "reported")
GAP = " […] "


class EdgeKey(NamedTuple):
    """What makes an edge this edge and no other: both nodes, type and guard."""

    source: str
    target: str
    type: EdgeType
    guard: str = ""


class EvidenceRow(msgspec.Struct, frozen=True, gc=False):
    """One piece of evidence.

    ``object`` is the id of a node or edge, empty where no node claims the code (``what`` is then "code");
    ``parts`` are the spans of this participant's own words, empty for a code on the whole transcript.
    """

    object: str
    what: What
    kind: Kind
    participant: str
    segments: tuple[str, ...]
    code: str
    item: str
    mode: Mode
    coder: str
    transcript: str
    turn: int
    parts: tuple[Span, ...]
    question: str = ""
    elicited: Elicited = "unknown"
    unsure: bool = False
    memo: str = ""
    target_code: str = ""
    guard: str = ""
    cue: Span | None = None
    of_end: bool = False  # of a relation: the mode is that of a passage it joins, it says none itself

    @property
    def start(self) -> int | None:
        """Where the participant's words begin; None for the whole transcript."""
        return min(start for start, _ in self.parts) if self.parts else None

    @property
    def end(self) -> int | None:
        """Where the participant's words end."""
        return max(end for _, end in self.parts) if self.parts else None


@dataclass(frozen=True, slots=True)
class Interview:
    """A transcript with the layers that count for it, and the marks of the guide if it has any."""

    transcript: Transcript
    layers: tuple[Layer, ...]
    guide: Layer | None = None


UnclearReason = Literal["code", "guard", "participant", "segment", "unmapped", "same node", "unanchored", "mode"]


@dataclass(frozen=True, slots=True)
class Unclear:
    """A relation that supports nothing yet, and why: an item on the coders' work list."""

    relation: str
    transcript: str
    coder: str
    reason: UnclearReason
    source: str = ""  # node or code ids, as far as they are known
    target: str = ""
    participant: str = ""
    segments: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Evidence:
    """All evidence of a study's coded transcripts, with what did not become evidence and why."""

    rows: Sequence[EvidenceRow] = ()
    by_object: Mapping[str, Sequence[EvidenceRow]] = field(default_factory=dict)  # the rows of each node and edge
    sums: Mapping[str, Sum] = field(default_factory=dict)  # the rows of nodes and items (node.item), summed up
    participants: tuple[str, ...] = ()  # those with a coded transcript: the n of "k of n"
    transcripts: Mapping[str, Transcript] = field(default_factory=dict)
    coders: tuple[str, ...] = ()
    coders_of: Mapping[str, frozenset[str]] = field(default_factory=dict)  # participant → who coded them
    unclear: tuple[Unclear, ...] = ()
    unmapped: Mapping[str, int] = field(default_factory=dict)  # code no node claims → number of segments
    unclaimed: tuple[str, ...] = ()  # codable codes no node claims, used or not
    missing: tuple[str, ...] = ()  # transcripts without a finished layer
    outside: int = 0  # segments that hold no word of a participant
    unanchored: int = 0  # segments whose words are gone
    asked: Mapping[str, frozenset[str]] = field(default_factory=dict)  # participant → questions; absent: unknown
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)  # object → questions that name it
    guide: tuple[str, ...] = ()  # the questions, in the guide's order
    order_questions: frozenset[str] = frozenset()
    marks: Mapping[str, Sequence[tuple[int, int, str]]] = field(default_factory=dict)  # transcript → guide marks
    nodes: tuple[str, ...] = ()  # declared node ids, in order
    withheld: frozenset[str] = frozenset()  # participants who gave no consent to be quoted

    def told(self, row: EvidenceRow) -> str:
        """The words of a row for whoever reads an export or a report: none where consent was refused."""
        return WITHHELD if row.participant in self.withheld else self.quote(row)

    def told_cue(self, row: EvidenceRow) -> str:
        """The cue of a row, as far as consent goes; it may lie in the words of somebody else."""
        return self.cue(row) if row.cue and self.may_tell(row.participant, row.transcript, *row.cue) else ""

    def may_tell(self, participant: str, transcript: str, start: int | None, end: int | None) -> bool:
        """Whether the words of a place may be told: whoever it is about and all who speak there must agree."""
        if participant in self.withheld:
            return False
        if not self.withheld or start is None or end is None:
            return True
        text = self.transcripts[transcript]
        return self.withheld.isdisjoint(text.speaker(turn).participant or "" for turn in text.turns_over(start, end))

    def quote(self, row: EvidenceRow) -> str:
        """The participant's words of a row; parts that do not touch are joined by ``[…]``."""
        text = self.transcripts[row.transcript].text
        return GAP.join(text[start:end] for start, end in row.parts)

    def cue(self, row: EvidenceRow) -> str:
        """The words that state a relation."""
        return self.transcripts[row.transcript].text[row.cue[0] : row.cue[1]] if row.cue else ""

    def of_kind(self, what: What, *kinds: Kind) -> Iterator[EvidenceRow]:
        """Rows about nodes, edges or codes of the given kinds."""
        return (row for row in self.rows if row.what == what and row.kind in kinds)
