"""Codes on what a search found: marked or all, widened to sentences or turns, one undo step for the lot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_tui.code.session.layer_writer import Written
from postil_tui.code.session.pick import NewCode, Pick
from postil_tui.code.session.prompts import Choice, Choose
from postil_tui.code.session.session import Session
from postil_tui.search.autocode import Unit, code_hits, kept, take_back
from postil_tui.search.found import corpus_for
from postil_tui.shell.state import Kept
from postil_tui.widgets.picker import WIDTH, Picker

if TYPE_CHECKING:
    from postil_tui.search.screen import SearchScreen

MOST_BATCHES = 20  # that can be taken back as one step


class SearchCoding:
    """Marking and coding."""

    def __init__(self, screen: SearchScreen) -> None:
        self._screen = screen

    def do_mark(self) -> None:
        """Mark the passage (or no longer), and go on to the next."""
        screen = self._screen
        if screen.found is not None and screen.here is not None:
            screen.found.toggle(screen.here)
            screen.rows.move(1)
            screen.rows.refresh()
            screen.repaint_head()

    def do_mark_all(self) -> None:
        """Mark all passages, or none."""
        if self._screen.found is not None:
            self._screen.found.toggle_all()
            self._screen.repaint()

    def do_code_hits(self) -> None:
        """Choose a code for the marked passages, or for all of them."""
        screen, found = self._screen, self._screen.found
        if found is None or not found.hits:
            screen.say("nothing was found that could be coded: / asks", "warn")
            return
        workspace = screen.workspace
        pick = Pick(
            f"code {self._which()} with",
            workspace.codebook,
            self._ask_unit,
            create=self._create,
            recent=workspace.slots.recent,
            counts=workspace.counts(),
        )
        slots = {code: number for number, code in enumerate(workspace.slots.codes, 1) if code}
        screen.query_one(Picker).open(pick, screen.ink, max((screen.size.width - WIDTH) // 2, 0), 3, slots)
        screen.ask(pick)

    def _which(self) -> str:
        found = self._screen.found
        assert found is not None
        count = len(found.chosen())
        return f"{counted(count, 'marked passage')}" if found.marked else f"all {counted(count, 'passage')}"

    def _create(self, new: NewCode) -> None:
        self._screen.workspace.add_code(new, "emergent")
        self._screen.app.codebook_changed()
        self._ask_unit(new.id)

    def _ask_unit(self, code: str) -> None:
        units: list[tuple[str, str, Unit]] = [
            ("w", "the words found", "words"),
            ("s", "their sentences", "sentences"),
            ("t", "their turns", "turns"),
        ]
        choices = [Choice(key, text, lambda unit=unit: self._code(code, unit), code) for key, text, unit in units]  # type: ignore[misc]
        self._screen.ask(Choose(f"{code} on {self._which()}:", choices))

    def _code(self, code: str, unit: Unit) -> None:
        screen, found = self._screen, self._screen.found
        assert found is not None
        chosen = found.chosen()
        batch = code_hits((found.hits[index] for index in chosen), unit, code, self._session)
        screen.workspace.slots.use(code)
        if not batch.steps:
            screen.say(f"{code} is on all of these passages already")
            return
        self._remember(kept(screen.workspace.coder, batch))
        found.coded.update(chosen)
        found.marked.clear()
        self._look_again()
        screen.say(f"● {batch.said} · {screen.keymap.key('undo')} undo", "good")

    def _remember(self, batch: Kept) -> None:
        """Kept at once: it can be taken back tomorrow, too, even if the app ends badly today."""
        remembered = self._screen.workspace.remembered
        remembered.batches = [*remembered.batches, batch][-MOST_BATCHES:]
        remembered.save()

    def _session(self, transcript_id: str) -> Session:
        return self._screen.workspace.session(transcript_id, self._told)

    def _told(self, session: Session, saved: Written) -> None:
        """The saver's thread could not write: say so in the app's own thread."""
        if saved.status == "failed" and self._screen.is_running:
            words = f"{session.transcript.id} not saved: {saved.message} (kept in memory)"
            self._screen.app.call_from_thread(self._screen.say, words, "bad")

    def do_undo(self) -> None:
        """Take the last coding of passages back, in all transcripts."""
        screen = self._screen
        batches = screen.workspace.remembered.batches
        batch = next((one for one in reversed(batches) if one.coder == screen.workspace.coder), None)
        if batch is None:
            screen.say("nothing was coded from here yet")
            return
        take_back(batch, self._session)
        batches.remove(batch)
        screen.workspace.remembered.save()
        if screen.found is not None:
            screen.found.coded.clear()
        self._look_again()
        screen.say(f"taken back: {batch.said}", "good")

    def _look_again(self) -> None:
        """The passages stay where they are; the codes beside them are those of now."""
        screen, found = self._screen, self._screen.found
        workspace = screen.workspace
        if found is None:
            return
        if not workspace.flush():
            raise PostilError("not everything could be written; what was coded is kept in memory and written later")
        workspace.study.refresh()
        found.use(corpus_for(workspace.study, workspace.coder)[0])
        screen.repaint()
