"""Transcripts before the import: what was recognised and who is who. Nothing is written until the person says so."""

from __future__ import annotations

import time
from pathlib import Path

from rich.style import Style
from textual import on
from textual.app import ComposeResult

from postil_base.plural import subject
from postil_formats.texts.plan import Progress
from postil_formats.texts.readers import FORMATS
from postil_tui.code.session.prompts import Ask, Choice, Choose
from postil_tui.importing.painting import (
    About,
    ImportColumns,
    Pseudonyms,
    about,
    columns,
    file_header,
    file_line,
    in_room,
    unread,
)
from postil_tui.importing.paths import completed, paths_said
from postil_tui.importing.saying import ImportSaying
from postil_tui.importing.state import FileEntry, ImportState
from postil_tui.shell.screens.list_screen import ListScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.text.cells import cells, shown
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.rows import Line, Rows
from postil_tui.widgets.split import Split

_FORMATS = tuple(suffix.removeprefix(".") for suffix in FORMATS)
_OFTEN = 0.1  # seconds between two words of progress
_QUESTION = "files or a folder:"


class ImportScreen(ListScreen):
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
        self.bench = ImportState(workspace.study)
        self._lines: list[About] = []
        self._columns = ImportColumns(4, 7)
        self._told = 0.0
        self._saying = ImportSaying(self)

    def compose(self) -> ComposeResult:
        """Title, files, what was recognised, status."""
        yield Bar("title")
        yield Bar("import-gap")
        yield Split(Rows("files"), Rows("about"), beside_from=150, share=0.58)
        yield Bar("status")

    def parts(self) -> list[object]:
        """What is said of files, speakers and names is a part of its own."""
        return [self._saying]

    # --- what is shown -------------------------------------------------------------------------------------------

    @property
    def rows(self) -> Rows:
        """The list of files."""
        return self.query_one("#files", Rows)

    @property
    def about(self) -> Rows:
        """What was recognised."""
        return self.query_one("#about", Rows)

    @property
    def number(self) -> int:
        """Which file is highlighted."""
        return self.rows.index

    @property
    def entry(self) -> FileEntry | None:
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
        self._columns = columns(entries, self.rows.size.width)
        self.rows.show(len(entries), self._file, ink.plain, file_header(self._columns, ink) if entries else (), empty)
        self.query_one(Split).first_has(len(entries) + 1 if entries else 0)
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
        lines = about(entry, self.pseudonyms(), width, ink) if entry else unread(_FORMATS, width, ink)
        self._lines = in_room(lines, self.about.size.height)
        self.about.show(len(self._lines), self._detail, ink.plain)

    def pseudonyms(self) -> Pseudonyms:
        """What could stand for the names seen, and what was chosen."""
        offers = {name: seen.pseudonym for name, seen in self.bench.offers().items()}
        return Pseudonyms(offers, {name: rule.pseudonym for name, rule in self.bench.rules().items()})

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
        if self.rows.has_focus or not self.about.has_focus:
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
    def moving(self) -> Rows:
        """The list that keys move in."""
        return self.about if self.about.has_focus else self.rows

    def do_other_side(self) -> None:
        """From the files to the speakers, and back."""
        if self.about.has_focus:
            self.rows.focus()
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
            self.app.go("home")

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
        self.rows.index = 0
        self.repaint()
        left = sum(1 for entry in self.bench.entries if entry.plan is None)
        text = f"{count} transcript{'' if count == 1 else 's'} taken in"
        text += (
            f"; {subject(len(self.bench.chosen), 'name', 'is')} in your mapping, outside the study"
            if self.bench.chosen
            else ""
        )
        if self.bench.offering:
            self._offer_comments(text)
        elif self.bench.entries:
            self.rows.focus()
            self.say(f"{text}; {left} could not be, the list says why" if left else text, "warn" if left else "good")
        else:
            self.app.go("home")
            self.app.say(text, "good")

    def _offer_comments(self, text: str) -> None:
        """Comments that look like codes can come in as codings, now that their words are there."""
        count = len(self.bench.offering)
        whose = "its" if count == 1 else f"the {count} files'"
        question = f"{text}; take {whose} comments in as codings of those who wrote them?"
        yes, no = Choice("y", "yes", self._take_comments), Choice("n", "no, they stay notes", lambda: self._done(text))
        self.ask(Choose(question, [yes, no]))

    def _take_comments(self) -> None:
        self.later(self.bench.take_comments, self._comments_taken, "taking comments in…")

    def _comments_taken(self, told: str) -> None:
        self.workspace.reopen()
        self.bench.study = self.workspace.study
        self._done(told)

    def _done(self, text: str) -> None:
        """Back to the transcripts, unless files are left."""
        if self.bench.entries:
            self.rows.focus()
            self.repaint()
            self.say(text, "good")
        else:
            self.app.go("home")
            self.app.say(text, "good")
