"""A comparison as tables, as JSON and as a figure in colours."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from postil_formats.tables.files import Cell, KOfN, Table
from postil_model.decision.comparison.compare import Comparison, Status
from postil_model.decision.figure import figure_of
from postil_model.decision.legend import Mark, legend, words_of
from postil_model.drawing.figure import Figure

STATUSES: tuple[Status, ...] = ("matched", "weak", "missing", "unexpected")


def object_table(found: Comparison) -> Table:
    """Nodes, items and edges by status; both lists, because ratios alone say nothing."""
    order = {status: place for place, status in enumerate(STATUSES)}
    what = {"node": 0, "item": 1, "edge": 2}
    rows = sorted(found.rows, key=lambda row: (what[row.what], order[row.status]))
    return Table(
        ("what", "status", "k/n", "id", "label", "participants"),
        tuple(
            (r.what, r.status, KOfN(r.support.k, r.support.n), r.id, r.label, ", ".join(r.support.affirm)) for r in rows
        ),
        f"Compared with: {found.title}",
        (f"matched and unexpected: at least {found.threshold}; weak: fewer; missing: nobody", *_ignored(found)),
    )


def _ignored(found: Comparison) -> tuple[str, ...]:
    """What tells no edges apart here."""
    if not (parts := found.model.params.ignored):
        return ()
    return (f"edges that differ in {' or '.join(parts)} alone are one, under the declared or first of their names",)


def ratio_table(found: Comparison) -> Table:
    """Coverage and precision of nodes, items and edges."""
    rows: list[tuple[Cell, ...]] = []
    for what, ratios in found.ratios.items():
        rows.append(
            (
                f"{what}s",
                KOfN(ratios.matched, ratios.reference),
                ratios.coverage,
                KOfN(ratios.matched, ratios.found),
                ratios.precision,
                ratios.weighted_precision,
            )
        )
    return Table(
        ("", "matched/reference", "coverage", "matched/found", "precision", "weighted precision"),
        tuple(rows),
        "Ratios",
        ("edge coverage and edge precision are set ratios over relations, not replay fitness",),
    )


def people_table(found: Comparison) -> Table:
    """Fit (or traceability) of each participant."""
    word = found.word
    remark = "the reference was made from the same interviews" if word == "traceability" else "n/a: no edges stated"
    return Table(
        ("participant", "edges", f"edge {word}", f"relaxed {word}", f"stage {word}"),
        tuple((p.participant, p.edges, p.strict, p.relaxed, p.stage) for p in found.people),
        f"Edge {word} by participant",
        (f"relaxed: a path counts; stage: the pair of stages counts; {remark}",),
    )


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Everything as plain values."""
    return {
        "reference": found.title,
        "threshold": found.threshold,
        "filters": list(found.model.params.filters()),
        **{
            f"{what}s": {status: [_plain(row) for row in found.of(what, status)] for status in STATUSES}
            for what in found.ratios
        },
        "ratios": {f"{what}s": asdict(ratios) for what, ratios in found.ratios.items()},
        "word": found.word,
        "participants": [asdict(person) for person in found.people],
    }


def _plain(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "label": row.label,
        "k": row.support.k,
        "n": row.support.n,
        "participants": list(row.support.affirm),
    }


def comparison_figure(found: Comparison) -> Figure:
    """The reference coloured by what the participants state: black matched, grey weak or missing, orange unexpected."""
    figure = figure_of(found.model)
    edges, least = found.ratios["edge"], found.threshold
    orange = "Orange: not in the reference."
    said: dict[Mark, str] = {
        **words_of(found.model),
        "black": f"Black: in the reference, supported by at least {least}.",
        "grey": f"Grey: in the reference, supported by {'fewer or by ' if least > 1 else ''}nobody.",
        "orange": orange,
        "orange box": orange,
    }
    first = (
        f"Reference: {found.title}. Edges matched {edges.matched} of {edges.reference}, unexpected "
        f"{edges.found - edges.matched}."
    )
    same = [f"{sentence[0].upper()}{sentence[1:]}." for sentence in _ignored(found)]
    caption = (first, *same, legend(figure, said), *figure.caption[1:])
    return replace(figure, title=f"Compared with {found.title}", caption=caption)
