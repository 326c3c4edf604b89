"""``postil search``: passages by words, codes, speakers and modes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postil_base.quoting.terminal import terminal
from postil_cli.common import DATA_SAYS_NO, json_option, open_study_here, out_json, say, study_option

if TYPE_CHECKING:
    from postil_model.search.passages import Passage

COLUMNS = ("transcript", "turn", "speaker", "start", "end", "text", "asked", "codes", "coders", "segments")
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
"""


@click.command("search", help=QUERY_HELP, short_help="Passages by words, codes, speakers and modes.")
@click.argument("query", nargs=-1, required=True)
@click.option("--context", default=60, show_default=True, metavar="CHARS", help="How much to show on either side.")
@click.option("--record", is_flag=True, help="Search the coding of record alone, not every coder's layer.")
@click.option(
    "--format", "kind", type=click.Choice(["text", "csv", "md", "json"]), default="text", help="How to print."
)
@study_option
@json_option
def command(
    study_folder: Path | None, query: tuple[str, ...], context: int, record: bool, kind: str, as_json: bool
) -> int:
    """Run the query and print the passages."""
    from postil_model.search.evaluate import search
    from postil_model.search.passages import corpus_of, passage

    corpus = corpus_of(open_study_here(study_folder), record_only=record)
    found = [passage(hit, corpus, max(context, 0)) for hit in search(" ".join(query), corpus)]
    if as_json or kind == "json":
        out_json([as_plain(one) for one in found])
    elif kind == "csv":
        _print_csv(found)
    else:
        click.echo("\n\n".join(map(as_markdown if kind == "md" else as_text, found)))
    places = len({one.transcript for one in found})
    say(f"{len(found):,} passages in {places} transcripts." if found else "0 passages.")
    return 0 if found else DATA_SAYS_NO


def as_plain(one: Passage) -> dict[str, object]:
    """The passage as a JSON object."""
    return {name: getattr(one, name) for name in (*COLUMNS[:6], "before", "after", *COLUMNS[6:], "participants")}


def as_text(one: Passage) -> str:
    """Location and codes on one line, the words below, marked in their context."""
    words = f"{one.before}[{one.text}]{one.after}" if one.before or one.after else one.text
    lines = [f"    {terminal(line)}" for line in words.split("\n")]
    return "\n".join([terminal(location(one)), *lines])


def location(one: Passage) -> str:
    """Where the passage stands and what led there, on one line."""
    codes = f"  {', '.join(one.codes)} ({', '.join(one.coders)})" if one.coders else ""
    return f"{one.transcript} · turn {one.turn} · {one.speaker} · {one.start}-{one.end}{codes}"


def as_markdown(one: Passage) -> str:
    """A block quote with its source below."""
    lines = [f"> {line}" for line in one.text.split("\n")]
    return "\n".join([*lines, f"> — {location(one)}"])


def _print_csv(found: Sequence[Passage]) -> None:
    import csv
    import io

    from postil_base.quoting.csv import csv_cell

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in found:
        writer.writerow([csv_cell(_joined(getattr(one, name))) for name in COLUMNS])
    click.echo(out.getvalue(), nl=False)


def _joined(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)
