"""``postil recode``: what must be looked at again because a code changed its meaning."""

from __future__ import annotations

from pathlib import Path

import click

from postil_cli.common import DATA_SAYS_NO, json_option, open_study_here, out_json, say, study_option, table

SHOWN = 70


@click.command("recode")
@click.option("--coder", default=None, metavar="ID", help="One coder's queue.")
@study_option
@json_option
def command(coder: str | None, study_folder: Path | None, as_json: bool) -> int:
    """List segments whose code was split or got another definition after they were last looked at.

    Looking at one again in the app (or coding it anew) takes it off the list. Exit code 1 while the queue is not empty.
    """
    from postil_transcripts.stale import recode_queue

    queue = [stale for stale in recode_queue(open_study_here(study_folder)) if coder in (None, stale.coder)]
    if as_json:
        out_json(
            [
                {
                    "code": stale.code,
                    "coder": stale.coder,
                    "transcript": stale.transcript,
                    "id": stale.segment.id,
                    "quote": stale.segment.quote,
                }
                for stale in queue
            ]
        )
    elif queue:
        rows = [[s.code, s.coder, s.transcript, s.segment.id, " ".join(s.segment.quote.split())[:SHOWN]] for s in queue]
        click.echo(table(["code", "coder", "transcript", "segment", "words"], rows))
    say(f"{len(queue):,} to look at again." if queue else "Nothing to look at again.")
    return DATA_SAYS_NO if queue else 0
