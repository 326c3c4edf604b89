"""``postil verify``: a manuscript held against the study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from postil_base.plural import counted as counted_noun
from postil_base.quoting.terminal import terminal
from postil_cli.common import DATA_SAYS_NO, json_option, open_study_here, out_json, say, study_option

if TYPE_CHECKING:
    from postil_model.verify.checking import CheckedCount, CheckedQuotation

IN_ORDER = ("verbatim", "shortened", "right")
SHOWN = 70


@click.command("verify")
@click.argument("paper", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--all", "show_all", is_flag=True, help="List what is in order too.")
@study_option
@json_option
def command(paper: Path, show_all: bool, study_folder: Path | None, as_json: bool) -> int:
    """Check every quotation, its speaker and every "k of n" of PAPER (.tex, .md, .docx) against the study.

    Quotations turn out verbatim, shortened, altered, words of another speaker, of the interviewer, of a memo, or not
    found. Counts are compared with the coding of record of the code, theme or node that their sentence names; a count
    whose sentence names none is listed as not linked. Exit code 1 when anything is not in order.
    """
    from postil_base.files.text import read_bytes
    from postil_model.verify.manuscript import read_manuscript
    from postil_model.verify.of_study import verify

    study = open_study_here(study_folder)
    quoted, counted = verify(read_manuscript(read_bytes(paper), paper.name), study)
    if as_json:
        out_json({"quotations": [_plain_quotation(q) for q in quoted], "counts": [_plain_count(c) for c in counted]})
    else:
        lines: list[tuple[int, str, str]] = [(q.quotation.line, q.verdict, _quotation_line(q)) for q in quoted]
        lines += [(c.claim.line, c.verdict, _count_line(c)) for c in counted]
        for line, verdict, text in sorted(lines):
            if show_all or verdict not in IN_ORDER:
                click.echo(terminal(f"{paper}:{line}: {verdict}: {text}"))
    return _conclude(quoted, counted)


def _conclude(quoted: list[CheckedQuotation], counted: list[CheckedCount]) -> int:
    from postil_model.verify.checking import tally

    verdicts = {"quotation": tally(quoted), "count": tally(counted)}
    for name, tallied in verdicts.items():
        found = ", ".join(f"{n} {verdict}" for verdict, n in tallied.items())
        say(counted_noun(sum(tallied.values()), name) + (f": {found}" if found else ""))
    bad = {verdict for tallied in verdicts.values() for verdict in tallied} - {*IN_ORDER, "not linked"}
    return DATA_SAYS_NO if bad else 0


def _quotation_line(one: CheckedQuotation) -> str:
    names = (*one.quotation.credited, *(f"{name} (not in this study)" for name in one.quotation.unknown))
    credited = f" credited to {', '.join(names)}" if names else ""
    found = f"; {one.person or 'nobody named'} in {one.where}" if one.where else ""
    words = f" has “{_short(one.words)}”" if one.words else ""
    return f"“{_short(one.quotation.text)}”{credited}{found}{words}"


def _count_line(one: CheckedCount) -> str:
    known = f"; {one.about} has {one.k}" if one.about else ""
    return f"{one.claim.k} of {one.claim.n}{known}: {_short(one.claim.sentence)}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1].rstrip()}…"


def _plain_quotation(one: CheckedQuotation) -> dict[str, object]:
    quotation = one.quotation
    return {
        "line": quotation.line,
        "text": quotation.text,
        "credited": list(quotation.credited),
        "not_in_study": list(quotation.unknown),
        "verdict": one.verdict,
        "person": one.person,
        "where": one.where,
        "score": round(one.score, 1),
        "words": one.words,
    }


def _plain_count(one: CheckedCount) -> dict[str, object]:
    claim = one.claim
    return {
        "line": claim.line,
        "k": claim.k,
        "n": claim.n,
        "sentence": claim.sentence,
        "verdict": one.verdict,
        "about": one.about,
        "found": one.k,
    }
