"""Cells that stand beside a talk that fills one cell of a table: codes or line numbers in a margin of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postil_base.plural import subject
from postil_formats.texts.documents.docx_parts import Paragraph, WordFile, cell_text
from postil_formats.texts.labels.finding import find_labels
from postil_formats.texts.labels.lines import SourceLine


def margin_cells(file: WordFile, told: Sequence[str] = ()) -> list[list[Paragraph]]:
    """The cells, with words in them, of rows in which one other cell alone holds turns of several speakers.

    ``told`` are labels that the person says the text has.
    """
    return [cell for _, cells in talks_and_margins(file, told) for cell in cells]


def talks_and_margins(
    file: WordFile, told: Sequence[str] = ()
) -> Iterator[tuple[list[Paragraph], list[list[Paragraph]]]]:
    """Each cell that holds a talk, and the cells beside it."""
    for table in file.tables:
        for row in table:
            filled = [cell for cell in row if cell_text(cell).strip()]
            talks = [cell for cell in filled if _is_talk(cell, told)] if len(filled) > 1 else []
            if len(talks) == 1:
                yield talks[0], [cell for cell in filled if cell is not talks[0]]


def without_margins(paragraphs: Sequence[Paragraph], cells: Sequence[Sequence[Paragraph]]) -> list[Paragraph]:
    """The paragraphs without those of the cells."""
    gone = {id(paragraph) for cell in cells for paragraph in cell}
    return [paragraph for paragraph in paragraphs if id(paragraph) not in gone]


def margin_warning(cells: Sequence[Sequence[Paragraph]]) -> Iterator[str]:
    """What was not read, in a sentence."""
    if cells:
        some = " ".join(cell_text(list(cells[0])).split())
        count = subject(len(cells), "cell", "was")
        yield f"{count} beside the talk in a table and not read ({some[:60]!r})"


def _is_talk(cell: Sequence[Paragraph], told: Sequence[str]) -> bool:
    lines = [SourceLine(line) for paragraph in cell for line in paragraph.text.split("\n")]
    hits = find_labels(lines, told).hits if len(lines) > 2 else ()
    return len(hits) > 2 and len({hit.label for hit in hits}) > 1
