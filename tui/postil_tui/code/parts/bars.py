"""What the bars of the code screen say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style

from postil_base.plural import counted as how_many
from postil_study.text.values import Segment
from postil_tui.code.session.labels import described, relation_target, relation_text
from postil_tui.code.session.slots import Slots
from postil_tui.style.row_painter import clock
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells, shown
from postil_tui.text.question import question, question_turn
from postil_tui.text.squeeze import squeezed

if TYPE_CHECKING:
    from postil_tui.code.screen import CodeScreen

Pieces = list[tuple[str, Style]]


def title(screen: CodeScreen, ink: StyleSheet) -> tuple[Pieces, Pieces]:
    """Transcript, speakers, codes of the whole and the question left; share, segments, coder and saved right."""
    transcript, session = screen.page.transcript, screen.session
    speakers = ", ".join(person for person in transcript.participants if person != transcript.id)
    left = [(f" {transcript.id}", ink.accent), (f"  {shown(speakers)}" if speakers else "", ink.strong)]
    left += [(f" · {transcript.info.date}" if transcript.info.date else "", ink.quiet)]
    sight = screen.page.sight.words()
    roomy = screen.size.width >= 100 and not sight
    left += [(f" · {how_many(screen.measured.words, 'word')}" if screen.measured and roomy else "", ink.quiet)]
    left += [("  shown: ", ink.faint), (f"{shown(sight)} ", ink.accent)] if sight else []
    whole = [code for segment in session.records.whole() for code in segment.code_ids]
    if whole:
        left += [("  whole: ", ink.faint)] + [(f"{shown(code)} ", ink.code(code)) for code in whole]
    asked = _asked_above(screen)
    left += [(f"  ↑ {shown(asked)}", ink.faint)] if asked else []
    share = [(f" {screen.measured.share:.0%} coded ", ink.quiet)] if screen.measured else []
    count = [(f" {how_many(len(session.records.segments), 'segment')} ", ink.quiet)]
    coder = [(f" coder {session.coder} ", ink.strong)]
    done = [(" ✓ finished ", ink.style(ink.paper.good))] if session.header.done else []
    return left, [*share, *count, *coder, *done, _saved(screen.workspace.status(session), ink)]


def _asked_above(screen: CodeScreen) -> str:
    """The question that the words at the cursor answer, where it is out of sight."""
    page = screen.page
    turn = page.transcript.turn_at(page.selection.cursor)
    asked = question_turn(page.transcript, turn)
    if asked is None:
        return ""
    is_shown = not page.hidden_turns((asked.start, max(asked.end, asked.start + 1)))
    if is_shown and page.layout.row_of(max(asked.end - 1, asked.start)) >= screen.view.top:
        return ""
    return question(page.transcript, turn, 200)


def counted(count: int, what: str) -> str:
    """A number with its noun."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _saved(status: str, ink: StyleSheet) -> tuple[str, Style]:
    if status == "saved":
        return " ● saved ", ink.style(ink.paper.good)
    if status == "saving":
        return " ○ saving ", ink.quiet
    return " ✗ not saved ", ink.style(ink.paper.bad, bold=True)


def slots(held: Slots, ink: StyleSheet, width: int) -> tuple[Pieces, Pieces]:
    """The codes on the digits left, all of them whatever the width; the code that the full stop repeats right."""
    pieces: Pieces = []
    for number, code in enumerate(held.codes, 1):
        if code is not None:
            pin = "*" if code in held.pinned else ""
            pieces += [(f" {number}", ink.accent), (f" {shown(code)}{pin} ", ink.code(code))]
    if not pieces:
        pieces = [(" no codes used yet: select with s, then c and type a name", ink.faint)]
    last = [(" . ", ink.accent), (f"{shown(held.last)} ", ink.code(held.last))] if held.last else []
    last = squeezed(last, width // 6)
    return squeezed(pieces, width - sum(cells(text) for text, _ in last)), last


def place(screen: CodeScreen, ink: StyleSheet) -> Pieces:
    """Where the cursor is, when that was said, how much is selected, what is coded here."""
    page = screen.page
    turn = page.transcript.turn_at(page.selection.cursor)
    number = page.turn_number(page.selection.cursor)
    time = f" {clock(turn.start_ms)}" if turn and turn.start_ms is not None else ""
    pieces = [(f" turn {number}/{len(page.transcript.turns)}{time} ", ink.quiet)]
    if page.selection.span:
        start, end = page.selection.span
        pieces.append((f" {how_many(end - start, 'character')} selected ", ink.plain))
    for segment in page.segments_here()[:3]:
        code = segment.code_ids[0] if segment.codes else ""
        pieces.append((f" {described(segment, screen.session.codebook)} ", ink.code(code)))
        pieces += [(f"{words} ", ink.quiet) for words in _relations(screen, segment)]
    for segment in page.index.at(page.selection.cursor) if page.whose else ():
        if page.whose.get(segment.id) in page.sight.notes:
            pieces.append((f" ✎ {shown(' '.join(segment.memo.split()))} ", ink.quiet))
        elif segment.id in page.whose:
            pieces.append((f" {page.whose[segment.id]}: {described(segment, screen.session.codebook)} ", ink.quiet))
    return pieces


def _relations(screen: CodeScreen, segment: Segment) -> list[str]:
    """The relations of a segment, those that lead to it too."""
    records = screen.session.records
    found = [
        relation_text(one, relation_target(one, records.segments.get(one.target)))
        for one in records.leaving(segment.id)
    ]
    coming = (one for one in records.arriving(segment.id) if one.source != segment.id)
    found += dict.fromkeys(f"← {shown(one.source_code or '?')}" for one in coming)
    return found[:3]
