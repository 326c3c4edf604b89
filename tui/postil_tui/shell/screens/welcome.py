"""Outside a study: what Postil is, and the three ways in."""

from __future__ import annotations

from pathlib import Path

from rich.style import Style
from textual import events
from textual.app import ComposeResult

from postil_base.problem import PostilError
from postil_tui.code.session.prompts import Ask
from postil_tui.shell.screens.base import PostilScreen
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.rows import Line, Rows


class WelcomeScreen(PostilScreen):
    """No study here: make one, try the demo, or read how."""

    CONTEXT = "everywhere"
    AUTO_FOCUS = "Rows"

    def compose(self) -> ComposeResult:
        """The page and the status line."""
        yield Rows("welcome", fixed=True)
        yield Bar("status")

    def on_mount(self) -> None:
        """Paint."""
        super().on_mount()
        self.repaint()

    def on_resize(self) -> None:
        """Keep it in the middle."""
        self.repaint()

    def repaint(self) -> None:
        """Paint anew."""
        lines = self._lines()
        pad = max((self.size.height - 1 - len(lines)) // 3, 0)
        left = " " * max((self.size.width - 64) // 2, 1)
        plain = self.ink.plain
        rows: list[Line] = [[] for _ in range(pad)] + [[(left, plain), *line] for line in lines]
        self.query_one(Rows).show(len(rows), lambda row, chosen, width: rows[row], plain)
        self.show_status()

    def _lines(self) -> list[Line]:
        ink = self.ink
        quiet, key = ink.quiet, ink.accent
        here = Path.cwd()

        def way(letter: str, what: str, how: str) -> Line:
            return [(f"   {letter}   ", key), (f"{what:<30}", ink.strong), (how, ink.faint)]

        drawn: list[tuple[str, Style]] = [
            ("Somebody said something worth remembering.  ", ink.plain),
            ("┌─ a note in the margin", ink.accent),
        ]
        return [
            [("Postil", ink.accent), ("   code interviews, agree, draw the decisions in them", quiet)],
            [],
            drawn,
            [("And somebody else will want to find it again. ", ink.plain), ("└", ink.accent)],
            [],
            [("There is no study here yet: ", ink.plain), (str(here), quiet)],
            [],
            way("n", "a new study in this folder", "postil new ."),
            way("d", "try the illustrative study", "postil demo"),
            way("i", "take in transcripts", "into a study that is made for them"),
            way("t", "five minutes at the keyboard", "a tutorial; nothing is kept"),
            way("q", "leave", ""),
            [],
            [("Nothing is written until you choose; everything is plain text.", ink.faint)],
        ]

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click on one of the ways takes it."""
        lines = self._lines()
        row = event.screen_y - max((self.size.height - 1 - len(lines)) // 3, 0)
        letter = lines[row][0][0].strip() if 0 <= row < len(lines) and len(lines[row]) == 3 else ""
        if len(letter) == 1 and self.prompt is None:
            self._take(letter)

    def _take(self, letter: str) -> bool:
        ways = {"n": self._new, "d": self._demo, "i": self._import, "t": self.app.do_tutorial}
        act = ways.get(letter, self.app.do_quit if letter == "q" else None)
        if act is not None:
            self._guarded(act)
        return act is not None

    def press(self, event: object) -> bool:
        """Three letters do something; the rest is as everywhere."""
        if self.prompt is None and self._take(getattr(event, "key", "")):
            return True
        return super().press(event)  # type: ignore[arg-type]

    def _new(self) -> None:
        ask = Ask("title of the study:", self._make)
        self.ask(ask)

    def _make(self, title: str) -> None:
        from postil_study.new import create_study

        if not title.strip():
            raise PostilError("a study needs a title; n asks again")
        create_study(Path.cwd(), title.strip())
        self.app.open_study(Path.cwd())

    def _demo(self) -> None:
        self.app.then = ("demo",)
        self.app.leave()

    def _import(self) -> None:
        self.ask(Ask("title of the study they go into:", self._make_and_import))

    def _make_and_import(self, title: str) -> None:
        self._make(title)
        self.app.go("import")
