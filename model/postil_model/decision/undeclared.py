"""The figure of a study that declares no process: what people relate, or, where nobody relates anything yet, hints.

Hints are what order of talk and closeness suggest. They are drawn dashed, in a colour of their own and with the word on
them, never beside a stated relation, and counted nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from postil_base.plural import counted
from postil_codebook.values import Finding
from postil_model.decision.candidates import suggested
from postil_model.decision.figure import Quotes, figure_of
from postil_model.decision.legend import legend, words_of
from postil_model.decision.model import Model
from postil_model.drawing.figure import Figure, FigureEdge

MOST_HINTS = 12  # more suggest everything and nothing
HOW_TO = (
    "Open a transcript (postil code TRANSCRIPT), put the cursor on a coded passage, press r, go to the other passage "
    "and press enter; postil import-codings reads relations of other programs"
)


@dataclass(frozen=True, slots=True)
class Hint:
    """A pair of nodes that nobody relates; ``directed`` where most spoke of the first before the second."""

    source: str
    target: str
    directed: bool
    people: tuple[str, ...]


def is_undeclared(model: Model) -> bool:
    """Whether the study declares no process: its nodes are the codes in use."""
    return not model.process.edges and all(node.origin == "derived" for node in model.process.nodes)


def hints(model: Model, most: int = MOST_HINTS) -> list[Hint]:
    """What order and closeness suggest, most people first; by as many as the threshold asks for, else by anybody."""
    found = [
        _hint(model, [(one.object, other.object, one.participant, kind) for one, other, kind in pair])
        for (source, target), pair in suggested(model).items()
        if source in model.shown_nodes and target in model.shown_nodes
    ]
    rank = {name: place for place, name in enumerate(model.nodes)}
    found.sort(key=lambda hint: (-len(hint.people), not hint.directed, rank[hint.source], rank[hint.target]))
    enough = [hint for hint in found if len(hint.people) >= model.params.min_participants]
    return (enough or found)[:most]


def _hint(model: Model, pair: Sequence[tuple[str, str, str, str]]) -> Hint:
    people = tuple(name for name in model.participants if any(name == who for _, _, who, _ in pair))
    ways = Counter((source, target) for source, target, _, kind in pair if kind == "order")
    source, target = pair[0][:2]
    if not ways:
        return Hint(source, target, False, people)
    forward, back = ways[source, target], ways[target, source]
    if back > forward:
        source, target = target, source
    return Hint(source, target, 2 * max(forward, back) > len(pair), people)


def drawn_figure(model: Model, findings: Sequence[Finding] = (), quotes: Quotes = "ids", page: str = "") -> Figure:
    """The figure as it is drawn: `figure_of`, and without a declared process only what is related."""
    figure = figure_of(model, findings, quotes, page)
    if not is_undeclared(model):
        return figure
    if figure.edges:
        return _tied(figure, model, f"not drawn: {{}} that nobody relates{_by(model)}.")
    suggestions = [_edge(model, hint) for hint in hints(model)]
    if not suggestions:
        return replace(figure, caption=(*figure.caption[:1], nothing_stated(model), *figure.caption[1:]))
    return _tied(replace(figure, edges=tuple(suggestions)), model, "not drawn: {} that no hint touches.")


def nothing_stated(model: Model) -> str:
    """A sentence where no relation is drawn: what that means and how one is made; empty where there are some."""
    if not is_undeclared(model) or model.shown_edges:
        return ""
    fewer = len(model.below_threshold)
    told = f" {counted(fewer, 'relation')} by fewer: -t 1 draws what anybody states." if fewer else ""
    return f"No relation is stated{_by(model)}.{told} {HOW_TO}."


def hint_lines(model: Model) -> Iterator[tuple[str, str, str]]:
    """Pair, kind and participants of each hint, as words."""
    return (_words(model, hint) for hint in hints(model))


def _words(model: Model, hint: Hint) -> tuple[str, str, str]:
    names = [model.nodes[name].node.label or name for name in (hint.source, hint.target)]
    kind = "one after the other" if hint.directed else "in one answer"
    return (" ⇢ " if hint.directed else " – ").join(names), kind, f"{len(hint.people)}/{model.n}"


def _by(model: Model) -> str:
    threshold = model.params.min_participants
    return f" by at least {counted(threshold, 'participant')}" if threshold > 1 else ""


def _edge(model: Model, hint: Hint) -> FigureEdge:
    line, kind, count = _words(model, hint)
    return FigureEdge(
        id=f"hint:{hint.source}:{hint.target}",
        source=hint.source,
        target=hint.target,
        kind="influence",
        count=f"hint {count}",
        tone="hint",
        declared=False,
        directed=hint.directed,
        tooltip=f"{line}: only a hint, {kind}: {', '.join(hint.people)}",
        status="hint",
    )


def _tied(figure: Figure, model: Model, left_out: str) -> Figure:
    """The figure with those nodes alone that an edge touches, and with what is left out told."""
    ends = {end for edge in figure.edges for end in (edge.source, edge.target)}
    nodes = tuple(node for node in figure.nodes if node.id in ends)
    notes = tuple(note for note in figure.notes if note.node in ends)
    figure = replace(figure, nodes=nodes, notes=notes)
    missing = len(model.shown_nodes) - len(nodes)
    told = [left_out.format(counted(missing, "code"))] if missing else []
    said = nothing_stated(model)
    words = [word for word in (said, *(text[0].upper() + text[1:] for text in told)) if word]
    return replace(figure, caption=(legend(figure, words_of(model)), *words, *figure.caption[1:]))
