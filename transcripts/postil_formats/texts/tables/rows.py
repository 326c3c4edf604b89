"""Transcripts in rows (CSV, XLSX, a table in Word): which column speaks, which says what, which tells the time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from postil_base.problem import PostilError
from postil_formats.texts.labels.finding import find_labels
from postil_formats.texts.labels.lines import SourceLine, TurnBuilder
from postil_formats.texts.labels.speech import Spoken, read_lines
from postil_formats.texts.labels.times import ordered, seconds_to_ms, to_ms
from postil_formats.texts.recognised import ReadOptions, Recognised, SourceNote, SourceSpot, TakenOff
from postil_formats.texts.tables.columns import Columns, Rows, cell, find_columns, role

ASKING, ANSWERING = "Interviewer", "Participant"


@dataclass(frozen=True)
class RowsRead:
    """Turns of a table, and where the words of each row stand in ``lines``: ``first_line`` by the row's number."""

    spoken: Spoken
    columns: Columns
    lines: Sequence[SourceLine]
    first_line: dict[int, int]
    cells: dict[tuple[int, int], int]  # of a table with a column for each speaker: the first line of a cell

    def words(self, row: int) -> tuple[SourceSpot, SourceSpot] | None:
        """The words of a row; None when it has none."""
        first = self.first_line.get(row)
        if first is None:
            return None
        last = first
        while last + 1 < len(self.lines) and self.lines[last + 1].glued:
            last += 1
        return self.spoken.map.span((first, 0), (last, len(self.lines[last].text)))


def read_rows(rows: Rows, name: str, layout: str, options: ReadOptions | None = None) -> Recognised:
    """Make a turn of each row; an empty speaker continues the turn above."""
    return read_table(rows, name, layout, options or ReadOptions()).spoken.recognised


def read_table(rows: Rows, name: str, layout: str, options: ReadOptions) -> RowsRead:
    """Make a turn of each row, with the places of the rows' words; every column is used or named."""
    columns = find_columns(rows, name, options)
    reader = _RowReader(rows, columns, options.labels)
    spoken = reader.spoken(layout)
    made = RowsRead(spoken, columns, reader.lines, reader.first_line, reader.cells)
    if not spoken.recognised.turns:
        raise PostilError(f"{name} holds no words; nothing to import.")
    known = spoken.recognised
    notes = tuple(_column_notes(made, rows))
    taken = tuple(_taken(made, rows))
    warnings = (*known.warnings, *_named(columns, notes), *_unused(columns, taken))
    full = replace(
        known,
        header=(*filter(None, map(_joined, rows[: columns.titles])), *known.header),
        notes=(*known.notes, *notes),
        taken=(*known.taken, *taken),
        warnings=warnings,
        details={**known.details, "rows": len(rows) - columns.first_row},
    )
    return replace(made, spoken=replace(spoken, recognised=full))


def _joined(row: Sequence[str]) -> str:
    return " ".join(text.strip() for text in row if text.strip())


