"""Lines of the themes screen and of the matrix: themes and codes, quotes, definitions."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style

from postil_codebook.values import Theme
from postil_model.counts.framework import Quote
from postil_tui.search.painting import one_line, shade
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.text.fold import folded
from postil_tui.themes.state import ThemeRow, ThemesState
from postil_tui.widgets.rows import Line

_COUNTS = 16  # columns for quotes and participants


def bench_header(width: int, ink: StyleSheet) -> Line:
    """What the columns are."""
    return [(fitted("", max(width - _COUNTS, 8)) + "quotes  people  ", ink.faint)]


def bench_row(bench: ThemesState, row: ThemeRow, number: int, chosen: bool, width: int, ink: StyleSheet) -> Line:
    """A theme with its number, a code below it, or the heading of the loose codes."""
    style, paper = shade(ink, chosen), ink.paper
    head = [("▌" if chosen else " ", style(paper.accent))]
    if row.kind == "heading":
        return [*head, (" in no theme", style(paper.faint, bold=True))]
    quotes, people = bench.counts(row)
    counts = f"{quotes or '·':>6}{people or '·':>8}  "
    room = max(width - 1 - _COUNTS, 8)
    if row.kind == "theme":
        theme = bench.theme(row.theme)
        sign = "▸" if row.theme in bench.folded else "▾"
        digit = str(number) if number < 10 else " "
        name = fitted(shown(theme.label if theme else row.theme), room - 4)
        return [*head, (f"{digit} ", style(paper.accent)), (f"{sign} ", style(paper.faint)),
                (name, style(bold=True)), (counts, style(paper.quiet))]  # fmt: skip
    known = row.code in bench.workspace.codebook.codes
    colour = ink.colour_of(row.code) if known else paper.bad
    code = bench.workspace.codebook.codes.get(row.code)
    name = shown(row.code)
    label = "  not in the codebook" if code is None else f"  {shown(code.label)}" if width > 70 else ""
    indent = "    " if row.theme else "  "
    text = fitted(name, min(cells(name), room - len(indent) - 2))
    rest = max(room - len(indent) - 2 - cells(text), 0)
    return [*head, (indent, style()), ("■ ", style(colour)), (text, style(paper.ink)),
            (fitted(label, rest), style(paper.faint)), (counts, style(paper.faint))]  # fmt: skip


def theme_lines(theme: Theme, width: int, ink: StyleSheet) -> list[Line]:
    """Label, definition and memo of a theme."""
    lines: list[Line] = [[(f" {shown(theme.label)}", ink.accent), (f"  {shown(theme.id)}", ink.faint)]]
    lines += prose(theme.definition, width, ink.plain) or [[(" no definition yet: d writes it", ink.faint)]]
    lines += prose(theme.memo, width, ink.quiet)
    return lines


def code_lines(bench: ThemesState, code: str, width: int, ink: StyleSheet) -> list[Line]:
    """What a code means, and the themes it is in."""
    known = bench.workspace.codebook.codes.get(code)
    themes = [theme.label for theme in bench.themes if code in theme.codes]
    lines: list[Line] = [
        [(f" ■ {shown(code)}", ink.code(code, True)), (f"  {', '.join(map(shown, themes))}", ink.faint)]
    ]
    return [*lines, *prose(known.definition if known else "not in the codebook", width, ink.plain)]


def quote_lines(quote: Quote, width: int, ink: StyleSheet) -> list[Line]:
    """A quote in full, below the question it answers."""
    place = f" {', '.join(quote.participants)} · {quote.transcript}, turn {quote.turn} · {quote.coder}"
    lines: list[Line] = [[(shown(place), ink.accent)]]
    lines += prose(quote.asked, width, ink.quiet)[-2:]
    lines += prose(quote.text, width, ink.strong)
    codes: list[tuple[str, Style]] = []
    for code in quote.codes:
        codes += [(f" ■ {shown(code)}", ink.code(code))]
    return [*lines, codes]


def quote_row(quote: Quote, chosen: bool, width: int, ink: StyleSheet, mark: str = "") -> Line:
    """A quote on one line."""
    style, paper = shade(ink, chosen), ink.paper
    who = fitted(shown(", ".join(quote.participants)), 8)
    place = f"{fitted(shown(quote.transcript), 8)}{quote.turn:>4} "
    head: list[tuple[str, Style]] = [("▌" if chosen else " ", style(paper.accent))]
    if mark:
        head.append((f"{mark} ", style(paper.good if mark != "·" else paper.line, bold=True)))
    head += [(f"{who} ", style(paper.quiet)), (place, style(paper.faint))]
    room = max(width - sum(cells(text) for text, _ in head) - 1, 5)
    return [*head, (fitted(one_line(quote.text), room), style()), (" ", style())]


def prose(text: str, width: int, style: Style) -> list[Line]:
    """Paragraphs folded to a width, indented by one."""
    words = shown(" ".join(text.split()))
    return [[(f" {line}", style)] for line in folded(words, max(width - 3, 10))] if words else []


def shown_rows(lines: Sequence[Line], most: int, ink: StyleSheet) -> list[Line]:
    """At most so many lines; what is left out is shown by an ellipsis."""
    return list(lines) if len(lines) <= most else [*lines[: most - 1], [(" …", ink.faint)]]
