"""``postil compare``: the model against a reference."""

from __future__ import annotations

import operator
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.numbers import significant
from postil_base.problem import PostilError
from postil_cli.common import DATA_SAYS_NO, open_study_here, say, study_option
from postil_cli.model_options import caption_option, model_options, names, params_of
from postil_cli.output.answers import answer, answer_options, chosen_format, on_terminal, records
from postil_cli.output.writing import deliver

if TYPE_CHECKING:
    from postil_model.decision.comparison.compare import Comparison
    from postil_study.study import Study

PICTURES = ("svg", "pdf", "png", "dot")


@click.command("compare")
@click.argument("reference", required=False, type=click.Path(path_type=Path))
@study_option
@model_options
@click.option("--coder", default="", metavar="NAME", help="The reference is this coder's model.")
@click.option("--list", "listed", is_flag=True, help="The published models that come with Postil, by name.")
@click.option("--map", "mapping", default="", metavar="OURS=THEIRS,…", help="Nodes that are the same under other ids.")
@click.option(
    "--ignore",
    default="",
    metavar="PARTS",
    help="Edges that differ in these alone are one: type, guard, direction (a comma list).",
)
@click.option("--assert", "claims", multiple=True, metavar="coverage>=0.8", help="Exit code 1 if this does not hold.")
@caption_option
@answer_options
def command(reference: Path | None, study_folder: Path | None, **options: Any) -> int:
    """Matched, weak, missing and unexpected nodes, items and edges against REFERENCE.

    REFERENCE is a process file (native, or in the form of a published model), the folder of another study, a git
    commit of this one (HEAD~3, a tag), or the name of a published model (--list); without one, the study's own declared
    process. With --out FILE.svg (pdf, png, dot) as a figure in colours.
    """
    if options["listed"]:
        return _list(options)
    study = open_study_here(study_folder)
    found = _compare(study, reference, options)
    if _picture(found, options):
        return _checked(found, options["claims"])
    from postil_model.decision.comparison.files import comparison_json, object_table, people_table, ratio_table

    tables = [object_table(found), ratio_table(found), people_table(found)]
    answer(tables, comparison_json(found), options, lambda: "\n".join(on_terminal(table) for table in tables))
    return _checked(found, options["claims"])


def _list(options: dict[str, Any]) -> int:
    from postil_model.decision.comparison.library import library_table

    found = library_table()
    answer([found], records(found), options)
    return 0


def _compare(study: Study, reference: Path | None, options: dict[str, Any]) -> Comparison:
    from postil_model.decision.comparison.references import compare_study, load_reference
    from postil_model.validation.sensitivity import parts_of

    params = params_of(study, options)
    process = load_reference(study, reference, params, options["coder"])
    ignored = parts_of(options["ignore"])
    return compare_study(study, process, params, _names(options["mapping"]), names(options["coders"]), ignored)


def _names(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in names(text)]
    wrong = [ours for ours, equals, _ in pairs if not equals]
    if wrong:
        raise PostilError(f"--map wants OURS=THEIRS, not {wrong[0]!r}")
    return {ours.strip(): theirs.strip() for ours, _, theirs in pairs}


def _picture(found: Comparison, options: dict[str, Any]) -> bool:
    format_ = chosen_format(options, PICTURES)
    if format_ not in PICTURES:
        return False
    from postil_model.decision.comparison.files import comparison_figure
    from postil_model.drawing.pictures import boxes_for, dot_text, draw

    figure = comparison_figure(found)
    if not options["caption"]:
        figure = replace(figure, caption=())
    if format_ == "dot":
        deliver(dot_text(figure), options["out"])
    else:
        if format_ != "svg" and (told := boxes_for(figure)):
            say(told)
        deliver(draw(figure, [format_])[format_], options["out"])
    return True


_CLAIM = re.compile(r"(?:(nodes|items|edges)\.)?(coverage|precision|weighted_precision)\s*(>=|<=|>|<)\s*([\d.]+)")
_OPERATORS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


def _checked(found: Comparison, claims: tuple[str, ...]) -> int:
    """Whether all claims hold; useful in the checks of a paper."""
    status = 0
    for claim in claims:
        match = _CLAIM.fullmatch(claim.strip())
        if match is None:
            raise click.UsageError(f"--assert {claim!r}: write [nodes.|items.|edges.]coverage, precision, … >= 0.8")
        what, ratio, how, wanted = match.groups()
        value = getattr(found.ratios[(what or "edges").removesuffix("s")], ratio)  # type: ignore[index]
        if value is None or not _OPERATORS[how](value, float(wanted)):
            say(f"does not hold: {claim} (it is {'n/a' if value is None else significant(value, 4)})")
            status = DATA_SAYS_NO
    return status
