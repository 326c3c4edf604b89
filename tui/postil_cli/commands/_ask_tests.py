"""``postil ask predict`` and the other questions that put a decision model to the test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.problem import PostilError
from postil_cli.common import open_study_here, study_option
from postil_cli.model_options import model_of, model_options, names, params_of
from postil_cli.output.answers import answer, answer_options, chosen_format
from postil_cli.output.writing import deliver

if TYPE_CHECKING:
    from postil_model.decision.model import Model
    from postil_model.drawing.picture import Picture
    from postil_model.validation.two_models import TwoModels
    from postil_study.study import Study

PICTURES = ("svg", "pdf", "png")


@click.command("predict")
@study_option
@model_options
@click.option("--holdout", default="", metavar="A,B", help="Make the model of all others and test it on these.")
@click.option(
    "--sample",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    metavar="DIR",
    help="Test this study's model on the participants of the study in DIR.",
)
@answer_options
def predict(study_folder: Path | None, **options: Any) -> int:
    """How well the model predicts people it was not made of.

    For each participant left out: what at least t of the others state against what they state themselves; recall,
    precision, and whether chance would do as well. -t looks at one threshold only, else at each.
    """
    from postil_model.validation.predicting import (
        predict,
        predict_holdout,
        predict_sample,
        prediction_json,
        prediction_tables,
    )

    held, sample = names(options["holdout"]), options["sample"]
    if held and sample:
        raise PostilError("--holdout and --sample are two different tests; choose one of them")
    study = open_study_here(study_folder)
    model = model_of(study, options)
    t = options["min_participants"]
    thresholds = () if t is None else (t,)
    if held:
        found = predict_holdout(model, held, thresholds)
    elif sample:
        found = predict_sample(model, _other_model(study, sample, options), thresholds)
    else:
        found = predict(model, thresholds)
    answer(prediction_tables(found), prediction_json(found), options)
    return 0


def _other_model(study: Study, folder: Path, options: dict[str, Any]) -> Model:
    """The model of the study in a folder, read against the process of this one."""
    from postil_study.study import open_study

    return _read_against(study, open_study(folder), options)


def _read_against(study: Study, other: Study, options: dict[str, Any]) -> Model:
    from dataclasses import replace

    from postil_model.decision.comparison.compare import merged
    from postil_model.decision.of_study import build_model, study_process

    params = replace(params_of(study, options), participants=())
    return build_model(other, params, process=merged(study_process(other), study_process(study)))


@click.command("certainty")
@study_option
@model_options
@answer_options
def certainty(study_folder: Path | None, **options: Any) -> int:
    """How sure each arrow is: read by two coders, hanging on one person or one relation, said only when asked.

    postil model --certainty draws it.
    """
    from postil_model.validation.certainty_files import certainty_json, certainty_table, model_certainties

    study = open_study_here(study_folder)
    model = model_of(study, options)
    found = model_certainties(study, model)
    answer([certainty_table(found, model)], certainty_json(found, model), options)
    return 0


@click.command("sweep")
@study_option
@model_options
@answer_options
def sweep(study_folder: Path | None, **options: Any) -> int:
    """Every threshold, kind of evidence and reading of relations: which conclusions never change.

    A reading ignores the type, the guard or the direction of a relation. --out FILE.svg (pdf, png) draws it.
    """
    from postil_model.validation.sensitivity_files import (
        conclusion_table,
        sweep,
        sweep_json,
        sweep_picture,
        sweep_table,
    )

    study = open_study_here(study_folder)
    model = model_of(study, options)
    found = sweep(model)
    if not _drawn(lambda: sweep_picture(found, model), options):
        answer([sweep_table(found), conclusion_table(found, model)], sweep_json(found, model), options)
    return 0


def _drawn(made: Callable[[], Picture], options: dict[str, Any]) -> bool:
    """Draw if the ending of ``--out`` asks for a picture."""
    format_ = chosen_format(options, PICTURES)
    if format_ not in PICTURES:
        return False
    from postil_model.drawing.pictures import files

    deliver(files(made(), [format_])[format_], options["out"])
    return True


@click.command("difference")
@click.argument("other", required=False, default="")
@study_option
@model_options
@click.option("--by", default="", metavar="ATTRIBUTE=VALUE", help="Participants with this value against the others.")
@click.option("--between", default="", metavar="A,B", help="The models of two coders, on what both finished.")
@click.option("--paired", is_flag=True, help="The people of OTHER are the same ones, by their ids.")
@answer_options
def difference(other: str, study_folder: Path | None, **options: Any) -> int:
    """Two models against each other: edges only in one, Hamming distance, differences, one test over all edges.

    OTHER is the folder of another study, or a commit of this one (HEAD~3, a tag; the same people then); or name groups
    with --by, coders with --between. --out FILE.svg (pdf, png) draws both as one figure in two tones.
    """
    from postil_model.drawing.pictures import laid_out
    from postil_model.drawing.shapes import picture
    from postil_model.validation.two_models_files import two_models_figure, two_models_json, two_models_tables

    asked = [bool(other), bool(options["by"]), bool(options["between"])]
    if sum(asked) != 1:
        raise PostilError(
            "which two models? Name one of: another study's folder or a commit, --by ATTRIBUTE=VALUE, --between A,B"
        )
    if options["paired"] and not other:
        raise PostilError("--paired says that the people of OTHER are the same ones; without OTHER leave it out")
    study = open_study_here(study_folder)
    found, models = _two(study, other, options)
    if not _drawn(lambda: picture(laid_out(two_models_figure(found, models))), options):
        answer(two_models_tables(found), two_models_json(found), options)
    return 0


def _two(study: Study, other: str, options: dict[str, Any]) -> tuple[TwoModels, list[Model]]:
    """The two models asked for, compared, and what they were made of."""
    from postil_model.decision.comparison.references import study_at
    from postil_model.validation.two_models_files import coders_of, groups_of, models_of

    if options["by"]:
        return _groups(study, options, groups_of)
    if options["between"]:
        asked = names(options["between"])
        if len(asked) != 2 or asked[0] == asked[1]:
            raise PostilError(f"--between wants two coders: --between A,B, not {options['between']!r}")
        return coders_of(study, params_of(study, options), (asked[0], asked[1]))
    model = model_of(study, options)
    if Path(other).is_dir():
        second, label, paired = _other_model(study, Path(other), options), Path(other).resolve().name, options["paired"]
    else:
        with study_at(study, other) as earlier:
            second, label, paired = _read_against(study, earlier, options), other, True
    return models_of(model, second, ("this study", label), paired), [model, second]


def _groups(study: Study, options: dict[str, Any], compare: Callable[..., TwoModels]) -> tuple[TwoModels, list[Model]]:
    from postil_model.decision.comparison.subgroups import values_of

    attribute, equals, value = options["by"].partition("=")
    model = model_of(study, options)
    values = values_of(study.settings.participants, model.participants, attribute)
    if not equals or value not in values.values():
        known = ", ".join(sorted(set(values.values()))) or "none; postil matrix --by names the attributes there are"
        raise PostilError(f"--by {options['by']!r}: write ATTRIBUTE=VALUE; values of {attribute!r} here: {known}")
    return compare(model, values, attribute, value), [model]


@click.command("criteria")
@click.argument("decision")
@study_option
@model_options
@answer_options
def criteria(decision: str, study_folder: Path | None, **options: Any) -> int:
    """What decides: participants by criteria and the way they take, and the smallest rules that say so.

    DECISION is a node of the process; its criteria are declared there, else the factors that influence it.
    --out FILE.svg (pdf, png) draws the rules as a decision tree.
    """
    from postil_model.drawing.pictures import laid_out
    from postil_model.drawing.shapes import picture
    from postil_model.validation.criteria import decide
    from postil_model.validation.criteria_files import (
        case_table,
        criteria_json,
        criterion_table,
        rule_table,
        tree_figure,
    )

    model = model_of(open_study_here(study_folder), options)
    found = decide(model, decision)
    if not _drawn(lambda: picture(laid_out(tree_figure(found, model))), options):
        tables = [case_table(found, model), criterion_table(found, model), rule_table(found, model)]
        answer(tables, criteria_json(found, model), options)
    return 0


COMMANDS = (predict, certainty, sweep, difference, criteria)
