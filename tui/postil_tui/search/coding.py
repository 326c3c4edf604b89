"""Codes on what a search found: marked or all, widened to sentences or turns, one undo step for the lot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_tui.code.session.pick import NewCode, Pick
from postil_tui.code.session.prompts import Choice, Choose
from postil_tui.code.session.saver import Written
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

    def __init__(self, desk: SearchScreen) -> None:
        self._desk = desk

    def do_mark(self) -> None:
        """Mark the passage (or no longer), and go on to the next."""
        desk = self._desk
        if desk.found is not None and desk.here is not None:
            desk.found.toggle(desk.here)
            desk.rows.move(1)
            desk.rows.refresh()
            desk.repaint_head()

    def do_mark_all(self) -> None:
        """Mark all passages, or none."""
        if self._desk.found is not None:
            self._desk.found.toggle_all()
            self._desk.repaint()

    def do_code_hits(self) -> None:
        """Choose a code for the marked passages, or for all of them."""
        desk, found = self._desk, self._desk.found
        if found is None or not found.hits:
            desk.say("nothing was found that could be coded: / asks", "warn")
            return
        workspace = desk.workspace
        pick = Pick(
            f"code {self._which()} with",
            workspace.codebook,
            self._ask_unit,
            create=self._create,
            recent=workspace.slots.recent,
            counts=workspace.counts(),
        )
        slots = {code: number for number, code in enumerate(workspace.slots.codes, 1) if code}
        desk.query_one(Picker).open(pick, desk.ink, max((desk.size.width - WIDTH) // 2, 0), 3, slots)
        desk.ask(pick)

    def _which(self) -> str:
        found = self._desk.found
        assert found is not None
        count = len(found.chosen())
        return f"{counted(count, 'marked passage')}" if found.marked else f"all {counted(count, 'passage')}"

    def _create(self, new: NewCode) -> None:
        self._desk.workspace.add_code(new, "emergent")
        self._desk.desk.codebook_changed()
        self._ask_unit(new.id)

    def _ask_unit(self, code: str) -> None:
        units: list[tuple[str, str, Unit]] = [
            ("w", "the words found", "words"),
            ("s", "their sentences", "sentences"),
            ("t", "their turns", "turns"),
        ]
        choices = [Choice(key, text, lambda unit=unit: self._code(code, unit), code) for key, text, unit in units]  # type: ignore[misc]
        self._desk.ask(Choose(f"{code} on {self._which()}:", choices))

    def _code(self, code: str, unit: Unit) -> None:
        desk, found = self._desk, self._desk.found
        assert found is not None
        chosen = found.chosen()
        batch = code_hits((found.hits[index] for index in chosen), unit, code, self._session)
        desk.workspace.slots.use(code)
        if not batch.steps:
            desk.say(f"{code} is on all of these passages already")
            return
        self._remember(kept(desk.workspace.coder, batch))
        found.coded.update(chosen)
        found.marked.clear()
        self._look_again()
        desk.say(f"● {batch.said} · {desk.keymap.key('undo')} undo", "good")

    def _remember(self, batch: Kept) -> None:
        """Kept at once: it can be taken back tomorrow, too, even if the app ends badly today."""
        remembered = self._desk.workspace.remembered
        remembered.batches = [*remembered.batches, batch][-MOST_BATCHES:]
        remembered.save()

    def _session(self, transcript_id: str) -> Session:
        return self._desk.workspace.session(transcript_id, self._told)

    def _told(self, session: Session, saved: Written) -> None:
        """The saver's thread could not write: say so in the app's own thread."""
        if saved.status == "failed" and self._desk.is_running:
            words = f"{session.transcript.id} not saved: {saved.message} (kept in memory)"
            self._desk.app.call_from_thread(self._desk.say, words, "bad")

    def do_undo(self) -> None:
        """Take the last coding of passages back, in all transcripts."""
        desk = self._desk
        batches = desk.workspace.remembered.batches
        batch = next((one for one in reversed(batches) if one.coder == desk.workspace.coder), None)
        if batch is None:
            desk.say("nothing was coded from here yet")
            return
        take_back(batch, self._session)
        batches.remove(batch)
        desk.workspace.remembered.save()
        if desk.found is not None:
            desk.found.coded.clear()
        self._look_again()
        desk.say(f"taken back: {batch.said}", "good")

    def _look_again(self) -> None:
        """The passages stay where they are; the codes beside them are those of now."""
        desk, found = self._desk, self._desk.found
        workspace = desk.workspace
        if found is None:
            return
        if not workspace.flush():
            raise PostilError("not everything could be written; what was coded is kept in memory and written later")
        workspace.study.refresh()
        found.use(corpus_for(workspace.study, workspace.coder)[0])
        desk.repaint()
