"""Markdown: mark-up off, ``**Name:**`` labels, headings as sections, front matter as header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from postil_formats.texts.decoding import decode
from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.speech import read_lines
from postil_formats.texts.recognised import ReadOptions, Recognised

_HEADING = re.compile(r" {0,3}#{1,6}\s+(.*?)\s*#*$")
_ITEM = re.compile(r"\s{0,12}(?:[-*+]|\d{1,3}[.)])\s")
_BOLD_LABEL = re.compile(r"\s*(\*\*\*|\*\*|\*|___|__|_)(?=[^\s*_])([^*_\n]{1,60}?)(:?)\1(?!\w)(:?)[ \t]*")
_RULE = re.compile(r"\s{0,3}([-*_])(?:\s*\1){2,}\s*")
_TABLE_RULE = re.compile(r"[\s|:-]+")
_FEW = 3  # rows, the heading's rule among them
_OTHER_ENDS = "\x0b\x0c\x85\u2028\u2029"  # of lines and pages, in texts that word processors saved
_ENDED = re.compile(rf"[{_OTHER_ENDS}](?=[^\n{_OTHER_ENDS}:：]{{1,80}}[:：])")
_LINK = re.compile(r"!?\[((?:[^\[\]\\]|\\.){0,300})\]\([^()\s]{0,500}(?:\s\"[^\"]{0,200}\")?\)")
_SPANS = (
    re.compile(r"(?<![\w\\])(\*\*\*|\*\*|\*)(?=\S)(.{1,500}?)(?<=[^\s\\])\1(?!\w)"),
    re.compile(r"(?<![\w\\])(___|__|_)(?=\S)(.{1,500}?)(?<=[^\s\\])\1(?!\w)"),
    re.compile(r"(?<![\\`])(`{1,3})(?!`)(.{1,500}?)(?<!`)\1(?!`)"),
    re.compile(r"(~~)(?=\S)(.{1,500}?)\1"),
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def read(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read a Markdown file."""
    decoded = decode(data, name, options.encoding)
    text = with_line_ends(decoded.text)
    rows = pipe_table(text)
    if rows:
        from postil_formats.texts.tables.rows import read_rows

        table = read_rows(rows, name, "Markdown table", options)
        return replace(table, encoding=decoded.encoding, warnings=(*decoded.warnings, *table.warnings))
    front, rest = _front_matter(text.split("\n"))
    extra = Recognised("", (), header=tuple(front), warnings=decoded.warnings, encoding=decoded.encoding)
    recognised = read_lines(list(_lines(rest)), "Markdown", extra=extra, told=options.labels).recognised
    return replace(recognised, details={"front_matter": bool(front)})


def with_line_ends(text: str) -> str:
    """The text with line feeds for other signs that end lines in it: those with labels behind several of them."""
    if len(_ENDED.findall(text)) < _FEW:
        return text
    return re.sub(f"[{_OTHER_ENDS}]", "\n", text)


def pipe_table(text: str) -> list[list[str]]:
    """The rows of a text whose lines are nearly all rows of a table in bars, without the rule below its heading."""
    filled = [line.strip() for line in text.split("\n") if line.strip()]
    rows = [line for line in filled if len(line) > 2 and line[0] == line[-1] == "|"]
    if len(rows) < _FEW or len(rows) < 0.8 * len(filled):
        return []
    cells = [re.split(r"(?<!\\)\|", line[1:-1]) for line in rows if not _TABLE_RULE.fullmatch(line)]
    return [[unmark(cell.strip()).replace("\\|", "|") for cell in row] for row in cells]


def _front_matter(lines: Sequence[str]) -> tuple[list[str], Sequence[str]]:
    if lines[0].rstrip() != "---":
        return [], lines
    end = next((i for i, line in enumerate(lines[1:200], 1) if line.rstrip() in ("---", "...")), 0)
    return [line.strip() for line in lines[1:end]], lines[end + 1 :] if end else lines


def _lines(lines: Sequence[str]) -> Iterator[SourceLine]:
    """Lines without mark-up. A line break inside a paragraph is a space, as Markdown has it."""
    above = ""
    for raw in lines:
        quoted = re.sub(r"^\s{0,3}(?:>\s?)+", "", raw.rstrip())
        heading = _HEADING.fullmatch(quoted)
        if _RULE.fullmatch(quoted):
            quoted = ""
        item = _ITEM.match(quoted)
        label = _BOLD_LABEL.match(quoted, item.end() if item else 0)
        if item and label:
            quoted = quoted[item.end() :]
        text = unmark(heading[1]) if heading else unmark(quoted)
        starts = not above or bool(item) or bool(label and (label[3] or label[4])) or raw.endswith("  ")
        aside = (bool(item) or quoted != raw.rstrip()) and not label
        bold = len(unmark(label[2])) if label and text.startswith(unmark(label[2])) else 0
        yield SourceLine(text, bool(above), bool(text) and not starts, bool(heading), aside, bold)
        above = "" if heading else text.strip()


def unmark(text: str) -> str:
    r"""Take Markdown's mark-up off a line.

    >>> unmark("**P37:** Sure. I use `pip install` and *never* read [\\[docs\\]](https://example.org).")
    'P37: Sure. I use pip install and never read [docs].'
    """
    text = _LINK.sub(r"\1", text)
    for span in _SPANS:
        text = span.sub(r"\2", text)
    return _ESCAPE.sub(r"\1", text)
