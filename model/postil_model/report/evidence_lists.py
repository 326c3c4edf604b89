"""What stands behind a node or an edge, as HTML: who, how, and their words in context."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from postil_base.quoting.html import html
from postil_model.decision.model import Edge, Model, Node
from postil_model.decision.support import Support
from postil_model.evidence.rows import Row
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


def node_evidence(node: Node, model: Model, telling: Telling) -> str:
    """The folded list of one node."""
    rows = model.evidence.by_object.get(node.node.id, [])
    return _folded(f"node-{node.node.id}", html(node.node.label), node.support, rows, model, telling)


def edge_evidence(edge: Edge, model: Model, telling: Telling) -> str:
    """The folded list of one edge, stated rows first, inferred ones after."""
    ends = [html(_label(model, end)) for end in (edge.key.source, edge.key.target)]
    guard = f" <em>{html(edge.key.guard)}</em>" if edge.key.guard else ""
    title = f"{ends[0]} {ARROWS.get(edge.key.type, '→')} {ends[1]}{guard}"
    rows = sorted(model.evidence.by_object.get(edge.id, []), key=lambda row: row.kind != "stated")
    return _folded(f"edge-{edge.id}", title, model.support(edge), rows, model, telling)


def _label(model: Model, node: str) -> str:
    found = model.nodes.get(node)
    return found.node.label if found else node


def _folded(name: str, title: str, support: Support, rows: Sequence[Row], model: Model, telling: Telling) -> str:
    """A ``details`` element: works without script, prints, and a click in the figure opens it."""
    chosen = [row for row in rows if row.participant in model.participants]
    people = " ".join(support.affirm)
    body = _who(support) + _quotes(chosen, model, telling)
    return (
        f'<details class="evidence" id="ev-{html(name)}" data-for="{html(name)}" data-people="{html(people)}" '
        f'data-n="{support.n}"><summary><span class="what">{title}</span> '
        f'<span class="kn">{support}</span></summary>\n{body}</details>'
    )


def _who(support: Support) -> str:
    said = [("", support.affirm), ("deny: ", support.deny_it), ("join a denied passage: ", support.deny_of_end)]
    said += [(f"{mode}: ", getattr(support, mode)) for mode in UNAFFIRMED if mode != "deny"]
    said.append(("not asked: ", support.not_asked))
    lines = [f"<li>{word}{html(', '.join(people))}</li>" for word, people in said if people]
    return f'<ul class="who">{"".join(lines)}</ul>' if lines else '<p class="who">Nobody states this.</p>'


def _quotes(rows: Iterable[Row], model: Model, telling: Telling) -> str:
    if telling.quotes == "none":
        return ""
    return "".join(_quote(row, model, telling) for row in rows)


def _quote(row: Row, model: Model, telling: Telling) -> str:
    transcript = model.evidence.transcripts[row.transcript]
    place = f"{row.participant} · {row.transcript}"
    if row.start is not None:
        place += f", turn {row.turn + 1}"
    marks: list[str] = [row.mode] if row.mode != "affirm" else []
    marks += [row.kind] if row.what == "edge" else []
    marks += [row.code, "unsure"] if row.unsure else [row.code]
    about = (place, ", ".join(marks), f"coded by {row.coder}", " ".join(row.segments))
    foot = f"<footer>{html(' · '.join(about))}</footer>"
    if telling.quotes != "full":
        return f'<blockquote class="{row.mode}">{foot}</blockquote>'
    if not telling.may_quote(row.participant):
        return f'<blockquote class="{row.mode}"><p class="withheld">({WITHHELD})</p>{foot}</blockquote>'
    turn = transcript.turn_at(row.start) if row.start is not None else None
    question = asked(transcript, turn)
    ask = f'<p class="asked">{html(_short(question))}</p>' if question else ""
    return f'<blockquote class="{row.mode}">{ask}<p>{_words(row, model)}</p>{foot}</blockquote>'


def _words(row: Row, model: Model) -> str:
    """The words in their context, the cue of a relation marked."""
    if row.start is None or row.end is None:
        return '<span class="context">the whole interview</span>'
    text = model.evidence.transcripts[row.transcript].text
    if row.cue and not model.evidence.told_cue(row):
        row = msgspec.structs.replace(row, cue=None)
    told = told_spans(row)
    low, high = _around(model, row, told[0][0], told[-1][1])
    pieces = [f'<span class="context">{html(text[low : told[0][0]])}</span>']
    position = told[0][0]
    for start, end, tag in told:
        if start > position:
            pieces.append('<span class="context"> […] </span>')
        pieces.append(f"<{tag}>{html(text[start:end])}</{tag}>")
        position = end
    pieces.append(f'<span class="context">{html(text[position:high])}</span>')
    return "".join(pieces).replace("\n", "<br>")


def told_spans(row: Row) -> list[tuple[int, int, str]]:
    """The participant's words and the cue, cut so that nothing is told twice: (start, end, tag) in order."""
    if row.cue is None:
        return [(start, end, "b") for start, end in row.parts]
    first, last = row.cue
    spans = [(first, last, "mark")]
    for start, end in row.parts:
        spans += [(start, min(end, first), "b")] if start < first else []
        spans += [(max(start, last), end, "b")] if end > last else []
    return sorted(spans)


def _around(model: Model, row: Row, start: int, end: int) -> tuple[int, int]:
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
