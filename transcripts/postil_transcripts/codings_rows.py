"""Rows of codings and of relations in CSV or XLSX files: which column is what, one value a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import get_args

from postil_base.problem import PostilError
from postil_transcripts.types import RelationType

_COLUMNS = {
    "transcript": ("transcript", "document", "interview", "source", "file", "document name", "transcript id"),
    "participant": ("participant", "case", "respondent", "person", "participant id"),
    "coder": ("coder", "rater", "annotator", "user", "owner", "coded by", "author", "reader"),
    "id": ("segment", "id", "segment id", "relation", "relation id", "record"),
    "quote": ("quote", "quotation", "segment text", "text", "coded text", "excerpt", "content", "passage"),
    "codes": ("codes", "code", "labels", "label", "themes"),
    "memo": ("memo", "comment", "note", "notes", "remark"),
    "start": ("start", "begin", "from position", "start position"),
    "end": ("end", "stop", "to position", "end position"),
    "unsure": ("unsure",),
    "from": ("from", "from segment", "source segment"),
    "from_code": ("from code",),
    "to": ("to", "to segment", "target segment"),
    "to_code": ("to code",),
    "type": ("type", "relation type", "kind"),
    "cue": ("cue", "cue text", "wording"),
    "guard": ("guard", "condition"),
}
_MODE = re.compile(r"(.+?)\s*[\[(](affirm|deny|hypothetical|wish|reported)[\])]")


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


@dataclass(frozen=True)
class CodingsTable:
    """All rows of a file."""

    name: str
    segments: tuple[CodingRow, ...] = ()
    relations: tuple[RelationRow, ...] = ()
    warnings: tuple[str, ...] = ()


def read_codings(data: bytes, name: str, *, coder: str = "", encoding: str = "") -> CodingsTable:
    """Read a file of codings or relations; ``coder`` is whose rows they are when no column says so."""
    rows, warnings = _rows(data, name, encoding)
    headings = {_plain(cell): column for column, cell in reversed(list(enumerate(rows[0])))}
    columns = {
        key: next((headings[alias] for alias in names if alias in headings), -1) for key, names in _COLUMNS.items()
    }
    records = [(number, _record(row, columns)) for number, row in enumerate(rows[1:], 2)]
    _check_coder(columns, coder, name)
    if columns["from"] >= 0 and columns["to"] >= 0:
        relations = tuple(_relation(number, record, coder, name) for number, record in records)
        return CodingsTable(name, relations=relations, warnings=warnings)
    if columns["codes"] < 0 or (columns["quote"] < 0 and columns["start"] < 0):
        raise PostilError(
            f"{name}: the first row must name the columns: transcript or participant, coder, segment, quote, codes, "
            f"memo (or from, from_code, to, to_code, type, cue for relations). Found: {', '.join(rows[0])}."
        )
    segments = tuple(_segment(number, record, coder, name) for number, record in records)
    return CodingsTable(name, segments, warnings=warnings)


def _rows(data: bytes, name: str, encoding: str) -> tuple[list[list[str]], tuple[str, ...]]:
    from postil_transcripts.importers.sheets import csv_rows, xlsx_sheets

    suffix = PurePath(name).suffix.lower()
    if suffix == ".xlsx":
        filled = [(title, rows) for title, rows in xlsx_sheets(data, name) if rows]
        if not filled:
            raise PostilError(f"{name} holds no rows; nothing to import.")
        return filled[0][1], tuple(f"the sheet {title!r} was not read" for title, _ in filled[1:])
    if suffix not in (".csv", ".tsv", ".txt"):
        raise PostilError(f"{name}: codings are read from .csv and .xlsx (a row each), .ann and .jsonld files.")
    rows, _, warnings = csv_rows(data, name, encoding)
    return rows, warnings


def _plain(heading: str) -> str:
    return " ".join(heading.lower().replace("_", " ").replace("-", " ").split())


def _record(row: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {key: row[column].strip() if 0 <= column < len(row) else "" for key, column in columns.items()}


def _check_coder(columns: Mapping[str, int], coder: str, name: str) -> None:
    if columns["coder"] < 0 and not coder:
        raise PostilError(f"{name} has no column `coder`; say whose codings these are with --coder.")


def _segment(number: int, record: Mapping[str, str], coder: str, name: str) -> CodingRow:
    start, end = (_position(record[key], number, name) for key in ("start", "end"))
    return CodingRow(
        number,
        record["coder"] or coder,
        record["transcript"],
        record["participant"],
        record["id"],
        _unescaped(record["quote"]),
        split_codes(record["codes"]),
        _unescaped(record["memo"]),
        start,
        end,
        record["unsure"].lower() in ("1", "true", "yes", "x"),
    )


def _relation(number: int, record: Mapping[str, str], coder: str, name: str) -> RelationRow:
    kind = record["type"].lower().replace("_", "-").replace(" ", "-")
    if kind not in get_args(RelationType):
        known = ", ".join(get_args(RelationType))
        raise PostilError(f"{name}, row {number}: {record['type']!r} is no type of relation; known are {known}.")
    return RelationRow(
        number,
        record["coder"] or coder,
        record["from"],
        record["to"],
        kind,
        record["transcript"],
        record["participant"],
        record["id"],
        record["from_code"],
        record["to_code"],
        _unescaped(record["cue"]),
        record["guard"],
        _unescaped(record["memo"]),
    )


def _position(text: str, number: int, name: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise PostilError(f"{name}, row {number}: {text!r} is no position; start and end count characters.")
    return int(text)


def _unescaped(text: str) -> str:
    """Programs put an apostrophe before cells that a spreadsheet would take for a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@", "\t", "\r") else text


def split_codes(text: str) -> tuple[tuple[str, str], ...]:
    """Codes of a cell with their modes: separated by semicolons, bars or line ends; ``code (deny)`` has a mode.

    >>> split_codes("find-ptm; maintenance (deny)")
    (('find-ptm', ''), ('maintenance', 'deny'))
    """
    parts = [part.strip() for part in re.split(r"[;|\n]", text)]
    matches = [(part, _MODE.fullmatch(part)) for part in parts if part]
    return tuple(dict.fromkeys((match[1].strip(), match[2]) if match else (part, "") for part, match in matches))
