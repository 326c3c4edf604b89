"""A long day: thousands of actions, and nothing grows that need not."""

from __future__ import annotations

import gc
import random
import tracemalloc
from pathlib import Path

from textual.pilot import Pilot

from postil_codebook.values import Codebook
from postil_study.layers.values import make_layer
from postil_study.text.values import LayerHeader
from postil_tui.code.screen import CodeScreen
from postil_tui.code.session.record import RecordChange
from postil_tui.code.session.session import Session
from tests.postil_tui.text.test_text import made, page_of
from tests.tui_study import coding, make_study, type_keys

ROUND = "s.uS)s.x(jkw+-<escape>"


async def spend(pilot: Pilot[int], screen: CodeScreen, rounds: int) -> int:
    """Some rounds of keys; the bytes that are held afterwards, undo not counted."""
    for _ in range(rounds):
        await type_keys(pilot, ROUND)
    screen.workspace.flush()
    screen.session._done.clear()
    screen.session._undone.clear()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


async def few_or_many(tmp_path: Path, warm: int, rounds: int, most: int) -> None:
    root = make_study(tmp_path, "".join(f"P01:\nSentence {n} of it. And more of it.\n\n" for n in range(40)))
    async with coding(root) as (pilot, screen):
        screen.workspace.slots.use("trust")
        tracemalloc.start()
        try:
            before = await spend(pilot, screen, warm)
            after = await spend(pilot, screen, rounds)
        finally:
            tracemalloc.stop()
        assert after - before < most, f"{(after - before) / 1e6:.1f} MB more"
        assert len(screen.session.records.segments) <= 40


async def test_hundreds_of_actions(tmp_path: Path) -> None:
    await few_or_many(tmp_path, warm=6, rounds=12, most=2_000_000)


def test_ten_thousand_actions(tmp_path: Path) -> None:
    """The same without a terminal: what a session, its margin and its lanes hold after 10,000 codings and removals."""
    transcript = made(4, turns=30, wide=False)
    session = Session(transcript, Codebook(), make_layer(LayerHeader("ana", "T")))
    page = page_of(transcript, session.records)

    def follow(change: RecordChange) -> None:
        page.changed(change)

    session.listeners.append(follow)
    rng = random.Random(1)
    sizes = []
    tracemalloc.start()
    try:
        for number in range(10_001):
            if number % 2 == 0:
                page.put_cursor(rng.randrange(len(transcript.text)))
                session.code(f"code-{rng.randint(0, 6)}", page.selection.target(page.units))
            elif session.records.segments:
                session.remove_segment(rng.choice(sorted(session.records.segments)))
            page.moved()
            if number in (1_000, 10_000):
                session._done.clear()
                session.records.deleted.clear()
                gc.collect()
                sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert sizes[1] - sizes[0] < 1_000_000
    assert set(page.lanes.rows) == set(session.records.index.segments)
