"""Every screen as it was when somebody last looked at it. A change on purpose: ``make snapshots``, look, commit."""

from __future__ import annotations

import difflib
import random
from importlib.metadata import version
from pathlib import Path

import pytest

from postil_transcripts.illustrative import lay_down
from tests.shots import FOLDER, SCENES, SIZES, golden, paint, words_of

PICKED = 5
TEXTUAL = (Path(__file__).resolve().parents[1] / "constraints.txt").read_text("utf-8")
pinned = pytest.mark.skipif(
    f"textual=={version('textual')}" not in TEXTUAL.split(),
    reason="another version of Textual than constraints.txt names paints a little differently",
)
ALL = [(name, size) for name in SCENES for size in SIZES]
SOME = random.Random(f"{len(ALL)} pictures").sample(ALL, PICKED)


@pytest.fixture(autouse=True)
def in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)


async def look(name: str, size: tuple[int, int], folder: Path) -> None:
    root = folder / "study"
    lay_down(root)
    now = await paint(SCENES[name], size, root)
    then = golden(name, size).read_text("utf-8")
    if now != then:
        seen = folder / golden(name, size).name
        seen.write_text(now, "utf-8")
        rows = list(difflib.unified_diff(words_of(then), words_of(now), "golden", "now", lineterm="", n=0))
        what = "\n".join(rows) or "the same words in other colours"
        pytest.fail(f"{name} {size}: {what}\nnow: {seen}\nif it is meant: make snapshots NAMES={name}", pytrace=False)


@pinned
@pytest.mark.parametrize(("name", "size"), SOME, ids=str)
async def test_some_screens_are_as_they_were(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    await look(name, size, tmp_path)


@pinned
@pytest.mark.prove
@pytest.mark.parametrize(("name", "size"), ALL, ids=str)
async def test_every_screen_is_as_it_was(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    await look(name, size, tmp_path)


def test_there_is_one_golden_file_for_each_screen_and_size() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {golden(name, size).name for name, size in ALL}
