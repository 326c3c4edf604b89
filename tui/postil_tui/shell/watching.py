"""Once a second: what changed on disk comes in, what could not be saved is tried again. The screen never waits for it.

Looking at the disk is done in a thread: a network drive may take its time to answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

from postil_base.plural import counted, subject
from postil_base.problem import PostilError
from postil_study.files.file_cache import Stamp, stamp_of
from postil_tui.shell.losses import Losses

if TYPE_CHECKING:
    from postil_tui.shell.app import PostilApp
    from postil_tui.shell.workspace import Workspace

EVERY = 1.0  # seconds
RETRY_AFTER = 5  # looks until what could not be saved is tried again
_LATE = 3.0  # seconds


class Watcher:
    """Looks after one study for one app."""

    def __init__(self, app: PostilApp) -> None:
        self._app = app
        self._seen: dict[str, Stamp] = {}
        self._of: Workspace | None = None
        self._started = 0.0  # when the look that is going on began
        self._looks = 0
        self._was_late = False
        self._warned = False  # that leaving would lose something
        self._missed: set[str] = set()  # what changed while something was lost and undecided
        self.losses = Losses(app)

    def tick(self) -> None:
        """Have a look, unless the last one has not come back."""
        workspace = self._app.workspace
        if workspace is None:
            return
        self._looks += 1
        # what waits in this app is written by this app; into a file of which something is lost nothing is written
        if self._looks == 1 and not workspace.waiting()[0] and not workspace.holdings.look():
            for line in workspace.take_in_unsaved():
                self._app.say(line, "warn")
        self._tell_slow(workspace)
        if self._looks % RETRY_AFTER == 0:
            workspace.try_again()
        if not self._started:
            self._started = monotonic()
            Thread(target=self._look, args=(workspace,), name="postil-watch", daemon=True).start()

    def _tell_slow(self, workspace: Workspace) -> None:
        waiting = workspace.slow()
        silent = bool(self._started) and monotonic() - self._started > _LATE
        if waiting or silent:
            self._was_late = True
            rest = (
                f"; {subject(waiting, 'change', 'waits')}, and are kept outside the study meanwhile" if waiting else ""
            )
            self._app.say(f"the disk of the study is slow to answer{rest}", "warn")
        elif self._was_late:
            self._was_late = False
            self._app.say("the disk of the study answers again")

    def _look(self, workspace: Workspace) -> None:
        """In the thread: what differs from the look before."""
        root = workspace.root
        now = {path: stamp_of(root / path) for path in workspace.watched()}
        first = self._of is not workspace  # something may have changed between reading and this look
        before = now if first else self._seen
        changed = sorted(path for path in now.keys() | before.keys() if now.get(path) != before.get(path))
        self._seen, self._of = now, workspace
        was_lost = bool(workspace.holdings.lost)
        with suppress(PostilError):  # a file that cannot be read now is looked at the next time
            workspace.holdings.look()
        self._started = 0.0
        if (changed or first or was_lost or workspace.holdings.lost) and self._app.is_running:
            self._app.call_later(self._tell, workspace, changed)

    def _tell(self, workspace: Workspace, changed: Iterable[str]) -> None:
        if self._app.workspace is not workspace or not self._app.is_running:
            return
        self.losses.see(workspace)
        self._missed.update(changed)
        if not workspace.holdings.lost:  # otherwise what is in memory stays as it is
            missed, self._missed = list(self._missed), set()
            guarded(self._app, lambda: follow(self._app, workspace, missed))

    def would_lose(self, workspace: Workspace) -> bool:
        """Whether leaving would lose what can be written nowhere; said once, the second time it is meant."""
        if workspace.flush() or workspace.waiting()[1] or self._warned:
            return False
        self._warned = True
        words = "not saved, and kept nowhere else: make room on the disk, or leave once more to lose it"
        self._app.call_after_refresh(self._app.say, words, "bad")  # after what the saver has to say
        return True


def guarded(app: PostilApp, act: Callable[[], None]) -> None:
    """What goes wrong while looking is said, and is no reason to end."""
    try:
        act()
    except (PostilError, OSError) as error:
        app.say(str(error), "bad")


def follow(app: PostilApp, workspace: Workspace, paths: Iterable[str]) -> None:
    """Read anew what others changed: codebook and settings, texts with all codings on them."""
    newer = workspace.study.refresh()  # what changed since it was read; a file that is merely watched now did not
    if "rounds" in paths or any(path.endswith(".yaml") for path in newer):
        workspace.reopen()
        app.codebook_changed()
    for transcript_id in workspace.changed_texts():
        told = followed_words(transcript_id, *workspace.follow_text(transcript_id))
        if workspace.remembered.transcript == transcript_id:
            app.open_again(transcript_id)
        app.say(told, "warn")
    look_outside = getattr(app.screen, "look_outside", None)
    if look_outside is not None:
        look_outside()


def followed_words(transcript_id: str, look: int, lost: int) -> str:
    """What to say when codings followed a corrected text."""
    rest = f"; {look} to be looked at, {lost} of them without words: U lists yours" if look else ""
    return f"{transcript_id} was corrected outside; all codings follow{rest}"


_SECOND_VERSION = re.compile(r"\.\d+$")


def merged_words(outside: Iterable[str]) -> tuple[str, str]:
    """What to say of records of others that were merged in, by their ids."""
    ids = list(outside)
    both = sum(bool(_SECOND_VERSION.search(id_)) for id_ in ids)
    if both:
        what = "segment was" if both == 1 else "segments were"
        return f"{both} {what} changed by somebody else, too: both versions are kept, g k decides", "warn"
    what = "1 record of somebody else was" if len(ids) == 1 else f"{len(ids)} records of somebody else were"
    return f"{what} merged in", ""


def unsaved_words(reason: str, kept: str) -> tuple[str, str]:
    """What to say when something could not be saved."""
    where = "in memory and outside the study" if kept else "in memory"
    return f"not saved, but kept {where}; R tries again: {reason}", "bad"


def last_words(waiting: int, kept: str) -> str:
    """What to say when the app ends and not everything is in the study."""
    what = f"{counted(waiting, 'change')} could not be written into the study"
    if kept:
        return f"{what}. They are kept in {kept} and are taken in when you open the study next."
    return f"{what}, nor anywhere else. Make room on the disk before you go on."
