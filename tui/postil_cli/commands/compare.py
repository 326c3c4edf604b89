"""``postil compare``: the model against a reference."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.problem import PostilError
from postil_cli.answers import answer, format_of, table_options
from postil_cli.common import DATA_SAYS_NO, open_study_here, say, study_option
from postil_cli.model_options import model_options, names, params_of
from postil_cli.writing import deliver

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postil_model.compare import Comparison
    from postil_model.tables import Table
    from postil_transcripts.study import Study

WHAT = ("node", "item", "edge")
STATUS = ("matched", "weak", "missing", "unexpected")


@click.command("compare")
@click.argument("reference", required=False, type=click.Path(path_type=Path))
@click.option("--coder", default="", metavar="ID", help="Take this coder's model as the reference.")
@click.option(
    "--figure", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Draw it (svg, pdf, png)."
)
@click.option("--assert", "asserts", multiple=True, metavar="'coverage>=0.8'", help="End with 1 unless this holds.")
@model_options
@table_options
@study_option
def command(reference: Path | None, study_folder: Path | None, **options: Any) -> int:
    """The model against a reference: matched, weak, missing and unexpected nodes, items and edges.

    REFERENCE is a process file (also in the list form of a published model), the folder of another study, or, left out,
    the process this study declares. Edge coverage, precision and fit are ratios of sets of statements; where the
    reference was drawn from the same interviews they measure traceability, and are called so.
    """
    from postil_model.references import compare_study, load_reference

    study = open_study_here(study_folder)
    params = params_of(study, options)
    process = load_reference(study, reference, params, options["coder"])
    found = compare_study(study, process, params, coders=names(options["coders"]))
    answer(_tables(found), found.title or "Comparison", options, lambda: _plain(found))
    if options["figure"]:
        _draw(found, study, options["figure"])
    if format_of(options) == "table":
        for line in _lines(found):
            say(line)
    return _asserted(found, options["asserts"])


def _tables(found: Comparison) -> list[Table]:
    from postil_model.tables import Table

    rows = tuple(
        (row.what, row.label, str(row.support), row.status, ", ".join(row.support.affirm))
        for what in WHAT
        for status in STATUS
        for row in found.of(what, status)  # type: ignore[arg-type]
    )
    shown = Table(("what", "name", "k/n", "status", "participants"), rows, f"Compared with {found.title}")
    ratios = Table(
        ("what", "matched", "in the reference", "in the model", "coverage", "precision", "weighted precision"),
        tuple(
            (what, r.matched, r.reference, r.found, *map(_share, (r.coverage, r.precision, r.weighted_precision)))
            for what, r in found.ratios.items()
        ),
        f"Ratios, stated by at least {found.threshold}",
    )
    people = Table(
        ("participant", "edges", f"edge {found.word}", f"relaxed {found.word}", f"stage {found.word}"),
        tuple((p.participant, p.edges, *map(_share, (p.strict, p.relaxed, p.stage))) for p in found.people),
        f"Edge {found.word} per participant",
    )
    return [shown, ratios, people]


def _share(value: float | None) -> str | float:
    return "undefined" if value is None else round(value, 3)


def _lines(found: Comparison) -> Sequence[str]:
    edge = found.ratios["edge"]
    return [
        f"Edges: {edge.matched} of {edge.reference} in the reference are matched, "
        f"{len(found.of('edge', 'weak'))} weak, {len(found.of('edge', 'missing'))} missing; "
        f"{len(found.of('edge', 'unexpected'))} unexpected."
    ]


def _plain(found: Comparison) -> dict[str, Any]:
    return {
        "reference": found.title,
        "threshold": found.threshold,
        "word": found.word,
        "ratios": {
            what: {
                "matched": r.matched,
                "reference": r.reference,
                "found": r.found,
                "coverage": r.coverage,
                "precision": r.precision,
                "weighted_precision": r.weighted_precision,
            }
            for what, r in found.ratios.items()
        },
        "objects": [
            {
                "what": row.what,
                "id": row.id,
                "label": row.label,
                "status": row.status,
                "k": row.support.k,
                "n": row.support.n,
                "participants": list(row.support.affirm),
            }
            for row in found.rows
        ],
        "participants": [
            {"participant": p.participant, "edges": p.edges, "strict": p.strict, "relaxed": p.relaxed, "stage": p.stage}
            for p in found.people
        ],
    }


def _draw(found: Comparison, study: Study, file: Path) -> None:
    from postil_model.drawing.pictures import draw
    from postil_model.model_figure import figure_of

    kind = file.suffix.lower().lstrip(".")
    if kind not in ("svg", "pdf", "png"):
        raise PostilError(f"{file}: a figure is svg, pdf or png; name the file so.")
    deliver(draw(figure_of(found.model, study.findings), [kind]).files[kind], file)


def _asserted(found: Comparison, asserts: Sequence[str]) -> int:
    """Checks such as ``coverage>=0.8`` on the edges' ratios, for the build of a paper."""
    import re

    failed = False
    for check in asserts:
        match = re.fullmatch(r"\s*(coverage|precision|weighted_precision)\s*(>=|<=)\s*(\d+(?:\.\d+)?)\s*", check)
        if match is None:
            raise PostilError(f"{check!r} cannot be checked; write for example --assert 'coverage>=0.8'.")
        value = getattr(found.ratios["edge"], match[1])
        limit = float(match[3])
        holds = value is not None and (value >= limit if match[2] == ">=" else value <= limit)
        if not holds:
            say(f"not so: {check.strip()} ({match[1]} is {_share(value)})")
            failed = True
    return DATA_SAYS_NO if failed else 0
