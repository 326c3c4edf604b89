"""``postil merge``: what a merge left behind, explained and mended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from postil_base.quoting.terminal import terminal
from postil_cli.common import DATA_SAYS_NO, json_option, out_json, say, study_option, study_root


@click.command("merge")
@click.argument("names", metavar="[WHAT]…", nargs=-1)
@click.option(
    "--take", type=click.Choice(["mine", "theirs", "both"]), help="Decide WHAT so (default: all that is open)."
)
@click.option("--dry-run", is_flag=True, help="Only show; write nothing.")
@study_option
@json_option
def command(study_folder: Path | None, names: tuple[str, ...], take: Any, dry_run: bool, as_json: bool) -> int:
    """Explain and mend what a merge left behind.

    Whatever needs no decision is put right: lines that stand twice, conflict markers in codings and codebook, codings
    on a text that was corrected on the other branch. What two people want differently is kept in both versions and
    listed; --take decides. Exit code 1 while something is open.
    """
    from postil_study.git.deciding import mark_settled, settle

    root = study_root(study_folder)
    if names and take is None:
        raise click.UsageError("say how to decide: --take mine, --take theirs or --take both.")
    said = _mend(root, dry_run)
    if take is not None and not dry_run:
        said += settle(root, names, take)
    left = _open(root)
    settled = [] if dry_run else mark_settled(root)
    if as_json:
        out_json({"done": said, "open": left, "settled": settled})
    else:
        _show(said, left, settled)
    return DATA_SAYS_NO if left else 0


def _mend(root: Path, dry_run: bool) -> list[str]:
    """Put right what needs no decision; says what was done, or would be."""
    from postil_study.git.mending import apply_mends, find_mends, follow_texts

    mends = find_mends(root)
    said = [f"{mend.path}: {mend.said}" for mend in mends]
    if dry_run:
        return said
    apply_mends(root, mends)
    for followed in follow_texts(root):
        said.append(f"{followed.transcript}: its text was corrected; all codings follow it")
        said += [f"{followed.transcript}: look at {line}" for line in followed.look]
    return said


def _open(root: Path) -> list[dict[str, str]]:
    from postil_cli.output.told import UNTOLD, ConsentFilter
    from postil_study.git.deciding import decisions
    from postil_study.study import open_study

    study = open_study(root)
    told = ConsentFilter(study)
    return [
        {"what": each.name, "path": each.path, "says": UNTOLD if told.holds_path(each.path) else each.said}
        for each in decisions(study)
    ]


def _show(said: list[str], left: list[dict[str, str]], settled: list[str]) -> None:
    for line in said:
        click.echo(terminal(line))
    for entry in left:
        click.echo(terminal(f"to decide: {entry['path']}: {entry['says']}"))
    if settled:
        say(terminal(f"git knows now that these are settled: {', '.join(settled)}. Go on with: git commit"))
    if left:
        say(
            terminal(
                f"Decide side by side in the app (g k), or: postil merge {left[0]['what']} --take mine|theirs|both"
            )
        )
    elif not said and not settled:
        say("Nothing is left of a merge; the study is as it should be.")
