"""Segments that a corrected text left behind: without words, or at words a person should look at.

The list lies below the text. A segment is placed on words that are selected, given up, or found right as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rich.style import Style

from postil_study.text.values import Segment
from postil_tui.code.parts.list_below import ListBelow
from postil_tui.code.session.prompts import PromptStage
from postil_tui.text.cells import cells, fitted
from postil_tui.widgets.rows import Line

if TYPE_CHECKING:
    from postil_study.anchoring.reanchor import Move


class Stray(ListBelow):
    """The list, one segment a row; the text shows where the highlighted one stands, or stood."""

    HINT = "⏎ place it: select its words   a right as it is   x give it up   u undo   esc leaves"

    @property
    def _unsure(self) -> Mapping[str, Move]:
        """What was found again without being certain."""
        session = self._screen.session
        return self._screen.workspace.looks.get((session.coder, session.transcript.id), {})

    def _found(self) -> list[Segment]:
        """Those without words first, each group by position."""
        records = self._screen.session.records
        unsure = [one for one in records.in_order() if one.id in self._unsure and not one.unanchored]
        return [*sorted(records.unanchored(), key=lambda one: one.start or 0), *unsure]

    def do_stray(self) -> None:
        """List them, beginning with those that have no words."""
        if not self._found():
            self._screen.say("every segment stands on its words")
            return
        self._open(0)

    def refresh(self) -> None:
        """Show them as they are now, if the list is open."""
        if self._stage is None:
            return
        found = self._found()
        ink = self._screen.bar_ink
        nothing = [("  every segment stands on its words", ink.quiet)]
        self._rows.show(len(found), lambda *at: self._line(found, *at), ink.plain, self._header(found), nothing)

    def _count(self) -> int:
        return len(self._found())

    # --- keys --------------------------------------------------------------------------------------------------------

    def _own_keys(self) -> Mapping[str, Callable[[], None]]:
        return {"enter": self._ask_place, "a": self._accept, "x": self._give_up}

    def _chosen(self) -> Segment | None:
        found = self._found()
        return found[min(self._rows.index, len(found) - 1)] if found else None

    def _look(self) -> None:
        """Show the words of the highlighted one; of one without words the place where they were."""
        segment, page = self._chosen(), self._screen.page
        if segment is not None and segment.start is not None and segment.end is not None:
            if segment.unanchored:
                page.selection.clear()
                page.put_cursor(page.layout.clamp(segment.start))
            else:
                page.selection.select((segment.start, segment.end), cursor_at_end=False)
                page.selection.settled = True
            self._screen.moved(jump=True, quiet=True)
        self.refresh()

    # --- deciding ----------------------------------------------------------------------------------------------------

    def _ask_place(self) -> None:
        """Let the words be selected on which the segment goes."""
        segment, screen = self._chosen(), self._screen
        if segment is None:
            self.close()
            return

        def keep() -> None:
            span = screen.session.trimmed(screen.page.selection.target(screen.page.units))
            screen.session.set_borders(segment.id, span)
            self._settle(segment, f"● {_codes(segment)} → “{screen.short_quote(span)}”   u undo")

        question = f"{_codes(segment)}: select its words, then ⏎   esc leaves it as it is"
        screen.ask(PromptStage(question, {"enter": keep}, self._back))

    def _accept(self) -> None:
        """The place it was given is the right one."""
        segment = self._chosen()
        if segment is not None and segment.unanchored:
            self._screen.say("it stands on no words: ⏎ places it, x gives it up", "warn")
        elif segment is not None:
            self._settle(segment, f"● {_codes(segment)} stays where it is")

    def _give_up(self) -> None:
        segment = self._chosen()
        if segment is not None:
            self._screen.session.remove_segment(segment.id, f"{_codes(segment)} given up")
            self._settle(segment, f"○ {_codes(segment)} given up   u undo")

    def _settle(self, segment: Segment, said: str) -> None:
        key = (self._screen.session.coder, self._screen.session.transcript.id)
        self._screen.workspace.looks.get(key, {}).pop(segment.id, None)
        self._screen.say(said, "good")
        self._back()
        self._look()

    # --- painting ----------------------------------------------------------------------------------------------------

    def _header(self, found: list[Segment]) -> Line:
        ink = self._screen.bar_ink
        lost = sum(segment.unanchored for segment in found)
        counted = f" {lost} without words, {len(found) - lost} to be looked at after a correction "
        return [
            (counted, ink.strong),
            (f"  {self._screen.said}" if self._screen.said else "", ink.style(ink.paper.good)),
        ]

    def _line(self, found: list[Segment], row: int, chosen: bool, width: int) -> Line:
        ink, segment = self._screen.bar_ink, found[row]
        code = segment.code_ids[0] if segment.codes else ""
        move = None if segment.unanchored else self._unsure.get(segment.id)
        parts: list[tuple[str, Style]] = [
            (" ▸" if chosen else "  ", ink.accent),
            (f"{fitted(_codes(segment), 24)} ", ink.code(code, chosen)),
            ("✎ " if segment.memo else "  ", ink.faint),
            (f"{_why(move)} ", ink.quiet if move else ink.style(ink.paper.bad)),
        ]
        room = max(width - sum(cells(text) for text, _ in parts) - 1, 0)
        quote = " ".join((move or segment).quote.split())
        return [*parts, (fitted(f"“{quote}”", room), ink.quiet)]


def _why(move: Move | None) -> str:
    if move is None:
        return "its words are gone:"
    return f"{move.score:.0%} alike, it was:" if move.fate == "changed" else "here, or where the same is said:"


def _codes(segment: Segment) -> str:
    return ", ".join(segment.code_ids) or "segment without a code"
