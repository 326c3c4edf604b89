"""``postil import-codings``: codings in rows, anchored by their quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_cli.common import DATA_SAYS_NO, json_option, open_study_here, out_json, say, study_option, table
from postil_cli.output.projects import ProjectWishes, are_projects, import_projects

if TYPE_CHECKING:
    from postil_codebook.values import Codebook
    from postil_formats.codings.plan import CodingsPlan
    from postil_study.study import Study

TODAY = "today"


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of the command."""

    coder: str = ""
    done: str = ""
    add_codes: bool = False
    codebook: Path | None = None
    encoding: str = ""
    dry_run: bool = False
    as_json: bool = False
    rows: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    colors: Mapping[str, str] = field(default_factory=dict)
    commas: str = ""
    meanings: Mapping[str, str] = field(default_factory=dict)
    pseudonyms: Path | None = None


@click.command("import-codings")
@click.argument("files", metavar="FILE…", nargs=-1, type=click.Path(path_type=Path))
@click.option("--coder", default="", metavar="ID", help="Whose codings these are, when no column says so.")
@click.option(
    "--done",
    is_flag=False,
    flag_value=TODAY,
    default="",
    metavar="[DATE]",
    help="Mark the layers as finished (today, or on that date).",
)
@click.option("--add-codes", is_flag=True, help="Add codes the codebook does not have, below a heading `imported`.")
@click.option(
    "--codebook",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    help="Take codes the codebook does not have from this one, with their definitions.",
)
@click.option("--encoding", default="", metavar="NAME", help="How CSV files are encoded, if read wrong.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="HEADING=NAME",
    help="What a column is: quote, codes, coder, memo, mode …; - leaves it out. May be repeated.",
)
@click.option(
    "--color",
    "colors",
    multiple=True,
    metavar="COLOR=CODE",
    help="What a colour of highlights in a Word file means; may be repeated.",
)
@click.option(
    "--commas",
    type=click.Choice(("separate", "keep")),
    default=None,
    help="Whether a comma separates codes or is part of a code's name.",
)
@click.option(
    "--code",
    "meanings",
    multiple=True,
    metavar="NAME=CODES",
    help="What a name of the file stands for (`;` between codes, - for none), where it can be read in two ways.",
)
@click.option("--matrix", is_flag=True, help="A framework matrix: participants by themes, cells of bullets.")
@click.option(
    "--row",
    "rows",
    multiple=True,
    metavar="NAME=ID",
    help="Whom a row of a matrix is about, if its name does not tell; may be repeated.",
)
@click.option("--new", type=click.Path(path_type=Path), metavar="DIR", help="Make a new study of a project.")
@click.option("--project", default="", metavar="NAME", help="Which of several projects in a Taguette database.")
@click.option(
    "--pseudonyms",
    type=click.Path(path_type=Path),
    default=None,
    metavar="MAP",
    help="Replace the names of this mapping, in a project or in rows, before anything is stored.",
)
@click.option("--dry-run", is_flag=True, help="Say where every row belongs and write nothing.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before a project is written.")
@json_option
@study_option
def command(
    study_folder: Path | None,
    files: tuple[Path, ...],
    coder: str,
    done: str,
    add_codes: bool,
    codebook: Path | None,
    encoding: str,
    columns: tuple[str, ...],
    colors: tuple[str, ...],
    commas: str | None,
    meanings: tuple[str, ...],
    matrix: bool,
    rows: tuple[str, ...],
    new: Path | None,
    project: str,
    pseudonyms: Path | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Take in codings from CSV, XLSX or Word files, a row for each segment or each relation.

    Word files: comments (`price; comparison` is two codes, the author is the coder, what else is said the memo), a
    column of codes beside the words, highlights with a legend. Tables of Taguette, MAXQDA, ATLAS.ti, Dedoose, NVivo,
    QualCoder and requal are read by their headings, see docs/interchange.md.

    Or a project of another program: REFI-QDA (.qdpx, .qdc) of NVivo, ATLAS.ti, MAXQDA and others, Taguette
    (.sqlite3), QualCoder (.qda), qc (its folder): texts, codes, coders, codings, memos, cases. It says how positions
    were counted, lists what could not come along and the names it sees: on a terminal you decide on them first.

    Or brat's .ann files (with their .txt beside them) and W3C Web Annotations (.jsonld, .json).

    With --matrix a framework matrix: each bullet is put on its words, and all cells go into charts/.

    Segments: transcript or participant, coder, segment, quote, codes, memo. Relations: from, from_code, to, to_code,
    type, cue, guard. A row finds its place by its quote; what cannot be placed is listed. Importing a file again
    changes nothing.
    """
    if done and done != TODAY and not _is_date(done):
        if not Path(done).is_file():
            raise click.UsageError(f"--done {done}: a date is written as 2026-11-02.")
        files, done = (Path(done), *files), TODAY  # `--done FILE`: the date is optional, the file is not
    if not files:
        raise click.UsageError("name the file with the codings: postil import-codings FILE")
    when = date.today().isoformat() if done == TODAY else done
    if new is not None or are_projects(files):
        study = open_study_here(study_folder) if new is None else None
        return import_projects(
            files, study, ProjectWishes(coder, when, project, new, dry_run, as_json, pseudonyms, yes)
        )
    said = dict(_pair(text, "--column", "HEADING=NAME, for example --column 'Zitat=quote'") for text in columns)
    meaning = dict(_pair(text, "--color", "COLOR=CODE, for example --color yellow=price") for text in colors)
    stands = dict(_pair(text, "--code", "NAME=CODES, for example --code 'advice?=advice'") for text in meanings)
    wishes = Wishes(
        *(coder, when, add_codes, codebook, encoding, dry_run, as_json, rows, said, meaning),
        commas=commas or "",
        meanings=stands,
        pseudonyms=pseudonyms,
    )
    if matrix:
        return _matrices(open_study_here(study_folder), files, wishes)
    return _run(open_study_here(study_folder), files, wishes)


def _pair(text: str, option: str, form: str) -> tuple[str, str]:
    left, equals, right = text.rpartition("=") if option in ("--column", "--code") else text.partition("=")
    if not (left.strip() and equals and right.strip()):
        raise click.UsageError(f"{option} {text}: write it as {form}.")
    return left.strip(), right.strip()


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _matrices(study: Study, files: Sequence[Path], wishes: Wishes) -> int:
    """Framework matrices, one file after the other."""
    from postil_base.files.text import read_bytes
    from postil_cli.output import matrix_view
    from postil_formats.codings.matrix.plan import participant_finder, plan_matrix, rows_said
    from postil_formats.codings.matrix.table import read_matrix

    if len(files) > 1:
        raise click.UsageError("--matrix takes one file at a time.")
    said = rows_said(wishes.rows)
    find = participant_finder(study, said)
    table_read = read_matrix(read_bytes(files[0]), files[0].name, lambda row: bool(find(row)), encoding=wishes.encoding)
    plan = plan_matrix(study, table_read, said)
    written = [] if wishes.dry_run else plan.apply(study)
    if wishes.as_json:
        out_json(matrix_view.as_json(plan, study, written))
    else:
        click.echo(matrix_view.shown(plan))
    matrix_view.tell(plan, written, dry_run=wishes.dry_run)
    return DATA_SAYS_NO if plan.left_out else 0


def _run(study: Study, files: Sequence[Path], wishes: Wishes) -> int:
    from postil_formats.codings.codes import CodeNames, new_code_paths
    from postil_formats.codings.read import ReadWishes, coding_files, read_codings_file, speaker_labels
    from postil_formats.codings.writing import apply_codings

    known = CodeNames(study.codebook).knows
    labels = speaker_labels(study)
    reading = ReadWishes(wishes.coder, wishes.encoding, wishes.columns, wishes.colors, known, labels)
    tables = [table for file in coding_files(files) for table in read_codings_file(file, reading)]
    if wishes.pseudonyms is not None:
        from postil_cli.output.privacy_view import mapping_place
        from postil_formats.codings.pseudonyms import rows_with_names
        from postil_study.privacy.pseudonyms.mapping import load_names

        names = load_names(mapping_place(study, wishes.pseudonyms))
        tables = [rows_with_names(table, names) for table in tables]
    plan, book_text = _planned(study, tables, wishes)
    added = new_code_paths(book_text, study.settings.codebook, study.codebook) if book_text is not None else []
    refused = bool(plan.unknown_codes or plan.questions)
    changed = [] if refused or wishes.dry_run else apply_codings(study, plan, book_text)
    if wishes.as_json:
        out_json({**_as_json(plan, changed), "new_codes": [] if refused else added})
    else:
        click.echo(_shown(plan))
    _tell(plan, changed, wishes, added)
    return DATA_SAYS_NO if refused or any(problem.lost for problem in plan.problems) else 0


def _planned(study: Study, tables: Sequence[Any], wishes: Wishes) -> tuple[CodingsPlan, str | None]:
    """The plan, and the codebook's text when codes are added to it."""
    from postil_base.files.text import read_raw_text
    from postil_codebook.load import load_codebook
    from postil_formats.codebooks.read import read_codebook_file
    from postil_formats.codings.codes import with_codebook, with_new_codes
    from postil_formats.codings.plan import plan_codings

    path = study.settings.codebook
    said: dict[str, Any] = {"commas": wishes.commas, "meanings": wishes.meanings}
    if wishes.codebook is None and not wishes.add_codes:
        return plan_codings(study, tables, wishes.done, **said), None
    if not path:
        raise PostilError("study.yaml names no codebook to add codes to; add `codebook: codebook/codebook.yaml`.")
    text = read_raw_text(study.root / path)
    if wishes.codebook is not None:
        other, problems = read_codebook_file(wishes.codebook)
        _refuse(problems)
        text = with_codebook(text, path, other.book)
    book: Codebook = load_codebook(text, path)[0]
    plan = plan_codings(study, tables, wishes.done, book, **said)
    if plan.unknown_codes and wishes.add_codes and not plan.questions:
        text = with_new_codes(text, path, plan.unknown_codes)
        plan = plan_codings(study, tables, wishes.done, load_codebook(text, path)[0], **said)
    return plan, text


def _refuse(problems: Sequence[Any]) -> None:
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise PostilError(str(errors[0]))


def _shown(plan: CodingsPlan) -> str:
    rows = []
    for layer in plan.layers:
        before, after = layer.before, layer.after
        stated = sum(1 for relation in after.relations if relation.cue is not None)
        new = len(after.segments) + len(after.relations) - len(before.segments) - len(before.relations)
        figures = (len(after.segments), len(after.relations), stated, new)
        rows.append([after.header.coder, after.header.transcript, *map(str, figures), after.header.done])
    headers = ["coder", "transcript", "segments", "relations", "stated", "new", "done"]
    parts = [table(headers, rows, right=[2, 3, 4, 5])] if rows else []
    ways = ", ".join(f"{count} {how}" for how, count in plan.how.items())
    parts.append(f"segments: {plan.placed} of {counted(plan.segments, 'row')} placed" + (f" ({ways})" if ways else ""))
    if plan.relations:
        parts.append(f"relations: {plan.joined} of {counted(plan.relations, 'row')} joined")
    return "\n\n".join(parts)


def _tell(plan: CodingsPlan, changed: Sequence[str], wishes: Wishes, added: Sequence[str]) -> None:
    from postil_base.quoting.terminal import terminal

    for warning in plan.warnings:
        say(terminal(warning))
    for title, lost in (("not taken in", True), ("taken in, but look at them", False)):
        problems = [problem for problem in plan.problems if problem.lost == lost]
        if problems:
            say(f"\n{title}: {len(problems)} row{'' if len(problems) == 1 else 's'}")
        for problem in problems:
            name = f" ({problem.id})" if problem.id else ""
            say(f"  {terminal(f'{problem.file}, row {problem.row}{name}: {problem.message}')}")
    if added and not (plan.questions or plan.unknown_codes):
        say(f"\nnew in the codebook: {counted(len(added), 'code')}: {terminal(', '.join(added))}")
    if plan.questions:
        say(_questions(plan))
    elif plan.unknown_codes:
        say(_unknown(plan))
    elif wishes.dry_run:
        say("\nNothing was written (--dry-run).")
    elif changed:
        say(f"\nWritten: {', '.join(changed)}.")
    elif plan.placed or plan.joined:
        say("\nThe study has all of it already; nothing was written.")
    else:
        say("\nNo row found its place; nothing was written.")


def _questions(plan: CodingsPlan) -> str:
    from postil_base.quoting.terminal import terminal

    listed = "\n".join(f"  {terminal(f'{q.file}, row {q.row}: {q.message}')}" for q in plan.questions)
    commas = any("comma" in q.message for q in plan.questions)
    ways = "Say --commas separate if a comma separates codes, or --commas keep if it is part of a code's name. "
    more = "Say what a name stands for with --code 'NAME=CODES' (`;` between codes, `CODE (deny)`, - for none)."
    others = any("comma" not in q.message for q in plan.questions)
    said = (ways if commas else "") + (more if others else "")
    return f"\nThis can be read in two ways:\n{listed}\nNothing was written. {said.strip()}"


def _unknown(plan: CodingsPlan) -> str:
    from postil_base.quoting.terminal import terminal

    listed = ", ".join(f"{terminal(code)} ({count})" for code, count in sorted(plan.unknown_codes.items()))
    hints = "".join(f"\n  {terminal(f'{code}: {hint}')}" for code, hint in sorted(plan.hints.items()))
    return (
        f"\nThe codebook does not have these codes: {listed}.{hints}\nNothing was written. Say --add-codes to add them "
        "below a heading `imported`, or --codebook FILE to take them with their definitions from another codebook."
    )


def _as_json(plan: CodingsPlan, changed: Sequence[str]) -> dict[str, Any]:
    return {
        "written": list(changed),
        "segments": {"rows": plan.segments, "placed": plan.placed, "how": dict(plan.how)},
        "relations": {"rows": plan.relations, "joined": plan.joined},
        "new_records": plan.added,
        "new_coders": list(plan.new_coders),
        "unknown_codes": dict(plan.unknown_codes),
        "questions": [{"file": q.file, "row": q.row, "message": q.message} for q in plan.questions],
        "layers": [
            {
                "coder": layer.after.header.coder,
                "transcript": layer.after.header.transcript,
                "segments": len(layer.after.segments),
                "relations": len(layer.after.relations),
                "done": layer.after.header.done,
            }
            for layer in plan.layers
        ],
        "problems": [
            {
                "file": problem.file,
                "row": problem.row,
                "id": problem.id,
                "message": problem.message,
                "places": [list(place) for place in problem.places],
                "taken_in": not problem.lost,
            }
            for problem in plan.problems
        ],
        "warnings": list(plan.warnings),
    }