class _RowReader:
    """Puts the cells of the words into lines, and the lines into turns."""

    def __init__(self, rows: Rows, columns: Columns, told: Sequence[str]) -> None:
        self.columns, self.told = columns, told
        self.numbers = [n for n in range(columns.first_row, len(rows)) if not _repeats(rows, n, columns)]
        self.rows = rows
        self.lines: list[SourceLine] = []
        self.first_line: dict[int, int] = {}
        self.cells: dict[tuple[int, int], int] = {}
        self.milliseconds = columns.start is not None and self._in_thousandths(columns.start)
        for number in self.numbers:
            self._lines(number)

    def _lines(self, number: int) -> None:
        for column in self.columns.voices or (self.columns.text,):
            text = _raw(self.rows[number], column)
            if text.strip():
                self.first_line.setdefault(number, len(self.lines))
                self.cells[number, column] = len(self.lines)
                self.lines += [SourceLine(part, glued=index > 0) for index, part in enumerate(text.split("\n"))]

    def spoken(self, layout: str) -> Spoken:
        alone = self.columns.speaker is None and self.columns.question is None and not self.columns.voices
        if alone and find_labels(self.lines, self.told).hits:
            return read_lines(self.lines, f"{layout}, labels in the column of words", told=self.told)
        if self.columns.question is not None:
            self.asked = self._questions()
        builder = TurnBuilder(self.lines)
        for number in self.numbers:
            self._turn(builder, number)
        turns, places = builder.finish()
        named = any(turn.label for turn in turns)
        warnings: tuple[str, ...] = () if named else ("no column names a speaker",)
        if self.columns.voices:
            listed = ", ".join(repr(self.columns.name(column)) for column in self.columns.voices)
            warnings = (f"a column for each speaker ({listed}): read row by row, from left to right",)
        how = f"{layout} with {'speakers' if named else 'no speakers'}"
        return Spoken(Recognised(how, turns, warnings=warnings), places)

    def _questions(self) -> dict[int, int]:
        """The lines of the questions, behind those of the answers."""
        asked = {}
        for number in self.numbers:
            text = cell(self.rows[number], self.columns.question)
            if text:
                asked[number] = len(self.lines)
                self.lines += [SourceLine(part, glued=index > 0) for index, part in enumerate(text.split("\n"))]
        return asked

    def _turn(self, builder: TurnBuilder, number: int) -> None:
        row, columns = self.rows[number], self.columns
        start, end = (self._time(cell(row, column)) for column in (columns.start, columns.end))
        if columns.question is not None:
            if number in self.asked:
                builder.turn(ASKING, *ordered(start, None))
                self._add(builder, self.asked[number])
            if number in self.first_line:
                builder.turn(ANSWERING)
                self._add(builder, self.first_line[number])
            return
        if number not in self.first_line:
            return
        if columns.voices:
            self._voices(builder, number, start, end)
            return
        label = " ".join(cell(row, columns.speaker).rstrip(":：").split())
        if len(builder) and not label and columns.speaker is not None:
            if end is not None:
                builder.ends(end)
        else:
            builder.turn(label, *ordered(start, end))
        self._add(builder, self.first_line[number])

    def _voices(self, builder: TurnBuilder, number: int, start: int | None, end: int | None) -> None:
        """What each says in a row; nobody comes twice in a row by going on in the next one."""
        spoken = [column for column in self.columns.voices if (number, column) in self.cells]
        for place, column in enumerate(spoken):
            times = (start if not place else None, end if len(spoken) == 1 else None)
            head = self.columns.name(column).rstrip(":：")
            builder.turn(ASKING if role(head) == "question" else head, *ordered(*times))
            self._add(builder, self.cells[number, column])

    def _add(self, builder: TurnBuilder, line: int) -> None:
        builder.add(line)
        while line + 1 < len(self.lines) and self.lines[line + 1].glued:
            line += 1
            builder.add(line)

    def _time(self, text: str) -> int | None:
        if re.fullmatch(r"\d{1,12}", text) and self.milliseconds:
            return int(text)
        return to_ms(text) if ":" in text else seconds_to_ms(text.replace(",", ".")) if text else None

    def _in_thousandths(self, start: int) -> bool:
        """Whole numbers that would leave a minute to each word if they were seconds: Whisper writes milliseconds."""
        if self.columns.name(start).lower().replace(" ", "_").endswith("_ms"):
            return True
        times = [text for number in self.numbers if (text := cell(self.rows[number], start))]
        if len(times) < 2 or not all(re.fullmatch(r"\d{1,9}", text) for text in times):
            return False
        words = sum(len(cell(self.rows[number], self.columns.text).split()) for number in self.numbers)
        return int(times[-1]) - int(times[0]) > 60 * words


def _raw(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _repeats(rows: Rows, number: int, columns: Columns) -> bool:
    """Whether a row is the heading once more, as on each page of a long table."""
    plain = [text.strip().casefold() for text in rows[number]]
    return bool(columns.names) and plain == [text.strip().casefold() for text in columns.names]


def _column_notes(made: RowsRead, rows: Rows) -> Iterator[SourceNote]:
    """Other columns of words (a translation, remarks) as notes on the words of their row."""
    for column in made.columns.notes:
        layer = f"column-{_slug(made.columns.name(column), column)}"
        for number in range(made.columns.first_row, len(rows)):
            text = cell(rows[number], column)
            if text and not _repeats(rows, number, made.columns):
                first, last = made.words(number) or (None, None)
                yield SourceNote(text, first, last, source=layer)


def _slug(name: str, column: int) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    return plain or str(column + 1)


def _taken(made: RowsRead, rows: Rows) -> Iterator[TakenOff]:
    """What of the rows is stored nowhere, or as a speaker or a time."""
    columns = made.columns
    if columns.names:
        yield TakenOff("heading row", _joined(columns.names))
    for number in range(columns.first_row, len(rows)):
        row = rows[number]
        if _repeats(rows, number, columns):
            yield TakenOff("heading row", _joined(row))
            continue
        spoken = number in made.first_line or bool(cell(row, columns.question))
        for column in range(len(row)):
            text = cell(row, column)
            if not text or column in (columns.text, columns.question, *columns.notes, *columns.voices):
                continue
            if column not in columns.used:
                yield TakenOff(columns.name(column) if columns.names else f"column {column + 1}", text)
            elif not spoken:
                yield TakenOff("row without words", text)
            else:
                yield TakenOff("label" if column == columns.speaker else "clock", text)


def _named(columns: Columns, notes: Sequence[SourceNote]) -> Iterator[str]:
    if notes and not columns.voices:
        kept = ", ".join(repr(columns.name(column)) for column in columns.notes)
        yield (
            f"the words are those of {columns.name(columns.text)!r}; notes on them hold {kept} "
            "(--text COLUMN reads another column)"
        )


def _unused(columns: Columns, taken: Sequence[TakenOff]) -> Iterator[str]:
    """The columns nothing was read from, each with what stands in it."""
    found: dict[str, list[str]] = {}
    for item in taken:
        if item.kind not in ("label", "clock", "heading row", "row without words"):
            found.setdefault(item.kind, []).append(item.text)
    for kind, texts in found.items():
        sample = "; ".join(" ".join(text.split())[:30] for text in texts[:3])
        yield f"the column {kind!r} was not read ({len(texts)} cell{'s' * (len(texts) != 1)}: {sample})"
