"""``postil import``: transcripts into the study, shown before the first byte is written."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postil_base.problem import PostilError
from postil_cli.common import DATA_SAYS_NO, json_option, open_study_here, out_json, say, study_option

if TYPE_CHECKING:
    from postil_formats.texts.decided import Decided
    from postil_formats.texts.plan import Failure, FilePlan, ImportOptions, ImportPlan, Progress
    from postil_study.study import Study


@click.command("import")
@click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--id", "id_", default="", metavar="ID", help="The transcript's id (default: the file's name).")
@click.option(
    "--id-from",
    nargs=2,
    default=None,
    metavar="REGEX TEMPLATE",
    help="Ids from file names, for example 'Interview-(\\d+)' 'P{}'.",
)
@click.option("--participant", default="", metavar="ID", help="Who is interviewed (default: the transcript's id).")
@click.option(
    "--speaker",
    "speakers",
    multiple=True,
    metavar="LABEL=WHO",
    help="Who a label is: interviewer, participant:P01, other, or a new name; may be repeated.",
)
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    default=None,
    metavar="TABLE",
    help="Who is who, file by file: csv or xlsx with the columns file, speaker, is, id, participant, date.",
)
@click.option("--text", "text_key", default="", metavar="COLUMN", help="The column (in JSON the key) of the words.")
@click.option("--speaker-key", default="", metavar="COLUMN", help="The column (in JSON the key) of the speaker.")
@click.option("--date", default="", metavar="YYYY-MM-DD", help="When the interview took place.")
@click.option("--encoding", default="", metavar="NAME", help="How text files are encoded, if read wrong.")
@click.option(
    "--pseudonyms",
    type=click.Path(path_type=Path),
    default=None,
    metavar="MAP",
    help="Replace the names of this mapping before anything is stored; see postil pseudonymise.",
)
@click.option(
    "--ner",
    "model",
    default="",
    metavar="MODEL",
    help="Look for names with this spaCy model, too; see postil pseudonymise.",
)
@click.option("--strict", is_flag=True, help="Refuse a file when the second reading finds a difference.")
@click.option("--dry-run", is_flag=True, help="Show what was recognised and write nothing.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before writing.")
@json_option
@study_option
def command(
    study_folder: Path | None,
    paths: tuple[Path, ...],
    id_: str,
    id_from: tuple[str, str] | None,
    participant: str,
    speakers: tuple[str, ...],
    mapping: Path | None,
    text_key: str,
    speaker_key: str,
    date: str,
    encoding: str,
    pseudonyms: Path | None,
    model: str,
    strict: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Take in transcripts: docx, txt, md, vtt, srt, rtf, odt, pdf, csv, xlsx, ods, json, eaf, html, cha, or folders.

    Shows what was recognised (speakers, first turns, what was taken off, notes found, names it sees) and asks before
    it writes. Each file is read a second time in the plainest way: words that are neither stored nor listed as taken
    off are a warning. A file that cannot be read stops no other, and no file is taken in twice by mistake.
    """
    from postil_formats.texts.mapping import load_mapping
    from postil_formats.texts.plan import ImportOptions
    from postil_formats.texts.roles import parse_speaker

    try:
        rules = dict(parse_speaker(text) for text in speakers)
    except PostilError as error:
        raise click.UsageError(str(error)) from error
    files = load_mapping(mapping) if mapping is not None else {}
    options = ImportOptions(
        id_,
        id_from,
        participant,
        rules,
        date,
        encoding,
        files=files,
        text=text_key,
        speaker_key=speaker_key,
        strict=strict,
    )
    study = open_study_here(study_folder)
    if pseudonyms is not None:
        options = _with_names(study, options, pseudonyms)
    return _run(study, paths, options, model, dry_run=dry_run, yes=yes, as_json=as_json)


def _with_names(study: Study, options: ImportOptions, mapping: Path) -> ImportOptions:
    from dataclasses import replace

    from postil_cli.output.privacy_view import mapping_place
    from postil_study.privacy.pseudonyms.mapping import load_names

    return replace(options, names=load_names(mapping_place(study, mapping)))


