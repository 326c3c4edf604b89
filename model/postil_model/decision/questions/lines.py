"""Questions to the model as a line of text: ``paths A B``, ``threads``, ``cut A B`` … each gives a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from postil_base.problem import PostilError
from postil_formats.tables.files import KOfN, Table
from postil_model.decision.guide_order import guide_notes, order_of_talk
from postil_model.decision.model import Model
from postil_model.decision.negative import negative_cases, never_denied
from postil_model.decision.questions import queries
from postil_model.decision.stability import stability, sweep
from postil_model.evidence.hints import follow_counts


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its form and what it answers."""

    form: str
    words: int
    says: str
    answer: Callable[..., Table]


def ask(model: Model, text: str) -> Table:
    """Answer a question; every form is in `QUESTIONS`."""
    name, *words = text.split()
    question = QUESTIONS.get(name)
    if question is None or len(words) != question.words:
        forms = "; ".join(f"{known.form}: {known.says}" for known in QUESTIONS.values())
        raise PostilError(f"{text!r} is no question to the model. There are: {forms}")
    return question.answer(model, *words)


def _chains(title: str, found: queries.Chains) -> Table:
    rows = tuple(
        (" → ".join(chain.nodes), len(chain.edges), chain.weakest, len(chain.people), ", ".join(chain.people))
        for chain in found.chains
    )
    notes = ["k: the weakest step on the map; told by: participants who state every step themselves"]
    if found.cut_off:
        notes.append(f"stopped at {queries.MOST_PATHS:,}; there are more")
    return Table(("way", "steps", "k", "told by", "who"), rows, title, tuple(notes))


def _paths(model: Model, source: str, target: str, longest: int = queries.LONGEST, threshold: int = 1) -> Table:
    return _chains(f"Paths from {source} to {target}", queries.paths(model, source, target, longest, threshold))


def _loops(model: Model, longest: int = queries.LONGEST, threshold: int = 1) -> Table:
    return _chains("Loops", queries.loops(model, longest, threshold))


def _threads(model: Model) -> Table:
    rows = tuple((t.participant, max(len(t.nodes) - 1, 0), " → ".join(t.nodes)) for t in queries.threads(model))
    return Table(("participant", "steps", "longest thread"), rows, "Threads", ("what one participant tells in a row",))


def _cut(model: Model, source: str, target: str) -> Table:
    found = queries.robustness(model, source, target)
    cut = "; ".join(f"{a} → {b}" for a, b in found.cut)
    rows = (("edge-count cut", found.flow, cut), ("told by", len(found.tellers), ", ".join(found.tellers)))
    note = "the cut counts statements on the map; it is no measure of how true the way is"
    return Table(("", "number", "which"), rows, f"From {source} to {target}", (note,))


def _must(model: Model, source: str, target: str) -> Table:
    found = queries.must_pass(model, source, target)
    rows = tuple((name, KOfN(model.nodes[name].support.k, model.nodes[name].support.n)) for name in found)
    told = _told(queries.tellers(model, source, target))
    return Table(("node", "k/n"), rows, f"On every way from {source} to {target}", (f"a whole way is told by {told}",))


def _without(model: Model, dropped: str, start: str) -> Table:
    found = queries.what_if_dropped(model, dropped, start)
    rows = [("no longer reached", name, "", _told(queries.tellers(model, start, name))) for name in found.unreachable]
    rows += [
        ("edge lost", name, model.route(name), _told(model.support(model.edges[name]).affirm))
        for name in found.lost_edges
    ]
    notes = ("told by: who states the edge, or a whole way to the node, as things are", "nothing is re-linked")
    return Table(("", "which", "way", "told by"), tuple(rows), f"Without {dropped}, from {start}", notes)


def _told(people: Sequence[str]) -> str:
    return f"{len(people)}: {', '.join(people)}" if people else "nobody"


def _stability(model: Model) -> Table:
    rows = tuple(
        (
            e.edge, model.route(e.edge), KOfN(e.k, e.n), ", ".join(_supporters(model, e.edge)),
            ", ".join(e.critical), round(e.bootstrap, 3),
        )
        for e in stability(model)
    )  # fmt: skip
    t = model.params.min_participants
    notes = (
        f"critical: without any one of them the edge falls below {t}; bootstrap: closed form, participants redrawn",
    )
    return Table(("edge", "way", "k/n", "told by", "critical participants", "bootstrap"), rows, "Stability", notes)


def _supporters(model: Model, edge: str) -> Sequence[str]:
    return model.support(model.edges[edge]).affirm


def _sweep(model: Model) -> Table:
    rows = tuple((row.threshold, row.edges, row.matched, row.coverage, row.precision) for row in sweep(model))
    return Table(("threshold", "edges", "declared", "coverage", "precision"), rows, "Threshold sweep")


def _negative(model: Model) -> Table:
    rows = tuple(
        (
            c.why,
            c.object,
            model.route(c.object) if c.object in model.edges else "",
            c.participant,
            c.transcript,
            c.quote,
        )
        for c in negative_cases(model)
    )
    notes = ("no coder used a denial in this study",) if never_denied(model) else ()
    return Table(("why", "object", "way", "participant", "transcript", "quote"), rows, "Negative cases", notes)


def _follows(model: Model) -> Table:
    """Whole interviews, node by node, with how far this is nothing but the order of the questions."""
    log = order_of_talk(model)
    counts = follow_counts([participant for participant, _ in log], [node for _, node in log])
    pairs = sorted(counts.items(), key=lambda item: (-item[1][1], -item[1][0], item[0]))
    rows = tuple((f"{a} → {b}", often, people) for (a, b), (often, people) in pairs if a != b)
    return Table(("pair", "times", "participants"), rows, "Order of talk over whole interviews", guide_notes(model))


QUESTIONS = {
    "paths": Question("paths A B", 2, "ways from A to B, and who tells the whole of one", _paths),
    "threads": Question("threads", 0, "the longest way each participant tells", _threads),
    "loops": Question("loops", 0, "loops, and who tells a whole one", _loops),
    "cut": Question("cut A B", 2, "the weakest place between A and B", _cut),
    "must": Question("must A B", 2, "nodes on every way from A to B", _must),
    "without": Question("without X A", 2, "what is lost from A on if X is dropped", _without),
    "stability": Question("stability", 0, "which edges hang on single participants", _stability),
    "sweep": Question("sweep", 0, "every threshold", _sweep),
    "follows": Question("follows", 0, "what was said next, and how far that is the guide's order", _follows),
    "negative": Question("negative", 0, "what speaks against the model", _negative),
}
