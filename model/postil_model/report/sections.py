"""The tables of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postil_base.quoting.html import html
from postil_codebook.types import Code, Codebook
from postil_model.graph import Model
from postil_model.report.evidence_lists import Telling
from postil_model.report.page import Section

if TYPE_CHECKING:
    from postil_transcripts.study import Study


def codebook_section(book: Codebook) -> Section | None:
    """The codes with definition, include and exclude, in the order of the book."""
    if not book.codes:
        return None
    entries = "\n".join(_entry(code, book) for code in book.codes.values())
    return Section(
        "codebook", "Codebook", f'<p class="note">Version {html(book.version)}.</p><dl class="codes">{entries}</dl>'
    )


def _entry(code: Code, book: Codebook) -> str:
    indent = len(book.ancestors(code.id))
    parts = [html(code.definition)]
    parts += [
        f"<b>{word}</b> {html(text)}" for word, text in (("Include:", code.include), ("Exclude:", code.exclude)) if text
    ]
    body = "".join(f"<dd>{part}</dd>" for part in parts if part)
    return (
        f'<div style="margin-left:{indent * 1.6}em"><dt>{html(code.label)} <span class="id">{html(code.id)}</span></dt>'
        f"{body}</div>"
    )


def agreement_section(study: Study) -> Section | None:
    """How far coders agree, as `postil agreement` prints it."""
    return None


def saturation_section(study: Study, model: Model) -> Section | None:
    """What each further participant added."""
    return None


def joint_section(study: Study, model: Model, telling: Telling) -> Section | None:
    """What was said beside what was measured."""
    return None
