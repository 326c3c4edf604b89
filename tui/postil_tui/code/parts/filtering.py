"""The filter: which turns, which codes and whose codings are shown. It changes nothing but the view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from postil_base.plural import counted
from postil_study.text.values import Segment
from postil_tui.code.session.pick import Pick
from postil_tui.code.session.prompts import Choice, Choose
from postil_tui.text.sight import Sight, Turns

if TYPE_CHECKING:
    from postil_tui.code.screen import CodeScreen

_KEYS: dict[Turns, tuple[str, str]] = {
    "all": ("a", "all turns"),
    "participants": ("p", "participants"),
    "coded": ("c", "coded"),
    "uncoded": ("u", "uncoded"),
}


class Filtering:
    """Showing less of a transcript, or more of other people's work on it."""

    def __init__(self, screen: CodeScreen) -> None:
        self._screen = screen

    def do_filter(self) -> None:
        """Ask what to show."""
        sight = self._screen.page.sight
        choices = [Choice("e", "everything", lambda: self._look(Sight(notes=sight.notes)))] if sight.words() else []
        choices += [
            Choice(key, word, lambda turns=turns: self._turns(turns))  # type: ignore[misc]
            for turns, (key, word) in _KEYS.items()
            if turns != sight.turns
        ]
        choices += [Choice("k", "one code…", self._ask_code), Choice("o", "coders…", self._ask_coders)]
        self._screen.ask(Choose("show", choices))

    def _turns(self, turns: Turns) -> None:
        self._look(msgspec.structs.replace(self._screen.page.sight, turns=turns))

    def _look(self, sight: Sight) -> None:
        screen = self._screen
        top = screen.page.layout.row_span(min(screen.view.top, screen.page.layout.rows - 1))[0]
        if not screen.page.look_at(sight):
            screen.say(f"{sight.words()}: there are none here, so everything stays as it is", "warn")
            return
        screen.finding.forget()
        screen.view.top = screen.page.layout.row_of(top)
        screen.page.moved()
        screen.view.repaint()
        screen.view.reveal(jump=True)
        screen.show_title()
        turns = len(screen.page.blocks)
        words = sight.words()
        again = f"   {screen.keymap.key('filter')} e shows everything again"
        screen.say(f"{words}: {counted(turns, 'turn')}{again}" if words else "everything is shown")

    # --- codes -------------------------------------------------------------------------------------------------------

    def _ask_code(self) -> None:
        screen = self._screen
        counts: dict[str, int] = {}
        for segment in screen.page.records.segments.values():
            for code in segment.code_ids:
                counts[code] = counts.get(code, 0) + 1
        book = screen.workspace.codebook
        among = [code for code in book.codes if not counts.keys().isdisjoint(book.subtree(code))]
        screen.open_pick(Pick("show only", book, self._only, counts=counts, among=among))

    def _only(self, code: str) -> None:
        below = frozenset(self._screen.workspace.codebook.subtree(code))
        self._look(msgspec.structs.replace(self._screen.page.sight, codes=below, code=code))

    # --- coders ------------------------------------------------------------------------------------------------------

    def _ask_coders(self) -> None:
        screen = self._screen
        workspace = screen.workspace
        transcript = screen.page.transcript.id
        if workspace.blind():
            screen.say("a blind round is on: nothing of the others is shown", "warn")
            return
        hidden = workspace.hidden()
        others = [coder for coder in workspace.coders if coder not in (workspace.coder, "consensus")]
        there = {
            coder: layer.segments
            for coder in [*others, "consensus"]
            if (coder, transcript) not in hidden and (layer := workspace.study.layer(coder, transcript)) is not None
        }
        if not there:
            screen.say(f"nobody else has coded {transcript}")
            return
        shown = screen.page.sight.others
        choices = [
            Choice(str(number), f"{'hide ' if coder in shown else ''}{coder}", self._shower(coder, segments))
            for number, (coder, segments) in enumerate(list(there.items())[:9], 1)
        ]
        screen.ask(Choose("codings of", choices))

    def _shower(self, coder: str, segments: tuple[Segment, ...]) -> Callable[[], None]:
        return lambda: self._turn_over(coder, segments)

    def _turn_over(self, coder: str, segments: tuple[Segment, ...]) -> None:
        """Show a coder's work, or hide it."""
        sight = self._screen.page.sight
        others = dict(sight.others)
        if others.pop(coder, None) is None:
            others[coder] = segments
        self._look(msgspec.structs.replace(sight, others=others))
