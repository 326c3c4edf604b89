"""Word files (.docx): NVivo exports, filled-in protocols, Teams and Rev transcripts, tables, anything with labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from postil_base.problem import PostilError
from postil_formats.texts.decoding import check_size
from postil_formats.texts.documents.docx_parts import Paragraph, TextRun, WordFile, cell_text, open_word
from postil_formats.texts.documents.nvivo import (
    NvivoMarks,
    place_notes,
    property_block,
    split_annotations,
    without_anchors,
)
from postil_formats.texts.documents.protocol import ProtocolLine, is_protocol, line_color, read_protocol
from postil_formats.texts.documents.word_margins import margin_cells, margin_warning, without_margins
from postil_formats.texts.documents.word_notes import NotePlaces, word_notes
from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.speech import Spoken, read_lines, with_notes
from postil_formats.texts.recognised import ReadOptions, Recognised, TakenOff


def read(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read a .docx file."""
    check_size(data, name)
    return read_document(open_word(data, name), name, options)


def read_document(file: WordFile, name: str, options: ReadOptions) -> Recognised:
    """Recognise the turns of a document that was read into paragraphs and tables."""
    _refuse_boxes_only(file, name)
    if _is_table(file) or (file.tables and (options.text or options.speaker_key)):
        from postil_formats.texts.documents.word_tables import read_tables

        return _with_taken_off(read_tables(file, name, options), file)
    margins = margin_cells(file, options.labels)
    paragraphs = without_margins(file.paragraphs, margins)
    body, entries = split_annotations(paragraphs)
    source = _Lines(entries)
    for paragraph in body:
        source.add(paragraph)
    top = property_block(body)
    spoken = _read(source, sum(1 for number in source.paragraph if number < top), file.kind, options.labels)
    notes, warnings = place_notes(entries, source.marks, [line.text for line in source.lines], spoken.map)
    comments, lost = word_notes(file, source.notes, spoken, [line.text for line in source.lines])
    made = _with_taken_off(with_notes(spoken, [*notes, *comments], *warnings, *lost), file)
    made = replace(made, taken=(*made.taken, *_annotation_marks(source.marks, paragraphs[len(body) :], entries)))
    made = replace(
        made,
        taken=(*made.taken, *(TakenOff("cell beside the words", cell_text(cell)) for cell in margins)),
        warnings=(*made.warnings, *margin_warning(margins)),
    )
    return replace(made, layout=f"NVivo export, {made.layout}") if entries or top else made


def _annotation_marks(marks: NvivoMarks, behind: Sequence[Paragraph], entries: dict[int, str]) -> Iterator[TakenOff]:
    """Numbers of annotations in the words, and the title and the numbers of their list."""
    yield from (TakenOff("number of an annotation", anchor.text) for anchor in marks.anchors)
    if behind:
        yield TakenOff("title", behind[0].text)
    yield from (TakenOff("number of an annotation", str(number)) for number in entries)


@dataclass
class _Lines:
    """The lines of the paragraphs (a line break makes two), with what stood in them beside the words."""

    entries: dict[int, str]
    lines: list[SourceLine] = field(default_factory=list)
    about: list[ProtocolLine] = field(default_factory=list)
    paragraph: list[int] = field(default_factory=list)
    marks: NvivoMarks = field(default_factory=NvivoMarks)
    notes: NotePlaces = field(default_factory=NotePlaces)

    def __post_init__(self) -> None:
        self.numbers = set(self.entries)
        self.count = 0

    def add(self, paragraph: Paragraph) -> None:
        """Add a paragraph."""
        first = len(self.lines)
        local = NvivoMarks()
        runs = without_anchors(paragraph, 0, self.numbers, local)
        text = "".join(run.text for run in runs)
        starts = self._break(text, paragraph, line_color(runs), _bold(runs))
        for anchor in local.anchors:
            self.marks.anchors.append(anchor._replace(place=_place(first, starts, anchor.place[1])))
        self.marks.unread += local.unread
        for start, end in _shaded(runs):
            self.marks.shades.append((_place(first, starts, start), _place(first, starts, end)))
        if paragraph.comment_starts or paragraph.comment_ends or paragraph.asides:
            whole = ((first, 0), _place(first, starts, len(text)))

            def place(offset: int) -> tuple[int, int]:
                gone = sum(min(length, max(offset - at, 0)) for at, length in local.removed)
                return _place(first, starts, offset - gone)

            self.notes.add(paragraph, place, whole)
        self.count += 1

    def _break(self, text: str, paragraph: Paragraph, color: str, strong: int) -> list[int]:
        """Add the lines of a paragraph; returns where each starts in it."""
        starts = [0]
        for index, part in enumerate(text.split("\n")):
            bold = min(max(strong - starts[-1], 0), len(part))
            self.lines.append(
                SourceLine(part, glued=index > 0, heading=paragraph.heading, quoted=paragraph.listed, strong=bold)
            )
            self.about.append(ProtocolLine(self.count, paragraph.listed, color))
            self.paragraph.append(self.count)
            starts.append(starts[-1] + len(part) + 1)
        return starts[:-1]


def _bold(runs: Sequence[TextRun]) -> int:
    """The length of the bold stretch with which a paragraph begins."""
    length = 0
    for run in runs:
        if not run.bold and run.text.strip():
            break
        length += len(run.text)
    return length


def _place(first: int, starts: Sequence[int], offset: int) -> tuple[int, int]:
    line = max(index for index, start in enumerate(starts) if start <= offset)
    return first + line, offset - starts[line]


def _shaded(runs: Sequence[TextRun]) -> Iterator[tuple[int, int]]:
    length = 0
    for run in runs:
        if run.shaded:
            yield length, length + len(run.text)
        length += len(run.text)


def _read(source: _Lines, top: int, layout: str, told: Sequence[str]) -> Spoken:
    """Recognise the speech; the first ``top`` lines are a property block."""
    if is_protocol(source.lines):
        return read_protocol(source.lines, source.about)
    header = tuple(line.text.strip() for line in source.lines[:top] if line.text.strip())
    blank = [SourceLine("") for _ in range(top)]
    spoken = read_lines([*blank, *source.lines[top:]], layout, told=told)
    known = spoken.recognised
    return replace(spoken, recognised=replace(known, header=(*header, *known.header)))


def _with_taken_off(made: Recognised, file: WordFile) -> Recognised:
    counted = [f"left out: {what} ({count})" for what, count in sorted(file.counted.items()) if count]
    return replace(made, warnings=(*made.warnings, *counted), taken=(*made.taken, *file.taken))


def _refuse_boxes_only(file: WordFile, name: str) -> None:
    """Text boxes have no order among the paragraphs, so that a talk in them cannot be read."""
    if any(paragraph.text.strip() for paragraph in file.paragraphs):
        return
    if any(aside.kind == "text box" for paragraph in file.paragraphs for aside in paragraph.asides):
        raise PostilError(
            f"{name} has all its words in text boxes, whose order is not known. "
            "Copy them into the text of the document (or save it as .txt) and import that."
        )


def _is_table(file: WordFile) -> bool:
    """The transcript is a table when most words stand in one of two columns or more."""
    rows = [row for table in file.tables for row in table if len(row) >= 2]
    if len(rows) < 2:
        return False
    inside = sum(len(paragraph.text.split()) for row in rows for cell in row for paragraph in cell)
    outside = sum(len(paragraph.text.split()) for paragraph in file.outside_tables)
    return inside > outside
