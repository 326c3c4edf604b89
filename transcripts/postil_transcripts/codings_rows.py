"""Rows of codings and of relations in CSV or XLSX files: which column is what, one value a row."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, get_args

from postil_base.problem import PostilError
from postil_base.quoting.csv import csv_text
from postil_transcripts.types import LayerKind, RelationType

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
    "mode": ("mode",),
    "kind": ("kind",),
    "done": ("done",),
    "codebook": ("codebook",),
    "round": ("round",),
    "prefix": ("before", "prefix"),
    "suffix": ("after", "suffix"),
    "at": ("at",),
    "checked": ("checked",),
    "unanchored": ("unanchored",),
    "extra": ("extra",),
    "cue_start": ("cue start",),
    "cue_end": ("cue end",),
    "type": ("type", "relation type", "kind"),
    "cue": ("cue", "cue text", "wording"),
    "guard": ("guard", "condition"),
}
_WORDS = ("quote", "memo", "cue", "guard")
_MODE = re.compile(r"(.+?)\s*[\[(](affirm|deny|hypothetical|wish|reported)[\])]")


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


def read_codings(data: bytes, name: str, *, coder: str = "", encoding: str = "") -> CodingsTable:
    """Read a file of codings or relations; ``coder`` is whose rows they are when no column says so.

    Of a workbook every sheet is read that has the columns of one or the other.
    """
    sheets, warnings = _sheets(data, name, encoding)
    segments: list[CodingRow] = []
    relations: list[RelationRow] = []
    unread = []
    for title, rows in sheets:
        columns = _columns(rows[0])
        records = [(number, _record(row, columns)) for number, row in enumerate(rows[1:], 2)]
        if columns["from"] >= 0 and columns["to"] >= 0:
            _check_coder(columns, coder, name)
            relations += [_relation(number, record, coder, name) for number, record in records]
        elif columns["codes"] >= 0 and (columns["quote"] >= 0 or columns["start"] >= 0):
            _check_coder(columns, coder, name)
            segments += [_segment(number, record, coder, name) for number, record in records]
        else:
            unread.append(title)
    if len(unread) == len(sheets):
        found = ", ".join(sheets[0][1][0][:20])[:500]
        raise PostilError(
            f"{name}: the first row must name the columns: transcript or participant, coder, segment, quote, codes, "
            f"memo (or from, from_code, to, to_code, type, cue for relations). Found: {found}."
        )
    told = (*warnings, *(f"the sheet {title!r} was not read" for title in unread))
    return CodingsTable(name, tuple(segments), tuple(relations), told)


def _columns(heading: Sequence[str]) -> dict[str, int]:
    found = {_plain(cell): column for column, cell in reversed(list(enumerate(heading)))}
    return {key: next((found[alias] for alias in names if alias in found), -1) for key, names in _COLUMNS.items()}


def _sheets(data: bytes, name: str, encoding: str) -> tuple[list[tuple[str, list[list[str]]]], tuple[str, ...]]:
    from postil_transcripts.importers.sheets import csv_rows, xlsx_sheets

    suffix = PurePath(name).suffix.lower()
    if suffix == ".xlsx":
        filled = [(title, rows) for title, rows in xlsx_sheets(data, name) if rows]
        if not filled:
            raise PostilError(f"{name} holds no rows; nothing to import.")
        return filled, ()
    if suffix not in (".csv", ".tsv", ".txt"):
        raise PostilError(f"{name}: codings are read from .csv and .xlsx (a row each), .ann and .jsonld files.")
    rows, _, warnings = csv_rows(data, name, encoding)
    return [("", rows)], warnings


def _plain(heading: str) -> str:
    return " ".join(heading.lower().replace("_", " ").replace("-", " ").split())


def _record(row: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    """A row by column. Postil's own tables say what kind of layer a row is from; their words are taken as they are."""
    cells = {key: row[column] if 0 <= column < len(row) else "" for key, column in columns.items()}
    exact = _WORDS if cells["kind"] in get_args(LayerKind) else ()
    return {key: cell if key in exact else cell.strip() for key, cell in cells.items()}


def _check_coder(columns: Mapping[str, int], coder: str, name: str) -> None:
    if columns["coder"] < 0 and not coder:
        raise PostilError(f"{name} has no column `coder`; say whose codings these are with --coder.")


def _segment(number: int, record: Mapping[str, str], coder: str, name: str) -> CodingRow:
    start, end = (_position(record[key], number, name) for key in ("start", "end"))
    mode = record["mode"].lower()
    codes = tuple((code, own or mode) for code, own in split_codes(record["codes"]))
    return CodingRow(
        number,
        record["coder"] or coder,
        record["transcript"],
        record["participant"],
        record["id"],
        csv_text(record["quote"]),
        codes,
        csv_text(record["memo"]),
        start,
        end,
        _yes(record["unsure"]),
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
        record["coder"] or coder,
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
        record["mode"].lower(),
        None if cue[0] is None or cue[1] is None else (cue[0], cue[1]),
        record["at"],
        _yes(record["unanchored"]),
        _extra(record["extra"]),
        _layer(record),
    )


def _layer(record: Mapping[str, str]) -> LayerFacts:
    return LayerFacts(*(record[key] for key in ("kind", "done", "codebook", "round")))


def _yes(text: str) -> bool:
    return text.lower() in ("1", "true", "yes", "x")


def _extra(text: str) -> dict[str, Any]:
    """Keys of somebody's own, which Postil writes as JSON; another program's column of that name is none of ours."""
    try:
        found = json.loads(text) if text.startswith("{") else {}
    except ValueError:
        return {}
    return {key: value for key, value in found.items() if key.startswith("x-")}


def _position(text: str, number: int, name: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise PostilError(f"{name}, row {number}: {text!r} is no position; start and end count characters.")
    return int(text)


def split_codes(text: str) -> tuple[tuple[str, str], ...]:
    """Codes of a cell with their modes: separated by semicolons, bars or line ends; ``code (deny)`` has a mode.

    >>> split_codes("find-ptm; maintenance (deny)")
    (('find-ptm', ''), ('maintenance', 'deny'))
    """
    parts = [part.strip() for part in re.split(r"[;|\n]", text)]
    matches = [(part, _MODE.fullmatch(part)) for part in parts if part]
    return tuple(dict.fromkeys((match[1].strip(), match[2]) if match else (part, "") for part, match in matches))
