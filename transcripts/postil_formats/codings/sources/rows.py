"""Rows of codings and of relations in CSV or XLSX files: which column is what, one value a row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, get_args

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_base.quoting.csv import csv_text, typed_cell
from postil_formats.codings.sources.headings import (
    KEYS,
    LEAVE,
    MODES,
    ColumnLayout,
    applies,
    cell_of,
    find_layout,
    nearly,
    plain,
)
from postil_study.layers.lines import SETTLES
from postil_study.text.values import LayerKind, RelationType

_WORDS = ("quote", "memo", "cue", "guard")
_MODE = re.compile(rf"(.+?)\s*[\[(]({'|'.join(MODES)})[\])]", re.IGNORECASE)
_NEAR_MODE = re.compile(r"(.+?)\s*[\[(]([^\W\d]{4,})[\])]")
_FILE_NUMBER = re.compile(r"\d+(?::\d+)?")


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What a row says of the layer it is from; Postil's own tables do."""

    kind: str = ""
    done: str = ""
    codebook: str = ""
    round: str = ""

    @property
    def ours(self) -> bool:
        """Whether the row is from a table of Postil's, which says all there is to say."""
        return self.kind in get_args(LayerKind)


@dataclass(frozen=True, slots=True)
class CodingRow:
    """A coded segment as the file has it."""

    row: int  # in the file, the heading is 1
    coder: str
    transcript: str = ""
    participant: str = ""
    id: str = ""
    quote: str = ""
    codes: tuple[tuple[str, str], ...] = ()  # code, mode
    memo: str = ""
    start: int | None = None
    end: int | None = None
    unsure: bool = False
    prefix: str = ""  # what stands before and behind the quote, where it stands in several places
    suffix: str = ""
    at: str = ""
    checked: str = ""
    unanchored: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
    layer: LayerFacts = LayerFacts()
    whole: bool = False  # each code is one: a comma in it separates nothing
    program: str = ""  # the program that wrote the codes' names, in which a slash or a bracket is a part of one
    unplaced: str = ""  # why it stands nowhere

    @property
    def is_layer(self) -> bool:
        """A row that stands for a layer without records: somebody read the transcript and found nothing to code."""
        says_something = self.id or self.quote or self.codes or self.memo or self.start is not None
        return self.layer.ours and not says_something


@dataclass(frozen=True, slots=True)
class RelationRow:
    """A relation as the file has it."""

    row: int
    coder: str
    source: str
    target: str
    type: str
    transcript: str = ""
    participant: str = ""
    id: str = ""
    source_code: str = ""
    target_code: str = ""
    cue: str = ""
    guard: str = ""
    memo: str = ""
    mode: str = ""
    cue_at: tuple[int, int] | None = None
    at: str = ""
    unanchored: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
    layer: LayerFacts = LayerFacts()


@dataclass(frozen=True)
class CodingsTable:
    """All rows of a file."""

    name: str
    segments: tuple[CodingRow, ...] = ()
    relations: tuple[RelationRow, ...] = ()
    warnings: tuple[str, ...] = ()


def read_codings(
    data: bytes, name: str, *, coder: str = "", encoding: str = "", columns: Mapping[str, str] | None = None
) -> CodingsTable:
    """Read a file of codings or relations; ``coder`` is whose rows they are when no column says so.

    Of a workbook every sheet is read that has the columns of one or the other. ``columns``: what the person said of
    columns, heading → key of `codings_headings.KEYS` or `LEAVE`.
    """
    sheets, warnings = _sheets(data, name, encoding)
    return read_sheets(sheets, name, coder=coder, columns=columns, warnings=warnings)


