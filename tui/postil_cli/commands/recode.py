"""``postil recode``: what must be looked at again because a code changed its meaning."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from postil_cli.common import DATA_SAYS_NO, json_option, open_study_here, out_json, say, study_option, table

if TYPE_CHECKING:
    from postil_study.rounds.recode import StaleSegment
    from postil_study.study import Study

SHOWN = 70


@click.command("recode")
@click.option("--coder", default=None, metavar="ID", help="One coder's queue.")
@study_option
@json_option
def command(coder: str | None, study_folder: Path | None, as_json: bool) -> int:
    """List segments whose code was split or got another definition after they were last looked at.

    Looking at one again in the app (or coding it anew) takes it off the list. Exit code 1 while the queue is not empty.
    """
    from postil_study.rounds.recode import recode_queue

    study = open_study_here(study_folder)
    queue = [stale for stale in recode_queue(study) if coder in (None, stale.coder)]
    words = _words(study, queue)
    if as_json:
        out_json(
            [
                {
                    "code": stale.code,
                    "coder": stale.coder,
                    "transcript": stale.transcript,
                    "id": stale.segment.id,
                    "quote": quote,
                }
                for stale, quote in zip(queue, words, strict=True)
            ]
        )
    elif queue:
        shown = [" ".join(quote.split())[:SHOWN] for quote in words]
        rows = [[s.code, s.coder, s.transcript, s.segment.id, w] for s, w in zip(queue, shown, strict=True)]
        click.echo(table(["code", "coder", "transcript", "segment", "words"], rows))
    say(f"{len(queue):,} to look at again." if queue else "Nothing to look at again.")
    return DATA_SAYS_NO if queue else 0


def _words(study: Study, queue: list[StaleSegment]) -> list[str]:
    from postil_study.privacy.consent.purposes import WITHHELD, Consent

    consent = Consent(study)
    may = (consent.quotes_segment(study.transcripts[one.transcript], one.segment) for one in queue)
    return [one.segment.quote if told else WITHHELD for one, told in zip(queue, may, strict=True)]
