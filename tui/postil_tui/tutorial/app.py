"""The app with the tutorial's card on every screen; it watches what the person does and goes on."""

from __future__ import annotations

from pathlib import Path

from textual import events
from textual.binding import Binding

from postil_study.text.values import Segment
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config
from postil_tui.shell.screens.base import PostilScreen
from postil_tui.shell.state import Remembered
from postil_tui.tutorial.bar import TutorialCard
from postil_tui.tutorial.steps import Course, Seen, worded

CODER = "you"
TRANSCRIPT = "I01"
_LOOK_EVERY = 0.3  # seconds; what is worked out in a thread comes without a key


class TutorialApp(PostilApp):
    """Postil on a copy of the illustrative study, with somebody at your side."""

    BINDINGS = [Binding("ctrl+n", "next_step", priority=True, show=False)]

    def __init__(self, root: Path, config: Config | None = None, theme: str = "") -> None:
        super().__init__(root, TRANSCRIPT, CODER, config)
        assert self.workspace is not None
        self.workspace.remembered = Remembered(theme=theme)  # without a file: nothing of this is kept
        if theme:
            self.theme = theme
        self.course = Course()

    def on_mount(self) -> None:
        """Begin."""
        super().on_mount()
        self.course.before = self.seen()
        self.set_interval(_LOOK_EVERY, self.look)
        self.call_after_refresh(self.look)

    async def on_event(self, event: events.Event) -> None:
        """Look after everything the person does."""
        await super().on_event(event)
        if isinstance(event, (events.Key, events.MouseUp, events.Paste, events.Resize)) and self.is_running:
            self.call_after_refresh(self.look)

    def look(self) -> None:
        """See whether the step was done, and show the one to do."""
        if not self.is_running or not isinstance(self.screen, PostilScreen):
            return
        if self.course.look(self.seen()) and self.course.at == len(self.course.steps) - 1:
            self.say("")
        self._show(self.screen)

    def _show(self, screen: PostilScreen) -> None:
        cards = screen.query(TutorialCard)
        if not cards and screen.is_mounted:
            screen.mount(TutorialCard(), before=0)
            self.call_after_refresh(self.look)
            return
        course = self.course
        for card in cards:
            text = worded(course.step, self.config.keys)
            card.tell(course.step.title, course.at + 1, len(course.steps), text, self.ink)

    def action_next_step(self) -> None:
        """The next step without doing this one."""
        self.course.go_on(self.seen())
        self.look()

    def do_tutorial(self) -> None:
        """From the start again."""
        self.course = Course(before=self.seen())
        self.look()

    # --- what can be seen --------------------------------------------------------------------------------------------

    def seen(self) -> Seen:
        """The app at this moment."""
        from postil_tui.code.screen import CodeScreen

        screen = self.screen
        code = self._places.get("code")
        place = screen.CONTEXT if isinstance(screen, PostilScreen) else ""
        if not isinstance(code, CodeScreen) or not hasattr(code, "page"):
            return Seen(place)
        segments = code.session.records.segments.values()
        model = self._places.get("model")
        at = getattr(model, "at", None) if model is screen else None
        return Seen(
            place=place,
            turn=code.page.turn_number(code.page.selection.cursor),
            selected=sum(abs(end - start) for start, end in [code.page.selection.span or (0, 0)]),
            coded=sum(map(_length, segments)),
            memos=sum(bool(segment.memo) for segment in segments),
            relations=len(code.session.records.relations),
            asking=code.prompt is not None,
            found=len(found.hits) if (found := getattr(screen, "found", None)) is not None and place == "search" else 0,
            drawn=model is screen and getattr(model, "model", None) is not None,
            on_arrow=bool(at and at.on_arrow),
        )


def _length(segment: Segment) -> int:
    return len(segment.codes) * ((segment.end or 0) - (segment.start or 0))
