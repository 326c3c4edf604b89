"""What stands inside a box, row by row, as values: written as a label for Graphviz, or drawn without it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from postil_base.quoting.dot import dot_html
from postil_model.drawing.figure import RULE
from postil_model.drawing.text import Style, line_height, width

ITEM, SMALL = 10.0, 8.0


@dataclass(frozen=True, slots=True)
class TextRow:
    """A line of text in the middle."""

    text: str
    size: float
    color: str
    style: Style = "regular"


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item at the left, its count at the right."""

    text: str
    count: int | None
    color: str
    style: Style = "regular"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A thin line."""


@dataclass(frozen=True, slots=True)
class GapRow:
    """Room."""

    height: int


@dataclass(frozen=True, slots=True)
class StripRow:
    """Cells (width and colour), with a count beside them where there is one."""

    cells: tuple[tuple[int, str], ...]
    height: int
    spacing: int
    count: str = ""
    color: str = ""

    @property
    def width(self) -> int:
        """Width of the cells, those between and at both ends included."""
        return sum(size for size, _ in self.cells) + self.spacing * (len(self.cells) + 1 if self.spacing else 0)

    @property
    def whole(self) -> int:
        """Width with the count."""
        return self.width + (6 + ceil(width(self.count, SMALL) * 1.06) if self.count else 0)


Row = TextRow | ItemRow | RuleRow | GapRow | StripRow


def row_height(row: Row) -> float:
    """Height of a row in points."""
    match row:
        case TextRow():
            return line_height(row.text, row.size)
        case ItemRow():
            return line_height(row.text, ITEM)
        case RuleRow():
            return 1.0
        case GapRow():
            return float(row.height)
        case StripRow():
            return 11.0 if row.count else row.height + 2.0


_OPEN = '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">'


def html_table(rows: Sequence[Row]) -> str:
    """All rows as an HTML-like label."""
    return f"<{_OPEN}{''.join(_html(row) for row in rows)}</TABLE>>"


def _html(row: Row) -> str:
    match row:
        case TextRow():
            return f'<TR><TD COLSPAN="2" ALIGN="CENTER">{font(row.text, row.size, row.color, row.style)}</TD></TR>'
        case ItemRow():
            return _html_item(row)
        case RuleRow():
            return f'<TR><TD COLSPAN="2" HEIGHT="1" BGCOLOR="{RULE}"></TD></TR>'
        case GapRow():
            return f'<TR><TD COLSPAN="2" HEIGHT="{row.height}"></TD></TR>'
        case StripRow():
            return f'<TR><TD COLSPAN="2">{_html_strip(row)}</TD></TR>'


def _html_item(row: ItemRow) -> str:
    span = ' COLSPAN="2"' if row.count is None else ""
    cells = f'<TD ALIGN="LEFT"{span}>{font(row.text, ITEM, row.color, row.style)}</TD>'
    if row.count is not None:
        number = font(str(row.count), ITEM, row.color)
        cells += f'<TD ALIGN="RIGHT" WIDTH="{ceil(width(str(row.count), ITEM)) + 11}">{number}</TD>'
    return f"<TR>{cells}</TR>"


def _html_strip(row: StripRow) -> str:
    cells = "".join(
        f'<TD WIDTH="{size}" HEIGHT="{row.height}" FIXEDSIZE="TRUE" BGCOLOR="{color}"></TD>'
        for size, color in row.cells
    )
    high = row.height + 2 * row.spacing
    strip = f"{_fixed(row.width, high, row.spacing)}<TR>{cells}</TR></TABLE>"
    if not row.count:
        return strip
    count = font(row.count, SMALL, row.color)
    return f'{_fixed(row.whole, 11)}<TR><TD>{strip}</TD><TD WIDTH="6"></TD><TD>{count}</TD></TR></TABLE>'


def _fixed(wide: int, high: int, spacing: int = 0) -> str:
    """A table that stays as it is, in the middle of whatever is round it."""
    size = f'FIXEDSIZE="TRUE" WIDTH="{wide}" HEIGHT="{high}"'
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="{spacing}" CELLPADDING="0" {size}>'


def font(text: str, size: float, color: str, style: Style = "regular") -> str:
    """One line of text; an empty one keeps its height."""
    opening, closing = {"regular": ("", ""), "bold": ("<B>", "</B>"), "italic": ("<I>", "</I>")}[style]
    font = f'<FONT POINT-SIZE="{size:g}" COLOR="{color}">{opening}'
    return "".join(f"{font}{dot_html(part) or ' '}{closing}</FONT>" for part in unescapable(text))


def unescapable(text: str) -> list[str]:
    r"""Parts to be set as runs of their own: Graphviz replaces ``\N`` inside one run, and knows no escape for it.

    >>> unescapable("C:\\N and \\G")
    ['C:\\', 'N and \\', 'G']
    """
    return re.split(r"(?<=\\)(?=[NGETHL])", text)
