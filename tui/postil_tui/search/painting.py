"""Lines of the search screen: a row for each passage, and a passage in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from rich.style import Style

from postil_study.text.values import Transcript, Turn
from postil_tui.search.found import Found
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import all_one_cell, cells, fitted, graphemes, shown
from postil_tui.text.wrap import wrap
from postil_tui.widgets.rows import Line

Shade = Callable[..., Style]
_CODES_FROM = 96  # columns from which codes have a column of their own
_SPEAKER_FROM = 60
_MOST_ASKED = 3  # rows of the question above an answer


def shade(ink: StyleSheet, chosen: bool) -> Shade:
    """Styles on the ground of a row, highlighted or not."""
    ground = ink.paper.raised if chosen and ink.depth == "true" else None
    reverse = chosen and ink.depth != "true"

    def style(colour: str | None = None, bold: bool = False, underline: bool = False) -> Style:
        colour = ink.paper.ink if reverse or not colour else colour  # turned over, one colour makes the row one
        return ink.style(colour, ground, bold=bold, underline=underline, reverse=reverse)

    return style


def one_line(text: str) -> str:
    """Words on one line, safe for a terminal."""
    return shown(" ".join(text.split()))


def tail(text: str, width: int) -> str:
    """The end of a text in exactly ``width`` cells, flush right.

    >>> tail("one two three", 6), tail("ab", 4)
    ('…three', '  ab')
    """
    size = cells(text)
    if size <= width:
        return " " * (width - size) + text
    room, start = width - 1, len(text)
    for at, _, wide in reversed(graphemes(text)):
        if wide > room:
            break
        room, start = room - wide, at
    return " " * room + "…" + text[start:] if width > 0 else ""


def passage_row(found: Found, index: int, chosen: bool, width: int, ink: StyleSheet) -> Line:
    """Mark, place, words (in their context where words were found), codes."""
    one, style, paper = found.passage(index), shade(ink, chosen), ink.paper
    sign, colour = _sign(found, index, ink)
    name = max(len(hit.transcript) for hit in found.hits[:200])
    line: list[tuple[str, Style]] = [
        ("▌" if chosen else " ", style(paper.accent)),
        (f"{sign} ", style(colour, bold=True)),
        (fitted(shown(one.transcript), min(name, 14)), style(paper.quiet)),
        (f"{one.turn:>5} ", style(paper.faint)),
    ]
    if width >= _SPEAKER_FROM:
        line.append((fitted(shown(one.speaker), 11) + " ", style(paper.quiet)))
    codes = _codes_cell(found, index, style, ink) if width >= _CODES_FROM else []
    room = width - sum(cells(text) for text, _ in line) - sum(cells(text) for text, _ in codes) - 1
    return [*line, *_words(found, index, room, style, ink), (" ", style()), *codes]


def _sign(found: Found, index: int, ink: StyleSheet) -> tuple[str, str]:
    if index in found.coded:
        return "✓", ink.paper.good
    return ("■", ink.paper.accent) if index in found.marked else ("·", ink.paper.line)


def _words(found: Found, index: int, room: int, style: Shade, ink: StyleSheet) -> list[tuple[str, Style]]:
    one, paper = found.passage(index), ink.paper
    quiet = found.corpus.roles_of(found.hits[index]) == {"interviewer"}
    ink_of_words = paper.quiet if quiet else paper.ink
    words = one_line(one.text)
    if found.hits[index].uses:  # what was coded is a quote; words that were found need their context
        return [(fitted(words, room), style(ink_of_words))]
    left = max(room * 2 // 5, 8)
    before, after = one_line(one.before + "|")[:-1], one_line("|" + one.after)[1:]
    words = words if cells(words) <= room - left else fitted(words, room - left)
    return [
        (tail(before, left), style(paper.quiet)),
        (words, style(paper.warn, bold=True, underline=ink.depth == "none")),
        (fitted(after, room - left - cells(words)), style(paper.quiet)),
    ]


def _codes_cell(found: Found, index: int, style: Shade, ink: StyleSheet, width: int = 26) -> list[tuple[str, Style]]:
    pieces: list[tuple[str, Style]] = []
    room = width
    for code in dict.fromkeys(code for code, _ in found.codes_at(index)):
        text = fitted(shown(code), min(cells(code), room)) if room > 3 else ""
        if not text:
            break
        pieces.append((text + " ", style(ink.colour_of(code))))
        room -= cells(text) + 1
    return [*pieces, (" " * max(room, 0), style())]


def passage_lines(found: Found, index: int, width: int, ink: StyleSheet) -> tuple[list[Line], int]:
    """A passage in its place: where it is, what was asked, the turn with the words marked, codes and coders.

    The second value is the row on which the found words start.
    """
    hit, one = found.hits[index], found.passage(index)
    transcript = found.corpus.transcripts[hit.transcript]
    place = f" {one.transcript} · turn {one.turn} of {len(transcript.turns)} · {one.start}–{one.end}"
    lines: list[Line] = [[(shown(place), ink.accent)], *_codes_lines(found, index, width, ink)]
    if one.asked:
        asked = one_line(one.asked)
        rows = broken(asked, 0, len(asked), max(width - 4, 10))
        lines += [[("  " + asked[a:b].rstrip(), ink.quiet)] for a, b in rows[-_MOST_ASKED:]]
    at = len(lines)
    for turn in found.corpus.turns_of(hit):
        turn_lines, inside = _turn_lines(transcript, turn, hit.start, hit.end, width, ink)
        if turn.start <= hit.start < turn.end:
            at = len(lines) + inside
        lines += turn_lines
    return lines, at


def _turn_lines(
    transcript: Transcript, turn: Turn, start: int, end: int, width: int, ink: StyleSheet
) -> tuple[list[Line], int]:
    text, at = transcript.text, 1
    lines: list[Line] = [[(f" {shown(turn.label)}", ink.strong)]]
    role = transcript.speaker(turn).role
    plain = ink.plain if role == "participant" else ink.quiet
    found = ink.style(ink.paper.warn, bold=True, underline=True)
    for first, last in broken(text, turn.start, turn.end, max(width - 4, 10)):
        if first <= start < last:
            at = len(lines)
        lines.append([("  ", plain), *_cut(text, first, last, start, end, plain, found)])
    return lines, at


def _cut(text: str, first: int, last: int, start: int, end: int, plain: Style, found: Style) -> list[tuple[str, Style]]:
    a, b = min(max(start, first), last), min(max(end, first), last)
    parts = [(text[first:a], plain), (text[a:b], found), (text[b:last], plain)]
    return [(shown(part.replace("\n", " ")), style) for part, style in parts if part]


def _codes_lines(found: Found, index: int, width: int, ink: StyleSheet) -> list[Line]:
    by_code: dict[str, list[str]] = {}
    for code, coder in found.codes_at(index):
        by_code.setdefault(code, []).append(coder)
    lines: list[list[tuple[str, Style]]] = []
    used = width
    for code, coders in by_code.items():
        text, who = f" ■ {shown(code)}", f" {', '.join(map(shown, coders))} "
        if used + cells(text) + cells(who) > width - 2:
            lines.append([])
            used = 0
        lines[-1] += [(text, ink.code(code)), (who, ink.faint)]
        used += cells(text) + cells(who)
    return [*lines]


def broken(text: str, start: int, end: int, width: int) -> Sequence[tuple[int, int]]:
    """Where the rows of a text start and end at a width."""
    starts: list[int] = []
    wrap(text, start, end, width, starts, narrow=all_one_cell(text[start:end]))
    return list(pairwise([*starts, end]))
