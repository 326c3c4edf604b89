"""Everything that has a name, for the command palette: actions of the screen below, and the things of the study."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from postil_tui.shell.actions import actions_of
from postil_tui.shell.screens.base import PostilScreen

if TYPE_CHECKING:
    from postil_tui.shell.workspace import Workspace

_NOT_LISTED = ("commands", "slot", "theme_digit")  # they need the key they were pressed with


class Named(msgspec.Struct, frozen=True):
    """One entry: what it does, in words; words it is found by, too; its key; and the doing."""

    title: str
    words: str
    key: str
    act: Callable[[], None]


def actions_named(below: PostilScreen) -> list[Named]:
    """The actions that can be carried out on a screen, in the order of the registry."""
    usable = (a for a in actions_of(below.CONTEXT) if a.listed and a.id not in _NOT_LISTED and below.can(a))
    return [Named(a.title, a.group, below.keymap.key(a.id), partial(below.do, a.id)) for a in usable]


def things_named(below: PostilScreen) -> Iterator[Named]:
    """Transcripts, codes, participants, coders and kept queries of the study, each with what one does with it."""
    screen, workspace = below.app, below.app.workspace
    if workspace is None:
        return
    for transcript_id in workspace.study.transcripts:
        yield Named(
            f"open transcript {transcript_id}", transcript_id, "", partial(screen.open_transcript, transcript_id)
        )
    for code in workspace.codebook.codes.values():
        wanted = code.id if code.codable else f"{code.id}/*"
        yield Named(f"quotes of {code.id}", f"{code.id} {code.label}", "", partial(screen.show_quotes, wanted))
    for who in workspace.study.settings.participants:
        wanted = f"participant:{who} role:participant"
        yield Named(f"what {who} says", who, "", partial(screen.show_quotes, wanted))
    for coder in workspace.coders:
        yield Named(f"work as {coder}", coder, "", partial(screen.start_as, coder))
    yield from _queries(below, workspace)


def _queries(below: PostilScreen, workspace: Workspace) -> Iterator[Named]:
    from postil_model.search.named import read_queries

    for query in read_queries(workspace.root)[0].values():
        yield Named(f"query {query.name}", query.query, "", partial(below.app.show_quotes, query.query))
