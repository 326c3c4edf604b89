"""Moving about and selecting. Motions move the cursor; in free selection they move its end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from postil_tui.code.session.prompts import Choice, Choose
from postil_tui.text.motion import Unit

if TYPE_CHECKING:
    from postil_tui.code.screen import CodeScreen


JUMP_KEYS = "asdfghjklqwertyuiopzxcvbnm"


class Moving:
    """Motions of the cursor and scrolling."""

    def __init__(self, screen: CodeScreen) -> None:
        self._screen = screen

    def _go(self, offset: int, jump: bool = False) -> None:
        screen = self._screen
        screen.page.put_cursor(offset)
        screen.moved(jump=jump)

    def _on(self, unit: Unit) -> None:
        selection, units = self._screen.page.selection, self._screen.page.units
        if selection.free and selection.anchor is not None and unit != "char":
            self._go(units.free_on(unit, selection.cursor, selection.anchor))
        else:
            self._go(units.next_start(unit, selection.cursor), jump=unit != "char")

    def _back(self, unit: Unit) -> None:
        selection, units = self._screen.page.selection, self._screen.page.units
        if selection.free and selection.anchor is not None and unit != "char":
            self._go(units.free_back(unit, selection.cursor, selection.anchor))
        else:
            self._go(units.previous_start(unit, selection.cursor), jump=unit != "char")

    def do_word_on(self) -> None:
        """Next word."""
        self._on("word")

    def do_word_back(self) -> None:
        """Word before."""
        self._back("word")

    def do_char_on(self) -> None:
        """Next character."""
        self._on("char")

    def do_char_back(self) -> None:
        """Character before."""
        self._back("char")

    def do_sentence_on(self) -> None:
        """Next sentence."""
        self._on("sentence")

    def do_sentence_back(self) -> None:
        """Sentence before."""
        self._back("sentence")

    def do_turn_on(self) -> None:
        """Next turn."""
        self._on("turn")

    def do_turn_back(self) -> None:
        """Turn before."""
        self._back("turn")

    def _line(self, by: int) -> None:
        screen = self._screen
        column = screen.column
        self._go(screen.page.line_motion(by, column))
        screen.column = column

    def do_line_down(self) -> None:
        """Line down, in the same column."""
        self._line(1)

    def do_line_up(self) -> None:
        """Line up, in the same column."""
        self._line(-1)

    def _page(self, rows: int) -> None:
        view = self._screen.view
        view.set_top(view.top + rows)
        self._line(rows)

    def do_page_down(self) -> None:
        """A page down; two rows stay in sight."""
        self._page(max(self._screen.view.size.height - 2, 1))

    def do_page_up(self) -> None:
        """A page up."""
        self._page(-max(self._screen.view.size.height - 2, 1))

    def do_half_down(self) -> None:
        """Half a page down."""
        self._page(max(self._screen.view.size.height // 2, 1))

    def do_half_up(self) -> None:
        """Half a page up."""
        self._page(-max(self._screen.view.size.height // 2, 1))

    def do_first(self) -> None:
        """To the start."""
        self._go(0)

    def do_last(self) -> None:
        """To the end."""
        self._go(len(self._screen.page.transcript.text))

    def do_segment_on(self) -> None:
        """Next coded segment."""
        found = self._screen.page.own.next_after(self._screen.page.selection.cursor)
        if found is None or found.start is None:
            self._screen.say("no coded segment further down", "warn")
        else:
            self._go(found.start, jump=True)

    def do_segment_back(self) -> None:
        """Coded segment before."""
        found = self._screen.page.own.last_before(self._screen.page.selection.cursor)
        if found is None or found.start is None:
            self._screen.say("no coded segment further up", "warn")
        else:
            self._go(found.start, jump=True)

    # --- further away ------------------------------------------------------------------------------------------------

    def do_next_transcript(self) -> None:
        """Next transcript."""
        self._transcript(1)

    def do_previous_transcript(self) -> None:
        """Transcript before."""
        self._transcript(-1)

    def _transcript(self, by: int) -> None:
        screen = self._screen
        ids = list(screen.workspace.study.transcripts)
        goal = ids.index(screen.page.transcript.id) + by
        if 0 <= goal < len(ids):
            screen.open(ids[goal])
        else:
            screen.say("this is the last transcript" if by > 0 else "this is the first transcript", "warn")

    def do_jump(self) -> None:
        """Letters appear beside the turns in sight; one of them puts the cursor there."""
        screen = self._screen
        page, view = screen.page, screen.view
        rows = range(view.top, min(view.top + view.size.height, page.layout.rows))
        first = [row for row in rows if page.turn_of_row(row) and (page.is_first_row(row) or row == rows[0])]
        page.labels = dict(zip(first, JUMP_KEYS, strict=False))
        choices = [Choice(key, "", partial(self._go, page.layout.row_span(row)[0])) for row, key in page.labels.items()]
        screen.ask(Choose("jump to a letter in the text", choices, left=self._unlabel, quiet=True))
        view.repaint_rows(first)

    def _unlabel(self) -> None:
        rows = list(self._screen.page.labels)
        self._screen.page.labels = {}
        self._screen.view.repaint_rows(rows)


class Selecting:
    """Selecting by units, freely, and with shift and the arrows."""

    def __init__(self, screen: CodeScreen) -> None:
        self._screen = screen

    def _add(self, unit: Unit) -> None:
        self._screen.page.selection.add_unit(unit, self._screen.page.units)
        self._screen.moved(jump=True)

    def _take(self, unit: Unit) -> None:
        self._screen.page.selection.take_back(unit, self._screen.page.units)
        self._screen.moved()

    def do_select_sentence(self) -> None:
        """Select the sentence, or add the next."""
        self._add("sentence")

    def do_unselect_sentence(self) -> None:
        """Take one sentence back."""
        self._take("sentence")

    def do_select_turn(self) -> None:
        """Select the turn, or add the next."""
        self._add("turn")

    def do_unselect_turn(self) -> None:
        """Take one turn back."""
        self._take("turn")

    def do_select_clause(self) -> None:
        """Select the clause, or add the next."""
        self._add("clause")

    def do_select_exchange(self) -> None:
        """Select question and answer."""
        page = self._screen.page
        page.selection.select(page.units.exchange(page.selection.cursor))
        self._screen.moved()

    def do_grow(self) -> None:
        """Grow to the next larger unit."""
        page = self._screen.page
        span = page.selection.span
        start, end = span or (page.selection.cursor, page.selection.cursor)
        page.selection.resize(page.units.grown(start, end) if span else page.units.at("word", start))
        self._screen.moved()

    def do_shrink(self) -> None:
        """Shrink to the next smaller unit."""
        page = self._screen.page
        if page.selection.span:
            page.selection.resize(page.units.shrunk(*page.selection.span))
            self._screen.moved()

    def do_free(self) -> None:
        """Begin or end free selection."""
        self._screen.page.selection.start_free(self._screen.page.units)
        self._screen.moved()

    def do_other_end(self) -> None:
        """Move the other end."""
        self._screen.page.selection.swap_ends(self._screen.page.units)
        self._screen.moved()

    def do_clear(self) -> None:
        """Select nothing; a search is over, too."""
        self._screen.page.selection.clear()
        self._screen.finding.forget()
        self._screen.moved()

    def _extend(self, offset: int) -> None:
        page = self._screen.page
        page.selection.extend(page.layout.clamp(offset), page.units)
        self._screen.moved()

    def do_extend_right(self) -> None:
        """A character more."""
        page = self._screen.page
        begun = page.selection.active
        self._extend(page.units.next_start("char", page.selection.cursor) if begun else page.selection.cursor)

    def do_extend_left(self) -> None:
        """A character less."""
        self._extend(self._screen.page.units.previous_start("char", self._screen.page.selection.cursor))

    def do_extend_down(self) -> None:
        """A line more."""
        self._extend(self._screen.page.line_motion(1))

    def do_extend_up(self) -> None:
        """A line less."""
        self._extend(self._screen.page.line_motion(-1))

    def do_extend_word_right(self) -> None:
        """To the end of the word, or of the next one."""
        page = self._screen.page
        cursor = page.selection.cursor
        end = page.units.at("word", cursor)[1] - 1
        if end <= cursor:
            end = page.units.at("word", page.units.next_start("word", cursor))[1] - 1
        self._extend(end)

    def do_extend_word_left(self) -> None:
        """A word less."""
        self._extend(self._screen.page.units.previous_start("word", self._screen.page.selection.cursor))
