"""Tables as answers: on the terminal, as JSON, or as a file by its ending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.problem import PostilError
from postil_base.quoting.terminal import json_safe
from postil_cli.common import Function, table
from postil_cli.output.writing import as_csv, check_early, delimiter_option, deliver, need_file

if TYPE_CHECKING:
    from postil_formats.tables.files import Table

FORMATS = ("table", "csv", "json", "xlsx", "md", "html", "latex")
_ENDINGS = {"tex": "latex", "markdown": "md", "htm": "html", "txt": "table"}


def _label(context: click.Context, _: click.Parameter, given: str) -> str:
    """A LaTeX label: letters, digits and a few signs; refused where no LaTeX is written."""
    import re

    if given and not re.fullmatch(r"[A-Za-z0-9:._-]+", given):
        raise click.BadParameter("a LaTeX label has letters, digits and the signs : . _ - only")
    return given


label_option = click.option(
    "--label", default="", callback=_label, metavar="NAME", help="LaTeX label of the (first) table: \\ref{tab:NAME}."
)


def refuse_label(options: dict[str, Any], format_: str) -> None:
    """Refuse ``--label`` where no LaTeX is written, instead of ignoring it."""
    if options.get("label") and format_ != "latex":
        raise PostilError(f"--label names a LaTeX table, and the format is {format_}. Add --format latex.")


def answer_options(function: Function) -> Function:
    """Add ``--format``, ``--out`` and ``--json``."""
    for option in (
        label_option,
        delimiter_option,
        click.option("--json", "as_json", is_flag=True, help="The same as --format json."),
        click.option(
            "--out",
            type=click.Path(path_type=Path, dir_okay=False),
            default=None,
            metavar="FILE",
            callback=check_early,
            help="Write into FILE instead of stdout.",
        ),
        click.option(
            "--format", "format_", type=click.Choice(FORMATS), default=None, help="Default: the ending of --out."
        ),
    ):
        function = option(function)
    return function


def chosen_format(options: dict[str, Any], more: Sequence[str] = ()) -> str:
    """The format asked for: by name, by ``--json``, or by the ending of the file."""
    if options["as_json"]:
        return "json"
    if options["format_"]:
        return str(options["format_"])
    out: Path | None = options["out"]
    if out is None:
        return "table"
    ending = out.suffix.lower().lstrip(".")
    ending = _ENDINGS.get(ending, ending)
    if ending not in (*FORMATS, *more):
        raise PostilError(f"what is to be written into {out}? Add --format; there are: {', '.join((*FORMATS, *more))}")
    return ending


def answer(tables: Sequence[Table], data: Any, options: dict[str, Any], shown: Callable[[], str] | None = None) -> None:
    """Write tables in the format asked for. ``data`` is what JSON says, ``shown`` what a terminal shows instead."""
    format_, out = chosen_format(options), options["out"]
    refuse_label(options, format_)
    if format_ == "json":
        import json

        deliver(json_safe(json.dumps(data, ensure_ascii=False, indent=2)) + "\n", out)
    elif format_ == "xlsx":
        from postil_formats.tables.files import to_xlsx

        need_file("a workbook", out)
        deliver(to_xlsx(tables), out)
    elif format_ == "table":
        deliver(shown() if shown else "\n".join(on_terminal(found) for found in tables), out)
    else:
        deliver(_as_text(tables, format_, options.get("label") or ""), out)


def _as_text(tables: Sequence[Table], format_: str, label: str) -> str:
    from postil_formats.tables import files as writers

    if format_ == "html":
        return writers.to_html(tables, tables[0].title)
    if format_ == "latex":
        from postil_formats.tables.latex import Style, latex_tables

        names = [label, *(f"{label}-{number}" if label else "" for number in range(2, len(tables) + 1))]
        return latex_tables(tables, [Style(label=name) for name in names])
    write = {"csv": as_csv, "md": writers.to_markdown}[format_]
    return "\n".join(write(found) for found in tables)


def on_terminal(found: Table) -> str:
    """A table with its title and notes; numbers flush right."""
    rows = found.strings()
    right = [
        place
        for place in range(len(found.headers))
        if found.rows and all(isinstance(row[place], (int, float)) or row[place] is None for row in found.rows)
    ]
    parts = [found.title] if found.title else []
    parts.append(table(found.headers, rows, right) if rows else "(none)")
    return "\n".join([*parts, *found.notes]) + "\n"


def records(found: Table) -> list[dict[str, Any]]:
    """A table as a list of objects, for JSON."""
    return [dict(zip(found.headers, row, strict=True)) for row in found.rows]
