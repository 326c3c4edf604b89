"""A transcript in the tables of a Word file, with its comments on the words of the cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from postil_base.plural import counted
from postil_formats.texts.documents.docx_parts import Paragraph, Table, WordFile, cell_text
from postil_formats.texts.documents.word_notes import NotePlaces, Place, Stretch, word_notes
from postil_formats.texts.recognised import ReadOptions, Recognised
from postil_formats.texts.tables.rows import RowsRead, read_table
from postil_study.text.vocabulary import HEADER_KEYS, ROLES


def read_tables(file: WordFile, name: str, options: ReadOptions) -> Recognised:
    """Read the tables; what stands above, between and below them is listed."""
    header, tables, footer = _sorted(file)
    cells = [row for table in tables for row in table]
    made = read_table([[cell_text(cell) for cell in row] for row in cells], name, f"{file.kind} table", options)
    places = _CellPlaces(made).all(cells)
    for paragraph, rows in _outside(file, tables):
        _add_outside(
            places, paragraph, (min((n for r, n in made.first_line.items() if r >= rows), default=len(made.lines)), 0)
        )
    notes, lost = word_notes(file, places, made.spoken, [line.text for line in made.lines])
    known = made.spoken.recognised
    around = sum(len(text.split()) for text in (*header, *footer))
    aside = [f"{counted(around, 'word')} outside the tables are no turns; see header and footer"] if around > 60 else []
    return replace(
        known,
        header=(*header, *known.header),
        footer=(*known.footer, *footer),
        notes=(*known.notes, *notes),
        warnings=(*known.warnings, *lost, *aside),
    )


def _outside(file: WordFile, tables: Sequence[Table]) -> Iterator[tuple[Paragraph, int]]:
    """The paragraphs outside the tables of speech, each with how many rows stand above it."""
    rows = 0
    for block in file.blocks:
        if isinstance(block, Paragraph):
            yield block, rows
        elif any(block is table for table in tables):
            rows += len(block)


def _add_outside(places: NotePlaces, paragraph: Paragraph, here: Place) -> None:
    """The marks in a paragraph outside the tables: they lie where the next row begins."""
    places.add(paragraph, lambda _: here, (here, here))


def _sorted(file: WordFile) -> tuple[list[str], list[Table], list[str]]:
    """The lines above the first table of speech (a table of particulars is such), the tables, and the lines after."""
    header: list[str] = []
    tables: list[Table] = []
    footer: list[str] = []
    for block in file.blocks:
        if isinstance(block, Paragraph):
            lines = [block.text.strip()]
        elif not tables and _particulars(block):
            lines = [" ".join(text for cell in row if (text := cell_text(cell).strip())) for row in block]
        else:
            tables.append(block)
            continue
        (footer if tables else header).extend(line for line in lines if line)
    return header, tables, footer


def _particulars(table: Table) -> bool:
    """A small table of date, place, names: each row has another key, most of them known."""
    keys = [cell_text(row[0]).strip().rstrip(":").lower() for row in table if row]
    known = [key for key in keys if key.split(" ")[0] in HEADER_KEYS]
    widths = {len([cell for cell in row if cell_text(cell).strip()]) for row in table}
    told = any(key in HEADER_KEYS - ROLES for key in keys)
    return told and len(set(keys)) == len(keys) <= 12 and 2 * len(known) > len(keys) and widths <= {0, 1, 2}


@dataclass
class _CellPlaces:
    """Where the marks in cells lie in the lines of words."""

    made: RowsRead

    def all(self, cells: Sequence[Sequence[Sequence[Paragraph]]]) -> NotePlaces:
        places = NotePlaces()
        for number, row in enumerate(cells):
            for column, cell in enumerate(row):
                at = 0
                for paragraph in cell:
                    self._add(places, paragraph, number, column, at)
                    at += len(paragraph.text) + 1
        return places

    def _add(self, places: NotePlaces, paragraph: Paragraph, number: int, column: int, at: int) -> None:
        if not (paragraph.comment_starts or paragraph.comment_ends or paragraph.asides):
            return
        length = len(paragraph.text)
        inside = self._said(number, column)
        whole = (self._place(number, column, at), self._place(number, column, at + length))
        places.add(
            paragraph,
            lambda offset: self._place(number, column, at + offset),
            whole if inside and paragraph.text.strip() else self._row(number),
        )

    def _said(self, number: int, column: int) -> bool:
        return column == self.made.columns.text or (number, column) in self.made.cells

    def _place(self, number: int, column: int, offset: int) -> Place:
        """A place in the words of a row; a cell to their left begins with them, one to their right ends with them."""
        first, last = self._row(number, column)
        if not self._said(number, column) or first == last:
            return first if column < self.made.columns.text else last
        line = first[0]
        while line < last[0] and offset > len(self.made.lines[line].text):
            offset -= len(self.made.lines[line].text) + 1
            line += 1
        return line, offset

    def _row(self, number: int, column: int = -1) -> Stretch:
        """The lines of a row's or a cell's words; nothing behind all lines for a row without any."""
        first = self.made.cells.get((number, column), self.made.first_line.get(number))
        if first is None:
            end = (len(self.made.lines), 0)
            return end, end
        last = first
        while last + 1 < len(self.made.lines) and self.made.lines[last + 1].glued:
            last += 1
        return (first, 0), (last, len(self.made.lines[last].text))
