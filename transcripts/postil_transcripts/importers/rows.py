"""Transcripts in rows (CSV, XLSX, a table in Word): which column speaks, which says what, which tells the time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from postil_base.problem import PostilError
from postil_transcripts.importers.recognised import Recognised, TakenOff
from postil_transcripts.importers.times import ordered, seconds_to_ms, to_ms
from postil_transcripts.importers.vocabulary import END_COLUMNS, SPEAKER_COLUMNS, START_COLUMNS, TEXT_COLUMNS
from postil_transcripts.turns import RawTurn

# Beside a column `speaker`, `participant` tells whose interview it is.
_LESS_SURE = frozenset({"participant", "name", "person", "transcript"})


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what, and the row the data begins on."""

    text: int
    speaker: int | None
    start: int | None
    end: int | None
    first_row: int
    titles: int = 0  # so many rows at the top are titles
    milliseconds: bool = False


def read_rows(rows: Sequence[Sequence[str]], name: str, layout: str) -> Recognised:
    """Make a turn of each row; an empty speaker continues the turn above."""
    columns = _by_heading(rows) or _by_content(rows)
    if columns is None:
        raise PostilError(
            f"{name}: no column of words was recognised. Name the columns in the first row: speaker, text, start, end."
        )
    turns: list[RawTurn] = []
    for row in rows[columns.first_row :]:
        _add(turns, row, columns)
    if not turns:
        raise PostilError(f"{name} holds no words; nothing to import.")
    named = any(turn.label for turn in turns)
    return Recognised(
        layout=f"{layout} with {'speakers' if named else 'no speakers'}",
        turns=tuple(turns),
        header=tuple(filter(None, map(_joined, rows[: columns.titles]))),
        warnings=() if named else ("no column names a speaker",),
        details={"rows": len(rows) - columns.first_row},
        taken=tuple(_taken_off(rows, columns)),
    )


def _taken_off(rows: Sequence[Sequence[str]], columns: Columns) -> Iterator[TakenOff]:
    """All cells that are no words: the heading row, labels, times, and columns that are not used."""
    heading = rows[columns.titles : columns.first_row]
    yield from (TakenOff("heading row", cell) for row in heading for cell in row if cell.strip())
    kinds = {columns.speaker: "label", columns.start: "clock", columns.end: "clock"}
    for row in rows[columns.first_row :]:
        for number, cell in enumerate(row):
            if number != columns.text and cell.strip():
                title = _cell(heading[-1], number) if heading else ""
                yield TakenOff(kinds.get(number) or f"column {title or number + 1}, not used", cell.strip())


def _joined(row: Sequence[str]) -> str:
    return " ".join(cell.strip() for cell in row if cell.strip())


def _cell(row: Sequence[str], column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


def _add(turns: list[RawTurn], row: Sequence[str], columns: Columns) -> None:
    text = "\n".join(line.strip() for line in _cell(row, columns.text).split("\n")).strip()
    label = " ".join(_cell(row, columns.speaker).rstrip(":").split())
    start, end = (_time(_cell(row, column), columns.milliseconds) for column in (columns.start, columns.end))
    if not text:
        return
    if turns and not label and columns.speaker is not None:
        last = turns[-1]
        stop = end if end is not None else last.end_ms
        turns[-1] = RawTurn(last.label, f"{last.text}\n{text}", *ordered(last.start_ms, stop))
    else:
        turns.append(RawTurn(label, text, *ordered(start, end)))


def _time(text: str, milliseconds: bool) -> int | None:
    if re.fullmatch(r"\d{1,12}", text) and milliseconds:
        return int(text)
    return to_ms(text) if ":" in text else seconds_to_ms(text.replace(",", ".")) if text else None


def _by_heading(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Columns by their names, in the first rows (a title may stand above)."""
    for number, row in enumerate(rows[:15]):
        names = [re.sub(r"[\s-]+", "_", cell.strip().lower()).strip("_:") for cell in row]
        text = _find(names, TEXT_COLUMNS)
        speaker = _find(names, SPEAKER_COLUMNS)
        alone = len(names) == 1 and all(len(row) == 1 for row in rows)  # a title would look like a column's name
        if text is not None and (speaker is not None or alone or _find(names, START_COLUMNS) is not None):
            start = _find(names, START_COLUMNS)
            in_ms = start is not None and _in_thousandths(names[start], rows[number + 1 :], start, text)
            return Columns(text, speaker, start, _find(names, END_COLUMNS), number + 1, number, in_ms)
    return None


def _in_thousandths(name: str, rows: Sequence[Sequence[str]], start: int, text: int) -> bool:
    """Whole numbers that would leave a minute to each word if they were seconds: Whisper writes milliseconds."""
    if name.endswith("_ms"):
        return True
    times = [cell for row in rows if (cell := _cell(row, start))]
    if len(times) < 2 or not all(re.fullmatch(r"\d{1,9}", cell) for cell in times):
        return False
    words = sum(len(_cell(row, text).split()) for row in rows)
    return int(times[-1]) - int(times[0]) > 60 * words


def _find(names: Sequence[str], known: frozenset[str]) -> int | None:
    exact = [index for index, name in enumerate(names) if name in known]
    exact.sort(key=lambda index: names[index] in _LESS_SURE)
    loose = [index for index, name in enumerate(names) if known.intersection(name.split("_"))]
    return next(iter(exact or loose), None)


def _by_content(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Without headings: the wordiest column is the text, a column of few recurring short cells the speaker."""
    width = max((len(row) for row in rows), default=0)
    titles = next((i for i, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row) > 1), 0)
    if width < 2 or width > 12:
        return None
    cells = [[_cell(row, column) for row in rows[titles:]] for column in range(width)]
    words = [sum(len(cell.split()) for cell in column) for column in cells]
    text = words.index(max(words))
    speaker = next((c for c in range(width) if c != text and _speaks(cells[c])), None)
    times = [c for c in range(width) if c not in (text, speaker) and _is_time(cells[c])]
    if speaker is None or words[text] <= words[speaker]:
        return None
    return Columns(text, speaker, times[0] if times else None, times[1] if len(times) > 1 else None, titles, titles)


def _speaks(column: Sequence[str]) -> bool:
    values = [cell for cell in column if cell]
    short = all(len(cell) <= 40 and "\n" not in cell for cell in values)
    lettered = any(character.isalpha() for cell in values for character in cell)
    return bool(values) and short and lettered and not _is_time(column) and len(set(values)) <= max(2, len(values) / 2)


def _is_time(column: Sequence[str]) -> bool:
    values = [cell for cell in column if cell]
    return bool(values) and all(to_ms(cell) is not None for cell in values)
