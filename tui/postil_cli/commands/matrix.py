"""``postil matrix``: participants by codes, attributes by codes, participants by themes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.problem import PostilError
from postil_cli.common import open_study_here, say, say_consent, study_option
from postil_cli.model_options import names
from postil_cli.output.answers import answer, answer_options, chosen_format, on_terminal, records
from postil_cli.output.writing import as_csv, deliver, need_file

if TYPE_CHECKING:
    from postil_formats.tables.files import Table
    from postil_model.counts.framework import Framework
    from postil_study.study import Study

MOST_COLUMNS = 60
MODES = ("affirm", "deny", "hypothetical", "wish", "reported")


@click.command("matrix")
@study_option
@click.option("--by", "attribute", default="", metavar="ATTRIBUTE", help="Values of this attribute across.")
@click.option("--subtrees", is_flag=True, help="A code counts what is coded below it too.")
@click.option(
    "--mode", "modes", type=click.Choice(MODES), multiple=True, help="Only uses in this mode (may be repeated)."
)
@click.option(
    "--framework", is_flag=True, help="The framework matrix: participants by themes, with summaries and quotes."
)
@click.option("--coders", default="", metavar="A,B", help="Union of these coders instead of the coding of record.")
@answer_options
def command(study_folder: Path | None, **options: Any) -> int:
    """Codes by participant: segments that hold words of each, and how many participants have the code at all."""
    study = open_study_here(study_folder)
    if options["framework"]:
        return _framework(study, options)
    found = _table(study, options)
    answer([found], records(found), options, lambda: on_terminal(_fitting(found)))
    return 0


def _fitting(found: Table) -> Table:
    """No terminal shows a thousand columns: what is counted over all participants stays."""
    from dataclasses import replace

    if len(found.headers) <= MOST_COLUMNS:
        return found
    rows = tuple((row[0], *row[-2:]) for row in found.rows)
    note = f"{len(found.headers) - 3} participants, one column each in --out FILE.csv or .xlsx"
    return replace(found, headers=(found.headers[0], *found.headers[-2:]), rows=rows, notes=(*found.notes, note))


def _table(study: Study, options: dict[str, Any]) -> Table:
    from postil_model.counts.matrix import attribute_table, code_matrix, participant_table
    from postil_model.decision.of_study import study_interviews

    interviews, missing = study_interviews(study, names(options["coders"]))
    if missing:
        say(f"Without a finished coding, so not counted: {', '.join(missing[:12])}{' …' if len(missing) > 12 else ''}")
    rows = "subtrees" if options["subtrees"] else "codes"
    matrix = code_matrix(interviews, study.codebook, study.settings.participants, rows, options["modes"])  # type: ignore[arg-type]
    if not options["attribute"]:
        return participant_table(matrix, study.codebook)
    return attribute_table(matrix, study.codebook, _values(study, matrix.participants, options), options["attribute"])


def _values(study: Study, people: tuple[str, ...], options: dict[str, Any]) -> dict[str, str]:
    from postil_model.decision.comparison.subgroups import values_of

    values = values_of(study.settings.participants, people, options["attribute"])
    if not values:
        known = sorted({name for person in study.settings.participants.values() for name in person.attributes})
        raise PostilError(
            f"no participant has an attribute {options['attribute']!r}; there are: {', '.join(known) or 'none'}"
        )
    return values


def _framework(study: Study, options: dict[str, Any]) -> int:
    """The framework matrix as it is charted in the app."""
    from postil_model.counts import framework_files as framework_output
    from postil_model.counts.framework import framework

    matrix = framework(study)
    if not matrix.themes:
        raise PostilError("this study has no themes; write them into themes.yaml (themes: in study.yaml) or in the app")
    format_ = chosen_format(options)
    say_consent(study, matrix.participants)
    title = study.settings.title
    if format_ == "xlsx":
        need_file("a workbook", options["out"])
        deliver(framework_output.as_xlsx(matrix, title), options["out"])
    elif format_ == "html":
        deliver(framework_output.as_html(matrix, title), options["out"])
    elif format_ == "csv":
        deliver(as_csv(framework_output.as_table(matrix)), options["out"])
    else:
        found = _framework_table(matrix, title)
        answer([found], records(found), options, lambda: on_terminal(_shortened(found)))
    return 0


def _framework_table(matrix: Framework, title: str) -> Table:
    """The matrix with whole cells; words of people who must not be quoted are withheld."""
    from postil_formats.tables.files import Table
    from postil_model.counts.framework_files import headings

    rows = []
    for person in matrix.participants:
        cells = []
        for theme in matrix.themes:
            count = len(matrix.quotes_of(person, theme.id))
            counted = f"{count} quote{'s' if count != 1 else ''}" if count else "–"
            cells.append(matrix.told(person, theme.id) or counted)
        rows.append((person, *cells))
    return Table(("participant", *headings(matrix)), tuple(rows), title)


def _shortened(found: Table) -> Table:
    """Cells as a terminal has room for them."""
    from dataclasses import replace

    from postil_model.drawing.text import shorten

    return replace(found, rows=tuple((row[0], *(shorten(str(cell), 60) for cell in row[1:])) for row in found.rows))
