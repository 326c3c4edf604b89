"""``postil remove``: a transcript goes, with everybody's codings of it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from postil_base.quoting.terminal import terminal
from postil_cli.common import DATA_SAYS_NO, json_option, out_json, say, study_option, study_root


@click.command("remove")
@click.argument("transcript", metavar="TRANSCRIPT")
@click.option("--dry-run", is_flag=True, help="Only show what would go.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before writing.")
@study_option
@json_option
def command(study_folder: Path | None, transcript: str, dry_run: bool, yes: bool, as_json: bool) -> int:
    """Take a transcript out of the study, with everybody's codings of it, in one step.

    `postil undo` brings all of it back, also on another day. Frozen copies of rounds stay as they are. For a
    participant who withdraws use `postil withdraw`, which leaves nothing to bring back.
    """
    from postil_study.history.removal import plan_removal
    from postil_study.history.steps import StepLog

    plan = plan_removal(study_root(study_folder), transcript)
    if not as_json:
        for coder, count in plan.codings.items():
            say(terminal(f"{coder}: {count} codings of {transcript} go with it"))
        for line in plan.left:
            say(terminal(f"left for you to settle: {line}"))
    write = not dry_run and (yes or as_json or _agreed(transcript))
    if write:
        StepLog.of(plan.root).carry_out(plan.what, plan.changes, plan.apply)
    if as_json:
        out_json({"removed": write, "transcript": transcript, "codings": dict(plan.codings), "left": list(plan.left)})
    else:
        say(f"{transcript} is out; postil undo brings it back." if write else "Nothing was written.")
    return 0 if write or dry_run else DATA_SAYS_NO


def _agreed(transcript: str) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("there is nobody to ask whether to do this; add --yes (or --dry-run to look only).")
    return click.confirm(f"Take {transcript} out?", default=False, err=True)
