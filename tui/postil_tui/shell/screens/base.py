"""What all screens share: keys to actions, a status line that asks and answers, going from one to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from rich.style import Style
from textual import events, on
from textual.screen import Screen

from postil_base.problem import PostilError
from postil_tui.code.session.prompts import Ask, Choose, Prompt, PromptStage
from postil_tui.shell.actions import Action, Context, KeyMap, actions_of, shown_key
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.text.squeeze import end_of, squeezed
from postil_tui.widgets.bars import Bar

if TYPE_CHECKING:
    from postil_tui.shell.app import PostilApp
    from postil_tui.widgets.picker import Picker

_HERE = {"home": "transcripts"}  # no hint leads to where one is

Handler = Callable[[], None]
Result = TypeVar("Result")


class PostilScreen(Screen[None]):
    """A screen whose keys come from the registry of actions; ``do_<action>`` methods carry them out."""

    CONTEXT: ClassVar[Context] = "everywhere"
    AUTO_FOCUS: ClassVar[str | None] = "*"

    def __init__(self) -> None:
        super().__init__()
        self.prompt: Prompt | None = None
        self.key = ""  # the key of the action being carried out
        self._handlers: dict[str, Handler] = {}
        self._said: tuple[str, str] = ("", "")
        self._hinted: list[str] = []  # the actions of the keys in the bottom row
        self.keymap = KeyMap(self.CONTEXT)

    @property
    def app(self) -> PostilApp:  # type: ignore[override]  # the app of these screens is always ours
        """The app, with its type."""
        return cast("PostilApp", super().app)

    @property
    def ink(self) -> StyleSheet:
        """The colours of the theme."""
        return self.app.ink

    @property
    def bar_ink(self) -> StyleSheet:
        """The same on the ground of the bars."""
        return self.app.bar_ink

    def on_mount(self) -> None:
        """Take the person's own keys."""
        self.keymap = KeyMap(self.CONTEXT, self.app.config.keys)
        self.show_status()

    # --- what the app asks of its places -----------------------------------------------------------------------------

    def request(self, transcript_id: str, offset: int | None = None) -> None:
        """Show a transcript; for the code screen."""

    def codebook_changed(self) -> None:
        """Something changed on disk: gathered quietly, so that what was said stays readable."""
        if self.app.screen is self:
            self.gather("")

    def gather(self, saying: str = "") -> None:
        """Read what the screen shows; ``saying`` stands in the status line meanwhile."""

    def coder_changed(self) -> None:
        """Somebody else is at work: let go of what the other was allowed to see."""

    def remember(self) -> None:
        """Note where we are, for the next time."""

    def keep_memo(self) -> None:
        """Keep the memo that is being written, before we go elsewhere."""
        for pane in self.query("MemoPane"):  # by name: its editor takes a while to import, and is seldom there
            pane.close()  # type: ignore[attr-defined]

    def look_outside(self, asked: bool = False) -> None:
        """See what changed on disk."""

    def on_rows_resized(self) -> None:
        """A list got its width, perhaps after it was painted for another one."""
        repaint = getattr(self, "repaint", None)
        if repaint is not None and self.is_mounted:
            self.call_after_refresh(repaint)

    def on_grid_resized(self) -> None:
        """A grid got its size."""
        self.on_rows_resized()

    # --- keys --------------------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Keys that the focused widget did not take."""
        if self.press(event):
            event.stop()
            event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text goes to the question being asked."""
        if self.prompt:
            event.stop()
            self.prompt.paste(event.text)
            self.show_status()

    @property
    def being_written(self) -> bool:
        """Whether an editor of several lines has the keys: then all of them are its own."""
        pane = getattr(self.focused, "parent", None)
        return type(pane).__name__ == "MemoPane"

    def press(self, event: events.Key) -> bool:
        """Do what a key means here; tells whether it meant anything."""
        if self.app.screen is not self or self.being_written:
            return False
        if self._answer_with(event.key, event.character):
            return True
        key = event.character if event.is_printable and event.character != " " and event.character else event.key
        action = self.keymap.press(key)
        if action is None:
            return False
        if action == "":
            self.show_status()
            return True
        self.key = key
        self.do(action)
        return True

    def _answer_with(self, key: str, character: str | None) -> bool:
        """Give a key to the question being asked; tells whether it took it."""
        prompt = self.prompt
        if prompt is None:
            return False
        taken = bool(self._guarded(lambda: prompt.press(key, character)))
        if prompt.finished and self.prompt is prompt:
            self.prompt = None
        if taken:
            self.show_status()
        return taken

    @on(Bar.Pressed, "#status")
    def _status_pressed(self, event: Bar.Pressed) -> None:
        """A click on a key of the bottom row does what the key does; a click on an answer answers."""
        if event.button != 1:
            return
        if event.is_right:
            self.do(self._hinted[-1 - (len(event.pieces) - 1 - event.number) // 2])
        elif isinstance(self.prompt, Choose) and event.number:
            choices = () if self.prompt.quiet else self.prompt.choices
            at = (event.number - 1) // 2
            self._answer_with(choices[at].key if at < len(choices) else "escape", None)

    def do(self, action: str) -> None:
        """Carry an action out by its id; what fails says so in the status line."""
        handler = self._handler(action)
        if handler is None:
            self.say(f"{action}: not here", "warn")
            return
        self._guarded(handler)

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do something that may fail; then say why."""
        self._guarded(act)

    def _guarded(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except PostilError as error:
            self.say(str(error), "bad")
        except Exception as error:
            if self.app.is_headless:
                raise
            self.app.trouble(error)
        return True

    def parts(self) -> list[object]:
        """Objects whose ``do_`` methods carry out the screen's actions."""
        return []

    def ready(self) -> None:
        """Know every action's method."""
        for part in self.parts():
            for name in dir(part):
                if name.startswith("do_"):
                    self._handlers.setdefault(name[3:], getattr(part, name))

    def _handler(self, action: str) -> Handler | None:
        if not self._handlers:
            self.ready()
        own: Handler | None = self._handlers.get(action) or getattr(self, f"do_{action}", None)
        return own or getattr(self.app, f"do_{action}", None) or self.app.way_to(action)

    def can(self, action: Action) -> bool:
        """Whether the screen (or the app) carries the action out."""
        return self._handler(action.id) is not None

    # --- status line -------------------------------------------------------------------------------------------------

    def later(
        self, work: Callable[[], Result], then: Callable[[Result], None], saying: str, reads: bool = False
    ) -> None:
        """Do something that may take a while in a thread, then go on here; what fails says so.

        ``saying`` stands in the status line meanwhile; with "" what was said before stays readable. What is merely
        read is dropped when somebody else came to work meanwhile: it may not be for their eyes.
        """
        whose = self.app.workspace.coder if self.app.workspace else ""
        if saying:
            self.say(saying)

        def go_on(result: Result) -> None:
            if saying and self.said == saying:
                self.say("")
            if not reads or self.app.workspace is None or self.app.workspace.coder == whose:
                self._guarded(lambda: then(result))

        def run() -> None:
            try:
                result = work()
            except PostilError as error:
                self.app.call_from_thread(self.say, str(error), "bad")
            except Exception as error:
                self.app.call_from_thread(self.app.trouble, error)
            else:
                self.app.call_from_thread(go_on, result)

        self.run_worker(run, thread=True, group="later")

    def ask(self, prompt: Prompt) -> None:
        """Ask something; the prompt takes the keys."""
        self.prompt = prompt
        self.show_status()

    def say(self, text: str, mood: str = "") -> None:
        """Say one line; it stays until the next is said."""
        self._said = (text, mood)
        self.show_status()

    def write_memo(self, subject: str) -> None:
        """Write this coder's memo about something, with the text still in sight."""
        from postil_tui.memos.memo_book import MemoBook
        from postil_tui.widgets.memo_pane import MemoPane

        workspace = self.app.workspace
        if workspace is None or not self.query(MemoPane):
            return
        book, coder = MemoBook(workspace.root, workspace.clock), workspace.coder
        memo = book.about(subject, coder)

        def keep(text: str) -> None:
            kept = book.keep(memo, subject, coder, text)
            self.say(f"● kept in {kept.path}" if kept else "memo unchanged", "good" if kept else "")

        title = f"memo on {subject} by {coder} · ctrl+s or esc keeps it"
        self.query_one(MemoPane).open(title, memo.body.rstrip() if memo else "", keep)

    @property
    def said(self) -> str:
        """What was said last."""
        return self._said[0]

    def open_picker(self) -> Picker | None:
        """The code picker of this screen, if it has one that is there already."""
        return None

    def picked(self) -> None:
        """A row of the picker was clicked."""
        self.prompt = None
        self.show_status()

    def _show_picker(self) -> None:
        picker = self.open_picker()
        if picker is not None and picker.pick is not None:
            if self.prompt is picker.pick:
                picker.refresh()
            else:
                picker.close()

    def show_status(self) -> None:
        """Paint the status line, and the picker with it."""
        self._show_picker()
        bar = self.query(Bar).filter("#status")
        if not bar:
            return
        left = self._prompt_pieces() or self._said_pieces()
        width = self.size.width
        room = min(width - _width(left) - 2, max(width - 20, width // 2))  # what the bar leaves to its right side
        bar.first().set(left, self.status_right(room), self.bar_ink.plain)

    def _said_pieces(self) -> list[tuple[str, Style]]:
        text, mood = self._said
        if self.keymap.pending:
            return [(f" {shown_key(self.keymap.pending)}…", self.bar_ink.accent)]
        paper = self.bar_ink.paper
        colour = {"good": paper.good, "warn": paper.warn, "bad": paper.bad}.get(mood, paper.ink)
        return [(" " + shown(text), self.bar_ink.style(colour))] if text else self.status_idle()

    def status_idle(self) -> list[tuple[str, Style]]:
        """What the status line says when there is nothing to say."""
        return []

    def status_right(self, room: int) -> list[tuple[str, Style]]:
        """Keys worth knowing here, as many as there is room for; help always."""
        if self.prompt:
            return []
        pieces: list[tuple[str, Style]] = []
        help_ = self._hint("help", "help")
        not_here = ("help", _HERE.get(self.CONTEXT))
        hinted = [one for one in actions_of(self.CONTEXT) if one.hint and one.id not in not_here and self.can(one)]
        for action in hinted:
            pieces += self._hint(action.id, action.hint)
        shown_ones = _first_fitting(pieces, room - _width(help_))
        self._hinted = [*(action.id for action in hinted[: len(shown_ones) // 2]), "help"]
        return [*shown_ones, *help_]

    def _hint(self, action: str, word: str) -> list[tuple[str, Style]]:
        return [(f" {self.keymap.key(action)} ", self.bar_ink.accent), (f"{word} ", self.bar_ink.quiet)]

    def _prompt_pieces(self) -> list[tuple[str, Style]]:
        ink = self.bar_ink
        if isinstance(self.prompt, Choose):
            return self._choices(self.prompt)
        if isinstance(self.prompt, Ask):
            line = self.prompt.line
            text = shown(line.text) + " "
            cursor = ink.style(ink.paper.ink, reverse=True)
            question = f" {shown(self.prompt.question)} "
            before = end_of(text[: line.at], self.size.width - cells(question) - 6)
            pieces = [(question, ink.strong), (before, ink.plain)]
            pieces += [(text[line.at], cursor), (text[line.at + 1 :], ink.plain)]
            return [*pieces, (f"  {shown(self.prompt.note)}", ink.quiet)]
        if isinstance(self.prompt, PromptStage):
            return [(f" {shown(self.prompt.question)}", ink.accent)]
        return []

    def _choices(self, prompt: Choose) -> list[tuple[str, Style]]:
        """Question and answers; where there is little room in few words, and the question gives way first."""
        ink, width = self.bar_ink, self.size.width
        leave = [("  esc ", ink.accent), ("leave", ink.quiet)]
        pieces = [(f" {shown(prompt.question)}  ", ink.strong), *self._answers(prompt, False), *leave]
        if _width(pieces) <= width:
            return pieces
        answers = [*self._answers(prompt, True), *leave]
        question = shown(prompt.short or prompt.question)
        room = max(width - _width(answers) - 2, 8)
        return squeezed([(f" {fitted(question, min(room, cells(question)))} ", ink.strong), *answers], width)

    def _answers(self, prompt: Choose, brief: bool) -> list[tuple[str, Style]]:
        ink, pieces = self.bar_ink, []
        for choice in () if prompt.quiet else prompt.choices:
            words = choice.short if brief and choice.short else choice.text
            pieces += [(f" {shown_key(choice.key)} ", ink.accent)]
            pieces += [(f"{shown(words)} ", ink.code(choice.code) if choice.code else ink.plain)]
        return pieces


def _first_fitting(pieces: list[tuple[str, Style]], room: int) -> list[tuple[str, Style]]:
    """As many pairs of key and word, from the first, as there is room for."""
    kept: list[tuple[str, Style]] = []
    for key, word in zip(pieces[::2], pieces[1::2], strict=True):
        room -= len(key[0]) + len(word[0])
        if room < 0:
            break
        kept += [key, word]
    return kept


def _width(pieces: list[tuple[str, Style]]) -> int:
    return sum(cells(text) for text, _ in pieces)
