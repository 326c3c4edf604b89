"""Studies and the app for tests of the terminal application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from postil_tui.code.screen import CodeScreen
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config

TEXT = """Interviewer:
How did you choose it? Take your time.

P01:
We looked at the hub. First the popular ones, then the small ones. They were well documented.
Later we measured. It was poor, so we went back to the hub.

Interviewer:
And then?

P01:
Then we took the second one. It was fine.

P02:
I disagree. It never was.
"""
BOOK = """# the book of the test
title: Test
version: 1.0.0
codes:
  selection:
    label: Selection
    definition: a heading
    codable: false
    children:
      find-ptm: {label: Find a PTM, definition: looking for a model}  # keep me
      popularity: {label: Popularity, definition: downloads and stars}
      documentation: {label: Documentation, definition: what is written about it}
  evaluate: {label: Evaluate, definition: measuring it}
  trust: {label: Trust, definition: believing the maker}
"""
STUDY = """postil: 1
id: test-study
title: A test
codebook: codebook/codes.yaml
coders: {ana: {name: Ana}, ben: {name: Ben}}
participants: {P01: {}, P02: {}}
analysis: {record: [ana, ben]}
"""
SPEAKERS = """  speakers:
    Interviewer: {role: interviewer}
    P01: {role: participant, participant: P01}
    P02: {role: participant, participant: P02}
"""
MANIFEST = f"I01:\n{SPEAKERS}I02:\n{SPEAKERS}"


def make_study(root: Path, text: str = TEXT) -> Path:
    """A small study with two transcripts and two coders who have not begun."""
    for folder in ("codebook", "transcripts", "codings"):
        (root / folder).mkdir(parents=True)
    (root / "study.yaml").write_text(STUDY, "utf-8")
    (root / "codebook" / "codes.yaml").write_text(BOOK, "utf-8")
    (root / "transcripts" / "transcripts.yaml").write_text(MANIFEST, "utf-8")
    (root / "transcripts" / "I01.txt").write_text(text, "utf-8")
    (root / "transcripts" / "I02.txt").write_text(TEXT, "utf-8")
    return root


@asynccontextmanager
async def coding(
    root: Path,
    size: tuple[int, int] = (120, 36),
    transcript: str = "I01",
    coder: str = "ana",
    config: Config | None = None,
) -> AsyncIterator[tuple[Pilot[int], CodeScreen]]:
    """The app on a transcript."""
    app = PostilApp(root, transcript, coder, config or Config())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, CodeScreen)
        try:
            yield pilot, screen
        finally:
            screen.workspace.flush()
            await pilot.pause()


def codes(screen: CodeScreen) -> list[tuple[str, tuple[str, ...]]]:
    """Every segment's words and codes, by position."""
    text = screen.page.transcript.text
    return [(text[s.start : s.end], s.code_ids) for s in screen.session.records.in_order() if s.start is not None]


async def type_keys(pilot: Pilot[int], keys: str) -> None:
    """Press keys as a person types them: one a character, names in <angle brackets>."""
    position = 0
    while position < len(keys):
        if keys[position] == "<":
            end = keys.index(">", position)
            await pilot.press(keys[position + 1 : end])
            position = end + 1
        else:
            await pilot.press({" ": "space"}.get(keys[position], keys[position]))
            position += 1
    await pilot.pause()


def key_count(keys: str) -> int:
    """How many keys a person presses."""
    count, position = 0, 0
    while position < len(keys):
        position = keys.index(">", position) + 1 if keys[position] == "<" else position + 1
        count += 1
    return count
