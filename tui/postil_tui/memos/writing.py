"""Memos are written, deleted, searched and put into files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_tui.code.session.line_edit import LineEdit
from postil_tui.code.session.prompts import Ask, Choice, Choose
from postil_tui.memos.memo_book import MemoBook
from postil_tui.memos.notes import Note, NotePlace, unknown
from postil_tui.widgets.memo_pane import MemoPane

if TYPE_CHECKING:
    from postil_tui.memos.screen import MemosScreen

_KEEPS = "ctrl+s or esc keeps it"


class MemosWriting:
    """What the keys of the memos screen change."""

    def __init__(self, screen: MemosScreen) -> None:
        self._screen = screen

    @property
    def _book(self) -> MemoBook:
        workspace = self._screen.workspace
        return MemoBook(workspace.root, workspace.clock)

    def _said(self, said: str, mood: str = "good") -> None:
        self._screen.gather("")
        self._screen.say(said, mood)

    def do_edit_memo(self) -> None:
        """Write on: in the memo's file, or in the record it belongs to."""
        note = self._screen.note
        if note is None:
            return
        if note.memo is not None:
            self._open(note, lambda text: self._keep(note, text))
        elif note.place is not None:
            self._open_record(note, note.place)
        else:
            where = "codebook (d)" if note.kind == "code" else "themes (m)"
            raise PostilError(f"this memo stands in the file of the {note.kind}s: {where} writes it")

    def _open_record(self, note: Note, place: NotePlace) -> None:
        me = self._screen.workspace.coder
        if note.kind == "note":
            raise PostilError(f"this note came with the source ({place.coder}) and stays as it is; n writes a memo")
        if place.coder != me:
            raise PostilError(f"this is {place.coder}'s memo; {place.coder} writes on (g w changes who works)")
        if note.kind != "segment":
            raise PostilError("the memo of a relation is written where the relation is: o goes there")
        session = self._screen.workspace.session(place.transcript)

        def keep(text: str) -> None:
            if text.strip() != note.body.strip():
                session.set_memo(place.record, text)
                self._said(f"● {session.last_change.said if session.last_change else 'memo written'}")

        self._open(note, keep)

    def _open(self, note: Note, keep: object) -> None:
        assert callable(keep)
        self._screen.query_one(MemoPane).open(f"memo on {note.subject} · {_KEEPS}", note.body.rstrip(), keep)

    def _keep(self, note: Note, text: str) -> None:
        kept = self._book.keep(note.memo, "", self._screen.workspace.coder, text)
        self._said(f"● kept in {kept.path}" if kept else "nothing new to keep", "good" if kept else "")

    def do_new_memo(self) -> None:
        """A new memo: on the study, or on what you name."""
        line = LineEdit()
        line.set("study")
        note = "study, code:ID, transcript:ID, participant:ID, theme:ID, node:ID, edge:ID, round:ID"
        self._screen.ask(Ask("memo about:", self._new, line, note=note))

    def _new(self, subject: str) -> None:
        about = subject.strip() or "study"
        wrong = unknown(self._screen.workspace.study, about)
        if wrong:
            raise PostilError(f"{wrong}; n asks again")

        def keep(text: str) -> None:
            kept = self._book.keep(None, about, self._screen.workspace.coder, text)
            self._said(f"● kept in {kept.path}" if kept else "nothing to keep", "good" if kept else "")

        self._screen.query_one(MemoPane).open(f"memo on {about} · {_KEEPS}", "", keep)

    def do_delete_memo(self) -> None:
        """Delete a memo's file; asks once."""
        note = self._screen.note
        memo = note.memo if note else None
        if note is not None and note.kind == "note":
            raise PostilError("this note came with the source: it stays as it is")
        if note is not None and memo is None:
            raise PostilError("this memo is part of a record: empty it with enter, or take the record away there")
        if memo is not None:

            def delete() -> None:
                self._book.delete(memo)
                self._said(f"{memo.path} deleted", "")

            self._screen.ask(Choose(f"delete “{memo.title}”?", [Choice("y", "yes", delete)]))

    def do_find_memo(self) -> None:
        """Only memos with some words."""
        line = LineEdit()
        line.set(self._screen.words)
        self._screen.ask(Ask("memos with:", self._find, line, changed=self._find, left=lambda: self._find("")))

    def _find(self, words: str) -> None:
        self._screen.words = words.strip()
        self._screen.sift()

    def do_export_memos(self) -> None:
        """Write the memos of the list into one file."""
        screen = self._screen
        if not screen.notes:
            screen.say("there is no memo in the list that could be written", "warn")
            return
        kinds = [("m", "Markdown", "md"), ("c", "CSV table", "csv")]
        choices = [Choice(key, words, lambda kind=kind: self._export(kind)) for key, words, kind in kinds]  # type: ignore[misc]
        screen.ask(Choose(f"write {counted(len(screen.notes), 'memo')} as", choices))

    def _export(self, kind: str) -> None:
        from postil_formats.tables.files import BOM
        from postil_study.privacy.consent.purposes import short_note
        from postil_tui.memos.output import as_csv, as_markdown

        study, found = self._screen.workspace.study, list(self._screen.notes)

        def write() -> str:
            text = as_markdown(study, found) if kind == "md" else BOM + as_csv(study, found)
            return self._book.write(f"memos.{kind}", text)

        note = short_note(study)
        self._screen.later(write, lambda path: self._screen.say(f"● written: {path}{note}", "good"), "writing…")
