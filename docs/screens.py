"""Draws the pictures of docs/screens.md: the illustrative study in a copy, keys pressed, each screen as SVG.

Run it from the checkout: python docs/screens.py. The same keys give the same pictures.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from docs.tour import tour
from tests.shots import Scene, own_place, paint

PICTURES = Path(__file__).resolve().parent / "pictures"

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
    ("memos", None, "g e j", (120, 36), "postil-dark"),
    ("themes", None, "g a j j", (120, 36), "postil-dark"),
    ("matrix", None, "g x l j", (120, 36), "postil-dark"),
    ("guide", None, "g i", (120, 36), "postil-dark"),
    ("model", None, "f10 tab tab right", (120, 36), "postil-dark"),
    ("evidence", None, "f10 tab tab enter", (120, 36), "postil-dark"),
    ("team", None, "g r", (120, 36), "postil-dark"),
]


def main() -> None:
    """Draw them all, and the tour."""
    PICTURES.mkdir(exist_ok=True)
    for name, transcript, keys, size, theme in SHOTS:
        with own_place() as root:
            svg = asyncio.run(paint(Scene(name, keys, transcript, theme), size, root))
        (PICTURES / f"{name}.svg").write_text(svg, "utf-8")
    with own_place() as root:
        (PICTURES / "tour.svg").write_text(asyncio.run(tour(root)), "utf-8")


if __name__ == "__main__":
    main()
