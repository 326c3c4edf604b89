"""Codebooks in tables: label, definition, include, exclude, example; parents by column, indent, level, dot or path."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from postil_base.problem import PostilError
from postil_base.quoting.csv import csv_text
from postil_formats.codebooks.entries import BookRead, CodebookEntry, codebook_of
from postil_formats.codings.codes import code_parts
from postil_formats.codings.sources.headings import LEAVE, cell_of, nearly, plain

Rows = Sequence[Sequence[str]]

KEYS: Mapping[str, tuple[str, ...]] = {
    "label": (
        *("label", "code name", "codename", "code label", "name", "code", "tag", "node", "title", "codes", "kode"),
        *("kodename", "kategorie", "código", "subcategory", "category", "theme", "thema", "bezeichnung", "merkmal"),
    ),
    "id": ("id", "code id", "short name", "abbreviation", "kürzel"),
    "parent": (
        *("parent", "parent code", "parent id", "parent name", "parent category", "category", "main category", "theme"),
        *(
            "código padre",
            "codigo padre",
            "categoría",
            "categoria",
            "catégorie",
            "code parent",
            "obercode",
            "oberkategorie",
            "überkategorie",
            "hauptkategorie",
        ),
        *("kategorie", "dimension", "supercode", "category name", "belongs to", "main code", "code group", "group"),
    ),
    "subcode": ("subcode", "sub code", "child code", "untercode", "unterkategorie", "subcategory", "child"),
    "level": ("level", "depth", "ebene", "hierarchy level"),
    "definition": (
        *("definition", "description", "code description", "meaning", "def", "explanation", "beschreibung"),
        *("bedeutung", "erläuterung", "erklärung", "definición", "descripción", "définition", "definizione"),
    ),
    "include": (
        *("include", "inclusion criteria", "inclusion", "includes", "when to use", "use when", "use it when"),
        *("coding rule", "coding rules", "kodierregel", "kodierregeln", "codierregel", "codierregeln", "einschluss"),
        *("einschlusskriterien", "inclusion criterion", "use"),
    ),
    "exclude": (
        *("exclude", "exclusion criteria", "exclusion", "excludes", "when not to use", "do not use", "not when"),
        *("ausschluss", "ausschlusskriterien", "abgrenzung", "exclusion criterion", "do not use when"),
    ),
    "examples": (
        *("examples", "example", "typical example", "example quote", "anchor example", "quote", "quotes", "exemplar"),
        *(
            "ankerbeispiel",
            "ankerbeispiele",
            "beispiel",
            "beispiele",
            "ejemplo",
            "ejemplos",
            "exemple",
            "example quotation",
        ),
        *("cita de ejemplo", "ejemplo ancla", "exemples", "esempio", "voorbeeld"),
    ),
    "memo": (
        "memo",
        "code memo",
        "codememo",
        "note",
        "notes",
        "comment",
        "comments",
        "kommentar",
        "notiz",
        "bemerkung",
        "anmerkung",
    ),
    "origin": ("origin",),
    "color": ("color", "colour", "code color", "code colour", "farbe"),
    "codable": ("codable",),
}
_OURS = frozenset(("code", "path", "parent", "label", "codable"))
_DERIVED = frozenset(("path", "segments", "transcripts", "description"))  # in Postil's own table: nothing of their own
_INDENT = re.compile(r"[\s\u00a0]*(?:[-–•*>·]+\s+)?")
_NUMBERED = re.compile(r"((?:\d+\.)*\d+)\.?\s+(\S.*)")
_LEVELS = re.compile(r"(?:level|ebene|code|category|stufe|nivel|niveau) ?(\d)")
_STEPS = (  # columns of the levels of a tree, by name
    ("hauptkategorie", "subkategorie", "subsubkategorie"),
    ("main category", "subcategory", "sub subcategory"),
    ("kategorie", "unterkategorie", "unterunterkategorie"),
    ("categoría principal", "subcategoría", "subsubcategoría"),
)
_NUMBERS = frozenset(("nr", "no", "number", "nummer", "code number", "número", "numéro", "#"))
_COLOR = re.compile(r"[a-z]{3,20}|#[0-9a-f]{6}")
_RGB = re.compile(r"rgb\s*\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")


def read_book_rows(rows: Rows, file: str, columns: Mapping[str, str] | None = None) -> BookRead:
    """The codebook in a table; ``columns``: what the person said of columns, heading → key or `LEAVE`."""
    filled = [list(row) for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        raise PostilError(f"{file} holds no codes; nothing was written.")
    wishes = {plain(heading): key for heading, key in (columns or {}).items()}
    wrong = next((key for key in wishes.values() if key not in (*KEYS, LEAVE)), "")
    if wrong:
        raise PostilError(f"--column: {wrong!r} is no column of codebooks; known are {', '.join(KEYS)} and {LEAVE}.")
    for number, row in enumerate(filled[:10]):
        found = _columns([plain(cell) for cell in row], wishes)
        if found is not None:
            return _with_headings(filled, number, found, file, wishes)
    return _without_headings(filled, file)


def _columns(names: Sequence[str], wishes: Mapping[str, str]) -> dict[str, int] | None:
    """The column of each key; None for a row that names no columns."""
    told = {wishes[name]: column for column, name in enumerate(names) if name in wishes}
    free = {name: column for column, name in reversed(list(enumerate(names))) if name not in wishes}
    if free.keys() >= _OURS:  # Postil's own table
        told = {"id": free["code"], "label": free["label"], "parent": free["parent"]} | told
    taken = set(told.values())
    found: dict[str, int] = {}
    for key, aliases in KEYS.items():
        match = told.get(key, next((free[a] for a in aliases if a in free and free[a] not in taken), -1))
        found[key] = match
        taken.add(match)
    named = [key for key, column in found.items() if column >= 0]
    if found["label"] < 0:
        return found if named and _levels(names) else None
    return found if len(named) > 1 or len(names) == 1 or _levels(names) else None


def _levels(names: Sequence[str]) -> list[int]:
    """Columns of their own for each level of the tree."""
    found = sorted((match[1], c) for c, name in enumerate(names) if (match := _LEVELS.fullmatch(name)))
    steps = next((steps for steps in _STEPS if set(steps) <= set(names)), ())
    return [column for _, column in found] if len(found) > 1 else [names.index(step) for step in steps]


def _stairs(label: int, names: Sequence[str], body: Rows) -> list[int]:
    """The column of names and those at its right without headings, where each row has a name in one of them."""
    columns = [label]
    for column in range(label + 1, len(names)):
        if names[column]:
            break
        columns.append(column)
    used = [column for column in columns if any(cell_of(row, column) for row in body)]
    one = all(sum(bool(cell_of(row, column)) for column in used) == 1 for row in body)
    return used if len(used) > 1 and used[0] == label and one else []


def _with_numbers(names: Sequence[str], body: Sequence[tuple[int, Sequence[str]]], label: int) -> int:
    """The column of numbers in the tree (1, 1.1) beside the names; -1 for none."""
    for column, name in enumerate(names):
        cells = [cell_of(row, column) for _, row in body]
        if name.rstrip(".") not in _NUMBERS or column == label:
            continue
        if all(re.fullmatch(r"\d+(\.\d+)*\.?", cell) for cell in cells):
            return column if any("." in cell.rstrip(".") for cell in cells) and len(set(cells)) == len(cells) else -1
    return -1


def _with_headings(
    rows: Sequence[Sequence[str]], heading: int, columns: dict[str, int], file: str, wishes: Mapping[str, str]
) -> BookRead:
    names = [plain(cell) for cell in rows[heading]]
    body = list(enumerate(rows[heading + 1 :], heading + 2))
    levels = _levels(names) or ([columns["label"], columns["subcode"]] if columns["subcode"] >= 0 else [])
    ours = set(names) >= _OURS
    levels = levels or (_stairs(columns["label"], names, [row for _, row in body]) if columns["label"] >= 0 else [])
    numbers = _with_numbers(names, body, columns["label"]) if not levels and columns["parent"] < 0 else -1
    if numbers >= 0:
        body = [(n, _numbered_row(row, columns["label"], numbers)) for n, row in body]
    used = {*columns.values(), *levels, numbers, *(c for c, name in enumerate(names) if ours and name in _DERIVED)}
    told = _unused(names, rows[heading], [row for _, row in body], used, file, wishes, columns)
    told += _unparented(body, columns)
    if columns["definition"] < 0 and columns["memo"] >= 0:  # MAXQDA keeps definitions in the memos of codes
        columns = {**columns, "definition": columns["memo"], "memo": -1}
        told = [*told, "no column of definitions; the notes of the codes are read as such"]
    strange = {cell for _, row in body if (cell := cell_of(row, columns["color"])) and not _color(cell)}
    if strange:
        told = [*told, f"colours not kept: {', '.join(sorted(strange)[:5])}"]
    entries: list[CodebookEntry] = []
    path: list[str] = []
    numbered = _all_numbered([cell_of(row, columns["label"]) for _, row in body])
    for number, row in body:
        if levels:
            entry = _by_levels(number, row, columns, levels, path)
        else:
            entry = _own_entry(number, row, columns) if ours else _entry(number, row, columns, numbered)
        entries += [entry] if entry is not None else []
    return codebook_of(entries, file, warnings=told)


def _numbered_row(row: Sequence[str], label: int, counted: int) -> list[str]:
    """A row whose name begins with its number."""
    number = cell_of(row, counted).rstrip(".")
    return [f"{number} {cell.strip()}" if column == label else cell for column, cell in enumerate(row)]


def _unparented(body: Sequence[tuple[int, Sequence[str]]], columns: Mapping[str, int]) -> list[str]:
    """Names without a parent below one with a parent that has no row of its own: its cell may have been merged."""
    names = {cell_of(row, columns["label"]) for _, row in body}
    found, above = [], ""
    for number, row in body if columns["parent"] >= 0 and columns["subcode"] < 0 else ():
        name, parent = cell_of(row, columns["label"]), cell_of(row, columns["parent"])
        if name and not parent and above and above not in names:
            found.append(f"{name!r} (row {number})")
        above = parent or above
    if not found:
        return []
    return [f"no parent is given, so at the top: {', '.join(found[:8])}; if its cell was merged, fill it in each row"]


def _entry(number: int, row: Sequence[str], columns: Mapping[str, int], numbered: bool) -> CodebookEntry | None:
    raw = row[columns["label"]] if columns["label"] < len(row) else ""
    name, parent = raw.strip(), cell_of(row, columns["parent"])
    depth: int | None = len(raw.expandtabs(4)) - len(raw.expandtabs(4).lstrip(" \u00a0"))
    match = _NUMBERED.fullmatch(name) if numbered else None
    bullet = _INDENT.match(name)
    if match is not None:
        depth, name = match[1].count("."), match[2]
    elif bullet is not None and bullet[0].strip():
        depth, name = (depth or 0) + len(bullet[0].strip()), name[bullet.end() :]
    level = cell_of(row, columns["level"])
    depth = int(level) if level.isdigit() and len(level) < 4 else depth
    if not name:
        return None
    parts = code_parts(name)
    if len(parts) > 1:
        name, parent = parts[-1], parent or parts[-2]
    own = cell_of(row, columns["id"])
    return CodebookEntry(
        number, name, own, parent, depth, _texts(row, columns), _examples(row, columns), _codable(row, columns)
    )


def _own_entry(number: int, row: Sequence[str], columns: Mapping[str, int]) -> CodebookEntry | None:
    """A row of Postil's own table, whose labels are taken as they are."""
    name, own = csv_text(cell_of(row, columns["label"])), cell_of(row, columns["id"])
    if not own:
        return None
    texts, examples = _texts(row, columns), _examples(row, columns)
    return CodebookEntry(
        number, name or own, own, cell_of(row, columns["parent"]), None, texts, examples, _codable(row, columns)
    )


