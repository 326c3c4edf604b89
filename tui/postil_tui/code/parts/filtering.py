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

    def __init__(self, desk: CodeScreen) -> None:
        self._desk = desk

    def do_filter(self) -> None:
        """Ask what to show."""
        sight = self._desk.page.sight
        choices = [Choice("e", "everything", lambda: self._look(Sight(notes=sight.notes)))] if sight.words() else []
        choices += [
            Choice(key, word, lambda turns=turns: self._turns(turns))  # type: ignore[misc]
            for turns, (key, word) in _KEYS.items()
            if turns != sight.turns
        ]
        choices += [Choice("k", "one code…", self._ask_code), Choice("o", "coders…", self._ask_coders)]
        self._desk.ask(Choose("show", choices))

    def _turns(self, turns: Turns) -> None:
        self._look(msgspec.structs.replace(self._desk.page.sight, turns=turns))

    def _look(self, sight: Sight) -> None:
        desk = self._desk
        top = desk.page.layout.row_span(min(desk.view.top, desk.page.layout.rows - 1))[0]
        if not desk.page.look_at(sight):
            desk.say(f"{sight.words()}: there are none here, so everything stays as it is", "warn")
            return
        desk.finding.forget()
        desk.view.top = desk.page.layout.row_of(top)
        desk.page.moved()
        desk.view.repaint()
        desk.view.reveal(jump=True)
        desk.show_title()
        turns = len(desk.page.blocks)
        words = sight.words()
        again = f"   {desk.keymap.key('filter')} e shows everything again"
        desk.say(f"{words}: {counted(turns, 'turn')}{again}" if words else "everything is shown")

    # --- codes -------------------------------------------------------------------------------------------------------

    def _ask_code(self) -> None:
        desk = self._desk
        counts: dict[str, int] = {}
        for segment in desk.page.records.segments.values():
            for code in segment.code_ids:
                counts[code] = counts.get(code, 0) + 1
        book = desk.workspace.codebook
        among = [code for code in book.codes if not counts.keys().isdisjoint(book.subtree(code))]
        desk.open_pick(Pick("show only", book, self._only, counts=counts, among=among))

    def _only(self, code: str) -> None:
        below = frozenset(self._desk.workspace.codebook.subtree(code))
        self._look(msgspec.structs.replace(self._desk.page.sight, codes=below, code=code))

    # --- coders ------------------------------------------------------------------------------------------------------

    def _ask_coders(self) -> None:
        desk = self._desk
        workspace = desk.workspace
        transcript = desk.page.transcript.id
        if workspace.blind():
            desk.say("a blind round is on: nothing of the others is shown", "warn")
            return
        hidden = workspace.hidden()
        others = [coder for coder in workspace.coders if coder not in (workspace.coder, "consensus")]
        there = {
            coder: layer.segments
            for coder in [*others, "consensus"]
            if (coder, transcript) not in hidden and (layer := workspace.study.layer(coder, transcript)) is not None
        }
        if not there:
            desk.say(f"nobody else has coded {transcript}")
            return
        shown = desk.page.sight.others
        choices = [
            Choice(str(number), f"{'hide ' if coder in shown else ''}{coder}", self._shower(coder, segments))
            for number, (coder, segments) in enumerate(list(there.items())[:9], 1)
        ]
        desk.ask(Choose("codings of", choices))

    def _shower(self, coder: str, segments: tuple[Segment, ...]) -> Callable[[], None]:
        return lambda: self._turn_over(coder, segments)

    def _turn_over(self, coder: str, segments: tuple[Segment, ...]) -> None:
        """Show a coder's work, or hide it."""
        sight = self._desk.page.sight
        others = dict(sight.others)
        if others.pop(coder, None) is None:
            others[coder] = segments
        self._look(msgspec.structs.replace(sight, others=others))
