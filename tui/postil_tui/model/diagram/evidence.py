"""The quotes behind a node or an edge: who, where, what was asked, the words with their cue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from postil_model.decision.candidates import work_list as suggested
from postil_model.decision.model import Model
from postil_model.drawing.text import shorten
from postil_model.evidence.rows import GAP, EvidenceRow
from postil_study.text.values import Transcript
from postil_tui.code.session.labels import MODE_SIGNS, MODE_WORDS
from postil_tui.model.diagram.about import KIND_WORDS, title
from postil_tui.text.pieces import Piece, fold_pieces
from postil_tui.text.question import question

ROOM = 400  # characters of a question that are shown
MOST_SUGGESTED = 1000  # more than anybody walks through; the first are those that most people suggest


@dataclass(frozen=True)
class EvidenceEntry:
    """One piece of evidence, ready to be read. ``offset`` is where enter goes, None for the whole transcript."""

    participant: str
    transcript: str
    offset: int | None
    head: tuple[Piece, ...]
    asked: str
    words: tuple[Piece, ...]
    memo: str = ""
    told: bool = True  # whether the words may be copied: everybody who speaks agreed to be quoted

    @property
    def quote(self) -> str:
        """The words alone."""
        return "".join(text for text, _ in self.words)


def entries(model: Model, rows: Iterable[EvidenceRow]) -> list[EvidenceEntry]:
    """One for each row of evidence."""
    return [_entry(model, row) for row in rows]


def _entry(model: Model, row: EvidenceRow) -> EvidenceEntry:
    transcript = model.evidence.transcripts[row.transcript]
    place = f"{row.transcript}, turn {row.turn + 1}" if row.start is not None else f"{row.transcript}, as a whole"
    turn = transcript.turn_at(row.start) if row.start is not None else None
    start = row.cue[0] if row.cue else row.start
    return EvidenceEntry(
        row.participant,
        row.transcript,
        start,
        ((row.participant, "title"), (f"  {place}", "quiet"), *_marks(row)),
        question(transcript, turn, ROOM),
        tuple(_words(transcript, row)),
        row.memo,
        row.participant not in model.evidence.withheld and (row.cue is None or bool(model.evidence.told_cue(row))),
    )


def _marks(row: EvidenceRow) -> list[Piece]:
    code = f"{row.code} → {row.target_code}" if row.target_code else row.code
    found: list[Piece] = [("   ■ ", f"code:{row.code}"), (code, "")]
    if row.guard:
        found.append((f" [{row.guard}]", ""))
    words = [MODE_SIGNS[row.mode] + MODE_WORDS[row.mode]] if row.mode != "affirm" else []
    words += [KIND_WORDS.get(row.kind, row.kind)] if row.what == "edge" and row.kind != "stated" else []
    words += [row.elicited] if row.elicited != "unknown" else []
    words += ["unsure"] if row.unsure else []
    return [*found, (f"   {' · '.join([*words, f'by {row.coder}'])}", "faint")]


def _words(transcript: Transcript, row: EvidenceRow) -> Iterable[Piece]:
    """The participant's words and the cue, in order, nothing twice."""
    if not row.parts:
        return [("(the whole transcript)", "quiet")]
    spans = [(start, end, "") for start, end in row.parts]
    if row.cue:
        first, last = row.cue
        spans = [
            (s, e, "")
            for start, end in row.parts
            for s, e in ((start, min(end, first)), (max(start, last), end))
            if s < e
        ]
        spans.append((first, last, "cue"))
    pieces: list[Piece] = []
    at = None
    for start, end, role in sorted(spans):
        if at is not None and transcript.text[at:start].strip():
            pieces.append((GAP, "faint"))
        elif at is not None and start > at:
            pieces.append((transcript.text[at:start], ""))
        pieces.append((transcript.text[start:end], role))
        at = end
    return pieces


def previews(model: Model, rows: Sequence[EvidenceRow], width: int, most: int = 6) -> list[list[Piece]]:
    """The first quotes, one of each participant, cut to a few lines."""
    firsts = list({row.participant: row for row in reversed(rows)}.values())[::-1]
    lines: list[list[Piece]] = []
    for entry in entries(model, firsts[:most]):
        words = shorten(" ".join(entry.quote.split()), 3 * width)
        where = f"  {entry.transcript}" if entry.transcript != entry.participant else ""
        lines += [[], [(entry.participant, "count"), (where, "faint")]]
        lines += fold_pieces([(f"“{words}”", "quiet")], width)
    return lines


def short_previews(model: Model, rows: Sequence[EvidenceRow], width: int, most: int) -> list[list[Piece]]:
    """The first quotes, one of each participant, a line each."""
    firsts = list({row.participant: row for row in reversed(rows) if row.parts}.values())[::-1]
    return [
        [
            (entry.participant, "count"),
            (f"  “{shorten(' '.join(entry.quote.split()), width - len(entry.participant) - 4)}”", "quiet"),
        ]
        for entry in entries(model, firsts[:most])
    ]


def work_list(model: Model) -> list[EvidenceEntry]:
    """Pairs that order or co-occurrence suggest and nobody has related, and relations that count nowhere yet."""
    found = []
    for one in suggested(model, most=MOST_SUGGESTED).first:
        transcript = model.evidence.transcripts[one.transcript]
        turn = transcript.turn_at(one.start) if one.start is not None else None
        between = f"{_name(model, one.source)} … {_name(model, one.target)}" if one.source else "a relation"
        why = one.why or f"{'told in this order' if one.hint == 'order' else 'told together'} by {one.participants}"
        words = _ends(transcript.text[one.start : one.end]) if one.start is not None else ""
        head = (
            (between, "title"),
            (f"  {one.participant} {one.transcript}, turn {one.turn + 1}", "quiet"),
            (f"   {why}", "faint"),
        )
        found.append(
            EvidenceEntry(
                one.participant, one.transcript, one.start, head, question(transcript, turn, ROOM), ((words, ""),)
            )
        )
    return found


def _ends(text: str) -> str:
    """Two things may be told far from each other: the beginning and the end are enough."""
    return text if len(text) <= 2 * ROOM else f"{text[:ROOM].rsplit(' ', 1)[0]} […] {text[-ROOM:].split(' ', 1)[-1]}"


def _name(model: Model, name: str) -> str:
    return title(model, name) if name in model.nodes else name
