"""``postil packet``: a participant's member-check sheet, and the answer that comes back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.problem import PostilError
from postil_base.quoting.terminal import terminal
from postil_cli.common import json_option, open_study_here, out_json, say, study_option
from postil_cli.writing import check_early, deliver

if TYPE_CHECKING:
    from postil_transcripts.study import Study

FORMATS = ("md", "html")


@click.command("packet")
@click.argument("participant", metavar="P")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default=None, help="Default: the ending of --out, or md."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    callback=check_early,
    help="The file (default: stdout).",
)
@click.option(
    "--answer",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    metavar="FILE",
    help="Keep the sheet that came back, or a letter, as a memo about the participant.",
)
@click.option("--author", default="", metavar="CODER", help="Who received the answer.")
@json_option
@study_option
def command(
    study_folder: Path | None,
    participant: str,
    format_: str | None,
    out: Path | None,
    answer: Path | None,
    author: str,
    as_json: bool,
) -> int:
    """Write the sheet on which participant P checks what was made of their words: their quotes by theme, with boxes.

    It holds nobody else's words. What comes back is kept with --answer, word for word.
    """
    study = open_study_here(study_folder)
    if answer is not None:
        return _keep(study, participant, answer, author, as_json)
    from postil_model.release.packet import as_html, as_markdown, sheet_of

    sheet = sheet_of(study, participant)
    if as_json:
        out_json(_plain(sheet))
        return 0
    ending = out.suffix.lower().lstrip(".") if out is not None else "md"
    chosen = format_ or ("html" if ending in ("html", "htm") else "md")
    deliver(as_html(sheet) if chosen == "html" else as_markdown(sheet), out)
    say(f"{sum(len(s.quotes) for s in sheet.sections)} quotes in {len(sheet.sections)} sections")
    return 0


def _plain(value: Any) -> Any:
    from dataclasses import asdict

    return asdict(value)


def _keep(study: Study, participant: str, file: Path, author: str, as_json: bool) -> int:
    from postil_base.text_files import read_text
    from postil_model.release.packet import read_answer
    from postil_transcripts.memos import new_memo

    if participant not in study.settings.participants:
        raise PostilError(f"there is no participant {participant!r} in this study.")
    text = read_text(file)
    if "\0" in text or not text.strip():
        raise PostilError(f"{file} holds no words (or zero bytes); save the answer as a text file and try again.")
    answers = read_answer(text)
    body = f"# Answer of {participant}\n\n{text}"
    memo = new_memo(study.root, (f"participant:{participant}",), author, body, "member-check")
    if as_json:
        out_json({"memo": memo.path, "answers": [_plain(one) for one in answers]})
    else:
        for one in answers:
            marks = "/".join(one.marks) or "–"
            click.echo(
                terminal(f"{one.section}: {marks}" + (f"  {' '.join(one.remark.split())}" if one.remark else ""))
            )
    say(f"Kept as {memo.path}")
    return 0
