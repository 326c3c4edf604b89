"""The list of transcripts: what there is, how far it is coded, where to go on."""

from __future__ import annotations

from functools import partial

import msgspec
from rich.style import Style
from textual import on
from textual.app import ComposeResult

from postil_base.clock import utc_today
from postil_study.text.values import Transcript
from postil_tui.code.session.prompts import Choice, Choose
from postil_tui.shell.screens.base import PostilScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.team.plan import rounds_of
from postil_tui.text.cells import fitted, shown
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.memo_pane import MemoPane
from postil_tui.widgets.rows import Line, Rows

_BAR = 10
_COLUMNS = [
    ("transcript", 12, False),
    ("who", 12, False),
    ("date", 10, False),
    ("words", 6, True),
    ("turns", 5, True),
    ("segments", 8, True),
    ("relations", 9, True),
    ("round", 8, False),
    ("coded", _BAR + 5, False),
    ("last place", 10, False),
    ("finished", 10, False),
]
_GIVING_WAY = ("relations", "date", "round", "last place")  # where there is little room, in this order


class TranscriptEntry(msgspec.Struct, frozen=True):
    """What the list says of one transcript."""

    id: str
    speakers: str
    date: str
    words: int
    turns: int
    segments: int
    share: float
    place: str
    done: str
    relations: int
    rounds: str


