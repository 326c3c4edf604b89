"""``postil log``: who coded what when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.quoting.terminal import terminal
from postil_cli.common import json_option, open_study_here, out_json, say, study_option, table

if TYPE_CHECKING:
    from postil_cli.output.told import ConsentFilter
    from postil_study.git.history import LogEntry


@click.command("log")
@click.option("--coder", default="", metavar="ID", help="Only this coder.")
@click.option("--transcript", default="", metavar="ID", help="Only this transcript.")
@click.option("--since", default="", metavar="DATE", help="Only from this day on (2026-11-02).")
@click.option("--limit", "-n", default=20, show_default=True, help="At most so many commits.")
@click.option("--days", "by_days", is_flag=True, help="Day by day from the codings' own times, without git.")
@study_option
@json_option
def command(
    study_folder: Path | None,
    coder: str,
    transcript: str,
    since: str,
    limit: int,
    by_days: bool,
    as_json: bool,
) -> None:
    """Who coded what when: commit by commit, or (--days, or without git) day by day from the codings themselves."""
    from postil_cli.output.told import ConsentFilter
    from postil_study.git.history import entries
    from postil_study.git.repo import Repo

    study = open_study_here(study_folder)
    repo = Repo(study.root)
    if by_days or not repo.is_there or repo.attempt("rev-parse", "HEAD").returncode:
        _days(study, coder, transcript, since, as_json)
        return
    found = list(entries(repo, limit, since, coder, transcript))
    told = ConsentFilter(study)
    if as_json:
        out_json([_as_plain(entry, told) for entry in found])
        return
    for entry in found:
        commit = entry.commit
        click.echo(terminal(f"{commit.id[:8]} {commit.date[:16].replace('T', ' ')} {commit.author}: {commit.subject}"))
        for line in entry.summary():
            click.echo(terminal(f"    {told.line('', line)}"))


def _as_plain(entry: LogEntry, told: ConsentFilter) -> dict[str, Any]:
    commit = entry.commit
    return {
        "commit": commit.id,
        "date": commit.date,
        "author": commit.author,
        "subject": commit.subject,
        "merge": commit.merge,
        "changes": [
            {
                "kind": change.kind,
                "coder": change.who,
                "transcript": change.transcript,
                "says": told.line(change.transcript, change.said),
            }
            for change in entry.changes
        ],
    }


def _days(study: Any, coder: str, transcript: str, since: str, as_json: bool) -> None:
    from postil_study.git.history import days

    found = [
        day
        for day in days(study)
        if coder in ("", day.coder) and transcript in ("", day.transcript) and day.date >= since
    ]
    if as_json:
        out_json([{name: getattr(day, name) for name in ("date", "coder", "transcript", "records")} for day in found])
    elif found:
        rows = [[day.date, day.coder, day.transcript, str(day.records)] for day in found]
        click.echo(table(["last edited", "coder", "transcript", "records"], rows, right=[3]))
    else:
        say("Nothing is coded yet.")
