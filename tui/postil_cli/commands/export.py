"""``postil export``: the study for other programs."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_base.quoting.terminal import json_safe
from postil_cli.common import json_option, open_study_here, out_json, say, say_consent, study_option, write_stdout
from postil_cli.output.writing import (
    asked_delimiter,
    check_early,
    check_out,
    delimiter_option,
    deliver,
    deliver_files,
    need_file,
)

if TYPE_CHECKING:
    from postil_codebook.values import Codebook
    from postil_formats.projects.outgoing.project import ExportWishes
    from postil_formats.projects.outgoing.refi import Exported
    from postil_formats.projects.outgoing.tables import StudyTables
    from postil_formats.tables.files import Table
    from postil_study.study import Study

FORMATS = ("refi", "qdc", "csv", "xlsx", "json", "md", "html", "parquet", "codebook")
TABLES = ("segments", "relations", "guide", "codebook", "transcripts", "participants", "charts", "memos")


@click.command("export")
@click.argument("kind", metavar="|".join(FORMATS), type=click.Choice(FORMATS))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    callback=check_early,
    help="The file to write (csv, parquet: a folder, or one table's file).",
)
@click.option("--table", "chosen", type=click.Choice(TABLES), help="One table only.")
@click.option(
    "--positions",
    type=click.Choice(["codepoints", "utf16"]),
    default="codepoints",
    show_default=True,
    help="How positions are counted: by the standard, or as NVivo does.",
)
@click.option("--coder", "coders", multiple=True, metavar="ID", help="Codings of this coder alone (may be repeated).")
@click.option(
    "--as", "me", default="", metavar="CODER", help="Who you are: your own codings of a blind round go along."
)
@click.option(
    "--everything", is_flag=True, help="Also words and transcripts of participants who refused; for the team alone."
)
@click.option("--tell-apart", is_flag=True, help="Codes that share a name go out by their paths (refi, qdc).")
@click.option("--no-study", is_flag=True, help="Leave the study's own files out of a .qdpx.")
@delimiter_option
@json_option
@study_option
def command(
    kind: str,
    out: Path | None,
    chosen: str | None,
    positions: str,
    coders: tuple[str, ...],
    me: str,
    everything: bool,
    tell_apart: bool,
    no_study: bool,
    delimiter: str | None,
    as_json: bool,
    study_folder: Path | None,
) -> None:
    """Write the study for other programs: REFI-QDA (NVivo, ATLAS.ti, MAXQDA, QualCoder), a codebook, or tables.

    `codebook` is a document to read and hand on: --out book.md, .html, .docx or .qdc. The tables segments, relations
    and guide come back from csv and xlsx with `postil import-codings`, and nothing is lost on the way. Parquet needs
    the extra postil[parquet].

    A .qdpx also carries the study's own files in a folder postil/, which others leave alone; from there
    `postil import-codings FILE --new DIR` gives back the very same study. What does not go along is listed.
    """
    from postil_formats.projects.outgoing.project import ExportWishes

    study = open_study_here(study_folder)
    unknown = [coder for coder in coders if coder not in study.coders]
    if unknown:
        raise PostilError(f"there is no coder {unknown[0]!r}; known are {', '.join(study.coders) or 'none'}.")
    if delimiter and kind != "csv":
        raise PostilError(f"--delimiter is for CSV, and {kind} was asked for. Leave it out.")
    wishes = ExportWishes(coders, me, everything, tell_apart)
    if everything:
        say_consent(study, screen=True)
    if kind == "codebook" and (out is None or out.suffix.lower() != ".qdc"):
        _codebook(study, wishes, out)
    elif kind in ("refi", "qdc", "codebook"):
        kind = "refi" if kind == "refi" else "qdc"
        _refi(study, wishes, kind, out, utf16=positions == "utf16", with_study=not no_study, as_json=as_json)
    else:
        _tables(study, wishes, kind, out, chosen)


def _refi(
    study: Study, wishes: ExportWishes, kind: str, out: Path | None, *, utf16: bool, with_study: bool, as_json: bool
) -> None:
    from postil_formats.projects.outgoing.refi import refi_codebook, refi_project

    ending = ".qdpx" if kind == "refi" else ".qdc"
    target = out or Path(f"{study.settings.id or study.root.resolve().name}{ending}")
    check_out(target)
    if kind == "qdc":
        exported = refi_codebook(study, wishes)
    else:
        exported = refi_project(study, wishes, utf16=utf16, with_study=with_study)
    deliver(exported.data, target)
    if as_json:
        lost = [{"item": r.item, "message": r.message, "lost": r.lost} for r in exported.remarks]
        out_json({"file": str(target), "counts": exported.counts, "remarks": lost})
    else:
        _say(exported)


def _codebook(study: Study, wishes: ExportWishes, out: Path | None) -> None:
    """The codebook as a document; the ending of the file says which."""
    from postil_formats.codebooks.writing import codebook_docx, codebook_html, codebook_markdown
    from postil_formats.projects.outgoing.tables import StudyTables

    makers: dict[str, Callable[[Codebook, Mapping[str, int]], str | bytes]]
    makers = {".md": codebook_markdown, ".html": codebook_html, ".htm": codebook_html, ".docx": codebook_docx}
    make = makers.get(out.suffix.lower() if out else ".md")
    if make is None:
        raise PostilError(f"a codebook is written as {', '.join(makers)} or .qdc; {out} is none of these.")
    made = StudyTables(study, wishes)
    deliver(make(made.told_codebook(), made.segments_of_codes()), out)


def _say(exported: Exported) -> None:
    from postil_cli.output.remarks import say_remarks

    say(", ".join(counted(count, _one(what), what) for what, count in exported.counts.items() if count))
    say_remarks(exported.remarks, "did not go along")


def _tables(study: Study, wishes: ExportWishes, kind: str, out: Path | None, chosen: str | None) -> None:
    from postil_formats.projects.outgoing.tables import StudyTables

    made = StudyTables(study, wishes)
    if kind == "csv":
        _csv(made, [chosen] if chosen else TABLES, out)
        return
    tables = made.all()
    tables = {chosen: tables[chosen]} if chosen else tables
    for note in made.notes:
        say(note)
    if kind == "xlsx":
        from postil_formats.tables.files import MOST, cut_cells, to_xlsx

        need_file("A spreadsheet", out)
        cut = cut_cells(tables.values())
        if cut:
            longer = f"{cut} cell is longer" if cut == 1 else f"{cut} cells are longer"
            say(f"{longer} than a spreadsheet holds and was cut to {MOST:,} characters; csv has the whole.")
        deliver(to_xlsx(list(tables.values())), out)
    elif kind == "parquet":
        _parquet(tables, out)
    else:
        deliver(_text(kind, tables, study), out)


def _csv(made: StudyTables, names: Sequence[str], out: Path | None) -> None:
    """One table to a file or to stdout, several into a folder, written while they are made."""
    if out is None and len(names) > 1:
        raise PostilError(f"several tables need a folder: --out DIR. Or name one: --table {', '.join(TABLES)}.")
    for note in made.notes:
        say(note)
    if out is None:
        for piece in _csv_pieces(made, names[0]):
            write_stdout(piece)
    else:
        paths = [out] if len(names) == 1 else [out / f"{name}.csv" for name in names]
        files = zip(paths, names, strict=True)
        deliver_files({path: chain([codecs.BOM_UTF8], _csv_pieces(made, name)) for path, name in files})
    for remark in made.free.remarks():
        say(str(remark))


def _csv_pieces(made: StudyTables, name: str) -> Iterator[bytes]:
    """A table as CSV; nothing of it is made before the first piece is asked for."""
    from postil_formats.tables.files import csv_pieces

    for piece in csv_pieces(*made.stream(name), asked_delimiter()):
        yield piece.encode()


def _parquet(tables: Mapping[str, Table], out: Path | None) -> None:
    """One table to a file, several into a folder."""
    from postil_formats.tables.files import to_parquet

    if out is None:
        raise PostilError("Parquet is no text; name a folder, or with --table a file: --out PATH")
    made = {name: to_parquet(table) for name, table in tables.items()}
    deliver_files({out if len(made) == 1 else out / f"{name}.parquet": data for name, data in made.items()})


def _text(kind: str, tables: Mapping[str, Table], study: Study) -> str:
    from postil_formats.tables.files import to_html, to_markdown

    if kind == "html":
        return to_html(list(tables.values()), study.settings.title or "Study")
    if kind == "md":
        return "\n".join(f"## {name.capitalize()}\n\n{to_markdown(table)}" for name, table in tables.items())
    records = {name: [dict(zip(t.headers, row, strict=True)) for row in t.rows] for name, t in tables.items()}
    return json_safe(json.dumps(records, ensure_ascii=False, indent=1)) + "\n"


def _one(what: str) -> str:
    """What one of these is called.

    >>> _one("sources"), _one("files of the study")
    ('source', 'file of the study')
    """
    first, space, rest = what.partition(" ")
    return first.removesuffix("s") + space + rest
