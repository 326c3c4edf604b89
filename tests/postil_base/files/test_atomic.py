from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from postil_base.files.atomic import ABSENT, fingerprint, write_bytes, write_pieces, write_text
from postil_base.files.text import sha256_text
from postil_base.problem import ChangedUnderneathError, PostilError


def test_writes_the_bytes_and_leaves_no_temporary(tmp_path: Path) -> None:
    path = tmp_path / "new" / "book.yaml"
    assert write_text(path, "a: é\r\n") == fingerprint(path)
    assert path.read_bytes() == "a: é\r\n".encode()
    assert [file.name for file in path.parent.iterdir()] == ["book.yaml"]


def test_what_was_read_must_still_be_there(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("mine")
    with pytest.raises(ChangedUnderneathError, match="changed by somebody else"):
        write_text(path, "new", expect=sha256_text("what I read"))
    assert path.read_text() == "mine"
    write_text(path, "new", expect=sha256_text("mine"))
    assert path.read_text() == "new"


def test_absent_means_must_not_exist(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "one", expect=ABSENT)
    with pytest.raises(ChangedUnderneathError, match="is there already"):
        write_text(path, "two", expect=ABSENT)
    with pytest.raises(ChangedUnderneathError):
        write_text(tmp_path / "gone.txt", "two", expect=sha256_text("was here"))


def test_the_fingerprint_of_the_text_as_stored_is_accepted_too(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffone\r\ntwo\r\n".encode())
    write_text(path, "new", expect=sha256_text("one\ntwo\n"))
    assert path.read_text() == "new"


def test_permissions_stay_and_a_new_file_obeys_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    path.chmod(0o640)
    write_text(path, "y")
    assert path.stat().st_mode & 0o777 == 0o640
    old = os.umask(0o027)
    try:
        write_text(tmp_path / "b.txt", "y")
    finally:
        os.umask(old)
    assert (tmp_path / "b.txt").stat().st_mode & 0o777 == 0o640


def test_a_link_inside_stays_a_link_and_one_that_leads_out_is_refused(tmp_path: Path) -> None:
    study = tmp_path / "study"
    study.mkdir()
    (study / "real.txt").write_text("x")
    (study / "link.txt").symlink_to("real.txt")
    write_text(study / "link.txt", "y", root=study)
    assert (study / "link.txt").is_symlink()
    assert (study / "real.txt").read_text() == "y"
    (tmp_path / "outside.txt").write_text("secret")
    (study / "out.txt").symlink_to(tmp_path / "outside.txt")
    with pytest.raises(PostilError, match="leads out of the study"):
        write_text(study / "out.txt", "y", root=study)
    with pytest.raises(PostilError, match="leads out of the study"):
        write_text(study / ".." / "outside.txt", "y", root=study)
    with pytest.raises(PostilError, match="belongs to git"):
        write_text(study / ".git" / "hooks" / "pre-commit", "y", root=study)
    assert (tmp_path / "outside.txt").read_text() == "secret"


def test_a_failure_before_the_rename_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(PostilError, match="No space left on device"):
        write_bytes(path, b"new")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.glob("*.txt")] == ["a.txt"]
    assert not list(tmp_path.glob(".postil-*"))


def test_what_fails_between_two_pieces_changes_nothing(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise PostilError("the other half could not be made")

    path = tmp_path / "a.csv"
    write_pieces(path, iter([b"one ", b"two"]))
    with pytest.raises(PostilError, match="other half"):
        write_pieces(path, pieces())
    assert path.read_bytes() == b"one two" and [file.name for file in tmp_path.iterdir()] == ["a.csv"]
