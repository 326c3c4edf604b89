"""``postil done``: what a coder has finished; only finished layers count."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from postil_cli.common import open_study_here, say, study_option


@click.command("done")
@click.argument("transcripts", metavar="TRANSCRIPT…", nargs=-1, required=True)
@click.option("--coder", required=True, metavar="ID", help="Whose layers are finished.")
@click.option("--date", "day", default=None, metavar="YYYY-MM-DD", help="The date (default: today).")
@click.option("--undo", is_flag=True, help="Take the mark away: the coder goes on.")
@study_option
def command(study_folder: Path | None, transcripts: tuple[str, ...], coder: str, day: str | None, undo: bool) -> None:
    """Mark transcripts as finished by a coder.

    A finished layer says of every uncoded passage that the codes do not apply there; an unfinished one counts nowhere.
    """
    from postil_transcripts.done import mark_done

    study = open_study_here(study_folder)
    when = "" if undo else (day or date.today().isoformat())
    for transcript in transcripts:
        mark_done(study.root, transcript, coder, when)
        say(f"{transcript}: {'open again' if undo else f'done on {when}'} by {coder}.")
