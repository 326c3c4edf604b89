"""``postil git``: what git calls to merge Postil's files, and how it is told to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postil_base.quoting.terminal import terminal
from postil_cli.common import say, study_option, study_root

if TYPE_CHECKING:
    from postil_study.git.drivers import Outcome


@click.group("git")
def command() -> None:
    """Let git merge codings record by record and codebooks entry by entry.

    `postil git setup` is run once in each clone. Without it git merges line by line, and `postil merge` mends that.
    """


@command.command("setup")
@study_option
def setup(study_folder: Path | None) -> None:
    """Tell the git of this clone to merge with Postil."""
    from postil_study.git.drivers import set_up

    for line in set_up(study_root(study_folder)):
        say(terminal(line))


_FILES = click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="BASE MINE THEIRS [PATH]")


@command.command("merge-layer")
@_FILES
def merge_layer(files: tuple[Path, ...]) -> int:
    """Merge one layer; called by git. The result goes into MINE; exit code 1 if something is left to decide."""
    from postil_study.git import drivers

    return _merge(files, drivers.merge_layer)


@command.command("merge-yaml")
@_FILES
def merge_yaml(files: tuple[Path, ...]) -> int:
    """Merge the codebook or another YAML file; called by git."""
    from postil_study.git import drivers

    return _merge(files, drivers.merge_yaml_file)


def _merge(files: tuple[Path, ...], merge: Callable[[Path, Path, Path, str, Path], Outcome]) -> int:
    from postil_study.git.drivers import outcome_lines, study_of

    if len(files) not in (3, 4):
        raise click.UsageError("give BASE, MINE and THEIRS, and the PATH of the file in the repository.")
    base, mine, theirs = files[:3]
    root, path = study_of(str(files[3] if len(files) == 4 else mine), Path.cwd())
    outcome = merge(base, mine, theirs, path, root)
    for line in outcome_lines(path, outcome):
        say(terminal(f"postil: {line}"))
    return 1 if outcome.open else 0
