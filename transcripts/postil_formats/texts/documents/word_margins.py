"""Cells that stand beside a talk that fills one cell of a table: codes or line numbers in a margin of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postil_base.plural import subject
from postil_formats.texts.documents.docx_parts import Paragraph, WordFile, cell_text
from postil_formats.texts.labels.finding import find_labels
from postil_formats.texts.labels.lines import Line


def margin_cells(file: WordFile) -> list[list[Paragraph]]:
    """The cells, with words in them, of rows in which one other cell alone holds turns of several speakers."""
    return [cell for table in file.tables for row in table for cell in _beside(row)]


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


def _beside(row: Sequence[list[Paragraph]]) -> list[list[Paragraph]]:
    filled = [cell for cell in row if cell_text(cell).strip()]
    if len(filled) < 2:
        return []
    talks = [cell for cell in filled if _is_talk(cell)]
    return [cell for cell in filled if cell is not talks[0]] if len(talks) == 1 else []


def _is_talk(cell: Sequence[Paragraph]) -> bool:
    lines = [Line(line) for paragraph in cell for line in paragraph.text.split("\n")]
    hits = find_labels(lines).hits if len(lines) > 2 else ()
    return len(hits) > 2 and len({hit.label for hit in hits}) > 1
