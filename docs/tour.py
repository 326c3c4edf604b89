"""The tour of the README: half a minute of coding as one moving picture, a frame for every few keys."""

from __future__ import annotations

import re
from pathlib import Path

from tests.shots import pinned_colours, plain, rest, typed

from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config

SIZE = (100, 26)
SECONDS = 2.4  # a frame
# what is said below the picture, keys
FRAMES = (
    ("An interview, as it was said", "} } } } } }"),
    ("s selects the sentence", "s"),
    ("c and some letters find a code, with what it means", f"c {typed('requ')}"),
    ("enter puts it in the margin, and on disk", "enter"),
    (") and s: the next sentence", ") s"),
    ("a new name makes a new code", f"c {typed('assessment/no-network')}"),
    ("enter", "enter"),
    ("1 repeats the first code", ") 1"),
    ("r relates two passages: leads to", "r shift+tab enter l"),
    ("enter: the relation stands beside its segment", "enter"),
    ("m writes a memo", f"m {typed('Said first, before anything about models.')}"),
    ("F4: the codebook", "ctrl+s f4"),
    ("F10: the decisions people describe, each mark leads to their words", "f10"),
)


async def tour(root: Path) -> str:
    """The frames, one after the other, as one SVG."""
    app = pinned_colours(PostilApp(root, "I05", "eva", Config(theme="postil-dark")))
    frames: list[str] = []
    async with app.run_test(size=SIZE) as pilot:
        await rest(pilot)
        for title, keys in FRAMES:
            for key in keys.split():
                await pilot.press(key)
                await rest(pilot)
            frames.append(plain(app.export_screenshot(title=title, simplify=True), root))
    return moving(frames)


def moving(frames: list[str]) -> str:
    """Frames of one size, each shown for its time."""
    head = re.match(r"<svg[^>]*>", frames[0])
    assert head is not None
    total = SECONDS * len(frames)
    parts = [head[0], "<style>", _timing(len(frames), total), "</style>"]
    for number, frame in enumerate(frames):
        body = frame[frame.index(">") + 1 : frame.rindex("</svg>")]
        own = re.sub(r"\bt-", f"f{number}-", body)
        parts.append(f'<g class="frame" style="animation-delay: {number * SECONDS:.1f}s">{own}</g>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _timing(count: int, total: float) -> str:
    share = 100 / count
    return (
        f".frame {{ opacity: 0; animation: show {total:.1f}s step-end infinite; }}\n"
        f"@keyframes show {{ 0% {{ opacity: 1; }} {share:.3f}% {{ opacity: 0; }} 100% {{ opacity: 0; }} }}\n"
    )
