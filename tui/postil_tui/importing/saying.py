"""What the keys of the import screen say: who is who, what a file is called, which names are replaced."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from postil_base.plural import subject
from postil_study.files.manifest import suggest_transcript_id
from postil_tui.code.session.line_edit import LineEdit
from postil_tui.code.session.prompts import Ask
from postil_tui.importing.state import FileEntry

if TYPE_CHECKING:
    from postil_tui.importing.screen import ImportScreen


class ImportSaying:
    """Roles, names, participants, ids, dates, encodings, pseudonyms."""

    def __init__(self, screen: ImportScreen) -> None:
        self._screen = screen

    def _known(self) -> FileEntry | None:
        entry = self._screen.entry
        if entry is None or entry.plan is None:
            self._screen.say("this file cannot be taken in, so there is nothing to say of it", "warn")
            return None
        return entry

    def _speaker(self) -> str | None:
        """The speaker a key is about, or a word on how to choose one."""
        entry = self._known()
        if entry is None or entry.plan is None:
            return None
        labels = list(entry.plan.recognised.labels)
        label = self._screen.label if self._screen.label is not None else labels[0] if len(labels) == 1 else None
        if label is None:
            self._screen.say("choose a speaker first: tab, then j and k", "warn")
        return label

    def do_take(self) -> None:
        """Take the file in, or leave it aside."""
        entry = self._known()
        if entry is not None:
            entry.taken = not entry.taken
            self._screen.repaint()
            self._screen.rows.move(0 if self._screen.about.has_focus else 1)

    def do_take_all(self) -> None:
        """All files that can be read, or none."""
        taken = self._screen.bench.take_all()
        self._screen.repaint()
        self._screen.say(f"{len(self._screen.bench.going_in)} to take in" if taken else "none is taken in", "good")

    def do_dismiss(self) -> None:
        """Off the list with a file that cannot be read."""
        entry = self._screen.entry
        if entry is None or entry.plan is not None:
            key = self._screen.keymap.key("take")
            self._screen.say(f"this file can be read: {key} leaves it aside", "warn")
            return
        self._dismiss([entry])

    def do_dismiss_all(self) -> None:
        """Off the list with all that cannot be read."""
        self._dismiss(self._screen.bench.entries)

    def _dismiss(self, entries: list[FileEntry]) -> None:
        count = self._screen.bench.dismiss(entries)
        rows = self._screen.rows
        rows.index = max(min(rows.index, len(self._screen.bench.entries) - 1), 0)
        self._screen.repaint()
        told = f"{count} file{'' if count == 1 else 's'} taken off the list; on disk nothing changed"
        self._screen.say(told if count else "there is no file that cannot be read", "good" if count else "warn")

    def do_role(self) -> None:
        """The next role; at a name: take the pseudonym on offer, or leave the name."""
        if self._screen.name_here is not None:
            self._toggle_name(self._screen.name_here)
            return
        label = self._speaker()
        if label is not None:
            role = self._screen.bench.next_role(self._screen.number, label)
            self._screen.repaint()
            self._screen.say(f"{label or 'the speaker without a name'}: {role}", "good")

    def _toggle_name(self, name: str) -> None:
        if name in self._screen.bench.rules():
            self._screen.bench.keep_name(name)
            told = f"{name} stays as it is"
        else:
            told = f"{name} becomes {self._screen.bench.give_pseudonym(name)}, in all files"
        self._screen.repaint()
        self._screen.about.move(1)
        self._screen.say(told, "good")

    def do_all_names(self) -> None:
        """Pseudonyms for all names seen in the file."""
        entry = self._known()
        if entry is not None and entry.plan is not None:
            chosen = self._screen.bench.rules()
            names = [seen.text for seen in entry.names if seen.offered and seen.text not in chosen]
            for name in names:
                self._screen.bench.give_pseudonym(name)
            self._screen.repaint()
            self._screen.say(
                f"{subject(len(names), 'name', 'gets')} pseudonyms, in all files", "good" if names else "warn"
            )

    def do_rename_speaker(self) -> None:
        """Another name for a speaker; at a name: another pseudonym."""
        name = self._screen.name_here
        if name is not None:
            act = self._then(partial(self._screen.bench.give_pseudonym, name))
            self._screen.ask(Ask(f"{name} becomes:", act, note=self._screen.pseudonyms().offers.get(name, "")))
            return
        label, entry = self._speaker(), self._screen.entry
        if label is not None and entry is not None and entry.plan is not None:
            name = entry.plan.cast.names[label]
            act = self._then(lambda text: self._screen.bench.rename(self._screen.number, label, text))
            self._screen.ask(Ask(f"{label or 'no name'} is called:", act, note=f"now {name}"))

    def do_participant(self) -> None:
        """Which participant speaks."""
        label, entry = self._speaker(), self._screen.entry
        if label is not None and entry is not None:
            now = entry.rules()[label].participant
            act = self._then(lambda text: self._screen.bench.set_participant(self._screen.number, label, text))
            self._screen.ask(Ask(f"{label or 'no name'} is the participant:", act, note=f"now {now}" if now else ""))

    def do_transcript_id(self) -> None:
        """Another id for the transcript."""
        entry = self._screen.entry
        if entry is not None:
            now = entry.plan.id if entry.plan else suggest_transcript_id(entry.source.stem)
            act = self._then(lambda text: self._screen.bench.change(self._screen.number, id=text.strip()))
            self._screen.ask(Ask("the transcript's id:", act, note=f"now {now}"))

    def do_date(self) -> None:
        """When the interview took place."""
        entry = self._known()
        if entry is not None:
            now, offered = entry.options.date, entry.plan.dates if entry.plan else ()
            act = self._then(lambda text: self._screen.bench.change(self._screen.number, date=text.strip()))
            line = LineEdit()
            line.set(now or next(iter(offered), ""))
            others = [date for date in offered if date != line.text]
            seen = f"in the file: {', '.join(others[:3])}" if others else ""
            note = f"now {now}" if now else "from the file; enter keeps it" if offered else "2026-11-02"
            self._screen.ask(Ask("date of the interview:", act, line, note="  ".join(filter(None, [note, seen]))))

    def do_encoding(self) -> None:
        """How the file is encoded."""
        if self._screen.entry is not None:
            act = self._then(
                lambda text: self._screen.bench.change(self._screen.number, encoding=text.strip(), speakers={})
            )
            self._screen.ask(Ask("encoding:", act, note="utf-8, windows-1252, mac-roman, gb18030, …"))

    def do_text_column(self) -> None:
        """Which column holds the words."""
        self._ask_column("the column of the words:", "text")

    def do_speaker_column(self) -> None:
        """Which column names the speaker."""
        self._ask_column("the column of the speaker:", "speaker_key")

    def _ask_column(self, question: str, wish: str) -> None:
        entry = self._screen.entry
        if entry is not None:
            act = self._then(
                lambda text: self._screen.bench.change(self._screen.number, speakers={}, **{wish: text.strip()})
            )
            now = getattr(entry.options, wish)
            self._screen.ask(Ask(question, act, note=f"now {now}" if now else "its heading, or its number"))

    def do_same_for_all(self) -> None:
        """The same roles and names for all files with these speakers."""
        if self._known() is not None:
            count = self._screen.bench.same_for_all(self._screen.number)
            self._screen.repaint()
            self._screen.say(f"the same for {count} more with these speakers", "good" if count else "warn")

    def _then(self, change: Callable[[str], object]) -> Callable[[str], None]:
        """A change made by a line of text, then the screen anew."""

        def act(text: str) -> None:
            if text.strip():
                change(text)
            self._screen.repaint()
            self._screen.say("")

        return act
