"""When things go wrong in a real terminal: nothing is lost, and the way out is on the screen."""

from __future__ import annotations

from pathlib import Path

from tests.tui_study import make_study
from tests.whole.test_e2e_terminal import coded, postil

BOOM = """
import postil_tui.code.session.session as session

fine = session.Session.code


def boom(self, code, span, mode="affirm"):
    if code == "evaluate":
        raise ValueError("boom [red]")
    return fine(self, code, span, mode)


session.Session.code = boom
"""


TORN = """
import postil_tui.style.row_painter as row_painter

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


def test_a_layer_emptied_underneath_is_asked_about_and_put_back(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    layer = root / "codings/ana/I01.jsonl"
    with postil(root, "code", "I01", "--coder", "ana") as terminal:
        terminal.until("We looked at the hub")
        terminal.keys("s", "c", "t", "r", "u", "\r", "}", ".")
        terminal.until("2 segments")
        terminal.until(lambda _: len(coded(root)) == 2)
        before = layer.read_bytes()
        layer.write_bytes(b"")
        terminal.keys("}", ".")
        terminal.until("✗ not saved")
        assert layer.read_bytes() == b"", "nothing is written over"
        terminal.until("2 codings from 1 layer vanished")
        terminal.keys("s")
        terminal.until("In memory, and not in the file any more")
        terminal.keys("q")
        terminal.until(lambda text: "In memory" not in text and "put them back" in text)
        terminal.keys("p")
        terminal.until("put back into 1 file")
        terminal.until(lambda _: len(coded(root)) == 3)
        terminal.keys("q")
        assert terminal.end() == 0
    assert len(coded(root)) == 3
    assert set(before.splitlines()) <= set(layer.read_bytes().splitlines())


def test_a_layer_that_is_being_written_is_waited_for(tmp_path: Path) -> None:
    """Cut to nothing and written again a moment later, as a synchronisation does, with a key in between."""
    root = make_study(tmp_path / "study")
    layer = root / "codings/ana/I01.jsonl"
    with postil(root, "code", "I01", "--coder", "ana") as terminal:
        terminal.until("We looked at the hub")
        terminal.keys("s", "c", "t", "r", "u", "\r", "}", ".")
        terminal.until("2 segments")
        terminal.until(lambda _: len(coded(root)) == 2)
        before = layer.read_bytes()
        with layer.open("wb", buffering=0) as file:
            terminal.keys("}", ".")
            terminal.until("✗ not saved")
            file.write(before)
        terminal.until(lambda _: len(coded(root)) == 3)
        terminal.keys("q")
        assert terminal.end() == 0
        assert "vanished outside" not in terminal.text
    assert len(coded(root)) == 3
