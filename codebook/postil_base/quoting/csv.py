"""Cells of CSV and spreadsheet files: text of other people never becomes a formula."""

from __future__ import annotations

import re

_BEGINS = r"[=+\-@\t\r\n＝＋－＠]"  # what makes a spreadsheet calculate
_FORMULA = re.compile(f"'*{_BEGINS}")  # apostrophes of the text's own get one more, to come back as they were
_ESCAPED = re.compile(f"'+{_BEGINS}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
SUSPECT = frozenset("\n'=+-@＝＋－＠")  # a cell that begins so is looked at closely
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]|\r(?!\n)")


def csv_cell(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would compute; numbers stay numbers.

    >>> csv_cell("=HYPERLINK(1)"), csv_cell("-0.31"), csv_cell("find-ptm"), csv_cell("- yes")
    ("'=HYPERLINK(1)", '-0.31', 'find-ptm', "'- yes")
    """
    if not text or (text[0] not in SUSPECT and text.replace("\n", " ").isprintable()):
        return text  # nearly all cells, and there may be millions
    clean = clean_cell(text)
    if _FORMULA.match(clean) and not _NUMBER.fullmatch(clean):
        return "'" + clean
    return clean


def clean_cell(text: str) -> str:
    """A text without control characters, for a cell that says itself that it is text, as those of workbooks do."""
    return _CONTROL.sub("\ufffd", text)


def typed_cell(text: str) -> str:
    """A text cell of a workbook as a CSV file would have it, for readers that undo `csv_cell`.

    >>> csv_text(typed_cell("'=1")), csv_text(typed_cell("=1"))
    ("'=1", '=1')
    """
    return "'" + text if _ESCAPED.match(text) else text


def csv_text(cell: str) -> str:
    """The text of a cell that `csv_cell`, or another program with the same habit, has written.

    >>> csv_text("'=HYPERLINK(1)"), csv_text("''- so"), csv_text("'tis")
    ('=HYPERLINK(1)', "'- so", "'tis")
    """
    return cell[1:] if _ESCAPED.match(cell) else cell
