"""``postil quotes``: the words behind a code, a node or an edge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from postil_base.quoting.terminal import terminal
from postil_cli.common import open_study_here, say, say_consent, study_option
from postil_cli.model_options import names
from postil_cli.output.answers import answer, answer_options

ASKED = 160  # characters of a question on the screen: its end, where the question mark is


@click.command("quotes")
@click.argument("name", metavar="X")
@study_option
@click.option("--participants", default="", metavar="A,B", help="Only these participants.")
@click.option("--coders", default="", metavar="A,B", help="Union of these coders instead of the coding of record.")
@click.option("--all", "everybody", is_flag=True, help="Words of participants without consent to be quoted, too.")
@click.option("--context", default=0, metavar="CHARS", help="How much of the turn to show on either side.")
@answer_options
def command(name: str, study_folder: Path | None, **options: Any) -> int:
    """The words behind X: a code, a node, an item (node.item), an edge (its id, or 'node->node'), a participant.

    Every quote comes with its place and the question it answers. Only participants' own words; kinds and modes are
    named, never mixed.
    """
    from postil_model.decision.model import Params
    from postil_model.decision.of_study import build_model
    from postil_model.search.quotes import in_context, quote_table, quotes
    from postil_study.privacy.consent.purposes import WITHHELD

    study = open_study_here(study_folder)
    params = Params(study.settings.analysis.min_participants, participants=names(options["participants"]))
    model = build_model(study, params, names(options["coders"]))
    found = in_context(quotes(model, name, options["everybody"]), study.transcripts, max(options["context"], 0))
    answer([quote_table(found, name)], [_plain(said) for said in found], options, lambda: _shown(found))
    say_consent(study, {said.participant for said in found if said.quote != WITHHELD})
    say(f"{_count(len(found), 'quote')} of {_count(len({said.participant for said in found}), 'participant')}")
    return 0


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _plain(said: Any) -> dict[str, Any]:
    return {field: getattr(said, field) for field in said.__dataclass_fields__}


def _shown(found: list[Any]) -> str:
    """Quotes as one reads them: who, where, how, the words."""
    blocks = []
    for said in found:
        how = "" if said.mode == "affirm" else f", {said.mode}"
        how += f", {said.kind}" if said.kind != "stated" else ""
        where = f"{said.transcript}:{said.turn}" if said.turn else said.transcript
        head = f"{said.participant}  {where}{how}  [{', '.join(said.codes)}]"
        tail = said.asked if len(said.asked) <= ASKED else f"…{said.asked[-ASKED:].partition(' ')[2]}"
        asked = f"  asked: {tail}\n" if said.asked else ""
        quote = f"{said.before}[{said.quote}]{said.after}" if said.before or said.after else f"“{said.quote}”"
        words = asked + (f"  {quote}" if said.quote else "  (whole transcript)")
        cue = f"\n  cue: “{said.cue}”" if said.cue else ""
        memo = f"\n  memo: {said.memo}" if said.memo else ""
        blocks.append("\n".join(terminal(line) for line in f"{head}\n{words}{cue}{memo}".split("\n")))
    return "\n\n".join(blocks) + ("\n" if blocks else "")
