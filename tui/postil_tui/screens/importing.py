"""Transcripts before the import: what was recognised and who is who. Nothing is written until the person says so."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rich.style import Style
from textual import on
from textual.app import ComposeResult

from postil_transcripts.importers import FORMATS
from postil_transcripts.importing import Progress
from postil_transcripts.manifest import suggest_transcript_id
from postil_tui.coding.prompts import Ask, Choice, Choose
from postil_tui.importing.bench import Bench, Entry, completed, paths_said
from postil_tui.importing.painting import About, Columns, Pseudonyms, about, columns, file_header, file_line, unread
from postil_tui.screens.base import PostilScreen
from postil_tui.text.cells import cells, shown
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.rows import Line, Rows
from postil_tui.widgets.split import Split
from postil_tui.workspace import Workspace

_FORMATS = tuple(suffix.removeprefix(".") for suffix in FORMATS)
_OFTEN = 0.1  # seconds between two words of progress
_QUESTION = "files or a folder:"


class ImportScreen(PostilScreen):
    """Files on one side, what was recognised in the highlighted one on the other."""

    CONTEXT = "import"
    AUTO_FOCUS = "#files"
    DEFAULT_CSS = """
    ImportScreen #about { background: $background; padding-top: 1; }
    ImportScreen .-beside #about { padding-top: 0; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.bench = Bench(workspace.study)
        self._lines: list[About] = []
        self._columns = Columns(4, 7)
        self._told = 0.0

    def compose(self) -> ComposeResult:
        """Title, files, what was recognised, status."""
        yield Bar("title")
        yield Bar("import-gap")
        yield Split(Rows("files"), Rows("about"), beside_from=150, share=0.58)
        yield Bar("status")

    # --- what is shown -------------------------------------------------------------------------------------------

    @property
    def files(self) -> Rows:
        """The list of files."""
        return self.query_one("#files", Rows)

    @property
    def about(self) -> Rows:
        """What was recognised."""
        return self.query_one("#about", Rows)

    @property
    def number(self) -> int:
        """Which file is highlighted."""
        return self.files.index

    @property
    def entry(self) -> Entry | None:
        """The highlighted file."""
        return self.bench.entries[self.number] if self.bench.entries else None

    def on_screen_resume(self) -> None:
        """An empty bench asks for files."""
        self.bench.study = self.workspace.study
        self.repaint()
        if not self.bench.entries and self.prompt is None:
            self.do_open_files()

    def on_resize(self) -> None:
        """Paint for the new width."""
        self.call_after_refresh(self.repaint)

    def repaint(self) -> None:
        """Paint anew."""
        if not self.is_mounted:
            return
        bar, ink, entries = self.bar_ink, self.ink, self.bench.entries
        going = len(self.bench.going_in)
        failed = sum(1 for entry in entries if entry.plan is None)
        figures = f"{going} to take in" + (f" · {failed} cannot be read" if failed else "")
        right = [(f" {figures} ", bar.strong)] if entries else []
        title = shown(self.workspace.study.settings.title or self.workspace.root.name)
        self.query_one("#title", Bar).set([(" Import ", bar.accent), (f" into {title}", bar.strong)], right, bar.plain)
        self.query_one("#import-gap", Bar).set([], (), ink.plain)
        empty: Line = [
            ("   Type the path of a file or a folder; tab completes it, dropping files works, too.", ink.quiet)
        ]
        self._columns = columns(entries, self.files.size.width)
        self.files.show(len(entries), self._file, ink.plain, file_header(self._columns, ink) if entries else (), empty)
        self._show_about()
        self.show_status()

    def _file(self, row: int, chosen: bool, width: int) -> Line:
        return file_line(self.bench.entries[row], chosen, width, self._columns, self.ink)

    def _show_about(self) -> None:
        """What was recognised in the highlighted file; without files, what can be read."""
        width, ink = self.about.size.width, self.ink
        if self.entry is not None:
            self.bench.refresh(self.number)
        entry = self.entry
        self._lines = about(entry, self._pseudonyms(), width, ink) if entry else unread(_FORMATS, width, ink)
        self.about.show(len(self._lines), self._detail, ink.plain)

    def _pseudonyms(self) -> Pseudonyms:
        offers = {name: seen.pseudonym for name, seen in self.bench.offers().items()}
        return Pseudonyms(offers, {name: rule.pseudonym for name, rule in self.bench.chosen.items()})

    def _detail(self, row: int, chosen: bool, width: int) -> Line:
        line = self._lines[row].pieces
        if not chosen or not self.about.has_focus:
            return line
        ink = self.ink
        mark = [("▌", ink.accent)]
        if not line:
            return mark
        ground = ink.paper.raised if ink.depth == "true" and self._lines[row].acts else None
        text, first = line[0]
        rest = [(text[1:], first), *line[1:]]
        if ground is None:
            return [*mark, *rest]
        raised = [(words, style + Style(bgcolor=ground)) for words, style in rest]
        used = 1 + sum(cells(words) for words, _ in rest)
        return [*mark, *raised, (" " * max(width - used, 0), Style(bgcolor=ground))]

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        if self.files.has_focus or not self.about.has_focus:
            self.about.index = self.about.top = 0
            self._show_about()

    @property
    def label(self) -> str | None:
        """The speaker a key is about: the highlighted one, or the only one there is."""
        row = self.about.index
        if self.about.has_focus and row < len(self._lines) and self._lines[row].label is not None:
            return self._lines[row].label
        return None

    @property
    def name_here(self) -> str | None:
        """The name a key is about: the highlighted one."""
        row = self.about.index
        return self._lines[row].name if self.about.has_focus and row < len(self._lines) else None

    # --- going about ---------------------------------------------------------------------------------------------

    @property
    def side(self) -> Rows:
        """The list that keys move in."""
        return self.about if self.about.has_focus else self.files

    def do_down(self) -> None:
        """Down."""
        self.side.move(1)

    def do_up(self) -> None:
        """Up."""
        self.side.move(-1)

    def do_page_down(self) -> None:
        """Page down."""
        self.side.move(self.side.room)

    def do_page_up(self) -> None:
        """Page up."""
        self.side.move(-self.side.room)

    def do_other_side(self) -> None:
        """From the files to the speakers, and back."""
        if self.about.has_focus:
            self.files.focus()
        elif self.entry is not None and self.entry.plan is not None:
            self.about.focus()
            row = next((n for n, line in enumerate(self._lines) if line.label is not None), 0)
            self.about.go(row)
        self.call_after_refresh(self.repaint)

    def do_back(self) -> None:
        """Back to the files, then to the transcripts."""
        if self.about.has_focus:
            self.do_other_side()
        else:
            self.desk.go("home")

    # --- reading -------------------------------------------------------------------------------------------------

    def do_open_files(self) -> None:
        """Ask for files or a folder."""
        ask = Ask(_QUESTION, self._read, note="tab completes")
        ask.extra = {"tab": lambda: self._complete(ask)}
        self.ask(ask)

    def _complete(self, ask: Ask) -> None:
        text, names = completed(ask.line.text, lambda p: p.is_dir() or p.suffix.lower() in FORMATS)
        ask.line.set(text)
        more = f" … ({len(names)})" if len(names) > 8 else ""
        ask.note = "  ".join(names[:8]) + more if len(names) != 1 else ""

    def _read(self, text: str) -> None:
        paths = paths_said(text)
        if paths:
            self.read(paths)

    def read(self, paths: list[Path]) -> None:
        """Read files and folders, telling how far it is."""
        before = len(self.bench.entries)
        progress = self._progress("reading")
        self.later(lambda: self.bench.read(paths, progress), lambda _: self._was_read(before), "reading…")

    def _was_read(self, before: int) -> None:
        new, bad = len(self.bench.entries) - before, sum(1 for entry in self.bench.entries if entry.plan is None)
        aside = f", {len(self.bench.skipped)} left aside that are no transcripts" if self.bench.skipped else ""
        failed = f"; {bad} cannot be read, the list says why" if bad else ""
        self.repaint()
        if len(self.bench.entries) == 1 and self.entry and self.entry.plan:
            self.do_other_side()
        self.say(f"{new} read{aside}{failed}; nothing is written yet", "warn" if bad else "good")

    def _progress(self, doing: str) -> Progress:
        def tell(number: int, total: int, name: str) -> None:
            now = time.monotonic()
            if now - self._told >= _OFTEN and number < total:
                self._told = now
                self.app.call_from_thread(self.say, f"{doing} {number:,} of {total:,}: {name}")

        return tell

    # --- saying who is who ---------------------------------------------------------------------------------------

    def _known(self) -> Entry | None:
        entry = self.entry
        if entry is None or entry.plan is None:
            self.say("this file cannot be taken in, so there is nothing to say of it", "warn")
            return None
        return entry

    def _speaker(self) -> str | None:
        """The speaker a key is about, or a word on how to choose one."""
        entry = self._known()
        if entry is None or entry.plan is None:
            return None
        labels = list(entry.plan.recognised.labels)
        label = self.label if self.label is not None else labels[0] if len(labels) == 1 else None
        if label is None:
            self.say("choose a speaker first: tab, then j and k", "warn")
        return label

    def do_take(self) -> None:
        """Take the file in, or leave it aside."""
        entry = self._known()
        if entry is not None:
            entry.taken = not entry.taken
            self.repaint()
            self.files.move(0 if self.about.has_focus else 1)

    def do_role(self) -> None:
        """The next role; at a name: take the pseudonym on offer, or leave the name."""
        if self.name_here is not None:
            self._toggle_name(self.name_here)
            return
        label = self._speaker()
        if label is not None:
            role = self.bench.next_role(self.number, label)
            self.repaint()
            self.say(f"{label or 'the speaker without a name'}: {role}", "good")

    def _toggle_name(self, name: str) -> None:
        if name in self.bench.chosen:
            self.bench.keep_name(name)
            told = f"{name} stays as it is"
        else:
            told = f"{name} becomes {self.bench.give_pseudonym(name)}, in all files"
        self.repaint()
        self.about.move(1)
        self.say(told, "good")

    def do_all_names(self) -> None:
        """Pseudonyms for all names seen in the file."""
        entry = self._known()
        if entry is not None and entry.plan is not None:
            names = [seen.text for seen in entry.names if seen.text not in self.bench.chosen]
            for name in names:
                self.bench.give_pseudonym(name)
            self.repaint()
            self.say(f"{len(names)} names get pseudonyms, in all files", "good" if names else "warn")

    def do_rename_speaker(self) -> None:
        """Another name for a speaker; at a name: another pseudonym."""
        name = self.name_here
        if name is not None:
            act = self._then(partial(self.bench.give_pseudonym, name))
            self.ask(Ask(f"{name} becomes:", act, note=self._pseudonyms().offers.get(name, "")))
            return
        label, entry = self._speaker(), self.entry
        if label is not None and entry is not None and entry.plan is not None:
            name = entry.plan.cast.names[label]
            act = self._then(lambda text: self.bench.rename(self.number, label, text))
            self.ask(Ask(f"{label or 'no name'} is called:", act, note=f"now {name}"))

    def do_participant(self) -> None:
        """Which participant speaks."""
        label, entry = self._speaker(), self.entry
        if label is not None and entry is not None:
            now = entry.rules()[label].participant
            act = self._then(lambda text: self.bench.set_participant(self.number, label, text))
            self.ask(Ask(f"{label or 'no name'} is the participant:", act, note=f"now {now}" if now else ""))

    def do_transcript_id(self) -> None:
        """Another id for the transcript."""
        entry = self.entry
        if entry is not None:
            now = entry.plan.id if entry.plan else suggest_transcript_id(entry.source.stem)
            act = self._then(lambda text: self.bench.change(self.number, id=text.strip()))
            self.ask(Ask("the transcript's id:", act, note=f"now {now}"))

    def do_date(self) -> None:
        """When the interview took place."""
        entry = self._known()
        if entry is not None:
            now = entry.options.date
            act = self._then(lambda text: self.bench.change(self.number, date=text.strip()))
            self.ask(Ask("date of the interview:", act, note=f"now {now}" if now else "2026-11-02"))

    def do_encoding(self) -> None:
        """How the file is encoded."""
        if self.entry is not None:
            act = self._then(lambda text: self.bench.change(self.number, encoding=text.strip(), speakers={}))
            self.ask(Ask("encoding:", act, note="utf-8, windows-1252, mac-roman, gb18030, …"))

    def do_same_for_all(self) -> None:
        """The same roles and names for all files with these speakers."""
        if self._known() is not None:
            count = self.bench.same_for_all(self.number)
            self.repaint()
            self.say(f"the same for {count} more with these speakers", "good" if count else "warn")

    def _then(self, change: Callable[[str], object]) -> Callable[[str], None]:
        """A change made by a line of text, then the screen anew."""

        def act(text: str) -> None:
            if text.strip():
                change(text)
            self.repaint()
            self.say("")

        return act

    # --- taking in -----------------------------------------------------------------------------------------------

    def do_take_in(self) -> None:
        """Take the files in; asks once."""
        count = len(self.bench.going_in)
        if not count:
            self.say("there is nothing to take in: o chooses files", "warn")
            return
        unsure = [entry for entry in self.bench.entries if entry.goes_in and entry.unsure]
        look = f" ({len(unsure)} where who is who is a guess)" if unsure else ""
        question = f"take in {count} transcript{'' if count == 1 else 's'}{look}?"
        self.ask(Choose(question, [Choice("y", "yes", self._take_in)]))

    def _take_in(self) -> None:
        progress = self._progress("writing")
        self.later(lambda: self.bench.take_in(progress), self._taken_in, "writing…")

    def _taken_in(self, count: int) -> None:
        self.workspace.reopen()
        self.bench.study = self.workspace.study
        self.files.index = 0
        self.repaint()
        left = sum(1 for entry in self.bench.entries if entry.plan is None)
        text = f"{count} transcript{'' if count == 1 else 's'} taken in"
        text += f"; {len(self.bench.chosen)} names are in your mapping, outside the study" if self.bench.chosen else ""
        if self.bench.entries:
            self.files.focus()
            self.say(f"{text}; {left} could not be, the list says why" if left else text, "warn" if left else "good")
        else:
            self.desk.go("home")
            self.desk.say(text, "good")
