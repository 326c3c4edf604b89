"""``postil packet``: a participant's member-check sheet, and the answer that comes back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.problem import PostilError
from postil_base.quoting.terminal import terminal
from postil_cli.common import json_option, open_study_here, out_json, say, study_option
from postil_cli.output.writing import check_early, deliver

if TYPE_CHECKING:
    from postil_study.study import Study

FORMATS = ("md", "html")


@click.command("packet")
@click.argument("participant", metavar="P", default="")
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
@click.option(
    "--take",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    metavar="FILE",
    help="Keep the file that the button of the page saved, or a filled-in sheet; it says itself whose it is.",
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
    take: Path | None,
    author: str,
    as_json: bool,
) -> int:
    """Write the sheet on which participant P checks what was made of their words: their quotes by theme, with boxes.

    It holds nobody else's words. The page (--out sheet.html) has a button that saves what was filled in as a file to
    send back; `postil packet --take FILE` keeps it, word for word. --answer P keeps a letter.
    """
    if answer is not None and take is not None:
        raise PostilError("--take and --answer both name a file that came back; give one of them.")
    study = open_study_here(study_folder)
    if take is not None:
        return _keep(study, _whose(study, participant, take), take, author, as_json)
    if not participant:
        raise PostilError("whose sheet? Name a participant: postil packet P07 --out sheet.html")
    if answer is not None:
        return _keep(study, participant, answer, author, as_json)
    from postil_model.release.packet import as_markdown, sheet_of
    from postil_model.release.packet_page import as_html

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


def _whose(study: Study, participant: str, file: Path) -> str:
    """Whose sheet a file is; refused if it is somebody else's, or says nobody's."""
    from postil_base.files.text import read_text
    from postil_model.release.packet import read_answer, whose

    text = read_text(file)
    found = whose(text)
    if not found:
        raise PostilError(
            f"{file} does not say whose sheet it is (the line `<!-- packet P07 -->` is missing). "
            f"If you know, keep it with: postil packet P07 --answer {file}"
        )
    if participant and participant != found:
        raise PostilError(f"{file} is the sheet of {found}, not of {participant}. Nothing was kept.")
    if found not in study.settings.participants:
        raise PostilError(f"{file} is the sheet of {found}, who is no participant of this study. Nothing was kept.")
    if not read_answer(text):
        raise PostilError(f"nothing is filled in in {file}. Nothing was kept.")
    return found


def _keep(study: Study, participant: str, file: Path, author: str, as_json: bool) -> int:
    from postil_base.files.text import read_text
    from postil_model.release.packet import read_answer
    from postil_study.files.memos import load_memos, new_memo

    if participant not in study.settings.participants:
        raise PostilError(f"there is no participant {participant!r} in this study.")
    text = read_text(file)
    if "\0" in text or not text.strip():
        raise PostilError(f"{file} holds no words (or zero bytes); save the answer as a text file and try again.")
    answers = read_answer(text)
    body = f"# Answer of {participant}\n\n{text}"
    for memo in load_memos(study.root)[0]:
        if memo.type == "member-check" and memo.body.strip() == body.strip():
            raise PostilError(f"this answer is kept already, as {memo.path}.")
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
