"""Steps of many files: taken back and done again as one, on another day, never over newer work."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner

from postil_base.files import disk, journal
from postil_base.problem import ChangedUnderneathError, PostilError
from postil_cli.main import cli
from postil_study.history import steps
from postil_study.history.codebook_changes import rename_code
from postil_study.history.steps import StepLog
from postil_study.layers.done import plan_done
from postil_study.layers.store import LayerStore, start_layer
from postil_study.layers.values import add_segment
from postil_study.privacy.logs import drop_lines
from postil_study.study import open_study
from postil_study.text.values import Segment
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
    StepLog(root, "s").watch("make", paths, writing(root, a="1", b="2"))
    StepLog(root, "s").watch("change", paths, writing(root, a="3", b=None))
    StepLog(root, "s").watch("same", paths, writing(root, a="3"))


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
    StepLog(root, "s").watch("new", ["c.txt"], writing(root, c="c"))
    assert StepLog(root, "s").redo() is None
    undone = StepLog(root, "s").undo()
    assert undone is not None and undone.what == "new"


def test_copies_of_a_study_keep_to_themselves(tmp_path: Path) -> None:
    root, other = tmp_path / "study", tmp_path / "copy"
    three_steps(root)
    other.mkdir()
    (other / "study.yaml").write_text("postil: 1\nid: s\n", "utf-8")
    assert StepLog(other, "s").last is None
    StepLog(other, "s").watch("there", ["a.txt"], writing(other, a="x"))
    last = StepLog(root, "s").last
    assert last is not None and last.what == "change"


def test_only_so_much_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "study"
    three_steps(root)
    monkeypatch.setattr(steps, "MOST_STEPS", 2)
    StepLog(root, "s").watch("new", ["a.txt"], writing(root, a="4"))
    StepLog(root, "s").watch("newer", ["a.txt"], writing(root, a="3"))
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
        StepLog(root, "s").watch("x", ["study.yaml"], lambda: (root / "study.yaml").unlink())
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


# --- what is part of a step, and what a kill leaves of it -----------------------------------------------------------


def coded(root: Path, coder: str, transcript: str, start: int, code: str = "trust") -> str:
    """One coding more, as another program makes it; returns its id."""
    study = open_study(root)
    layer = start_layer(study, coder, transcript)
    words = study.transcripts[transcript].text[start : start + 8]
    segment = Segment(f"{coder}{start:07}", start, start + 8, (code,), words, at="2026-05-01T00:00:00Z")
    LayerStore(root, study.codebook).save(layer, add_segment(layer, segment))
    return segment.id


def ids(root: Path, coder: str, transcript: str) -> set[str]:
    layer = open_study(root).layer(coder, transcript)
    return set(layer.by_id) if layer else set()


def test_what_a_colleague_codes_while_a_step_is_written_is_no_part_of_it(tmp_path: Path) -> None:
    """The second program waits for the lock, as it would; it comes in at the first moment it can."""
    root = make_study(tmp_path / "study")
    coded(root, "ana", "I01", 13)
    plan = rename_code(root, "trust", "faith")
    theirs = Thread(target=coded, args=(root, "ana", "I01", 60, "evaluate"))

    def slowly() -> None:
        plan.apply()
        theirs.start()
        theirs.join(0.3)  # as long as a slow drive may take

    StepLog.of(root).carry_out(plan.what, plan.changes, slowly)
    theirs.join()
    assert len(ids(root, "ana", "I01")) == 2
    assert StepLog.of(root).undo() is not None
    assert len(ids(root, "ana", "I01")) == 2, "their coding is still there"
    assert "trust" in (root / "codings/ana/I01.jsonl").read_text("utf-8")


def test_a_step_takes_back_only_what_was_planned(tmp_path: Path) -> None:
    """Whatever the files are once it is written: somebody may write without our lock (an editor, a synchronisation)."""
    root = make_study(tmp_path / "study")
    coded(root, "ana", "I01", 13)
    plan = rename_code(root, "trust", "faith")

    def and_another() -> None:
        plan.apply()
        coded(root, "ana", "I01", 60, "evaluate")  # in this thread, so that the lock lets it

    StepLog.of(root).carry_out(plan.what, plan.changes, and_another)
    assert StepLog.of(root).undo() is not None
    assert len(ids(root, "ana", "I01")) == 2, "what was written meanwhile stays"


class Killed(BaseException):
    """The program is gone: nothing that comes after runs."""


def test_a_change_killed_in_the_middle_is_finished_and_can_be_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_study(tmp_path / "study")
    for transcript in ("I01", "I02"):
        coded(root, "ana", transcript, 13)
    before = {path: path.read_bytes() for path in (root / "codings").rglob("*.jsonl")}
    plan = rename_code(root, "trust", "faith")

    def killed_after(number: int, of: int) -> None:
        if number == 2:
            raise Killed

    with pytest.raises(Killed):
        StepLog.of(root).carry_out(plan.what, plan.changes, lambda: plan.apply(killed_after))
    assert (root / ".postil/journal.json").exists()
    layer = open_study(root).layer("ana", "I02")  # the next program finishes it
    assert layer is not None and layer.segments[0].code_ids == ("faith",)
    step = StepLog.of(root).last
    assert step is not None and step.what == "rename trust to faith"
    StepLog.of(root).undo()
    assert {path: path.read_bytes() for path in before} == before


def test_a_change_killed_before_it_began_is_no_step(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    plan = rename_code(root, "trust", "faith")

    def killed() -> None:
        raise Killed

    with pytest.raises(Killed):
        StepLog.of(root).carry_out(plan.what, plan.changes, killed)
    assert StepLog.of(root).steps == [] and not packs(tmp_path)
    assert StepLog.of(root).undo() is None


def test_an_undo_killed_in_the_middle_is_an_undo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_study(tmp_path / "study")
    plan = rename_code(root, "trust", "faith")
    StepLog.of(root).carry_out(plan.what, plan.changes, plan.apply)
    real = journal.write_many

    def killed(*arguments: Any) -> None:
        real(*arguments)
        raise Killed

    monkeypatch.setattr(steps, "write_many", killed)
    with pytest.raises(Killed):
        StepLog.of(root).undo()
    monkeypatch.setattr(steps, "write_many", real)
    assert StepLog.of(root).last is None
    undone = StepLog.of(root).last_undone
    assert undone is not None and undone.what == "rename trust to faith"


@pytest.mark.parametrize("refused", ["-before.z", "-after.z", "steps.json"])
def test_with_no_room_for_what_undo_needs_it_is_said_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    root = make_study(tmp_path / "study")
    book = (root / "codebook/codes.yaml").read_bytes()
    real = disk.rename

    def full(old: Path, new: Path) -> None:
        if str(new).endswith(refused):
            raise OSError(errno.ENOSPC, "no space left on device")
        real(old, new)

    monkeypatch.setattr(disk, "rename", full)
    words = ["codebook", "rename", "trust", "faith", "--study", str(root), "--yes"]
    said = str(CliRunner().invoke(cli, words).exception)
    assert "could not be taken back" in said and said.endswith("Nothing was done.")
    assert (root / "codebook/codes.yaml").read_bytes() == book
    monkeypatch.setattr(disk, "rename", real)
    assert StepLog.of(root).steps == []


def test_what_an_editor_did_and_cannot_be_kept_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "study"
    three_steps(root)
    real = disk.rename
    calls = iter(range(100))

    def full(old: Path, new: Path) -> None:
        if str(new).endswith("-after.z") and next(calls):
            raise OSError(errno.ENOSPC, "no space left on device")
        real(old, new)

    monkeypatch.setattr(disk, "rename", full)
    with pytest.raises(PostilError, match=r"could not be taken back: .* It is done all the same"):
        StepLog(root, "s").watch("edit", ["a.txt"], writing(root, a="new"))
    assert texts(root) == {"a": "new"}


# --- done: all of them or none ------------------------------------------------------------------------------------


def done_of(root: Path) -> list[str]:
    return [layer.header.transcript for layer in open_study(root).layers() if layer.header.done]


@pytest.mark.parametrize("after", [1, 2])
def test_done_killed_midway_marks_all_of_them_or_none(tmp_path: Path, after: int) -> None:
    root = make_study(tmp_path / "study")
    coded(root, "ana", "I01", 13)
    plan = plan_done(root, ["I01", "I02"], "ana", "2026-05-01")

    def killed_after(number: int, of: int) -> None:
        if number == after:
            raise Killed

    with pytest.raises(Killed):
        StepLog.of(root).carry_out(plan.what, plan.changes, lambda: plan.apply(killed_after))
    assert done_of(root) == ["I01", "I02"]
    StepLog.of(root).undo()
    assert done_of(root) == [] and len(ids(root, "ana", "I01")) == 1
    assert not (root / "codings/ana/I02.jsonl").exists()


def test_done_with_one_that_is_not_there_marks_none(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    words = ["done", "I01", "I99", "--coder", "ana", "--date", "2026-05-01", "--study", str(root)]
    assert CliRunner().invoke(cli, words).exit_code != 0
    assert done_of(root) == []
    words.remove("I99")
    assert CliRunner().invoke(cli, [*words[:2], "I02", *words[2:]], catch_exceptions=False).exit_code == 0
    assert done_of(root) == ["I01", "I02"]
    assert (
        "Take back: ana is done with I01, I02" in CliRunner().invoke(cli, ["undo", "--study", str(root), "-y"]).output
    )
    assert done_of(root) == []
