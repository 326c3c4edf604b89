"""Answers that are tables: on the terminal, or as CSV, XLSX, Markdown, LaTeX, HTML, JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from postil_base.problem import PostilError
from postil_cli.common import out_json, say, table
from postil_cli.writing import deliver, need_file

if TYPE_CHECKING:
    from postil_model.tables import Table

Function = TypeVar("Function", bound=Callable[..., Any])
FORMATS = ("table", "csv", "xlsx", "md", "latex", "html", "json")
ENDINGS = {"txt": "table", "tex": "latex", "markdown": "md", "htm": "html"}


def table_options(function: Function) -> Function:
    """Add ``--format``, ``--out`` and ``--json``."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="The same as --format json."),
        click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write here."),
        click.option("--format", "format_", type=click.Choice(FORMATS), help="Default: the ending of --out, or table."),
    ):
        function = option(function)
    return function


def format_of(options: Mapping[str, Any]) -> str:
    """The format asked for, by name or by the ending of the file."""
    if options["as_json"]:
        return "json"
    if options["format_"]:
        return str(options["format_"])
    out: Path | None = options["out"]
    if out is None:
        return "table"
    ending = out.suffix.lower().lstrip(".")
    found = ENDINGS.get(ending, ending)
    if found not in FORMATS:
        raise PostilError(f"what is to be written into {out}? Add --format; there are: {', '.join(FORMATS)}.")
    return found


def answer(tables: Sequence[Table], title: str, options: Mapping[str, Any], as_json: Callable[[], Any]) -> None:
    """Print or write the tables; notes go below each on the terminal, to stderr with CSV."""
    kind, out = format_of(options), options["out"]
    if kind == "json":
        _json(as_json(), out)
    elif kind == "xlsx":
        from postil_model.tables import to_xlsx

        need_file("a workbook", out)
        deliver(to_xlsx(tables), out)
    elif kind == "csv":
        from postil_model.tables import to_csv

        deliver(to_csv(tables[0]), out)
        for note in tables[0].notes:
            say(note)
    elif kind == "html":
        from postil_model.tables import to_html

        deliver(to_html(tables, title), out)
    else:
        deliver(_text(tables, kind), out)


def _json(value: Any, out: Path | None) -> None:
    if out is None:
        out_json(value)
        return
    import json

    deliver(json.dumps(value, ensure_ascii=False, indent=2) + "\n", out)


def _text(tables: Sequence[Table], kind: str) -> str:
    from postil_model.tables import to_latex, to_markdown

    if kind == "latex":
        return "\n".join(to_latex(one) for one in tables)
    if kind == "md":
        return "\n".join(to_markdown(one) for one in tables)
    return "\n\n".join(on_terminal(one) for one in tables) + "\n"


def on_terminal(one: Table) -> str:
    """A table as a person reads it: title, aligned columns, notes."""
    numbers = [
        i
        for i in range(len(one.headers))
        if one.rows and all(row[i] is None or isinstance(row[i], int | float) for row in one.rows)
    ]
    parts = [one.title] if one.title else []
    parts.append(table(one.headers, one.strings(), numbers) if one.rows else "(nothing)")
    return "\n".join([*parts, *(f"  {note}" for note in one.notes)])
