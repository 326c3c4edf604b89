"""Finding in the transcript: while the query is typed the matches show, n and N go through them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from postil_base.problem import PostilError
from postil_tui.code.session.find import hits
from postil_tui.code.session.line_edit import LineEdit
from postil_tui.code.session.prompts import Ask

if TYPE_CHECKING:
    from postil_tui.code.screen import CodeScreen


class FindingPart:
    """The search in this transcript."""

    def __init__(self, screen: CodeScreen) -> None:
        self._screen = screen
        self._query = ""
        self._regex = False
        self._from = 0

    def do_find(self) -> None:
        """Ask what to find; matches show while typing."""
        self._from = self._screen.page.selection.cursor
        line = LineEdit()
        line.set("")
        extra = {"ctrl+r": self._toggle_regex}
        self._screen.ask(Ask(self._question(), self._found, line, self._typed, self.forget, self._note(), extra))

    def _question(self) -> str:
        return "find (regex):" if self._regex else "find:"

    def _note(self) -> str:
        return "^r plain" if self._regex else "^r regex"

    def _toggle_regex(self) -> None:
        self._regex = not self._regex
        prompt = self._screen.prompt
        if isinstance(prompt, Ask):
            prompt.question, prompt.note = self._question(), self._note()
            self._typed(prompt.line.text)

    def _typed(self, query: str) -> None:
        self._query, wrong = query, ""
        try:
            found = self._in_sight(hits(self._screen.page.transcript.text, query, self._regex))
        except PostilError as error:
            found, wrong = (), str(error)
        self._screen.page.set_hits(found)
        prompt = self._screen.prompt
        if isinstance(prompt, Ask):
            count = f"{len(found)} match{'' if len(found) == 1 else 'es'}" if query else ""
            prompt.note = wrong or f"{count}   {self._note()}"
        if found:
            index = bisect_left(found, (self._from, 0)) % len(found)
            self._screen.page.put_cursor(found[index][0])
        self._screen.moved(jump=True, quiet=True)
        self._screen.view.repaint()

    def _in_sight(self, found: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        """Only what the filter shows."""
        page = self._screen.page
        if page.sight.turns == "all":
            return found
        return tuple(span for span in found if not page.hidden_turns(span))

    def _found(self, query: str) -> None:
        hits(self._screen.page.transcript.text, query, self._regex)  # says what is wrong with a regular expression
        self._typed(query)
        if not query:
            self.forget()
        elif not self._screen.page.hits:
            plain = "" if self._regex else "  (^r in the search: regular expression)"
            sight = self._screen.page.sight.words()
            hidden = f"  (the filter is on: {sight}; f changes it)" if sight else ""
            self._screen.say(f"0 matches for {query}{plain}{hidden}", "warn")
        else:
            self._tell()

    def _tell(self) -> None:
        found = self._screen.page.hits
        index = bisect_right(found, (self._screen.page.selection.cursor, 1 << 62)) - 1
        keymap = self._screen.keymap
        keys = f"{keymap.key('find_next')} next, {keymap.key('find_back')} before, esc ends"
        self._screen.say(f"{self._query}: match {index + 1} of {len(found)}   {keys}")

    def forget(self) -> None:
        """The search is over."""
        if self._screen.page.hits:
            self._screen.page.set_hits(())
            self._screen.view.repaint()
        self._query = ""

    def do_find_next(self) -> None:
        """Next match; without a search, next segment."""
        self._go(1)

    def do_find_back(self) -> None:
        """Match before; without a search, segment before."""
        self._go(-1)

    def _go(self, by: int) -> None:
        screen = self._screen
        found = screen.page.hits
        if not found:
            (screen.moving.do_segment_on if by > 0 else screen.moving.do_segment_back)()
            return
        cursor = screen.page.selection.cursor
        index = bisect_right(found, (cursor, 1 << 62)) if by > 0 else bisect_left(found, (cursor, 0)) - 1
        screen.page.put_cursor(found[index % len(found)][0])
        screen.moved(jump=True, quiet=True)
        self._tell()
