"""``postil findings``: each finding as it is printed, as its data give it, and where the two differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.problem import PostilError
from postil_cli.common import open_study_here, say, study_option
from postil_cli.output.answers import answer, answer_options, on_terminal

if TYPE_CHECKING:
    from postil_study.study import Study


@click.command("findings")
@study_option
@click.option(
    "--remeasure",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    metavar="FILE",
    help="Compute again from FILE in place of the data file of that format: old, new, difference.",
)
@click.option("--data", default="", metavar="PATH", help="With --remeasure: the data file that FILE stands for.")
@answer_options
def command(study_folder: Path | None, **options: Any) -> int:
    """The measured findings: printed numbers, what their data give, intervals, conflicts, and what they are linked to.

    Exits with 1 when a printed number contradicts its data, or a number cannot be computed.
    """
    from postil_model.findings.listing import listed, remeasured, remeasured_table
    from postil_model.findings.listing import table as listing

    study = open_study_here(study_folder)
    if not study.findings:
        raise PostilError("this study has no findings; write them into findings.yaml and name it in study.yaml")
    if options["data"] and options["remeasure"] is None:
        raise PostilError("--data says which file --remeasure replaces; add --remeasure FILE.")
    if options["remeasure"] is not None:
        again = remeasured(study, _replaced(study, options["remeasure"], options["data"]))
        answer([remeasured_table(again)], [one.plain for one in again], options)
        return 0
    rows = listed(study)
    found = listing(rows)
    answer([found], [row.plain for row in rows], options, lambda: on_terminal(found))
    for remark in dict.fromkeys(remark for row in rows for remark in row.remarks):
        say(remark)
    return int(any(row.disputed for row in rows))


def _replaced(study: Study, new: Path, named: str) -> dict[str, Path]:
    """Which data file of the study the new one stands for: the one named, or the only one of its format."""
    from postil_study.files.data_files import data_files

    known = data_files(study.findings)
    if not known:
        raise PostilError("no finding of this study is computed from data; add `compute:` to one in findings.yaml")
    alike = [named] if named else [path for path in known if Path(path).suffix.lower() == new.suffix.lower()]
    if len(alike) != 1 or alike[0] not in known:
        raise PostilError(f"say which data file {new.name} stands for: --data PATH; there is {', '.join(known)}")
    return {alike[0]: new}
