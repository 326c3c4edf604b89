"""``postil matrix``: codes by participants or by an attribute, and the framework matrix."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from postil_base.problem import PostilError
from postil_cli.answers import answer, format_of, table_options
from postil_cli.common import open_study_here, study_option
from postil_cli.model_options import names
from postil_cli.writing import deliver

if TYPE_CHECKING:
    from postil_model.matrix import CodeMatrix
    from postil_transcripts.study import Study
    from postil_transcripts.types import Mode

MODES = ("affirm", "deny", "hypothetical", "wish", "reported")


@click.command("matrix")
@click.option(
    "--themes", is_flag=True, help="The framework matrix: participants by themes, with the charted summaries."
)
@click.option("--by", "attribute", default="", metavar="ATTRIBUTE", help="By the values of a participants' attribute.")
@click.option("--subtrees", is_flag=True, help="A code counts what is coded below it, too.")
@click.option("--mode", "modes", multiple=True, type=click.Choice(MODES), help="Only uses in this mode.")
@click.option("--coders", default="", metavar="A,B", help="Union of these coders instead of the coding of record.")
@table_options
@study_option
def command(study_folder: Path | None, **options: Any) -> None:
    """Codes by participants: how many segments, and how many people have each code at all.

    With --themes the framework matrix: each participant's summaries by theme (charts/), with the quotes they rest on
    in XLSX and HTML.
    """
    study = open_study_here(study_folder)
    if options["themes"]:
        _framework(study, options)
        return
    from postil_model.matrix import attribute_table, code_matrix, participant_table
    from postil_model.of_study import study_interviews

    interviews, _ = study_interviews(study, names(options["coders"]))
    modes = cast("tuple[Mode, ...]", options["modes"])
    rows: Literal["codes", "subtrees"] = "subtrees" if options["subtrees"] else "codes"
    found = code_matrix(interviews, study.codebook, study.settings.participants, rows, modes)
    if options["attribute"]:
        values = _values(study, found.participants, options["attribute"])
        shown = attribute_table(found, study.codebook, values, options["attribute"])
    else:
        shown = participant_table(found, study.codebook)
    answer([shown], "Matrix", options, lambda: _plain(found))


def _values(study: Study, people: tuple[str, ...], attribute: str) -> dict[str, str]:
    from postil_model.subgroups import values_of

    return values_of(study.settings.participants, people, attribute)


def _plain(found: CodeMatrix) -> dict[str, Any]:
    return {
        "participants": list(found.participants),
        "codes": {code: dict(zip(found.participants, found.row(code), strict=True)) for code in found.codes},
    }


def _framework(study: Study, options: dict[str, Any]) -> None:
    from postil_model import framework_output
    from postil_model.framework import framework

    coders = names(options["coders"])
    matrix = framework(study, coders[0] if coders else "")
    kind, title = format_of(options), study.settings.title
    if kind == "xlsx":
        if options["out"] is None:
            raise PostilError("a workbook is no text for a terminal; name a file: --out FILE.xlsx")
        deliver(framework_output.as_xlsx(matrix, title), options["out"])
    elif kind == "html":
        deliver(framework_output.as_html(matrix, title), options["out"])
    elif kind in ("csv", "table"):
        deliver(framework_output.as_csv(matrix), options["out"])
    else:
        raise PostilError("the framework matrix comes as csv, xlsx or html; add --format.")
