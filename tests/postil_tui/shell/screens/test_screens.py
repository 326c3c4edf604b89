"""Every screen at four sizes, on both papers, with many, few and no colours: nothing fails, every line fits."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config
from postil_tui.style.style_sheet import Depth
from postil_tui.text.cells import cells
from tests.postil_tui.codebook.test_codebook import code, settle
from tests.tui_study import make_study, type_keys

SIZES = [(60, 16), (80, 24), (120, 36), (160, 45)]
THEMES = ["postil-dark", "postil-light"]
DEPTHS: list[Depth] = ["true", "few", "none"]
PLACES = ["home", "code", "codebook", "search", "compare", "overview", "memos", "team", "recode", "themes", "matrix"]
ALL = [(place, size, theme, depth) for place in PLACES for size in SIZES for theme in THEMES for depth in DEPTHS]
CHOSEN = random.Random(3).sample(ALL, 20)


async def show(root: Path, place: str, size: tuple[int, int], theme: str, depth: Depth) -> None:
    code(root, "ana", ("the hub", "find-ptm"), ("hub. First the popular ones", "trust"), ("measured", "evaluate"))
    code(root, "ben", ("looked at the hub", "find-ptm"), ("It was fine.", "trust"))
    app = PostilApp(root, "I01", "ana", Config(theme=theme))
    type(app).depth = property(lambda self: depth)  # type: ignore[assignment,method-assign]
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        if place == "search":
            app.show_quotes("find-ptm")
        elif place != "code":
            app.go(place)
        await settle(pilot)
        await type_keys(pilot, "<down>" if place not in ("code",) else "})s")
        await settle(pilot)
        for widget in app.screen.query("*"):
            if widget.display and type(widget).__module__.startswith("postil_tui") and widget.size.width:
                for y in range(widget.size.height):
                    strip = widget.render_line(y)
                    assert sum(cells(part.text) for part in strip) == widget.size.width, (widget, y, strip.text)


@pytest.fixture(autouse=True)
def own_depth() -> Iterator[None]:
    """The test says how many colours there are; afterwards the terminal does again."""
    before = PostilApp.depth
    yield
    PostilApp.depth = before  # type: ignore[method-assign]


def name(case: object) -> str:
    return "-".join(map(str, case)) if isinstance(case, tuple) else str(case)


@pytest.mark.parametrize("case", CHOSEN, ids=name)
async def test_screen(tmp_path: Path, case: tuple[str, tuple[int, int], str, Depth]) -> None:
    await show(make_study(tmp_path), *case)


@pytest.mark.prove
@pytest.mark.parametrize("case", [case for case in ALL if case not in CHOSEN], ids=name)
async def test_every_screen(tmp_path: Path, case: tuple[str, tuple[int, int], str, Depth]) -> None:
    await show(make_study(tmp_path), *case)
