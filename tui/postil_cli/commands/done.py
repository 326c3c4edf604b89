"""``postil done``: what a coder has finished; only finished layers count."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from postil_cli.common import say, study_option, study_root


@click.command("done")
@click.argument("transcripts", metavar="TRANSCRIPT…", nargs=-1, required=True)
@click.option("--coder", required=True, metavar="ID", help="Whose layers are finished.")
@click.option("--date", "day", default=None, metavar="YYYY-MM-DD", help="The date (default: today).")
@click.option("--undo", is_flag=True, help="Take the mark away: the coder goes on.")
@study_option
def command(study_folder: Path | None, transcripts: tuple[str, ...], coder: str, day: str | None, undo: bool) -> None:
    """Mark transcripts as finished by a coder.

    A finished layer says of every uncoded passage that the codes do not apply there; an unfinished one counts nowhere.
    Of several transcripts all are marked or none, and `postil undo` takes the marks back together.
    """
    from postil_transcripts.done import plan_done
    from postil_transcripts.steps import StepLog

    when = "" if undo else (day or date.today().isoformat())
    plan = plan_done(study_root(study_folder), transcripts, coder, when)
    StepLog.of(plan.root).carry_out(plan.what, plan.changes, plan.apply)
    for transcript in transcripts:
        say(f"{transcript}: {'open again' if undo else f'done on {when}'} by {coder}.")
