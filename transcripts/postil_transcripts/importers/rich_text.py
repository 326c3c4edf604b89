"""Rich Text Format, by way of striprtf."""

from __future__ import annotations

import re
from dataclasses import replace

from postil_base.problem import PostilError
from postil_transcripts.importers.decoding import check_size
from postil_transcripts.importers.lines import Line
from postil_transcripts.importers.recognised import Options, Recognised
from postil_transcripts.importers.rows import read_rows
from postil_transcripts.importers.speech import read_lines

MAX_DEPTH = 400
_HIDDEN = re.compile(r"\{(?:\\[a-z]+-?\d*\s?)*\\v(?![a-z0-9])[^{}]*\}")
_NOTE = "{\\footnote"
_COMMENTS = "comments in the RTF file were not read; save it as .docx to keep them"


def read(data: bytes, name: str, options: Options) -> Recognised:
    """Read an .rtf file; its own code page holds unless ``options`` name another."""
    check_size(data, name)
    if not data.lstrip().startswith(b"{\\rtf"):
        raise PostilError(f"{name} is not Rich Text (it does not start with {{\\rtf). Save it as .rtf or .docx again.")
    code_page = options.encoding or _code_page(data)
    text = data.decode("latin-1")
    _check_depth(text, name)
    hidden = len(_HIDDEN.findall(text))
    text = _HIDDEN.sub("", text)
    plain = _strip(text, name, code_page)
    rows, after = _table_rows(plain) if "\\trowd" in text else ([], ())
    if rows:
        made = read_rows(rows, name, "Rich Text table")
        return replace(made, footer=after)
    lines = [Line(re.sub(r"[ \t]+", " ", line).rstrip()) for line in re.split(r"[\n\x0b\u2028]", plain)]
    warning = [_COMMENTS] if "\\annotation" in text else []
    warning += [f"left out: hidden text ({hidden})"] if hidden else []
    warning += [f"left out: footnotes ({text.count(_NOTE)})"] if _NOTE in text else []
    recognised = read_lines(lines, "Rich Text", told=options.labels).recognised
    return replace(recognised, warnings=(*recognised.warnings, *warning))


def _table_rows(plain: str) -> tuple[list[list[str]], tuple[str, ...]]:
    """The rows of a table, whose cells the reader of the mark-up ends with a bar, and the lines below it.

    Nothing if most words stand outside.
    """
    *table, after = re.split(r"\|[ \t]*\n", plain)
    rows = [[cell.strip() for cell in row.split("|")] for row in table]
    if len(rows) < 2 or min(len(row) for row in rows) < 2:
        return [], ()
    before, _, first = rows[0][0].rpartition("\n")
    rows[0][0] = first
    inside = sum(len(cell.split()) for row in rows for cell in row)
    if inside <= len(before.split()) + len(after.split()):
        return [], ()
    return [*([[before]] if before else []), *rows], tuple(line.strip() for line in after.split("\n") if line.strip())


def _strip(text: str, name: str, encoding: str) -> str:
    from striprtf.striprtf import rtf_to_text

    try:
        plain = str(rtf_to_text(text, encoding=encoding, errors="replace"))  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, IndexError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise PostilError(f"{name} is damaged Rich Text ({error}). Save it again, or as .docx.") from error
    return plain.replace("\r\n", "\n").replace("\r", "\n")


def _code_page(data: bytes) -> str:
    match = re.search(rb"\\ansicpg(\d{3,5})", data[:2000])
    return f"cp{match[1].decode()}" if match and match[1] != b"10000" else "mac-roman" if match else "cp1252"


def _check_depth(text: str, name: str) -> None:
    depth = deepest = 0
    for brace in re.findall(r"(?<!\\)[{}]", text):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise PostilError(f"{name} nests its groups {deepest} deep; no word processor writes that. Nothing was read.")
