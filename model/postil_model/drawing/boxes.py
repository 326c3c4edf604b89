"""Size and content of every box: HTML-like labels whose measures come from the font's widths alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil

from postil_base.quoting.dot import dot_html
from postil_model.drawing.figure import BLACK, BLUE, COLOR, EMPTY, GREY, PURPLE, RULE, FigureNode, FigureNote
from postil_model.drawing.text import LINE, Style, block, line_height, width, wrap

LABEL, ITEM, SMALL, TITLE = 11.0, 10.0, 8.0, 12.5
MOST_CELLS = 30  # above that a strip can't be read: a bar
_TEXT_LIMIT = 118.0
_DIAMOND_LIMIT = 92.0


@dataclass(frozen=True, slots=True)
class Box:
    """Outer size in points, and the label."""

    width: float
    height: float
    label: str


def node_box(node: FigureNode, on_main_line: bool) -> Box:
    """Box of a node."""
    if node.kind == "decision":
        return _diamond(node)
    rows, (inner, height) = _content(node)
    bare = node.kind == "terminal" and not on_main_line
    wide = inner + (8 if bare else 22)
    return Box(max(wide, 56.0), max(height + (6 if bare else 14), 30.0), _table(rows))


def note_box(note: FigureNote) -> Box:
    """Box of a note with findings."""
    lines = [line for text in note.texts for line in wrap(text, 196, 9)]
    inner, height = block(lines, 9)
    rows = [f"<TR><TD>{font(line, 9, PURPLE)}</TD></TR>" for line in lines]
    return Box(inner + 22, height + 12, _table(rows))


def _diamond(node: FigureNode) -> Box:
    """A diamond of width a + 1.25 b and height b + a / 1.25 just holds a block of a by b."""
    lines = wrap(node.label, _DIAMOND_LIMIT, LABEL)
    rows = [_text_row(line, LABEL, _ink(node)) for line in lines]
    inner, height = block(lines, LABEL)
    if node.strip:
        strip, strip_width = _strip(node, 5)
        count = f"{node.k}/{len(node.strip)}"
        rows += [_row(strip), _text_row(count, SMALL, _count_ink(node))]
        inner, height = max(inner, strip_width), height + 9 + SMALL * LINE
    for item in node.items:
        rows.append(_item_row(item.label, item.count, item.emphasis, node))
        inner, height = max(inner, _item_width(item.label, item.count)), height + line_height(item.label, ITEM)
    return Box(inner + 1.25 * height + 8, height + inner / 1.25 + 6, _table(rows))


def _content(node: FigureNode) -> tuple[list[str], tuple[float, float]]:
    """Rows of the label with their outer size: title, items, strip."""
    rows: list[str] = []
    inner = height = 0.0
    if not (node.listed and node.items):
        lines = wrap(node.label, _TEXT_LIMIT, LABEL)
        rows += [_text_row(line, LABEL, _ink(node)) for line in lines]
        inner, height = block(lines, LABEL)
    for place, item in enumerate(node.items):
        ruled = node.kind == "technique"
        if ruled:
            rows.append(f'<TR><TD COLSPAN="2" HEIGHT="1" BGCOLOR="{RULE}"></TD></TR>')
        rows += [
            _item_row(line, item.count if not at else None, item.emphasis, node, item.count == 0)
            for at, line in enumerate(wrap(item.label, _TEXT_LIMIT, ITEM))
        ]
        lines = wrap(item.label, _TEXT_LIMIT, ITEM)
        inner = max(inner, *(_item_width(line, item.count) for line in lines))
        height += block(lines, ITEM)[1] + 2 * len(lines) + (1 if ruled else 0) + (2 if not place else 0)
    if node.strip:
        strip, strip_width = _strip(node, 7)
        count = f"{node.k}/{len(node.strip)}"
        cell = font(count, SMALL, _count_ink(node))
        air = 3 if node.items else 0
        rows.append(f'<TR><TD COLSPAN="2" HEIGHT="{air}"></TD></TR>' if air else "")
        whole = strip_width + 6 + ceil(width(count, SMALL) * 1.06)
        rows.append(_row(f'{_fixed(whole, 11)}<TR><TD>{strip}</TD><TD WIDTH="6"></TD><TD>{cell}</TD></TR></TABLE>'))
        inner, height = max(inner, whole), height + 13 + air
    return rows, (inner, height)


def _strip(node: FigureNode, cell: int) -> tuple[str, int]:
    """One cell a participant, or a bar when there are too many."""
    full = COLOR["unexpected"] if node.tone == "unexpected" else BLUE
    n = len(node.strip)
    if n > MOST_CELLS:
        return _bar(node.k, n, full)
    cells = "".join(
        f'<TD WIDTH="{cell}" HEIGHT="{cell}" FIXEDSIZE="TRUE" BGCOLOR="{full if on else EMPTY}"></TD>'
        for on in node.strip
    )
    whole = n * (cell + 1) + 1
    return f"{_fixed(whole, cell + 2, 1)}<TR>{cells}</TR></TABLE>", whole


def _bar(k: int, n: int, full: str) -> tuple[str, int]:
    filled = round(90 * k / n)
    parts = [(filled, full), (90 - filled, EMPTY)]
    cells = "".join(
        f'<TD WIDTH="{size}" HEIGHT="7" FIXEDSIZE="TRUE" BGCOLOR="{color}"></TD>' for size, color in parts if size
    )
    return f"{_fixed(90, 7)}<TR>{cells}</TR></TABLE>", 90


_OPEN = '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">'


def _fixed(wide: int, high: int, spacing: int = 0) -> str:
    """A table that stays as it is, in the middle of whatever is round it."""
    size = f'FIXEDSIZE="TRUE" WIDTH="{wide}" HEIGHT="{high}"'
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="{spacing}" CELLPADDING="0" {size}>'


def _table(rows: list[str]) -> str:
    return f"<{_OPEN}{''.join(rows)}</TABLE>>"


def _text_row(line: str, size: float, color: str) -> str:
    return f'<TR><TD COLSPAN="2" ALIGN="CENTER">{font(line, size, color)}</TD></TR>'


def _row(content: str) -> str:
    return f'<TR><TD COLSPAN="2">{content}</TD></TR>'


def _item_row(label: str, count: int | None, emphasis: bool, node: FigureNode, empty: bool = False) -> str:
    ink = GREY if empty else _ink(node)
    text = font(label, ITEM, ink, "italic" if emphasis else "regular")
    number = "" if count is None else font(str(count), ITEM, ink)
    span = ' COLSPAN="2"' if count is None else ""
    cells = f'<TD ALIGN="LEFT"{span}>{text}</TD>'
    if count is not None:
        cells += f'<TD ALIGN="RIGHT" WIDTH="{ceil(width(str(count), ITEM)) + 11}">{number}</TD>'
    return f"<TR>{cells}</TR>"


def _item_width(label: str, count: int | None) -> float:
    return width(label, ITEM) + (0 if count is None else 12 + width(str(count), ITEM))


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


def _ink(node: FigureNode) -> str:
    return COLOR[node.tone]


def _count_ink(node: FigureNode) -> str:
    return BLACK if node.k and node.tone == "plain" else COLOR[node.tone]
