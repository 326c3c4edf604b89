"""``postil ask``: questions to the decision model, each answered with the participants who tell the whole of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.problem import PostilError
from postil_cli.commands import _ask_tests
from postil_cli.common import Function, open_study_here, say_consent, study_option
from postil_cli.model_options import model_of, model_options
from postil_cli.output.answers import answer, answer_options, records

if TYPE_CHECKING:
    from postil_model.decision.model import Model

LONGEST = click.option(
    "--longest", type=click.IntRange(1, 12), default=6, show_default=True, metavar="N", help="At most so many steps."
)


@click.group("ask")
def command() -> None:
    """Ask the model: ways, loops, weak places, negative cases, subgroups, stability.

    A chain on the map is not a chain in a head: beside what the map says stands who tells the whole of it. Nothing is
    simulated, and shares of talk are no probabilities.
    """


def _options(function: Function) -> Function:
    """Every question takes the study, what is counted, and where the answer goes."""
    return study_option(model_options(answer_options(function)))


def _answer(question: str, study_folder: Path | None, options: dict[str, Any], *words: Any) -> int:
    from postil_model.decision.questions.lines import QUESTIONS

    study = open_study_here(study_folder)
    model = model_of(study, options)
    found = QUESTIONS[question].answer(model, *words)
    if question == "negative":
        say_consent(study, model.participants)
    answer([found], {"notes": list(found.notes), "rows": records(found)}, options)
    return 0


@command.command("paths")
@click.argument("a")
@click.argument("b")
@LONGEST
@_options
def paths(a: str, b: str, longest: int, study_folder: Path | None, **options: Any) -> int:
    """Ways from A to B over stated edges; -t wants that many participants on every step (else 1)."""
    return _answer("paths", study_folder, options, a, b, longest, options["min_participants"] or 1)


@command.command("loops")
@LONGEST
@_options
def loops(longest: int, study_folder: Path | None, **options: Any) -> int:
    """Ways that come back to where they begin; -t wants that many participants on every step (else 1)."""
    return _answer("loops", study_folder, options, longest, options["min_participants"] or 1)


@command.command("threads")
@_options
def threads(study_folder: Path | None, **options: Any) -> int:
    """The longest way that each participant tells in a row."""
    return _answer("threads", study_folder, options)


@command.command("support")
@click.argument("a")
@click.argument("b")
@_options
def support(a: str, b: str, study_folder: Path | None, **options: Any) -> int:
    """The edge-count cut between A and B, beside the participants who tell a whole way."""
    return _answer("cut", study_folder, options, a, b)


@command.command("must")
@click.argument("a")
@click.argument("b")
@_options
def must(a: str, b: str, study_folder: Path | None, **options: Any) -> int:
    """Nodes on every way from A to B."""
    return _answer("must", study_folder, options, a, b)


@command.command("whatif")
@click.argument("dropped")
@click.option("--from", "start", default="", metavar="NODE", help="Where one starts (default: the main line's start).")
@_options
def whatif(dropped: str, start: str, study_folder: Path | None, **options: Any) -> int:
    """What is no longer reached without DROPPED: a node, an edge, a participant, guard:NAME or code:NAME.

    An id that means several of them needs its kind in front: edge:E01, participant:E01.
    """
    from postil_model.decision.questions.lines import QUESTIONS

    model = model_of(open_study_here(study_folder), options)
    found = QUESTIONS["without"].answer(model, dropped, start or _start(model))
    answer([found], {"notes": list(found.notes), "rows": records(found)}, options)
    return 0


def _start(model: Model) -> str:
    """Where the main line starts, else the first node of the process."""
    first = next(iter((*model.process.main_line, *model.nodes)), "")
    if not first:
        raise PostilError("there is nothing in this model yet; code some transcripts and mark them done")
    return first


@command.command("negative")
@_options
def negative(study_folder: Path | None, **options: Any) -> int:
    """What speaks against nodes and edges: denials, turned directions, opposite outcomes of one participant."""
    return _answer("negative", study_folder, options)


@command.command("subgroups")
@click.argument("attribute")
@click.argument("value")
@_options
def subgroup(attribute: str, value: str, study_folder: Path | None, **options: Any) -> int:
    """Participants whose ATTRIBUTE is VALUE against all others who have one.

    Shares side by side with Newcombe's interval of their difference, and one permutation test of the whole grouping.
    With fewer than three people in a group counts only.
    """
    from postil_model.decision.comparison.subgroup_files import subgroup_json, subgroup_table
    from postil_model.decision.comparison.subgroups import subgroups, values_of

    study = open_study_here(study_folder)
    model = model_of(study, options)
    values = values_of(study.settings.participants, model.participants, attribute)
    if value not in values.values():
        known = ", ".join(sorted(set(values.values()))) or "none; postil matrix --by names the attributes there are"
        raise PostilError(f"nobody has {value!r} as {attribute!r}; values here: {known}")
    found = subgroups(model, values, attribute, value)
    answer([subgroup_table(found)], subgroup_json(found), options)
    return 0


@command.command("stability")
@_options
def stability(study_folder: Path | None, **options: Any) -> int:
    """Which edges hang on single participants: leave-one-out and bootstrap, both in closed form."""
    return _answer("stability", study_folder, options)


@command.command("follows")
@_options
def follows(study_folder: Path | None, **options: Any) -> int:
    """What was said after what over whole interviews, and how far that is only the order of the questions."""
    return _answer("follows", study_folder, options)


for _test in _ask_tests.COMMANDS:
    command.add_command(_test)
