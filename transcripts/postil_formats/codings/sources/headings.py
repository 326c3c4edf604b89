"""Which column of a table of codings is what: by its heading, in the words of the programs and languages people use.

A heading that nearly is a known one is a question, and every other column that holds something and is not used is
named: a mode that went unread would turn a denial into an affirmation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from postil_base.problem import PostilError
from postil_formats.codings.sources.columns import OWN_KEYS, RELATION_KEYS, SEGMENT_KEYS

Rows = Sequence[Sequence[str]]
Kind = Literal["segments", "flags", "relations"]

KEYS = tuple(dict.fromkeys((*SEGMENT_KEYS, *OWN_KEYS, *RELATION_KEYS)))
LEAVE = "-"  # what a person says of a column that is not to be read
_OWN_EXTRAS = frozenset(("turn", "speaker", "code label", "code path", "stated"))
_LAYER_KINDS = frozenset(("coder", "consensus", "source", "guide"))
YES = frozenset(("1", "x", "true", "yes", "y", "ja", "j", "wahr", "✓", "✔", "☑", "sí", "si", "oui", "sim", "vero"))
NO = frozenset(("", "0", "-", "–", "false", "no", "n", "nein", "falsch", "non", "não", "falso", "faux"))
_MORE_CODES = re.compile(r"(?:code|codes|kode|tag|theme|label|category|kategorie|código)s? ?#?\d{1,2}")
_DEDOOSE = re.compile(r"code: (.+?) (applied|range|weight)", re.IGNORECASE)
_PARAGRAPHS = (
    "document group",
    "dokumentgruppe",
    "weight score",
    "weight",
    "gewicht",
    "coverage %",
    "abdeckungsgrad %",
)
_POLARITY = frozenset(  # columns that would tell a denial, in words other than those of modes
    [
        "polarity",
        "negated",
        "negation",
        "denied",
        "denial",
        "affirmed",
        "negative",
        "modality",
        "stated",
        "polarität",
        "verneint",
        "verneinung",
        "negiert",
        "modalität",
        "polaridad",
        "negado",
        "negación",
        "modalidad",
        "polarité",
        "négation",
        "modalité",
    ]
)
_NO_CODES = frozenset(  # columns of figures in the tables of programs and people
    [
        "reference",
        "references",
        "coverage",
        "number",
        "no",
        "nr",
        "id",
        "row",
        "count",
        "weight",
        "line",
        "page",
        "paragraph",
        "turn",
        "rank",
        "density",
        "depth",
        "frequency",
        "words",
        "referencia",
        "referenz",
        "referenzen",
        "anzahl",
        "zeile",
        "seite",
        "absatz",
        "nummer",
    ]
)
_NEAR_LONG = 7  # headings of so many letters may differ in two
MODES: Mapping[str, str] = {
    form: mode
    for mode, forms in {
        "affirm": ("affirm", "affirmed", "affirms", "affirmation", "bejaht", "afirmado", "affirmé"),
        "deny": (
            *("deny", "denied", "denies", "denial", "negated", "negation", "verneint", "verneinung", "negiert"),
            *("negado", "negación", "nié", "négation", "negato", "ontkend"),
        ),
        "hypothetical": ("hypothetical", "hypothetisch", "hipotético", "hypothétique", "ipotetico"),
        "wish": ("wish", "wished", "wishes", "gewünscht", "deseado", "souhaité"),
        "reported": ("reported", "report", "reports", "berichtet", "rapporté"),
    }.items()
    for form in forms
}


@dataclass(frozen=True)
class ColumnLayout:
    """What the columns of a table are."""

    kind: Kind
    columns: Mapping[str, int]  # key → column; -1 for none
    heading: int  # the row of the headings
    flags: Mapping[int, str] = field(default_factory=dict)  # column → code, for tables with a column a code
    more_codes: tuple[int, ...] = ()
    memos: tuple[int, ...] = ()  # further columns of notes
    program: str = ""
    unused: tuple[str, ...] = ()
    ours: bool = False
    told: str = ""  # how the columns were found, where they have no headings


def plain(heading: str) -> str:
    """A heading without case, underscores, hyphens and what ends it.

    >>> plain(" Document_name: ")
    'document name'
    """
    return " ".join(re.sub(r"[_\-\s]+", " ", heading.replace("\ufeff", "").casefold()).strip(" :*").split())


def is_flag(cell: str) -> bool:
    """Whether a cell says whether a code applies, and no more."""
    return _bare(cell) in YES or _bare(cell) in NO


def applies(cell: str) -> bool:
    """Whether a cell says that a code applies."""
    return _bare(cell) in YES


def _bare(cell: str) -> str:
    return re.sub(r"^([01])[.,]0+$", r"\1", cell.strip().casefold())


def find_layout(rows: Rows, name: str, wishes: Mapping[str, str] | None = None) -> ColumnLayout | None:
    """The layout of a table, by the first row that names its columns; None if none does.

    ``wishes``: what the person said of columns, heading (as `plain` makes it) → key or `LEAVE`.
    """
    for number, row in enumerate(rows[:10]):
        found = _layout(row, rows[number + 1 :], number, name, wishes or {})
        if found is not None:
            return found
    return None


def _layout(
    heading: Sequence[str], body: Rows, number: int, name: str, wishes: Mapping[str, str]
) -> ColumnLayout | None:
    names = [plain(cell) for cell in heading]
    said = {column: wishes[text] for column, text in enumerate(names) if text in wishes}
    free = {column: text for column, text in enumerate(names) if column not in said}
    relations = _matched(RELATION_KEYS, free, said)
    if relations["from"] >= 0 and relations["to"] >= 0:
        made = ColumnLayout("relations", {**_matched(OWN_KEYS, free, said), **relations}, number)
        return _checked(made, heading, names, body, said, name)
    columns = {**_matched(OWN_KEYS, free, said), **_matched(SEGMENT_KEYS, free, said)}
    ours = _is_ours(columns, body)
    if not ours:
        columns |= dict.fromkeys(OWN_KEYS, -1)
    if columns["codes"] < 0 and {"name", "coded text"} <= set(names):  # NVivo's references by code
        columns = {**columns, "codes": names.index("name")}
    columns = _words_by_content(columns, names, body)
    if not all(is_flag(cell_of(row, columns["applied"])) for row in body):
        columns = {**columns, "applied": -1}
    if columns["quote"] < 0 and columns["start"] < 0:
        return None
    segments = _segments(columns, names, heading, body, number, said, ours)
    return _checked(segments, heading, names, body, said, name) if segments is not None else None


def _segments(
    columns: dict[str, int],
    names: Sequence[str],
    heading: Sequence[str],
    body: Rows,
    number: int,
    said: Mapping[int, str],
    ours: bool,
) -> ColumnLayout | None:
    """A table of segments: with a column of codes, or with a column a code."""
    dedoose = {c: m[1] for c, cell in enumerate(heading) if (m := _DEDOOSE.fullmatch(cell.strip())) and _applied(m)}
    program = "Dedoose" if dedoose else _program(names)
    if program == "MAXQDA" or columns["start"] < 0 or columns["end"] < 0:  # MAXQDA counts paragraphs
        columns = {**columns, "start": -1, "end": -1}
    if dedoose:
        return ColumnLayout("flags", {**columns, "codes": -1}, number, dedoose, program=program)
    used = {column for column in columns.values() if column >= 0}
    more = tuple(c for c, text in enumerate(names) if c not in used and c not in said and _MORE_CODES.fullmatch(text))
    memos = tuple(c for c, t in enumerate(names) if c not in used and c not in said and t in SEGMENT_KEYS["memo"])
    if columns["codes"] >= 0 or more:
        return ColumnLayout("segments", columns, number, {}, more, memos, program, ours=ours)
    columns = _flags_for_keys(columns, body)
    used = {column for column in columns.values() if column >= 0}
    flags = {c: heading[c].strip() for c in _flag_columns(names, body) if c not in used and c not in said}
    return ColumnLayout("flags", columns, number, flags, memos=memos, program=program) if flags else None


def _applied(match: re.Match[str]) -> bool:
    return match[2].lower() == "applied"


def _matched(keys: Mapping[str, tuple[str, ...]], free: Mapping[int, str], said: Mapping[int, str]) -> dict[str, int]:
    """For each key its column: what the person said, else the first of its names that is there."""
    first: dict[str, int] = {}
    for column, text in free.items():
        first.setdefault(text, column)
    told = {key: column for column, key in said.items()}
    taken = set(told.values())
    found: dict[str, int] = {}
    for key, aliases in keys.items():
        match = told.get(key, next((first[a] for a in aliases if a in first and first[a] not in taken), -1))
        found[key] = match
        taken.add(match)
    return found


def _is_ours(columns: Mapping[str, int], body: Rows) -> bool:
    kinds = {cell for row in body if (cell := cell_of(row, columns["kind"]))}
    return bool(kinds) and kinds <= _LAYER_KINDS


def cell_of(row: Sequence[str], column: int) -> str:
    """A cell, stripped; nothing when there is none."""
    return row[column].strip() if 0 <= column < len(row) else ""


def _words_by_content(columns: dict[str, int], names: Sequence[str], body: Rows) -> dict[str, int]:
    """Without a column of words: one called "segment" or "transcript" that holds sentences is it."""
    if columns["quote"] >= 0:
        return columns
    for key in ("id", "transcript"):
        column = columns[key]
        if column >= 0 and _is_wordy([cell_of(row, column) for row in body]):
            return {**columns, key: -1, "quote": column}
    return columns


def _is_wordy(cells: Iterable[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(len(cell.split()) for cell in filled) >= 3 * len(filled)


def _flags_for_keys(columns: dict[str, int], body: Rows) -> dict[str, int]:
    """In a table with a column a code, a code may be called "note": its cells tell."""
    freed = {}
    for key in ("memo", "mode"):
        cells = {_bare(cell_of(row, columns[key])) for row in body} if columns[key] >= 0 else set()
        if {"0", "1"} <= cells and cells <= YES | NO:
            freed[key] = -1
    return {**columns, **freed}


def _flag_columns(names: Sequence[str], body: Rows) -> list[int]:
    """Columns with nothing but signs for yes and no in them, and at least one sign."""
    found = []
    for column, text in enumerate(names):
        cells = [cell_of(row, column) for row in body]
        if text and text not in _NO_CODES and any(cells) and all(map(is_flag, cells)):
            found.append(column)
    return found


def _program(names: Sequence[str]) -> str:
    """The program whose export this is, as far as its headings tell."""
    there = frozenset(names)
    if {"id", "document", "tag", "content"} <= there:
        return "Taguette"
    if ("segment" in there or "segmento" in there) and there.intersection((*_PARAGRAPHS, "coverage", "area", "fläche")):
        return "MAXQDA"
    if there & {"quotation content", "quotation name", "text content"}:
        return "ATLAS.ti"
    if {"doc name", "code name", "segment text"} <= there:
        return "requal"
    return ""


def _checked(
    made: ColumnLayout, heading: Sequence[str], names: Sequence[str], body: Rows, said: Mapping[int, str], name: str
) -> ColumnLayout:
    """The layout with its unused columns named; a heading that nearly is a known one is refused."""
    from dataclasses import replace

    used = {c for c in (*made.columns.values(), *made.flags, *made.more_codes, *made.memos) if c >= 0}
    used |= {column for column, key in said.items() if key == LEAVE}
    width = max((len(names), *map(len, body)))
    unused = []
    for column in range(width):
        cells = [cell_of(row, column) for row in body]
        if column in used or not any(cells) or _is_count(names, column, cells):
            continue
        text = names[column] if column < len(names) else ""
        if made.ours and text in _OWN_EXTRAS:
            continue
        if text:
            _refuse_near(text, heading[column].strip(), cells, made, name)
        if text and made.kind == "flags" and not made.program and text not in _NO_CODES:
            _refuse_half_flags(heading[column].strip(), cells, name)
        unused.append(repr(heading[column].strip()) if text else f"column {column + 1}, which has no heading")
    return replace(made, unused=tuple(unused))


def _is_count(names: Sequence[str], column: int, cells: Sequence[str]) -> bool:
    """The first column without a heading that R and pandas write: the rows' numbers."""
    no_heading = column == 0 and (not names[0] or names[0] == "unnamed: 0")
    return no_heading and all(cell.isdigit() for cell in cells if cell)


