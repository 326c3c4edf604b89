"""``postil reanchor``: codings follow a corrected transcript."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postil_base.quoting.terminal import terminal
from postil_cli.common import DATA_SAYS_NO, json_option, open_study_here, out_json, say, study_option

if TYPE_CHECKING:
    from postil_cli.output.told import ConsentFilter
    from postil_study.anchoring.correction import ReanchorPlan


@click.command("reanchor")
@click.argument("transcripts", metavar="[TRANSCRIPT]…", nargs=-1)
@click.option(
    "--old",
    "old_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The text as it was before (default: git is asked); one transcript only.",
)
@click.option("--dry-run", is_flag=True, help="Show what would happen; write nothing.")
@study_option
@json_option
def command(
    transcripts: tuple[str, ...], old_file: Path | None, dry_run: bool, study_folder: Path | None, as_json: bool
) -> int:
    """Let all codings follow a transcript whose text was corrected.

    Every segment is followed through the differences to the text it was coded on, which git has (or --old FILE);
    without that text it is looked up by its words. What moved for certain is only counted; what was guessed or changed
    a little is listed to be looked at; a segment whose words are gone is kept and marked as unanchored, to be placed
    by hand or given up in the app (U in the transcript). Exit code 1 if anything is to be looked at.
    """
    from postil_base.files.text import read_text
    from postil_cli.output.told import ConsentFilter
    from postil_study.anchoring.correction import corrected, plan_reanchor

    if old_file is not None and len(transcripts) != 1:
        raise click.UsageError("--old FILE is the old text of one transcript; name that one.")
    old = read_text(old_file) if old_file is not None else None
    study = open_study_here(study_folder)
    plans = [plan_reanchor(study.root, name, old) for name in transcripts or corrected(study)]
    looks = [
        (plan.transcript, coder, move)
        for plan in plans
        for coder, report in plan.reports.items()
        for move in report.warnings
    ]
    told = ConsentFilter(study)
    if as_json:
        out_json([_as_plain(plan, told) for plan in plans])
    else:
        for plan in plans:
            for coder, report in plan.reports.items():
                counted = ", ".join(f"{count} {fate}" for fate, count in report.counts.items() if count)
                click.echo(terminal(f"{plan.transcript} {coder}: {counted or 'nothing coded'}"))
        for name, coder, move in looks:
            click.echo(terminal(f"{name} {coder}: {move.id}: {told.line(name, str(move))}"))
    _finish(plans, dry_run)
    return DATA_SAYS_NO if looks else 0


def _as_plain(plan: ReanchorPlan, told: ConsentFilter) -> dict[str, object]:
    return {
        "transcript": plan.transcript,
        "layers": {coder: dict(report.counts) for coder, report in plan.reports.items()},
        "look": [
            {"coder": coder, "id": move.id, "fate": move.fate, "says": told.line(plan.transcript, str(move))}
            for coder, report in plan.reports.items()
            for move in report.warnings
        ],
    }


def _finish(plans: Sequence[ReanchorPlan], dry_run: bool) -> None:
    from postil_study.history.steps import StepLog

    names = ", ".join(plan.transcript for plan in plans)
    if not names:
        say("Every coding was made on the text that is there; nothing to do.")
    elif dry_run:
        say(f"{names}: nothing was written (--dry-run).")
    else:
        for plan in plans:
            StepLog.of(plan.root).carry_out(f"reanchor {plan.transcript}", plan.changes, plan.apply)
        say(f"{names}: codings follow the corrected text.")