def read_sheets(
    sheets: Sequence[tuple[str, Sequence[Sequence[str]]]],
    name: str,
    *,
    coder: str = "",
    columns: Mapping[str, str] | None = None,
    warnings: Sequence[str] = (),
) -> CodingsTable:
    """The same of rows that were read already, title and rows of each sheet."""
    wishes = _wishes(columns or {}, sheets, name)
    tables = [laid_out(title, rows, name, wishes) for title, rows in sheets]
    if not name.lower().endswith((".xlsx", ".xlsm", ".ods", ".docx")):
        _refuse_shifted(tables, name)
    found = [_read(rows, layout, coder, name) for _, rows, layout in tables if layout is not None]
    found = found or [table for _, rows in sheets for table in _by_code(rows, coder, name)]
    if not found:
        listed = ", ".join(cell for cell in sheets[0][1][0][:20])[:500]
        raise PostilError(
            f"{name}: the first row must name the columns: transcript or participant, coder, segment, quote, codes, "
            f"memo (or from, from_code, to, to_code, type, cue for relations). Found: {listed}. Say what one is "
            "with --column HEADING=NAME."
        )
    unread = tuple(f"the sheet {title!r} was not read" for title, _, layout in tables if layout is None)
    return CodingsTable(
        name,
        tuple(row for table in found for row in table.segments),
        tuple(row for table in found for row in table.relations),
        (*warnings, *(warning for table in found for warning in table.warnings), *unread),
    )


def _refuse_shifted(tables: Sequence[tuple[str, Sequence[Sequence[str]], ColumnLayout | None]], name: str) -> None:
    """In a text file a row with more cells than the heading has its cells under the wrong headings."""
    for _, rows, layout in tables:
        if layout is None or layout.heading < 0:
            continue
        width = len(rows[layout.heading])
        for number, row in enumerate(rows[layout.heading + 1 :], layout.heading + 2):
            if any(cell.strip() for cell in row[width:]):
                raise PostilError(
                    f"{name}, row {number}: {counted(len(row), 'cell')}, but the heading has {width}; cells would "
                    "stand under wrong headings. Put quotation marks around a cell that holds the separator, or name "
                    "every column."
                )


def laid_out(
    title: str, rows: Sequence[Sequence[str]], name: str, wishes: Mapping[str, str]
) -> tuple[str, Sequence[Sequence[str]], ColumnLayout | None]:
    """A sheet with its layout, by its headings or, where it has none, by what is in its columns."""
    layout = find_layout(rows, name, wishes)
    if layout is not None:
        return title, rows, layout
    from postil_formats.codings.sources.reports import read_code_columns
    from postil_formats.codings.sources.untitled import with_headings

    headed, told = with_headings(rows) if not read_code_columns(rows, "") else (None, "")
    layout = find_layout(headed, name, wishes) if headed is not None else None
    if headed is None or layout is None:
        return title, rows, None
    return title, rows, replace(layout, heading=-1, program="", told=told)


def _by_code(rows: Sequence[Sequence[str]], coder: str, name: str) -> Iterator[CodingsTable]:
    """A report with a column a code, as QualCoder writes it."""
    from postil_formats.codings.sources.reports import read_code_columns

    made = read_code_columns(rows, coder)
    if made and not coder:
        raise PostilError(f"{name}: a report with a column a code does not say who coded; say it with --coder.")
    if made:
        yield CodingsTable(
            name, made, (), ("read as a report with a column a code, the file on each cell's last line",)
        )


def _wishes(
    columns: Mapping[str, str], sheets: Sequence[tuple[str, Sequence[Sequence[str]]]], name: str
) -> dict[str, str]:
    wishes = {plain(heading): key for heading, key in columns.items()}
    wrong = next((key for key in wishes.values() if key not in (*KEYS, LEAVE)), "")
    if wrong:
        raise PostilError(f"--column: {wrong!r} is no column of codings; known are {', '.join(KEYS)} and {LEAVE}.")
    there = {plain(cell) for _, rows in sheets for row in rows[:10] for cell in row}
    lacking = next((heading for heading in columns if plain(heading) not in there), "")
    if lacking:
        raise PostilError(f"--column: {name} has no column {lacking!r}.")
    return wishes


