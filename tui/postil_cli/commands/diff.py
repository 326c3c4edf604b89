"""``postil diff``: what differs between two commits, in words."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import click

from postil_base.quoting.terminal import terminal
from postil_cli.common import json_option, open_study_here, out_json, say, study_option


@click.command("diff")
@click.argument("one", metavar="[COMMIT]", default="HEAD")
@click.argument("other", metavar="[COMMIT]", default="")
@click.option("--coder", default=None, metavar="ID", help="Only this coder's codings.")
@click.option("--transcript", default=None, metavar="ID", help="Only codings of this transcript.")
@study_option
@json_option
def command(
    study_folder: Path | None, one: str, other: str, coder: str | None, transcript: str | None, as_json: bool
) -> None:
    """Say what differs between two commits (by default: the last one and what is on disk).

    Codings coder by coder, what became of each code, corrected texts, settings.
    """
    from postil_cli.output.told import ConsentFilter
    from postil_study.git.changes import StudyDifferences
    from postil_study.git.repo import WORK_TREE, Repo

    study = open_study_here(study_folder)
    repo = Repo(study.root)
    _ = repo.prefix
    ends = repo.resolve(one), repo.resolve(other) if other else WORK_TREE
    told = ConsentFilter(study)
    found = [
        replace(change, said=told.line(change.transcript, change.said))
        for change in StudyDifferences(repo, *ends)
        if coder in (None, change.who) and transcript in (None, change.transcript)
    ]
    if as_json:
        out_json([asdict(change) for change in found])
        return
    for change in found:
        click.echo(terminal(str(change)))
    if not found:
        say("Nothing differs.")
