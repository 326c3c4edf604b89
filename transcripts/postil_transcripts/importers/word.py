"""Word files (.docx): NVivo exports, filled-in protocols, Teams and Rev transcripts, tables, anything with labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from postil_transcripts.importers.decoding import check_size
from postil_transcripts.importers.docx_parts import Paragraph, Run, WordFile, open_word
from postil_transcripts.importers.lines import Line
from postil_transcripts.importers.nvivo import Marks, place_notes, property_block, split_annotations, without_anchors
from postil_transcripts.importers.protocol import ProtocolLine, is_protocol, line_color, read_protocol
from postil_transcripts.importers.recognised import Options, Recognised, SourceNote, TakenOff
from postil_transcripts.importers.speech import Spoken, read_lines, with_notes


def read(data: bytes, name: str, options: Options) -> Recognised:
    """Read a .docx file."""
    check_size(data, name)
    file = open_word(data, name)
    if _is_table(file):
        return _read_tables(file, name)
    body, entries = split_annotations(file.paragraphs)
    source = _Lines(entries)
    for paragraph in body:
        source.add(paragraph)
    top = property_block(body)
    spoken = _read(source, sum(1 for number in source.paragraph if number < top))
    notes, warnings = place_notes(entries, source.marks, [line.text for line in source.lines], spoken.map)
    comments, lost = _comment_notes(file, source, spoken)
    made = with_notes(spoken, [*notes, *comments], *warnings, *lost, *_left_out(file))
    made = replace(made, taken=(*made.taken, *_taken_off(source.marks, file.paragraphs[len(body) :], entries)))
    return replace(made, layout=f"NVivo export, {made.layout}") if entries or top else made


def _taken_off(marks: Marks, behind: Sequence[Paragraph], entries: dict[int, str]) -> Iterator[TakenOff]:
    """Numbers of annotations in the words, and the title and the numbers of their list."""
    yield from (TakenOff("number of an annotation", anchor.text) for anchor in marks.anchors)
    if behind:
        yield TakenOff("title", behind[0].text)
    yield from (TakenOff("number of an annotation", str(number)) for number in entries)


@dataclass
class _Lines:
    """The lines of the paragraphs (a line break makes two), with what stood in them beside the words."""

    entries: dict[int, str]
    lines: list[Line] = field(default_factory=list)
    about: list[ProtocolLine] = field(default_factory=list)
    paragraph: list[int] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    comment_starts: dict[str, tuple[int, int]] = field(default_factory=dict)
    comment_ends: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.numbers = set(self.entries)
        self.count = 0

    def add(self, paragraph: Paragraph) -> None:
        """Add a paragraph."""
        first = len(self.lines)
        local = Marks()
        runs = without_anchors(paragraph, 0, self.numbers, local)
        text = "".join(run.text for run in runs)
        starts = self._break(text, paragraph, line_color(runs))
        for anchor in local.anchors:
            self.marks.anchors.append(anchor._replace(place=_place(first, starts, anchor.place[1])))
        self.marks.unread += local.unread
        for start, end in _shaded(runs):
            self.marks.shades.append((_place(first, starts, start), _place(first, starts, end)))
        for offsets, places in (
            (paragraph.comment_starts, self.comment_starts),
            (paragraph.comment_ends, self.comment_ends),
        ):
            places.update({key: _place(first, starts, offset) for key, offset in offsets.items()})
        self.count += 1

    def _break(self, text: str, paragraph: Paragraph, color: str) -> list[int]:
        """Add the lines of a paragraph; returns where each starts in it."""
        starts = [0]
        for index, part in enumerate(text.split("\n")):
            self.lines.append(Line(part, glued=index > 0, heading=paragraph.heading, quoted=paragraph.listed))
            self.about.append(ProtocolLine(self.count, paragraph.listed, color))
            self.paragraph.append(self.count)
            starts.append(starts[-1] + len(part) + 1)
        return starts[:-1]


def _place(first: int, starts: Sequence[int], offset: int) -> tuple[int, int]:
    line = max(index for index, start in enumerate(starts) if start <= offset)
    return first + line, offset - starts[line]


def _shaded(runs: Sequence[Run]) -> Iterator[tuple[int, int]]:
    length = 0
    for run in runs:
        if run.shaded:
            yield length, length + len(run.text)
        length += len(run.text)


def _read(source: _Lines, top: int) -> Spoken:
    """Recognise the speech; the first ``top`` lines are a property block."""
    if is_protocol(source.lines):
        return read_protocol(source.lines, source.about)
    header = tuple(line.text.strip() for line in source.lines[:top] if line.text.strip())
    blank = [Line("") for _ in range(top)]
    spoken = read_lines([*blank, *source.lines[top:]], "Word")
    known = spoken.recognised
    return replace(spoken, recognised=replace(known, header=(*header, *known.header)))


def _comment_notes(file: WordFile, source: _Lines, spoken: Spoken) -> tuple[list[SourceNote], list[str]]:
    """Word's comments on the words they were made on."""
    notes: list[SourceNote] = []
    lost: list[str] = []
    for key, comment in file.comments.items():
        start, end = source.comment_starts.get(key), source.comment_ends.get(key)
        spots = spoken.map.span(start, end) if start and end else None
        if spots is None:
            author = comment.author or "somebody"
            lost.append(f"a comment of {author} is on no words; it is kept for the whole transcript")
        first, last = spots or (None, None)
        notes.append(SourceNote(comment.text, first, last, None, comment.author, comment.date, "word-comments"))
    return notes, lost


def _left_out(file: WordFile) -> list[str]:
    return [f"left out: {what} ({count})" for what, count in sorted(file.left_out.items()) if count]


def _is_table(file: WordFile) -> bool:
    """The transcript is a table when most words stand in one of two columns or more."""
    rows = [row for row in file.rows if len(row) >= 2]
    inside = sum(len(cell.split()) for row in rows for cell in row)
    outside = sum(len(paragraph.text.split()) for paragraph in file.outside_tables)
    return len(rows) >= 2 and inside > outside


def _read_tables(file: WordFile, name: str) -> Recognised:
    from postil_transcripts.importers.rows import read_rows

    made = read_rows(file.rows, name, "Word table")
    header = tuple(p.text.strip() for p in file.outside_tables if p.text.strip())
    return replace(made, header=(*header, *made.header), warnings=(*made.warnings, *_left_out(file)))
