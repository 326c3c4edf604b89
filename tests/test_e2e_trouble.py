"""When things go wrong in a real terminal: nothing is lost, and the way out is on the screen."""

from __future__ import annotations

from pathlib import Path

from tests.test_e2e_terminal import coded, postil
from tests.tui_study import make_study

BOOM = """
import postil_tui.coding.session as session

fine = session.Session.code


def boom(self, code, span, mode="affirm"):
    if code == "evaluate":
        raise ValueError("boom [red]")
    return fine(self, code, span, mode)


session.Session.code = boom
"""


TORN = """
import postil_tui.row_painter as row_painter

fine = row_painter.RowPainter.code_of


def torn(self, segment_id):
    if segment_id:
        raise ValueError("torn")
    return fine(self, segment_id)


row_painter.RowPainter.code_of = torn
"""


def test_an_exception_in_a_handler_has_a_way_out_and_loses_nothing(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    (tmp_path / "sitecustomize.py").write_text(BOOM, "utf-8")
    with postil(root, "code", "I01", "--coder", "ana", extra={"PYTHONPATH": str(tmp_path)}) as terminal:
        terminal.until("We looked at the hub")
        terminal.keys("s", "c", "t", "r", "u", "\r")
        terminal.until("● trust")
        terminal.keys("}", "s", "c", "e", "v", "a", "\r")
        terminal.until("Something went wrong")
        terminal.until("q leave")
        terminal.keys("e")
        terminal.until("boom [red]")
        terminal.keys("c")
        terminal.until("The report is copied")
        terminal.keys("\r")
        terminal.until(lambda text: "Something went wrong" not in text)
        terminal.keys("1")  # and on it goes
        terminal.until("trust → turn 2")
        terminal.until("● saved")
        terminal.keys("q")
        assert terminal.end() == 0
    assert coded(root) == [("How did you choose it?", ("trust",)), ("We looked at the hub.", ("trust",))]


def test_a_terminal_without_utf8_is_told_what_to_do(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    with postil(root, "code", "I01", "--coder", "ana", extra={"PYTHONIOENCODING": "latin-1"}) as terminal:
        terminal.until("does not speak UTF-8")
        terminal.until("LC_ALL=C.UTF-8")
        assert terminal.end() == 2


def test_a_terminal_that_is_too_small_says_how_large_it_has_to_be_and_lets_go(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    with postil(root, "code", "I01", "--coder", "ana", size=(50, 12)) as terminal:
        terminal.until("needs 60 x 16")
        terminal.until("q to leave")
        terminal.keys("q")
        assert terminal.end() == 0


def test_an_exception_while_painting_ends_the_app_with_a_sentence_and_everything_saved(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    (tmp_path / "sitecustomize.py").write_text(TORN, "utf-8")
    with postil(root, "code", "I01", "--coder", "ana", extra={"PYTHONPATH": str(tmp_path)}) as terminal:
        terminal.until("We looked at the hub")
        terminal.keys("s", "c", "t", "r", "u", "\r")
        terminal.until("Something went wrong that Postil did not expect")
        terminal.until("What you coded is saved as you go")
        assert terminal.end() == 1
        assert "Traceback" not in terminal.text
    assert coded(root) == [("How did you choose it?", ("trust",))]
