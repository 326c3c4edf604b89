"""An open editor owns every key: nothing behind it is done, undone or left by a key that is meant for it."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import TextArea

from postil_tui.code.session.line_edit import LineEdit
from postil_tui.code.session.pick import Pick
from postil_tui.shell.actions import ACTIONS
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config
from tests.postil_tui.codebook.test_codebook import code, settle
from tests.tui_study import make_study, type_keys

# every key of every action, every letter, those with ctrl; not those that leave an editor or stop the program
LEAVE = {"escape", "ctrl+s", "ctrl+q", "ctrl+c"}
KEYS = sorted(
    {key for action in ACTIONS for keys in action.keys for key in keys.split()}
    | set(string.ascii_letters + string.digits)
    | {f"ctrl+{letter}" for letter in string.ascii_lowercase}
    | {f"f{number}" for number in range(1, 13)}
    | {"tab", "shift+tab", "delete", "backspace", "home", "end", "pageup", "pagedown", "up", "down", "left", "right"}
)
NAMED = {
    "/": "slash", "?": "question_mark", ".": "full_stop", ",": "comma", ":": "colon", "=": "equals_sign",
    "-": "minus", "+": "plus", "*": "asterisk", "[": "left_square_bracket", "]": "right_square_bracket",
    "{": "left_curly_bracket", "}": "right_curly_bracket", "<": "less_than_sign", ">": "greater_than_sign",
    "|": "vertical_line", "!": "exclamation_mark", "#": "number_sign", "'": "apostrophe", '"': "quotation_mark",
    "~": "tilde", "`": "grave_accent", "@": "at", "%": "percent_sign", "$": "dollar_sign", "&": "ampersand",
    "(": "left_parenthesis", ")": "right_parenthesis", ";": "semicolon", "_": "underscore", "\\": "backslash",
    "^": "circumflex_accent",
}  # fmt: skip


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


# how each editor of several lines is opened
EDITORS = {
    "memo of a segment": ("code", "m"),
    "memo of the transcript": ("home", "m"),
    "memo of the study": ("home", "M"),
    "memo of a participant": ("home", "p1"),
    "definition": ("codebook", "jd"),
}


@pytest.mark.parametrize("editor", EDITORS)
async def test_every_key_stays_in_the_editor(tmp_path: Path, editor: str) -> None:
    root = make_study(tmp_path)
    code(root, "ana", ("the hub", "find-ptm"), ("measured", "evaluate"), done=False)
    place, keys = EDITORS[editor]
    app = PostilApp(root, "I01", "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        if place == "code":
            await type_keys(pilot, "sctru<enter>")
            await settle(pilot)
        else:
            app.go(place)
        await settle(pilot)
        await type_keys(pilot, keys)
        await settle(pilot)
        screen = app.screen
        if editor == "definition":  # the question which part is to be written comes first
            await pilot.press("d")
            await settle(pilot)
        areas = screen.query(TextArea)
        assert areas and areas.first().has_focus
        before = files(root)
        for key in KEYS:
            if key not in LEAVE:
                await pilot.press(NAMED.get(key, key))
        await settle(pilot)
        assert app.screen is screen and areas.first().has_focus
        assert files(root) == before
        await write_and_take_back(pilot, areas.first())
        assert files(root) == before


async def write_and_take_back(pilot: Pilot[int], area: TextArea) -> None:
    """The editor's own undo works."""
    area.load_text("one")
    area.move_cursor(area.document.end)
    await type_keys(pilot, " two")
    assert area.text == "one two"
    for _ in range(8):
        await pilot.press("ctrl+z")
    assert area.text == "one"


@given(
    st.lists(st.sampled_from(["a", "b", " ", "ctrl+w", "ctrl+u", "left", "home", "backspace", "delete"]), max_size=30)
)
def test_a_line_takes_back_key_by_key_and_does_again(keys: list[str]) -> None:
    line = LineEdit()
    seen = [""]
    for key in keys:
        line.press(key, key if len(key) == 1 else None)
        if line.text != seen[-1]:
            seen.append(line.text)
    for text in reversed(seen[:-1]):
        line.press("ctrl+z", None)
        assert line.text == text
    line.press("ctrl+z", None)
    assert line.text == ""
    for text in seen[1:]:
        line.press("ctrl+y", None)
        assert line.text == text


async def test_a_line_owns_its_keys_too(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    app = PostilApp(root, "I01", "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await type_keys(pilot, "sctru<enter>")
        await settle(pilot)
        before = files(root)
        await type_keys(pilot, "}sc")
        picking = app.screen.prompt  # type: ignore[attr-defined]
        assert isinstance(picking, Pick)
        for key in KEYS:
            if key not in LEAVE | {"enter", "*"}:
                await pilot.press(NAMED.get(key, key))
        assert app.screen.prompt is picking and files(root) == before  # type: ignore[attr-defined]
