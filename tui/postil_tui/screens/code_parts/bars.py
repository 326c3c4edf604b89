"""What the bars of the code screen say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style

from postil_tui.coding.labels import described
from postil_tui.coding.slots import Slots
from postil_tui.ink import Ink
from postil_tui.text.cells import shown

if TYPE_CHECKING:
    from postil_tui.screens.code import CodeScreen

Pieces = list[tuple[str, Style]]


def title(desk: CodeScreen, ink: Ink) -> tuple[Pieces, Pieces]:
    """Transcript, speakers and codes of the whole left; coder, segments and saved right."""
    transcript, session = desk.page.transcript, desk.session
    speakers = ", ".join(transcript.participants) or "no participants"
    left = [(f" {transcript.id} ", ink.accent), (f" {shown(speakers)}", ink.strong)]
    left += [(f" · {transcript.info.date}" if transcript.info.date else "", ink.quiet)]
    whole = [code for segment in session.records.whole() for code in segment.code_ids]
    if whole:
        left += [("  whole: ", ink.faint)] + [(f"{shown(code)} ", ink.code(code)) for code in whole]
    done = [("✓ finished  ", ink.style(ink.paper.good))] if session.header.done else []
    coder = [(" coder ", ink.faint), (f"{session.coder}  ", ink.strong)]
    count = [(f"{len(session.records.segments)} segments  ", ink.quiet)]
    return left, [*coder, *count, *done, _saved(desk.workspace.status(session), ink)]


def _saved(status: str, ink: Ink) -> tuple[str, Style]:
    if status == "saved":
        return "● saved ", ink.style(ink.paper.good)
    if status == "saving":
        return "○ saving ", ink.quiet
    return "✗ not saved ", ink.style(ink.paper.bad, bold=True)


def slots(held: Slots, ink: Ink) -> tuple[Pieces, Pieces]:
    """The codes on the digits left, the code that the full stop repeats right."""
    pieces: Pieces = []
    for number, code in enumerate(held.codes, 1):
        if code is not None:
            pin = "*" if code in held.pinned else ""
            pieces += [(f" {number}", ink.accent), (f" {shown(code)}{pin} ", ink.code(code))]
    if not pieces:
        pieces = [(" no codes used yet: select with s, then c and type a name", ink.faint)]
    last = [(" . ", ink.accent), (f"{shown(held.last)} ", ink.code(held.last))] if held.last else []
    return pieces, last


def place(desk: CodeScreen, ink: Ink) -> Pieces:
    """Where the cursor is, how much is selected, what is coded here."""
    page = desk.page
    number = page.turn_number(page.selection.cursor)
    pieces = [(f" turn {number}/{len(page.transcript.turns)} ", ink.quiet)]
    if page.selection.span:
        start, end = page.selection.span
        pieces.append((f" {end - start} characters selected ", ink.plain))
    for segment in page.segments_here()[:3]:
        code = segment.code_ids[0] if segment.codes else ""
        pieces.append((f" {described(segment, desk.session.codebook)} ", ink.code(code)))
    return pieces
