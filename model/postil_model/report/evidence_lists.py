"""What stands behind a node or an edge, as values for the report: who, how, and their words in context."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from postil_base.plural import counted
from postil_model.decision.model import Edge, Model, Node
from postil_model.decision.support import Support
from postil_model.evidence.rows import EvidenceRow
from postil_model.search.passages import asked

Quotes = Literal["none", "ids", "full"]
CONTEXT = 110  # characters before and after
WITHHELD = "words withheld: this participant gave no consent to be quoted"
ARROWS = {"leads-to": "→", "goes-back-to": "↩", "influences": "⇢", "excludes": "⇥", "order": "→", "cooccur": "–"}
UNAFFIRMED = ("deny", "hypothetical", "wish", "reported")


@dataclass(frozen=True)
class Telling:
    """How much of people's words may be told: ``none``, positions (``ids``) or everything consent allows (``full``)."""

    quotes: Quotes
    withheld: frozenset[str]  # participants who gave no consent to be quoted

    def may_quote(self, participant: str) -> bool:
        """Whether the words of a participant may stand in the report; consent not recorded is no refusal."""
        return self.quotes == "full" and participant not in self.withheld


Piece = tuple[str, str]  # the words and how they are marked: context, said, cue


@dataclass(frozen=True, slots=True)
class QuotedPassage:
    """One piece of evidence; without words where none may be told."""

    participant: str
    mode: str
    about: str
    asked: str = ""
    words: tuple[Piece, ...] = ()
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceList:
    """All that stands behind one node or edge."""

    name: str  # of the node or edge in the figure: node-find_ptm
    title: str
    guard: str
    support: Support
    who: tuple[tuple[str, str], ...]  # in which mode, and the people
    passages: tuple[QuotedPassage, ...]
    count: str  # of the passages, in words
    sure: tuple[str, ...] = ()  # how sure the arrow is


def node_evidence(node: Node, model: Model, telling: Telling) -> EvidenceList:
    """The list of one node."""
    rows = model.evidence.by_object.get(node.node.id, [])
    return _listed(f"node-{node.node.id}", node.node.label, "", node.support, rows, model, telling)


def edge_evidence(edge: Edge, model: Model, telling: Telling, sure: Sequence[str] = ()) -> EvidenceList:
    """The list of one edge, stated rows first, inferred ones after; ``sure`` says how sure the arrow is."""
    ends = [_label(model, end) for end in (edge.key.source, edge.key.target)]
    title = f"{ends[0]} {ARROWS.get(edge.key.type, '→')} {ends[1]}"
    rows = sorted(model.evidence.by_object.get(edge.id, []), key=lambda row: row.kind != "stated")
    found = _listed(f"edge-{edge.id}", title, edge.key.guard, model.support(edge), rows, model, telling)
    return replace(found, sure=tuple(sure))


def _label(model: Model, node: str) -> str:
    found = model.nodes.get(node)
    return found.node.label if found else node


def _listed(
    name: str, title: str, guard: str, support: Support, rows: Sequence[EvidenceRow], model: Model, telling: Telling
) -> EvidenceList:
    chosen = [row for row in rows if row.participant in model.participants]
    passages = tuple(_passage(row, model, telling) for row in chosen) if telling.quotes != "none" else ()
    count = counted(len(passages), "passage") if passages else ""
    return EvidenceList(name, title, guard, support, tuple(_who(support)), passages, count)


def _who(support: Support) -> Iterator[tuple[str, str]]:
    said = [("", support.affirm), ("deny: ", support.deny_it), ("join a denied passage: ", support.deny_of_end)]
    said += [(f"{mode}: ", getattr(support, mode)) for mode in UNAFFIRMED if mode != "deny"]
    said.append(("not asked: ", support.not_asked))
    return ((word, ", ".join(people)) for word, people in said if people)


def _passage(row: EvidenceRow, model: Model, telling: Telling) -> QuotedPassage:
    transcript = model.evidence.transcripts[row.transcript]
    place = f"{row.participant} · {row.transcript}"
    if row.start is not None:
        place += f", turn {row.turn + 1}"
    marks: list[str] = [row.mode] if row.mode != "affirm" else []
    marks += [row.kind] if row.what == "edge" else []
    marks += [row.code, "unsure"] if row.unsure else [row.code]
    about = " · ".join((place, ", ".join(marks), f"coded by {row.coder}", " ".join(row.segments)))
    if not telling.may_quote(row.participant):
        return QuotedPassage(row.participant, row.mode, about, withheld=telling.quotes == "full")
    turn = transcript.turn_at(row.start) if row.start is not None else None
    return QuotedPassage(row.participant, row.mode, about, _short(asked(transcript, turn)), tuple(_words(row, model)))


def _words(row: EvidenceRow, model: Model) -> Iterator[Piece]:
    """The words in their context, the cue of a relation marked."""
    if row.start is None or row.end is None:
        yield "the whole interview", "context"
        return
    text = model.evidence.transcripts[row.transcript].text
    if row.cue and not model.evidence.told_cue(row):
        row = msgspec.structs.replace(row, cue=None)
    told = told_spans(row)
    low, high = _around(model, row, told[0][0], told[-1][1])
    yield text[low : told[0][0]], "context"
    position = told[0][0]
    for start, end, mark in told:
        if start > position:
            yield " […] ", "context"
        yield text[start:end], mark
        position = end
    yield text[position:high], "context"


def told_spans(row: EvidenceRow) -> list[tuple[int, int, str]]:
    """The participant's words and the cue, cut so that nothing is told twice: (start, end, mark) in order."""
    if row.cue is None:
        return [(start, end, "said") for start, end in row.parts]
    first, last = row.cue
    spans = [(first, last, "cue")]
    for start, end in row.parts:
        spans += [(start, min(end, first), "said")] if start < first else []
        spans += [(max(start, last), end, "said")] if end > last else []
    return sorted(spans)


def _around(model: Model, row: EvidenceRow, start: int, end: int) -> tuple[int, int]:
    """Context inside the turn of the participant, so that nobody else's words look like theirs."""
    transcript = model.evidence.transcripts[row.transcript]
    first, last = transcript.turn_at(start), transcript.turn_at(end - 1)
    low, high = (first.start if first else start), (last.end if last else end)
    text = transcript.text
    start, end = max(low, start - CONTEXT), min(high, end + CONTEXT)
    while start > low and not text[start - 1].isspace():
        start -= 1
    while end < high and not text[end].isspace():
        end += 1
    return start, end


def _short(text: str, most: int = 220) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"… {text[-most:].split(' ', 1)[-1]}"
