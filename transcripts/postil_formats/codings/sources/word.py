"""Codings in a Word file: comments, a column of codes beside the words, highlights with a legend, reports of NVivo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from postil_base.problem import PostilError
from postil_formats.codings.sources.comments import Known, comment_rows
from postil_formats.codings.sources.headings import find_layout
from postil_formats.codings.sources.margins import margin_rows
from postil_formats.codings.sources.reports import has_references, has_summary, read_references, read_summary
from postil_formats.codings.sources.rows import CodingRow, CodingsTable, laid_out, read_sheets, split_codes
from postil_formats.texts.documents.docx_parts import Paragraph, WordFile, open_word
from postil_formats.texts.documents.word_highlights import Highlight, highlights
from postil_formats.texts.readers import ReadOptions, read_source

Rows = list[list[str]]


def read_word(
    data: bytes,
    name: str,
    *,
    coder: str = "",
    columns: Mapping[str, str] | None = None,
    colors: Mapping[str, str] | None = None,
    known: Known = lambda name: False,
    labels: Sequence[str] = (),
) -> tuple[CodingsTable, ...]:
    """The codings of a .docx file. ``colors``: what the person said of colours; ``known``: whether a name is a code.

    ``labels``: who speaks in the transcript, as was said or found when it was imported.
    """
    file = open_word(data, name)
    lines = [line for paragraph in file.paragraphs for line in paragraph.text.split("\n")]
    if has_references(lines):
        return (read_references(lines, name, coder),)
    if has_summary(flat := _flat(file)):
        return (read_summary(flat, name, coder),)
    made: list[CodingsTable] = []
    tables = [rows for rows in _tables(file) if laid_out("", rows, name, {})[2] is not None]
    if tables:
        sheets = [(f"table {number}", rows) for number, rows in enumerate(tables, 1)]
        made.append(_of_file(read_sheets(sheets, name, coder=coder, columns=columns), name))
    if file.comments:
        comments = comment_rows(read_source(data, name, ReadOptions(labels=tuple(labels))), name, coder, known)
        made += [comments] if comments.segments or comments.warnings else []
    beside = margin_rows(file, name, coder, labels) if not tables else None
    made += [beside] if beside is not None else []
    marked, legend = highlights(data, name)
    meaning = {**legend, **(colors or {})}
    if meaning or (marked and not made):
        made.append(_highlighted(marked, meaning, name, coder))
    elif marked:
        made[0] = replace(made[0], warnings=(*made[0].warnings, f"not read: {_counted(marked)}, without a legend"))
    if not made:
        raise PostilError(
            f"{name} holds no codings: no comments, no column of codes beside the words, no highlights. "
            "If it is a transcript, take it in with postil import."
        )
    return tuple(made)


def _flat(file: WordFile) -> list[str]:
    """The lines of the file, a row of a table in one."""
    lines: list[str] = []
    for block in file.blocks:
        if isinstance(block, Paragraph):
            lines += block.text.split("\n")
            continue
        for row in block:
            cells = [[p.text for p in cell if p.text.strip()] for cell in row]
            filled = [cell for cell in cells if cell]
            lines += filled[0] if len(filled) == 1 else [" ".join(" ".join(cell) for cell in filled)] if filled else []
    return lines


def _tables(file: WordFile) -> Iterable[Rows]:
    """The tables as rows of cells; one that goes on in the next, with as many columns, is one."""
    joined: list[Rows] = []
    for block in file.blocks:
        if isinstance(block, Paragraph):
            continue
        rows = [["\n".join(p.text.strip() for p in cell if p.text.strip()) for cell in row] for row in block]
        rows = [row for row in rows if any(row)]
        if joined and rows and len(rows[0]) == len(joined[-1][0]) and find_layout(rows, "", {}) is None:
            joined[-1] += rows
        elif rows:
            joined.append(rows)
    return joined


def _of_file(table: CodingsTable, name: str) -> CodingsTable:
    """Rows that name no transcript are of the file they stand in."""
    rows = (row if row.transcript or row.participant else replace(row, transcript=name) for row in table.segments)
    return replace(table, segments=tuple(rows))


def _highlighted(marked: Sequence[Highlight], meaning: Mapping[str, str], name: str, coder: str) -> CodingsTable:
    """A row for each stretch in a colour that means a code."""
    wanted = {color.casefold().replace(" ", ""): code for color, code in meaning.items()}
    unknown = [mark for mark in marked if mark.color not in wanted]
    if unknown and not any(mark.color in wanted for mark in marked):
        first = unknown[0].color
        raise PostilError(
            f"{name}: {_counted(unknown)}, and no legend says what the colours mean. Say it with --color "
            f"'{first}=CODE', or write a legend into the file: a line “{first} = CODE” in that colour."
        )
    if not coder:
        raise PostilError(f"{name}: highlights do not say who made them; say whose codings these are with --coder.")
    rows = tuple(
        CodingRow(
            number,
            coder,
            name,
            quote=mark.text.strip(),
            codes=split_codes(wanted[mark.color]),
            prefix=mark.before[-60:],
        )
        for number, mark in enumerate(marked, 1)
        if mark.color in wanted
    )
    legend = ", ".join(f"{color} = {code}" for color, code in wanted.items())
    told = [f"colours: {legend}", *([f"not read: {_counted(unknown)}"] if unknown else [])]
    return CodingsTable(f"{name}, highlights", rows, (), tuple(told))


def _counted(marked: Iterable[Highlight]) -> str:
    counts = Counter(mark.color for mark in marked)
    return f"{counts.total()} highlighted passages ({', '.join(f'{color} {n}' for color, n in counts.items())})"
