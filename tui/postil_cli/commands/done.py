"""``postil done``: what a coder has finished; only finished layers count."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postil_cli.common import DATA_SAYS_NO, say, study_option, study_root
from postil_study.files.settings import CONSENSUS

if TYPE_CHECKING:
    from postil_study.text.values import Layer


@click.command("done")
@click.argument("transcripts", metavar="TRANSCRIPT…", nargs=-1, required=True)
@click.option("--coder", required=True, metavar="ID", help="Whose layers are finished.")
@click.option("--date", "day", default=None, metavar="YYYY-MM-DD", help="The date (default: today).")
@click.option("--yes", "-y", is_flag=True, help="Do not ask where a consensus leaves disagreements open.")
@click.option("--undo", is_flag=True, help="Take the mark away: the coder goes on.")
@study_option
def command(
    study_folder: Path | None, transcripts: tuple[str, ...], coder: str, day: str | None, undo: bool, yes: bool
) -> int:
    """Mark transcripts as finished by a coder.

    A finished layer says of every uncoded passage that the codes do not apply there; an unfinished one counts nowhere.
    Of several transcripts all are marked or none, and `postil undo` takes the marks back together. The consensus is
    finished with `--coder consensus`: what both coders have alike is taken over, and where disagreements are not
    settled in it, that is asked first.
    """
    from postil_study.history.steps import StepLog
    from postil_study.layers.done import plan_done

    root = study_root(study_folder)
    if coder == CONSENSUS and not undo and not yes and not _confirmed(root, transcripts):
        return DATA_SAYS_NO
    when = "" if undo else (day or date.today().isoformat())
    agreed = _Agreed(root) if coder == CONSENSUS and when else None
    plan = plan_done(root, transcripts, coder, when, agreed)
    StepLog.of(plan.root).carry_out(plan.what, plan.changes, plan.apply)
    for transcript in dict.fromkeys(transcripts):
        came = agreed.said.get(transcript, "") if agreed else ""
        say(f"{transcript}: {'open again' if undo else f'done on {when}'} by {coder}{f'; {came}' if came else ''}.")
    return 0


class _Agreed:
    """Takes into consensus layers what agrees, as the app does; ``said``: what came, by transcript."""

    def __init__(self, root: Path) -> None:
        from postil_study.study import open_study

        self.study = open_study(root)
        self.said: dict[str, str] = {}

    def __call__(self, layer: Layer) -> Layer:
        from postil_tui.compare.finishing import with_agreed

        name = layer.header.transcript
        coders = self.study.coder_layers(name)
        made, self.said[name] = with_agreed(self.study.transcripts[name], self.study.codebook, coders, layer)
        return made


def _confirmed(root: Path, transcripts: tuple[str, ...]) -> bool:
    """Whether a consensus that leaves something open is finished all the same."""
    from postil_study.study import open_study
    from postil_tui.compare.finishing import question, still_open

    study = open_study(root)
    asked = []
    for name in transcripts:
        left = still_open(study.coder_layers(name), study.layer(CONSENSUS, name))
        if left:
            asked.append(question(name, left))
    for text in asked:
        if not sys.stdin.isatty():
            say(f"{text} Nobody can be asked here: settle them (F6 in the app), or pass --yes.")
            return False
        if not click.confirm(text, default=False, err=True):
            return False
    return True
