"""Rows of codings made before names became pseudonyms: their words with pseudonyms, so that they are found."""

from __future__ import annotations

from dataclasses import replace

from postil_formats.codings.sources.rows import CodingsTable
from postil_study.privacy.pseudonyms.matching import Names


def rows_with_names(table: CodingsTable, names: Names) -> CodingsTable:
    """The table without the names: quotes, what stands beside them, cues, conditions, memos, names of transcripts.

    Positions of a row with words are left out, since they count the old text.
    """
    segments = tuple(
        replace(
            row,
            transcript=names.slug(row.transcript),
            quote=names.text(row.quote),
            memo=names.text(row.memo),
            prefix=names.text(row.prefix),
            suffix=names.text(row.suffix),
            start=None if row.quote else row.start,
            end=None if row.quote else row.end,
        )
        for row in table.segments
    )
    relations = tuple(
        replace(
            row,
            transcript=names.slug(row.transcript),
            cue=names.text(row.cue),
            guard=names.text(row.guard),
            memo=names.text(row.memo),
            cue_at=None if row.cue else row.cue_at,
        )
        for row in table.relations
    )
    return replace(table, segments=segments, relations=relations)
