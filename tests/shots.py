"""Every screen of the app as a picture: which keys lead to it, and an SVG that is the same in every run.

``make snapshots`` paints the golden files of `tests/snapshots`; `tests/whole/test_snapshots.py` compares the app with
them.
docs/screens.py makes the pictures of the documentation in the same way.
"""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import fnmatch
import html
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from rich.color import ColorSystem
from textual.app import App
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.timer import Timer

from postil_study.illustrative import lay_down
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config
from tests.shots_inputs import one_file, read_files, some_files, source_notes, two_versions

FOLDER = Path(__file__).resolve().parent / "snapshots"
SIZES = ((80, 24), (120, 36), (160, 45))
GOAL = "} } } } } } ) )"  # keys to a passage with several codes
PATIENCE = 2000  # looks at the app until it rests
CALM = 3  # looks at which nothing is under way, one after the other
SOON = 0.001  # seconds


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
    from postil_tui.shell.screens.error import ErrorScreen

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
    Scene("code-notes", f"g s {GOAL}", "I01", before=source_notes),
    Scene("memos-notes", f"g e / {typed('word-comments')} enter", before=source_notes),
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


def busy(app: App[int]) -> bool:
    """Whether a worker, a timer that fires once, a message or a change not painted yet is under way."""
    nodes = [app, *app.screen_stack, *app.screen.walk_children()]
    timers = [timer for node in nodes for timer in node._timers if timer._repeat == 0 and timer._interval < 1]
    return (
        any(not (timer._task is None or timer._task.done()) for timer in timers)
        or any(node.message_queue_size or node._next_callbacks for node in nodes)
        or bool(app.workers._workers or app.screen._dirty_widgets or app.screen._callbacks)
        or app.screen._layout_required
        or app.screen._repaint_required
    )


async def rest(pilot: Pilot[int]) -> None:
    """Wait until nothing is under way, at several looks in a row."""
    app: App[int] = pilot.app
    calm = 0
    for _ in range(PATIENCE):
        await app.workers.wait_for_complete()
        await pilot._wait_for_screen()
        app.screen._on_timer_update()
        calm = 0 if busy(app) else calm + 1
        if calm == CALM:
            return
        await asyncio.sleep(0.001 if calm == 0 else 0)  # a look, then another: what is waited for is on the lines above
    raise AssertionError("the app does not come to rest")


@contextlib.contextmanager
def hurried() -> Iterator[None]:
    """The app without its pauses: a timer of less than a second fires at once, a key waits for no idle processor.

    `rest` waits for both in any case, and a picture of a minute's work takes a second.
    """
    set_timer = MessagePump.set_timer

    def soon(pump: MessagePump, delay: float, *arguments: Any, **options: Any) -> Timer:
        timer = set_timer(pump, delay if delay >= 1 else min(delay, SOON), *arguments, **options)
        timer._skip = False  # else one that begins late, on a busy machine, does not fire at all
        return timer

    async def at_once(*_: float) -> None:
        await asyncio.sleep(0)

    with (
        patch.object(MessagePump, "set_timer", soon),
        patch("postil_tui.code.screen._MEASURE_AFTER", 0.0),  # it looks at the clock, too
        patch("textual.app.wait_for_idle", at_once),
    ):
        yield


async def paint(scene: Scene, size: tuple[int, int], root: Path) -> str:
    """The scene as SVG; what differs from run to run is taken out."""
    if scene.before:
        scene.before(root)
    app = app_of(scene, root)
    place = "/" if scene.kind == "welcome" else "."  # a folder that is called the same everywhere
    with contextlib.chdir(place):
        return await _paint(app, scene, size, root)


async def _paint(app: PostilApp, scene: Scene, size: tuple[int, int], root: Path) -> str:
    with hurried():
        async with app.run_test(size=size) as pilot:
            await rest(pilot)
            for key in scene.keys.split():
                await pilot.press(key)
                await rest(pilot)
            if scene.then:
                scene.then(app)
            await rest(pilot)
            await pilot.pause()  # until the processor is idle: the thread that saves is no worker
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


def differences(then: str, now: str) -> list[str]:
    """What is another on the screen, row by row."""
    _, _, *rows = [*difflib.unified_diff(words_of(then), words_of(now), lineterm="", n=0)] or ["", ""]
    changed = [f"{row[0]} {row[1:].rstrip()}" for row in rows if not row.startswith("@@")]
    return changed or ["the same words in other colours"]


def is_pinned(textual: str) -> bool:
    """Whether this version of Textual is the one in constraints.txt, which the golden files were painted with."""
    return f"textual=={textual}" in (FOLDER.parents[1] / "constraints.txt").read_text("utf-8").split()


def matching(wanted: Sequence[str]) -> list[str]:
    """The scenes of these names or patterns, or all."""
    for name in wanted:
        if not fnmatch.filter(SCENES, name):
            near = ", ".join(difflib.get_close_matches(name, SCENES)) or ", ".join(SCENES)
            raise SystemExit(f"no screen is called {name!r}; there are: {near}")
    return [name for name in SCENES if not wanted or any(fnmatch.fnmatch(name, pattern) for pattern in wanted)]


def repaint(name: str, size: tuple[int, int]) -> bool:
    """Paint a golden file anew and print what changed in it; whether anything did."""
    file = golden(name, size)
    then = file.read_text("utf-8") if file.exists() else ""
    with own_place() as root:
        now = asyncio.run(paint(SCENES[name], size, root))
    if now == then:
        return False
    file.write_text(now, "utf-8", newline="\n")
    print(f"{file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file}")
    print("".join(f"    {row}\n" for row in (differences(then, now) if then else ["new"])), end="", flush=True)
    return True


def main() -> int:
    """Paint the golden files of the scenes named, or of all; 1 if one could not be painted."""
    os.environ.pop("NO_COLOR", None)
    if not is_pinned(version("textual")):
        raise SystemExit("the golden files are painted with the version of Textual that constraints.txt names")
    FOLDER.mkdir(exist_ok=True)
    changed, failed = 0, []
    pictures = [(name, size) for name in matching(sys.argv[1:]) for size in SIZES]
    for name, size in pictures:
        try:
            changed += repaint(name, size)
        except Exception as error:  # the others are painted all the same
            failed.append(f"{name} {size}: {type(error).__name__}: {error}")
    for stray in {*FOLDER.glob("*.svg")} - {golden(name, size) for name in SCENES for size in SIZES}:
        stray.unlink()
    print(f"{changed} of {len(pictures)} pictures changed; look at each", *failed, sep="\nnot painted: ")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
