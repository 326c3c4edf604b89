"""``postil upgrade``: a study of an older format comes to the one of today."""

from __future__ import annotations

from pathlib import Path

import click

from postil_base.formats import FORMAT_VERSION
from postil_cli.common import say, study_option, study_root


@click.command("upgrade")
@click.option("--dry-run", is_flag=True, help="Show which files would change; write nothing.")
@study_option
def command(dry_run: bool, study_folder: Path | None) -> None:
    """Bring a study of an older format to the one this Postil writes.

    Every file that changes is kept as it was in .postil/backup/. A study of a newer format than this Postil knows is
    never changed, by no command: it can be read only.
    """
    from postil_transcripts.migration import plan_upgrade

    plan = plan_upgrade(study_root(study_folder))
    if not plan.needed:
        say(f"The study has format {FORMAT_VERSION}, the one of this Postil; nothing to do.")
        return
    for path in plan.after:
        click.echo(path)
    if dry_run:
        say(f"Format {plan.version} to {FORMAT_VERSION}: nothing was written (--dry-run).")
        return
    plan.apply()
    say(f"Format {plan.version} to {FORMAT_VERSION}: done. The files as they were are in {plan.backup}.")
