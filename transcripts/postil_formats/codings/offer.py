"""Taking in the comments of files that were just imported: what the import screen offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from postil_base.files.text import read_raw_text
from postil_codebook.load import load_codebook
from postil_formats.codings.codes import CodeNames, with_new_codes
from postil_formats.codings.plan import CodingsPlan, plan_codings
from postil_formats.codings.pseudonyms import rows_with_names
from postil_formats.codings.read import ReadWishes, read_codings_file, speaker_labels
from postil_formats.codings.sources.rows import CodingsTable
from postil_formats.codings.writing import apply_codings
from postil_formats.texts.plan import FilePlan
from postil_study.privacy.pseudonyms.matching import Names
from postil_study.study import Study


@dataclass(frozen=True, slots=True)
class CommentsTaken:
    """What became of the comments."""

    segments: int = 0
    coders: tuple[str, ...] = ()
    new_codes: tuple[str, ...] = ()
    questions: int = 0  # comments that can be read in two ways; then nothing was written
    left: int = 0  # comments that found no place, or not as they are

    def told(self) -> str:
        """One sentence for the status line."""
        if self.questions:
            several = self.questions != 1
            return (
                f"{self.questions} comment{'s' if several else ''} with a comma can be read in two ways; nothing was "
                "taken in: postil import-codings FILE --commas separate, or keep"
            )
        codes = f", {len(self.new_codes)} new below “imported”" if self.new_codes else ""
        left = f"; {self.left} to look at: postil import-codings FILE lists them" if self.left else ""
        whose = ", ".join(self.coders)
        return f"{self.segments} coding{'' if self.segments == 1 else 's'} of {whose} taken in{codes}{left}"


def take_comments(study: Study, files: Sequence[FilePlan], names: Names | None = None) -> CommentsTaken:
    """Read the comments of imported files and write them as codings; codes that are unknown are added.

    ``names``: the pseudonyms with which the files were imported. Nothing is written when a comment can be read in two
    ways. Raises PostilError for comments without an author.
    """
    wishes = ReadWishes(known=CodeNames(study.codebook).knows, labels=speaker_labels(study))
    tables = [table for file in files for table in read_codings_file(file.source, wishes)]
    tables = [rows_with_names(table, names) for table in tables] if names else tables
    plan, text = with_codes_added(study, tables)
    if plan.questions:
        return CommentsTaken(questions=len(plan.questions))
    new = tuple(plan_codings(study, tables).unknown_codes)
    apply_codings(study, plan, text)
    coders = tuple(dict.fromkeys(layer.after.header.coder for layer in plan.layers))
    return CommentsTaken(plan.added, coders, new, left=len(plan.problems))


def with_codes_added(study: Study, tables: Sequence[CodingsTable]) -> tuple[CodingsPlan, str | None]:
    """A plan, and the codebook's text with the codes it needs; None when the book has them all."""
    plan = plan_codings(study, tables)
    if plan.questions or not plan.unknown_codes:
        return plan, None
    path = study.settings.codebook
    text = with_new_codes(read_raw_text(Path(study.root) / path), path, plan.unknown_codes)
    return plan_codings(study, tables, codebook=load_codebook(text, path)[0]), text
