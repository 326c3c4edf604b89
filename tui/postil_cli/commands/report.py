"""``postil report``: one HTML file that holds the whole story."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from postil_cli.common import open_study_here, say_consent, study_option
from postil_cli.output.writing import check_early, check_out, deliver

if TYPE_CHECKING:
    from postil_model.report.evidence_lists import Quotes


@click.command("report")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("report.html"),
    show_default=True,
    callback=check_early,
    help="The file.",
)
@click.option(
    "--quotes",
    type=click.Choice(["none", "ids", "full"]),
    default="full",
    show_default=True,
    help="How much of people's words goes in; refused consent is obeyed in any case.",
)
@study_option
def command(out: Path, quotes: str, study_folder: Path | None) -> None:
    """Write one self-contained HTML file: the diagram with the words behind each mark, agreement, joint display.

    It opens from disk in any browser and loads nothing from anywhere.
    """
    from postil_model.report.of_study import report

    study = open_study_here(study_folder)
    check_out(out)
    if quotes == "full":
        say_consent(study)
    deliver(report(study, cast("Quotes", quotes)), out)