def _recognised(plan: ImportPlan, model: str) -> ImportPlan:
    """The plan with the names that a model on this machine finds, too."""
    from dataclasses import replace

    from postil_formats.texts.sensitive_terms import with_recognised
    from postil_study.privacy.pseudonyms.recogniser import recogniser

    find = recogniser(model)
    named = (replace(f, names=with_recognised(f.names, [f.transcript.text], find)) for f in plan.files)
    return replace(plan, files=tuple(named))


def _offered(study: Study, plan: ImportPlan) -> Decided | None:
    """What the person decided on the names seen, if they did."""
    from postil_cli.output.privacy_view import mapping_place, offer
    from postil_formats.texts.sensitive_terms import together

    return offer(mapping_place(study, None), lambda known: together((file.names for file in plan.files), known))


def _run(
    study: Study,
    paths: Sequence[Path],
    options: ImportOptions,
    model: str,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    from postil_cli.output import import_view
    from postil_cli.output.progress import watched
    from postil_formats.texts.plan import plan_import

    with watched("reading") as progress:
        plan = plan_import(study, paths, options, progress=progress)
    plan = _recognised(plan, model) if model else plan
    if not as_json:
        click.echo(import_view.shown(plan))
    decided = None
    plain = plan
    if options.names is None and _on_terminal() and not (yes or as_json or dry_run):
        decided = _offered(study, plan)
        plan = _renamed(study, paths, options, plan, decided) if decided is not None else plan
    failures = list(plan.failures)
    write = bool(plan.files) and not dry_run and (yes or as_json or _agreed(len(plan.files)))
    if write:
        with watched("writing") as progress:
            written, failed = _written(study, plan, plain, decided, progress)
        failures += failed
        say(f"{len(written)} transcript{'' if len(written) == 1 else 's'} imported.")
        if decided is not None and written:
            say(f"The mapping is in {decided.place}. Keep it to yourself; postil pseudonymise --undo gives names back.")
    if as_json:
        out_json(import_view.as_json(plan, failures, written=write))
    _tell(failures, nothing_written=bool(plan.files) and not write)
    return DATA_SAYS_NO if failures else 0


def _renamed(
    study: Study, paths: Sequence[Path], options: ImportOptions, plain: ImportPlan, decided: Decided
) -> ImportPlan:
    """The plan with the names that were decided on, shown with each replacement in its sentence."""
    from dataclasses import replace

    from postil_cli.output import import_view
    from postil_cli.output.privacy_view import shown_replacements
    from postil_formats.texts.decided import replacements, words_of
    from postil_formats.texts.plan import plan_import

    names = decided.names()
    if not names:
        return plain
    plan = plan_import(study, paths, replace(options, names=names))
    click.echo(import_view.shown(plan))
    click.echo(shown_replacements(replacements(words_of(plain), names)))
    return plan


def _written(
    study: Study, plan: ImportPlan, plain: ImportPlan, decided: Decided | None, progress: Progress | None
) -> tuple[list[FilePlan], list[Failure]]:
    if decided is None:
        from postil_formats.texts.writing import apply_import

        return apply_import(study.root, plan, progress)
    from postil_formats.texts.decided import import_with_names

    return import_with_names(study.root, plan, plain, decided, progress)


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _agreed(count: int) -> bool:
    """Ask on a terminal; where nobody can answer, go on: what is ambiguous was refused while planning."""
    if not _on_terminal():
        return True
    return click.confirm(f"Import {'this transcript' if count == 1 else f'these {count} transcripts'}?", True, err=True)


def _tell(failures: Sequence[Failure], *, nothing_written: bool) -> None:
    from postil_base.quoting.terminal import terminal

    if failures:
        say(f"\n{len(failures)} file{'' if len(failures) == 1 else 's'} not imported:")
    for failure in failures:
        reason = failure.reason.removeprefix(f"{failure.source.name}: ")
        say(f"  {terminal(str(failure.source))}: {terminal(reason)}")
    if nothing_written:
        say("\nNothing was written.")
