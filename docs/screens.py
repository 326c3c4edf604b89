"""Draws the pictures of docs/screens.md: the illustrative study in a copy, keys pressed, each screen as SVG.

Run it from the checkout: python docs/screens.py. The same keys give the same pictures.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
PARTS = ("study.yaml", "codebook", "transcripts", "codings", "memos", "charts", "rounds")

# name, transcript to open (or None), keys, size, theme
SHOTS: list[tuple[str, str | None, str, tuple[int, int], str]] = [
    ("code-dark", "I01", "} } } } } } ) ) s", (120, 36), "postil-dark"),
    ("code-light", "I02", "} } } } ) )", (120, 36), "postil-light"),
    ("code-narrow", "I03", "} } } } ) s", (80, 24), "postil-dark"),
    ("picker", "I01", "} } } } } } ) s c m a", (120, 36), "postil-dark"),
    ("relations", "I04", "} } } } } } ) ) ) ) L j", (120, 36), "postil-dark"),
    ("filter", "I01", "f p f o 1 } }", (120, 36), "postil-dark"),
    ("transcripts", None, "j j", (120, 36), "postil-dark"),
    ("codebook", None, "f4 j j j j", (120, 36), "postil-dark"),
    ("quotes", "I01", "} } } } } } ) f5", (120, 36), "postil-dark"),
    ("compare", "I01", "f6 n n", (120, 36), "postil-dark"),
    ("overview", None, "f7 tab", (120, 36), "postil-dark"),
    ("help", "I01", "f1", (120, 36), "postil-dark"),
]


def study_copy(folder: Path) -> None:
    """The illustrative study, to be coded in without touching it."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            ignored = shutil.ignore_patterns("postil_*", "__pycache__")
            shutil.copytree(source, folder / part, ignore=ignored)
        elif source.is_file():
            shutil.copy(source, folder / part)


async def draw(root: Path, transcript: str | None, keys: str, size: tuple[int, int], theme: str) -> str:
    """One screen as SVG, without any font from elsewhere."""
    from postil_tui.app import PostilApp
    from postil_tui.config import Config

    app = PostilApp(root, transcript, "ana", Config(theme=theme))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for key in keys.split():
            await pilot.press(key)
            await pilot.pause()
            await app.workers.wait_for_complete()
        await pilot.pause(0.3)  # the status line describes the place when the keys have rested
        picture = app.export_screenshot(title="Postil")
    without_fonts = re.sub(r"@font-face\s*\{[^}]*\}|<!--.*?-->", "", picture, flags=re.DOTALL)
    plain = re.sub(r"font-family:\s*Fira Code", "font-family: Fira Code, DejaVu Sans Mono", without_fonts)
    return re.sub(r"terminal-\d+-", "t-", plain)


def main() -> None:
    """Draw them all."""
    os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
    PICTURES.mkdir(exist_ok=True)
    for name, transcript, keys, size, theme in SHOTS:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_STATE_HOME"] = f"{folder}/state"
            root = Path(folder) / "study"
            root.mkdir()
            study_copy(root)
            svg = asyncio.run(draw(root, transcript, keys, size, theme))
        (PICTURES / f"{name}.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
