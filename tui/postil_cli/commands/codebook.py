"""``postil codebook``: show the codebook, and change it together with everything that is coded with it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from postil_base.problem import PostilError
from postil_base.quoting.terminal import terminal
from postil_cli.common import DATA_SAYS_NO, json_option, open_study_here, out_json, say, study_option, study_root

if TYPE_CHECKING:
    from postil_base.yaml.write import Value
    from postil_codebook.changes.edit import Children
    from postil_study.history.codebook_changes import SurgeryPlan

_CHILDREN: dict[str, Children] = {"lift": "lift", "delete": "delete"}

Function = TypeVar("Function", bound=Callable[..., Any])


@click.group("codebook")
def command() -> None:
    """Show the codebook; add, rename, merge, move, split, delete codes.

    Every change shows first what it touches, keeps the comments of the YAML files, and is carried through all
    layers and references in one go or not at all. `postil undo` takes it back, also on another day.
    """


def change_options(function: Function) -> Function:
    """Add what all changes have in common."""
    function = click.option("--yes", "-y", is_flag=True, help="Do not ask before writing.")(function)
    function = click.option("--dry-run", is_flag=True, help="Show what would be touched, write nothing.")(function)
    return study_option(json_option(function))


def carry_out(plan: SurgeryPlan, yes: bool, dry_run: bool, as_json: bool) -> int:
    """Show the plan, ask, and write it."""
    from postil_cli.output import codebook_view

    if not as_json:
        for line in codebook_view.plan_lines(plan):
            say(line)
    write = not dry_run and (yes or (not as_json and _agreed()))
    if write:
        from postil_cli.output.progress import watched
        from postil_study.history.steps import StepLog

        with watched("writing") as progress:
            StepLog.of(plan.root).carry_out(plan.what, plan.changes, lambda: plan.apply(progress))
    if as_json:
        out_json(codebook_view.plan_as_json(plan, write))
    else:
        say("Done." if write else "Nothing was written.")
    return 0 if write or dry_run or as_json else DATA_SAYS_NO


def _agreed() -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("there is nobody to ask whether to do this; add --yes (or --dry-run to look only).")
    return click.confirm("Do this?", default=True, err=True)


@command.command("show")
@click.argument("code", required=False, metavar="[CODE]")
@click.option("--brief", is_flag=True, help="Without definitions.")
@study_option
@json_option
def show(study_folder: Path | None, code: str | None, brief: bool, as_json: bool) -> None:
    """Show the tree of codes with their definitions, or everything about one CODE."""
    from postil_cli.output import codebook_view
    from postil_codebook.changes.edit import known_code
    from postil_study.privacy.consent.copied_words import free_words
    from postil_study.privacy.consent.purposes import not_quoted

    study = open_study_here(study_folder)
    book = free_words(study, not_quoted(study)).codebook(study.codebook)
    name = known_code(book, code) if code else None
    if as_json:
        out_json(codebook_view.book_as_json(book, name))
        return
    lines = codebook_view.full(book, name) if name and not brief else codebook_view.tree(book, name, brief)
    for line in lines:
        click.echo(line)


@command.command("add")
@click.argument("code")
@click.option("--under", "parent", metavar="CODE", help="The code above it (default: the top level).")
@click.option("--after", metavar="CODE", help="The code it comes after (default: the end).")
@click.option("--label", metavar="TEXT", help="What is shown (default: the id).")
@click.option("--definition", metavar="TEXT", help="What it means.")
@click.option("--include", metavar="TEXT", help="When to use it.")
@click.option("--exclude", metavar="TEXT", help="When not to use it.")
@click.option("--example", "examples", metavar="TEXT", multiple=True, help="An example; may be repeated.")
@click.option("--heading", is_flag=True, help="Only a heading; nothing is coded with it.")
@click.option("--again", is_flag=True, help="A code that was deleted, in the meaning it had.")
@change_options
def add(
    study_folder: Path | None,
    code: str,
    parent: str | None,
    after: str | None,
    heading: bool,
    again: bool,
    examples: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    as_json: bool,
    **texts: str | None,
) -> int:
    """Add a code. CODE is its id: lower-case letters, digits, dots and hyphens.

    The id of a deleted code stays its own, so that codings of it on another branch keep their meaning: it is asked
    whether the same code is meant (--again says so), and otherwise another id is needed.
    """
    from postil_study.history.codebook_changes import add_code

    fields: dict[str, Value] = {name: texts[name] for name in ("label", "definition", "include", "exclude")}
    fields |= {"examples": list(examples) or None, "codable": False if heading else None}
    given = {name: value for name, value in fields.items() if value is not None}
    root = study_root(study_folder)
    again = again or (not (yes or dry_run or as_json) and _is_the_same(root, code))
    return carry_out(add_code(root, code, given, parent, after, again), yes, dry_run, as_json)


def _is_the_same(root: Path, code: str) -> bool:
    """Ask whether the id of a deleted code is to stand for it again; where nobody can be asked it is refused."""
    from postil_codebook.retired import retired_as, why_not_free
    from postil_study.study import open_study

    book = open_study(root).codebook
    was = retired_as(book, code)
    if was is None or was.id != code or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    say(terminal(why_not_free(book, code)))
    return click.confirm("Is it the same code again?", default=False, err=True)


@command.command("set")
@click.argument("code")
@click.argument("field")
@click.argument("value")
@change_options
def set_(study_folder: Path | None, code: str, field: str, value: str, yes: bool, dry_run: bool, as_json: bool) -> int:
    """Set a FIELD of a CODE: label, definition, include, exclude, origin, color, memo …; an empty VALUE takes it out.

    A changed definition, include or exclude opens the recode queue for everything the code stands on.
    """
    from postil_study.history.codebook_changes import set_field

    plan = set_field(study_root(study_folder), code, field, _typed(field, value))
    return carry_out(plan, yes, dry_run, as_json)


def _typed(field: str, value: str) -> Value:
    if field == "codable" and value in ("true", "false"):
        return value == "true"
    return [line for line in value.splitlines() if line.strip()] if field == "examples" else value


@command.command("rename")
@click.argument("old")
@click.argument("new")
@change_options
def rename(study_folder: Path | None, old: str, new: str, yes: bool, dry_run: bool, as_json: bool) -> int:
    """Give the code OLD the id NEW. The old id is kept as `formerly`, so that older files still read."""
    from postil_study.history.codebook_changes import rename_code

    return carry_out(rename_code(study_root(study_folder), old, new), yes, dry_run, as_json)


@command.command("merge")
@click.argument("codes", metavar="CODE…", nargs=-1, required=True)
@click.option("--into", "target", required=True, metavar="CODE", help="The code that stays.")
@change_options
def merge(
    study_folder: Path | None, codes: tuple[str, ...], target: str, yes: bool, dry_run: bool, as_json: bool
) -> int:
    """Merge codes into another. Their children move below it, their definitions go to its memo."""
    from postil_study.history.codebook_changes import merge_codes

    return carry_out(merge_codes(study_root(study_folder), codes, target), yes, dry_run, as_json)


@command.command("move")
@click.argument("code")
@click.option("--under", "parent", metavar="CODE", help="The code it comes below.")
@click.option("--top", is_flag=True, help="Move it to the top level.")
@change_options
def move(
    study_folder: Path | None, code: str, parent: str | None, top: bool, yes: bool, dry_run: bool, as_json: bool
) -> int:
    """Move a code, with all below it, to another place in the tree. Its id stays."""
    from postil_study.history.codebook_changes import move_code

    if bool(parent) == top:
        raise click.UsageError("say where to: --under CODE, or --top.")
    return carry_out(move_code(study_root(study_folder), code, parent), yes, dry_run, as_json)


@command.command("delete")
@click.argument("code")
@click.option(
    "--children",
    type=click.Choice(["lift", "delete"]),
    help="What becomes of the codes below it: lift them to its place, or delete them too.",
)
@change_options
def delete(study_folder: Path | None, code: str, children: str | None, yes: bool, dry_run: bool, as_json: bool) -> int:
    """Delete a code from the book and from all segments. The segments stay, also those left without a code."""
    from postil_study.history.codebook_changes import delete_code

    try:
        plan = delete_code(study_root(study_folder), code, _CHILDREN.get(children or "", "refuse"))
    except PostilError as error:
        hint = " Add --children lift or --children delete." if "codes below it" in str(error) else ""
        raise PostilError(f"{error}{hint}") from error
    return carry_out(plan, yes, dry_run, as_json)


@command.command("split")
@click.argument("code")
@click.option(
    "--into",
    "parts",
    required=True,
    multiple=True,
    metavar="ID[=DEFINITION]",
    help="A new code and what it means; repeat for each.",
)
@change_options
def split(study_folder: Path | None, code: str, parts: tuple[str, ...], yes: bool, dry_run: bool, as_json: bool) -> int:
    """Add new codes beside CODE, and mark everything it stands on as to be looked at again (postil recode).

    The code itself stays until you have moved its segments; then delete or merge it.
    """
    from postil_study.history.codebook_changes import split_code

    wanted: dict[str, dict[str, Value]] = {}
    for part in parts:
        name, _, definition = part.partition("=")
        wanted[name.strip()] = {"definition": definition.strip()} if definition.strip() else {}
    return carry_out(split_code(study_root(study_folder), code, wanted), yes, dry_run, as_json)
