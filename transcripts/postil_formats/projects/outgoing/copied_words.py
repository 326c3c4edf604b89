"""Projects and tables without words that participants do not allow to be quoted."""

from __future__ import annotations

from dataclasses import replace

from postil_formats.projects.refi.values import Project
from postil_formats.tables.files import Table
from postil_study.privacy.consent.copied_words import FreeWords


def project_without(withheld: FreeWords, project: Project) -> Project:
    """A project whose notes, descriptions and summaries hold none of the words; texts and names stay."""
    if not withheld:
        return project
    text = withheld.text
    sources = tuple(
        replace(
            s,
            description=text(s.description),
            values=tuple(replace(x, value=text(x.value)) if isinstance(x.value, str) else x for x in s.values),
            selections=tuple(replace(one, description=text(one.description)) for one in s.selections),
        )
        for s in project.sources
    )
    cases = tuple(
        replace(
            case,
            description=text(case.description),
            values=tuple(replace(x, value=text(x.value)) if isinstance(x.value, str) else x for x in case.values),
        )
        for case in project.cases
    )
    return replace(
        project,
        codes=tuple(replace(code, description=text(code.description)) for code in project.codes),
        sets=tuple(replace(group, description=text(group.description)) for group in project.sets),
        notes=tuple(replace(note, text=text(note.text), name=text(note.name)) for note in project.notes),
        sources=sources,
        cases=cases,
    )


def table_without(withheld: FreeWords, table: Table) -> Table:
    """A table whose columns of free text hold none of the words."""
    return replace(table, rows=tuple(withheld.rows(table.headers, table.rows))) if withheld else table
