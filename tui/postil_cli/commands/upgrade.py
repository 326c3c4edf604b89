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

    Also lists the arrows of the decision model that have less support than an older Postil gave them: relations
    between passages that are not affirmed support nothing unless they say `mode: affirm` themselves.
    """
    from postil_study.migration import plan_upgrade

    root = study_root(study_folder)
    plan = plan_upgrade(root)
    if not plan.needed:
        say(f"The study has format {FORMAT_VERSION}, the one of this Postil; no file has to change.")
    else:
        for path in plan.after:
            click.echo(path)
        if dry_run:
            say(f"Format {plan.version} to {FORMAT_VERSION}: nothing was written (--dry-run).")
        else:
            plan.apply()
            say(f"Format {plan.version} to {FORMAT_VERSION}: done. The files as they were are in {plan.backup}.")
    _say_lost(root)


def _say_lost(root: Path) -> None:
    """Which arrows lose support by the rule about relations between passages that are not affirmed."""
    from postil_model.decision.lost_support import lost_support
    from postil_study.study import open_study

    lost = lost_support(open_study(root))
    if not lost:
        return
    say(
        f"Arrows with less support than an older Postil gave them: {len(lost)}. A relation between passages that are "
        "denied, hypothetical, wished or reported supports nothing, unless it says `mode: affirm` itself."
    )
    for one in lost:
        say(f"  {one}")
    say("`postil model --candidates` lists the relations; in the app, L lists them and d says how one is meant.")