def _by_levels(
    number: int, row: Sequence[str], columns: Mapping[str, int], levels: Sequence[int], path: list[str]
) -> CodebookEntry | None:
    """A row with a column for each level: what is left empty stands further up."""
    cells = [cell_of(row, column) for column in levels]
    deepest = max((level for level, cell in enumerate(cells) if cell), default=-1)
    if deepest < 0:
        return None
    path[:] = [cell or (path[level] if level < len(path) else "") for level, cell in enumerate(cells[: deepest + 1])]
    parent = path[deepest - 1] if deepest else ""
    return CodebookEntry(number, cells[deepest], "", parent, None, _texts(row, columns), _examples(row, columns))


def _texts(row: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    texts = {k: csv_text(cell_of(row, columns[k])) for k in ("definition", "include", "exclude", "memo", "origin")}
    color = _color(cell_of(row, columns["color"]))
    return texts | ({"color": color} if color else {})


def _color(cell: str) -> str:
    """A colour as the codebook has it: a name or ``#rrggbb``; nothing for what is neither.

    >>> _color("Blue"), _color("rgb(255, 128, 0)"), _color("●")
    ('blue', '#ff8000', '')
    """
    text = cell.lower()
    if (rgb := _RGB.fullmatch(text)) is not None and all(int(part) < 256 for part in rgb.groups()):
        return "#" + "".join(f"{int(part):02x}" for part in rgb.groups())
    return text if _COLOR.fullmatch(text) else ""


def _examples(row: Sequence[str], columns: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(csv_text(line.strip()) for line in cell_of(row, columns["examples"]).split("\n") if line.strip())


def _codable(row: Sequence[str], columns: Mapping[str, int]) -> bool:
    return cell_of(row, columns["codable"]).lower() not in ("no", "false", "0", "nein")


def _all_numbered(names: Sequence[str]) -> bool:
    """Whether every name begins with its number in the tree (1, 1.1, 1.1.2)."""
    filled = [name for name in names if name]
    return (
        bool(filled) and all(map(_NUMBERED.fullmatch, filled)) and any("." in n.split()[0].rstrip(".") for n in filled)
    )


def _unused(
    names: Sequence[str],
    heading: Sequence[str],
    body: Rows,
    used: set[int],
    file: str,
    wishes: Mapping[str, str],
    columns: Mapping[str, int],
) -> list[str]:
    """Columns that hold something and are not read; one that nearly is a known one is refused."""
    left = []
    missing = [alias for key, column in columns.items() if column < 0 for alias in KEYS[key]]
    for column, name in enumerate(names):
        if column in used or name in wishes or not any(cell_of(row, column) for row in body):
            continue
        near = next((alias for alias in missing if nearly(name, alias)), "")
        if near:
            key = next(key for key, aliases in KEYS.items() if near in aliases)
            raise PostilError(
                f"{file}: the column {heading[column].strip()!r} is not known; is it {key!r}? Say --column "
                f"'{heading[column].strip()}={key}' if it is, --column '{heading[column].strip()}={LEAVE}' to leave it "
                "out, or correct the heading. Nothing was written."
            )
        left.append(repr(heading[column].strip()) if name else f"column {column + 1}, which has no heading")
    return [f"columns not used: {', '.join(left)}"] if left else []


def _without_headings(rows: Sequence[Sequence[str]], file: str) -> BookRead:
    """A plain table of names and what they mean."""
    width = max(map(len, rows))
    short = all(len(cell_of(row, 0).split()) <= 8 and cell_of(row, 0) for row in rows)
    if width > 2 or not short:
        found = ", ".join(cell.strip() for cell in rows[0][:12])[:300]
        raise PostilError(
            f"{file}: the first row must name the columns: label, definition, include, exclude, example, parent. "
            f"Found: {found}."
        )
    columns = {**dict.fromkeys(KEYS, -1), "label": 0, "definition": 1 if width > 1 else -1}
    numbered = _all_numbered([cell_of(row, 0) for row in rows])
    made = [_entry(number, row, columns, numbered) for number, row in enumerate(rows, 1)]
    told = f"no headings: the first column was read as names, the second as definitions, from {rows[0][0].strip()!r} on"
    return codebook_of([entry for entry in made if entry is not None], file, warnings=[told])
