"""The app: it wires screens, workspace and settings together, and knows how to leave."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events
from textual.app import App
from textual.screen import Screen

from postil_base.problem import PostilError
from postil_tui.shell.config import Config, load_config
from postil_tui.shell.screens.places import WAYS, make_place
from postil_tui.shell.trouble import sentence, write_report
from postil_tui.shell.watching import EVERY, Watcher, last_words
from postil_tui.shell.workspace import Workspace
from postil_tui.style.color_themes import PAPERS, papers, theme_of
from postil_tui.style.colours import code_colours
from postil_tui.style.control_filter import OnlyText
from postil_tui.style.style_sheet import Depth, StyleSheet

if TYPE_CHECKING:
    from postil_tui.shell.screens.base import PostilScreen

_COLLECT_AFTER = 1.0  # seconds from the start until the collector is let loose again


class PostilApp(App[int]):
    """Postil in the terminal."""

    TITLE = "Postil"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    Screen { background: $background; color: $foreground; }
    ModalScreen { background: $background 60%; }
    """

    def __init__(
        self,
        root: Path | None,
        transcript: str | None = None,
        coder: str | None = None,
        config: Config | None = None,
    ) -> None:
        super().__init__()
        self.config = config or load_config()
        self.workspace: Workspace | None = Workspace(root) if root else None
        if self.workspace and coder:
            self.workspace.check_coder(coder)
        self.last_words = ""
        self.then: tuple[str, ...] = ()  # a command of Postil to run when the app has ended
        self.tutorial_wanted = False  # leave for the tutorial, then come back
        name, _, turn = (transcript or "").partition(":")  # a turn may be named: I03:14
        self._wanted = name if transcript else None
        self._turn = int(turn) if turn.isdecimal() else 0
        self._coder = coder
        self._shown_to = ""  # whom the screens were filled for last
        self._places: dict[str, PostilScreen] = {}
        self.papers = papers(self.config.colours)
        for paper in self.papers.values():
            self.register_theme(theme_of(paper))
        remembered = self.workspace.remembered.theme if self.workspace else ""
        self.theme = self.config.theme or (remembered if remembered in PAPERS else "postil-dark")
        self._filters.append(OnlyText())
        if self.config.ascii:
            from postil_tui.style.ascii_signs import PlainSigns

            self._filters.append(PlainSigns())
        self._watcher = Watcher(self)
        self._ink: StyleSheet | None = None
        self._bar_ink: StyleSheet | None = None

    # --- colours -----------------------------------------------------------------------------------------------------

    @property
    def depth(self) -> Depth:
        """How many colours the terminal shows."""
        if self.no_color:
            return "none"
        return "true" if self.console.color_system in ("truecolor", None) else "few"

    @property
    def ink(self) -> StyleSheet:
        """The styles of the theme, with the colours of the codebook's codes."""
        if self._ink is None:
            paper = self.papers[self.theme]
            colours = code_colours(self.workspace.codebook, paper) if self.workspace else {}
            if self.console.color_system == "standard":
                from postil_tui.style.colours import in_sixteen, paper_in_sixteen

                colours = {code: in_sixteen(colour, paper.dark) for code, colour in colours.items()}
                paper = paper_in_sixteen(paper)
            self._ink = StyleSheet(paper, colours, self.depth)
            self._bar_ink = self._ink.on_bar()
        return self._ink

    @property
    def bar_ink(self) -> StyleSheet:
        """The same on the ground of the bars."""
        ink = self.ink
        return self._bar_ink or ink

    def do_theme(self) -> None:
        """Turn the paper over."""
        self.theme = "postil-light" if self.theme == "postil-dark" else "postil-dark"
        if self.workspace:
            self.workspace.remembered.theme = self.theme
        self._ink = None
        self._repaint()

    def codebook_changed(self) -> None:
        """Other codes, so other colours and labels."""
        self._ink = None
        for screen in self._places.values():
            if screen.is_running:
                screen.codebook_changed()

    def _repaint(self) -> None:
        for screen in self.screen_stack:
            repaint = getattr(screen, "repaint", None)
            if repaint is not None and screen.is_running:
                repaint()

    # --- start -------------------------------------------------------------------------------------------------------

    def get_default_screen(self) -> Screen[None]:
        """The first screen: the transcript asked for, the list, or the welcome."""
        if self.workspace is None:
            from postil_tui.shell.screens.welcome import WelcomeScreen

            return WelcomeScreen()
        coder = self._coder or self.workspace.remembered.coder
        if coder and (self._coder or coder in self.workspace.coders):
            self.workspace.work_as(coder)
            if self._wanted in self.workspace.study.transcripts:
                return self._place("code", self._wanted, self._start_of_turn(self._wanted))
        return self._place("home")

    def on_mount(self) -> None:
        """Ask who codes, if nobody said; say what is wrong with the settings."""
        self.set_timer(_COLLECT_AFTER, self._collect_again)
        if self.workspace is None:
            return
        self.set_interval(EVERY, self._watcher.tick)
        if not self.workspace.coder:
            self.ask_coder()
        elif self._wanted not in (None, *self.workspace.study.transcripts):
            self.say(f"there is no transcript {self._wanted!r} in this study; here is what there is", "bad")
        elif self._coder and self._coder not in self.workspace.coders:
            self.say(f"{self._coder} is new in this study: what you code makes the first layer of that name", "warn")
        said = (*self.config.problems, *self.workspace.study.recovered, self.workspace.study.read_only)
        for problem in filter(None, said):
            self.say(problem, "warn")

    def _collect_again(self) -> None:
        """Let the collector work again, but leave out what was loaded: it would be looked through for nothing."""
        gc.freeze()
        gc.enable()

    def open_study(self, root: Path) -> None:
        """Go on with a study that was just made."""
        self.workspace = Workspace(root)
        self._ink = None
        self.go("home")
        self.call_after_refresh(self.on_mount)

    def ask_coder(self) -> None:
        """Ask who codes; nobody is put in by guess."""
        from postil_tui.shell.screens.who import WhoScreen

        assert self.workspace is not None
        self.push_screen(WhoScreen(self.workspace.coders, self.ink), self._answered)

    def _answered(self, coder: str | None) -> None:
        assert self.workspace is not None
        if coder:
            self.start_as(coder)
        elif not self.workspace.coder:
            self.leave()

    def start_as(self, coder: str) -> None:
        """Work under a name, where we are."""
        assert self.workspace is not None
        self.workspace.work_as(coder)
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.open_transcript(wanted, self._start_of_turn(wanted))
        elif self.screen is self._places.get("code"):
            self.open_transcript(self.workspace.remembered.transcript)
        else:
            self._repaint()
        self._forget_the_other(coder)

    def _forget_the_other(self, coder: str) -> None:
        """Screens hold what somebody else was allowed to see: they let go of it and read anew."""
        if coder == self._shown_to:
            return
        self._shown_to = coder
        for screen in self._places.values():
            screen.coder_changed()
        resume = getattr(self.screen, "on_screen_resume", None)
        if resume is not None and self.screen is not self._places.get("code"):
            resume()

    # --- going about -------------------------------------------------------------------------------------------------

    def _start_of_turn(self, transcript_id: str | None) -> int | None:
        """Where the turn begins that was asked for on the command line, counted from 1."""
        assert self.workspace is not None
        transcript = self.workspace.study.transcripts.get(transcript_id or "")
        if not self._turn or transcript is None:
            return None
        turns = transcript.turns
        return turns[min(self._turn, len(turns)) - 1].start if turns else None

    def _place(self, name: str, transcript_id: str | None = None, offset: int | None = None) -> PostilScreen:
        """One of the screens; each is made once, when it is first asked for."""
        assert self.workspace is not None
        if name not in self._places:
            screen = make_place(name, self.workspace)
            self._places[name] = screen
            self.install_screen(screen, name)
        screen = self._places[name]
        if transcript_id is not None:
            screen.request(transcript_id, offset)
        return screen

    def go(self, name: str) -> None:
        """Show one of the screens; what lay above the one shown is closed."""
        screen = self._place(name)
        if "code" in self._places and self._places["code"].is_running:
            self._places["code"].remember()  # lists show where one stopped
        while len(self.screen_stack) > 1 and self.screen is not screen:
            self.pop_screen()
        if self.screen is not screen:
            self.push_screen(screen)

    def open_transcript(self, transcript_id: str, offset: int | None = None) -> None:
        """Code a transcript, at a place or where it was left."""
        assert self.workspace is not None
        try:
            self.workspace.transcript(transcript_id)
        except PostilError as error:
            self.say(str(error), "bad")
            return
        self._place("code").request(transcript_id, offset)
        self.go("code")

    def say(self, text: str, mood: str = "") -> None:
        """Say something on the screen that is shown."""
        say = getattr(self.screen, "say", None)
        if say is not None:
            say(text, mood)

    def way_to(self, action: str) -> Callable[[], None] | None:
        """What an action that leads to a screen does; None for all others, and while no study is open."""
        place = WAYS.get(action) if self.workspace is not None else None
        return partial(self.go, place) if place else None

    def do_coding(self) -> None:
        """Back to the transcript."""
        if self.workspace is None:
            return
        wanted = self.workspace.remembered.transcript or next(iter(self.workspace.study.transcripts), "")
        if not wanted:
            self.say("there are no transcripts yet: F2, then i takes them in", "warn")
        elif self.screen is not self._places.get("code"):
            self.open_transcript(wanted)

    def do_quotes(self) -> None:
        """Quotes of the code we are at; where there is none, of one that is chosen."""
        if self.workspace is not None:
            code_here = getattr(self.screen, "code_here", None)
            self.show_quotes(code_here() if code_here else "")

    def show_quotes(self, code: str) -> None:
        """The quotes of a code, in the one list of passages there is."""
        screen = self._place("search")
        if code:
            screen.request(code)
        self.go("search")
        if not code:
            self.call_after_refresh(screen.do, "quotes")

    def do_tutorial(self) -> None:
        """Five minutes at the keyboard, on a study that is thrown away; then back to here."""
        self.tutorial_wanted = True
        self.leave()

    def do_coder(self) -> None:
        """Work as another coder."""
        if self.workspace is not None:
            self.ask_coder()

    def do_jump(self) -> None:
        """Where to go, on screens without letters of their own."""
        from postil_tui.code.session.prompts import Choice, Choose
        from postil_tui.shell.screens.base import PostilScreen

        if isinstance(self.screen, PostilScreen) and self.workspace is not None:
            places = [("t", "transcripts"), ("c", "coding"), ("b", "codebook"), ("q", "quotes"), ("m", "compare")]
            places += [("e", "memos"), ("r", "team"), ("d", "model")]
            screen = self.screen
            choices = [Choice(key, name, partial(screen.do, name)) for key, name in [*places, ("o", "overview")]]
            screen.ask(Choose("jump to", choices))

    def do_help(self) -> None:
        """Keys of where we are."""
        from postil_tui.shell.screens.base import PostilScreen
        from postil_tui.shell.screens.help import HelpScreen

        if isinstance(self.screen, PostilScreen):
            self.push_screen(HelpScreen(self.screen, self.ink))

    def do_commands(self) -> None:
        """Everything by name."""
        from postil_tui.shell.screens.base import PostilScreen
        from postil_tui.shell.screens.commands import CommandScreen

        if isinstance(self.screen, PostilScreen):
            below = self.screen
            self.push_screen(CommandScreen(below, self.ink), lambda act: below.attempt(act) if act else None)

    # --- watching, copying, leaving ----------------------------------------------------------------------------------

    def open_again(self, transcript_id: str) -> None:
        """Show a transcript anew, whose text changed."""
        if "code" in self._places:
            self._places["code"].request(transcript_id)

    def ask_what_stays(self) -> None:
        """Something vanished from the study's files: what is to become of it?"""
        if self.workspace is not None:
            self._watcher.losses.ask(self.workspace)

    def copy(self, text: str) -> str:
        """Put text on the clipboard; says which way it went, "" if it could not be."""
        from postil_tui.shell.clipboard import put

        return put(text, self.copy_to_clipboard)

    async def on_event(self, event: events.Event) -> None:
        """A terminal that is too small gets a screen that says so, until it is large enough."""
        await super().on_event(event)
        if isinstance(event, events.Resize):
            self._check_size(event.size.width, event.size.height)

    def _check_size(self, width: int, height: int) -> None:
        from postil_tui.shell.screens.small import SmallScreen
        from postil_tui.text.geometry import MIN_HEIGHT, MIN_WIDTH

        small = width < MIN_WIDTH or height < MIN_HEIGHT
        if small and not isinstance(self.screen, SmallScreen):
            self.push_screen(SmallScreen())
        elif not small and isinstance(self.screen, SmallScreen):
            self.pop_screen()

    def do_quit(self) -> None:
        """Leave; everything is saved."""
        self.leave()

    def leave(self, code: int = 0) -> None:
        """Write what is left and end."""
        for screen in self._places.values():
            if screen.is_running:
                screen.keep_memo()
        if "code" in self._places:
            self._places["code"].remember()
        if self.workspace is not None and self._watcher.would_lose(self.workspace):
            return
        if self.workspace is not None and not self.workspace.close():
            self.last_words = last_words(*self.workspace.waiting())
            code = 1
        self.exit(code)

    async def action_quit(self) -> None:
        """Textual's own way out leads through ours."""
        self.leave()

    def trouble(self, error: Exception) -> None:
        """An action failed in a way nobody expected: say so, with the way out."""
        from postil_tui.shell.screens.error import ErrorScreen

        report = write_report(error)
        self.push_screen(ErrorScreen(sentence(error, report), error, self.ink))

    def _handle_exception(self, error: Exception) -> None:
        if self.is_headless:  # tests want to see it
            super()._handle_exception(error)
            return
        if self.workspace is not None:
            self.workspace.close()
        self.last_words = sentence(error, write_report(error))
        self.exit(1)
