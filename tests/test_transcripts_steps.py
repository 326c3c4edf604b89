"""Steps of many files: taken back and done again as one, on another day, never over newer work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from postil_base.problem import ChangedUnderneathError, PostilError
from postil_cli.main import cli
from postil_transcripts import steps
from postil_transcripts.privacy.logs import drop_lines
from postil_transcripts.steps import StepLog
from tests.tui_study import make_study


def writing(root: Path, **files: str | None) -> Callable[[], None]:
    """Writes files by stem (None takes one away)."""

    def act() -> None:
        for stem, text in files.items():
            path = root / f"{stem}.txt"
            path.unlink(missing_ok=True) if text is None else path.write_text(text, "utf-8")

    return act


def texts(root: Path) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in sorted(root.glob("*.txt"))}


def packs(folder: Path) -> list[Path]:
    """What is kept on disk."""
    return list((folder / "xdg-state").rglob("packs/*"))


def three_steps(root: Path) -> None:
    """One makes files, one changes one and takes one away, one writes the same again and is no step."""
    root.mkdir()
    (root / "study.yaml").write_text("postil: 1\nid: s\n", "utf-8")
    paths = ["a.txt", "b.txt"]
    StepLog(root, "s").carry_out("make", paths, writing(root, a="1", b="2"))
    StepLog(root, "s").carry_out("change", paths, writing(root, a="3", b=None))
    StepLog(root, "s").carry_out("same", paths, writing(root, a="3"))


def test_back_and_forth_as_if_on_other_days(tmp_path: Path) -> None:
    root = tmp_path / "study"
    three_steps(root)
    seen = [texts(root)]
    said = []
    for _ in range(3):
        step = StepLog(root, "s").undo()
        said.append(step.what if step else "")
        seen.append(texts(root))
    assert said == ["change", "make", ""]
    assert seen == [{"a": "3"}, {"a": "1", "b": "2"}, {}, {}]
    for _ in range(2):
        StepLog(root, "s").redo()
    assert texts(root) == {"a": "3"} and StepLog(root, "s").redo() is None


def test_what_is_newer_is_not_lost(tmp_path: Path) -> None:
    root = tmp_path / "study"
    three_steps(root)
    (root / "a.txt").write_text("by hand", "utf-8")
    with pytest.raises(ChangedUnderneathError, match="“change” cannot be taken back any more"):
        StepLog(root, "s").undo()
    assert texts(root) == {"a": "by hand"}


def test_something_new_ends_what_could_be_done_again(tmp_path: Path) -> None:
    root = tmp_path / "study"
    three_steps(root)
    StepLog(root, "s").undo()
    StepLog(root, "s").carry_out("new", ["c.txt"], writing(root, c="c"))
    assert StepLog(root, "s").redo() is None
    undone = StepLog(root, "s").undo()
    assert undone is not None and undone.what == "new"


def test_copies_of_a_study_keep_to_themselves(tmp_path: Path) -> None:
    root, other = tmp_path / "study", tmp_path / "copy"
    three_steps(root)
    other.mkdir()
    (other / "study.yaml").write_text("postil: 1\nid: s\n", "utf-8")
    assert StepLog(other, "s").last is None
    StepLog(other, "s").carry_out("there", ["a.txt"], writing(other, a="x"))
    last = StepLog(root, "s").last
    assert last is not None and last.what == "change"


def test_only_so_much_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "study"
    three_steps(root)
    monkeypatch.setattr(steps, "MOST_STEPS", 2)
    StepLog(root, "s").carry_out("new", ["a.txt"], writing(root, a="4"))
    StepLog(root, "s").carry_out("newer", ["a.txt"], writing(root, a="3"))
    assert len(packs(tmp_path)) == 4  # before and after of two steps; what the forgotten ones knew is gone
    StepLog(root, "s").undo()
    StepLog(root, "s").undo()
    assert StepLog(root, "s").undo() is None and texts(root) == {"a": "3"}


def test_a_withdrawal_leaves_no_step_behind(tmp_path: Path) -> None:
    root = tmp_path / "study"
    three_steps(root)
    assert drop_lines("s", root, lambda _: False) == 2
    assert StepLog(root, "s").last is None
    assert not packs(tmp_path)


def test_what_was_kept_and_is_damaged_changes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "study"
    three_steps(root)
    for pack in packs(tmp_path):
        pack.write_bytes(pack.read_bytes()[:-3])
    with pytest.raises(PostilError, match="no longer holds"):
        StepLog(root, "s").undo()
    assert texts(root) == {"a": "3"}


def test_nothing_is_done_that_could_not_be_taken_back(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    (tmp_path / "xdg-state").write_text("a file in the way", "utf-8")
    with pytest.raises(PostilError, match="Nothing was done"):
        StepLog(root, "s").carry_out("x", ["study.yaml"], lambda: (root / "study.yaml").unlink())
    assert (root / "study.yaml").exists()


def test_the_command_line_takes_back_what_it_did(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    before = (root / "codebook/codes.yaml").read_bytes()

    def run(*words: str) -> str:
        result = CliRunner().invoke(cli, [*words, "--study", str(root), "--yes"], catch_exceptions=False)
        return result.output

    run("codebook", "rename", "trust", "faith")
    assert b"faith" in (root / "codebook/codes.yaml").read_bytes()
    assert "Take back: rename trust to faith" in run("undo")
    assert (root / "codebook/codes.yaml").read_bytes() == before
    assert "Done." in run("undo", "--redo")
    assert b"faith" in (root / "codebook/codes.yaml").read_bytes()
    assert "There is nothing to do again." in run("undo", "--redo")
