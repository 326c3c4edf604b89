"""The legend of a figure: one sentence for each mark that is used in it, and for no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from postil_model.decision.model import Model
from postil_model.drawing.boxes import MOST_CELLS
from postil_model.drawing.columns import main_line
from postil_model.drawing.figure import Figure

Mark = Literal[
    "squares", "bar", "item counts", "counts", "black", "grey", "orange", "orange box", "blue", "dashed arrow",
    "dashed box", "diamond", "ring", "italics", "denied", "purple", "conflict", "hollow", "broken",
    "asked", "hint",
]  # fmt: skip
_EVIDENCE = {
    "stated": "participants who state the relation in words; line width grows with k.",
    "inferred": "participants for whom the coder inferred the relation, nobody said it; line width grows with k.",
    "order": "participants who spoke of one after the other; a hint, not a relation; line width grows with k.",
    "cooccur": "participants who spoke of both in one answer; a hint, without direction; line width grows with k.",
}


def legend(figure: Figure, said: Mapping[Mark, str]) -> str:
    """What the marks of a figure mean, each sentence once; a mark with an empty one speaks for itself."""
    return " ".join(dict.fromkeys(sentence for mark in marks(figure) if (sentence := said[mark])))


def marks(figure: Figure) -> list[Mark]:
    """The marks in a figure that mean something, in the order in which the legend explains them."""
    return list(dict.fromkeys((*_of_nodes(figure), *_of_edges(figure), *_of_notes(figure))))


def _of_nodes(figure: Figure) -> Iterator[Mark]:
    strips = [node.strip for node in figure.nodes if node.strip]
    if strips:
        yield "bar" if len(strips[0]) > MOST_CELLS else "squares"
    items = [item for node in figure.nodes for item in node.items]
    if any(item.count is not None for item in items):
        yield "item counts"
    if any(edge.count and edge.tone != "hint" for edge in figure.edges):
        yield "counts"
    tones = {node.tone for node in figure.nodes} | {edge.tone for edge in figure.edges}
    if "plain" in tones:
        yield "black"
    # what stands in a diamond has the diamond's colour
    unsupported = (item for node in figure.nodes if node.kind != "decision" for item in node.items if item.count == 0)
    if "missing" in tones or any(unsupported):
        yield "grey"
    if any(edge.tone == "unexpected" for edge in figure.edges):
        yield "orange"
    if any(node.tone == "unexpected" for node in figure.nodes):
        yield "orange box"
    if "other" in tones:
        yield "blue"
    if any(node.kind == "factor" for node in figure.nodes):
        yield "dashed box"
    if any(node.kind == "decision" for node in figure.nodes):
        yield "diamond"
    if any(item.emphasis for item in items):
        yield "italics"


def _of_edges(figure: Figure) -> Iterator[Mark]:
    ends = {node.id for node in figure.nodes if node.kind == "terminal"} - set(main_line(figure))
    if any(edge.tone == "hint" for edge in figure.edges):
        yield "hint"
    if any(edge.kind == "influence" and edge.tone != "hint" for edge in figure.edges):
        yield "dashed arrow"
    if any(e.declared and e.directed and e.target in ends and not e.one_reader for e in figure.edges):
        yield "ring"
    if any(edge.denied for edge in figure.edges):
        yield "denied"
    if any(edge.one_reader and edge.directed for edge in figure.edges):
        yield "hollow"
    if any(edge.fragile for edge in figure.edges):
        yield "broken"
    if any(edge.only_asked for edge in figure.edges):
        yield "asked"


def _of_notes(figure: Figure) -> Iterator[Mark]:
    if figure.notes:
        yield "purple"
    if any("[conflict]" in text for note in figure.notes for text in note.texts):
        yield "conflict"


def words_of(model: Model) -> dict[Mark, str]:
    """The sentence for each mark in a figure of a model."""
    people = model.participants
    shown = f"{people[0]} to {people[-1]}" if len(people) > 2 else " and ".join(people)
    threshold = model.params.min_participants
    few = f" or by fewer than {threshold}" if threshold > 1 else ""
    least = f" by at least {threshold}" if threshold > 1 else ""
    return {
        "squares": f"Squares: participants {shown}, filled = supports.",
        "bar": f"Bars: participants {shown}, filled = support.",
        "item counts": "Number beside an item: participants who support it.",
        "counts": f"k/{model.n}: {_EVIDENCE[model.params.evidence]}",
        "black": "Black: declared." if model.process.edges or not model.n else f"Black: supported{least}.",
        "grey": f"Grey: declared, supported by nobody{few}.",
        "orange": "Orange: not declared.",
        "orange box": "Orange box: came out of the interviews.",
        "blue": "Blue: only in the second.",
        "hint": f"Dashed and “hint k/{model.n}”: no relation; k spoke of one after the other (arrow) or of both in one "
        "answer (line).",
        "dashed arrow": "Dashed arrow: influence.",
        "dashed box": "Dashed box: factor.",
        "diamond": "Diamond: decision.",
        "ring": "Ring: an end of the process.",
        "italics": "Italics: emphasised in the process.",
        "denied": "(−d): denied by d.",
        "hollow": "Hollow arrowhead: one coder's reading alone.",
        "broken": f"Broken line: falls below {threshold} without any one of its people.",
        "asked": "°: said only when asked.",
        "purple": "Purple: measured.",
        "conflict": "[conflict]: sources disagree.",
    }
