"""Where results go: a file named with ``--out``, else stdout."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.problem import PostilError
from postil_base.quoting.terminal import without_controls
from postil_cli.common import opened_root, say, write_stdout

if TYPE_CHECKING:
    from postil_formats.tables.files import Delimiter, Table


def deliver(data: str | bytes, out: Path | None) -> None:
    """Write to the file or to stdout; pictures are not thrown at a terminal."""
    _refuse_delimiter()
    content = without_controls(data).encode("utf-8") if isinstance(data, str) else data
    if isinstance(data, str) and out is not None and out.suffix.lower() == ".csv":
        content = codecs.BOM_UTF8 + content  # by which spreadsheets know UTF-8
    if out is None:
        write_stdout(content)
    else:
        deliver_files({out: content})


DELIMITERS: Mapping[str, Delimiter] = {"comma": ",", "semicolon": ";", "tab": "\t", ",": ",", ";": ";"}
_WRITTEN = "postil.csv"
delimiter_option = click.option(
    "--delimiter",
    type=click.Choice(tuple(DELIMITERS)),
    default=None,
    help="Between the cells of CSV (default: comma); with ; numbers have a decimal comma, as such programs expect.",
)


def as_csv(table: Table, *, exact: bool = False) -> str:
    """A table as CSV, with the delimiter that was asked for."""
    from postil_formats.tables.files import to_csv

    return to_csv(table, asked_delimiter(), exact=exact)


def asked_delimiter() -> Delimiter:
    """What stands between the cells of the CSV that is written now."""
    context = click.get_current_context(silent=True)
    if context is None:
        return ","
    context.meta[_WRITTEN] = True
    return DELIMITERS[context.params.get("delimiter") or "comma"]


def _refuse_delimiter() -> None:
    """Refuse ``--delimiter`` where no CSV is written, instead of ignoring it."""
    context = click.get_current_context(silent=True)
    if context is not None and context.params.get("delimiter") and not context.meta.get(_WRITTEN):
        raise PostilError(
            "--delimiter is for CSV, and another format was asked for. Add --format csv, or leave it out."
        )


def deliver_files(files: Mapping[Path, bytes | Iterable[bytes]]) -> None:
    """Write several files, whole or in pieces, once all of them may be written."""
    from postil_study.files.outputs import write_output

    for out in files:
        check_out(out)
    for out, content in files.items():
        write_output(out, content, opened_root())
        say(f"Written: {out}")


def check_out(out: Path) -> None:
    """Refuse to write over a file of a study, or over what the command reads."""
    from postil_study.files.outputs import check_output

    check_output(out, opened_root())
    context = click.get_current_context(silent=True)
    for path in _read(context) if context is not None else ():
        if out.resolve() == path.resolve() or (out.exists() and path.exists() and out.samefile(path)):
            raise PostilError(f"{out} is what this command reads; write the result into another file.")


def _read(context: click.Context) -> Iterator[Path]:
    """The files that a command was given to read."""
    for param in context.command.params:
        given: Any = context.params.get(param.name or "")
        if isinstance(param.type, click.Path) and param.name != "out":
            yield from (path for path in (given if isinstance(given, tuple) else (given,)) if isinstance(path, Path))


def check_early(_context: click.Context, _param: click.Parameter, out: Path | None) -> Path | None:
    """As the callback of ``--out``: refuse before anything is computed."""
    if out is not None:
        from postil_study.files.outputs import check_output

        check_output(out)
    return out


def need_file(what: str, out: Path | None) -> None:
    """Refuse to print binary data on a terminal."""
    import sys

    if out is None and sys.stdout.isatty():
        raise PostilError(f"{what} is no text for a terminal; name a file: --out FILE")
