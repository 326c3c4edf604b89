"""The words behind something: a code, a node, an item, an edge or a participant; one look-up in the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from postil_base.problem import PostilError
from postil_formats.tables.files import Table
from postil_model.decision.model import Model
from postil_model.evidence.rows import EvidenceRow
from postil_study.privacy.consent.purposes import WITHHELD
from postil_study.text.values import Transcript


@dataclass(frozen=True, slots=True)
class Said:
    """One quote in its place; turns are counted from 1, 0 is a code on the whole transcript."""

    object: str
    participant: str
    transcript: str
    turn: int
    segments: tuple[str, ...]
    mode: str
    kind: str
    quote: str
    cue: str
    codes: tuple[str, ...]
    coder: str
    start: int | None
    end: int | None
    memo: str
    asked: str = ""  # the question it answers
    before: str = ""  # what stands around it in its turn
    after: str = ""


def rows_of(model: Model, name: str) -> list[EvidenceRow]:
    """The rows meant by a name: an id of a node, edge, item (``node.item``), code (with those below), or participant;
    ``source->target`` means all edges between two nodes."""
    found = list(_meant(model, name))
    if found or _is_known(model, name):
        return [row for row in found if row.participant in model.people]
    known = [*model.nodes, *model.edges, *model.codebook.codes, *model.participants]
    near = get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise PostilError(f"there is no node, edge, item, code or participant called {name!r}.{hint}")


def _meant(model: Model, name: str) -> Iterator[EvidenceRow]:
    evidence = model.evidence
    if name in model.nodes or name in model.edges:
        yield from evidence.by_object.get(name, ())
    elif "->" in name:
        pair = tuple(part.strip() for part in name.split("->", 1))
        for edge in model.edges.values():
            if edge.key[:2] == pair:
                yield from evidence.by_object.get(edge.id, ())
    elif name in evidence.participants:
        yield from (row for row in evidence.rows if row.participant == name and row.what != "edge")
    elif (code := model.codebook.resolve(name.removesuffix("/*"))) is not None:
        codes = set(model.codebook.subtree(code))
        yield from (row for row in evidence.rows if row.what != "edge" and row.code in codes)
    else:
        node, _, item = name.rpartition(".")
        yield from (row for row in evidence.by_object.get(node, ()) if row.item == item)


def _is_known(model: Model, name: str) -> bool:
    """Known things without evidence have no quotes, which is an answer and no mistake."""
    node, _, item = name.rpartition(".")
    return (
        name in model.nodes
        or name in model.edges
        or name in model.evidence.participants
        or model.codebook.resolve(name.removesuffix("/*")) is not None
        or (node in model.nodes and item in model.nodes[node].items)
        or ("->" in name and all(part.strip() in model.nodes for part in name.split("->", 1)))
    )


def quotes(model: Model, name: str, everybody: bool = False) -> list[Said]:
    """Quotes in the order of participants and of talk, each once; ``everybody``: of those who refused, too."""
    order = {participant: place for place, participant in enumerate(model.participants)}
    rows = sorted(
        rows_of(model, name), key=lambda row: (order[row.participant], row.transcript, row.start or 0, row.segments)
    )
    merged: dict[tuple[object, ...], list[EvidenceRow]] = {}
    for row in rows:
        merged.setdefault((row.participant, row.transcript, row.segments, row.kind, row.mode), []).append(row)
    return [_said(found, model, everybody) for found in merged.values()]


def _said(rows: Sequence[EvidenceRow], model: Model, everybody: bool) -> Said:
    row, evidence = rows[0], model.evidence
    codes = [f"{r.code} → {r.target_code}" if r.target_code else r.code for r in rows]
    return Said(
        object=row.object or row.code,
        participant=row.participant,
        transcript=row.transcript,
        turn=row.turn + 1,
        segments=row.segments,
        mode=row.mode,
        kind=row.kind,
        quote=evidence.quote(row) if everybody else evidence.told(row),
        cue=evidence.cue(row) if everybody else evidence.told_cue(row),
        codes=tuple(dict.fromkeys(codes)),
        coder=row.coder,
        start=row.start,
        end=row.end,
        memo=row.memo,
    )


def in_context(found: Sequence[Said], transcripts: Mapping[str, Transcript], context: int = 0) -> list[Said]:
    """The same quotes with the question each answers, and so many characters of its turn on either side."""
    return [_placed(said, transcripts[said.transcript], context, said.quote == WITHHELD) for said in found]


def _placed(said: Said, transcript: Transcript, context: int, silent: bool) -> Said:
    from postil_model.search.passages import around, asked

    if said.start is None or said.end is None:
        return said
    turn = transcript.turn_at(said.start)
    before, after = around(transcript, said.start, said.end, 0 if silent else context)
    return replace(said, asked=" ".join(asked(transcript, turn).split()), before=before, after=after)


def quote_table(found: Sequence[Said], title: str) -> Table:
    """Quotes as a table."""
    headers = (
        "participant", "transcript", "turn", "quote", "cue", "mode", "kind", "codes", "coder", "segments", "start",
        "end", "memo", "asked", "before", "after",
    )  # fmt: skip
    rows = tuple(
        (
            said.participant, said.transcript, said.turn or None, said.quote, said.cue, said.mode, said.kind,
            "; ".join(said.codes), said.coder, "; ".join(said.segments), said.start, said.end, said.memo,
            said.asked, said.before, said.after,
        )
        for said in found
    )  # fmt: skip
    return Table(headers, rows, title)
