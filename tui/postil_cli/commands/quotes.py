"""``postil quotes``: the words behind a code, a node, an edge or a participant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.quoting.terminal import terminal
from postil_cli.answers import answer, format_of, table_options
from postil_cli.common import DATA_SAYS_NO, open_study_here, say, study_option
from postil_cli.model_options import model_of, model_options

if TYPE_CHECKING:
    from postil_model.quotes import Said


@click.command("quotes")
@click.argument("name", metavar="X")
@model_options
@table_options
@study_option
def command(name: str, study_folder: Path | None, **options: Any) -> int:
    """The words behind X: a code, node, item (node.item), edge, SOURCE->TARGET, or participant.

    From the coding of record; words of participants who gave no consent to be quoted are withheld. Exit code 1 when
    nobody said anything of the kind.
    """
    from postil_model.consent import not_quoted
    from postil_model.quotes import quote_table, quotes

    study = open_study_here(study_folder)
    found = quotes(model_of(study, options), name, not_quoted(study.settings.participants))
    if format_of(options) == "table":
        click.echo("\n\n".join(map(as_text, found)))
    else:
        answer(
            [quote_table(found, f"Quotes: {name}")], f"Quotes: {name}", options, lambda: [_plain(one) for one in found]
        )
    people = len({said.participant for said in found})
    say(f"{len(found):,} quotes of {people} participants." if found else "Nobody said anything of the kind.")
    return 0 if found else DATA_SAYS_NO


def as_text(said: Said) -> str:
    """Where it stands, then the words."""
    marks = [mark for mark in (said.mode if said.mode != "affirm" else "", said.kind) if mark]
    where = f"turn {said.turn}" if said.start is not None else "whole transcript"
    head = (
        f"{said.participant} · {said.transcript} · {where} · {', '.join(said.codes)} ({', '.join(marks)}; {said.coder})"
    )
    lines = [f"    {terminal(line)}" for line in said.quote.split("\n")]
    cue = [f"    cue: {terminal(said.cue)}"] if said.cue else []
    return "\n".join([terminal(head), *lines, *cue])


def _plain(said: Said) -> dict[str, Any]:
    return {name: getattr(said, name) for name in said.__dataclass_fields__}
