"""Parts of the compare screen: the list of all disagreements, and calling a consensus finished."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from postil_base.clock import utc_today
from postil_base.plural import counted
from postil_study.files.settings import CONSENSUS
from postil_tui.code.session.prompts import Choice, Choose
from postil_tui.compare.differences import CodingDifference, ComparedLayers
from postil_tui.compare.finishing import question
from postil_tui.compare.listing import Listed, kind_in_words, side_by_side, worst_first
from postil_tui.compare.settling import take_agreed
from postil_tui.shell.screens.choose import ChooseScreen
from postil_tui.text.cells import cells, fitted, shown

if TYPE_CHECKING:
    from postil_tui.compare.screen import CompareScreen

_LIST, _CODE = 110, 22  # columns of the list of disagreements, and of a code in it


def list_differences(screen: CompareScreen) -> None:
    """All disagreements of the two in the study, worst code first; enter goes there."""
    listed = _listed(screen)
    if not listed:
        screen.say("the two agree everywhere", "good")
        return
    notes = [f"{one.transcript} {kind_in_words(one.difference).rpartition(', ')[2]}" for one in listed]
    wide = min(screen.size.width - 4, _LIST)
    code = _CODE if wide == _LIST else _CODE - 4
    room = wide - code - max(map(cells, notes)) - 10  # border, digit and gaps
    options = [
        (str(number), f"{fitted(shown(one.code), code)} {side_by_side(one.difference, room)}", note)
        for number, (one, note) in enumerate(zip(listed, notes, strict=True))
    ]

    def chosen(answer: str | None) -> None:
        if answer:
            one = listed[int(answer)]
            screen.go_to(one.transcript, one.index)

    title = f"{counted(len(listed), 'disagreement')}, worst code first"
    screen.app.push_screen(ChooseScreen(title, options, screen.ink, wide), chosen)


def _listed(screen: CompareScreen) -> list[Listed]:
    if screen.pair is None:
        return []
    found: dict[str, list[CodingDifference]] = {}
    alike: Counter[str] = Counter()
    for name in screen.workspace.study.transcripts:
        if set(screen.pair) <= set(screen.coders(name)):
            first, second = (screen.workspace.layer_now(coder, name) for coder in screen.pair)
            if first is not None and second is not None:
                compared = ComparedLayers(first, second)
                found[name] = compared.differences
                alike.update(one[1] for one, _ in compared.agreed)
                alike.update(one.relation.type for one, _ in compared.relations.alike)
    return worst_first(found, alike)


def finish_consensus(screen: CompareScreen) -> None:
    """Call the consensus finished, or open it again; asks, and says what is open."""
    if not screen.transcript_id or screen.compared is None:
        screen.say("nothing is compared here", "warn")
        return
    name, workspace = screen.transcript_id, screen.workspace
    session = workspace.session(name, coder=CONSENSUS)

    def mark(date: str) -> None:
        change = take_agreed(session, screen.compared) if date and screen.compared else None
        workspace.set_done(session, date)
        screen.repaint()
        said = f"{name}: consensus {'finished on ' + date if date else 'open again'}"
        screen.say(f"{said}; {change.said}" if change else said, "good")

    if session.header.done:
        screen.ask(Choose(f"open the consensus of {name} again?", [Choice("y", "yes", lambda: mark(""))]))
        return
    left = [one for one in workspace.still_open(name) if one.codes or one.relations or one.pair != screen.pair]
    asked = question(name, left) or f"finished with the consensus of {name}? what agrees is taken over"
    screen.ask(Choose(asked, [Choice("y", "yes", lambda: mark(utc_today(workspace.clock)))]))
