"""The codebook in the person's own editor, as a real process in a real terminal, and back."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from postil_study.study import open_study
from tests.tui_study import BOOK, make_study
from tests.whole.test_e2e_terminal import postil

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

# An editor: it has the terminal (and says for which time, as the emulator keeps what stood there), waits for a line,
# then puts a line before a place in the file or breaks it.
EDITOR = """import sys, pathlib
path = pathlib.Path(sys.argv[1])
count = pathlib.Path(__file__).with_suffix(".count")
times = int(count.read_text()) + 1 if count.exists() else 1
count.write_text(str(times))
what = input(f"EDITOR {times} HAS THE TERMINAL ")
text = path.read_text("utf-8")
if what == "add":
    new = "  # by hand\\n  price: {label: Price, definition: what it costs}  # mine\\n"
    text = text.replace("  trust:", new + "  trust:")
elif what == "break":
    text = text.replace("  trust:", "  trust: [")
path.write_text(text, "utf-8")
"""


def test_editing_the_file_and_coming_back(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    script = tmp_path / "an editor.py"
    script.write_text(EDITOR, "utf-8")
    book = root / "codebook/codes.yaml"
    env = {"VISUAL": "", "EDITOR": f"{sys.executable} '{script}'"}
    with postil(root, "code", "I01", "--coder", "ana", extra=env) as terminal:
        terminal.until("We looked at the hub")
        terminal.keys("g", "c")
        terminal.until("5 codes, 1 heading ")
        terminal.keys("e")
        terminal.until("EDITOR 1 HAS THE TERMINAL")
        terminal.keys("add\n")
        terminal.until("price")
        terminal.until("takes the edit back")
        text = book.read_text("utf-8")
        assert text.replace("  # by hand\n  price: {label: Price, definition: what it costs}  # mine\n", "") == BOOK
        terminal.keys("e")
        terminal.until("EDITOR 2 HAS THE TERMINAL")
        terminal.keys("leave\n")
        terminal.until("codes.yaml unchanged")
        terminal.keys("e")
        terminal.until("EDITOR 3 HAS THE TERMINAL")
        terminal.keys("break\n")
        terminal.until("e goes back to the editor")
        terminal.keys("u")
        terminal.until("undone: edit codebook/codes.yaml")
        assert book.read_text("utf-8") == text
        terminal.keys("u")
        terminal.until(lambda screen: "price" not in screen)
        assert book.read_text("utf-8") == BOOK
        terminal.keys("q")
        assert terminal.end() == 0
    assert "price" not in open_study(root).codebook.codes
