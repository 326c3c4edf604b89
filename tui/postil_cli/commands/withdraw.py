"""``postil withdraw``: a participant's withdrawal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_base.quoting.terminal import terminal
from postil_cli.common import json_option, open_study_here, out_json, say, study_option

if TYPE_CHECKING:
    from postil_study.privacy.withdrawal.withdraw import WithdrawalPlan


@click.command("withdraw")
@click.argument("participant", metavar="P")
@click.option("--dry-run", is_flag=True, help="Say what would go and write nothing.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask. There is no undo.")
@json_option
@study_option
def command(study_folder: Path | None, participant: str, dry_run: bool, yes: bool, as_json: bool) -> int:
    """Take participant P out of the study: text, quotes, codings, memos, chart, frozen copies and undo.

    A transcript in which nobody else takes part goes as a whole; of a shared one only P's turns. Numbers change:
    agreement, model and matrix must be made again. Afterwards the steps for the history in git are printed.
    """
    from postil_study.privacy.consent.copied_words import words_left
    from postil_study.privacy.exports_in_git import committed_outputs
    from postil_study.privacy.withdrawal.withdraw import history_steps, plan_withdrawal

    study = open_study_here(study_folder)
    plan = plan_withdrawal(study.root, participant)
    left = words_left(study, participant, plan.files)
    if not as_json:
        click.echo("\n".join([*_shown(plan), *_left(left)]))
    if not (dry_run or yes):
        _ask(participant)
    dropped = 0 if dry_run else plan.apply()
    if as_json:
        out_json(_as_json(plan, written=not dry_run) | {"words_left": left})
    if dry_run:
        say("Nothing was written (--dry-run).")
        return 0
    say(f"{participant} is out of the study" + (f"; {counted(dropped, 'step')} of undo went, too." if dropped else "."))
    steps = [terminal(step, "\n") for step in history_steps(plan, committed_outputs(study.root, plan, left))]
    click.echo("\n".join(["", "What is left to do by hand:", *steps]), err=as_json)
    return 0


def _ask(participant: str) -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise PostilError("a withdrawal cannot be undone; say --yes where nobody can be asked.")
    if click.prompt(f"There is no undo. Type {participant} to go on", err=True).strip() != participant:
        raise click.Abort


def _shown(plan: WithdrawalPlan) -> list[str]:
    lines = [f"transcripts that go: {', '.join(plan.whole) or 'none'}"]
    if plan.shared:
        lines.append(f"transcripts in which others speak, too, and only {plan.participant}'s turns go: ")
        lines[-1] += ", ".join(plan.shared)
    lines.append(f"codings that go: {plan.records}")
    for title, paths in (
        ("memos that go", plan.memos),
        ("memos about other things, too, that you must look at", plan.look_at),
        ("made from the study; make them again or delete them", plan.made),
    ):
        lines += [f"{title}: {', '.join(paths)}"] if paths else []
    lines.append(f"files: {sum(data is None for data in plan.files.values())} deleted, ")
    lines[-1] += f"{sum(data is not None for data in plan.files.values())} changed"
    return [terminal(line) for line in lines]


def _left(places: list[str]) -> list[str]:
    """Words that somebody copied to where only a person can tell what to do with them."""
    if not places:
        return []
    by_file: dict[str, list[str]] = {}
    for place in places:
        by_file.setdefault(place.rpartition(":")[0], []).append(place)
    first, *rest = (terminal(", ".join(some)) for some in by_file.values())
    return [f"words of theirs that stand elsewhere, for you to look at: {first}", *(f"  {line}" for line in rest)]


def _as_json(plan: WithdrawalPlan, *, written: bool) -> dict[str, Any]:
    return {
        "written": written,
        "participant": plan.participant,
        "transcripts": list(plan.whole),
        "shared": list(plan.shared),
        "codings": plan.records,
        "memos": list(plan.memos),
        "look_at": list(plan.look_at),
        "exports": list(plan.made),
        "deleted": sorted(path for path, data in plan.files.items() if data is None),
        "changed": sorted(path for path, data in plan.files.items() if data is not None),
    }
