"""``postil import-codebook``: a list of codes, or a tree from elsewhere, becomes the study's codebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from postil_base.problem import Problem, by_place, has_errors
from postil_base.quoting.terminal import terminal
from postil_cli.common import DATA_SAYS_NO, open_study_here, say, study_option, study_root

if TYPE_CHECKING:
    from postil_codebook.values import Codebook


@click.command("import-codebook")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "target", metavar="PATH", help="Where to write it in the study (default: the study's codebook).")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="HEADING=NAME",
    help="What a column of a table is: label, definition, include, exclude, examples, parent …; - leaves it out.",
)
@click.option("--encoding", default="", metavar="NAME", help="How a text file is encoded, if read wrong.")
@study_option
def command(study_folder: Path | None, file: Path, target: str | None, columns: tuple[str, ...], encoding: str) -> int:
    """Take in a codebook: a table, a document, or YAML (a list of {id, stage, kind, def}, or a tree of codes).

    Tables (csv, xlsx, also in docx and md) are read by their headings: label, definition, include, exclude, example,
    and the parent by column, indent, level, number, dot or path. Documents (docx, md) by headings or lists. Postil's
    own exports come back. Stages of a YAML list become headings.

    A codebook that has codes is never written over, but for the untouched example of a new study; give --to another
    path then. The codes of a REFI-QDA codebook (.qdc) are added to those the study has.
    """
    if file.suffix.lower() == ".qdc" and target is None:
        from postil_cli.output.projects import ProjectWishes, import_projects

        return import_projects([file], open_study_here(study_folder), ProjectWishes())
    from msgspec import structs

    from postil_codebook.write import native_codebook_text
    from postil_formats.codebooks.read import read_codebook_file
    from postil_study.history.codebook_changes import write_codebook

    made, problems = read_codebook_file(file, dict(_pair(text) for text in columns), encoding)
    book = made.book if made.book.title else structs.replace(made.book, title=file.stem)
    _tell(problems)
    for warning in made.warnings:
        say(terminal(f"{file.name}: {warning}"))
    if has_errors(problems) or not book.codes:
        say("Nothing was written." if book.codes else f"{file.name} holds no codes; nothing was written.")
        return DATA_SAYS_NO
    written = write_codebook(study_root(study_folder), native_codebook_text(book), target)
    say(f"{written}: {_counted(book)}.")
    return 0


def _counted(book: Codebook) -> str:
    headings = sum(not code.codable for code in book.codes.values())
    codes = len(book.codes) - headings
    below = f" under {headings} heading{'' if headings == 1 else 's'}" if headings else ""
    return f"{codes} code{'' if codes == 1 else 's'}{below}"


def _pair(text: str) -> tuple[str, str]:
    heading, equals, name = text.rpartition("=")
    if not (heading.strip() and equals and name.strip()):
        raise click.UsageError(f"--column {text}: write it as HEADING=NAME, for example --column 'Kodes=label'.")
    return heading.strip(), name.strip()


def _tell(problems: list[Problem]) -> None:
    for problem in by_place(problems):
        say(terminal(str(problem)))
