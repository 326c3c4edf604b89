"""``postil agreement``: inter-rater agreement of the study, or of any table of ratings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.problem import PostilError
from postil_cli.agreement_ratings_options import answer_ratings, ratings_options, refuse_what_does_not_apply
from postil_cli.common import open_study_here, study_option
from postil_cli.output.agreement_answers import answer, answer_history, answer_none
from postil_cli.output.answers import label_option, refuse_label
from postil_cli.output.writing import check_early, delimiter_option

if TYPE_CHECKING:
    from postil_model.agreement.sample import SampleOptions, Unit
    from postil_model.agreement.units import GivenUnit

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
@click.option("--coders", callback=_names, metavar="A,B", help="Only these coders (columns, with --ratings).")
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
    help="95% intervals over transcripts (units, with --ratings): leave one out (a formula, with --ratings), or 1,000 "
    "draws from a fixed seed.",
)
@click.option("--modes", is_flag=True, help="Tell denied, hypothetical, wished and reported uses apart.")
@click.option(
    "--units-file",
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
@click.option("--seed", type=int, default=1, help="Seed of gamma's samples, and of the bootstrap with --ratings.")
@click.option(
    "--ratings",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    metavar="FILE",
    help="A table instead of the study (.csv, .tsv, .xlsx, .ods): a row for each unit, a column for each coder.",
)
@ratings_options
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default=None, help="Default: the ending of --out, or table."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    metavar="FILE",
    callback=check_early,
    help="Write here.",
)
@label_option
@delimiter_option
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def command(study_folder: Path | None, **asked: Any) -> int:
    """Inter-rater agreement of the study's coders, or of any table of ratings.

    Only finished layers of coders are compared, from the frozen copy of the last reliability round. The headline is the
    measure that study.yaml declares; everything else is a supplement. Undefined is said with its reason.
    """
    format_ = _format(asked)
    refuse_label(asked, format_)
    refuse_what_does_not_apply(click.get_current_context(), asked["ratings"] is not None)
    if asked["ratings"] is not None:
        return answer_ratings(asked, format_)
    study = open_study_here(study_folder)
    plan = study.settings.agreement
    if plan is not None and plan.none and (asked["methods"] or not asked["measure"]):
        return answer_none(plan.none, format_, asked["out"])
    from postil_model.agreement.result import study_agreement

    options, units = _options(asked), _units(asked)
    if asked["rounds"]:
        from postil_model.agreement.rounds import round_history

        return answer_history(
            round_history(study, options, units, asked["measure"]), format_, asked["out"], asked["label"]
        )
    history = []
    if format_ in ("xlsx", "html", "json") and not asked["live"] and any(r.is_frozen for r in study.rounds.values()):
        from postil_model.agreement.rounds import round_history

        history = round_history(study, options, units, asked["measure"])
    answer(study_agreement(study, options, units, asked["measure"]), format_, asked, history)
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
    """The units asked for; a file of units is of use for given ones alone, and means them."""
    units: tuple[Unit, ...] = tuple(UNIT_WORDS.get(name, name) for name in asked["units"])
    if asked["units_file"] and units and "given" not in units:
        raise PostilError(
            f"--units-file does not apply to --unit {asked['units'][0]}; say --unit given, or leave it out."
        )
    return units or ("given",) if asked["units_file"] else units


def _options(asked: dict[str, Any]) -> SampleOptions:
    from postil_model.agreement.sample import SampleOptions

    given = _given(asked["units_file"]) if asked["units_file"] else ()
    return SampleOptions(
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


def _given(path: Path) -> list[GivenUnit]:
    from postil_base.files.text import read_text
    from postil_model.agreement.units import read_units

    return read_units(read_text(path), str(path))