def _read(rows: Sequence[Sequence[str]], layout: ColumnLayout, coder: str, name: str) -> CodingsTable:
    """The rows of one sheet below its headings."""
    if layout.columns["coder"] < 0 and not coder:
        raise PostilError(f"{name} has no column `coder`; say whose codings these are with --coder.")
    first = layout.heading + 2
    records = [(number, row, _record(row, layout)) for number, row in enumerate(rows[layout.heading + 1 :], first)]
    told = _told(layout)
    if layout.kind == "relations":
        return CodingsTable(name, (), tuple(_relation(n, record, coder, name) for n, _, record in records), told)
    made = [_segment(number, record, _names(row, record, layout), coder, name) for number, row, record in records]
    numbered = not layout.ours and any(_FILE_NUMBER.fullmatch(row.id) for row in made)
    whole = layout.kind == "flags" or layout.ours
    made = [replace(row, whole=whole, program=layout.program) for row in made]
    made = [replace(row, id="") if numbered and layout.program else row for row in made]
    coded = [row for row in made if layout.ours or _says_something(row)]
    if len(coded) < len(made):
        count = len(made) - len(coded)
        told = (*told, f"{count} row{'' if count == 1 else 's'} without a code left out")
    return CodingsTable(name, tuple(coded), (), told)


def _says_something(row: CodingRow) -> bool:
    return bool(row.codes or row.memo or row.unsure)


def _told(layout: ColumnLayout) -> tuple[str, ...]:
    """How a table was read, where that is not plain from its headings."""
    told = [f"read as an export of {layout.program}"] if layout.program else []
    told += [layout.told] if layout.told else []
    if layout.flags:
        told.append(f"a column a code: {', '.join(layout.flags.values())}")
    if layout.heading > 0:
        told.append(f"the {layout.heading} rows above the headings were not read")
    if layout.unused:
        told.append(f"columns not used: {', '.join(layout.unused)}")
    return tuple(told)


def _names(row: Sequence[str], record: Mapping[str, str], layout: ColumnLayout) -> tuple[tuple[str, str], ...]:
    """The codes of a row with their modes; none where a column says that the code does not apply."""
    if layout.columns.get("applied", -1) >= 0 and not applies(record["applied"]):
        return ()
    mode = MODES.get(record["mode"].casefold(), record["mode"])
    if layout.kind == "flags":
        found = [(code, "") for column, code in layout.flags.items() if applies(cell_of(row, column))]
    else:
        found = [use for column in layout.more_codes for use in split_codes(cell_of(row, column))]
        found = [*split_codes(record["codes"]), *found]
    if record["subcode"]:
        found = [(f"{code} > {record['subcode']}", own) for code, own in found]
    return tuple(dict.fromkeys((code, own or mode) for code, own in found))


def _sheets(data: bytes, name: str, encoding: str) -> tuple[list[tuple[str, list[list[str]]]], tuple[str, ...]]:
    from postil_formats.texts.tables.sheets import csv_rows, xlsx_sheets

    suffix = PurePath(name).suffix.lower()
    if suffix == ".xlsx":
        sheets = xlsx_sheets(data, name)
        filled = [(title, [list(map(typed_cell, row)) for row in rows]) for title, rows in sheets if rows]
        if not filled:
            raise PostilError(f"{name} holds no rows; nothing to import.")
        return filled, ()
    if suffix not in (".csv", ".tsv", ".txt"):
        raise PostilError(f"{name}: codings are read from .csv and .xlsx (a row each), .ann and .jsonld files.")
    rows, _, warnings = csv_rows(data, name, encoding)
    return [("", rows)], warnings


def _record(row: Sequence[str], layout: ColumnLayout) -> dict[str, str]:
    """A row by column. Postil's own tables say what kind of layer a row is from; their words are taken as they are."""
    own = layout.columns.get("kind", -1)
    exact = _WORDS if cell_of(row, own) in get_args(LayerKind) else ()
    cells = {key: row[c] if 0 <= c < len(row) else "" for key, c in layout.columns.items()}
    cells = {key: cell if key in exact else cell.strip() for key, cell in cells.items()}
    notes = [cells["memo"], *(cell_of(row, column) for column in layout.memos)]
    return {**dict.fromkeys(KEYS, ""), **cells, "memo": "\n".join(filter(None, notes))}


