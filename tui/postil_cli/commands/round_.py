"""``postil round``: coding rounds, from plan to frozen copy to revealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from postil_base.plural import counted, subject
from postil_base.problem import PostilError
from postil_cli.common import json_option, open_study_here, out_json, say, study_option, study_root, table


@click.group("round")
def command() -> None:
    """Plan coding rounds, freeze what reliability is computed from, reveal.

    Agreement that is reported comes from the frozen copy of a round and can be recomputed for ever. A blind round
    hides the others' codings in the app; among people who share a folder that is courtesy, not protection.
    """


@command.command("list")
@study_option
@json_option
def list_rounds(study_folder: Path | None, as_json: bool) -> None:
    """List the rounds with purpose, state, coders and transcripts."""
    rounds = open_study_here(study_folder).rounds
    if as_json:
        out_json(
            [
                {
                    "id": plan.id,
                    "purpose": plan.purpose,
                    "state": plan.state,
                    "blind": plan.blind,
                    "assignments": {coder: list(ids) for coder, ids in plan.assignments.items()},
                }
                for plan in rounds.values()
            ]
        )
        return
    rows = [
        [plan.id, plan.purpose, plan.state, "blind" if plan.blind else "", _who(plan.assignments)]
        for plan in rounds.values()
    ]
    click.echo(table(["round", "purpose", "state", "", "who codes what"], rows))


def _who(assignments: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{coder}: {', '.join(ids)}" for coder, ids in assignments.items())


@command.command("start")
@click.argument("round_id", metavar="ROUND")
@click.option("--purpose", type=click.Choice(["pilot", "training", "reliability", "main"]), required=True, help="Why.")
@click.option("--coder", "coders", multiple=True, required=True, metavar="ID", help="Who codes; may be repeated.")
@click.option("--transcript", "transcripts", multiple=True, metavar="ID", help="What is coded; may be repeated.")
@click.option("--sample", type=int, default=None, metavar="N", help="Draw N transcripts at random instead.")
@click.option("--seed", type=int, default=None, help="The seed of the draw; noted in the plan.")
@click.option("--sampling", default="", metavar="TEXT", help="How the transcripts were chosen, in words.")
@click.option("--blind", is_flag=True, help="Coders do not see each other's work until the round is revealed.")
@study_option
def start(
    round_id: str,
    purpose: str,
    coders: tuple[str, ...],
    transcripts: tuple[str, ...],
    sample: int | None,
    seed: int | None,
    sampling: str,
    blind: bool,
    study_folder: Path | None,
) -> None:
    """Write the plan of ROUND and start it; every coder gets the same transcripts (see postil assign for others)."""
    from postil_study.rounds.steps import start_round

    root = study_root(study_folder)
    if sample is not None:
        if transcripts:
            raise PostilError("say either --transcript or --sample, not both.")
        seed = 1 if seed is None else seed
        transcripts = drawn(list(open_study_here(root).transcripts), sample, seed)
        sampling = sampling or f"{counted(sample, 'transcript')} drawn at random"
    if not transcripts:
        raise PostilError("a round needs transcripts: name them with --transcript, or draw them with --sample N.")
    plan = start_round(
        root, round_id, purpose, dict.fromkeys(coders, transcripts), sampling=sampling, seed=seed, blind=blind
    )
    say(f"Round {plan.id} ({plan.purpose}) is started: {_who(plan.assignments)}.")


def drawn(transcripts: list[str], number: int, seed: int) -> tuple[str, ...]:
    """Draw transcripts without replacement, in the order of the study; the same seed draws the same ones.

    >>> drawn(["I01", "I02", "I03", "I04"], 2, seed=7) == drawn(["I01", "I02", "I03", "I04"], 2, seed=7)
    True
    """
    from random import Random

    if not 0 < number <= len(transcripts):
        raise PostilError(f"{counted(number, 'transcript')} cannot be drawn from {len(transcripts)}.")
    chosen = set(Random(seed).sample(transcripts, number))
    return tuple(name for name in transcripts if name in chosen)


@command.command("freeze")
@click.argument("round_id", metavar="ROUND")
@study_option
def freeze(round_id: str, study_folder: Path | None) -> None:
    """Copy codebook, texts and layers of ROUND under rounds/; reliability is computed from that copy."""
    from postil_study.rounds.steps import plan_freeze

    plan = plan_freeze(study_root(study_folder), round_id)
    for coder, transcript in plan.missing:
        say(
            f"{transcript} is not finished by {coder}: it counts as missing (postil done {transcript} --coder {coder})."
        )
    plan.apply()
    say(f"Round {round_id} is frozen: {subject(len(plan.files), 'file', 'is')} copied under rounds/{round_id}/.")


@command.command("reveal")
@click.argument("round_id", metavar="ROUND")
@study_option
def reveal(round_id: str, study_folder: Path | None) -> None:
    """End the blindness of a frozen round, so that coders can talk about where they differ."""
    from postil_study.rounds.steps import reveal_round

    reveal_round(study_root(study_folder), round_id)
    say(f"Round {round_id} is revealed. postil disagreements --round {round_id} lists what to talk about.")