def _refuse_near(text: str, written: str, cells: Sequence[str], made: ColumnLayout, name: str) -> None:
    keys = RELATION_KEYS if made.kind == "relations" else SEGMENT_KEYS
    missing = {key: aliases for key, aliases in keys.items() if made.columns.get(key, -1) < 0}
    if made.kind == "flags" or made.more_codes:
        missing.pop("codes", None)
    if made.columns.get("quote", -1) >= 0:  # words find their place without numbers
        missing = {key: aliases for key, aliases in missing.items() if key not in ("start", "end")}
    near = next((key for key, aliases in missing.items() if any(nearly(text, a) for a in aliases)), "")
    values = {cell.casefold() for cell in cells if cell}
    tells = text in _POLARITY or (bool(values) and values <= MODES.keys())
    if not near and made.columns.get("mode", -1) < 0 and tells:
        near = "mode"
    if near:
        raise PostilError(
            f"{name}: the column {written!r} is not known; is it {near!r}? Say --column '{written}={near}' if it is, "
            f"--column '{written}={LEAVE}' to leave it out, or correct the heading. Nothing was written."
        )


def _refuse_half_flags(written: str, cells: Sequence[str], name: str) -> None:
    """In a table with a column a code, a column of signs for yes and no with others among them is a question."""
    filled = [cell for cell in cells if cell]
    strange = [cell for cell in filled if not is_flag(cell)]
    if strange and 2 * len(strange) <= len(filled) and all(len(cell) <= len("maybe") for cell in filled):
        raise PostilError(
            f"{name}: the column {written!r} may be a code, but {strange[0]!r} says neither yes nor no. Write 1 or 0 "
            f"(or nothing), or say --column '{written}={LEAVE}' to leave the column out. Nothing was written."
        )


def nearly(one: str, other: str) -> bool:
    """Whether two headings differ in a letter or two: left out, put in, another, or changed places.

    >>> nearly("mod", "mode"), nearly("qoute", "quote"), nearly("date", "note"), nearly("transcirpt", "transcript")
    (True, True, False, True)
    """
    allowed = 2 if min(len(one), len(other)) >= _NEAR_LONG else 1
    if one == other or abs(len(one) - len(other)) > allowed or min(len(one), len(other)) < 3:
        return False
    return _distance(one, other) <= allowed


def _distance(one: str, other: str) -> int:
    """Edit distance in which two neighbours that changed places count once (Damerau 1964, restricted)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if before and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
