"""Reading around the text: memos, what a code means, notes of the source, copying, marking as finished."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from postil_base.clock import utc_today
from postil_base.problem import PostilError
from postil_study.text.values import Segment
from postil_tui.code.session.prompts import Choice, Choose
from postil_tui.code.session.quoting import append_quote, quote_with_source

if TYPE_CHECKING:
    from postil_tui.code.screen import CodeScreen


class ReadingPart:
    """What is not coding, but belongs beside it."""

    def __init__(self, screen: CodeScreen) -> None:
        self._screen = screen

    # --- memos -----------------------------------------------------------------------------------------------------

    def do_memo(self) -> None:
        """Write the memo of the segment here."""
        if not self._note_here():
            self._screen.coding.with_segment("memo on", lambda segment: self.memo_on(segment.id))

    def _note_here(self) -> bool:
        """Show the note of the source here, where nothing of one's own is; asks which if there are several."""
        notes = [] if self._screen.page.segments_here() else self._screen.page.notes_here()
        if len(notes) > 1:
            choices = [
                Choice(str(n), " ".join(note.memo.split())[:30], lambda note=note: self._open_note(note))  # type: ignore[misc]
                for n, note in enumerate(notes[:9], 1)
            ]
            self._screen.ask(Choose("read the note", choices))
        elif notes:
            self._open_note(notes[0])
        return bool(notes)

    def memo_on(self, segment_id: str) -> None:
        """Open the memo of a segment, with the text still in sight."""
        segment = self._screen.session.records.segments.get(segment_id)
        if segment is not None:
            title = f"memo on {', '.join(segment.code_ids) or 'a passage without a code'} · ctrl+s or esc keeps it"
            self._screen.open_memo(title, segment.memo, self._keeper(segment))

    def _keeper(self, segment: Segment) -> Callable[[str], None]:
        def keep(text: str) -> None:
            if text.strip() != segment.memo:
                change = self._screen.session.set_memo(segment.id, text)
                self._screen.say(f"● {change.said}", "good")
            else:
                self._screen.say("memo unchanged")

        return keep

    def _open_note(self, note: Segment) -> None:
        from postil_tui.shell.screens.card import NoteScreen

        screen = self._screen
        screen.app.push_screen(NoteScreen(screen.page.whose.get(note.id, ""), note, screen.ink))

    def do_memo_transcript(self) -> None:
        """Write the memo of the transcript."""
        from postil_tui.memos.memo_book import MemoBook

        workspace = self._screen.workspace
        subject = f"transcript:{self._screen.page.transcript.id}"
        book = MemoBook(workspace.root, workspace.clock)
        memo = book.about(subject, workspace.coder)

        def keep(text: str) -> None:
            kept = book.keep(memo, subject, workspace.coder, text)
            self._screen.say(f"● kept in {kept.path}" if kept else "memo unchanged", "good" if kept else "")

        title = f"memo on {subject} by {workspace.coder} · ctrl+s or esc keeps it"
        self._screen.open_memo(title, memo.body.rstrip() if memo else "", keep)

    # --- what a code means -----------------------------------------------------------------------------------------

    def do_card(self) -> None:
        """Show definition, include and exclude of the code here."""
        if not self._note_here():
            self._screen.coding.with_one("what means", lambda _, code: self._screen.open_card(code))

    # --- the source's notes ------------------------------------------------------------------------------------------

    def do_notes(self) -> None:
        """Show or hide the notes that came with the source."""
        layers = self._screen.workspace.source_layers(self._screen.page.transcript.id)
        if not layers:
            self._screen.say("no notes came with this transcript's source")
            return
        shown = not self._screen.page.sight.notes
        self._screen.show_source(layers if shown else [])
        names = ", ".join(layer.header.coder for layer in layers)
        if not shown:
            self._screen.say(f"notes of {names} hidden")
            return
        placed = sum(segment.start is not None for layer in layers for segment in layer.segments)
        whole = sum(len(layer.segments) for layer in layers) - placed
        keys = self._screen.keymap
        also = f"; {whole} on the whole transcript ({keys.key('memos')} lists them)" if whole else ""
        count = f"{placed} note{'' if placed == 1 else 's'} of {names}"
        self._screen.say(f"{count} beside the codings, dashed: {keys.key('memo')} reads the one here{also}")

    # --- the rest ----------------------------------------------------------------------------------------------------

    def do_copy(self) -> None:
        """Copy the quote with its question and its source."""
        screen = self._screen
        span = self._quoted()
        if not self._may_quote(span):
            raise PostilError("who speaks here did not agree to be quoted, so the words are not copied")
        how = screen.app.copy(quote_with_source(screen.page.transcript, span))
        file = screen.keymap.key("copy_to_file")
        if not how:
            screen.say(f"too long for the clipboard: {file} writes it into a file", "warn")
        else:
            screen.say(f"copied: {how}; if paste stays empty, {file} writes it into a file")

    def do_copy_to_file(self) -> None:
        """Write the quote with its question and source behind the others in exports/."""
        screen = self._screen
        span = self._quoted()
        if not self._may_quote(span):
            raise PostilError("who speaks here did not agree to be quoted, so the words are not written out")
        path, count = append_quote(screen.workspace.root, screen.page.transcript, span)
        screen.say(f"● written to {path} ({count} quote{'' if count == 1 else 's'} there)", "good")

    def _quoted(self) -> tuple[int, int]:
        """What is selected, else the segment here, else the sentence."""
        screen = self._screen
        segments = screen.page.segments_here()
        span = screen.page.selection.span
        if span is None:
            best = segments[0] if segments else None
            span = (best.start or 0, best.end or 0) if best else screen.page.selection.target(screen.page.units)
        return screen.session.trimmed(span)

    def _may_quote(self, span: tuple[int, int]) -> bool:
        from postil_study.privacy.consent.purposes import Consent

        return Consent(self._screen.workspace.study).quotes(self._screen.page.transcript, *span)

    def do_done(self) -> None:
        """Mark the transcript as finished, or open it again; asks once."""
        session = self._screen.session
        if session.header.done:
            self._screen.ask(Choose("open it again?", [Choice("y", "yes", lambda: self._set_done(""))]))
            return
        asked = self._screen.workspace.done_question(session.transcript.id, session.coder)
        question = f"{asked} what is uncoded then counts as not applied"
        self._screen.ask(
            Choose(question, [Choice("y", "yes", lambda: self._set_done(utc_today(self._screen.workspace.clock)))])
        )

    def _set_done(self, date: str) -> None:
        self._screen.workspace.set_done(self._screen.session, date)
        self._screen.show_title()
        self._screen.say(f"✓ finished on {date}" if date else "open again", "good")

    def do_reload(self) -> None:
        """Take over what changed outside."""
        self._screen.look_outside(asked=True)
