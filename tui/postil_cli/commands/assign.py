"""``postil assign``: who codes what in a round."""

from __future__ import annotations

from pathlib import Path

import click

from postil_cli.common import say, study_option, study_root


@click.command("assign")
@click.argument("transcripts", metavar="TRANSCRIPT…", nargs=-1, required=True)
@click.option("--coder", required=True, metavar="ID", help="Who codes them.")
@click.option("--round", "round_id", required=True, metavar="ROUND", help="In which round.")
@study_option
def command(transcripts: tuple[str, ...], coder: str, round_id: str, study_folder: Path | None) -> None:
    """Give a coder transcripts in a round that is not frozen yet, beside those the coder has."""
    from postil_study.rounds.steps import assign

    plan = assign(study_root(study_folder), round_id, coder, transcripts)
    say(f"{coder} codes {', '.join(plan.assignments[coder])} in round {round_id}.")
