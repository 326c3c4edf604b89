"""Options that choose what is counted, shared by the commands that compute from the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from postil_model.decision.model import Model, Params
    from postil_study.study import Study

Function = TypeVar("Function", bound=Callable[..., Any])
_OPTIONS = (
    click.option(
        "--min-participants",
        "-t",
        "min_participants",
        type=click.IntRange(min=1),
        default=None,
        metavar="T",
        help="Threshold for edges (default: what study.yaml says).",
    ),
    click.option("--participants", default="", metavar="A,B", help="Only these participants."),
    click.option(
        "--evidence",
        type=click.Choice(["stated", "inferred", "order", "cooccur"]),
        default="stated",
        help="Kind of evidence to count; kinds are never added up.",
    ),
    click.option("--stages", default="", metavar="A,B", help="Only these stages."),
    click.option("--elicited", type=click.Choice(["spontaneous", "prompted"]), default=None, help="Only such answers."),
    click.option("--coders", default="", metavar="A,B", help="Union of these coders instead of the coding of record."),
)


caption_option = click.option(
    "--caption/--no-caption", default=True, help="Legend, counts and filters below the figure."
)


def model_options(function: Function) -> Function:
    """Add the options that choose what is counted."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def names(text: str) -> tuple[str, ...]:
    """A comma list as a tuple.

    >>> names("a, b,,c")
    ('a', 'b', 'c')
    """
    return tuple(part.strip() for part in text.split(",") if part.strip())


def params_of(study: Study, options: dict[str, Any]) -> Params:
    """The parameters that the options ask for."""
    from postil_model.decision.model import Params

    asked = options["min_participants"]
    return Params(
        min_participants=study.settings.analysis.min_participants if asked is None else asked,
        evidence=options["evidence"],
        participants=names(options["participants"]),
        stages=names(options["stages"]),
        elicited=options["elicited"] or "",
    )


def model_of(study: Study, options: dict[str, Any]) -> Model:
    """The model that the options ask for."""
    from postil_model.decision.of_study import build_model

    return build_model(study, params_of(study, options), coders=names(options["coders"]))
