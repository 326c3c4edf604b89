"""``postil agreement``: inter-rater agreement of the study, or of any table of ratings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.problem import PostilError
from postil_cli.common import open_study_here, out_json, say, study_option, table
from postil_cli.writing import deliver, need_file

if TYPE_CHECKING:
    from postil_model.agreement_ratings import RatingsResult
    from postil_model.agreement_result import StudyAgreement
    from postil_model.agreement_study import Options, Unit
    from postil_model.tables import Table

FORMATS = ("table", "csv", "json", "xlsx", "md", "latex", "html", "svg", "png", "pdf")
SUFFIXES = {"tex": "latex", "htm": "html", "markdown": "md", "txt": "table"}
UNIT_WORDS = {"character": "char", "characters": "char", "segment": "given", "words": "word", "sentences": "sentence"}
UNIT_CHOICES = ("char", "word", "sentence", "turn", "given", "character", "segment")


def _names(_: click.Context, __: click.Parameter, given: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.split(",") if part.strip()) if given else ()


@click.command("agreement")
@study_option
@click.option(
    "--unit", "units", type=click.Choice(UNIT_CHOICES), multiple=True, help="Default: as declared in study.yaml."
)
@click.option(
    "--by",
    type=click.Choice(["code", "pair", "transcript", "category"]),
    default="code",
    help="Rows of the table; category: codes rolled up to the top of the codebook.",
)
@click.option("--measure", default="", metavar="NAME", help="Another measure than the declared one, as a supplement.")
@click.option("--coders", callback=_names, metavar="A,B", help="Only these coders.")
@click.option("--codes", callback=_names, metavar="A,B", help="Only these codes and those below them.")
@click.option("--transcripts", callback=_names, metavar="A,B", help="Only these transcripts.")
@click.option(
    "--round", "round_", default="", metavar="ROUND", help="This frozen round (default: the last reliability round)."
)
@click.option("--live", is_flag=True, help="The layers as they are now; not for reporting.")
@click.option("--speakers", type=click.Choice(["participant", "all"]), default=None, help="Whose words count.")
@click.option(
    "--level", type=click.IntRange(1), default=None, metavar="N", help="Roll codes up to this level of the codebook."
)
@click.option(
    "--roll-up",
    type=click.Choice(["codes", "groups", "themes"]),
    default="codes",
    help="Count a group or theme as one code.",
)
@click.option(
    "--interval",
    type=click.Choice(["jackknife", "bootstrap"]),
    default="jackknife",
    help="95% intervals over transcripts: leave one out, or 1,000 draws from a fixed seed.",
)
@click.option("--modes", is_flag=True, help="Tell denied, hypothetical, wished and reported uses apart.")
@click.option(
    "--units",
    "units_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    metavar="FILE",
    help="Units given in a CSV file: transcript,start,end.",
)
@click.option("--rounds", is_flag=True, help="The history over all frozen rounds.")
@click.option("--methods", is_flag=True, help="The methods paragraph, with blanks for what nobody recorded.")
@click.option("--confusion", is_flag=True, help="Which code the other coder used for the same words.")
@click.option(
    "--gamma", is_flag=True, help="Gamma, gamma-cat and gamma-k too (slow; with the shuffling sampler, see --sampler)."
)
@click.option(
    "--sampler", type=click.Choice(["shuffle", "statistical"]), default="shuffle", help="Random continua of gamma."
)
@click.option("--samples", type=click.IntRange(1), default=30, help="Number of random continua of gamma.")
@click.option("--seed", type=int, default=1, help="Seed of gamma's samples.")
@click.option(
    "--ratings",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    metavar="FILE",
    help="A table instead of the study: header row, first column the unit, then one column per coder.",
)
@click.option(
    "--sets", is_flag=True, help="With --ratings: cells are label sets separated by ;  ({} is the empty set)."
)
@click.option(
    "--missing", default="", metavar="TEXT", help="With --ratings: what a missing rating looks like (default: empty)."
)
@click.option("--categories", callback=_names, metavar="A,B", help="With --ratings: the declared categories.")
@click.option(
    "--scale",
    type=click.Choice(["nominal", "ordinal", "interval", "ratio"]),
    default="nominal",
    help="With --ratings: a coded scale gets weighted measures.",
)
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default=None, help="Default: the ending of --out, or table."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="FILE", help="Write here."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def command(study_folder: Path | None, **asked: Any) -> int:
    """Inter-rater agreement of the study's coders, or of any table of ratings.

    Only finished layers of coders are compared, from the frozen copy of the last reliability round. The headline is the
    measure that study.yaml declares; everything else is a supplement. Undefined is said with its reason.
    """
    format_ = _format(asked)
    if asked["ratings"] is not None:
        return _ratings(asked, format_)
    study = open_study_here(study_folder)
    plan = study.settings.agreement
    if asked["methods"] and plan is not None and plan.none:
        from postil_model.agreement_methods import no_agreement_paragraph

        deliver(no_agreement_paragraph(plan.none), asked["out"])
        return 0
    from postil_model.agreement_result import study_agreement

    options, units = _options(asked), _units(asked)
    if asked["rounds"]:
        from postil_model.agreement_rounds import round_history

        return _history(round_history(study, options, units, asked["measure"]), format_, asked["out"])
    _answer(study_agreement(study, options, units, asked["measure"]), format_, asked)
    return 0


def _format(asked: dict[str, Any]) -> str:
    if asked["as_json"]:
        return "json"
    if asked["format_"]:
        return str(asked["format_"])
    out: Path | None = asked["out"]
    if out is None:
        return "table"
    ending = out.suffix.lower().lstrip(".")
    format_ = SUFFIXES.get(ending, ending)
    if format_ not in FORMATS:
        raise PostilError(f"what is to be written into {out}? Add --format; there are: {', '.join(FORMATS)}")
    return format_


def _units(asked: dict[str, Any]) -> tuple[Unit, ...]:
    return tuple(UNIT_WORDS.get(name, name) for name in asked["units"])


def _options(asked: dict[str, Any]) -> Options:
    from postil_model.agreement_study import Options

    given = _given(asked["units_file"]) if asked["units_file"] else {}
    return Options(
        coders=asked["coders"],
        codes=asked["codes"],
        transcripts=asked["transcripts"],
        round=asked["round_"],
        live=asked["live"],
        speakers=asked["speakers"] or "",
        roll_up="categories" if asked["by"] == "category" else asked["roll_up"],
        level=asked["level"],
        modes=asked["modes"],
        interval=asked["interval"],
        given=given,
    )


def _given(path: Path) -> dict[str, list[tuple[int, int]]]:
    import csv

    from postil_base.text_files import read_text

    found: dict[str, list[tuple[int, int]]] = {}
    for number, row in enumerate(csv.DictReader(read_text(path).splitlines()), 2):
        try:
            found.setdefault(row["transcript"], []).append((int(row["start"]), int(row["end"])))
        except (KeyError, TypeError, ValueError):
            raise PostilError(f"{path}:{number}: a unit needs transcript, start and end (whole numbers).") from None
    return found


def _answer(result: StudyAgreement, format_: str, asked: dict[str, Any]) -> None:
    from postil_model import agreement_output as output
    from postil_model.agreement_tables import confusion_table, run_lines

    out, by = asked["out"], asked["by"]
    if asked["methods"]:
        from postil_model.agreement_methods import methods_paragraph

        deliver(methods_paragraph(result), out)
    elif format_ == "json":
        _json(_full_json(result, asked), out)
    elif format_ == "csv":
        views = [confusion_table(result)] if asked["confusion"] else [output.view(result, by)]
        deliver(output.to_csv(views[0]), out)
        for line in [*run_lines(result), output.headline_sentence(result)]:
            say(line)
    elif format_ == "xlsx":
        need_file("a workbook", out)
        deliver(output.workbook(result, _more(result, asked)), out)
    elif format_ in ("svg", "png", "pdf"):
        from postil_model.agreement_plot import plot

        if format_ != "svg":
            need_file("a picture", out)
        deliver(plot(result, format_), out)
    else:
        deliver(_text(result, format_, asked), out)


def _text(result: StudyAgreement, format_: str, asked: dict[str, Any]) -> str:
    from postil_model import agreement_output as output

    if format_ == "md":
        return output.markdown(result, asked["by"])
    if format_ == "latex":
        return output.latex_tables(result, asked["by"])
    if format_ == "html":
        return output.web_page(result, _more(result, asked))
    from postil_cli.agreement_screen import screen

    return screen(result, asked["by"], asked["confusion"], _more(result, asked))


def _more(result: StudyAgreement, asked: dict[str, Any]) -> list[Table]:
    """Tables that are made only when they are asked for."""
    if not asked["gamma"]:
        return []
    from postil_model.agreement_gamma import gamma_table, study_gamma

    return [gamma_table(study_gamma(result.sample, asked["sampler"], asked["samples"], asked["seed"]))]


def _full_json(result: StudyAgreement, asked: dict[str, Any]) -> dict[str, Any]:
    from postil_model.agreement_json import agreement_json

    found = agreement_json(result)
    if asked["gamma"]:
        from postil_model.agreement_gamma import gamma_json, study_gamma

        found["gamma"] = gamma_json(study_gamma(result.sample, asked["sampler"], asked["samples"], asked["seed"]))
    return found


def _json(value: Any, out: Path | None) -> None:
    import json

    if out is None:
        out_json(value)
    else:
        deliver(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n", out)


def _history(history: list[Any], format_: str, out: Path | None) -> int:
    from postil_model import agreement_output as output
    from postil_model.agreement_plot import bar
    from postil_model.agreement_rounds import rounds_json, rounds_plot, rounds_table
    from postil_model.tables import to_html, to_markdown, to_xlsx

    rows = rounds_table(history)
    if format_ == "json":
        _json(rounds_json(history), out)
    elif format_ in ("svg", "png", "pdf"):
        deliver(rounds_plot(history, format_), out)
    elif format_ == "table":
        shown = output.printed(rows)
        lines = [(*row, bar(entry.pooled)) for row, entry in zip(shown.strings(), history, strict=True)]
        deliver(table((*shown.headers, "0         0.5         1"), lines, right=range(7, 11)) + "\n", out)
    else:
        writers: dict[str, Callable[[], str | bytes]] = {
            "csv": lambda: output.to_csv(rows),
            "md": lambda: to_markdown(output.printed(rows)),
            "latex": lambda: output.latex_table(rows, "Agreement over rounds.", "rounds"),
            "html": lambda: to_html([output.printed(rows)], "Agreement over rounds"),
            "xlsx": lambda: to_xlsx([rows]),
        }
        deliver(writers[format_](), out)
    return 0


def _ratings(asked: dict[str, Any], format_: str) -> int:
    from postil_base.text_files import read_text
    from postil_model.agreement_ratings import RatingsOptions, ratings_json, ratings_result

    path: Path = asked["ratings"]
    options = RatingsOptions(asked["sets"], asked["missing"], asked["categories"], asked["scale"])
    result = ratings_result(read_text(path), str(path), options)
    if format_ == "json":
        _json(ratings_json(result), asked["out"])
    else:
        deliver(_ratings_file(result, format_), asked["out"])
    return 0


def _ratings_file(result: RatingsResult, format_: str) -> str | bytes:
    from postil_model import agreement_output as output
    from postil_model.agreement_ratings import ratings_definitions, ratings_tables
    from postil_model.tables import to_html, to_markdown, to_xlsx

    tables = ratings_tables(result)
    if format_ == "xlsx":
        return to_xlsx([*tables, ratings_definitions(result)])
    if format_ == "csv":
        return output.to_csv(tables[0])
    shown = [output.printed(each) for each in tables]
    if format_ == "html":
        return to_html([*shown, ratings_definitions(result)], "Agreement")
    if format_ == "md":
        return "\n".join(f"## {each.title}\n\n{to_markdown(each)}" for each in shown)
    if format_ == "latex":
        return "\n".join(output.latex_table(each, each.title, each.title.lower()) for each in tables)
    if format_ == "table":
        from postil_cli.agreement_screen import laid_out

        return "\n\n".join(laid_out(each) for each in shown) + "\n"
    raise PostilError(f"a table of ratings has no {format_}; there are: {', '.join(FORMATS[:7])}")
