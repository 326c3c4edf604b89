"""Asking what is to become of what vanished from files: once an event, for all files together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postil_base.files.witness import Stamp
from postil_study.layers.holdings import Loss, happened, summary
from postil_tui.code.session.prompts import Choice, Choose

if TYPE_CHECKING:
    from postil_tui.shell.app import PostilApp
    from postil_tui.shell.workspace import Workspace


class Losses:
    """Asks for one app. A file that is whole again by the next look was only being written: nothing is asked."""

    def __init__(self, app: PostilApp) -> None:
        self._app = app
        self._seen: dict[str, Stamp] = {}
        self._asked: dict[str, Stamp] = {}
        self._prompt: Choose | None = None

    def see(self, workspace: Workspace) -> None:
        """After a look: ask when the same is gone as at the look before, and was not asked about."""
        now = {loss.path: loss.stamp for loss in workspace.holdings.lost}
        before, self._seen = self._seen, now
        if not now:
            self._take_back()
            self._asked = {}
        elif now == before and now != self._asked:
            self.ask(workspace)

    def _take_back(self) -> None:
        """What was gone is there again: the question is no more."""
        prompt, self._prompt = self._prompt, None
        screen = self._app.screen
        if prompt is not None and getattr(screen, "prompt", None) is prompt:
            screen.prompt = None  # type: ignore[attr-defined]
            self._app.say("what had vanished is there again")

    def ask(self, workspace: Workspace) -> None:
        """Ask on the screen that is shown, unless it asks something else or one is writing."""
        from postil_tui.shell.screens.base import PostilScreen

        screen, lost = self._app.screen, workspace.holdings.lost
        if not isinstance(screen, PostilScreen) or screen.prompt is not None or not lost:
            return
        choices = [
            Choice("p", "put them back", lambda: self._decide(workspace, True), short="back"),
            Choice("a", "accept", lambda: self._decide(workspace, False)),
            Choice("s", "show", lambda: self._show(workspace)),
        ]
        said = f"{summary(lost)} {happened(lost)} outside Postil{head_words(workspace)}"
        self._asked = {loss.path: loss.stamp for loss in lost}
        self._prompt = Choose(said, choices, short=f"{summary(lost)} {happened(lost)}")
        screen.ask(self._prompt)

    def _decide(self, workspace: Workspace, put_back: bool) -> None:
        self._prompt = None
        count = workspace.decide(put_back)
        files = f"{count} file{'s' * (count != 1)}"
        said = f"● put back into {files}" if put_back else f"accepted: {files} as they are now"
        self._app.codebook_changed()
        look_outside = getattr(self._app.screen, "look_outside", None)
        if look_outside is not None:
            look_outside()
        self._app.say(f"{said} · postil undo takes it back", "good")

    def _show(self, workspace: Workspace) -> None:
        from postil_tui.conflicts.vanished_screen import VanishedScreen

        self._prompt = None
        panel = VanishedScreen(workspace.holdings.lost, head_words(workspace), self._app.ink)
        self._app.push_screen(panel, lambda _: self._ask_after(workspace))

    def _ask_after(self, workspace: Workspace) -> None:
        """Ask once the panel is gone, so that the answer does not go to it."""
        self._app.call_after_refresh(self.ask, workspace)


def head_words(workspace: Workspace) -> str:
    """Whether git's HEAD is elsewhere than when all was well."""
    before, now = workspace.holdings.head, workspace.holdings.head_now
    return f"; git's HEAD moved from {before or 'nowhere'} to {now or 'nowhere'}" if before != now else ""


def lines_of(lost: list[Loss]) -> list[tuple[str, list[str]]]:
    """Each file with what vanished from it."""
    return [(loss.said, list(loss.gone)) for loss in lost]