class HomeScreen(PostilScreen):
    """Transcripts, one a row."""

    CONTEXT = "home"
    AUTO_FOCUS = "Rows"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.ids: list[str] = []
        self.to_look_at = 0  # segments of this coder in the recode queue
        self._entries: dict[str, TranscriptEntry] = {}

    def compose(self) -> ComposeResult:
        """Title, list, status."""
        yield Bar("title")
        yield Bar("home-gap")
        yield Rows("transcripts")
        yield MemoPane()
        yield Bar("status")

    def on_screen_resume(self) -> None:
        """Count anew: something was coded meanwhile."""
        self.refill()
        if self.workspace.coder and any(code.changed for code in self.workspace.codebook.codes.values()):
            self.later(self._count_again, self._counted_again, "")

    def _count_again(self) -> int:
        """How much of one's own work waits in the recode queue."""
        from postil_study.rounds.recode import recode_queue

        self.workspace.flush()
        return sum(stale.coder == self.workspace.coder for stale in recode_queue(self.workspace.study))

    def _counted_again(self, count: int) -> None:
        self.to_look_at = count
        self.show_status()

    def status_idle(self) -> list[tuple[str, Style]]:
        """What waits."""
        if not self.to_look_at:
            return []
        again = f" {self.to_look_at} to look at again: a code changed after you coded with it "
        return [(again, self.bar_ink.style(self.ink.paper.warn)), (self.keymap.key("recode"), self.bar_ink.accent)]

    def repaint(self) -> None:
        """Paint anew."""
        self.refill()
        self.show_status()

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.query_one(Rows)

    def refill(self) -> None:
        """Read what the list says."""
        workspace, ink, bar = self.workspace, self.ink, self.bar_ink
        title = workspace.study.settings.title or workspace.root.name
        right = [(" coder ", bar.faint), (f"{workspace.coder or '?'} ", bar.strong)]
        left = [(" Postil ", bar.accent), (f" {shown(title)}", bar.strong)]
        self.query_one("#title", Bar).set(left, right, bar.plain)
        self.query_one("#home-gap", Bar).set([], (), ink.plain)
        if not workspace.coder:
            return
        self.ids = list(workspace.study.transcripts)
        self._entries.clear()
        if workspace.remembered.transcript in self.ids and not self.rows.count:
            self.rows.index = self.ids.index(workspace.remembered.transcript)
        empty: Line = [("   No transcripts yet: i takes them in", ink.quiet)]
        self.rows.show(len(self.ids), self._line, ink.plain, self._header(), empty)

    def entry(self, row: int) -> TranscriptEntry:
        """What a row says, worked out when it is first seen."""
        transcript_id = self.ids[row]
        if transcript_id not in self._entries:
            self._entries[transcript_id] = self._entry(self.workspace.transcript(transcript_id))
        return self._entries[transcript_id]

    def _entry(self, transcript: Transcript) -> TranscriptEntry:
        figures = self.workspace.figures(transcript)
        return TranscriptEntry(
            transcript.id,
            ", ".join(transcript.participants) or ", ".join(transcript.info.speakers),
            transcript.info.date,
            figures.words,
            len(transcript.turns),
            figures.segments,
            figures.share,
            self._place(transcript),
            figures.done,
            figures.relations,
            ", ".join(rounds_of(self.workspace.study, self.workspace.coder, transcript.id)),
        )

    def _place(self, transcript: Transcript) -> str:
        offset = self.workspace.remembered.places.get(f"{self.workspace.coder}/{transcript.id}")
        turn = transcript.turn_at(offset) if offset is not None else None
        return f"turn {turn.index + 1}" if turn else ""

    def _columns(self, width: int) -> list[tuple[str, int, bool]]:
        """The columns there is room for: name, width, whether at the right."""
        columns = [column for column in _COLUMNS if column[0] != "round" or self._in_rounds()]
        for name in _GIVING_WAY:
            if _used(columns) <= width:
                return columns
            columns = [column for column in columns if column[0] != name]
        return columns if _used(columns) <= width else [*columns[:-1], ("✓", 1, False)]

    def _header(self) -> Line:
        faint = self.ink.faint
        cells = [_cell(name, size, right) for name, size, right in self._columns(self.size.width)]
        return [(" " * self._pad(), faint), ("  " + "  ".join(cells), faint)]

    def _in_rounds(self) -> bool:
        """Whether this coder is to code anything in a round that is under way."""
        plans = self.workspace.study.rounds.values()
        return any(not plan.is_frozen and plan.assignments.get(self.workspace.coder) for plan in plans)

    def _pad(self) -> int:
        used = _used(self._columns(self.size.width))
        return max((self.size.width - used) // 2, 0) if self.size.width >= 140 else 0

    def _line(self, row: int, chosen: bool, width: int) -> Line:
        ink, entry = self.ink, self.entry(row)
        ground = ink.paper.raised if chosen and ink.depth == "true" else ink.paper.paper
        reverse = chosen and ink.depth != "true"

        def style(colour: str, bold: bool = False) -> Style:
            return ink.style(ink.paper.ink if reverse else colour, ground, bold=bold, reverse=reverse)

        values = {
            "transcript": entry.id,
            "who": entry.speakers,
            "date": entry.date,
            "words": f"{entry.words:,}",
            "turns": str(entry.turns),
            "segments": str(entry.segments or "·"),
            "relations": str(entry.relations or "·"),
            "round": entry.rounds,
            "last place": entry.place,
            "finished": entry.done or "",
            "✓": "✓" if entry.done else "",
        }
        paper = ink.paper
        line: list[tuple[str, Style]] = [
            (" " * self._pad(), ink.plain),
            ("▌ " if chosen else "  ", style(paper.accent)),
        ]
        for name, size, right in self._columns(self.size.width):
            if name == "coded":
                line += self._bar(entry.share, style)
            else:
                colour = {"transcript": paper.ink, "round": paper.accent, "finished": paper.good, "✓": paper.good}.get(
                    name, paper.quiet
                )
                line.append(
                    (_cell(shown(values[name]), size, right), style(colour, bold=chosen and name == "transcript"))
                )
            line.append(("  ", style(paper.ink)))
        return line

    def _bar(self, share: float, style: object) -> list[tuple[str, Style]]:
        assert callable(style)
        full = round(share * _BAR)
        paper = self.ink.paper
        return [
            ("━" * full, style(paper.accent)),
            ("─" * (_BAR - full), style(paper.line)),
            (f" {share:>4.0%}", style(paper.quiet)),
        ]

    # --- actions -----------------------------------------------------------------------------------------------------

    def do_open(self) -> None:
        """Open where it was left."""
        if self.ids:
            self.app.open_transcript(self.ids[self.rows.index])

    @on(Rows.Opened)
    def _opened(self) -> None:
        self.do_open()

    def do_down(self) -> None:
        """Down."""
        self.rows.move(1)

    def do_up(self) -> None:
        """Up."""
        self.rows.move(-1)

    def do_memo_transcript(self) -> None:
        """Write the memo on the transcript."""
        if self.ids:
            self.write_memo(f"transcript:{self.ids[self.rows.index]}")

    def do_memo_participant(self) -> None:
        """Write the memo on the participant; asks which, where several take part."""
        people = self.workspace.transcript(self.ids[self.rows.index]).participants if self.ids else ()
        if len(people) == 1:
            self.write_memo(f"participant:{people[0]}")
        elif people:
            numbered = enumerate(people[:9], 1)
            choices = [Choice(str(n), who, partial(self.write_memo, f"participant:{who}")) for n, who in numbered]
            self.ask(Choose("memo on", choices))
        else:
            self.say("no participant is named for this transcript in transcripts.yaml", "warn")

    def do_memo_study(self) -> None:
        """Write the memo on the study as a whole."""
        self.write_memo("study")

    def do_mark_done(self) -> None:
        """Mark as finished, or open again; asks once."""
        if not self.ids:
            return
        entry = self.entry(self.rows.index)
        date = "" if entry.done else utc_today(self.workspace.clock)
        asked = self.workspace.done_question(entry.id, self.workspace.coder)
        question = f"open {entry.id} again?" if entry.done else asked
        self.ask(Choose(question, [Choice("y", "yes", lambda: self._set_done(entry.id, date))]))

    def _set_done(self, transcript_id: str, date: str) -> None:
        session = self.workspace.session(transcript_id)
        self.workspace.set_done(session, date)
        self.refill()
        self.say(f"{transcript_id}: {'finished on ' + date if date else 'open again'}", "good")


def _used(columns: list[tuple[str, int, bool]]) -> int:
    return 2 + sum(size + 2 for _, size, _ in columns)


def _cell(text: str, size: int, right: bool) -> str:
    text = fitted(text, size) if len(text) >= size else text
    return text.rjust(size) if right else fitted(text, size)
