"""The first page of the artifact: what it is, what is not in it and why, and how its numbers are computed again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from postil_base.version import __version__
from postil_model.release.numbers import Numbers, compared
from postil_model.release.terms import Terms
from postil_study.study import Study

CHECKSUMS = "CHECKSUMS.txt"
AGAIN = ("postil check", "postil agreement --json", "postil model --json", "postil model --format svg --out model.svg")


def readme(
    study: Study, terms: Terms, here: Numbers, whole: Numbers, remarks: Iterable[str], day: str, notes: bool
) -> str:
    """README.md."""
    settings = study.settings
    parts = [
        f"# {settings.title or settings.id or 'A study'}",
        f"The shareable artifact of the study `{settings.id or 'without id'}`, released on {day} with Postil "
        f"{__version__}. It is itself a study: open it with `postil` in this folder.",
        _ids(study, here),
        "## What is in it",
        "\n".join(_contents(notes)),
        "## What is not in it",
        "\n".join([*_left_out(terms), *(f"- {remark}" for remark in [*remarks, *here.remarks])]),
        "## Numbers",
        here.agreement,
        _table(compared(here.figures, whole.figures)),
        "The first column is computed from this folder, the second was computed from the whole study. Where they "
        "differ, it is because not everybody agreed to share. To compute the first column again:",
        "```\n" + "\n".join(AGAIN) + "\n```",
        f"`sha256sum -c {CHECKSUMS}` tells whether a file was changed. Say under which licence you give this away.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _ids(study: Study, here: Numbers) -> str:
    rows = [
        ("study", study.settings.id),
        ("codebook", f"{study.codebook.title} {study.codebook.version}".strip()),
        ("process", study.process.id if study.process else ""),
        ("model", here.model_id),
        ("rounds", ", ".join(f"{plan.id} ({plan.state})" for plan in study.rounds.values())),
        ("transcripts", ", ".join(study.transcripts)),
        ("participants", ", ".join(study.settings.participants)),
        ("coders", ", ".join(study.coders)),
    ]
    return "\n".join(["| what | id |", "|---|---|", *(f"| {what} | {_cell(id_)} |" for what, id_ in rows if id_)])


def _contents(notes: bool) -> Sequence[str]:
    lines = [
        "- `transcripts/`: what was said, with who speaks",
        "- `codings/`: every coder's codings, and which question of the guide each passage answers",
        "- `codebook/`: codes, decision process, findings and themes, as far as the study has them",
        "- `rounds/`: plans of the coding rounds with their frozen copies, from which agreement is computed",
        "- `numbers/`: agreement (JSON, CSV), the decision model (JSON, SVG), the chain of evidence (CSV)",
    ]
    return [*lines, "- `memos/`, `charts/` and the notes on segments"] if notes else lines


def _left_out(terms: Terms) -> list[str]:
    lines = [f"- a transcript: {_why(why)}" for why in terms.left_out.values()]
    lines += [
        f"- the words of {', '.join(people)} in {transcript}: to be counted, not to be quoted; every letter is an x"
        for transcript, people in terms.masked.items()
    ]
    return lines or ["- nothing was held back for want of consent"]


def _why(why: str) -> str:
    """Without saying who refused."""
    return "not everybody in it agreed to share it" if "agree" in why else why


def _table(rows: Sequence[tuple[str, str, str]]) -> str:
    lines = [f"| {name} | {_cell(here)} | {_cell(whole)} |" for name, here, whole in rows]
    return "\n".join(["| | this artifact | whole study |", "|---|---|---|", *lines])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
