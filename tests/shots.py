"""Every screen of the app as a picture: which keys lead to it, and an SVG that is the same in every run.

``make snapshots`` paints the golden files of `tests/snapshots`; `tests/test_snapshots.py` holds the app against them.
docs/screens.py makes the pictures of the documentation in the same way.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from rich.color import ColorSystem
from textual.app import App
from textual.pilot import Pilot

from postil_transcripts.illustrative import lay_down
from postil_tui.app import PostilApp
from postil_tui.config import Config
from tests.shots_inputs import one_file, read_files, some_files, two_versions

FOLDER = Path(__file__).resolve().parent / "snapshots"
SIZES = ((80, 24), (120, 36), (160, 45))
GOAL = "} } } } } } ) )"  # keys to a passage with several codes
PATIENCE = 200  # looks at the app until it rests


class Scene(NamedTuple):
    """A screen: the transcript to open (or the list), keys with spaces between, and what keys cannot do."""

    name: str
    keys: str = ""
    transcript: str | None = None
    theme: str = "postil-dark"
    then: Callable[[PostilApp], None] | None = None
    kind: str = "study"  # or "welcome", "tutorial"
    before: Callable[[Path], None] | None = None  # what is put into the study's folder first


def typed(words: str) -> str:
    """Words as keys."""
    return " ".join({" ": "space"}.get(letter, letter) for letter in words)


def fail(app: PostilApp) -> None:
    """Something nobody expected."""
    from postil_tui.screens.error import ErrorScreen

    sentence = "Something went wrong that Postil did not expect (ValueError). What you coded is saved as you go."
    app.push_screen(ErrorScreen(sentence, ValueError("nobody expected this"), app.ink))


CODING = (
    Scene("code-reading", "} } } } } } )", "I01"),
    Scene("code-light", GOAL, "I02", "postil-light"),
    Scene("code-selected", f"{GOAL} s s", "I01"),
    Scene("code-picker", f"{GOAL} s c m a", "I01"),
    Scene("code-new-code", f"{GOAL} s c {typed('trust/own-licence')}", "I01"),
    Scene("code-mode", "tab tab tab d", "I01"),
    Scene("code-card", "tab tab tab K", "I01"),
    Scene("code-memo", f"{GOAL} m {typed('Here she weighs both.')}", "I01"),
    Scene("code-relation", "tab tab tab r tab tab enter", "I01"),
    Scene("code-find", f"/ {typed('model')} enter n n", "I01"),
    Scene("code-borders", "tab tab tab e w w", "I01"),
    Scene("code-other-transcript", "} } } } ) s", "I03"),
)
STUDY = (
    Scene("transcripts", "j j"),
    Scene("codebook", "f4 j j j j"),
    Scene("codebook-define", "f4 j j j j d"),
    Scene("codebook-lint", "f4 !"),
    Scene("quotes", f"{GOAL} f5", "I01"),
    Scene("search", "f8"),
    Scene("search-found", f"f8 {typed('evaluate NEAR/2turns find-ptm')} enter j"),
    Scene("compare", "f6 n n", "I01"),
    Scene("compare-list", "f6 l", "I01"),
    Scene("themes", "g a j j"),
    Scene("themes-quotes", "g a j j tab j"),
    Scene("matrix", "g x l j"),
    Scene("matrix-quotes", "g x l j tab j"),
    Scene("guide", "g i"),
    Scene("guide-whole", "g i v"),
    Scene("memos", "g e"),
    Scene("team", "g r"),
    Scene("recode", "g u"),
)
LOOKING = (
    Scene("overview", "f7"),
    Scene("overview-2", "f7 tab"),
    Scene("overview-3", "f7 tab tab"),
    Scene("overview-4", "f7 tab tab tab"),
    Scene("overview-5", "f7 tab tab tab tab"),
    Scene("model", "f10"),
    Scene("model-arrow", "f10 tab tab right"),
    Scene("model-evidence", "f10 tab tab enter"),
)
OVER = (
    Scene("help", "f1", "I01"),
    Scene("help-codebook", "f4 f1"),
    Scene("commands", "ctrl+p", "I01"),
    Scene("commands-typed", f"ctrl+p {typed('memo')}", "I01"),
    Scene("who", "g w", "I01"),
    Scene("error", "", "I01", then=fail),
    Scene("welcome", kind="welcome"),
    Scene("tutorial", kind="tutorial"),
)
GOING_IN = (
    Scene("import", "i escape", before=some_files, then=read_files),
    Scene("import-speakers", "i escape", before=one_file, then=read_files),
    Scene("import-empty", "i"),
    Scene("conflicts", "g k", "I01", before=two_versions),
    Scene("conflicts-entry", "g k j", "I01", before=two_versions),
)
SCENES = {scene.name: scene for scene in (*CODING, *STUDY, *LOOKING, *OVER, *GOING_IN)}


def app_of(scene: Scene, root: Path) -> PostilApp:
    """The app for a scene."""
    return pinned_colours(_app_of(scene, root))


def pinned_colours(app: PostilApp) -> PostilApp:
    """The app in all colours, whatever terminal it runs in."""
    app.console._color_system = ColorSystem.TRUECOLOR
    app.no_color = False
    return app


def _app_of(scene: Scene, root: Path) -> PostilApp:
    config = Config(theme=scene.theme)
    if scene.kind == "welcome":
        return PostilApp(None, config=config)
    if scene.kind == "tutorial":
        from postil_tui.tutorial.app import TutorialApp

        return TutorialApp(root, config)
    return PostilApp(root, scene.transcript, "ana", config)


async def rest(pilot: Pilot[int]) -> None:
    """Wait until nothing is under way: no worker, no timer that fires once, nothing to paint."""
    app: App[int] = pilot.app
    for _ in range(PATIENCE):
        await app.workers.wait_for_complete()
        await pilot.pause()
        nodes = [app, *app.screen_stack, *app.screen.walk_children()]
        timers = [timer for node in nodes for timer in node._timers if timer._repeat == 0 and timer._interval < 1]
        if all(timer._task is None or timer._task.done() for timer in timers) and not app.workers._workers:
            return
        await asyncio.sleep(0.01)  # a look, then another: what is waited for is on the line above
    raise AssertionError("the app does not come to rest")


async def paint(scene: Scene, size: tuple[int, int], root: Path) -> str:
    """The scene as SVG; what differs from run to run is taken out."""
    if scene.before:
        scene.before(root)
    app = app_of(scene, root)
    place = "/" if scene.kind == "welcome" else "."  # a folder that is called the same everywhere
    with contextlib.chdir(place):
        return await _paint(app, scene, size, root)


async def _paint(app: PostilApp, scene: Scene, size: tuple[int, int], root: Path) -> str:
    async with app.run_test(size=size) as pilot:
        await rest(pilot)
        for key in scene.keys.split():
            await pilot.press(key)
            await rest(pilot)
        if scene.then:
            scene.then(app)
        await rest(pilot)
        return plain(app.export_screenshot(title="Postil", simplify=True), root)


def plain(svg: str, root: Path) -> str:
    """Without fonts from elsewhere, with the same ids and the same folder in every run."""
    svg = re.sub(r"@font-face\s*\{[^}]*\}|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family:\s*Fira Code", "font-family: Fira Code, DejaVu Sans Mono", svg)
    svg = re.sub(r"terminal-\d+-", "t-", svg).replace("&#160;", "\xa0")
    svg = re.sub(r' clip-path="url\(#t-line-\d+\)"| shape-rendering="crispEdges"', "", svg)
    svg = re.sub(r'<clipPath id="t-line-\d+">.*?</clipPath>', "", svg, flags=re.DOTALL)
    svg = re.sub(r'(x|y|width|height|textLength)="(\d+\.\d{2,})"', lambda m: f'{m[1]}="{float(m[2]):.1f}"', svg)
    return "\n".join(line.rstrip() for line in svg.replace(str(root), "~/study").splitlines() if line.strip()) + "\n"


def words_of(svg: str) -> list[str]:
    """What stands on the screen, row by row: for a message that can be read."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for x, y, text in re.findall(r'<text class="[^"]*" x="([\d.]+)" y="([\d.]+)"[^>]*>(.*?)</text>', svg):
        rows.setdefault(float(y), []).append((float(x), html.unescape(text).replace("\xa0", " ")))
    return ["".join(text for _, text in sorted(parts)) for _, parts in sorted(rows.items())]


def golden(name: str, size: tuple[int, int]) -> Path:
    """The golden file of a scene in a size."""
    return FOLDER / f"{name}-{size[0]}x{size[1]}.svg"


@contextlib.contextmanager
def own_place() -> Iterator[Path]:
    """The illustrative study in a copy, with state and settings of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("STATE", "CONFIG", "CACHE", "DATA"):
            os.environ[f"XDG_{kind}_HOME"] = f"{folder}/{kind}"
        root = Path(folder) / "study"
        lay_down(root)
        yield root


def main() -> None:
    """Paint the golden files of the scenes named, or of all."""
    FOLDER.mkdir(exist_ok=True)
    names = sys.argv[1:] or list(SCENES)
    for name in names:
        for size in SIZES:
            with own_place() as root:
                golden(name, size).write_text(asyncio.run(paint(SCENES[name], size, root)), "utf-8")
    for stray in FOLDER.glob("*.svg"):
        if stray not in {golden(name, size) for name in SCENES for size in SIZES}:
            stray.unlink()


if __name__ == "__main__":
    main()