def _segment(
    number: int, record: Mapping[str, str], codes: tuple[tuple[str, str], ...], coder: str, name: str
) -> CodingRow:
    start, end = (_position(record[key], number, name, record["quote"]) for key in ("start", "end"))
    return CodingRow(
        number,
        _coder(record, coder, number, name),
        record["transcript"],
        record["participant"],
        record["id"],
        csv_text(record["quote"]),
        codes,
        csv_text(record["memo"]),
        start,
        end,
        _yes(record["unsure"]) or record["unsure"].strip("()[] ") == "?",
        csv_text(record["prefix"]),
        csv_text(record["suffix"]),
        record["at"],
        record["checked"],
        _yes(record["unanchored"]),
        _extra(record["extra"]),
        _layer(record),
    )


def _relation(number: int, record: Mapping[str, str], coder: str, name: str) -> RelationRow:
    kind = record["type"].lower().replace("_", "-").replace(" ", "-")
    if kind not in get_args(RelationType):
        known = ", ".join(get_args(RelationType))
        raise PostilError(f"{name}, row {number}: {record['type']!r} is no type of relation; known are {known}.")
    cue = [_position(record[key], number, name) for key in ("cue_start", "cue_end")]
    return RelationRow(
        number,
        _coder(record, coder, number, name),
        record["from"],
        record["to"],
        kind,
        record["transcript"],
        record["participant"],
        record["id"],
        record["from_code"],
        record["to_code"],
        csv_text(record["cue"]),
        csv_text(record["guard"]),
        csv_text(record["memo"]),
        MODES.get(record["mode"].casefold(), record["mode"]),
        None if cue[0] is None or cue[1] is None else (cue[0], cue[1]),
        record["at"],
        _yes(record["unanchored"]),
        _extra(record["extra"]),
        _layer(record),
    )


def _layer(record: Mapping[str, str]) -> LayerFacts:
    return LayerFacts(*(record[key] for key in ("kind", "done", "codebook", "round")))


def _yes(text: str) -> bool:
    return applies(text)


def _extra(text: str) -> dict[str, Any]:
    """Keys of somebody's own and what a consensus settles, which Postil writes as JSON.

    Another program's column of that name is none of ours.
    """
    try:
        found = json.loads(text) if text.startswith("{") else {}
    except ValueError:
        return {}
    settles = found.get(SETTLES)
    kept = {SETTLES: settles} if isinstance(settles, list) and all(isinstance(id_, str) for id_ in settles) else {}
    return {**{key: value for key, value in found.items() if key.startswith("x-")}, **kept}


def _coder(record: Mapping[str, str], coder: str, number: int, name: str) -> str:
    if not (record["coder"] or coder):
        raise PostilError(f"{name}, row {number}: no coder is named; fill the column, or say whose it is with --coder.")
    return record["coder"] or coder


def _position(text: str, number: int, name: str, quote: str = "") -> int | None:
    """A place counted in characters. Where there are words to look for, a clock or a paragraph's number is none."""
    if not text:
        return None
    if quote and not text.isdigit():
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise PostilError(f"{name}, row {number}: {text!r} is no position; start and end count characters.")
    return int(text)


def split_codes(text: str) -> tuple[tuple[str, str], ...]:
    """Codes of a cell with their modes: separated by semicolons, bars or line ends; ``code (deny)`` has a mode.

    What holds a comma is left as it is: whether that is one code or several, the codebook or a person has to say.

    >>> split_codes("find-ptm; maintenance (deny)")
    (('find-ptm', ''), ('maintenance', 'deny'))
    """
    hashed = re.fullmatch(r"(?:#[^\s#]+[\s,]*){2,}", text.strip())
    parts = [part.strip(" ,") for part in re.split(r"[;|\n]" if not hashed else r"\s*(?=#)", text)]
    return tuple(dict.fromkeys((part, "") if "," in part else mode_of(part) for part in parts if part))


def mode_of(name: str) -> tuple[str, str]:
    """A code's name and the mode that stands behind it, if one does."""
    match = _MODE.fullmatch(name)
    if match:
        return match[1].strip(), MODES[match[2].casefold()]
    near = _NEAR_MODE.fullmatch(name)
    if near and any(near[2][0].casefold() == mode[0] and nearly(near[2].casefold(), mode) for mode in MODES):
        return near[1].strip(), near[2]  # no mode, but meant as one: the row is listed
    return name, ""
