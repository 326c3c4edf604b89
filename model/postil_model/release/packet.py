"""The member-check sheet: what a participant said, by theme, with places to answer; and what they answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from postil_base.problem import PostilError
from postil_model.decision.model import Model
from postil_model.decision.of_study import build_model
from postil_model.evidence.rows import EvidenceRow
from postil_study.files.charts import load_charts
from postil_study.privacy.consent.copied_words import free_words, told_themes
from postil_study.privacy.consent.purposes import not_quoted
from postil_study.study import Study

YES, NO, REMARK = "Yes, that is what I meant", "No, not quite", "What should be different?"
_SECTION = re.compile(r"^##\s+(?P<label>.*?)\s*(?:<!-- (?P<id>.*?) -->)?\s*$")
_WHOSE = re.compile(r"^<!-- packet (?P<id>.+?) -->\s*$", re.MULTILINE)
_ESCAPED = re.compile(r"^\\(?=[#*\[\\<-])")  # before what would read as a heading or a box, in files the page saves
_MARK = re.compile(r"^[-*]?\s*\[(?P<mark>[^\]]?)\]\s*(?P<text>.*)$")
ARROWS = {"leads-to": "then", "goes-back-to": "back to", "influences": "influences", "excludes": "instead of"}


@dataclass(frozen=True, slots=True)
class SheetQuote:
    """Words of the participant in their place; turns count from 1."""

    text: str
    transcript: str
    turn: int


@dataclass(frozen=True, slots=True)
class SheetSection:
    """A theme: how it was understood, and the words it rests on."""

    id: str
    label: str
    meaning: str
    summary: str
    quotes: tuple[SheetQuote, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A participant's sheet."""

    participant: str
    title: str
    sections: tuple[SheetSection, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a participant answered to one section: ``yes``, ``no``, both or nothing, and their remarks."""

    section: str
    marks: tuple[str, ...]
    remark: str


def sheet_of(study: Study, participant: str) -> Sheet:
    """The sheet of one participant, from the coding of record. It holds nobody else's words."""
    if participant not in study.settings.participants:
        known = ", ".join(study.settings.participants) or "none"
        raise PostilError(f"there is no participant {participant!r} in this study; known are {known}.")
    model = build_model(study)
    told = free_words(study, not_quoted(study) - {participant}).text  # what others may have copied in
    rows = [row for row in model.evidence.rows if row.participant == participant and row.parts]
    said = [row for row in rows if row.what != "edge"]
    summaries = {cell.column: told(cell.summary) for cell in load_charts(study.root)[0] if cell.row == participant}
    sections = [*_themes(study, model, said, summaries), *_steps(model, rows)]
    if not sections:
        raise PostilError(f"nothing of {participant} is coded and finished yet, so there is nothing to show them.")
    sections = [replace(section, meaning=told(section.meaning)) for section in sections]
    return Sheet(participant, study.settings.title, tuple(sections))


def _themes(
    study: Study, model: Model, rows: Sequence[EvidenceRow], summaries: dict[str, str]
) -> Iterator[SheetSection]:
    """Themes in their order, then what stands under no theme, by the topmost code."""
    book, rest = study.codebook, list(rows)
    for theme in told_themes(study):
        codes = {code for name in theme.codes if (top := book.resolve(name)) for code in book.subtree(top)}
        here = [row for row in rows if row.code in codes]
        rest = [row for row in rest if row.code not in codes]
        if here or summaries.get(theme.id):
            summary = summaries.get(theme.id, "")
            yield SheetSection(theme.id, theme.label, theme.definition, summary, _quotes(model, here))
    for top in dict.fromkeys(_top(study, row.code) for row in rest):
        code = book.codes.get(top)
        here = [row for row in rest if _top(study, row.code) == top]
        label, meaning = (code.label or top, code.definition) if code else (top, "")
        yield SheetSection(top, label, meaning, summaries.get(top, ""), _quotes(model, here))


def _top(study: Study, code: str) -> str:
    return study.codebook.code_path(code).split("/")[0] if code in study.codebook.codes else code


def _steps(model: Model, rows: Iterable[EvidenceRow]) -> Iterator[SheetSection]:
    """How one thing led to another, as far as the participant says so."""
    stated = [row for row in rows if row.what == "edge" and row.kind == "stated"]
    for edge in model.edges.values():
        here = [row for row in stated if row.object == edge.id]
        if here:
            source, target = (model.nodes[end].node.label or end for end in (edge.key.source, edge.key.target))
            guard = f" ({edge.key.guard})" if edge.key.guard else ""
            label = f"{source}, {ARROWS.get(edge.key.type, 'then')} {target}{guard}"
            yield SheetSection(f"edge:{edge.id}", label, "", "", _quotes(model, here))


def _quotes(model: Model, rows: Sequence[EvidenceRow]) -> tuple[SheetQuote, ...]:
    ordered = sorted(rows, key=lambda row: (row.transcript, row.start or 0))
    found = (SheetQuote(model.evidence.quote(row), row.transcript, row.turn + 1) for row in ordered)
    return tuple(dict.fromkeys(found))


def as_markdown(sheet: Sheet) -> str:
    """The sheet as Markdown, to be filled in with any editor."""
    heading = f"# {sheet.title or 'Our interview'}: what we understood, {sheet.participant}"
    parts = [f"{heading}\n\n{mark_of(sheet.participant)}", INTRODUCTION]
    for section in sheet.sections:
        parts.append(f"## {_line(section.label)} <!-- {section.id} -->")
        parts += [f"*{_line(section.meaning)}*"] if section.meaning else []
        parts += [f"We understood: {section.summary}"] if section.summary else []
        for quote in section.quotes:
            lines = [f"> {line}" for line in quote.text.split("\n")]
            parts.append("\n".join([*lines, f"> — {quote.transcript}, turn {quote.turn}"]))
        parts.append(f"- [ ] {YES}\n- [ ] {NO}\n\n{REMARK}\n\n")
    parts.append("## Anything else? <!-- else -->\n\n")
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n\n"


INTRODUCTION = (
    "Below is what you said, sorted by what we think it is about. Put an x between the brackets, write what should be "
    "different, and send this back. Please tell us, too, if there are words you do not want to see quoted."
)


def mark_of(participant: str) -> str:
    """The line by which a sheet that comes back says whose it is."""
    return f"<!-- packet {participant} -->"


def _line(text: str) -> str:
    return " ".join(text.split())


def read_answer(text: str) -> list[Answer]:
    """What was marked and written in a sheet that came back; sections nobody touched are left out.

    >>> read_answer("## Trust <!-- trust -->\\n> words\\n- [ ] Yes\\n- [x] No, not quite\\n\\nI meant X.\\n")
    [Answer(section='trust', marks=('no',), remark='I meant X.')]
    """
    found: list[Answer] = []
    section, marks, remark = "", [], []  # type: tuple[str, list[str], list[str]]
    answering = False
    for line in [*text.splitlines(), "## end"]:
        heading = _SECTION.match(line)
        if heading:
            _keep(found, section, marks, remark)
            section, marks, remark = heading["id"] or heading["label"], [], []
            answering = section == "else"
            continue
        mark = _MARK.match(line)
        if mark:
            answering = True
            if mark["mark"].strip():
                marks.append("yes" if mark["text"].startswith("Yes") else "no")
        elif answering and line.strip() and line.strip() != REMARK:
            remark.append(_ESCAPED.sub("", line.strip()))
    return found


def whose(text: str) -> str:
    """The participant whose sheet a file is, by the line above its first section; empty if it says nobody.

    >>> whose("# Study: what we understood\\n\\n<!-- packet P07 -->\\n\\n## Trust <!-- trust -->\\n")
    'P07'
    """
    head = re.split(r"^## ", text.replace("\r\n", "\n"), maxsplit=1, flags=re.MULTILINE)[0]
    match = _WHOSE.search(head)
    return match["id"] if match else ""


def _keep(found: list[Answer], section: str, marks: list[str], remark: list[str]) -> None:
    if section and (marks or remark):
        found.append(Answer(section, tuple(marks), "\n".join(remark)))
