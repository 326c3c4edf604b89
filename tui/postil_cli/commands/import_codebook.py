"""``postil import-codebook``: a list of codes, or a tree from elsewhere, becomes the study's codebook."""

from __future__ import annotations

from pathlib import Path

import click

from postil_base.problem import Problem, by_place, has_errors
from postil_cli.common import DATA_SAYS_NO, open_study_here, say, study_option, study_root


@click.command("import-codebook")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "target", metavar="PATH", help="Where to write it in the study (default: the study's codebook).")
@study_option
def command(study_folder: Path | None, file: Path, target: str | None) -> int:
    """Take in a codebook: a YAML list of codes ({id, stage, kind, def}), or a tree of codes.

    Stages become headings. A codebook that has codes is never written over; give --to another path then. The codes of
    a REFI-QDA codebook (.qdc) are added to those the study has.
    """
    if file.suffix.lower() == ".qdc" and target is None:
        from postil_cli.projects import ProjectWishes, import_projects

        return import_projects([file], open_study_here(study_folder), ProjectWishes())
    from postil_base.text_files import read_text
    from postil_codebook.load import load_codebook
    from postil_codebook.write import native_codebook_text
    from postil_transcripts.surgery import write_codebook

    book, problems = load_codebook(read_text(file), file.name)
    _tell(problems)
    if has_errors(problems) or not book.codes:
        say("Nothing was written." if book.codes else f"{file.name} holds no codes; nothing was written.")
        return DATA_SAYS_NO
    written = write_codebook(study_root(study_folder), native_codebook_text(book), target)
    headings = sum(not code.codable for code in book.codes.values())
    say(f"{written}: {len(book.codes) - headings} codes under {headings} headings.")
    return 0


def _tell(problems: list[Problem]) -> None:
    from postil_base.quoting.terminal import terminal

    for problem in by_place(problems):
        say(terminal(str(problem)))
