from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from postil_base.files import disk
from postil_base.files.atomic import ABSENT
from postil_base.files.journal import recover, write_many
from postil_base.files.text import sha256_text
from postil_base.problem import ChangedUnderneathError, PostilError

OLD = {"a.txt": "a old", "b.txt": "b old", "gone.txt": "gone"}
CHANGES: dict[str, str | bytes | None] = {
    "a.txt": "a new",
    "b.txt": "b new",
    "gone.txt": None,
    "sub/c.txt": "c new",
}

# Ends the process with SIGKILL at the nth change to the file system that renames or deletes.
KILLED_AT = """
import os, signal, sys
from pathlib import Path
from postil_base.files.journal import write_many
left = int(sys.argv[2])
def counted(function):
    def call(*args, **kwargs):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return call
os.replace = counted(os.replace)
os.unlink = counted(os.unlink)
write_many(Path(sys.argv[1]), {"a.txt": "a new", "b.txt": "b new", "gone.txt": None, "sub/c.txt": "c new"})
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    root = tmp_path / "study"
    root.mkdir()
    for name, text in OLD.items():
        (root / name).write_text(text)
    return root


def state(root: Path) -> dict[str, str]:
    files = [path for path in root.rglob("*.txt") if ".postil" not in path.parts]
    return {path.relative_to(root).as_posix(): path.read_text() for path in files}


NEW = {"a.txt": "a new", "b.txt": "b new", "sub/c.txt": "c new"}


def test_writes_makes_and_deletes(study: Path) -> None:
    told: list[tuple[int, int]] = []
    write_many(study, CHANGES, progress=lambda done, of: told.append((done, of)))
    assert state(study) == NEW
    assert told[-1] == (4, 4)
    assert sorted(path.name for path in (study / ".postil").iterdir()) == ["last-change.json", "lock"]


def test_killed_anywhere_it_is_all_or_nothing(study: Path) -> None:
    seen = set()
    for moment in range(10):
        for name, text in OLD.items():
            (study / name).write_text(text)
        (study / "sub/c.txt").unlink(missing_ok=True)
        child = subprocess.run([sys.executable, "-c", KILLED_AT, str(study), str(moment)], check=False)
        killed = child.returncode != 0
        recover(study)
        after = state(study)
        assert after in (OLD, NEW), (moment, after)
        seen.add((killed, after == NEW))
        assert recover(study) == []
        if not killed:
            break
    assert seen == {(True, False), (True, True), (False, True)}


def test_an_unexpected_file_stops_everything(study: Path) -> None:
    with pytest.raises(ChangedUnderneathError):
        write_many(study, CHANGES, {"b.txt": sha256_text("something else")})
    with pytest.raises(ChangedUnderneathError):
        write_many(study, CHANGES, {"a.txt": ABSENT})
    assert state(study) == OLD


@pytest.mark.parametrize("path", ["../out.txt", "/tmp/out.txt", "", ".", "a/../../out.txt", ".postil/lock", ".git/x"])
def test_paths_outside_the_study_are_refused(study: Path, path: str) -> None:
    with pytest.raises(PostilError, match="not touched"):
        write_many(study, {"a.txt": "a new", path: "x"})
    assert state(study) == OLD


def test_a_folder_that_links_out_is_refused(study: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (study / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PostilError, match="leads out of the study"):
        write_many(study, {"link/x.txt": "x"})
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_refused_rename_puts_everything_back(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(old: Path, new: Path) -> None:
        if new.name == "b.txt" and "new" in old.read_text():
            raise PermissionError(13, "Permission denied", str(new))
        old.replace(new)

    monkeypatch.setattr(disk, "rename", refusing)
    with pytest.raises(PostilError, match="All files are as they were before"):
        write_many(study, CHANGES)
    monkeypatch.undo()
    assert state(study) == OLD
    assert recover(study) == []


def test_another_file_system_is_copied_to(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def across(old: Path, new: Path) -> None:
        if old.parent.name.startswith("staged-"):
            raise OSError(18, "Invalid cross-device link")
        old.replace(new)

    monkeypatch.setattr(disk, "rename", across)
    write_many(study, CHANGES)
    assert state(study) == NEW


def journal_of_a_crash(study: Path) -> None:
    """Leave the study as a crash after the journal and before the renames leaves it."""
    code = KILLED_AT.replace("int(sys.argv[2])", "1")
    subprocess.run([sys.executable, "-c", code, str(study)], check=False)
    assert (study / ".postil" / "journal.json").exists()


def test_a_file_changed_after_the_crash_stays_and_ours_is_kept_aside(study: Path) -> None:
    journal_of_a_crash(study)
    (study / "b.txt").write_text("b by hand")
    (study / "gone.txt").write_text("by hand too")
    said = recover(study)
    assert state(study) == {**NEW, "b.txt": "b by hand", "gone.txt": "by hand too"}
    assert (study / ".postil" / "unfinished" / "b.txt").read_text() == "b new"
    assert any(".postil/unfinished/b.txt" in line for line in said)


def test_a_journal_from_somebody_else_cannot_reach_outside(study: Path, tmp_path: Path) -> None:
    journal_of_a_crash(study)
    path = study / ".postil" / "journal.json"
    data = json.loads(path.read_text())
    for evil in ("../evil.txt", str(tmp_path / "evil.txt"), ".git/hooks/post-checkout"):
        data["steps"][0] |= {"path": evil, "old": ABSENT}
        path.write_text(json.dumps(data))
        with pytest.raises(PostilError):
            recover(study)
    data["steps"][0] |= {"path": "a.txt", "staged": "../../outside"}
    path.write_text(json.dumps(data))
    with pytest.raises(PostilError, match="cannot be read"):
        recover(study)
    assert not (tmp_path / "evil.txt").exists()
    path.write_text("[" * 100_000)
    with pytest.raises(PostilError, match="cannot be read"):
        recover(study)


def test_the_next_writing_finishes_the_interrupted_one_first(study: Path) -> None:
    journal_of_a_crash(study)
    write_many(study, {"a.txt": "a newer"})
    assert state(study) == {**NEW, "a.txt": "a newer"}


def test_files_that_do_not_change_are_left_alone(study: Path) -> None:
    before = (study / "a.txt").stat().st_mtime_ns
    write_many(study, {"a.txt": "a old", "nothing.txt": None})
    assert (study / "a.txt").stat().st_mtime_ns == before
