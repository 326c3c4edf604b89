"""One door for codebooks from elsewhere: tables (csv, xlsx), documents (docx, md), Postil's own YAML and lists."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from postil_base.problem import PostilError, Problem, has_errors
from postil_base.quoting.csv import typed_cell
from postil_codebook.load import load_codebook
from postil_formats.codebooks.documents import read_markdown, read_word_book
from postil_formats.codebooks.entries import BookRead
from postil_formats.codebooks.tables import read_book_rows
from postil_formats.texts.decoding import decode
from postil_formats.texts.sources import read_file
from postil_formats.texts.tables.sheets import csv_rows, xlsx_sheets

YAML = (".yaml", ".yml")
KINDS = ".yaml, .csv, .tsv, .xlsx, .docx, .md, .qdc"


def read_codebook_file(
    path: Path, columns: Mapping[str, str] | None = None, encoding: str = ""
) -> tuple[BookRead, list[Problem]]:
    """Read a codebook by its ending and its first bytes; of YAML with the problems it has."""
    data, name, ending = read_file(path), path.name, path.suffix.lower()
    if ending in (".xlsx", ".docx") or data.startswith(b"PK\x03\x04"):
        return _zipped(data, name, columns), []
    if data.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise PostilError(f"{name} cannot be read; save it as .xlsx or .docx first. Codebooks are read from {KINDS}.")
    if ending in (".csv", ".tsv"):
        rows, _, warnings = csv_rows(data, name, encoding)
        made = read_book_rows(rows, name, columns)
        return BookRead(made.book, (*warnings, *made.warnings)), []
    decoded = decode(data, name, encoding)
    if ending in (".md", ".markdown"):
        made = read_markdown(decoded.text, name, columns)
        return BookRead(made.book, (*decoded.warnings, *made.warnings)), []
    book, problems = load_codebook(decoded.text, name)
    if ending not in YAML and (has_errors(problems) or not book.codes):
        raise PostilError(f"{name} holds no codebook that can be told. Codebooks are read from {KINDS}.")
    return BookRead(book), problems


def _zipped(data: bytes, name: str, columns: Mapping[str, str] | None) -> BookRead:
    """A spreadsheet or a Word file, by what is in it."""
    if b"word/document.xml" in data:
        return read_word_book(data, name, columns)
    sheets = xlsx_sheets(data, name)
    filled = [(title, [list(map(typed_cell, row)) for row in rows]) for title, rows in sheets if rows]
    if not filled:
        raise PostilError(f"{name} holds no rows; nothing to import.")
    made = read_book_rows(filled[0][1], name, columns)
    others = tuple(f"the sheet {title!r} was not read" for title, _ in filled[1:])
    return BookRead(made.book, (*made.warnings, *others))
