"""``postil release``: the shareable artifact."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.plural import counted
from postil_base.quoting.terminal import terminal
from postil_cli.common import json_option, open_study_here, out_json, say, study_option, table

if TYPE_CHECKING:
    from postil_model.release.build import Release
    from postil_study.privacy.pseudonyms.matching import Names
    from postil_study.study import Study


@click.command("release")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--notes", is_flag=True, help="Also memos, charts and the notes on segments.")
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The mapping of names to pseudonyms: none of its names may be left (default: the one in your data folder).",
)
@json_option
@study_option
def command(study_folder: Path | None, folder: Path, notes: bool, mapping: Path | None, as_json: bool) -> int:
    """Write what may be given to everybody into the new folder DIR, and compute its numbers from it.

    Only transcripts whose participants all said `share: true`; words of those who said `quote: false` are masked,
    letter by letter, so that positions and numbers hold. Comments, names of coders, sources and notes stay here.
    """
    from postil_model.release.build import release

    study = open_study_here(study_folder)
    made = release(study, folder, _names(study, mapping), notes, agreed=_agreed)
    if as_json:
        out_json(_as_json(made))
    else:
        click.echo(_shown(made))
    for warning in made.warnings:
        say(terminal(warning))
    say(f"Written: {folder} ({counted(len(made.files), 'file')})")
    return 0


def _agreed(probable: Sequence[str]) -> bool:
    """List what may be a mapped name before anything is written; on a terminal a person decides."""
    say(f"May be mapped names ({len(probable)}); add what is one to the mapping and run postil pseudonymise:")
    for line in probable:
        say(terminal(f"  {line}"))
    asked = sys.stdin.isatty() and sys.stderr.isatty()
    return not asked or click.confirm("Write the artifact all the same?", False, err=True)


def _names(study: Study, mapping: Path | None) -> Names | None:
    from postil_cli.output.privacy_view import mapping_place
    from postil_study.privacy.pseudonyms.mapping import load_names

    place = mapping_place(study, mapping)
    if mapping is None and not place.exists():
        say("There is no mapping of names to pseudonyms, so nobody looked for names; see postil pseudonymise.")
        return None
    return load_names(place)


def _shown(made: Release) -> str:
    from postil_model.release.numbers import compared

    rows = compared(made.numbers.figures, made.whole.figures)
    parts = [table(["", "this artifact", "whole study"], [list(row) for row in rows], right=[1, 2])]
    left = [f"left out: {id_}: {why}" for id_, why in made.terms.left_out.items()]
    left += [f"masked: {', '.join(people)} in {id_}" for id_, people in made.terms.masked.items()]
    left += [f"note: {remark}" for remark in made.remarks]
    parts += ["\n".join(map(terminal, left))] if left else []
    return "\n\n".join([*parts, terminal(made.numbers.agreement)])


def _as_json(made: Release) -> dict[str, Any]:
    return {
        "folder": str(made.folder),
        "files": list(made.files),
        "left_out": dict(made.terms.left_out),
        "masked": {id_: list(people) for id_, people in made.terms.masked.items()},
        "numbers": dict(made.numbers.figures),
        "whole_study": dict(made.whole.figures),
        "agreement": made.numbers.agreement,
        "model": made.numbers.model_id,
        "remarks": list(made.remarks),
        "warnings": list(made.warnings),
    }
