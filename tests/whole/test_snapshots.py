"""Every screen as it was when somebody last looked at it. A change on purpose: ``make snapshots``, look, commit."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from postil_study.illustrative import lay_down
from tests.shots import FOLDER, SCENES, SIZES, differences, golden, is_pinned, matching, paint
from tests.skips import OTHER_TEXTUAL

pinned = pytest.mark.skipif(not is_pinned(version("textual")), reason=OTHER_TEXTUAL)
ALL = [(name, size) for name in SCENES for size in SIZES]


@pytest.fixture(autouse=True)
def in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)


@pinned
@pytest.mark.parametrize(("name", "size"), ALL, ids=str)
async def test_every_screen_is_as_it_was(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    root = tmp_path / "study"
    lay_down(root)
    now = await paint(SCENES[name], size, root)
    then = golden(name, size).read_text("utf-8")
    if now != then:
        seen = tmp_path / golden(name, size).name
        seen.write_text(now, "utf-8")
        what = "\n".join(differences(then, now))
        pytest.fail(f"{name} {size}: {what}\nnow: {seen}\nif it is meant: make snapshots NAMES={name}", pytrace=False)


def test_there_is_one_golden_file_for_each_screen_and_size() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {golden(name, size).name for name, size in ALL}


def test_another_version_of_textual_is_not_the_pinned_one() -> None:
    assert not is_pinned("8.2")
    assert not is_pinned("99.1.0")


def test_a_difference_is_told_in_the_words_of_the_screen() -> None:
    svg = '<text class="r1" x="0" y="20" textLength="9">{}</text><text class="r1" x="0" y="40">same</text>'
    assert differences(svg.format("two codes"), svg.format("three codes")) == ["- two codes", "+ three codes"]
    assert differences(svg.format("a"), svg.format("a").replace("r1", "r2")) == ["the same words in other colours"]


def test_pictures_are_painted_by_name_or_pattern() -> None:
    assert matching(["codebook", "matrix*"]) == ["codebook", "matrix", "matrix-quotes"]
    assert matching([]) == list(SCENES)
    with pytest.raises(SystemExit, match=r"no screen is called 'codebok'.*codebook"):
        matching(["codebok"])
