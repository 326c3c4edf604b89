"""``postil disagreements``: the passages to talk about, worst code first, both quotes side by side."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_base.quoting.terminal import json_safe, terminal
from postil_cli.common import open_study_here, out_json, say, say_consent, study_option, table
from postil_cli.output.writing import as_csv, check_early, delimiter_option, deliver, need_file

if TYPE_CHECKING:
    from postil_model.agreement.disagreements import Disagreement, UseOfCode
    from postil_model.agreement.result import StudyAgreement

FORMATS = ("table", "csv", "json", "xlsx", "md", "html")


def _names(_: click.Context, __: click.Parameter, given: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.split(",") if part.strip()) if given else ()


@click.command("disagreements")
@study_option
@click.option("--coders", callback=_names, metavar="A,B", help="Only these coders.")
@click.option("--codes", callback=_names, metavar="A,B", help="Only passages of these codes.")
@click.option("--transcripts", callback=_names, metavar="A,B", help="Only these transcripts.")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(["only-a", "only-b", "other-code", "boundaries"]),
    multiple=True,
    help="Only this kind.",
)
@click.option("--open", "only_open", is_flag=True, help="Leave out what the consensus layer has settled.")
@click.option("--round", "round_", default="", metavar="ROUND", help="This frozen round.")
@click.option("--live/--frozen", default=True, help="The layers as they are now (the default), or the frozen copy.")
@click.option("--limit", type=click.IntRange(0), default=0, metavar="N", help="At most so many passages (0: all).")
@delimiter_option
@click.option("--summary", is_flag=True, help="Only how many of each kind, per code.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default=None, help="Default: the ending of --out, or table."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    metavar="FILE",
    callback=check_early,
    help="Write here.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def command(study_folder: Path | None, **asked: Any) -> int:
    """Where coders differ: only one coded it, other codes, other boundaries; worst code first.

    Worst is by the measure that study.yaml declares. Settle a passage in the app: postil code TRANSCRIPT.
    """
    from postil_model.agreement.disagreements import disagreements
    from postil_model.agreement.disagreements_files import as_allowed, held_transcripts
    from postil_model.agreement.result import study_agreement
    from postil_model.agreement.sample import SampleOptions

    study = open_study_here(study_folder)
    options = SampleOptions(
        coders=asked["coders"],
        transcripts=asked["transcripts"],
        round=asked["round_"],
        live=asked["live"] and not asked["round_"],
    )
    result = study_agreement(study, options)
    codes = [study.codebook.resolve(code) or code for code in asked["codes"]]
    unknown = [code for code in codes if code not in result.codes]
    if unknown:
        raise PostilError(f"there is no code {unknown[0]!r} here; the codes are: {', '.join(result.codes)}.")
    found = disagreements(result, codes, asked["kinds"])
    if asked["only_open"]:
        found = [each for each in found if not each.settled]
    shown = found[: asked["limit"]] if asked["limit"] else found
    held = held_transcripts(study, {each.transcript for each in shown})
    on_screen = asked["out"] is None and _format(asked) == "table"
    if not on_screen:  # the screen is the team's, a file goes anywhere
        shown = as_allowed(shown, study)
    deliver_or_print(result, shown, asked, held)
    texts = [study.transcripts[id_] for id_ in {each.transcript for each in shown} if id_ in study.transcripts]
    say_consent(study, {person for text in texts for person in text.participants}, on_screen)
    say(
        f"{len(shown)} of {counted(len(found), 'passage')}."
        if len(shown) < len(found)
        else f"{counted(len(found), 'passage')}."
    )
    return 0


def deliver_or_print(
    result: StudyAgreement, found: Sequence[Disagreement], asked: dict[str, Any], held: Collection[str]
) -> None:
    """Write in the format asked for; on the screen passages of the transcripts ``held`` are marked."""
    from postil_formats.tables.files import to_html, to_markdown, to_xlsx
    from postil_model.agreement import disagreements_files as output
    from postil_model.agreement.files import printed

    format_ = _format(asked)
    rows, codes = output.disagreements_table(found), output.summary_table(result, found)
    if format_ == "json":
        value = output.disagreements_json(result, found)
        if asked["out"] is None:
            out_json(value)
            return
        import json

        deliver(json_safe(json.dumps(value, ensure_ascii=False, indent=2)) + "\n", asked["out"])
        return
    if format_ == "xlsx":
        need_file("a workbook", asked["out"])
    writers: dict[str, Callable[[], str | bytes]] = {
        "table": lambda: summary(result, found) if asked["summary"] else screen(found, held),
        "csv": lambda: as_csv(codes if asked["summary"] else rows, exact=True),
        "xlsx": lambda: to_xlsx([rows, codes]),
        "md": lambda: to_markdown(printed(codes if asked["summary"] else rows)),
        "html": lambda: to_html([printed(codes), printed(rows)], "Disagreements"),
    }
    deliver(writers[format_](), asked["out"])


def _format(asked: dict[str, Any]) -> str:
    if asked["as_json"]:
        return "json"
    if asked["format_"]:
        return str(asked["format_"])
    if asked["out"] is None:
        return "table"
    ending = asked["out"].suffix.lower().lstrip(".").replace("htm", "html").replace("htmll", "html")
    if ending not in FORMATS:
        raise PostilError(f"what is to be written into {asked['out']}? Add --format; there are: {', '.join(FORMATS)}")
    return str(ending)


def summary(result: StudyAgreement, found: Sequence[Disagreement]) -> str:
    """The table of codes."""
    from postil_model.agreement.disagreements_files import summary_table
    from postil_model.agreement.files import printed

    shown = printed(summary_table(result, found))
    return table(shown.headers, shown.strings(), right=range(2, len(shown.headers))) + "\n"


def screen(found: Sequence[Disagreement], held: Collection[str]) -> str:
    """Passages one below the other; a's words and b's words side by side."""
    if not found:
        return "The coders do not differ anywhere.\n"
    width = min(max(shutil.get_terminal_size((100, 24)).columns, 60), 140)
    parts = []
    last = ""
    for each in found:
        if each.code != last:
            parts.append(f"━━ {terminal(each.code)}")
            last = each.code
        parts.append(_passage(each, width, each.transcript in held))
    return "\n\n".join(parts) + "\n"


def _passage(each: Disagreement, width: int, held: bool) -> str:
    settled = ", settled" if each.settled else ""
    head = (
        f"{each.transcript} {each.start}–{each.end}  {each.kind}  ({counted(each.differs, 'character')} apart{settled})"
    )
    head += "  [somebody here gave no consent to be quoted]" if held else ""
    half = (width - 3) // 2
    left = _side(each.coder_a, each.a, each.code, half)
    right = _side(each.coder_b, each.b, each.code, half)
    rows = max(len(left), len(right))
    left += [""] * (rows - len(left))
    right += [""] * (rows - len(right))
    before = textwrap.shorten(terminal(each.before, " "), width - 4, placeholder="…") if each.before else ""
    after = textwrap.shorten(terminal(each.after, " "), width - 4, placeholder="…") if each.after else ""
    lines = [f"{terminal(a):<{half}} │ {b}".rstrip() for a, b in zip(left, right, strict=True)]
    context = [f"  {terminal(each.speaker)}: … {before}"] if before else [f"  {terminal(each.speaker)}:"]
    return "\n".join([terminal(head), *context, *lines, *([f"  {after} …"] if after else [])])


def _side(coder: str, uses: Sequence[UseOfCode], code: str, width: int) -> list[str]:
    """One coder's column: name, codes and words."""
    if not uses:
        return [f"{coder}: –"]
    codes = ", ".join(dict.fromkeys(use.code for use in uses))
    quotes = " … ".join(dict.fromkeys(use.quote for use in uses))
    lines = [f"{coder}: {codes}" if codes != code else f"{coder}:"]
    return lines + textwrap.wrap(terminal(f"“{quotes}”", " "), width) + _memos(uses, width)


def _memos(uses: Sequence[UseOfCode], width: int) -> list[str]:
    memos = dict.fromkeys(use.memo for use in uses if use.memo)
    return [line for memo in memos for line in textwrap.wrap(terminal(f"({memo})", " "), width)]
