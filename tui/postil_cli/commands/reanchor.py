"""``postil reanchor``: codings follow a corrected transcript."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from postil_base.quoting.terminal import terminal
from postil_cli.common import DATA_SAYS_NO, json_option, open_study_here, out_json, say, study_option

if TYPE_CHECKING:
    from postil_transcripts.correction import CorrectionPlan


@click.command("reanchor")
@click.argument("transcripts", metavar="[TRANSCRIPT]…", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Show what would happen; write nothing.")
@study_option
@json_option
def command(transcripts: tuple[str, ...], dry_run: bool, study_folder: Path | None, as_json: bool) -> int:
    """Let all codings follow a transcript whose text was corrected.

    Every segment is looked up by its words. What moved for certain is only counted; what was guessed or changed a
    little is listed to be looked at; a segment whose words are gone is kept and marked as unanchored. Exit code 1 if
    anything is to be looked at.
    """
    from postil_transcripts.correction import plan_correction

    plan = plan_correction(open_study_here(study_folder), transcripts)
    looks = [(path, move) for path, report in plan.reports.items() for move in report.warnings]
    if as_json:
        out_json(
            {
                "transcripts": list(plan.transcripts),
                "layers": {path: dict(report.counts) for path, report in plan.reports.items()},
                "look": [{"path": path, "id": move.id, "fate": move.fate, "says": str(move)} for path, move in looks],
            }
        )
    else:
        for path, report in plan.reports.items():
            counted = ", ".join(f"{count} {fate}" for fate, count in report.counts.items() if count)
            click.echo(terminal(f"{path}: {counted or 'nothing coded'}"))
        for path, move in looks:
            click.echo(terminal(f"{path}: {move.id}: {move}"))
    _finish(plan, dry_run)
    return DATA_SAYS_NO if looks else 0


def _finish(plan: CorrectionPlan, dry_run: bool) -> None:
    names = ", ".join(plan.transcripts)
    if not names:
        say("Every coding was made on the text that is there; nothing to do.")
    elif dry_run:
        say(f"{names}: nothing was written (--dry-run).")
    else:
        plan.apply()
        say(f"{names}: codings follow the corrected text.")
