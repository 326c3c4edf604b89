"""``postil search``: passages by words, codes, speakers and modes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_base.quoting.terminal import terminal
from postil_cli.common import (
    DATA_SAYS_NO,
    json_option,
    open_study_here,
    out_json,
    say,
    say_consent,
    study_option,
    table,
)

if TYPE_CHECKING:
    from postil_model.search.corpus import Corpus
    from postil_model.search.passages import Passage
    from postil_study.privacy.consent.purposes import Consent
    from postil_study.study import Study

AT_ONCE = 1_000  # passages that are printed together; of millions no more are kept
ROOM = 80  # characters of words on a line of the table

REFUSED = "  [no consent to be quoted]"

QUERY_HELP = """Find passages: QUERY joins codes, "words", /regular expressions/ and filters.

\b
  postil search find-ptm AND popularity
  postil search 'evaluate NEAR/2turns goes-back'
  postil search '"number of downloads" NOT interviewer'
  postil search 'selection/* mode:deny org_size:small'
  postil search 'memo:unclear coder:ana'

AND keeps the words on which both lie (of one coder with coder:ID), OR either, NOT takes away, NEAR/3words (sentences,
turns, chars) wants them close. Filters: coder, participant, transcript, role, mode, memo, question, unsure, round, and
every attribute of the participants. Exit code 1 when nothing is found.

--save NAME keeps the query in queries.yaml, --named NAME asks it again. In a blind round only the layers of --coder are
searched (default: whoever worked here last), none without one.
"""


@click.command("search", help=QUERY_HELP, short_help="Passages by words, codes, speakers and modes.")
@click.argument("query", nargs=-1)
@click.option("--named", metavar="NAME", help="Ask a saved query; with QUERY both must hold.")
@click.option("--save", metavar="NAME", help="Save QUERY under this name, then ask it.")
@click.option("--context", default=60, show_default=True, metavar="CHARS", help="How much to show on either side.")
@click.option("--record", is_flag=True, help="Search the coding of record alone, not every coder's layer.")
@click.option("--coder", metavar="ID", help="Who asks; in a blind round only this coder's layers are searched.")
@click.option(
    "--format", "kind", type=click.Choice(["text", "table", "csv", "md", "json"]), default="text", help="How to print."
)
@study_option
@json_option
def command(
    study_folder: Path | None,
    query: tuple[str, ...],
    named: str | None,
    save: str | None,
    context: int,
    record: bool,
    coder: str | None,
    kind: str,
    as_json: bool,
) -> int:
    """Run the query and print the passages."""
    from postil_model.search.evaluate import search
    from postil_model.search.passages import passage
    from postil_study.privacy.consent.purposes import Consent

    study = open_study_here(study_folder)
    text = _query(study, query, named, save)
    corpus = _corpus(study, record, coder)
    hits = search(text, corpus)
    if save:
        from postil_model.search.named import save_query

        save_query(study.root, save, text)
    people: set[str] = set()

    def found() -> Iterator[Passage]:
        for hit in hits:
            one = passage(hit, corpus, max(context, 0))
            people.update(one.participants)
            yield one

    _print(found(), "json" if as_json else kind, Consent(study))
    on_screen = kind in ("text", "table") and not as_json
    say_consent(study, people, on_screen)
    places = len({hit.transcript for hit in hits})
    say(f"{counted(len(hits), 'passage')} in {counted(places, 'transcript')}." if hits else "0 passages.")
    return 0 if hits else DATA_SAYS_NO


def _query(study: Study, words: tuple[str, ...], named: str | None, save: str | None) -> str:
    text = " ".join(words)
    if named:
        from postil_model.search.named import named_query

        saved = named_query(study.root, named)
        return f"({saved}) AND ({text})" if text else saved
    if not text:
        raise click.UsageError("give a QUERY, or --named NAME" + (" with --save" if save else ""))
    return text


def _corpus(study: Study, record: bool, coder: str | None) -> Corpus:
    """What is searched; layers that a blind round hides are left out, and said so."""
    from postil_model.search.passages import corpus_of
    from postil_study.rounds.blind import hidden_layers

    hidden = hidden_layers(study.rounds.values(), _asking(study, coder))
    if hidden:
        say(f"Blind until revealed ({', '.join(sorted(set(hidden.values())))}): other coders' layers are left out.")
    return corpus_of(study, record_only=record, hidden=hidden)


def _asking(study: Study, coder: str | None) -> str:
    if coder is None:
        from postil_tui.shell.state import load_state, state_file

        return load_state(state_file(study.settings.id, study.root)).coder
    if coder not in study.coders:
        raise PostilError(f"there is no coder {coder!r} in this study; known are {', '.join(study.coders) or 'none'}.")
    return coder


def _print(passages: Iterator[Passage], kind: str, consent: Consent) -> None:
    """Formats that go into files obey consent; on the screen the words stand, with a word of warning."""
    from postil_model.search.output import as_allowed, as_csv, as_markdown, as_plain

    if kind == "text":
        between = ""
        while some := [as_text(one, consent) for one in islice(passages, AT_ONCE)]:
            click.echo(between + "\n\n".join(some))
            between = "\n"
        return
    found = list(passages)
    if kind == "table":
        click.echo(table(("where", "speaker", "words", "codes"), [_row(one, consent) for one in found]))
        return
    found = as_allowed(found, consent)
    if kind == "json":
        out_json([as_plain(one) for one in found])
    elif kind == "csv":
        click.echo(as_csv(found), nl=False)
    elif found:
        click.echo("\n\n".join(map(as_markdown, found)))


def _row(one: Passage, consent: Consent) -> tuple[str, str, str, str]:
    """One passage on one line, its words in their context."""
    words = " ".join(f"{one.before}[{one.text}]{one.after}".split())
    short = words if len(words) <= ROOM else f"{words[: ROOM - 1]}…"
    codes = ", ".join(one.codes)
    return f"{one.transcript}:{one.turn}", one.speaker, short, codes if _may(one, consent) else f"{codes}{REFUSED}"


def _may(one: Passage, consent: Consent | None) -> bool:
    return consent is None or consent.quotes_in(one.transcript, one.start, one.end)


def as_text(one: Passage, consent: Consent | None = None) -> str:
    """Location and codes on one line, the words below, marked in their context."""
    from postil_model.search.output import location

    words = f"{one.before}[{one.text}]{one.after}" if one.before or one.after else one.text
    lines = [f"    {terminal(line)}" for line in words.split("\n")]
    warned = "" if _may(one, consent) else REFUSED
    return "\n".join([terminal(location(one)) + warned, *lines])
