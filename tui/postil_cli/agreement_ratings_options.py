"""``postil agreement --ratings``: its options, and a table of ratings in each format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from postil_base.problem import PostilError
from postil_cli.common import say
from postil_cli.output.agreement_answers import write_json
from postil_cli.output.writing import as_csv, deliver

if TYPE_CHECKING:
    from postil_model.agreement.ratings_table import RatingsOptions, RatingsResult

Command = TypeVar("Command", bound=Callable[..., Any])


def _names(_: click.Context, __: click.Parameter, given: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.split(",") if part.strip()) if given else ()


_OPTIONS = (
    click.option(
        "--sets", is_flag=True, help="With --ratings: cells are label sets separated by ;  ({} is the empty set)."
    ),
    click.option(
        "--missing",
        default="",
        metavar="A,B",
        help="With --ratings: what missing ratings look like, besides an empty cell, NA, nan, None, NULL ….",
    ),
    click.option(
        "--categories", callback=_names, metavar="A,B", help="With --ratings: the declared categories, in their order."
    ),
    click.option(
        "--scale",
        type=click.Choice(["nominal", "ordinal", "interval", "ratio"]),
        default="nominal",
        help="With --ratings: a coded scale gets weighted measures.",
    ),
    click.option("--fold", is_flag=True, help="With --ratings: capitals, spaces and forms of accents do not count."),
    click.option(
        "--decimal", type=click.Choice(["point", "comma"]), default=None, help="With --ratings: the decimal sign."
    ),
    click.option("--encoding", default="", metavar="NAME", help="With --ratings: the encoding of a CSV file."),
    click.option(
        "--heading/--no-heading", default=None, help="With --ratings: whether the first row names the columns."
    ),
    click.option(
        "--unit-column/--no-unit-column", default=None, help="With --ratings: whether the first column names the units."
    ),
    click.option("--columns", "layout", flag_value="columns", help="With --ratings: a column holds a coder's ratings."),
    click.option("--transposed", "layout", flag_value="rows", help="With --ratings: a row holds a coder's ratings."),
    click.option(
        "--counts", "layout", flag_value="counts", help="With --ratings: cells count the coders who chose a category."
    ),
    click.option(
        "--long", "layout", flag_value="long", help="With --ratings: a row for each rating: unit, coder, rating."
    ),
)
# What a table of ratings has no use for, and what only a table of ratings has.
_OF_STUDY = {
    "study_folder": "--study",
    "units": "--unit",
    "codes": "--codes",
    "transcripts": "--transcripts",
    "round_": "--round",
    "live": "--live",
    "speakers": "--speakers",
    "level": "--level",
    "roll_up": "--roll-up",
    "modes": "--modes",
    "units_file": "--units-file",
    "rounds": "--rounds",
    "methods": "--methods",
    "confusion": "--confusion",
    "gamma": "--gamma",
    "sampler": "--sampler",
    "samples": "--samples",
}
_OF_RATINGS = {
    "sets": "--sets",
    "missing": "--missing",
    "categories": "--categories",
    "scale": "--scale",
    "fold": "--fold",
    "decimal": "--decimal",
    "encoding": "--encoding",
    "heading": "--heading",
    "unit_column": "--unit-column",
    "layout": "--columns, --transposed, --counts and --long",
}
FORMATS = "table, csv, json, xlsx, md, latex, html"


def ratings_options(command: Command) -> Command:
    """Add the options of ``--ratings`` to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def refuse_what_does_not_apply(context: click.Context, of_ratings: bool) -> None:
    """Refuse options of a study with a table of ratings, and the other way round, instead of ignoring them."""
    names = _OF_STUDY if of_ratings else _OF_RATINGS
    given = [
        option
        for name, option in names.items()
        if context.get_parameter_source(name) not in (ParameterSource.DEFAULT, None) and name in context.params
    ]
    if given:
        verb = "does" if len(given) == 1 and "," not in given[0] else "do"
        what = "to a table of ratings (--ratings)" if of_ratings else "without --ratings FILE"
        raise PostilError(f"{', '.join(given)} {verb} not apply {what}. Leave out what does not apply.")


def _options(asked: dict[str, Any]) -> RatingsOptions:
    from postil_formats.ratings.shape import Asked
    from postil_model.agreement.ratings_table import RatingsOptions

    return RatingsOptions(
        sets=asked["sets"],
        missing=asked["missing"],
        categories=asked["categories"],
        scale=asked["scale"],
        fold=asked["fold"],
        decimal=asked["decimal"] or "",
        encoding=asked["encoding"],
        shape=Asked(asked["heading"], asked["unit_column"], asked["layout"] or "", asked["coders"]),
        interval="bootstrap" if asked["interval"] == "bootstrap" else "analytic",
        seed=asked["seed"],
    )


def answer_ratings(asked: dict[str, Any], format_: str) -> int:
    """Write the agreement of a table of ratings; what was read stands first in every format."""
    from postil_base.files.text import read_bytes
    from postil_model.agreement.ratings_table import only, ratings_json, ratings_result

    path: Path = asked["ratings"]
    by = {"pair": "pair", "category": "category"}.get(asked["by"], "")
    if asked["by"] == "transcript":
        raise PostilError("a table of ratings has no transcripts; --by takes category or pair here.")
    result = ratings_result(read_bytes(path), str(path), _options(asked))
    if asked["measure"]:
        result = only(result, asked["measure"])
    if format_ == "json":
        write_json(ratings_json(result), asked["out"])
        return 0
    deliver(_file(result, format_, by, asked["label"]), asked["out"])
    if format_ == "csv":
        for line in result.read.lines():
            say(line)
    return 0


def _file(result: RatingsResult, format_: str, by: str, label: str) -> str | bytes:
    from postil_formats.tables.files import to_html, to_markdown, to_xlsx
    from postil_model.agreement import files as output
    from postil_model.agreement.ratings_table import ratings_definitions, ratings_tables, read_table

    tables, read = ratings_tables(result, by), result.read.lines()
    if format_ == "xlsx":
        return to_xlsx([read_table(result), *tables, ratings_definitions(result)])
    if format_ == "csv":
        return as_csv(tables[0], exact=True)
    shown = [output.printed(each) for each in tables]
    if format_ == "html":
        return to_html([read_table(result), *shown, ratings_definitions(result)], "Agreement")
    if format_ == "md":
        parts = [f"## {each.title}\n\n{to_markdown(each)}" for each in shown]
        return "\n".join([to_markdown(read_table(result)), *parts])
    if format_ == "latex":
        from postil_formats.tables.latex import Style, label_of, latex_tables

        names = [label, *(f"{label}-{label_of(t.title)}" if label else "" for t in tables[1:])]
        styles = [Style(t.title, name, (), 2) for t, name in zip(tables, names, strict=True)]
        styles[0] = replace(styles[0], provenance=tuple(read))
        return latex_tables(tables, styles)
    if format_ == "table":
        from postil_base.quoting.terminal import terminal
        from postil_cli.output.agreement_screen import laid_out

        return "\n\n".join(["\n".join(map(terminal, read)), *(laid_out(each) for each in shown)]) + "\n"
    raise PostilError(f"a table of ratings has no {format_}; there are: {FORMATS}.")
