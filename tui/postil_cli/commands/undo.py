"""``postil undo``: the last change of many files is taken back, as one step."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.problem import PostilError
from postil_base.quoting.terminal import terminal
from postil_cli.common import DATA_SAYS_NO, json_option, out_json, say, study_option, study_root, table

if TYPE_CHECKING:
    from postil_study.history.steps import FilesStep


@click.command("undo")
@click.option("--list", "only_list", is_flag=True, help="List the steps that can be taken back or done again.")
@click.option("--redo", is_flag=True, help="Do again what was taken back last.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before writing.")
@study_option
@json_option
def command(study_folder: Path | None, only_list: bool, redo: bool, yes: bool, as_json: bool) -> int:
    """Take the last change of many files back, in all of them or in none, also on another day.

    Codes renamed, merged, moved, split or deleted, a transcript removed, codings brought onto a corrected text: made
    here or in the app, by this user. Refused when one of the files was changed since, so that nothing newer is
    lost. Single codings are undone in the app (u in the transcript). If pseudonyms came in last, with an import or in
    the whole study, the names come back as with `postil pseudonymise --undo`, from what is kept beside the mapping;
    a withdrawal cannot be taken back.
    """
    from postil_study.history.steps import StepLog

    root = study_root(study_folder)
    log = StepLog.of(root)
    if only_list:
        return _list(log.steps, as_json)
    step = log.last_undone if redo else log.last
    if not redo and (at := _names_at(root)) > (step.at if step else ""):
        return _names_back(root, at, yes=yes, as_json=as_json)
    if step is None:
        say(f"There is nothing to {'do again' if redo else 'take back'}.")
        return DATA_SAYS_NO
    say(terminal(f"{'Do again' if redo else 'Take back'}: {step.what} ({step.at}, {_files(step)})."))
    if not (yes or as_json or _agreed()):
        say("Nothing was written.")
        return DATA_SAYS_NO
    (log.redo if redo else log.undo)()
    out_json({"done": "redo" if redo else "undo", **_plain(step)}) if as_json else say("Done.")
    return 0


def _mapping(root: Path) -> Path:
    from postil_cli.output.privacy_view import mapping_place
    from postil_study.study import open_study

    return mapping_place(open_study(root), None)


def _names_at(root: Path) -> str:
    """When pseudonyms came in last, with what takes them back beside the mapping."""
    from postil_study.privacy.pseudonyms.restore import last_at

    try:
        return last_at(_mapping(root))
    except PostilError:  # a mapping that cannot be where it should be takes nothing back
        return ""


def _names_back(root: Path, at: str, *, yes: bool, as_json: bool) -> int:
    """Take the last pseudonyms back."""
    from postil_study.privacy.pseudonyms.restore import plan_restore

    plan = plan_restore(root, _mapping(root))
    files = len([data for data in plan.files.values() if data is not None])
    say(f"Take back: the pseudonyms of {at}; the names come back into {files} file{'' if files == 1 else 's'}.")
    if not (yes or as_json or _agreed()):
        say("Nothing was written.")
        return DATA_SAYS_NO
    plan.apply()
    told = {"done": "undo", "what": "pseudonyms", "at": at, "files": sorted(plan.files)}
    out_json(told) if as_json else say("Done.")
    return 0


def _list(steps: list[FilesStep], as_json: bool) -> int:
    if as_json:
        out_json([{**_plain(step), "undone": step.undone} for step in steps])
    elif steps:
        rows = [
            ["taken back" if step.undone else "", step.at[:16].replace("T", " "), terminal(step.what), _files(step)]
            for step in reversed(steps)
        ]
        click.echo(table(["", "when", "what", "files"], rows))
    else:
        say("There is nothing to take back.")
    return 0


def _files(step: FilesStep) -> str:
    count = sum(before != after for before, after in step.files.values())
    return f"{count} file{'' if count == 1 else 's'}"


def _plain(step: FilesStep) -> dict[str, Any]:
    changed = [path for path, (before, after) in step.files.items() if before != after]
    return {"what": step.what, "at": step.at, "files": changed}


def _agreed() -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("there is nobody to ask whether to do this; add --yes (or --list to look only).")
    return click.confirm("Do this?", default=True, err=True)
